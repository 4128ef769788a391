"""Which column of an address table says the kinds of landmarks, and what its cells may say."""

from collections.abc import Sequence

import pytest

from blockdata.address.importing.checks import REASONS, CheckedRows, RowChecker
from blockdata.address.importing.columns import find_columns
from blockdata.address.landmark_command import read_kind
from blockdata.address.landmark_kinds import KINDS, Kind, kind_of_word
from blockdata.address.register.export import SCHEMA
from blockdata.csv_table import Row
from blockdata.errors import BadColumns, InputError

PLACE = ["address", "lon", "lat"]


@pytest.mark.parametrize(
    "column", ["landmark_kind", "Landmark_Kind ", "地标种类", "\ufeff地标种类"]
)
def test_a_column_of_landmark_kinds_is_found(column: str) -> None:
    assert find_columns([*PLACE, column], "wgs84").kind == column


@pytest.mark.parametrize("column", ["kind", "Kind", "种类", "类型", "type"])
def test_a_column_of_any_kinds_is_read_only_where_it_is_named(column: str) -> None:
    header = ["address_id", "level", *PLACE, column]
    assert find_columns(header, "wgs84").kind is None
    assert find_columns(header, "wgs84", kind=column).kind == column


def test_the_kinds_of_our_own_export_are_found() -> None:
    assert find_columns(SCHEMA.names, "wgs84").kind == "kind"
    quarantined = ["line", "reason", "reason_zh", "reason_en", "removed", *SCHEMA.names]
    assert find_columns(quarantined, "wgs84").as_dict()["kind"] == "kind"


def test_a_column_that_is_not_there_or_stands_there_twice_is_refused() -> None:
    with pytest.raises(BadColumns) as error:
        find_columns(PLACE, "wgs84", kind="kinds")
    assert error.value.field == "kind_column"
    with pytest.raises(BadColumns) as error:
        find_columns([*PLACE, "地标种类", "地标种类"], "wgs84")
    assert error.value.field == "kind_column"
    assert error.value.cure is not None
    assert "--kind-column" in error.value.cure.en


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_said_by_its_name_or_in_either_language(kind: Kind) -> None:
    words = KINDS[kind].words
    for said in (kind, words.zh, words.en, f" {kind.upper()} ", f"\u200b{words.zh}\u3000"):
        assert kind_of_word(said) == read_kind(said) == kind
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in kind)
    assert kind_of_word(wide) == kind


@pytest.mark.parametrize("said", ["", "zoo", "动物园", "metro_exits", "医院医院", "None", "\0"])
def test_other_words_are_no_kind(said: str) -> None:
    assert kind_of_word(said) is None
    with pytest.raises(InputError):
        read_kind(said)


def _same(texts: Sequence[str]) -> list[str]:
    return list(texts)


def _checked(*cells: str) -> CheckedRows:
    header = [*PLACE, "landmark_kind"]
    checker = RowChecker(header, find_columns(header, "wgs84"), "wgs84", clean=_same)
    rows = [
        Row(n, [f"流塘路{n}号", "113.85", "22.55", cell]) for n, cell in enumerate(cells, start=2)
    ]
    checked = checker.check(rows)
    assert len(checked.texts) == len(checked.kinds) == len(checked.names)
    assert len(checked.texts) + len(checked.refused) + len(checked.duplicates) == len(rows)
    return checked


def test_each_row_is_stored_with_its_kind_or_refused() -> None:
    checked = _checked("", "metro_exit", "地铁出口", "Metro Exit", " ", "\u200b", "公园", "动物园")
    assert checked.kinds == [None, *["metro_exit"] * 3, None, None, "park"]
    assert [(r.row.line, r.reason) for r in checked.refused] == [(9, "unknown_kind")]


def test_a_row_is_refused_for_its_words_before_its_kind() -> None:
    header = [*PLACE, "landmark_kind"]
    checker = RowChecker(header, find_columns(header, "wgs84"), "wgs84", clean=_same)
    rows = [
        Row(2, ["", "113.85", "22.55", "动物园"]),
        Row(3, ["流塘路1号", "113.85", "22.55"]),
        Row(4, ["流塘路1号", "113.85", "22.55", "x" * 100_000]),
        Row(5, ["流塘路1号", "", "", "动物园"]),
    ]
    refused = [one.reason for one in checker.check(rows).refused]
    assert refused == ["no_text", "ragged", "unknown_kind", "unknown_kind"]


def test_the_reason_names_every_kind_in_both_languages() -> None:
    about = REASONS["unknown_kind"]
    for kind, known in KINDS.items():
        assert kind in about.en
        assert known.words.zh in about.zh
