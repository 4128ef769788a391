"""The one clock: shifts, days of the district, and where it comes from."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blockdata.clock import Clock
from blockdata.errors import BadSetting
from blockdata.settings import Settings
from tests.clocks import clock_at

SHANGHAI = "Asia/Shanghai"


def test_a_shifted_clock_goes_on_from_the_moment_it_was_set_to() -> None:
    new_year = datetime(2027, 1, 1, tzinfo=ZoneInfo(SHANGHAI))
    clock = clock_at(new_year)
    first = clock.now()
    assert first.tzinfo is UTC
    assert new_year <= first < new_year + timedelta(minutes=1)
    assert first <= clock.now()
    assert clock.shifted


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-31T15:59:00+00:00", date(2026, 12, 31)),
        ("2026-12-31T16:00:00+00:00", date(2027, 1, 1)),  # in the morning of Shanghai
        ("2028-02-28T16:10:00+00:00", date(2028, 2, 29)),
    ],
)
def test_today_is_the_district_s_own_day(moment: str, day: date) -> None:
    clock = clock_at(datetime.fromisoformat(moment))
    assert clock.today(SHANGHAI) == day


def test_the_clock_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKDATA_CLOCK_SHIFT_S", "-3600")
    assert Settings().clock == Clock(-3600)
    assert Settings().clock.shifted
    monkeypatch.delenv("BLOCKDATA_CLOCK_SHIFT_S")
    assert not Settings().clock.shifted


@pytest.mark.parametrize("shift", ["noon", "1.5", "99999999999"])
def test_a_shift_is_whole_seconds_within_a_century(
    monkeypatch: pytest.MonkeyPatch, shift: str
) -> None:
    monkeypatch.setenv("BLOCKDATA_CLOCK_SHIFT_S", shift)
    with pytest.raises(BadSetting) as refused:
        Settings()
    assert refused.value.field == "BLOCKDATA_CLOCK_SHIFT_S"
