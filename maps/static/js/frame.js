// What the register's pages share: areas, language, the banner, notices.

import { areas } from "./api.js";
import { drawClock, readClock } from "./clock.js";
import { byId, h } from "./dom.js";
import { addWords, language, pick, say, sayAll, setLanguage } from "./i18n.js";

/** Set the page up; `onArea()` and `onLanguage()` draw what is its own. */
export function makeFrame({ page, title, onArea, onLanguage }) {
  addWords({ title });
  const frame = { areas: [], area: null, notice: null };
  const readHash = () => new URLSearchParams(location.hash.slice(1));

  frame.remember = (more = {}) => {
    const kept = new URLSearchParams();
    if (frame.area) kept.set("area", frame.area.name);
    if (language() !== "zh") kept.set("lang", language());
    for (const [key, value] of Object.entries(more)) if (value) kept.set(key, value);
    history.replaceState(null, "", `#${kept}`);
    for (const link of document.querySelectorAll("[data-page]")) {
      const to = new URLSearchParams({ area: kept.get("area") || "", lang: language() });
      link.href = `${new URL(link.href).pathname}#${to}`;
    }
  };

  function draw() {
    sayAll();
    byId("language").textContent = say("otherLanguage");
    byId("area").replaceChildren(...frame.areas.map((area) =>
      h("option", { value: area.name, selected: area === frame.area }, pick(area, "title"))));
    const banner = byId("synthetic");
    banner.hidden = !(frame.area && frame.area.synthetic);
    banner.textContent = say("synthetic");
    drawClock();
    drawNotice();
  }

  function drawNotice() {
    const box = byId("message");
    if (!frame.notice) return box.replaceChildren();
    const { kind, write } = frame.notice;
    box.replaceChildren(h("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : null },
      write().filter(Boolean).map((line) => (line instanceof Element ? line : h("p", {}, line)))));
  }

  frame.notify = (kind, write) => {
    frame.notice = write ? { kind, write } : null;
    drawNotice();
  };

  frame.problem = (problem) => {
    if (problem.name === "AbortError") return;
    frame.notify("bad", () => [
      pick(problem, "title") || say("problem"),
      problem.unreachable ? say("unreachable") : pick(problem, "detail") || problem.message,
      pick(problem, "cure") ? say("cure") + pick(problem, "cure") : null,
    ]);
  };

  async function tellTime() {
    try {
      const { today } = await readClock(frame.area && frame.area.name);
      for (const day of document.querySelectorAll("input[type=date]")) day.max = today;
    } catch (problem) {
      frame.problem(problem);
    }
    drawClock();
  }

  frame.start = async () => {
    setLanguage(readHash().get("lang"));
    document.querySelector(`[data-page="${page}"]`).setAttribute("aria-current", "page");
    byId("area").addEventListener("change", async (event) => {
      frame.area = frame.areas.find((area) => area.name === event.target.value);
      frame.notify("", null);
      frame.remember();
      draw();
      await tellTime();
      onArea(readHash());
    });
    byId("language").addEventListener("click", () => {
      const kept = Object.fromEntries(readHash());
      setLanguage(language() === "zh" ? "en" : "zh");
      delete kept.lang;
      frame.remember(kept);
      draw();
      onLanguage();
    });
    draw();
    try {
      frame.areas = await areas();
    } catch (problem) {
      return frame.problem(problem);
    }
    if (!frame.areas.length) {
      await tellTime();
      return frame.notify("warn", () => [say("noAreas"), say("noAreasCure")]);
    }
    const hash = readHash();
    frame.area = frame.areas.find((area) => area.name === hash.get("area")) || frame.areas[0];
    frame.remember(Object.fromEntries(hash));
    draw();
    await tellTime();
    await onArea(hash);
    document.documentElement.dataset.ready = "true";
  };
  return frame;
}
