"""Shifts over midnight, time zones, and why somebody may not be asked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from blockdata.clock import Clock
from blockdata.errors import InputError
from blockdata.moments import read_moment
from dispatch.availability import (
    STATES,
    Shift,
    moment_or_now,
    on_duty_shifts,
    reason_codes,
)
from tests.clocks import clock_at

ZONE = "Asia/Shanghai"
EVERY_DAY = 0b1111111
NIGHT = Shift(1, EVERY_DAY, 20 * 60, 12 * 60)
MONDAY_NIGHT = Shift(2, 0b0000001, 20 * 60, 12 * 60)
DAY = Shift(3, EVERY_DAY, 8 * 60, 12 * 60)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("2026-01-05T07:59:59", (1,)),  # a Monday: of the night, only that which began on Sunday
        ("2026-01-05T08:00", (3,)),
        ("2026-01-05T19:59:59", (3,)),
        ("2026-01-05T20:00", (1, 2)),
        ("2026-01-06T00:00", (1, 2)),
        ("2026-01-06T07:59", (1, 2)),
        ("2026-01-06T20:00", (1,)),
        ("2026-01-05T12:00+00:00", (1, 2)),  # 20:00 in Shenzhen
    ],
)
def test_shifts_by_the_wall_clock_of_the_district(words, on):
    moment = read_moment(words, "at_time", ZONE)
    assert on_duty_shifts([NIGHT, MONDAY_NIGHT, DAY], moment, ZONE) == on


def test_a_moment_is_now_unless_it_is_named():
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(ZONE))
    now = moment_or_now(None, ZONE, clock_at(midnight).now())
    assert now.isoformat()[:16] == "2027-01-01T00:00"
    assert now.utcoffset() == timedelta(hours=8)
    named = moment_or_now("2026-01-05T08:30", ZONE, Clock().now())
    assert named == datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
    with pytest.raises(InputError) as error:
        moment_or_now("yesterday", ZONE, Clock())
    assert error.value.field == "at_time"


def test_the_first_reason_that_holds_is_named():
    codes = reason_codes(
        np.array([False, True, False, True, False]),
        np.array([10.0, 10.0, 301.0, 301.0, np.nan]),
        300,
    )
    assert [STATES[code] for code in codes] == [None, "busy", "stale", "busy", "stale"]
