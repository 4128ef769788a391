"""Moments as people give them: a date, or a date with a time (ISO 8601)."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from blockdata.clean import shown
from blockdata.errors import InputError
from blockdata.text import Text

DEFAULT_TIMEZONE = "Asia/Shanghai"
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Far enough from what a date can hold that zones and hours may be added without a look."""

_DATE = re.compile(r"\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d(-?\d)?", re.ASCII)
_LOST_PLUS = re.compile(r"(\S+[T ]\S+) (\d\d(?::?\d\d)?)", re.ASCII)


def read_moment(
    words: str, field: str, zone: str = DEFAULT_TIMEZONE, *, of_day: time = time.min
) -> datetime:
    """The moment meant, with its zone: ``zone`` where the words name none.

    Args:
        words: a date or a moment in ISO 8601. A plus sign that became a blank on its way through a
            query string is understood.
        field: what the caller calls them.
        zone: the time zone of words without one.
        of_day: which moment of it a bare date means.

    Raises:
        InputError: neither a date nor a moment, or one outside the years 1900 to 2199.
    """
    told = words.strip()
    try:
        if _DATE.fullmatch(told):
            moment = datetime.combine(date.fromisoformat(told), of_day)
        else:
            moment = datetime.fromisoformat(with_plus(told))
    except ValueError:
        raise _refused(
            Text(f"“{shown(words)}”不是日期或时刻", f"'{shown(words)}' is not a date or a moment"),
            field,
        ) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _refused(
            Text(
                f"“{shown(words)}”不在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间",
                f"'{shown(words)}' is not within the years {FIRST_YEAR} to {LAST_YEAR}",
            ),
            field,
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def moment_at(words: str | None, field: str, zone: str = DEFAULT_TIMEZONE) -> datetime | None:
    """The moment to look at. A bare date is its last moment: what held when the day was over.

    Raises:
        InputError: as ``read_moment``.
    """
    return None if words is None else read_moment(words, field, zone, of_day=time.max)


def moment_from(words: str | None, field: str, zone: str = DEFAULT_TIMEZONE) -> datetime | None:
    """The moment from which something holds. A bare date is its first moment.

    Raises:
        InputError: as ``read_moment``.
    """
    return None if words is None else read_moment(words, field, zone)


def with_plus(words: str) -> str:
    """The words of a moment: a blank before an offset is a plus sign that a query string lost."""
    lost = _LOST_PLUS.fullmatch(words)
    return f"{lost[1]}+{lost[2]}" if lost else words


def _refused(why: Text, field: str) -> InputError:
    return InputError(
        why,
        field=field,
        cure=Text(
            "写成 2026-03-01 或 2026-03-01T08:00:00+08:00",
            "write 2026-03-01 or 2026-03-01T08:00:00+08:00",
        ),
    )
