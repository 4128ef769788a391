"""What is set apart before an address is tagged: numbers that name no house.

Postcodes, telephone numbers and kilometre posts have forms of their own; among houses and rooms
they are taken for these, or turn what stands around them into something else. They are cut out
first, and what is left is tagged as if they had not been there.
"""

import re
from collections.abc import Iterator

from blockdata.address.levels import Level
from blockdata.address.parsing.above import levels_above
from blockdata.address.parsing.prefix import Piece
from blockdata.address.parsing.roads import put
from blockdata.address.parsing.twice import said_twice

_HAN = "㐀-䶿一-鿿〇"
_MARKS = " ,.;:、/-"
# One of these is in every text of which something is set apart.
_HINT = re.compile("[0-9]{6}|[0-9]{3}-?[0-9]{4}|公里|千米|K[0-9]|[0-9]KM|桩|电话")
_LONG_NUMBER = re.compile("[0-9](?:[ ()-]{0,2}[0-9]){6}")

_POSTCODE = re.compile(
    r"\(?(?:邮政编码|邮编|邮码)[:]?[0-9]{6}(?![0-9])\)?|\([0-8][0-9]{5}\)"
    f"|^[0-8][0-9]{{5}}(?=[{_MARKS}]?[{_HAN}])(?![号室栋层楼弄房米元])"
)
_METRES = "[0-9]{1,3}(?:米|M(?![A-Z]))?"
_KILOMETRES = r"[0-9]{1,4}(?:\.[0-9]{1,3})?(?:公里|千米|KM)"
_POST = re.compile(
    # K2876+300, 桩号K12; without metres or 桩号 only behind a trunk road: 商场K12 is a shop
    f"(?:(?:里程)?桩号?:?)?(?:[DZY]?K|(?<=桩号)|(?<=桩号:))[0-9]{{1,4}}[+]{_METRES}处?"
    "|(?:里程)?桩号:?[DZY]?K?[0-9]{1,4}处?"
    "|(?<=[高国省县乡公快][速道路])K[0-9]{1,4}(?![A-Z0-9-])处?"
    f"|(?<=[高国省县乡公快][速道路]){_KILOMETRES}(?:[加+]?{_METRES})?(?:路段|处|桩)?"
)

# 1048室223002, …西区6栋1363_321200
_LAST_SIX = re.compile(
    f"(?P<before>[{_HAN}A-Z0-9])[{_MARKS}]*(?<![0-9-])(?P<code>[0-8][0-9]{{5}})$"
)
# The first two digits of postcodes by province, as the post gives them.
_POSTED_TO = {
    digits: province
    for province, some in {
        "内蒙古": "01 02", "山西": "03 04", "河北": "05 06 07", "北京": "10", "辽宁": "11 12",
        "吉林": "13", "黑龙江": "15 16", "上海": "20", "江苏": "21 22", "安徽": "23 24",
        "山东": "25 26 27", "天津": "30", "浙江": "31 32", "江西": "33 34", "福建": "35 36",
        "重庆": "40", "湖南": "41 42", "湖北": "43 44", "河南": "45 46 47", "广东": "51 52",
        "广西": "53 54", "贵州": "55 56", "海南": "57", "四川": "61 62 63 64", "云南": "65 66 67",
        "陕西": "71 72", "甘肃": "73 74", "宁夏": "75", "青海": "81", "新疆": "83 84",
        "西藏": "85 86",
    }.items()
    for digits in some.split()
}  # fmt: skip


def set_apart(text: str) -> list[Piece]:
    """Postcodes, telephone numbers and kilometre posts of a normalised text, in their order.

    Marks that stand between them and the rest are remarks.
    """
    twice = said_twice(text)
    if not (twice or _HINT.search(text)):
        return []
    found: list[Piece] = []
    for start, end, level, rule in sorted([*twice, *_found(text)]):
        if found and start < found[-1][1]:
            continue
        before = len(text[:start].rstrip(_MARKS)) if end == len(text) else start
        after = end + len(text[end:]) - len(text[end:].lstrip(_MARKS)) if start == 0 else end
        spans: tuple[Piece, ...] = (
            (before, start, "remark", rule),
            (start, end, level, rule),
            (end, after, "remark", rule),
        )
        found += [piece for piece in spans if piece[0] < piece[1]]
    return found


def _found(text: str) -> Iterator[Piece]:
    level: Level
    for level, rule, pattern in (
        ("postcode", "a postcode", _POSTCODE),
        ("kilometre_post", "words of a kilometre post", _POST),
    ):
        for match in pattern.finditer(text):
            yield (*match.span(), level, rule)
    if "电话" in text or _LONG_NUMBER.search(text):
        from blockdata.personal.numbers import find_numbers

        for kind, start, end in find_numbers(text):
            if kind == "phone":
                yield start, end, "remark", "a telephone number"


def postcode_behind(text: str, pieces: list[Piece]) -> list[Piece]:
    """Six digits at the end are a postcode where the address lies in the province that it names.

    Where no province follows from the address, they are one behind a door or room in full.
    """
    end = len(text)
    while match := _LAST_SIX.search(text, 0, end):
        said = {level: text[a:b] for a, b, level, _ in reversed(pieces)}
        province = said.get("province") or levels_above(said).get("province")
        posted = _POSTED_TO.get(match["code"][:2])
        in_full = match["before"] in "号室层"
        if posted is None or not (province.startswith(posted) if province else in_full):
            break
        start = match.start("code")
        pieces = put(pieces, (start, end, "postcode", "a postcode of its province"))
        end = match.end("before")
        if end < start:
            pieces = put(pieces, (end, start, "remark", "a postcode of its province"))
    return pieces


def without(text: str, apart: list[Piece]) -> str:
    """The text without the pieces."""
    at, kept = 0, []
    for start, end, _, _ in apart:
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])


def put_back(pieces: list[Piece], apart: list[Piece]) -> list[Piece]:
    """The pieces of the text without ``apart``, and these, in their places in the whole text."""
    for low, high, level, rule in apart:
        moved: list[Piece] = []
        for start, end, old, why in pieces:
            if start < low < end:  # it was cut in two
                moved += [(start, low, old, why), (high, end + high - low, old, why)]
            else:
                by = high - low if start >= low else 0
                moved.append((start + by, end + by, old, why))
        pieces = sorted([*moved, (low, high, level, rule)])
    return pieces
