// The page: an address or a point goes in, three tiers of responders come out, on map and table.

import { areas, nearest, onNetwork } from "./api.js";
import { drawAnswer } from "./answer.js";
import { drawClock, readClock } from "./clock.js";
import { readCoordinates } from "./coordinates.js";
import { byId, h } from "./dom.js";
import { language, pick, say, sayAll, setLanguage } from "./i18n.js";
import { readIncident, writeIncident } from "./incident.js";
import { drawLegend, makeMap } from "./map.js";
import { drawReach, placeButtons, refusalLines } from "./refusal.js";
import { setUpSearch } from "./search.js";

const TIERS = {
  volunteer: { name_zh: "义警", name_en: "Volunteers" },
  auxiliary: { name_zh: "辅警", name_en: "Auxiliaries" },
  officer: { name_zh: "民警", name_en: "Officers" },
};

const page = { areas: [], area: null, map: null, answer: null, reach: null, table: null, chosen: null, notice: null, running: null };

// --- the address bar keeps area, language and incident ----------------------------------------

const readHash = () => new URLSearchParams(location.hash.slice(1));

/** Write the address bar; `incident` is what writeIncident gives, {} for none. `as` a new entry? */
function writeHash(incident, as = "replaceState") {
  const kept = new URLSearchParams();
  if (page.area) kept.set("area", page.area.name);
  if (language() !== "zh") kept.set("lang", language());
  for (const [key, value] of Object.entries(incident)) kept.set(key, value);
  if (`#${kept}` !== location.hash) history[as](null, "", `#${kept}`);
}

/** What the address bar says of the incident, as it stands there. */
const keptIncident = () => Object.fromEntries(
  ["id", "at", "confirmed"].filter((key) => readHash().has(key)).map((key) => [key, readHash().get(key)]));

// --- what is said -----------------------------------------------------------------------------

/** An address without what all of the district begin with. */
function shorten(text) {
  const { begins } = page.area || {};
  return begins && text.startsWith(begins) && text.length > begins.length ? text.slice(begins.length) : text;
}

/** Show a notice; `write` gives its lines (or elements) anew whenever the language changes. */
function notify(kind, write) {
  page.notice = write ? { kind, write } : null;
  drawNotice();
}

function drawNotice() {
  const box = byId("message");
  if (!page.notice) return box.replaceChildren();
  const lines = page.notice.write().filter(Boolean);
  box.replaceChildren(h("div", { class: `notice ${page.notice.kind}`, role: page.notice.kind === "bad" ? "alert" : null },
    lines.map((line) => (line instanceof Element ? line : h("p", {}, line)))));
}

function notifyProblem(problem) {
  notify("bad", () => [
    ...refusalLines(problem),
    placeButtons(problem.facts.closest, (place) => shorten(place.text), askPlace),
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

/**
 * Ask who is nearest. `keep`: what stands stays if this cannot be answered. `visit`: how the address
 * bar takes it up, "" where that says so already.
 */
async function ask(where, { keep = false, visit = "pushState" } = {}) {
  if (!page.area || !page.map) return;
  if (page.running) page.running.abort();
  const mine = (page.running = new AbortController());
  const typed = byId("address").value;
  if (!keep) clearAnswer();
  page.map.showAsked(keep && page.answer ? where.at : null);
  notify("busy", () => [say("searching")]);
  try {
    const answer = await nearest(where, page.area.name, mine.signal);
    if (mine.signal.aborted) return;
    notify("", null);
    Object.assign(page, { answer, reach: null, chosen: null });
    if (visit) writeHash(writeIncident(where, answer), visit);
    if (keep && byId("address").value === typed) page.search.clear();
    if (!byId("address").value && answer.incident.address) page.search.write(answer.incident.address.text);
    drawTable();
    page.map.showAnswer(answer);
  } catch (problem) {
    if (problem.name !== "AbortError") refused(problem, where, !keep && visit);
  } finally {
    if (!mine.signal.aborted) page.map.showAsked(null);
  }
}

function refused(problem, where, visit) {
  if (visit) writeHash({}, visit); // what stood before is one step back
  if (problem.code !== "place-not-said") return notifyProblem(problem);
  notify("", null);
  page.reach = { problem, where };
  drawTable();
  return page.map.showReach(problem.facts);
}

/** Ask about a place that was offered: by its id, or by its words where it has none. */
function askPlace(place) {
  if (place.address_id) return ask({ address_id: place.address_id });
  page.search.write(place.text);
  return askAddress(place.text);
}

/** Ask about an address in words; of a kind of landmark, those near what is looked at come first. */
const askAddress = (address) => ask({ address, near: page.map ? page.map.centre() : undefined });

/** Ask about typed words, which may be coordinates. */
function askWords(words) {
  const read = readCoordinates(words, page.area && page.area.bounds);
  if (!read) return askAddress(words);
  return read.unclear ? notify("bad", () => [say("unclearOrder")]) : ask({ at: read.at });
}

/** A point on the map: where an incident stands, it is asked first whether to move it. */
function propose(at) {
  if (!page.answer) return ask({ at }, { keep: true });
  page.map.showAsked(at);
  const button = (key, act) => h("button", { type: "button", class: "second", "data-act": key, onclick: act }, say(key));
  const leave = () => { page.map.showAsked(null); notify("", null); };
  return notify("warn", () => [
    say("replaceAsk"),
    h("p", { class: "acts" }, button("replaceYes", () => ask({ at }, { keep: true })), button("replaceNo", leave)),
  ]);
}

function clearAnswer() {
  Object.assign(page, { answer: null, reach: null, table: null, chosen: null });
  byId("answer").replaceChildren();
  if (page.map) page.map.showAnswer(null);
}

function drawTable() {
  page.table = page.answer ? drawAnswer(page.answer, { onHover: hover, onChoose: choose, shorten }) : null;
  if (!page.reach) return;
  const { problem, where } = page.reach;
  drawReach(problem, { shorten, onPlace: askPlace, onConfirm: () => ask({ ...where, confirmed: true }) });
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
  clearAnswer();
  page.search.clear();
  page.map.showAsked(null);
  page.map.showArea(page.area);
  notifyStart();
  drawWords();
  tellTime();
}

/** The incident that the address bar names; nothing where it names none. */
function showIncident() {
  const where = readIncident(readHash());
  if (where) return ask(where, { visit: "" });
  clearAnswer();
  page.search.clear();
  return notifyStart();
}

/** Back and forward: the address bar has changed by itself. */
function restore() {
  const hash = readHash();
  const code = hash.get("lang") === "en" ? "en" : "zh";
  if (code !== language()) showLanguage(code);
  const area = page.areas.find((one) => one.name === hash.get("area")) || page.area;
  if (area !== page.area) showArea(area.name);
  showIncident();
}

function showLanguage(code) {
  setLanguage(code);
  writeHash(keptIncident());
  drawWords();
  drawTable();
  if (page.map) page.map.showLanguage();
  if (page.map) link(null);
}

function listen() {
  page.search = setUpSearch({
    context: () => ({ area: page.area && page.area.name, near: page.map && page.map.centre() }),
    onPick: askPlace,
    onWords: askWords,
    shorten,
    mark: async (found) => {
      const placed = found.filter((one) => one.lon !== null);
      const reached = await onNetwork(placed.map((one) => [one.lon, one.lat]), page.area.name);
      return found.map((one) => (placed.includes(one) && !reached[placed.indexOf(one)] ? say("farFromRoad") : null));
    },
    onProblem: notifyProblem,
  });
  byId("area").addEventListener("change", (event) => { showArea(event.target.value); writeHash({}, "pushState"); });
  byId("language").addEventListener("click", () => showLanguage(language() === "zh" ? "en" : "zh"));
  byId("centre").addEventListener("click", () => page.map && propose(page.map.centre()));
  addEventListener("popstate", () => page.map && restore());
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
  page.map = await makeMap({ area: page.area, onPoint: propose, onHover: hover, onChoose: choose });
  writeHash(keptIncident());
  notifyStart();
  drawWords();
  if (readIncident(readHash())) showIncident();
  document.documentElement.dataset.ready = "true";
}

start();
