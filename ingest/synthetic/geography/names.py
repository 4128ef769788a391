"""Made-up names in Chinese, and their English by pinyin."""

import numpy as np
from pypinyin import lazy_pinyin

from blockdata.text import Text

_FIRST = "安宝碧长朝辰承春翠丹德东恩丰芳凤福冠光桂海翰和恒宏华怀惠吉嘉建金锦景康昆兰乐莲龙隆茂明南宁鹏平启庆泉荣瑞润盛顺松泰天同万文祥向新兴星秀旭雅阳宜益银永玉裕云泽振正志中紫"  # noqa: E501
_SECOND = "安边城川岛堤墩峰岗港谷海涵和湖华汇基江涧郊景坑兰朗里岭楼门明鸣南屏坪浦桥泉沙山善社石树水松塘田头湾围屋溪乡心星秀阳业园月涌洲庄"  # noqa: E501
_SUFFIXES = {
    "社区": "",
    "街道": "",
    "大道": " Avenue",
    "路": " Road",
    "街": " Street",
    "巷": " Alley",
    "高速": " Expressway",
}
_DIGITS = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """A number of 1 … 99 as Chinese writes it: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


def english(name_zh: str) -> str:
    """The English of a Chinese name: pinyin of its stem, with the kind of road in English."""
    stem, tail = name_zh, ""
    for suffix, word in _SUFFIXES.items():
        if name_zh.endswith(suffix) and len(name_zh) > len(suffix):
            stem, tail = name_zh.removesuffix(suffix), word
            break
    return "".join(lazy_pinyin(stem)).capitalize() + tail


def both(name_zh: str) -> Text:
    """A name in both languages."""
    return Text(name_zh, english(name_zh))


def make_stems(count: int, rng: np.random.Generator, taken: set[str]) -> list[str]:
    """``count`` different two-character stems, none of them in ``taken``."""
    pairs = [a + b for a in _FIRST for b in _SECOND if a != b and a + b not in taken]
    return [pairs[i] for i in rng.permutation(len(pairs))[:count]]
