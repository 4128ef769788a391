"""Which words name a corner, and of which roads."""

import pytest

from blockdata.address.corners import names_corner

CORNERS = {
    "固戍一路与宝源路交叉口": ("固戍一路", "宝源路"),
    "固戍1路/宝源路路口": ("固戍一路", "宝源路"),
    "固戍一路宝源路口东南角": ("固戍一路", "宝源路"),
    "西乡街道固戍一路、宝安大道交汇处": ("西乡街道固戍一路", "宝安大道"),
    "宝安大道和前进二路的十字路口": ("宝安大道", "前进二路"),
    "固戍一路168号": None,
    "固戍一路路口": None,
    "固戍一路与宝源路": None,
    "海裕花园西门出口": None,
    "": None,
}


@pytest.mark.parametrize("words", CORNERS)
def test_corners_are_told_from_other_words(words: str) -> None:
    assert names_corner(words) == CORNERS[words]
