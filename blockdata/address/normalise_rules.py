"""What the normaliser rewrites, in order: one table of characters, then one list of rules.

When is a Chinese numeral a number? When a *counter* follows it: 三栋二单元, 二、三楼, 五组, 二期.
Before any other word it is part of a name and stays: 固戍一路, 三围社区, 七星, 廿三里. The other
way round, digits inside a name become numerals, so that 宝民1路 and 宝民一路 are one name.

Rules see many addresses at once, one a line, so none may match across a line break.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.numerals import NUMERALS, to_han, to_number

HAN = "㐀-䶿一-鿿〇"
_N = NUMERALS
_ALNUM = "A-Z0-9"
_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# the heavenly stems, which tell houses of one number apart: 8号甲
STEMS = "甲乙丙丁戊己庚辛"
_SPOKEN_ROOM = 3  # rooms of so many digits are spoken one by one: 五零二
_COUNTER = "(?:号|栋|幢|座|单元|室|房|层|楼|弄|梯|组|队|期|区|巷|排|户|网格|#)"
# … unless the counter is itself the start of a name: 一号路, 三楼村, 二号桥.
_NO_NAME = "(?!村|镇|乡|街|路|社区|大道|线|桥|水库|公路|地块)"


class Rule(NamedTuple):
    """One rewrite: where ``pattern`` matches, ``replace`` says what is written instead.

    ``needs`` and ``beside`` let a batch skip addresses that cannot match: of each string in
    ``needs`` one character must be present, and of one pair in ``beside`` a character of the first
    string must stand right before one of the second (a line break stands at both ends of a text).
    """

    name: str
    pattern: re.Pattern[str]
    replace: str | Callable[[re.Match[str]], str]
    needs: tuple[str, ...]
    beside: tuple[tuple[str, str], ...] = ()


def _number(match: re.Match[str]) -> str:
    value = to_number(match[1])
    return match[0] if value is None else str(value)


def _spoken(match: re.Match[str]) -> str:
    value = to_number(match[0])
    return match[0] if value is None else str(value)


def _sub_number(match: re.Match[str]) -> str:
    """23号之一 → 23-1号; of 23号之一五楼 the 五 is the storey's."""
    door, run, again = match.groups()
    follows = match.string[match.end() : match.end() + 1]
    if again and follows and follows in "楼栋幢座房室":  # 23之2号楼: a building's number
        return match[0]
    inside = not again and follows != "" and follows in "楼层室房栋幢座单梯F"
    rest = ""
    if inside and (door or follows in "楼层室房"):
        run, rest = _parted(run, rooms=follows in "室房")
    value = run if run[:1].isascii() else to_number(run)
    if not run or value is None:
        return match[0]
    # what follows must not melt into the number
    ends = door or again or rest or (follows and follows in f"{_DIGITS}{_CAPITALS}{_N}")
    return f"-{value}{'号' if ends else ''}{rest}"


def _parted(run: str, *, rooms: bool) -> tuple[str, str]:
    """The shortest head of a run of numerals that leaves one number, of a storey or room."""
    for at in range(1, len(run)):
        head, rest = run[:at], run[at:]
        counted = len(rest) == 1 or any(c in "十拾百廿" for c in rest)
        spoken = rooms and len(rest) >= _SPOKEN_ROOM
        if to_number(head) is not None and to_number(rest) is not None and (counted or spoken):
            return head, rest
    return "", run


def _name_numeral(match: re.Match[str]) -> str:
    return to_han(int(match[0]))


INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_EDGE_MARKS = "-,.;:/、~"
MARKS = _EDGE_MARKS + "#"
# Stands in ``needs`` for what no single character tells.
REPEATED = "something is said twice in a row"

DIVISION_ENDS = "省市区县旗镇道"
# 浙江宁波市宁波市: behind a province for short a level starts as it does behind one in full.
_SHORT_PROVINCES = (
    "河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|"
    "西藏|陕西|甘肃|青海|宁夏|新疆"
)
_LEVEL_STARTS = f"(?:^|(?<=[省市区县])|(?<=^(?:{_SHORT_PROVINCES}))|(?<=^(?:内蒙古|黑龙江)))"
_PREFIX = f"[{HAN}]{{1,7}}?[省市区县旗]"
_PREFIX_TAIL = f"[{HAN}]{{1,7}}?[省市区县旗镇道]"

RULES: tuple[Rule, ...] = (
    Rule("invisible", re.compile(f"[{INVISIBLE}]+"), "", (INVISIBLE,)),
    Rule(
        # a space stays as a single one between two Han characters or two letters or digits only
        "space",
        re.compile(
            f" (?= )|(?<![{HAN}{_ALNUM} ]) |(?<![{HAN} ]) (?![{_ALNUM} ])"
            f"|(?<![{_ALNUM} ]) (?![{HAN} ])| (?![{HAN}{_ALNUM} ])"
        ),
        "",
        (" ",),
    ),
    # 2一9号: a stroke typed as the numeral that looks like it
    Rule("stroke", re.compile("(?<=[0-9])一(?=[0-9])"), "-", ("一",), ((_DIGITS, "一"),)),
    Rule("repeated-mark", re.compile(rf"([{MARKS}])(?:\1)+"), r"\1", (MARKS,), ((MARKS, MARKS),)),
    Rule(
        "edge-mark",
        re.compile(f"(?m)^[{_EDGE_MARKS}]+|[{_EDGE_MARKS}]+$"),
        "",
        (_EDGE_MARKS,),
        (("\n", _EDGE_MARKS), (_EDGE_MARKS, "\n")),
    ),
    Rule(
        # lamp posts are a locating scheme of their own: one word, and their number as on the post
        "lamp-post",
        re.compile(
            # 固戍一路灯杆: the 路 is the road's
            f"(?:智慧路?|(?<=[路街道巷])路|(?<![{HAN}])路)?灯[杆柱]?(?:编号|号)?[:#]?"
            f"([A-Z]{{0,6}})-?([0-9]{{2,}}(?:-[0-9]+)*)号?(?![{_ALNUM}栋幢座])"
        ),
        r"灯杆\1\2",
        ("灯",),
    ),
    Rule(
        # one level said twice inside a prefix: the first stays, the second says nothing new
        "repeated-level",
        re.compile(f"(?<=[省市区县])([{HAN}]{{1,7}}?[市区县旗])(?:[ ,-]?\\1)+"),
        r"\1",
        (REPEATED, "市区县旗"),
    ),
    Rule(
        "repeated-prefix",
        re.compile(f"(?m){_LEVEL_STARTS}((?:{_PREFIX})(?:{_PREFIX_TAIL}){{0,3}}?)[ ,-]?\\1"),
        r"\1",
        (REPEATED, "省市区县旗"),
    ),
    Rule(
        # 杭州 杭州市 → 杭州市; 吉林 is both the province and its city, 绍兴 绍兴县 are two levels
        "short-before-full",
        re.compile(f"(?m){_LEVEL_STARTS}(?!吉林)([{HAN}]{{2,4}})[ ,-]?(?=\\1[省市区])"),
        "",
        (REPEATED, "省市区"),
    ),
    Rule(
        "sub-number",
        re.compile(f"(?:(?<=[0-9])|(?<=[0-9][A-Z])(?=号))(号?)之([0-9]+[A-Z]?|[{_N}]+)(号?)"),
        _sub_number,
        ("之",),
        ((_DIGITS + _CAPITALS + "号", "之"),),
    ),
    Rule(
        "numeral",
        re.compile(
            f"(?<![{_N}0-9])第?(?!二七区)([{_N}]+)(?=(?:[、\\-至到~和][0-9{_N}]+){{0,4}}{_COUNTER}{_NO_NAME})"
        ),
        _number,
        (_N, "号栋幢座元室房层楼弄梯组队期区巷排户网#"),
        ((_N, "号栋幢座单室房层楼弄梯组队期区巷排户网#、-至到~和"),),
    ),
    Rule(
        # 1~3号, 1至3号, 1号-3号: one number of the register
        "range",
        re.compile("(?<=[0-9])(?:号?[~至到]|号-)(?=[0-9]+号(?![楼栋幢座房室线路]))"),
        "-",
        ("~至到-", "号", _DIGITS),
        ((_DIGITS + "号", "~至到"), ("号", "-")),
    ),
    Rule(
        # 8甲号 is 8号甲
        "stem",
        re.compile(f"(?<=[0-9])([{STEMS}])号(?![{HAN}])"),
        r"号\1",
        (STEMS, "号"),
        ((_DIGITS, STEMS),),
    ),
    Rule(
        # 地下一层, B1层: one word for storeys below the ground
        "basement",
        re.compile(f"(?:地下负?|(?<![{_ALNUM}])B)([1-9])(?=层)"),
        r"负\1",
        ("下B", "层", _DIGITS),
        (("下负B", _DIGITS),),
    ),
    Rule(
        "spoken-number",
        re.compile(f"(?<=[元栋座幢楼层梯])[{_N}]{{3,4}}(?![{HAN}])"),
        _spoken,
        ("元栋座幢楼层梯", _N),
        (("元栋座幢楼层梯", _N),),
    ),
    Rule("ordinal", re.compile(f"第([0-9]+)(?={_COUNTER}{_NO_NAME})"), r"\1", ("第",)),
    Rule(
        "ordinal-name",
        re.compile(f"(?<=第)[1-9][0-9]?(?=[{HAN}])"),
        _name_numeral,
        ("第",),
        (("第", _DIGITS),),
    ),
    Rule(
        "road-numeral",
        re.compile(f"(?<=[{HAN}])(?<![号栋幢座楼层室房期区第])[1-9][0-9]?(?=号?(?:路|街)|大道)"),
        _name_numeral,
        ("路街道", _DIGITS),
        ((_DIGITS + "号", "路街大"),),
    ),
    Rule(
        "leading-zero",
        re.compile(r"(?<![0-9A-Z.\-])0+([1-9])(?=[0-9]*(?:栋|幢|座|单元|号))"),
        r"\1",
        ("0", "栋幢座元号"),
        (("0", _DIGITS),),
    ),
    Rule(
        "door-mark",
        re.compile("(?<=[路街巷道弄里])([0-9]+)#(?!楼|栋|幢|座)"),
        r"\1号",
        ("#",),
        ((_DIGITS, "#"),),
    ),
    Rule(
        "building-word",
        re.compile("(?<=[0-9A-Z])(?:[号#](?:栋|幢|座)楼?|[号#]楼|#|幢|座|栋楼)(?![梯上下顶道])"),
        "栋",
        ("#楼幢座栋",),
        (("号#", "栋幢座楼"), (_DIGITS + _CAPITALS, "#幢座"), ("栋", "楼")),
    ),
    Rule("building-mark", re.compile("#([0-9]+)栋?"), r"\1栋", ("#",), (("#", _DIGITS),)),
    Rule(
        "room-word",
        re.compile("(?:(?<=[0-9])|(?<=[0-9][A-Z]))(?:房间|号房|号室|房(?![屋产东间管地号]))"),
        "室",
        ("房室",),
        ((_DIGITS + _CAPITALS, "房"), ("号", "房室")),
    ),
    Rule(
        "floor-word",
        re.compile("(?<=[0-9])(?:F(?![A-Z0-9])|楼(?![梯上下顶道村镇乡])|层楼)"),
        "层",
        ("F楼",),
        ((_DIGITS, "F楼"), ("层", "楼")),
    ),
)


_PUNCTUATION = {
    "—": "-", "–": "-", "―": "-", "‐": "-", "‑": "-", "−": "-", "﹣": "-", "─": "-", "ー": "-",
    "〜": "~", "∼": "~", "，": ",", "。": ".", "．": ".", "・": ".", "·": ".", "；": ";", "：": ":",
    "【": "(", "】": ")", "〔": "(", "〕": ")", "［": "(", "］": ")", "{": "(", "}": ")",
    "[": "(", "]": ")", "「": "(", "」": ")", "〈": "(", "〉": ")", "《": "(", "》": ")",
    "“": '"', "”": '"', "＂": '"', "‘": "'", "’": "'", "＇": "'", "＃": "#", "№": "#", "♯": "#",
    "_": " ", "|": " ", "\t": " ", "\u3000": " ", "\u00a0": " ", "○": "〇",
}  # fmt: skip


class CharacterTable(NamedTuple):
    """One-to-one rewrites: the character for each code point, and the rule that says so."""

    to: NDArray[np.uint32]
    rule: dict[int, str]


@cache
def character_table() -> CharacterTable:
    """Full-width to half, small letters to capitals, traditional to simplified, marks and spaces.

    A traditional character is rewritten only if GB 2312 lacks it: those that both scripts use (乾,
    著) stand in simplified names too (乾安县), and must stay.
    """
    from opencc import OpenCC

    to = np.arange(0x110000, dtype=np.uint32)
    rule: dict[int, str] = {}

    def write(source: int, target: str, name: str) -> None:
        if source != ord(target):
            to[source], rule[source] = ord(target), name

    han = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    for old, new in zip(han, simple, strict=True):
        if len(new) == 1 and new != old and not _in_gb2312(old):
            write(ord(old), new, "traditional")
    for c in range(0xFF01, 0xFF5F):
        write(c, chr(c - 0xFEE0).upper(), "full-width")
    for c in range(ord("a"), ord("z") + 1):
        write(c, chr(c).upper(), "case")
    for c in range(1, 10):
        write(0x245F + c, str(c), "circled")
    for old, new in _PUNCTUATION.items():
        write(ord(old), new, "mark")
    for c in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *range(0x2000, 0x200B),
        0x2028,
        0x2029,
        0x202F,
        0x205F,
    ):
        write(c, " ", "space")
    return CharacterTable(to, rule)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
