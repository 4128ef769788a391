"""Every written form of an address matches back to it or to nothing, never to a sibling."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.address._kernels import resolving as k
from blockdata.address.match import match_many
from tests.unit._address_library import small_library

_WORDS = st.sampled_from(["栋", "幢", "座", "号楼", "#"])
_PREFIX = st.sampled_from(["", "宝安区", "西乡街道", "西乡固戍社区", "广东省深圳市宝安区西乡街道"])
_ROAD = st.sampled_from(["", "固戍一路168号", "固戍1路168号"])
_ESTATE = st.sampled_from(["海裕花园", "海裕", "海浴花园", "海裕花圆"])
_HAN = "零一二三四五六七八九"


def _numeral(number: int) -> str:
    return _HAN[number] if number < 10 else "十" + (_HAN[number - 10] if number > 10 else "")


@settings(max_examples=150, deadline=None)
@given(_PREFIX, _ROAD, _ESTATE, st.integers(1, 19), _WORDS, st.booleans())
def test_a_tower_is_itself_or_nothing(
    prefix: str, road: str, estate: str, block: int, word: str, chinese: bool
) -> None:
    library = small_library()
    written = _numeral(block) if chinese and word != "#" else str(block)
    table = match_many(library, [f"{prefix}{road}{estate}{written}{word}"])
    if table.level[0] >= 6:
        assert library.text(int(table.node[0])).endswith(f"海裕花园{block}栋")


@settings(max_examples=100, deadline=None)
@given(_PREFIX, st.sampled_from(["固戍东区", "固戍一路"]), st.integers(1, 400))
def test_a_house_is_itself_or_nothing(prefix: str, road: str, number: int) -> None:
    library = small_library()
    table = match_many(library, [f"{prefix}{road}{number}号"])
    if table.level[0] >= 6:
        assert library.text(int(table.node[0])).endswith(f"{road}{number}号")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["固戍东区", "固戍一路"]), st.integers(0, 3000))
def test_a_road_without_such_a_number_leads_to_the_closest(road: str, number: int) -> None:
    library = small_library()
    table = match_many(library, [f"{road}{number}号"], explained=True)
    if table.found[0, k.A_LEVEL] != k.L_ROAD:
        return
    on_it = np.flatnonzero(library.road == table.found[0, k.A_NAME])
    apart = np.abs(k.whole_numbers(library.number[on_it]) - number)
    assert table.node[0] == on_it[apart.argmin()]  # the first of equals


def test_answers_are_the_same_with_and_without_their_explanations() -> None:
    texts = ["固戍一路168号海裕花园3栋", "固戍一路9999号", "海裕花园", "什么也没有"] * 3
    bare = match_many(small_library(), texts)
    explained = match_many(small_library(), texts, explained=True)
    for column in ("level", "address_id", "node", "runner_up", "probability"):
        np.testing.assert_array_equal(getattr(bare, column), getattr(explained, column))
    assert len(bare.said) == len(bare.found) == 0
