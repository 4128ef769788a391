"""Moments in words: dates, times, zones, and the years they may lie in."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from blockdata.clock import Clock
from blockdata.errors import InputError
from blockdata.moments import moment_at, moment_from, read_moment
from dispatch.availability import moment_or_now

EAST_8 = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T08:00:00 08:00", datetime(2026, 3, 1, tzinfo=UTC)),  # by a query string
        ("2026-03-01T08:00:00 0800", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01 08:00", datetime(2026, 3, 1, tzinfo=UTC)),
        (" 2026-03-01T08:00 ", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=EAST_8)),
        ("20260301", datetime(2026, 3, 1, tzinfo=EAST_8)),
        ("1900-01-01T00:00+23:59", datetime(1899, 12, 31, 0, 1, tzinfo=UTC)),
        ("2199-12-31T23:59-23:59", datetime(2200, 1, 1, 23, 58, tzinfo=UTC)),
    ],
)
def test_a_moment_in_words(words: str, moment: datetime) -> None:
    read = read_moment(words, "at")
    assert read == moment
    assert read.tzinfo is not None


@pytest.mark.parametrize(
    "words",
    [
        "0001-01-01", "0001-01-01T00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-12:00",
        "1899-12-31T23:59:59", "2200-01-01",
    ],
)  # fmt: skip
@pytest.mark.parametrize("read", [read_moment, moment_at, moment_from])
def test_a_year_far_away_is_refused_before_anything_is_added_to_it(read, words: str) -> None:
    with pytest.raises(InputError, match="1900 to 2199") as refused:
        read(words, "until")
    assert refused.value.field == "until"
    assert refused.value.cure is not None


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "2026-13-01", "2026-02-30T00:00", "\0", "\udcff", "2026-03-01T08:00+99:00",
     "２０２６-03-01", "T" * 100_000],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_words_that_can_be_printed(words: str) -> None:
    with pytest.raises(InputError) as refused:
        read_moment(words, "at")
    for said in (refused.value.detail.zh, refused.value.detail.en):
        assert len(said.encode()) < 400
        assert said.isprintable()


def test_a_bare_date_to_look_at_is_the_end_of_the_day_and_one_to_begin_with_its_start() -> None:
    assert moment_at("2026-03-01", "at") == datetime(2026, 3, 1, 23, 59, 59, 999999, EAST_8)
    assert moment_from("2026-03-01", "from") == datetime(2026, 3, 1, tzinfo=EAST_8)
    assert moment_at(None, "at") is None
    assert moment_from(None, "from") is None


def test_words_without_a_zone_are_read_by_the_clock_of_the_district() -> None:
    local = read_moment("2026-07-01T12:00", "at", "Europe/Paris")
    assert local == datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))


def test_dispatch_reads_moments_in_the_same_way_and_names_its_own_field() -> None:
    assert moment_or_now("2026-03-01T08:00 08:00", "UTC", Clock()) == datetime(
        2026, 3, 1, tzinfo=UTC
    )
    with pytest.raises(InputError) as refused:
        moment_or_now("9999-12-31T23:59-12:00", "UTC", Clock(), "until")
    assert refused.value.field == "until"
