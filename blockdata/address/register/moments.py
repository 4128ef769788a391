"""Moments as people give them: a date, or a date with a time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from blockdata.errors import InputError
from blockdata.text import Text

DEFAULT_TIMEZONE = "Asia/Shanghai"


def moment_at(words: str | None, field: str, timezone: str = DEFAULT_TIMEZONE) -> datetime | None:
    """The moment to look at. A bare date is its last moment: what held when the day was over.

    Raises:
        InputError: neither a date nor a moment in ISO 8601.
    """
    return _moment(words, field, timezone, time.max)


def moment_from(words: str | None, field: str, timezone: str = DEFAULT_TIMEZONE) -> datetime | None:
    """The moment from which something holds. A bare date is its first moment.

    Raises:
        InputError: neither a date nor a moment in ISO 8601.
    """
    return _moment(words, field, timezone, time.min)


def _moment(words: str | None, field: str, timezone: str, of_day: time) -> datetime | None:
    if words is None:
        return None
    zone = ZoneInfo(timezone)
    try:
        if len(words) == len("2026-03-01"):
            return datetime.combine(date.fromisoformat(words), of_day, zone)
        # a plus sign in a query string arrives as a blank
        moment = datetime.fromisoformat(words.replace(" 0", "+0") if "T" in words else words)
    except ValueError:
        raise InputError(
            Text(f"“{words}”不是日期或时刻", f"{words!r} is not a date or a moment"),
            field=field,
            cure=Text(
                "写成 2026-03-01 或 2026-03-01T08:00:00+08:00",
                "write 2026-03-01 or 2026-03-01T08:00:00+08:00",
            ),
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
