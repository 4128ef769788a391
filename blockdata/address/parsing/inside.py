"""What the words inside a place are: buildings, floors, rooms and parts, whatever they look like.

The rules go by the words themselves and by what stands right before them.
"""

import re
from functools import cache

from blockdata.address.levels import Level
from blockdata.address.parsing.above import city_codes
from blockdata.address.parsing.gazetteer import communities, divisions, quarters, short_name
from blockdata.address.parsing.prefix import Piece

_HAN = "㐀-䶿一-鿿"
_WORKS = re.compile(f"[{_HAN}]*(?:科技园区?|工业园区?|工业区|产业园|软件园|创业园)")
_ZONE = re.compile(f"[{_HAN}]+(?:保税区|开发区|合作区)")
_BUILDING = re.compile("[A-Z0-9]+(?:-[A-Z0-9]+)?栋")
_DOOR = re.compile("[0-9]+(?:[、,-][0-9]+)*号")
_ALL_OF_IT = re.compile("[整全][层栋幢套座]")
_SUB_NUMBER = re.compile("之(?:[0-9]+|[一二三四五六七八九十]+)")
_ROOM_BY_ORDER = re.compile("第?(?:[0-9]+|[一二三四五六七八九十]+)间")
_NAMELESS_ROAD = re.compile("[东南西北中前后]?(?:路|街|大道|巷)")
_ROOM_BEFORE_FLOORS = re.compile(r"([0-9]{3,4})([、,])((?:[0-9]{1,2}[、,至和-])*[0-9]{1,2}层)")
_TERMINAL = re.compile("T[0-9](?:航站楼)?")
_BELOW_GROUND = re.compile("[0-9]{1,2}层")
_NUMBERED_WORKS = re.compile("第[一二三四五六七八九十]+工业[区村邨园]")
_IN_QUARTER = re.compile(f"[{_HAN}]{{2,}}(?:大厦|工业区|工业园)")
_VILLAGE = re.compile(f"[{_HAN}]+(?<!行政)(?<!自然)村")
_HOME = frozenset({"4403"})  # where an address lies that names no city, for the tagger as well
_INSIDE = re.compile(
    r"\((?P<building>[A-Z]?[0-9]*栋)?(?P<unit>[0-9A-Z]{1,2}单元)?(?P<floor>[0-9]{1,2}层)?"
    r"(?P<room>[A-Z]?[0-9]+[A-Z]?室)?\)"
)
_INSIDE_LEVELS: tuple[Level, ...] = ("building", "unit", "floor", "room")
_PLACES = frozenset({"poi", "community", "street", "subpoi"})
_BUILT = frozenset({"building", "unit", "floor"})
_RULE = "by its words"


def settle_inside(text: str, pieces: list[Piece]) -> list[Piece]:
    """Apply the rules to the pieces of a normalised text."""
    kept: list[Piece] = []
    pieces = _names_whole(text, pieces)
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        if kept and _joined(text, kept, piece):
            continue
        cut = _cut_in_two(text, piece)
        if cut:
            kept += cut
            continue
        level = _level(text, kept, piece, after)
        kept.append(piece if level == piece[2] else (*piece[:2], level, _RULE))
    return kept


def _level(text: str, kept: list[Piece], piece: Piece, after: Piece | None) -> Level:
    start, end, level, _ = piece
    before = kept[-1][2] if kept else None
    found: Level = level
    if _ALL_OF_IT.fullmatch(text, start, end):
        found = "remark"
    elif level == "community" and _WORKS.fullmatch(text, start, end):
        found = "poi"
    elif level == "street" and _ZONE.fullmatch(text, start, end):
        found = "zone"
    elif _ROOM_BY_ORDER.fullmatch(text, start, end) or (
        before in ("floor", "room") and _SUB_NUMBER.fullmatch(text, start, end)
    ):
        found = "room"
    elif level == "room" and before not in _BUILT and _BUILDING.fullmatch(text, start, end):
        found = "building"
    elif level == "room" and _DOOR.fullmatch(text, start, end):
        found = _of_a_door(text, kept, after)
    elif level == "room" and _TERMINAL.fullmatch(text, start, end):
        found = "building" if text.endswith("机场", 0, start) else level
    return found


def _of_a_door(text: str, kept: list[Piece], after: Piece | None) -> Level:
    """What …号 is that was taken for a room: a house on a road, or what a room is in."""
    before = [piece[2] for piece in kept[-2:]]
    if before[-1:] == ["road"] or before == ["road", "landmark"]:
        return "number"
    if after and after[2] == "room" and text[after[0]].isdigit() and before[-1:] != ["floor"]:
        return "unit" if before[-1:] == ["building"] else "building"
    return "room"


def _joined(text: str, kept: list[Piece], piece: Piece) -> bool:
    """Join the piece to the one before, where it goes on with it."""
    start, end, level, _ = piece
    first, last, before, rule = kept[-1]
    if level == "road" and before == "community" and _NAMELESS_ROAD.fullmatch(text, start, end):
        kept[-1] = (first, end, "road", "a road is named")
    elif level == "floor" and before in _PLACES and text[last - 1] == "负" and last - first > 2:
        if not _BELOW_GROUND.fullmatch(text, start, end):
            return False
        kept[-1:] = [(first, last - 1, before, rule), (last - 1, end, "floor", "below ground")]
    elif before == "number" and _SUB_NUMBER.fullmatch(text, start, end):
        kept[-1] = (first, end, "number", "a part of a door")
    elif text[start:end] == "航站楼" and _TERMINAL.fullmatch(text, first, last):
        kept[-1] = (first, end, "building", _RULE)
    elif level == "poi" and before == "district" and text[start:end] in ("机场", "国际机场"):
        kept[-1] = (first, end, "poi", "a name in front of an airport")
    else:
        return False
    return True


def _cut_in_two(text: str, piece: Piece) -> list[Piece]:
    """Two levels that stand in one piece; none if it is one."""
    start, end, level, _ = piece
    match = _ROOM_BEFORE_FLOORS.fullmatch(text, start, end) if level == "floor" else None
    if match:
        spans: tuple[Level, ...] = ("room", "remark", "floor")
        return [(*match.span(k + 1), what, _RULE) for k, what in enumerate(spans)]
    return []


def _names_whole(text: str, pieces: list[Piece]) -> list[Piece]:
    """Quarters and communities of the city in front of a place, cut where their names end."""
    if not {piece[2] for piece in pieces} & {"community", "poi"}:
        return pieces
    said = {level: text[a:b] for a, b, level, _ in reversed(pieces)}
    codes = city_codes(said)
    kept: list[Piece] = []
    for start, end, level, rule in pieces:
        low = start
        if level == "poi" and kept and kept[-1][2] == "community":
            first, last, _, _ = kept[-1]
            ends = range(last + 1, min(last + 3, end))
            low = next((k for k in ends if _is_quarter(text[first:k], codes)), start)
            if low > start:
                kept[-1] = (first, low, "community", "gazetteer")
        cut, first_level = _first_name(text, (low, end, level, rule), codes)
        if cut > low:
            kept.append((low, cut, first_level, "gazetteer"))
        kept.append((cut, end, level, rule))
    return kept


def _first_name(text: str, piece: Piece, codes: frozenset[str]) -> tuple[int, Level]:
    """Where the name of a larger area in front of a place ends, and its level.

    华侨城东部工业区 is in a quarter, 石岩第一工业区 in a street, 大康大万村 in a community.
    """
    start, end, level, _ = piece
    if level == "poi":
        streets = _streets(codes or _HOME)
        for cut in range(start + 2, end - 3):
            in_quarter = cut > start + 2 and _IN_QUARTER.fullmatch(text, cut, end)
            if in_quarter and _is_quarter(text[start:cut], codes):
                return cut, "community"
            if _NUMBERED_WORKS.fullmatch(text, cut, end) and text[start:cut] in streets:
                return cut, "street"
    if level == "community" and _VILLAGE.fullmatch(text, start, end):
        for cut in range(start + 2, end - 2):
            if text[cut] != "村" and text[start:cut] in _communities(codes):
                return cut, "community"
    return start, level


def _is_quarter(name: str, codes: frozenset[str]) -> bool:
    return any(name in _quarters().get(code, ()) for code in codes)


@cache
def _quarters() -> dict[str, frozenset[str]]:
    """Quarters by the code of their city."""
    found: dict[str, set[str]] = {}
    for code, names in quarters().items():
        found.setdefault(code[:4], set()).update(names)
    return {code: frozenset(names) for code, names in found.items()}


@cache
def _communities(codes: frozenset[str]) -> frozenset[str]:
    """The communities of some cities."""
    return frozenset(
        name for code, names in communities().items() if code[:4] in codes for name in names
    )


@cache
def _streets(codes: frozenset[str]) -> frozenset[str]:
    """Short names of the streets and towns of some cities."""
    rows = (row for row in divisions() if row.level == "street" and row.code[:4] in codes)
    return frozenset(short for row in rows if (short := short_name("street", row.name)))


def settle_brackets(text: str, pieces: list[Piece], start: int, end: int) -> list[Piece] | None:
    """What brackets hold that names a building or room which is said nowhere else; else None."""
    match = _INSIDE.fullmatch(text, start, end)
    if match is None:
        return None
    named = [level for level in _INSIDE_LEVELS if match[level]]
    around = {level for a, b, level, _ in pieces if b <= start or a >= end}
    if not named or around & set(named):
        return None
    inside: list[Piece] = [(*match.span(level), level, "in brackets") for level in named]
    return [(start, start + 1, "remark", ""), *inside, (end - 1, end, "remark", "")]
