// The map: our own tiles, and the answer over them.

import { Map as Chart, NavigationControl, ScaleControl } from "../vendor/maplibre/maplibre-gl.mjs";
import { byId, h } from "./dom.js";
import { language, say } from "./i18n.js";
import { addAsked, addMarks, answerLayers, extentOf, offersBounds, reachBounds, reachLayers } from "./overlays.js";
import { buildStyle } from "./style.js";

const darkness = matchMedia("(prefers-color-scheme: dark)");
const DOUBLE_CLICK_MS = 300; // so long a click waits: the second of two would zoom
const ASK_AGAIN_MS = 5_000; // so long after a tile that could not be had
const LOOK_MS = 100;
const SOME = "宝安区 Bao'an 0123456789";

/** Make the map for an area. `onPoint([lon, lat])` is called for a click on the map itself. */
export async function makeMap({ area, onPoint, onHover, onChoose }) {
  // The renderer draws its letters from the page's fonts, so these come first.
  await Promise.all(['400 16px "Block Data Sans"', '700 16px "Block Data Sans"', '16px "Block Data Sans Bold"']
    .map((font) => document.fonts.load(font, SOME)));
  const container = byId("map");
  let shown = { area, layers: null, answer: null };
  let marks = null;
  let asked = null;
  let loaded = false; // a style that is not loaded yet cannot be changed, only replaced
  let waits = false;
  let drawing = null;
  const style = () => buildStyle({
    area: shown.area, language: language(), dark: darkness.matches, answer: shown.layers,
  });
  const map = new Chart({
    container, style: style(), attributionControl: false, maxZoom: 20, dragRotate: false,
    pitchWithRotate: false, ...(area.bounds ? { bounds: area.bounds, fitBoundsOptions: { padding: 24 } } : {}),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", say("map"));
  let clicked = 0;
  map.on("click", (event) => {
    clearTimeout(clicked);
    const { target, detail } = event.originalEvent;
    if (target.closest(".mark") || detail > 1) return;
    const { lng, lat } = event.lngLat.wrap();
    clicked = setTimeout(() => onPoint([lng, lat]), DOUBLE_CLICK_MS);
  });
  map.on("dblclick", () => clearTimeout(clicked));
  map.on("mouseenter", "routes", (event) => onHover(event.features[0].properties.key));
  map.on("mouseleave", "routes", () => onHover(null));
  map.on("dataloading", tellWhenDrawn);
  map.on("error", askAgain);
  map.on("style.load", () => {
    loaded = true;
    if (waits) restyle();
  });
  darkness.addEventListener("change", restyle);
  window.blockdataMap = map;

  /** Draw what is shown now; at once, or as soon as the style is loaded. */
  function restyle() {
    waits = !loaded;
    if (loaded) map.setStyle(style());
  }

  /**
   * For whoever waits until everything is drawn (tests, screen recorders). Looked at now and then:
   * on a busy machine the map was seen not to say that it is idle, though all was drawn.
   */
  function tellWhenDrawn() {
    container.dataset.state = "drawing";
    drawing ??= setInterval(() => {
      if (!map.loaded() || map.isMoving()) return;
      clearInterval(drawing);
      drawing = null;
      container.dataset.state = "idle";
    }, LOOK_MS);
  }

  /** The map would leave a hole where the server was away or busy for a moment. */
  function askAgain({ error, tile, sourceId }) {
    if (!tile) {
      console.error(error);
      return;
    }
    setTimeout(() => {
      if (map.getSource(sourceId)) map.refreshTiles(sourceId, [tile.tileID.canonical]);
    }, ASK_AGAIN_MS);
  }

  /** Less is left around what is shown where the map is small. */
  function padding() {
    const side = Math.min(70, container.clientWidth / 8, container.clientHeight / 8);
    return { top: side, left: side, right: side, bottom: side + byId("legend").offsetHeight };
  }

  function drawMarks() {
    if (marks) marks.remove();
    marks = shown.answer ? addMarks(map, shown.answer, { onHover, onChoose }) : null;
  }

  return {
    showArea(next) {
      shown = { area: next, layers: null, answer: null };
      loaded = false;
      map.setStyle(style(), { diff: false });
      drawMarks();
      if (next.bounds) map.fitBounds(next.bounds, { padding: 24, animate: false });
    },
    showAnswer(answer) {
      shown = { ...shown, answer, layers: answer ? answerLayers(answer) : null };
      restyle();
      drawMarks();
      if (answer) map.fitBounds(extentOf(answer), { padding: padding(), maxZoom: 17 });
    },
    /** A place that was not said: how far it reaches. */
    showReach(reach) {
      const layers = reachLayers(reach);
      shown = { ...shown, answer: null, layers };
      restyle();
      drawMarks();
      const bounds = reachBounds(layers) || offersBounds(reach.offers);
      if (bounds) map.fitBounds(bounds, { padding: padding(), maxZoom: 18 });
    },
    /** Where a click asks to move the incident to; null when that is decided. */
    showAsked(at) {
      if (asked) asked.remove();
      asked = at ? addAsked(map, at) : null;
    },
    showLanguage() {
      restyle();
      drawMarks();
    },
    link(hovered, chosen) {
      if (marks) marks.link(hovered, chosen);
      if (!shown.layers) return;
      for (const source of ["routes", "cells"]) {
        if (!map.getSource(source)) continue;
        for (const { id, properties } of shown.layers[source].features) {
          const linked = properties.key === hovered || properties.key === chosen;
          map.setFeatureState({ source, id }, { linked });
        }
      }
    },
    centre() {
      const { lng, lat } = map.getCenter();
      return [lng, lat];
    },
  };
}

/** The legend: what the shapes and lines mean. */
export function drawLegend(tiers) {
  const item = (sign, words) => h("li", {}, sign, words);
  const sign = (kind, tier) => h("span", { class: `sign ${kind}`, "data-tier": tier });
  const masked = (tier) => tier === "volunteer";
  byId("legend").replaceChildren(h(
    "details", { open: matchMedia("(min-width: 801px)").matches },
    h("summary", {}, say("legend")),
    h("ul", {},
      item(sign("here"), say("incident")),
      tiers.map(({ tier, name }) => (masked(tier)
        ? item(h("span", { class: "count sample" }, "3"), say("legendCount", name))
        : item(h("span", { class: "sign", "data-tier": tier }), say("legendRank", name)))),
      item(sign("line"), say("legendRoute")),
      item(sign("line dashed"), say("legendOffRoad")),
      item(sign("cell"), say("legendCell")),
      item(sign("line grid-line"), say("legendGrid")),
      item(sign("extent-sign"), say("legendExtent")),
      item(sign("guess-sign"), say("legendGuess")),
      item(sign("dot post"), say("legendPost")),
      item(sign("dot"), say("legendSite")),
      item(sign("dot landmark"), say("legendLandmark")),
      item(sign("line street-line"), say("legendStreet")),
      item(sign("line community-line"), say("legendCommunity")),
      item(sign("line grids-line"), say("legendGrids"))),
  ));
}
