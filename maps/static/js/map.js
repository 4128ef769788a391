// The map: our own tiles, and the answer over them.

import { Map as Chart, NavigationControl, ScaleControl } from "../vendor/maplibre/maplibre-gl.mjs";
import { byId, h } from "./dom.js";
import { language, say } from "./i18n.js";
import { addMarks, answerLayers, extentOf } from "./overlays.js";
import { buildStyle } from "./style.js";

const darkness = matchMedia("(prefers-color-scheme: dark)");
const SOME = "宝安区 Bao'an 0123456789";

/** Make the map for an area. `onPoint([lon, lat])` is called for a click on the map itself. */
export async function makeMap({ area, onPoint, onHover, onChoose }) {
  // The renderer draws its letters from the page's fonts, so these come first.
  await Promise.all(['400 16px "Block Data Sans"', '700 16px "Block Data Sans"', '16px "Block Data Sans Bold"']
    .map((font) => document.fonts.load(font, SOME)));
  const container = byId("map");
  let shown = { area, layers: null, answer: null };
  let marks = null;
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
  map.on("click", (event) => {
    if (!event.originalEvent.target.closest(".mark")) onPoint([event.lngLat.lng, event.lngLat.lat]);
  });
  map.on("mouseenter", "routes", (event) => onHover(event.features[0].properties.key));
  map.on("mouseleave", "routes", () => onHover(null));
  // For whoever waits until everything is drawn (tests, screen recorders).
  map.on("dataloading", () => { container.dataset.state = "drawing"; });
  map.on("idle", () => { container.dataset.state = "idle"; });
  darkness.addEventListener("change", () => map.setStyle(style()));
  window.blockdataMap = map;

  function drawMarks() {
    if (marks) marks.remove();
    marks = shown.answer ? addMarks(map, shown.answer, { onHover, onChoose }) : null;
  }

  return {
    showArea(next) {
      shown = { area: next, layers: null, answer: null };
      map.setStyle(style(), { diff: false });
      drawMarks();
      if (next.bounds) map.fitBounds(next.bounds, { padding: 24, animate: false });
    },
    showAnswer(answer) {
      shown = { ...shown, answer, layers: answer ? answerLayers(answer) : null };
      map.setStyle(style());
      drawMarks();
      if (answer) map.fitBounds(extentOf(answer), { padding: 70, maxZoom: 17 });
    },
    showLanguage() {
      map.setStyle(style());
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
  const dot = (tier) => h("span", { class: "sign", "data-tier": tier });
  byId("legend").replaceChildren(
    h("ul", {},
      item(h("span", { class: "sign here" }), say("incident")),
      tiers.map(({ tier, name }) => item(dot(tier), name))),
  );
}
