// Coordinates typed where an address is expected: which number is the longitude.

const NUMBER = "(-?\\d{1,3}(?:\\.\\d+)?)\\s*°?\\s*[EWNSewns东经西北纬南]{0,2}";
const PAIR = new RegExp(`^[((]?\\s*[东西北南经纬]{0,2}\\s*${NUMBER}\\s*[,,、;;\\s]\\s*[东西北南经纬]{0,2}\\s*${NUMBER}\\s*[))]?$`);
const MARGIN_DEGREES = 0.2; // beyond the area's bounds, and still likely meant to be near it

const possible = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

function near([lon, lat], bounds) {
  if (!bounds) return false;
  const [west, south, east, north] = bounds;
  return lon >= west - MARGIN_DEGREES && lon <= east + MARGIN_DEGREES
    && lat >= south - MARGIN_DEGREES && lat <= north + MARGIN_DEGREES;
}

/**
 * What typed words say as coordinates: null if they are none, else {at: [lon, lat]}, or
 * {unclear: true} where either number could be the longitude. `bounds` are the area's.
 */
export function readCoordinates(words, bounds) {
  const found = PAIR.exec(words.normalize("NFKC").trim());
  if (!found || !words.includes(".")) return null;
  const [first, second] = [Number(found[1]), Number(found[2])];
  const orders = [[first, second], [second, first]].filter(possible);
  const close = orders.filter((at) => near(at, bounds));
  const [only] = close.length ? close : orders;
  if (!only) return null;
  return (close.length || orders.length) === 1 ? { at: only } : { unclear: true };
}
