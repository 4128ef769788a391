"""Classes of characters that tell the levels of an address apart."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

# ruff: noqa: E501 - a Chinese line is wider in columns than on the screen
# One class for each string: characters that end the names of a level, or do the same work.
FUNCTIONAL = (
    "省", "市", "区", "县旗", "州盟", "镇", "乡", "道", "街", "村庄寨屯", "社", "路", "巷胡", "弄里",
    "号", "栋幢座", "楼", "层", "室", "房", "单", "元", "组队", "期", "厦", "园苑", "城", "场", "店",
    "厂", "司", "院", "校学", "馆宫", "寓", "站", "口", "旁", "面侧边", "部", "门", "线", "铺档柜",
    "一二三四五六七八九十", "东西南北中", "-", "()", ",、./;:", "~至", "与和", "#", " ",
)  # fmt: skip
FIRST_CLASS = 4


@cache
def class_table() -> NDArray[np.uint8]:
    """The class of each code point of the basic plane: 0 other Han, 3 other marks, 4… functional."""
    table = np.full(1 << 16, 3, dtype=np.uint8)
    for low, high in ((0x3007, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000)):
        table[low:high] = 0
    for number, characters in enumerate(FUNCTIONAL):
        for c in characters:
            table[ord(c)] = FIRST_CLASS + number
    return table
