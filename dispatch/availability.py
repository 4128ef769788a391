"""Who may be asked at a moment: on duty by shift, not busy, and with a fix that is fresh."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from blockdata.moments import read_moment
from blockdata.text import Text
from blockdata.units import SECONDS_PER_MINUTE

Reason = Literal["busy", "stale", "unreachable", "slower", "unskilled", "farther"]
REASONS: dict[Reason, Text] = {
    "busy": Text("正在处警", "busy with another incident"),
    "stale": Text("定位过旧", "the last position is too old"),
    "unreachable": Text("时限内无路可达", "no way by road within the search limit"),
    "slower": Text("直线更近,但走路网更慢", "nearer in a straight line, slower by road"),
    "unskilled": Text("缺少所需技能", "lacks a skill that is needed"),
    "farther": Text("可用,但有人更快", "available, but others are there sooner"),
}
# What the arrays alone tell of one on duty; the first, None, may be asked.
STATES: tuple[Reason | None, ...] = (None, "busy", "stale")


class Shift(NamedTuple):
    """A shift: its id, days as bits (0 Monday), local start minute, and length in minutes."""

    shift_id: int
    weekday_mask: int
    start_minute: int
    duration_minutes: int


def on_duty_shifts(shifts: Iterable[Shift], moment: datetime, timezone: str) -> tuple[int, ...]:
    """Ids of the shifts that are on at a moment, by the wall clock of the district's time zone.

    A shift that begins before midnight belongs to the day on which it began. Start counts, end
    does not.
    """
    local = moment.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute + local.second / SECONDS_PER_MINUTE
    today = local.weekday()
    yesterday = (local - timedelta(days=1)).weekday()

    def is_on(shift: Shift) -> bool:
        since_today = minute - shift.start_minute
        since_yesterday = since_today + 24 * 60
        return bool(
            (shift.weekday_mask >> today & 1 and 0 <= since_today < shift.duration_minutes)
            or (
                shift.weekday_mask >> yesterday & 1
                and 0 <= since_yesterday < shift.duration_minutes
            )
        )

    return tuple(sorted(shift.shift_id for shift in shifts if is_on(shift)))


def moment_or_now(
    words: str | None, timezone: str, now: datetime, field: str = "at_time"
) -> datetime:
    """The moment that is named (``read_moment``); ``now`` on the district's clock where none is.

    Raises:
        InputError: the words are no moment; see ``read_moment``.
    """
    if words is None:
        return now.astimezone(ZoneInfo(timezone))
    return read_moment(words, field, timezone)


def reason_codes(
    busy: npt.NDArray[np.bool_],
    fix_age_s: npt.NDArray[np.float64],
    fix_max_age_s: float,
) -> npt.NDArray[np.int8]:
    """Why each on duty may not be asked, as its place in ``STATES``; the first that holds."""
    # NaN, no fix at all, is as good as stale
    fresh = fix_age_s <= fix_max_age_s
    codes = np.zeros(len(busy), np.int8)
    codes[~fresh] = STATES.index("stale")
    codes[busy] = STATES.index("busy")
    return codes
