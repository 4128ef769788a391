"""Words that ask for a kind of landmark, and the ways in which its name is written."""

import pytest

from blockdata.address.landmark_kinds import COUNTED, KIND_NAMES, KINDS, Kind, kind_from
from blockdata.address.landmark_names import other_forms
from blockdata.address.landmark_words import asked_kind
from blockdata.address.normalise import normalise


@pytest.mark.parametrize(
    ("words", "kind", "place", "near"),
    [
        ("派出所", "police_station", "", False),
        ("附近的派出所", "police_station", "", True),
        ("附近有派出所吗?", "police_station", "", True),
        ("最近的医院在哪里", "hospital", "", True),
        ("地铁站", "metro_station", "", False),
        ("地铁口", "metro_exit", "", False),
        ("固戍社区 派出所", "police_station", "固戍社区", False),
        ("派出所,固戍社区", "police_station", "固戍社区", False),
        ("固戍社区附近的派出所", "police_station", "固戍社区", True),
        ("离固戍一路168号最近的医院", "hospital", "固戍一路168号", True),
        ("near 固戍一路168号 医院", "hospital", "固戍一路168号", True),
        ("Hospital near 固戍一路168号", "hospital", "固戍一路168号", True),
        ("nearest police station", "police_station", "", True),
        ("bus stop", "bus_stop", "", False),
        ("school near International Center", "school", "INTERNATIONAL CENTER", True),
        ("西乡医院门口", "hospital", "西乡", False),
    ],
)
def test_a_kind_is_asked_for(words: str, kind: str, place: str, near: bool) -> None:
    asked = asked_kind(normalise(words).text)
    assert asked is not None
    assert (asked.kind, asked.place, asked.near) == (kind, place, near)


@pytest.mark.parametrize("words", ["固戍一路168号", "医院路12号", "carpark", "海裕花园3栋"])
def test_other_words_ask_for_none(words: str) -> None:
    asked = asked_kind(normalise(words).text)
    assert asked is None


def test_what_is_asked_for_at_a_distance_stands_apart() -> None:
    assert asked_kind("固戍社区 派出所").apart  # type: ignore[union-attr]
    assert not asked_kind("固戍社区派出所").apart  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "kind", "forms"),
    [
        ("固戍地铁站B出口", "metro_exit", {"固戍站B口", "固戍地铁站B口", "地铁固戍站B出口"}),
        ("固戍地铁站", "metro_station", {"固戍站", "地铁固戍站"}),
        ("海裕花园公交站", "bus_stop", {"海裕花园公交车站"}),
        ("固戍派出所", "police_station", {"固戍公安派出所"}),
        ("固戍小学", "school", set()),
        ("固戍公园", "park", set()),
        ("派出所", "police_station", set()),
    ],
)
def test_a_name_has_other_forms(name: str, kind: Kind, forms: set[str]) -> None:
    found = other_forms(name, kind)
    assert forms <= set(found)
    assert name not in found
    assert bool(found) == bool(forms)


def test_every_kind_has_words_in_both_languages_and_asks_for_itself() -> None:
    assert set(COUNTED) == set(KIND_NAMES) - {"metro_exit"}
    for kind, about in KINDS.items():
        assert about.words.zh != about.words.en
        for word in (about.words.zh, about.words.en):
            asked = asked_kind(normalise(word).text)
            assert asked is not None
            assert asked.kind == kind
        for word in about.asked:
            assert normalise(word).text == word, "kinds are asked for in normal form"
    assert kind_from("zoo") is None
    assert kind_from("park") == "park"
