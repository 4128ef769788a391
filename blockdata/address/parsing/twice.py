"""A prefix that is said twice: 广东省深圳市广东省深圳市宝安区…, and which of the two counts.

Forms that fill in the divisions leave such prefixes where people have written them as well. Read
with both, the tagger mixes the two, so the superfluous one is set apart before. The one that says
more counts; of two that say the same the first does.
"""

import re
from functools import cache
from typing import NamedTuple

from blockdata.address.parsing.gazetteer import divisions, short_name
from blockdata.address.parsing.prefix import Piece

_HAN = "㐀-䶿一-鿿"
_BEFORE = 16  # characters before the first name that comes again
# Two characters that come again further on: without such there is nothing to look for.
_HINT = re.compile(f"^.{{0,{_BEFORE}}}?([{_HAN}]{{2}}).{{0,24}}?\\1")
# What stands between the names of a prefix.
_BETWEEN = re.compile(r"(?:NULL|其[它他]区|市辖区|[-_ ,/])+")
_COUNTRY = re.compile("(?:中国)?")
# Behind a short name these begin something else: 上海路, 南山大道, 金华镇.
_GOES_ON = frozenset("路街道大镇乡村社新东西南北中一二三四五六七八九十")
_LONGEST = 15
_RULE = "a prefix that is said twice"
# A name's levels, each with the name's short form.
_Meanings = frozenset[tuple[str, str]]
_MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})
_RANK = {"province": 0, "city": 1, "district": 2}


class _Name(NamedTuple):
    """A division's name in a text."""

    start: int
    end: int
    words: str
    meanings: _Meanings
    full: bool

    @property
    def may_be_province(self) -> bool:
        return any(level == "province" for level, _ in self.meanings)


def said_twice(text: str) -> list[Piece]:
    """The superfluous prefixes of a normalised text, with the marks behind them, as remarks."""
    if not _HINT.match(text):
        return []
    names = _prefix(text)
    found: list[Piece] = []
    while cut := _superfluous(names):
        first, last = cut
        end = names[last - 1].end
        marks = _BETWEEN.match(text, end)
        found.append((names[first].start, marks.end() if marks else end, "remark", _RULE))
        del names[first:last]
    return found


def _superfluous(names: list[_Name]) -> tuple[int, int] | None:
    """Which names (from, to) are superfluous; None where none are."""
    again = _first_again(names)
    if again is None:
        return None
    start, middle = again
    end = next(
        (k for k in range(middle + 1, len(names)) if _same(names[middle], names[k])), len(names)
    )
    first, second = names[start:middle], names[middle:end]
    if any(name.may_be_province for name in first[1:]):  # the prefix began anew before
        return None
    if _all_said(first, second) and len(second) > len(first):
        doubled = first[0].words == second[0].words
        return (start, middle) if second[len(first)].full or doubled else None
    if len(second) > 1 and _all_said(second, first):
        alike = len(second) == len(first)
        fuller = alike and _length(second) > _length(first)
        return (start, middle) if fuller else (middle, end)
    return None


def _length(names: list[_Name]) -> int:
    return sum(len(name.words) for name in names)


def _first_again(names: list[_Name]) -> tuple[int, int] | None:
    """The first name that comes again, and where it does."""
    for k, one in enumerate(names):
        for m in range(k + 1, len(names)):
            if _same(one, names[m]) and not (m == k + 1 and _is_municipality(one)):
                return k, m
    return None


def _same(one: _Name, other: _Name) -> bool:
    """Whether both name one division; 吉林, 吉林市 are a province and its city."""
    if not _agree(one, other):
        return False
    lowest = min(_RANK[level] for level, _ in other.meanings)
    return all(_RANK[level] >= lowest for level, _ in one.meanings - other.meanings)


def _all_said(some: list[_Name], others: list[_Name]) -> bool:
    return all(any(_agree(one, other) for other in others) for one in some)


def _agree(one: _Name, other: _Name) -> bool:
    """Whether both may name one division: 文登 may be 文登区 or 文登市, but these are two."""
    differ = one.full and other.full and one.words != other.words
    return bool(one.meanings & other.meanings) and not differ


def _is_municipality(name: _Name) -> bool:
    return any(short in _MUNICIPALITIES for _, short in name.meanings)


def _prefix(text: str) -> list[_Name]:
    """The divisions in front of an address, one after the other."""
    match = _COUNTRY.match(text)
    at = match.end() if match else 0
    names: list[_Name] = []
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
            continue
        name = _name_at(text, at)
        if name is None:
            break
        names.append(name)
        at = name.end
    return names


def _name_at(text: str, start: int) -> _Name | None:
    known = _meanings()
    for end in range(min(start + _LONGEST, len(text)), start + 1, -1):
        found = known.get(text[start:end])
        if found:
            meanings, full = found
            if full or text[end : end + 1] not in _GOES_ON:
                return _Name(start, end, text[start:end], meanings, full)
    return None


@cache
def _meanings() -> dict[str, tuple[_Meanings, bool]]:
    """What each name of a division means, and whether it is one in full."""
    said: dict[str, set[tuple[str, str]]] = {}
    full = set()
    for row in divisions():
        if row.level not in _RANK or row.name.endswith("开发区"):
            continue
        short = short_name(row.level, row.name) or row.name
        full.add(row.name)
        for name in (row.name, short):
            if len(name) > 1:
                said.setdefault(name, set()).add((row.level, short))
    return {name: (frozenset(some), name in full) for name, some in said.items()}
