"""The bounds of what may be asked over HTTP: what fits can be calculated with and stored."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from blockdata.api_types import Id, IdWords, LonLat, Moment, SafeText

MOMENT, TEXT, POINT = (TypeAdapter(kind) for kind in (Moment, SafeText, LonLat))


def refused(adapter: TypeAdapter[Any], value: object) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T08:30", "2026-01-31T08:30"),
        ("2026-01-31 08:30", "2026-01-31 08:30"),
        ("2026-01-31T08:30:15.25+08:00", "2026-01-31T08:30:15.25+08:00"),
        ("2026-01-31T08:30:15 08:00", "2026-01-31T08:30:15+08:00"),  # a plus in a query string
        ("2026-01-31 08:30 0800", "2026-01-31 08:30+0800"),
        ("2026-01-31T08:30Z", "2026-01-31T08:30Z"),
        ("1900-01-01T00:00+14:00", "1900-01-01T00:00+14:00"),
        ("2199-12-31T23:59-23:59", "2199-12-31T23:59-23:59"),
    ],
)
def test_moments(written, read):
    assert MOMENT.validate_python(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "0001-01-01", "0001-01-01T00:00+14:00", "9999-12-31", "9999-12-31T23:59-14:00",
        "1899-12-31", "2200-01-01", "2026-02-30", "2026-13-01", "gestern", "", "2026-01-31T24:00",
        "2026-01-31T08:30+99:00", "2026-01-31\x00", "２０２６-01-31", "2026-01-31T08:30:00+24:00",
    ],
)  # fmt: skip
def test_what_is_no_moment_within_reason(written):
    assert refused(MOMENT, written)


@given(st.from_regex(MOMENT.json_schema()["pattern"], fullmatch=True))
def test_every_moment_has_its_place_in_time(written):
    if not refused(MOMENT, written):
        at = datetime.fromisoformat(MOMENT.validate_python(written))
        assert 1899 <= (at.astimezone(UTC) if at.tzinfo else at).year <= 2200


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[0m", "\x7f", "\x85", "\ud800", "a\udfff"])
def test_what_is_no_text(text):
    assert refused(TEXT, text)


@pytest.mark.parametrize("text", ["固戍一路168号", "a\tb\r\nc", "\U0001f600", ""])
def test_texts(text):
    assert TEXT.validate_python(text) == text


@pytest.mark.parametrize("number", [2**53, 2**63, 2**64, 10**30, -1, 0])
def test_ids_fit_where_they_go(number):
    assert refused(TypeAdapter(Id), number)
    assert refused(TypeAdapter(IdWords), str(number)) == (number < 0 or number > 10**16 - 1)


@pytest.mark.parametrize(
    "words", ["113.85,22.58", " 113.85 , 22.58", "113.85，22.58", "-1e-7,+0.5", "113,22"]
)
def test_points_in_words(words):
    assert not refused(POINT, words)


@pytest.mark.parametrize("words", ["", "here", "1,2,3", "nan,1", "inf,0", "1_0,2", "1,2\x00"])
def test_what_is_no_point(words):
    assert refused(POINT, words)
