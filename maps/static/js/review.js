// The clerical queue: texts that matching left undecided; a decision teaches an alias.

import { call } from "./api.js";
import { when } from "./clock.js";
import { byId, h } from "./dom.js";
import { makeFrame } from "./frame.js";
import { say } from "./i18n.js";
import "./register-words.js";
import { setUpSearch } from "./search.js";

const STATUSES = ["open", "skipped", "matched", "unmatched"];
const shown = { status: "open", counts: {}, reviews: [], chosen: null };

const frame = makeFrame({
  page: "review",
  title: ["块数据 · 待定地址", "Block data · undecided addresses"],
  onArea: () => load(),
  onLanguage: () => draw(),
});

async function load() {
  const query = new URLSearchParams({ area: frame.area.name, status: shown.status });
  try {
    const { counts, reviews } = await call(`/v1/addresses/review?${query}`);
    Object.assign(shown, { counts, reviews, chosen: reviews[0] || null });
    draw();
  } catch (problem) {
    frame.problem(problem);
  }
}

async function send(what, body, words) {
  const review = shown.chosen;
  try {
    await call(`/v1/addresses/review/${review.review_id}/${what}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    search.clear();
    await load();
    frame.notify("", () => [`${review.written}: ${words()}`]);
  } catch (problem) {
    if (problem.status === 409) await load(); // someone else was faster
    frame.problem(problem);
  }
}

const decide = (address_id, text) => send("decide", { address_id }, () => say("decided", text));

/** What typed words mean joins the candidates; the clerk still decides. */
async function find(words) {
  const query = new URLSearchParams({ q: words, area: frame.area.name });
  try {
    const { matched, probability } = await call(`/v1/addresses/match?${query}`);
    const { candidates } = shown.chosen;
    if (!matched.address_id) return frame.notify("warn", () => [say("notAnAddress", matched.text)]);
    if (!candidates.some((known) => known.address_id === matched.address_id)) candidates.push({ ...matched, probability });
    frame.notify("", null);
    return drawChosen();
  } catch (problem) {
    return frame.problem(problem);
  }
}

function drawQueue() {
  byId("status").replaceChildren(...STATUSES.map((status) =>
    h("option", { value: status, selected: status === shown.status }, `${say(status)} (${shown.counts[status] || 0})`)));
  byId("queue").replaceChildren(...(shown.reviews.length ? shown.reviews.map((review) => h("li", {},
    h("button", {
      type: "button", "aria-pressed": String(review === shown.chosen),
      onclick: () => { shown.chosen = review; draw(); },
    }, review.written, h("small", {}, say("times", review.times_seen, review.source)))))
    : [h("li", { class: "hint" }, say(`queueEmpty_${shown.status}`))]));
}

function drawCandidate(candidate, undecided) {
  const sure = candidate.probability === null ? null : `${say("sure")} ${(candidate.probability * 100).toFixed(1)} %`;
  const link = `/addresses#${new URLSearchParams({ area: frame.area.name, id: candidate.address_id })}`;
  return h("li", {},
    h("span", {}, h("a", { href: link }, candidate.text),
      h("small", {}, [candidate.name, say(candidate.level), sure].filter(Boolean).join(" · "))),
    undecided ? h("button", { type: "button", class: "primary", onclick: () => decide(candidate.address_id, candidate.text) },
      say("thisOne")) : null);
}

function drawChosen() {
  const review = shown.chosen;
  const undecided = review !== null && ["open", "skipped"].includes(review.status);
  byId("other").hidden = !undecided;
  byId("address").placeholder = "";
  byId("chosen").replaceChildren(...(review ? [
    h("h3", {}, say("written")),
    h("p", { class: "said" }, review.written),
    h("p", { class: "hint" }, `${say("normal")}: ${review.text_zh} · ${say(review.status)} · ${when(review.decided_at || review.asked_at)}`),
    review.decided_by ? h("p", { class: "hint", id: "decided-by" },
      [say("decidedBy", review.decided_by), review.note].filter(Boolean).join(" · ")) : "",
    h("h3", {}, say("candidates")),
    review.candidates.length
      ? h("ol", { class: "candidates" }, review.candidates.map((candidate) => drawCandidate(candidate, undecided)))
      : h("p", {}, say("noCandidates")),
    undecided ? h("div", { class: "bar" },
      h("button", { type: "button", class: "plain", id: "none", onclick: () => send("decide", { address_id: null }, () => say("decidedNone")) }, say("noneOfThese")),
      h("button", { type: "button", class: "plain", id: "skip", onclick: () => send("skip", {}, () => say("laidAside")) }, say("skip"))) : "",
  ] : []));
}

function draw() {
  drawQueue();
  drawChosen();
}

const search = setUpSearch({
  context: () => ({ area: frame.area && frame.area.name, near: null }),
  // a road or a community alone has no id, and none would be read as "no such address"
  onPick: (suggestion) => suggestion.address_id && decide(suggestion.address_id, suggestion.text),
  onWords: find,
  onProblem: frame.problem,
});
byId("status").addEventListener("change", (event) => { shown.status = event.target.value; load(); });
frame.start();
