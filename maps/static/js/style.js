// How the map is drawn: our own tiles below, the answer above. A pure function of its arguments.

const LIGHT = {
  land: "#f1efe9", district: "#faf9f5", water: "#b9d6e8", waterText: "#3b6b8a",
  building: "#dfd9cd", buildingLine: "#c9c1b1", road: "#ffffff", casing: "#d3ccbf",
  main: "#fbe3a6", mainCasing: "#d9b866", path: "#c4b59a",
  street: "#7a5fa0", community: "#9a86b5", grid: "#a9a0b8", text: "#333a45", halo: "#ffffff",
  place: "#5a6474", landmark: "#8a3f8f", here: "#c8322b",
  volunteer: "#0b7a6f", auxiliary: "#a85a00", officer: "#2a55c0",
};
const DARK = {
  land: "#10151c", district: "#171d26", water: "#1b3a52", waterText: "#8fbcd8",
  building: "#252e3a", buildingLine: "#36414f", road: "#3a4552", casing: "#12171e",
  main: "#6b5a34", mainCasing: "#12171e", path: "#4a4538",
  street: "#a893cf", community: "#8474a5", grid: "#5d5570", text: "#d5dde8", halo: "#10151c",
  place: "#a3b0c2", landmark: "#d79bdc", here: "#f0564c",
  volunteer: "#3cc7b6", auxiliary: "#f0a445", officer: "#86a9ff",
};

const MAIN = ["motorway", "trunk", "primary"];
const MIDDLE = ["motorway_link", "trunk_link", "primary_link", "secondary", "secondary_link", "tertiary", "busway"];
const PATHS = ["footway", "path", "track", "cycleway", "bridleway", "steps", "corridor", "pedestrian"];
const EMPTY = { type: "FeatureCollection", features: [] };
const FONT = ["Block Data Sans", "sans-serif"];
const BOLD = ["Block Data Sans Bold", "sans-serif"];

const classIs = (names) => ["in", ["get", "road_class"], ["literal", names]];
const byZoom = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];

/** Bounds with half their size on every side: water and roads go on beyond an outline. */
function around([west, south, east, north]) {
  const [x, y] = [(east - west) / 2, (north - south) / 2];
  return [west - x, south - y, east + x, north + y];
}

function name(language) {
  const other = language === "zh" ? "en" : "zh";
  const own = ["coalesce", ["get", `name_${language}`], ""];
  return ["case", ["!=", own, ""], own, ["coalesce", ["get", `name_${other}`], ""]];
}

/** The style of one area: `area` as /v1/areas gives it; `answer` from overlays.js, or null. */
export function buildStyle({ area, language, dark, answer }) {
  const colour = dark ? DARK : LIGHT;
  const data = answer || { routes: EMPTY, cells: EMPTY, extent: EMPTY, grid: "" };
  return {
    version: 8,
    sources: {
      base: {
        type: "vector",
        tiles: [`${location.origin}/tiles/${area.name}/{z}/{x}/{y}.mvt`],
        minzoom: 6, maxzoom: 16, ...(area.bounds ? { bounds: around(area.bounds) } : {}),
      },
      routes: { type: "geojson", data: data.routes },
      cells: { type: "geojson", data: data.cells },
      extent: { type: "geojson", data: data.extent },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": colour.land } },
      ...ground(colour),
      ...roads(colour),
      ...outlines(colour, data.grid),
      ...extents(colour),
      ...answered(colour),
      ...labels(colour, language),
    ],
  };
}

const fromBase = (id, type, layer, rest) => ({ id, type, source: "base", "source-layer": layer, ...rest });

function ground(colour) {
  return [
    fromBase("district", "fill", "streets", { paint: { "fill-color": colour.district } }),
    fromBase("water", "fill", "water", { paint: { "fill-color": colour.water } }),
    fromBase("buildings", "fill", "buildings", {
      minzoom: 14,
      paint: { "fill-color": colour.building, "fill-outline-color": colour.buildingLine },
    }),
  ];
}

function roads(colour) {
  const line = (id, filter, widths, paint) =>
    fromBase(id, "line", "roads", {
      filter, layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-width": byZoom(...widths), ...paint },
    });
  const minor = ["!", classIs([...MAIN, ...MIDDLE, ...PATHS])];
  return [
    line("paths", classIs(PATHS), [14, 0.6, 18, 3], { "line-color": colour.path, "line-dasharray": [2, 1.5] }),
    line("minor-casing", minor, [13, 1, 18, 16], { "line-color": colour.casing }),
    line("middle-casing", classIs(MIDDLE), [11, 1.4, 18, 26], { "line-color": colour.casing }),
    line("main-casing", classIs(MAIN), [9, 1.2, 12, 3.2, 18, 34], { "line-color": colour.mainCasing }),
    line("minor", minor, [13, 0.6, 18, 13], { "line-color": colour.road }),
    line("middle", classIs(MIDDLE), [11, 0.8, 18, 22], { "line-color": colour.road }),
    line("main", classIs(MAIN), [9, 0.8, 12, 2.2, 18, 29], { "line-color": colour.main }),
  ];
}

function outlines(colour, grid) {
  const edge = (id, layer, line, width, dash, from) =>
    fromBase(id, "line", layer, {
      ...(from ? { minzoom: from } : {}),
      paint: { "line-color": line, "line-width": width, "line-opacity": 0.75, ...(dash ? { "line-dasharray": dash } : {}) },
    });
  return [
    edge("grids", "grids", colour.grid, byZoom(13, 0.5, 17, 1.4), [3, 2], 13),
    edge("communities", "communities", colour.community, byZoom(11, 0.5, 16, 2), [5, 2], 11),
    edge("streets", "streets", colour.street, byZoom(9, 1, 15, 3)),
    fromBase("grid-here", "line", "grids", {
      filter: ["==", ["get", "code"], grid],
      paint: { "line-color": colour.here, "line-width": 2.5, "line-dasharray": [2, 1] },
    }),
  ];
}

function extents(colour) {
  const only = (kind) => ["==", ["get", "kind"], kind];
  return [
    { id: "extent", type: "fill", source: "extent", filter: only("extent"), paint: { "fill-color": colour.here, "fill-opacity": 0.12 } },
    { id: "extent-edge", type: "line", source: "extent", filter: only("extent"), paint: { "line-color": colour.here, "line-width": 2.5 } },
    { id: "guess", type: "line", source: "extent", filter: only("guess"), paint: { "line-color": colour.here, "line-width": 2, "line-dasharray": [2, 2] } },
  ];
}

function answered(colour) {
  const tier = ["match", ["get", "tier"], "volunteer", colour.volunteer, "auxiliary", colour.auxiliary, colour.officer];
  const near = ["case", ["boolean", ["feature-state", "linked"], false], 1, 0];
  const onRoad = ["==", ["get", "kind"], "road"];
  const round = { "line-cap": "round", "line-join": "round" };
  return [
    { id: "cells", type: "fill", source: "cells", paint: { "fill-color": tier, "fill-opacity": ["+", ["*", 0.02, ["min", ["get", "count"], 10]], 0.04, ["*", 0.2, near]] } },
    { id: "cell-edges", type: "line", source: "cells", paint: { "line-color": tier, "line-width": ["+", 1.5, ["*", 2, near]], "line-dasharray": [2, 1] } },
    { id: "route-casing", type: "line", source: "routes", filter: onRoad, layout: round, paint: { "line-color": colour.halo, "line-width": ["+", 6, ["*", 4, near]], "line-opacity": 0.85 } },
    { id: "off-road", type: "line", source: "routes", filter: ["!", onRoad], layout: round, paint: { "line-color": tier, "line-width": ["+", 2.5, ["*", 2, near]], "line-dasharray": [0.1, 2] } },
    { id: "routes", type: "line", source: "routes", filter: onRoad, layout: round, paint: { "line-color": tier, "line-width": ["+", 3, ["*", 3, near]] } },
  ];
}

function labels(colour, language) {
  const halo = { "text-halo-color": colour.halo, "text-halo-width": 1.4 };
  const of = (kind) => ["==", ["get", "kind"], kind];
  const point = (id, kind, size, font, text) =>
    fromBase(id, "symbol", "labels", {
      filter: of(kind),
      layout: { "text-field": name(language), "text-font": font, "text-size": size, "text-max-width": 8 },
      paint: { "text-color": text, ...halo },
    });
  return [
    fromBase("road-names", "symbol", "roads", {
      minzoom: 12,
      layout: {
        "symbol-placement": "line", "text-field": name(language), "text-font": FONT,
        "text-size": byZoom(12, 11, 18, 16), "symbol-spacing": 320, "text-max-angle": 35,
      },
      paint: { "text-color": colour.text, ...halo },
    }),
    fromBase("landmarks", "circle", "landmarks", {
      minzoom: 14,
      paint: {
        "circle-radius": byZoom(14, 2, 18, 5), "circle-color": colour.halo,
        "circle-stroke-color": colour.landmark, "circle-stroke-width": byZoom(14, 1.5, 18, 3),
      },
    }),
    fromBase("landmark-names", "symbol", "landmarks", {
      minzoom: 15,
      layout: { "text-field": ["get", "name_zh"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.6], "text-max-width": 9 },
      paint: { "text-color": colour.landmark, ...halo },
    }),
    fromBase("places", "circle", "places", {
      minzoom: 13,
      paint: {
        "circle-radius": byZoom(13, 2.5, 18, 6), "circle-color": ["match", ["get", "kind"], "post", colour.officer, colour.place],
        "circle-stroke-color": colour.halo, "circle-stroke-width": 1.5,
      },
    }),
    fromBase("place-names", "symbol", "places", {
      minzoom: 15,
      layout: { "text-field": name(language), "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.6], "text-max-width": 9 },
      paint: { "text-color": colour.place, ...halo },
    }),
    point("water-names", "water", 12, FONT, colour.waterText),
    point("grid-names", "grid", 11, FONT, colour.grid),
    point("community-names", "community", byZoom(12, 11, 15, 15), FONT, colour.community),
    point("street-names", "street", byZoom(9, 11, 12, 17), BOLD, colour.street),
  ];
}
