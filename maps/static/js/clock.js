// The server's clock. Pages take the time, the day and the district's time zone from it, never from
// the browser, which may stand in another zone or tell another time.

import { call } from "./api.js";
import { byId } from "./dom.js";
import { addWords, language, say } from "./i18n.js";

addWords({
  shiftedClock: [
    "演练时钟:时间已被拨动,打开本页时按 {0} 计。不可用于实战。",
    "Exercise clock: time is shifted; it was {0} when this page was opened. Not for operation.",
  ],
});

let told = { now: null, shift_s: 0, timezone: "UTC", today: "" };

/** Ask for the time, and for an area's zone and day; no area: in UTC. */
export async function readClock(area) {
  const query = area ? `?${new URLSearchParams({ area })}` : "";
  told = { timezone: "UTC", today: "", ...(await call(`/v1/clock${query}`)) };
  return told;
}

/** The banner that a shifted clock has on every page. */
export function drawClock() {
  const banner = byId("shifted");
  banner.hidden = told.shift_s === 0;
  banner.textContent = banner.hidden ? "" : say("shiftedClock", when(told.now));
}

/** A moment by the district's wall clock, to the minute; null where there is none. */
export function when(moment) {
  if (!moment) return null;
  const locale = language() === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: told.timezone,
  }).format(new Date(moment));
}
