// The server's answers; an error is always a Problem in both languages.

export class Problem extends Error {
  constructor(document) {
    super(document.detail || document.title);
    this.detail_zh = document.detail_zh || document.title_zh || "";
    this.detail_en = document.detail || document.title || "";
    this.title_zh = document.title_zh || "";
    this.title_en = document.title || "";
    this.cure_zh = document.cure_zh || "";
    this.cure_en = document.cure || "";
    this.status = document.status || 0;
    this.code = (document.type || "").split(":").pop();
    this.field = document.field || "";
    this.facts = document; // what a kind of refusal tells besides
    this.unreachable = document.unreachable === true;
  }
}

export async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ unreachable: true });
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(body);
  return body;
}

export async function areas() {
  return (await call("/v1/areas")).areas;
}

export async function suggest(words, area, near, signal) {
  const query = new URLSearchParams({ q: words, area, limit: "8" });
  if (near) query.set("near", near.map((degrees) => degrees.toFixed(5)).join(","));
  return (await call(`/v1/addresses/suggest?${query}`, { signal })).suggestions;
}

/** Of points [[lon, lat], …]: whether a road is within reach of each. */
export async function onNetwork(points, area) {
  const { on_network: reached } = await call("/v1/dispatch/on-network", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ area, points }),
  });
  return reached;
}

/** `where` is one of {address}, {address_id}, {at: [lon, lat]}, and perhaps `confirmed`. */
export function nearest(where, area, signal) {
  return call("/v1/dispatch/nearest", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...where, area }),
    signal,
  });
}
