// The page: an address or a point goes in, three tiers of responders come out, on map and table.

import { areas, nearest } from "./api.js";
import { drawAnswer } from "./answer.js";
import { drawClock, readClock } from "./clock.js";
import { byId, h } from "./dom.js";
import { language, pick, say, sayAll, setLanguage } from "./i18n.js";
import { drawLegend, makeMap } from "./map.js";
import { setUpSearch } from "./search.js";

const TIERS = {
  volunteer: { name_zh: "义警(按区块计数)", name_en: "Volunteers (counted by cell)" },
  auxiliary: { name_zh: "辅警", name_en: "Auxiliary" },
  officer: { name_zh: "民警", name_en: "Officer" },
};

const page = { areas: [], area: null, map: null, answer: null, table: null, chosen: null, notice: null, running: null };

// --- the address bar keeps area and language --------------------------------------------------

const readHash = () => new URLSearchParams(location.hash.slice(1));

function writeHash() {
  const kept = new URLSearchParams();
  if (page.area) kept.set("area", page.area.name);
  if (language() !== "zh") kept.set("lang", language());
  history.replaceState(null, "", `#${kept}`);
}

// --- what is said -----------------------------------------------------------------------------

/** Show a notice; `write` gives its lines anew whenever the language changes. */
function notify(kind, write) {
  page.notice = write ? { kind, write } : null;
  drawNotice();
}

function drawNotice() {
  const box = byId("message");
  if (!page.notice) return box.replaceChildren();
  const lines = page.notice.write().filter(Boolean);
  box.replaceChildren(h("div", { class: `notice ${page.notice.kind}`, role: page.notice.kind === "bad" ? "alert" : null },
    lines.map((line) => h("p", {}, line))));
}

function notifyProblem(problem) {
  notify("bad", () => [
    pick(problem, "title") || say("problem"),
    problem.unreachable ? say("unreachable") : pick(problem, "detail"),
    pick(problem, "cure") ? say("cure") + pick(problem, "cure") : null,
  ]);
}

function notifyStart() {
  const { holds } = page.area;
  notify("", () => [
    holds.addresses ? say("start") : say("noAddresses"),
    holds.responders ? null : say("noResponders"),
  ]);
}

function drawWords() {
  sayAll();
  byId("language").textContent = say("otherLanguage");
  byId("address").placeholder = say("placeholder");
  byId("area").replaceChildren(...page.areas.map((area) =>
    h("option", { value: area.name, selected: area === page.area }, pick(area, "title"))));
  const banner = byId("synthetic");
  const { synthetic = false, synthetic_responders: made = false } = page.area || {};
  banner.hidden = !(synthetic || made);
  banner.textContent = say(synthetic ? "synthetic" : "syntheticResponders");
  drawClock();
  drawLegend(Object.entries(TIERS).map(([tier, names]) => ({ tier, name: pick(names, "name") })));
  drawNotice();
}

// --- one query --------------------------------------------------------------------------------

async function ask(where) {
  if (!page.area) return;
  if (page.running) page.running.abort();
  const mine = (page.running = new AbortController());
  clearAnswer();
  notify("busy", () => [say("searching")]);
  try {
    const answer = await nearest(where, page.area.name, mine.signal);
    if (mine.signal.aborted) return;
    page.answer = answer;
    notify("", null);
    drawTable();
    page.map.showAnswer(answer);
  } catch (problem) {
    if (problem.name !== "AbortError") notifyProblem(problem);
  }
}

function clearAnswer() {
  Object.assign(page, { answer: null, table: null, chosen: null });
  byId("answer").replaceChildren();
  if (page.map) page.map.showAnswer(null);
}

function drawTable() {
  page.table = page.answer ? drawAnswer(page.answer, { onHover: hover, onChoose: choose }) : null;
}

function link(hovered) {
  if (page.table) page.table.link(hovered, page.chosen);
  page.map.link(hovered, page.chosen);
}

const hover = (key) => link(key);

function choose(key) {
  page.chosen = page.chosen === key ? null : key;
  link(null);
}

// --- area and language ------------------------------------------------------------------------

const tellTime = () => readClock(page.area && page.area.name).then(drawClock, notifyProblem);

function showArea(name) {
  if (page.running) page.running.abort();
  page.area = page.areas.find((area) => area.name === name) || page.areas[0];
  Object.assign(page, { answer: null, table: null, chosen: null });
  byId("answer").replaceChildren();
  page.search.clear();
  page.map.showArea(page.area);
  writeHash();
  notifyStart();
  drawWords();
  tellTime();
}

function showLanguage(code) {
  setLanguage(code);
  writeHash();
  drawWords();
  drawTable();
  if (page.map) page.map.showLanguage();
  if (page.map) link(null);
}

function listen() {
  page.search = setUpSearch({
    context: () => ({ area: page.area && page.area.name, near: page.map && page.map.centre() }),
    onPick: (suggestion) => ask({ address_id: suggestion.address_id }),
    onWords: (words) => ask({ address: words }),
    onProblem: notifyProblem,
  });
  byId("area").addEventListener("change", (event) => showArea(event.target.value));
  byId("language").addEventListener("click", () => showLanguage(language() === "zh" ? "en" : "zh"));
  byId("centre").addEventListener("click", () => page.map && ask({ at: page.map.centre() }));
}

async function start() {
  setLanguage(readHash().get("lang"));
  listen();
  notify("busy", () => [say("loading")]);
  drawWords();
  try {
    page.areas = await areas();
  } catch (problem) {
    return notifyProblem(problem);
  }
  if (!page.areas.length) {
    await tellTime();
    return notify("warn", () => [say("noAreas"), say("noAreasCure")]);
  }
  const asked = readHash().get("area");
  page.area = page.areas.find((area) => area.name === asked) || page.areas[0];
  await tellTime();
  page.map = await makeMap({ area: page.area, onPoint: (at) => ask({ at }), onHover: hover, onChoose: choose });
  writeHash();
  notifyStart();
  drawWords();
  document.documentElement.dataset.ready = "true";
}

start();
