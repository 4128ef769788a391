// An answer as things on the map: lines and cells for the style, marks as buttons over it.

import { Marker } from "../vendor/maplibre/maplibre-gl.mjs";
import { h } from "./dom.js";
import { clockTime, pick, say } from "./i18n.js";

const METRES_PER_DEGREE = 111_320;
const CORNERS = 48;

/** The key of one candidate, shared by the table, the marks and the lines. */
export const keyOf = (candidate) => `${candidate.tier}-${candidate.rank}`;

/** The key of one cell in which a masked tier is counted, shared by the table and the map. */
export const cellKeyOf = (tier, cell) => `${tier.tier}-${cell.h3}`;

const candidatesOf = (answer) => answer.tiers.flatMap((tier) => tier.candidates);

const countedIn = (answer) =>
  answer.tiers.flatMap((tier) => (tier.cells || []).map((cell) => ({ tier, cell })));

/** What the style draws: routes, cells with their counts, and the grid of the incident. */
export function answerLayers(answer) {
  const incident = [answer.incident.lon, answer.incident.lat];
  const routes = [];
  const feature = (geometry, id, key, properties) => ({ type: "Feature", id, geometry, properties: { key, ...properties } });
  for (const candidate of candidatesOf(answer)) {
    const { position, route, tier } = candidate;
    const line = (coordinates, kind) =>
      routes.push(feature({ type: "LineString", coordinates }, routes.length + 1, keyOf(candidate), { tier, kind }));
    line(route, "road");
    // Off the network: from where they stand to the road, and from the road to the incident.
    line([position, route[0]], "off_road");
    line([route[route.length - 1], incident], "off_road");
  }
  const cells = countedIn(answer).map(({ tier, cell }, n) =>
    feature({ type: "Polygon", coordinates: [closed(cell.outline)] }, n + 1, cellKeyOf(tier, cell), { tier: tier.tier, count: cell.count }));
  return {
    routes: collection(routes),
    cells: collection(cells),
    grid: answer.incident.grid ? answer.incident.grid.code : "",
    extent: collection(answer.incident.uncertainty_m ? [around(answer.incident, answer.incident.uncertainty_m)] : []),
  };
}

const collection = (features) => ({ type: "FeatureCollection", features });

/** A circle of so many metres around a position, as a feature. */
function around({ lon, lat }, metres) {
  const high = metres / METRES_PER_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, n) => {
    const angle = (2 * Math.PI * n) / CORNERS;
    return [lon + wide * Math.cos(angle), lat + high * Math.sin(angle)];
  });
  return { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: { kind: "guess" } };
}

/** What the style draws of a place that was not said: its extent, and where it is estimated. */
export function reachLayers({ extent, estimate }) {
  const shapes = extent ? [{ type: "Feature", geometry: extent, properties: { kind: "extent" } }] : [];
  if (estimate) shapes.push(around(estimate, estimate.uncertainty_m));
  return { routes: collection([]), cells: collection([]), grid: "", extent: collection(shapes) };
}

/** The bounds of a place that was not said: of its estimate, where there is one. */
export function reachBounds(layers) {
  const shapes = layers.extent.features;
  if (!shapes.length) return null;
  return boundsOf(shapes[shapes.length - 1].geometry.coordinates.flat(Infinity).reduce(
    (points, number, n) => (n % 2 ? points[points.length - 1].push(number) : points.push([number]), points), []));
}

/** The bounds of the places that are offered; null where none has a position. */
export function offersBounds(offers) {
  const points = offers.filter((one) => one.lon !== null).map((one) => [one.lon, one.lat]);
  return points.length ? boundsOf(points) : null;
}

function boundsOf(points) {
  const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

function closed(ring) {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}

function middleOf(ring) {
  const sum = ring.reduce(([x, y], [lon, lat]) => [x + lon, y + lat], [0, 0]);
  return [sum[0] / ring.length, sum[1] / ring.length];
}

/** Everything of an answer that should be in view: candidates with their ways, the incident's cell. */
export function extentOf(answer) {
  const { lon, lat } = answer.incident;
  const points = [[lon, lat]];
  for (const candidate of candidatesOf(answer)) {
    points.push(...candidate.route, candidate.position);
  }
  const [own] = countedIn(answer);
  if (own) points.push(...own.cell.outline);
  return boundsOf(points);
}

/** A mark where a click asks to move the incident to. */
export function addAsked(map, at) {
  const ring = h("div", { class: "asked", role: "img", "aria-label": say("asked") });
  return new Marker({ element: ring }).setLngLat(at).addTo(map);
}

/** Put the marks on the map. Those at one place share a mark. Returns {link, remove}. */
export function addMarks(map, answer, { onHover, onChoose }) {
  const pin = h("div", { class: "pin", role: "img", "aria-label": say("incident") });
  const markers = [new Marker({ element: pin, anchor: "bottom" })];
  markers[0].setLngLat([answer.incident.lon, answer.incident.lat]).addTo(map);
  for (const { tier, cell } of countedIn(answer)) {
    const words = `${pick(tier, "name")} ${say("people", cell.count)}`;
    const count = h("div", { class: "count", role: "img", "data-tier": tier.tier, "aria-label": words }, String(cell.count));
    markers.push(new Marker({ element: count }).setLngLat(middleOf(cell.outline)).addTo(map));
  }
  const buttons = [];
  for (const group of grouped(answer)) {
    const button = mark(group, onHover, onChoose);
    buttons.push({ button, keys: group.members.map(({ candidate }) => keyOf(candidate)) });
    markers.push(new Marker({ element: button }).setLngLat(group.place).addTo(map));
  }
  return {
    link(hovered, chosen) {
      for (const { button, keys } of buttons) {
        button.classList.toggle("linked", keys.includes(hovered));
        button.classList.toggle("chosen", keys.includes(chosen));
      }
    },
    remove() { markers.forEach((marker) => marker.remove()); },
  };
}

function grouped(answer) {
  const groups = new Map();
  for (const tier of answer.tiers) {
    for (const candidate of tier.candidates) {
      const { position } = candidate;
      const id = `${candidate.tier} ${position.map((degrees) => degrees.toFixed(5))}`;
      if (!groups.has(id)) groups.set(id, { place: position, members: [] });
      groups.get(id).members.push({ candidate });
    }
  }
  return groups.values();
}

function mark({ members }, onHover, onChoose) {
  const [{ candidate: first }] = members;
  const key = keyOf(first);
  const about = members.map(({ candidate }) =>
    `${candidate.call_sign} ${clockTime(candidate.travel_time_s)}`);
  return h(
    "button",
    {
      type: "button", class: members.length > 1 ? "mark many" : "mark", "data-tier": first.tier, "data-key": key,
      "data-count": members.length, title: about.join("\n"), "aria-label": about.join(", "),
      onpointerenter: () => onHover(key), onpointerleave: () => onHover(null),
      onfocus: () => onHover(key), onblur: () => onHover(null),
      onclick: (event) => { event.stopPropagation(); onChoose(key); },
    },
    h("span", {}, members.map(({ candidate }) => candidate.rank).join(" ")),
  );
}
