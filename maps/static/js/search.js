// The address field: an ARIA combobox with suggestions, worked by keyboard or pointer.

import { suggest } from "./api.js";
import { byId, h } from "./dom.js";
import { say } from "./i18n.js";

const WAIT_MS = 120;

/** `context()` gives {area, near}; `onPick(suggestion)` and `onWords(words)` start a query. */
export function setUpSearch({ context, onPick, onWords, onProblem }) {
  const input = byId("address");
  const list = byId("suggestions");
  let found = [];
  let active = -1;
  let timer = 0;
  let running = null;

  function close() {
    clearTimeout(timer);
    if (running) running.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const suggestion = found[index];
    input.value = suggestion.text;
    close();
    onPick(suggestion);
  }

  function option(suggestion, index) {
    const about = [suggestion.name, say(suggestion.level), suggestion.grid_code];
    return h(
      "li",
      {
        id: `suggestion-${index}`, role: "option", "aria-selected": "false",
        onpointerdown: (event) => { event.preventDefault(); choose(index); },
        onpointermove: () => { if (active !== index) mark(index); },
      },
      suggestion.text,
      h("small", {}, about.filter(Boolean).join(" · ")),
    );
  }

  function show(suggestions) {
    found = suggestions;
    active = -1;
    const none = h("li", { role: "option", "aria-disabled": "true" }, say("noSuggestion"));
    list.replaceChildren(...(found.length ? found.map(option) : [none]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  async function look() {
    const words = input.value.trim();
    const { area, near } = context();
    if (!words || !area) return close();
    if (running) running.abort();
    const mine = (running = new AbortController());
    try {
      const suggestions = await suggest(words, area, near, mine.signal);
      if (!mine.signal.aborted) show(suggestions);
    } catch (error) {
      if (error.name !== "AbortError") { close(); onProblem(error); }
    }
  }

  function submit() {
    const words = input.value.trim();
    if (active >= 0) choose(active);
    else if (words) { close(); onWords(words); }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(look, WAIT_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden && found.length > 0;
    if (event.key === "ArrowDown" && !open) look();
    else if (event.key === "ArrowDown") mark((active + 1) % found.length);
    else if (event.key === "ArrowUp" && open) mark(active <= 0 ? found.length - 1 : active - 1);
    else if (event.key === "Enter") submit();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  byId("ask").addEventListener("click", submit);
  return { clear() { input.value = ""; close(); } };
}
