// What is shown instead of an answer: what is missing, and what lies near what was said.

import { byId, h } from "./dom.js";
import { known, pick, say } from "./i18n.js";

/** The lines of a refusal; its cure is the screen's own where it has one. */
export function refusalLines(problem) {
  const closest = (problem.facts.closest || []).length > 0;
  const cure = closest ? say("didYouMean") : screenCure(problem);
  return [
    pick(problem, "title") || say("problem"),
    problem.unreachable ? say("unreachable") : pick(problem, "detail"),
    cure,
  ];
}

function screenCure(problem) {
  const own = [`cure_${problem.code}_${problem.field}`, `cure_${problem.code}`].find(known);
  if (own) return say(own);
  return pick(problem, "cure") ? say("cure") + pick(problem, "cure") : null;
}

/** Places as buttons; `onPlace(place)` when one is chosen, `words(place)` is what stands on it. */
export function placeButtons(places, words, onPlace) {
  if (!places || !places.length) return null;
  const button = (place) => h("li", {}, h("button", { type: "button", title: place.text, onclick: () => onPlace(place) }, words(place)));
  return h("ul", { class: "offers" }, places.map(button));
}

/** Draw a place that was not said: how far it reaches, what is missing, what lies there. */
export function drawReach(problem, { shorten, onPlace, onConfirm }) {
  const { level, offers, estimate } = problem.facts;
  const rough = estimate || level === "road" || level === "estate" || level === "place";
  byId("answer").replaceChildren(h(
    "section", { class: "incident reach", id: "reach", role: "alert" },
    h("h2", {}, pick(problem, "detail")),
    h("p", {}, say(level === "kind" ? "ofAKind" : "noRanking")),
    estimate ? h("p", { class: "guess" }, say("estimated", estimate.between.join("–"), estimate.uncertainty_m)) : null,
    offers.length ? h("p", { class: "pool" }, say("choose")) : null,
    placeButtons(offers, (place) => place.name || shorten(place.text), onPlace),
    h("p", { class: "pool" }, say("orClick")),
    rough ? h("button", { type: "button", id: "confirm", class: "second", onclick: onConfirm },
      estimate ? say("confirmEstimate", estimate.uncertainty_m) : say("confirmRough")) : null,
  ));
}
