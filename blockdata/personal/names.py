"""Names of people, told by the words around them and by family names.

Nothing but context tells a name from a road or an estate: 王先生, 联系人张三, 李四 beside a number
of a telephone. A word that ends like a place (管理处, 黄田村), or that is one (石岩), is none.
"""

import re
from collections.abc import Iterator

from blockdata.personal.kinds import Finding
from blockdata.personal.places import is_community, is_division
from blockdata.personal.words import (
    COMMON_FAMILY_NAMES,
    HONORIFICS,
    LONG_FAMILY_NAMES,
    NO_NAMES,
    OTHER_ENDS,
    OTHER_FAMILY_NAMES,
    OTHER_LABELS,
    PERHAPS_PLACE_ENDS,
    PLACE_ENDS,
    SURE_LABELS,
)

_HAN = "\u3400-\u9fff"
_COMMON = f"[{COMMON_FAMILY_NAMES}]"
_SUR = f"(?:{'|'.join(LONG_FAMILY_NAMES)}|[{COMMON_FAMILY_NAMES}{OTHER_FAMILY_NAMES}])"
_NAME = f"(?:{_SUR}[{_HAN}]{{1,2}}?)"
# 世家, 人家, 之家 are names of estates and shops.
_HOMES = "世人之名大皇全农渔居酒管儿"
_HOME = "家(?![电具居装政常乡园私纺庭用])"
# What may follow a name: nothing, no Han character, or a word that goes on about the person.
_END = (
    rf"(?=$|[^{_HAN}]|电话|手机|座机|固话|联系|号码|微信|身份|先生|女士|小姐|师傅|收(?![{_HAN}])|签收|的|{_HOME}"
    r"|住|在|来电|称|说|报|求|要|接|已|反映|投诉)"
)
_SURE_LABEL = "|".join(SURE_LABELS)
_LABEL = "|".join([*SURE_LABELS, *OTHER_LABELS])
_LATIN = r"[A-Za-z][A-Za-z.'’\-]{1,20}(?:\s[A-Z][A-Za-z.'’\-]{0,20}){0,3}"
_HONORIFIC = "|".join(HONORIFICS)
_AFTER_HONORIFIC = rf"(?=$|[^{_HAN}]|[的住在电手说来要称报联接收签已反投求和与及]|{_HOME})"
_LABELLED = re.compile(
    rf"(?:{_LABEL})(?:是|叫|为|姓名)?\s?[:：]\s?(?P<it>[{_HAN}]{{2,4}}?(?:·[{_HAN}]{{1,8}})?{_END}|{_LATIN}"
    rf"|{_SUR}[{_HAN}])"
)
_BESIDE_LABEL = re.compile(rf"(?:{_LABEL})(?:是|叫|为)?[\s,，]?(?P<it>{_NAME}){_END}")
# Where an address begins right behind it, a name of three keeps its last character, for one of two
# would else take the address' first: 联系人张三海裕花园.
_SURELY_LABELLED = re.compile(rf"(?:{_SURE_LABEL})(?:是|叫|为)?\s?(?P<it>{_SUR}[{_HAN}])")
_SAID = re.compile(
    rf"(?:(?:我|本人)(?:是|叫)|[他她人]叫做?|名叫|(?<![{_HAN}])叫|找(?:一下|下)?|(?<![{_HAN}])是)"
    rf"(?P<it>{_NAME}){_END}"
)
_TITLED = re.compile(rf"(?:{_HONORIFIC}){_AFTER_HONORIFIC}")
_TITLE_FIRST = re.compile(rf"(?:先生|女士|小姐|太太)[:：\s]*(?P<it>{_NAME}){_END}")
_RECEIVER = re.compile(rf"(?P<it>{_COMMON}[{_HAN}]{{1,2}})收(?=[^{_HAN}]|$)")  # 刘莹收
# Before a name: nothing, a mark, the end of an address, a word that brings it.
_BOUNDARY = re.compile(
    rf"(?:^|[^{_HAN}]|[{PLACE_ENDS}]|[是叫找名人主东户客属者给向由和与]|单元|附近|对面|旁边?|里面|内)$"
)
_DOORS = "室房号栋幢楼层座户铺档元"
_NEAR = 20  # how far before a number its name may begin
_BETWEEN = r"[\s,，、:：()（）/|\-]*"
_MARK = rf"^|[^{_HAN}·]|(?<=[{_DOORS}])"
_BEFORE_NUMBER = re.compile(
    rf"(?P<label>(?:{_LABEL}){_BETWEEN})?(?:(?P<mark>{_MARK})|(?<=[{PLACE_ENDS}镇乡县城]))"
    rf"(?P<it>{_SUR}[{_HAN}]{{1,2}}?)收?{_BETWEEN}$"
)
# A word of its own behind a door, and whose home it is: 501,王小明 and 王小明家.
_BEHIND_DOOR = re.compile(
    rf"\d[{_DOORS}]?\s?[,，、;；:：\s]\s?(?P<it>{_COMMON}[{_HAN}]{{1,2}})(?=收?(?:$|[,，、;；。]))"
)
_WHOSE_HOME = re.compile(
    rf"(?:^|[\d{_DOORS},，、;；:：\s])(?P<it>{_COMMON}[{_HAN}]{{2}})(?<![{_HOMES}])家(?=里?$)"
)
_AFTER_NUMBER = re.compile(
    rf"{_BETWEEN}(?:[(（]?)(?P<it>{_SUR}[{_HAN}]{{1,2}})(?=收?(?:$|[^{_HAN}·]))"
)


def find_names(plain: str, numbers: list[Finding]) -> list[Finding]:
    """The names in a folded text; ``numbers`` are its details that are numbers."""
    found = []
    for pattern in (_LABELLED, _BESIDE_LABEL, _SURELY_LABELLED, _SAID, _TITLE_FIRST, _RECEIVER):
        sure = pattern in (_LABELLED, _SURELY_LABELLED)
        for match in pattern.finditer(plain):
            if _is_name(match["it"], sure=sure):
                end = match.end() if pattern is _RECEIVER else match.end("it")
                found.append(Finding("name", match.start(), end))
    for pattern in (_BEHIND_DOOR, _WHOSE_HOME):
        found += [
            Finding("name", match.start("it"), match.end())
            for match in pattern.finditer(plain)
            if _stands_alone(match["it"], marked=True) and not is_community(match["it"])
        ]
    found += _titled(plain)
    for number in numbers:
        if number.kind != "plate":
            found += _beside(plain, number)
    return found


def _titled(plain: str) -> Iterator[Finding]:
    """王小明先生: the name begins at a boundary, else as far off as a common family name does."""
    for title in _TITLED.finditer(plain):
        at = title.start()
        starts = [
            begin
            for begin in range(max(0, at - 4), at)
            if re.fullmatch(f"{_SUR}[{_HAN}]{{0,2}}", plain[begin:at])
        ]
        named = [begin for begin in starts if not is_division(plain[begin : begin + 2])]
        clear = [begin for begin in named if _ends_a_word(plain[max(0, begin - 4) : begin])]
        common = [begin for begin in named if plain[begin] in COMMON_FAMILY_NAMES]
        for begin in (clear or common or named)[:1]:
            yield Finding("name", begin, title.end())


def _ends_a_word(before: str) -> bool:
    """Whether a name may begin behind these words."""
    return bool(_BOUNDARY.search(before)) or is_division(before[-2:])


def _beside(plain: str, number: Finding) -> Iterator[Finding]:
    """李四 13800138000, or the other way round."""
    near = max(0, number.start - _NEAR)
    before = _BEFORE_NUMBER.search(plain[near : number.start])
    if before and _stands_alone(before["it"], marked=before["mark"] is not None):
        begins = before.start("label" if before["label"] else "it")
        yield Finding("name", near + begins, number.start)
    after = _AFTER_NUMBER.match(plain, number.end)
    if after and _stands_alone(after["it"], marked=True):
        yield Finding("name", *after.span("it"))


def _stands_alone(words: str, *, marked: bool) -> bool:
    """Whether a word beside a number is a name: no place is called so.

    Behind a mark (a comma, the end of a door) only a division is a place; behind the name of a
    division or an estate it may be a village, and the family name must be a common one.
    """
    if not _is_name(words) or is_division(words):
        return False
    return marked or (words[0] in COMMON_FAMILY_NAMES and not is_community(words))


def _is_name(words: str, *, sure: bool = False) -> bool:
    """Whether a word that begins like a name is one: it is no role, and does not end as a place."""
    ends = OTHER_ENDS + PLACE_ENDS + ("" if sure else PERHAPS_PLACE_ENDS)
    return words not in NO_NAMES and words[:2] not in NO_NAMES and words[-1] not in ends
