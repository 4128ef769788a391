"""Words to addresses: exact numbers, fuzzy names, levels, and no answer where none is due."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from blockdata.address.gazetteer import load_gazetteer, save_gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import match_many, match_one
from blockdata.errors import UnknownAddress
from tests.unit._address_library import small_library

_NO_ROOMS = pd.DataFrame(columns=["address_id", "level", "parent_id", "label_zh"])


def _lone_numbers(*texts: str) -> pd.DataFrame:
    rows = pd.DataFrame({"text_zh": [f"广东省深圳市{text}" for text in texts]})
    for column in ("code", "name_zh", "grid_code", "community_zh", "street_zh"):
        rows[column] = None
    return rows.assign(
        address_id=range(1, len(texts) + 1),
        level="number",
        parent_id=np.nan,
        lon=[113.9 + 0.01 * k for k in range(1, len(texts) + 1)],
        lat=22.6,
    )


@pytest.mark.parametrize(
    ("asked", "ends", "level"),
    [
        ("西乡街道固戍一路168号", "固戍一路168号", "number"),
        ("固戍一路168号海裕花园", "海裕花园", "estate"),
        ("海裕花园3栋", "海裕花园3栋", "building"),
        ("海裕花园13栋", "海裕花园13栋", "building"),
        ("海裕12幢", "海裕花园12栋", "building"),
        ("海裕花园三栋二单元五零一房", "海裕花园3栋2单元501房", "room"),
        ("海裕花园3-2-501", "海裕花园3栋2单元501房", "room"),
        ("固戍一路１７０号", "固戍一路170号", "building"),
        ("固戍1路170号", "固戍一路170号", "building"),
        ("固戍东区177号", "固戍东区177号", "building"),
        ("固戍衣路170号", "固戍一路170号", "building"),
        ("西乡镇固戍村固戍一路170号", "固戍一路170号", "building"),
        ("流塘社区翠景苑2栋", "流塘路9号翠景苑2栋", "building"),
        ("固戍一路999号", "固戍一路", "road"),
    ],
)
def test_words_reach_their_address(asked: str, ends: str, level: str) -> None:
    answer = match_one(small_library(), asked)
    assert answer.matched.text.endswith(ends)
    assert answer.level == level
    assert 0.5 <= answer.probability <= 1
    assert answer.why.zh
    assert answer.why.en


@pytest.mark.parametrize("asked", ["银田路5号", "翠景苑2栋", "你好", "", "168号"])
def test_no_match_is_an_answer(asked: str) -> None:
    with pytest.raises(UnknownAddress) as error:
        match_one(small_library(), asked)
    assert error.value.field == "address"
    assert error.value.cure is not None


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        ("固戍二路8号附近海裕花园3栋", "海裕花园3栋"),
        ("固戍二路8号对面的海裕花园3栋", "海裕花园3栋"),
        ("翠景苑旁海裕花园3栋", "海裕花园3栋"),
        ("海裕花园3栋(固戍二路8号旁)", "海裕花园3栋"),
        ("海裕花园3栋(翠景苑对面)", "海裕花园3栋"),
        ("海裕花园3栋,固戍二路8号对面", "海裕花园3栋"),
        ("海裕花园3栋,翠景苑隔壁", "海裕花园3栋"),
        ("固戍一路170号,固戍东区171号斜对面", "固戍一路170号"),
        ("固戍一路170号旁固戍一路172号", "固戍一路172号"),
        ("海裕花园3栋附近", "海裕花园3栋"),
        ("海裕花园3栋附近有人打架", "海裕花园3栋"),
        ("固戍一路170号对面", "固戍一路170号"),
    ],
)
def test_a_landmark_is_not_the_place(asked: str, ends: str) -> None:
    answer = match_one(small_library(), asked)
    assert answer.matched.text.endswith(ends)
    assert answer.level == "building"


def test_beside_a_landmark_an_unknown_place_leads_to_the_road_only() -> None:
    answer = match_one(small_library(), "固戍一路170号旁金谷大院")
    assert (answer.level, answer.matched.text) == ("road", "固戍一路")
    assert "beside" in answer.why.en


@pytest.mark.parametrize(
    "asked",
    [
        "东方海裕花园",
        "金谷海裕花园3栋",
        "海裕东方花园",
        "海裕湾畔",
        "流塘路9号附近东方海裕花园",
        "西乡街道流塘路188号东方海裕花园",
    ],
)
def test_a_name_within_a_longer_unknown_one_is_not_meant(asked: str) -> None:
    table = match_many(small_library(), [asked])
    assert int(table.level[0]) <= 3


def test_a_strange_place_at_a_known_number_needs_its_division() -> None:
    library = small_library()
    with pytest.raises(UnknownAddress):
        match_one(library, "固戍一路170号金谷大院")
    assert match_one(library, "西乡街道固戍一路170号金谷大院").level == "building"
    assert match_one(library, "固戍一路170号金谷科技有限公司").level == "building"


@pytest.mark.parametrize("asked", ["固戍一路170号海裕花园", "西乡街道流塘路188号海裕花园"])
def test_a_number_that_clashes_with_the_name_is_a_question(asked: str) -> None:
    with pytest.raises(UnknownAddress):
        match_one(small_library(), asked)


def test_another_gate_on_the_same_road_is_the_estate() -> None:
    answer = match_one(small_library(), "西乡街道固戍一路188号海裕花园")
    assert answer.matched.text.endswith("168号海裕花园")
    assert "road only" in answer.why.en


def test_a_road_that_two_districts_have_needs_its_district() -> None:
    library = build_gazetteer(_lone_numbers("宝安区云溪路8号", "光明区云溪路300号"), _NO_ROOMS)
    with pytest.raises(UnknownAddress) as error:
        match_one(library, "云溪路20号")
    assert len(error.value.facts["closest"]) == 2
    answer = match_one(library, "光明区云溪路20号")
    assert (answer.level, answer.matched.text) == ("road", "云溪路")
    assert answer.matched.lon == pytest.approx(113.92)


def test_a_part_of_an_estate_is_the_estate() -> None:
    answer = match_one(small_library(), "西乡街道海裕花园东片写字楼")
    assert answer.matched.text.endswith("168号海裕花园")


def test_a_name_that_two_places_bear_lists_both() -> None:
    with pytest.raises(UnknownAddress) as error:
        match_one(small_library(), "翠景苑2栋")
    assert len(error.value.facts["closest"]) == 2


def test_an_unknown_building_reaches_the_estate_only() -> None:
    answer = match_one(small_library(), "固戍一路168号海裕花园99栋")
    assert answer.level == "estate"
    assert answer.matched.text.endswith("海裕花园")


def test_many_equal_one_by_one() -> None:
    texts = ["海裕花园3栋", "银田路5号", "固戍东区177号", "固戍一路168号"] * 3
    together = match_many(small_library(), texts)
    apart = [int(match_many(small_library(), [text]).address_id[0]) for text in texts]
    assert together.address_id.tolist() == apart
    assert match_many(small_library(), []).level.shape == (0,)


def test_a_saved_gazetteer_answers_alike_and_other_content_is_refused(tmp_path: Path) -> None:
    library = small_library()
    save_gazetteer(library, tmp_path / "addresses", "one")
    assert load_gazetteer(tmp_path / "addresses", "two") is None
    again = load_gazetteer(tmp_path / "addresses", "one")
    assert again is not None
    texts = ["海裕花园3栋2单元501", "固戍一路168号"]
    np.testing.assert_array_equal(
        match_many(again, texts).address_id, match_many(library, texts).address_id
    )
