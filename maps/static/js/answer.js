// The answer as text: the incident, the clock, and a table for each tier.

import { byId, h } from "./dom.js";
import { clockTime, distance, levelOf, pick, pickHeading, pickText, say, signed, timeOfDay } from "./i18n.js";
import { cellKeyOf, keyOf } from "./overlays.js";

const DOUBT_BELOW = 0.9; // where the server does not name its own limit

/** Draw an answer. `onHover(key|null)` and `onChoose(key)` tell of its rows. Returns {link}. */
export function drawAnswer(answer, { onHover, onChoose, shorten }) {
  const rows = [];
  const tiers = answer.tiers.map((tier) => drawTier(tier, rows, { onHover, onChoose }));
  byId("answer").replaceChildren(drawIncident(answer, shorten), drawClock(answer.clock), ...tiers);
  return {
    link(hovered, chosen) {
      for (const { key, row } of rows) {
        row.classList.toggle("linked", key === hovered);
        row.classList.toggle("chosen", key === chosen);
        row.querySelector("button").setAttribute("aria-pressed", String(key === chosen));
        if (key === chosen) row.scrollIntoView({ block: "nearest" });
      }
    },
  };
}

function drawIncident({ incident, parameters }, shorten) {
  const { address, probability, grid, level, why, runner_up: next, uncertainty_m: rough } = incident;
  const limit = (parameters || {}).doubt_below ?? DOUBT_BELOW;
  const sure = probability !== null && probability !== undefined;
  const where = grid
    ? [pick(grid, "street"), pick(grid, "community"), grid.code].filter(Boolean).join(" · ")
    : say("noGrid");
  const facts = [
    [say("sure"), sure ? `${Math.floor(probability * 100)}%` : null],
    [say("level"), level && address ? levelOf({ ...address, level }) : null],
    [say("why"), pickText(why)],
    [say("runnerUp"), next ? next.text : null],
    [say("grid"), where],
    [say("coordinates"), `${incident.lon.toFixed(5)}, ${incident.lat.toFixed(5)}`],
  ].filter(([, value]) => value);
  return h(
    "section", { class: "incident", id: "incident" },
    h("h2", { title: address ? address.text : null }, address ? shorten(address.text) : say("point")),
    rough ? h("div", { class: "notice warn", role: "alert" }, h("p", {}, `⚠ ${say("roughly", rough)}`)) : null,
    sure && probability < limit ? h("div", { class: "notice warn", role: "alert" }, h("p", {}, `⚠ ${say("doubtful")}`)) : null,
    h("dl", {}, facts.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))),
  );
}

function drawClock(clock) {
  return h("p", { class: "clock", id: "clock" }, h("b", {}, `${say("clock")}: `), pickText(clock));
}

function drawTier(tier, rows, events) {
  const { pool } = tier;
  const linked = (key, row) => {
    row.addEventListener("pointerenter", () => events.onHover(key));
    row.addEventListener("pointerleave", () => events.onHover(null));
    row.addEventListener("click", () => events.onChoose(key));
    rows.push({ key, row });
    return row;
  };
  return h(
    "section", { class: "tier", "data-tier": tier.tier },
    h("h3", {},
      h("span", { class: "sign", "data-tier": tier.tier }), `${pickHeading(tier, "name")} · ${say(tier.mode)}`,
      h("small", { class: "pool" }, say("pool", pool.registered, pool.on_duty, pool.available ?? "—")),
      h("small", {}, say("within", clockTime(tier.target_s)))),
    tier.masked ? drawCounted(tier, linked) : drawCandidates(tier, linked),
  );
}

/** A tier whose people are only counted until they accept: the chance, the cells, and why. */
function drawCounted(tier, linked) {
  const { cells, chance } = tier;
  const near = cells.filter((cell) => !cell.here);
  const items = cells.map((cell) => linked(cellKeyOf(tier, cell), h(
    "li", { "data-key": cellKeyOf(tier, cell) },
    h("button", { type: "button", "aria-pressed": "false" },
      cell.here ? say("cellHere") : say("cellNear", near.indexOf(cell) + 1), h("b", {}, say("people", cell.count))),
  )));
  return [
    chance ? h("p", { class: "chance" }, pickText(chance)) : null,
    cells.length
      ? h("ul", { class: "cells" }, h("li", { class: "pool" }, say("counted", timeOfDay(tier.counted_at))), items)
      : null,
    h("details", { class: "why" }, h("summary", {}, say("whyCounted")), h("p", {}, pickHeading(tier, "note"))),
  ];
}

function drawCandidates(tier, linked) {
  const { candidates, left_out: leftOut } = tier;
  const body = candidates.map((candidate) => linked(keyOf(candidate), drawRow(candidate)));
  const heads = ["", say("who"), say("time"), say("margin"), say("distance")];
  return [
    candidates.length
      ? h("table", {},
        h("thead", {}, h("tr", {}, heads.map((words, i) => h("th", { scope: "col", class: i > 1 ? "number" : null }, words)))),
        h("tbody", {}, body))
      : h("div", { class: "notice" }, h("p", {}, pick(tier, "note") || say("nobody"))),
    leftOut.length ? drawLeftOut(leftOut) : null,
  ];
}

function drawRow(candidate) {
  const late = candidate.margin_s < 0;
  const legs = candidate.legs
    .filter((leg) => leg.seconds > 0)
    .map((leg) => `${say(`leg_${leg.kind}`)} ${clockTime(leg.seconds)}`).join(" + ");
  return h(
    "tr", { "data-key": keyOf(candidate) },
    h("td", {}, String(candidate.rank)),
    h("td", {}, h("button", { type: "button", class: "who", "aria-pressed": "false" }, candidate.call_sign), h("span", { class: "legs" }, legs)),
    h("td", { class: "number time" }, clockTime(candidate.travel_time_s)),
    h("td", { class: "number" },
      h("span", { class: `margin ${late ? "bad" : "good"}` }, `${late ? "✕" : "✓"} ${signed(candidate.margin_s)}`,
        h("span", { class: "unseen" }, ` ${say(late ? "late" : "inTime")}`))),
    h("td", { class: "number" }, distance(candidate.distance_m)),
  );
}

function drawLeftOut(leftOut) {
  const item = (one) => h("li", {},
    [one.call_sign, pick(one, "reason"), say("straight", distance(one.straight_line_m))].join(" · "));
  return h("details", { class: "left-out" }, h("summary", {}, say("leftOut", leftOut.length)), h("ul", {}, leftOut.map(item)));
}
