"""Words to addresses: exact numbers, fuzzy names, levels, and no answer where none is due."""

from pathlib import Path

import numpy as np
import pytest

from blockdata.address.gazetteer import load_gazetteer, save_gazetteer
from blockdata.address.match import match_many, match_one
from blockdata.errors import UnknownAddress
from tests.unit._address_library import small_library


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
