// The incident in the address bar: as the id of an address or as a point, never as words.

const POINT = /^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?$/;
const ID = /^\d{1,19}$/;
const DIGITS = 6; // of a degree: about 10 cm

/** The incident that an address bar names, as a question; null for none. */
export function readIncident(hash) {
  const [id, at] = [hash.get("id") || "", hash.get("at") || ""];
  if (ID.test(id)) return { address_id: id, ...(hash.get("confirmed") ? { confirmed: true } : {}) };
  return POINT.test(at) ? { at: at.split(",").map(Number) } : null;
}

/** What an answered question leaves in the address bar. */
export function writeIncident(where, { incident }) {
  const { address, lon, lat, uncertainty_m: rough } = incident;
  if (!where.at && address && address.address_id) {
    return { id: address.address_id, ...(rough ? { confirmed: "1" } : {}) };
  }
  return { at: `${lon.toFixed(DIGITS)},${lat.toFixed(DIGITS)}` };
}
