"""Numbers and quarters that could be two things, told apart by what they are and stand behind.

Shenzhen writes some of this in a way of its own (see ``data/gazetteer/README.md``): there a quarter
in which buildings stand is a community, elsewhere the place that they stand in.
"""

import re

from blockdata.address.levels import Level
from blockdata.address.parsing.above import city_codes
from blockdata.address.parsing.prefix import Piece

_DOOR = re.compile("[0-9]+号")
# A side lane is counted from 1; a lane that takes a number of the road is numbered like doors.
_SIDE_LANE = re.compile("[0-9]{1,2}弄")
_DOOR_AND_HOUSE = re.compile("([0-9]+)-([0-9]{3,})号")
_HOUSING = re.compile("(?:小区|花园|家园|花苑|苑|公寓|住宅区|山庄|名城|华庭|豪庭)$")
_DIVISION_ENDS = ("社区", "村", "会", "街道", "镇", "乡", "办", "办事处")
_QUARTERS = frozenset({"street", "community"})
_HOME = "4403"
_SHANGHAI = "31"  # whose lanes, large and small, are numbered like doors and hold buildings


def settle_doors(text: str, pieces: list[Piece]) -> list[Piece]:
    """Apply the rules to the pieces of a normalised text."""
    kept: list[Piece] = []
    lanes = "弄" in text and not _lies_in_shanghai(text, pieces)
    for place, (start, end, tagged, rule) in enumerate(pieces):
        after = pieces[place + 1][2] if place + 1 < len(pieces) else None
        level, why = tagged, rule
        if tagged in _QUARTERS and after in ("building", "unit", "subpoi"):
            if _holds_buildings(text[start:end], tagged, after) and _is_away(text, pieces):
                level, why = "poi", "what stands behind is in it"
        elif kept and text[end - 1] in "号弄":
            level, why = _numbered(text, kept[-1], (start, end, tagged, rule), lanes=lanes)
        houses = level == "number" and _DOOR_AND_HOUSE.fullmatch(text, start, end)
        if houses and int(houses[2]) < int(houses[1]):
            kept += _cut(start, houses.end(1), end)
        else:
            kept.append((start, end, level, why))
    return kept


def _holds_buildings(words: str, level: Level, after: Level | None) -> bool:
    """A quarter with parts, or without an ending and with buildings right behind it."""
    if after == "subpoi":
        return level == "community"
    return not words.endswith(_DIVISION_ENDS)


def _is_away(text: str, pieces: list[Piece]) -> bool:
    """Whether the address names a city or district, and none of Shenzhen."""
    codes = _cities(text, pieces)
    return bool(codes) and _HOME not in codes


def _lies_in_shanghai(text: str, pieces: list[Piece]) -> bool:
    return any(code.startswith(_SHANGHAI) for code in _cities(text, pieces))


def _cities(text: str, pieces: list[Piece]) -> frozenset[str]:
    said = {level: text[a:b] for a, b, level, _ in reversed(pieces)}
    return city_codes(said)


def _numbered(text: str, before: Piece, piece: Piece, *, lanes: bool) -> tuple[Level, str]:
    """The level of …弄 and …号, and why."""
    start, end, level, rule = piece
    first, last, above, _ = before
    if lanes and above == "road" and level == "number" and _SIDE_LANE.fullmatch(text, start, end):
        return "road", "a side lane"
    door = _DOOR.fullmatch(text, start, end)
    if lanes and door and level == "building" and above == "road":
        if _SIDE_LANE.fullmatch(text, first, last):
            return "number", "a door of a side lane"
    elif door and above == "poi" and level in ("number", "unit", "room"):
        is_housing = _HOUSING.search(text, first, last)
        return ("building", "a house of an estate") if is_housing else (level, rule)
    return level, rule


def _cut(start: int, middle: int, end: int) -> list[Piece]:
    """817-165号: a door's parts are few, so a large second number is a house's."""
    rule = "a door and a house"
    return [
        (start, middle, "number", rule),
        (middle, middle + 1, "remark", rule),
        (middle + 1, end, "building", rule),
    ]
