// The answer as text: the incident, the clock, and a table for each tier.

import { byId, h } from "./dom.js";
import { clockTime, distance, pick, pickHeading, pickText, say, signed } from "./i18n.js";
import { keyOf } from "./overlays.js";

const DOUBT_BELOW = 0.9; // where the server does not name its own limit

/** Draw an answer. `onHover(key|null)` and `onChoose(key)` tell of its rows. Returns {link}. */
export function drawAnswer(answer, { onHover, onChoose }) {
  const rows = [];
  const tiers = answer.tiers.map((tier) => drawTier(tier, rows, { onHover, onChoose }));
  byId("answer").replaceChildren(drawIncident(answer), drawClock(answer.clock), ...tiers);
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

function drawIncident({ incident, parameters }) {
  const { address, probability, grid, level, why, runner_up: next } = incident;
  const limit = (parameters || {}).doubt_below ?? DOUBT_BELOW;
  const sure = probability !== null && probability !== undefined;
  const where = grid
    ? [pick(grid, "street"), pick(grid, "community"), grid.code].filter(Boolean).join(" · ")
    : say("noGrid");
  const facts = [
    [say("sure"), sure ? `${Math.floor(probability * 100)}%` : null],
    [say("level"), level && address ? say(level) : null],
    [say("why"), pickText(why)],
    [say("runnerUp"), next ? next.text : null],
    [say("grid"), where],
    [say("coordinates"), `${incident.lon.toFixed(5)}, ${incident.lat.toFixed(5)}`],
  ].filter(([, value]) => value);
  return h(
    "section", { class: "incident", id: "incident" },
    h("h2", {}, address ? address.text : say("point")),
    sure && probability < limit ? h("div", { class: "notice warn", role: "alert" }, h("p", {}, `⚠ ${say("doubtful")}`)) : null,
    h("dl", {}, facts.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)])),
  );
}

function drawClock(clock) {
  return h("p", { class: "clock", id: "clock" }, h("b", {}, `${say("clock")}: `), pickText(clock));
}

function drawTier(tier, rows, { onHover, onChoose }) {
  const { pool, candidates, left_out: leftOut } = tier;
  const body = candidates.map((candidate) => {
    const key = keyOf(candidate);
    const row = drawRow(tier, candidate);
    row.addEventListener("pointerenter", () => onHover(key));
    row.addEventListener("pointerleave", () => onHover(null));
    row.addEventListener("click", () => onChoose(key));
    rows.push({ key, row });
    return row;
  });
  const heads = ["", say("who"), say("time"), say("margin"), say("distance")];
  return h(
    "section", { class: "tier", "data-tier": tier.tier },
    h("h3", {},
      h("span", { class: "sign", "data-tier": tier.tier }), `${pickHeading(tier, "name")} · ${say(tier.mode)}`,
      h("small", {}, say("within", clockTime(tier.target_s)))),
    h("p", { class: "pool" }, [
      pool ? say("pool", pool.registered, pool.on_duty, pool.available) : null,
      candidates.some((candidate) => candidate.coarse_cell) ? say("masked") : null,
    ].filter(Boolean).join(" · ")),
    candidates.length
      ? h("table", {},
        h("thead", {}, h("tr", {}, heads.map((words, i) => h("th", { scope: "col", class: i > 1 ? "number" : null }, words)))),
        h("tbody", {}, body))
      : h("div", { class: "notice" }, h("p", {}, pick(tier, "note") || say("nobody"))),
    leftOut && leftOut.length ? drawLeftOut(tier, leftOut) : null,
  );
}

function drawRow(tier, candidate) {
  const late = candidate.margin_s < 0;
  const who = candidate.call_sign || pickHeading(tier, "name");
  const legs = (candidate.legs || [])
    .filter((leg) => leg.seconds > 0)
    .map((leg) => `${say(`leg_${leg.kind}`)} ${clockTime(leg.seconds)}`).join(" + ");
  return h(
    "tr", { "data-key": keyOf(candidate) },
    h("td", {}, String(candidate.rank)),
    h("td", {}, h("button", { type: "button", class: "who", "aria-pressed": "false" }, who), h("span", { class: "legs" }, legs)),
    h("td", { class: "number time" }, clockTime(candidate.travel_time_s)),
    h("td", { class: "number" },
      h("span", { class: `margin ${late ? "bad" : "good"}` }, `${late ? "✕" : "✓"} ${signed(candidate.margin_s)}`,
        h("span", { class: "unseen" }, ` ${say(late ? "late" : "inTime")}`))),
    h("td", { class: "number" }, distance(candidate.distance_m)),
  );
}

function drawLeftOut(tier, leftOut) {
  const item = (one) => h("li", {},
    [one.call_sign || pickHeading(tier, "name"), pick(one, "reason"), say("straight", distance(one.straight_line_m))].join(" · "));
  return h("details", { class: "left-out" }, h("summary", {}, say("leftOut", leftOut.length)), h("ul", {}, leftOut.map(item)));
}
