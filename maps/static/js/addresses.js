// The page of one address: what it says, what it said, what it became, and what stands around it.

import { call } from "./api.js";
import { when } from "./clock.js";
import { byId, h } from "./dom.js";
import { makeFrame } from "./frame.js";
import { distance, levelOf, pick, say } from "./i18n.js";
import { placeButtons, refusalLines } from "./refusal.js";
import "./register-words.js";
import { setUpSearch } from "./search.js";

const CODE = /^\d{14}$|^\d{19}$|^\d{25}$/;
const shown = { id: null, address: null, history: null, neighbours: null, past: null, holders: null };

const frame = makeFrame({
  page: "addresses",
  title: ["块数据 · 统一地址库", "Block data · address register"],
  onArea: (hash) => {
    byId("address").placeholder = say("placeholder");
    Object.assign(shown, { id: null, address: null, holders: null });
    draw();
    const id = hash.get("id");
    if (id) return show(id);
    frame.notify("", () => [say("start")]);
    return null;
  },
  onLanguage: () => {
    byId("address").placeholder = say("placeholder");
    draw();
  },
});

// --- asking -----------------------------------------------------------------------------------

async function show(id) {
  try {
    const [address, history, neighbours] = await Promise.all(
      ["", "/history", "/neighbours"].map((what) => call(`/v1/addresses/${id}${what}`)));
    Object.assign(shown, { id, address, history, neighbours, holders: null, past: await past(id) });
    frame.notify("", null);
    frame.remember({ id });
    draw();
  } catch (problem) {
    frame.problem(problem);
  }
}

/** What the address said at the dates that are set; null where none is. */
async function past(id) {
  const dates = new URLSearchParams();
  for (const time of ["valid", "known"]) if (byId(time).value) dates.set(time, byId(time).value);
  return String(dates) ? call(`/v1/addresses/${id}?${dates}`) : null;
}

async function find(words) {
  const digits = words.normalize("NFKC").replace(/\s/g, "");
  try {
    if (CODE.test(digits)) {
      const { holders } = await call(`/v1/addresses/by-code/${digits}?${new URLSearchParams({ area: frame.area.name })}`);
      if (holders.length === 1 && holders[0].address_id) return show(holders[0].address_id);
      Object.assign(shown, { id: null, address: null, holders });
      frame.notify("", null);
      return draw();
    }
    const query = new URLSearchParams({ q: words, area: frame.area.name });
    const { matched, offers } = await call(`/v1/addresses/match?${query}`);
    return matched.address_id ? show(matched.address_id)
      : frame.notify("warn", () => [say("notAnAddress", matched.text), offered(offers)]);
  } catch (problem) {
    const { closest } = problem.facts || {};
    if (!closest || !closest.length) return frame.problem(problem);
    return frame.notify("bad", () => [...refusalLines(problem), offered(closest)]);
  }
}

const offered = (places) => placeButtons(places, (place) => place.text,
  (place) => (place.address_id ? show(place.address_id) : find(place.text)));

// --- drawing ----------------------------------------------------------------------------------

const goTo = (id, words, about) => h("button", { type: "button", onclick: () => show(id) },
  words, about ? h("small", {}, about) : null);
const rowsOf = (rows, about) => h("ul", { class: "rows" },
  rows.map((row) => h("li", {}, goTo(row.address_id, row.text_zh, about(row)))));
const state = (status) => h("span", { class: "state", "data-status": status }, say(status));

/** A heading and its rows; `none` says that there are none, else the section is left out. */
function section(key, rows, drawing, none = null) {
  if (!rows.length && none === null) return [];
  return [h("h3", {}, say(key)), rows.length ? drawing(rows) : h("p", { class: "hint" }, say(none))];
}

function table(keys, rows) {
  return h("table", {},
    h("thead", {}, h("tr", {}, keys.map((key) => h("th", { scope: "col" }, say(key))))),
    h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, i) =>
      h("td", { class: i < 2 ? "when" : null }, cell))))));
}

function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .flatMap(([key, value]) => [h("dt", {}, say(key)), h("dd", { class: "mono" }, value)]));
}

function drawAddress({ address, history, past: then }) {
  const above = [...address.above].reverse();
  return [
    h("h2", {}, address.text_zh),
    h("p", { class: "path" }, above.map((level) =>
      h("button", { type: "button", class: "link", onclick: () => show(level.address_id) }, level.label_zh))),
    facts([
      ["status", state(address.status)], ["level", levelOf(address)], ["name", address.name_zh],
      ["code", address.code], ["grid", address.grid_code],
      ["divisions", `${pick(address, "street")} ${pick(address, "community")}`.trim()],
      ["floor", address.floor],
      ["coordinates", address.lon === null ? null : `${address.lon.toFixed(6)}, ${address.lat.toFixed(6)}`],
      ["id", address.address_id],
    ]),
    then ? [h("h3", {}, say("asOf")), h("div", { id: "past" }, facts([
      ["text", then.text_zh], ["status", state(then.status)], ["code", then.code], ["grid", then.grid_code],
    ]))] : [],
    section("successors", history.successors, (rows) => rowsOf(rows, (row) => row.code),
      address.status === "retired" ? "noSuccessors" : null),
    section("entrances", address.entrances, (rows) => h("ul", { class: "plain-rows" }, rows.map((row) =>
      h("li", { class: "mono" }, `${say(`door_${row.kind}`)} · ${row.lon.toFixed(6)}, ${row.lat.toFixed(6)}`)))),
    section("timeline", history.timeline, (rows) => table(["from", "until", "text", "code", "status"],
      rows.map((row) => [when(row.valid_from), when(row.valid_to) || say("now"), row.text_zh, row.code || "", state(row.status)]))),
    section("lineage", history.lineage, (rows) => table(["from", "what", "text"],
      rows.map((row) => [when(row.valid_from), say(row.kind), `${row.from_text} → ${row.to_text}`]))),
    section("aliases", history.aliases, (rows) => table(["from", "until", "text", "sure", "source"],
      rows.map((row) => [when(row.valid_from), when(row.valid_to) || say("now"), row.text_zh, row.confidence.toFixed(2), row.source])), "noAliases"),
    section("doubts", history.doubts, (rows) => table(["known", "attribute", "evidence", "source"],
      rows.map((row) => [when(row.known_from), say(`about_${row.attribute}`), row.evidence, row.source])), "noDoubts"),
    h("details", {}, h("summary", {}, say("versions")), table(["from", "until", "known", "what", "text", "source"],
      history.versions.map((row) => [when(row.valid_from), when(row.valid_to) || say("now"),
        `${when(row.known_from)} – ${when(row.known_to) || say("now")}`, say(row.kind), row.text_zh || row.label_zh, row.source]))),
  ].flat();
}

function drawHolders(holders) {
  const who = (row) => (row.address_id
    ? h("button", { type: "button", class: "link", onclick: () => show(row.address_id) }, row.text_now)
    : `${say("gridsNow")}: ${row.codes_now.join(" ")}`);
  return [h("h2", {}, say("holders")), table(["from", "until", "text"],
    holders.map((row) => [when(row.valid_from), when(row.valid_to) || say("now"), who(row)]))];
}

function draw() {
  const { address, holders, neighbours } = shown;
  byId("detail").replaceChildren(...(holders ? drawHolders(holders) : address ? drawAddress(shown) : []));
  byId("around").replaceChildren(...(address ? [
    section("siblings", neighbours.siblings, (rows) => rowsOf(rows, (row) => row.code), "noNeighbours"),
    section("near", neighbours.nearest,
      (rows) => rowsOf(rows, (row) => `${say(row.level)} · ${distance(row.distance_m)}`), "noNeighbours"),
  ].flat() : []));
}

setUpSearch({
  context: () => ({ area: frame.area && frame.area.name, near: null }),
  onPick: (suggestion) => show(suggestion.address_id),
  onWords: find,
  onProblem: frame.problem,
});
for (const time of ["valid", "known"]) byId(time).addEventListener("change", () => shown.id && show(shown.id));
byId("times").addEventListener("submit", (event) => event.preventDefault());
frame.start();
