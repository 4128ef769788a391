// The address field: an ARIA combobox with suggestions, worked by keyboard or pointer.
//
// What is chosen is what is seen: a list that was made for other words than those in the field is
// never chosen from. Keys that come before the list for the words do wait for it.

import { suggest } from "./api.js";
import { byId, h } from "./dom.js";
import { levelOf, say } from "./i18n.js";

const WAIT_MS = 120;
// Initials or pinyin: letters, and no Chinese. They mean nothing but by the list.
const INITIALS = /^[^\p{Script=Han}]*[a-z][^\p{Script=Han}]*$/iu;

/** Whether the first of some suggestions is the only one meant: all others lie in it, and more than its kind was said. */
const onlyOne = (found) => found.length > 0 && !found[0].by_kind && found.every((one) => one.text.startsWith(found[0].text));

/**
 * `context()` gives {area, near}; `onPick(suggestion)` and `onWords(words)` start a query.
 * `shorten(text)` is how an address is written here; `mark(suggestions)` resolves to words beside
 * each of them, or null.
 */
export function setUpSearch({ context, onPick, onWords, onProblem, shorten = (text) => text, mark = null }) {
  const input = byId("address");
  const list = byId("suggestions");
  let found = [];
  let foundFor = null; // the words that the list was made for
  let active = -1;
  let timer = 0;
  let running = null;
  let waiting = { down: 0, enter: false }; // keys pressed before the list for the words was there

  const words = () => input.value.trim();
  const fresh = () => !list.hidden && foundFor === words();

  function forget() {
    clearTimeout(timer);
    if (running) running.abort();
    running = null;
    waiting = { down: 0, enter: false };
  }

  function close() {
    forget();
    list.hidden = true;
    foundFor = null;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    active = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  /** Long addresses differ at their end: that is what the field shows. */
  const showEnd = () => {
    input.scrollLeft = input.scrollWidth;
    requestAnimationFrame(() => { input.scrollLeft = input.scrollWidth; }); // as wide as it is then
  };

  function write(text) {
    close();
    input.value = shorten(text);
    input.setSelectionRange(input.value.length, input.value.length);
    showEnd();
  }

  function choose(index) {
    if (!fresh()) return;
    const suggestion = found[index];
    write(suggestion.text);
    onPick(suggestion);
  }

  function option(suggestion, index) {
    const about = [suggestion.name, levelOf(suggestion), suggestion.grid_code];
    return h(
      "li",
      {
        id: `suggestion-${index}`, role: "option", "aria-selected": "false", title: suggestion.text,
        onpointerdown: (event) => { event.preventDefault(); choose(index); },
        onpointermove: () => { if (active !== index && fresh()) point(index); },
      },
      shorten(suggestion.text),
      h("small", {}, about.filter(Boolean).join(" · ")),
    );
  }

  function show(suggestions, asked) {
    found = suggestions;
    foundFor = asked;
    list.dataset.words = asked;
    active = -1;
    const none = h("li", { role: "option", "aria-disabled": "true" }, say("noSuggestion"));
    list.replaceChildren(...(found.length ? found.map(option) : [none]));
    list.classList.remove("stale");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    if (mark && found.length) mark(found).then((marks) => { if (found === suggestions) beside(marks); }, () => {});
  }

  function beside(marks) {
    marks.forEach((said, i) => {
      if (said) list.children[i].append(h("small", { class: "beware" }, `⚠ ${said}`));
    });
  }

  async function look() {
    clearTimeout(timer);
    const asked = words();
    const { area, near } = context();
    if (!asked || !area) return close();
    if (running) running.abort();
    const mine = (running = new AbortController());
    try {
      const suggestions = await suggest(asked, area, near, mine.signal);
      if (mine.signal.aborted || asked !== words()) return;
      running = null;
      show(suggestions, asked);
      goOn();
    } catch (error) {
      if (error.name !== "AbortError") { close(); onProblem(error); }
    }
  }

  /** Do what keys have asked for while the list was on its way. */
  function goOn() {
    const { down, enter } = waiting;
    waiting = { down: 0, enter: false };
    if (down && found.length) point((down - 1) % found.length);
    if (enter) submit();
  }

  function submit() {
    if (!words()) return;
    if (waiting.down) waiting.enter = true; // the list is on its way, and one of it was asked for
    else if (fresh() && active >= 0) choose(active);
    else if (!INITIALS.test(words())) send();
    else if (!fresh()) { waiting.enter = true; look(); }
    else if (onlyOne(found)) choose(0);
    else send();
  }

  function send() {
    const asked = words();
    close();
    onWords(asked);
  }

  function down() {
    if (fresh() && found.length) return point((active + 1) % found.length);
    waiting.down += 1;
    return look();
  }

  input.addEventListener("input", (event) => {
    forget();
    if (!fresh()) {
      list.classList.add("stale");
      point(-1);
    }
    if (!event.isComposing) timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(look, WAIT_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = fresh() && found.length > 0;
    if (event.key === "ArrowDown") down();
    else if (event.key === "ArrowUp" && open) point(active <= 0 ? found.length - 1 : active - 1);
    else if (event.key === "Enter") submit();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => { close(); showEnd(); });
  // leaving the field scrolls it back to its beginning
  input.addEventListener("scroll", () => { if (document.activeElement !== input) showEnd(); });
  byId("ask").addEventListener("click", submit);
  return { clear() { input.value = ""; close(); }, write };
}
