"""Landmarks of a small area by name, by kind and by nearness."""

from functools import cache

import pandas as pd
import pytest

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.landmarks import match_kind, reach_of_station
from blockdata.address.match import match_one
from blockdata.address.search import Suggester
from blockdata.errors import UnknownAddress

_BEGIN = "广东省深圳市宝安区西乡街道"
_ROOMS = pd.DataFrame(columns=["address_id", "level", "parent_id", "label_zh"])
# id, level, parent, community, text, name, kind, lon
ROWS = [
    (1, "building", None, "固戍社区", "固戍一路2号", None, None, 113.850),
    (2, "building", None, "固戍社区", "固戍一路90号", None, None, 113.859),
    (3, "building", None, "流塘社区", "流塘路1号", None, None, 113.870),
    (4, "place", None, "固戍社区", "固戍一路2-1号", "固戍派出所", "police_station", 113.850),
    (5, "place", None, "固戍社区", "固戍一路90-1号", "固戍第二派出所", "police_station", 113.859),
    (6, "place", None, "流塘社区", "流塘路1-1号", "流塘派出所", "police_station", 113.870),
    (7, "place", None, "固戍社区", "固戍一路8-1号", "固戍小学", "school", 113.851),
    (8, "place", None, "固戍社区", "固戍一路10-1号", "固戍中学", "school", 113.852),
    (9, "place", None, "固戍社区", "固戍一路20-1号", "固戍地铁站", "metro_station", 113.853),
    (10, "place", 9, "固戍社区", "固戍一路20-1号", "固戍地铁站A出口", "metro_exit", 113.8525),
    (11, "place", 9, "固戍社区", "固戍一路20-1号", "固戍地铁站B出口", "metro_exit", 113.8535),
]  # fmt: skip


def library(*, kinds: bool = True) -> Gazetteer:
    rows = pd.DataFrame(
        [
            {
                "address_id": i, "level": level, "parent_id": parent, "code": None,
                "text_zh": _BEGIN + community + words + (name or ""), "name_zh": name,
                "lon": lon, "lat": 22.6,
                "grid_code": None, "community_zh": community, "street_zh": "西乡街道",
            }
            | ({"kind": kind} if kinds else {})
            for i, level, parent, community, words, name, kind, lon in ROWS
        ]
    )  # fmt: skip
    return build_gazetteer(rows, _ROOMS)


@cache
def town() -> Gazetteer:
    return library()


def listed(words: str, at: tuple[float, float] | None = None) -> list[str]:
    found = match_kind(town(), words, at)
    assert found is not None
    assert found.matched.lon is None
    assert found.reach is not None
    assert found.reach.point is None
    return [str(offer.name) for offer in found.reach.offers]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("固戍派出所", "固戍派出所"),
        ("固戍派出所门口", "固戍派出所"),
        ("流塘社区 流塘派出所", "流塘派出所"),
        ("固戍第二派出所", "固戍第二派出所"),
        ("固戍地铁站B出口", "固戍地铁站B出口"),
        ("固戍站b口", "固戍地铁站B出口"),
        ("流塘社区流塘派出所", "流塘派出所"),
    ],
)
def test_a_name_is_answered_with_its_point(words: str, name: str) -> None:
    assert match_kind(town(), words) is None
    found = match_one(town(), words)
    assert found.matched.name == name
    assert found.level == "place"
    assert found.probability > 0.9
    assert found.matched.kind == town().kind_of(town().node_of(found.matched.address_id or 0))


def test_a_number_goes_on_meaning_the_building() -> None:
    assert match_one(town(), "固戍一路2号").matched.address_id == 1
    assert match_one(town(), "固戍一路2-1号").matched.address_id == 4


@pytest.mark.parametrize("words", ["固戍地铁站", "固戍站", "地铁固戍站"])
def test_a_station_reaches_its_exits(words: str) -> None:
    node = town().node_of(match_one(town(), words).matched.address_id or 0)
    reach = reach_of_station(town(), node)
    assert reach is not None
    assert [offer.address_id for offer in reach.offers] == [10, 11]
    assert reach.shape is not None
    assert "出口" in reach.missing.zh
    for offer in reach.offers:
        assert offer.lon is not None
        assert reach_of_station(town(), town().node_of(offer.address_id or 0)) is None


def test_a_kind_alone_is_listed_the_nearest_to_the_map_first() -> None:
    assert set(listed("派出所")) == {"固戍派出所", "固戍第二派出所", "流塘派出所"}
    assert listed("派出所", (113.869, 22.6))[0] == "流塘派出所"
    assert listed("附近的派出所", (113.858, 22.6))[0] == "固戍第二派出所"
    assert listed("Police Station", (113.85, 22.6))[0] == "固戍派出所"


def test_a_kind_with_a_place_is_listed_the_nearest_to_that_first() -> None:
    elsewhere = (113.85, 22.6)
    assert listed("流塘社区 派出所", elsewhere)[0] == "流塘派出所"
    assert listed("流塘 派出所", elsewhere)[0] == "流塘派出所"
    assert listed("流塘社区派出所的附近有派出所吗", elsewhere)[0] == "流塘派出所"
    assert listed("near 固戍一路90号 派出所", elsewhere)[0] == "固戍第二派出所"
    assert listed("固戍一路90号附近的派出所", elsewhere)[0] == "固戍第二派出所"
    assert listed("流塘派出所附近的学校", elsewhere)[0] == "固戍中学"


def test_those_within_a_division_come_before_nearer_ones_outside() -> None:
    assert listed("固戍社区 派出所")[-1] == "流塘派出所"


def test_a_part_of_a_kind_is_that_part() -> None:
    assert listed("小学") == ["固戍小学"]
    assert listed("学校") == ["固戍小学", "固戍中学"]


def test_an_area_without_landmarks_knows_no_kinds() -> None:
    assert match_kind(library(kinds=False), "派出所") is None
    with pytest.raises(UnknownAddress):
        match_one(library(kinds=False), "派出所")


@pytest.mark.parametrize("typed", ["固戍派", "gspcs", "派出", "固戍派出所"])
def test_a_name_or_a_part_of_it_is_suggested_with_its_kind(typed: str) -> None:
    places = [found.place for found in Suggester(town()).suggest(typed)]
    assert ("固戍派出所", "police_station") in [(place.name, place.kind) for place in places]


def test_a_kind_is_suggested_the_nearest_first() -> None:
    suggester = Suggester(town())
    first = suggester.suggest("派出所", near=(113.87, 22.6))[0].place
    assert first.name == "流塘派出所"
    first = suggester.suggest("near 固戍一路90号 派出所", near=(113.87, 22.6))[0].place
    assert first.name == "固戍第二派出所"
    assert first.as_dict()["kind"] == {
        "name": "police_station", "zh": "派出所", "en": "police station",
    }  # fmt: skip


def test_former_names_and_their_short_forms_lead_to_a_landmark() -> None:
    rows = pd.DataFrame(
        {
            "address_id": [1, 2], "level": "place", "parent_id": [None, 1], "code": None,
            "text_zh": [_BEGIN + "新河地铁站", _BEGIN + "新河地铁站A出口"],
            "name_zh": ["新河地铁站", "新河地铁站A出口"], "lon": 113.85, "lat": 22.6,
            "grid_code": None, "community_zh": None, "street_zh": None,
            "kind": ["metro_station", "metro_exit"],
        }
    )  # fmt: skip
    former = pd.DataFrame({"text_zh": ["旧塘地铁站A出口"], "address_id": [2]})
    renamed = build_gazetteer(rows, _ROOMS, former)
    for words in ("新河站A口", "旧塘地铁站A出口", "旧塘站A口"):
        assert match_one(renamed, words).matched.address_id == 2
