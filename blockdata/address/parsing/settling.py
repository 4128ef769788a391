"""What the tagger's pieces become: rules that know better than a sum of weights."""

import re

from blockdata.address.levels import Level
from blockdata.address.parsing.apart import postcode_behind
from blockdata.address.parsing.doors import settle_doors
from blockdata.address.parsing.inside import settle_brackets, settle_inside
from blockdata.address.parsing.prefix import Piece, settle_prefix
from blockdata.address.parsing.roads import put, settle_roads

# Found by their own words wherever they stand.
_OWN_WORDS: tuple[tuple[Level, str, re.Pattern[str]], ...] = (
    (
        "lamp_post",
        "words of a lamp post",
        re.compile(
            # 固戍一路灯杆0012: the 路 is the road's
            "(?:智慧)?(?:(?<![㐀-鿿])路灯杆?|灯[杆柱]|电线杆|电杆)(?:编号|号)?[:]?[A-Z0-9-]+号?"
        ),
    ),
    ("grid", "words of a grid", re.compile("第?[0-9一二三四五六七八九十]+网格|网格[0-9]+号?")),
)
# A bracket inside a name is part of it: 恒昌机械(深圳)有限公司. Any other is a remark.
_LETTERED = re.compile(r"[0-9]+-?\([A-Z]\)栋")  # 6-(C)栋
_BRACKETS = re.compile(r"\([^()]*\)")
# behind which of these a second place is part of the first
_WITHIN_PLACE = frozenset({"poi", "subpoi", "remark", "landmark", "number", "building"})
_STOREYS = re.compile("(?:[0-9]+层)+")
_ORDER = "in its order"
# what a door's number is directly behind another level
_WITHIN_DOOR: dict[str, Level] = {"number": "building", "unit": "room", "floor": "room"}
_BUILDING_AND_ROOM = re.compile("([0-9]{1,3})-[0-9]{3,4}")
_LISTED = frozenset({"building", "floor", "room"})
_LIST_MARKS = frozenset("、,.~至到及和与-")
_COUNTED = re.compile("[A-Z]?[0-9]+[A-Z]?(号|栋|单元|层|室)")
_COUNTED_LEVELS = frozenset({"number", "building", "unit", "floor", "room"})
_ROW_OF_NUMBERS = re.compile(r"(?:\d+栋){2,}|(?:\d+楼){2,}|(?:\d+层){2,}")


def settle(text: str, pieces: list[Piece]) -> list[Piece]:
    """Apply the rules to the pieces of a normalised text."""
    pieces = _place_after_place(settle_roads(text, settle_prefix(text, pieces)))
    levels = [piece[2] for piece in pieces]
    if "number" in levels or levels.count("unit") > 1:
        pieces = _doors_in_order(text, pieces)
    if "层" in text:
        pieces = _storeys(text, pieces)
    if len(set(levels)) < len(levels) or _ROW_OF_NUMBERS.search(text):
        pieces = _lists(text, pieces)
    pieces = settle_doors(text, settle_inside(text, pieces))
    if "网格" in text or "灯" in text or "杆" in text:
        for level, rule, pattern in _OWN_WORDS:
            for match in pattern.finditer(text):
                pieces = put(pieces, (*match.span(), level, rule))
    if "(" in text:
        for match in _LETTERED.finditer(text):
            pieces = put(pieces, (*match.span(), "building", "ends in 栋"))
        for match in _BRACKETS.finditer(text):
            low, high = match.span()
            if not any(a <= low and high <= b and x != "remark" for a, b, x, _ in pieces):
                inside = settle_brackets(text, pieces, low, high)
                for piece in inside or [(low, high, "remark", "in brackets")]:
                    pieces = put(pieces, piece)
    return postcode_behind(text, pieces)


def _place_after_place(pieces: list[Piece]) -> list[Piece]:
    """A named part needs a place that it is part of, and a second place is part of the first."""
    near = False  # a place since the last road: what stands on a road is a place of its own
    whole = False  # a level of which something may be a part
    for at, (start, end, tagged, rule) in enumerate(pieces):
        level = tagged
        if level == "subpoi" and not whole:
            level = "poi"
        elif level == "poi" and near and pieces[at - 1][2] in _WITHIN_PLACE:
            level = "subpoi"
        pieces[at] = (start, end, level, rule)
        near = tagged == "poi" or level == "poi" or (near and level != "road")
        whole = whole or level in ("poi", "subpoi", "building", "community")
    return pieces


def _doors_in_order(text: str, pieces: list[Piece]) -> list[Piece]:
    """Behind a door stands a building (弄…号), behind a unit or floor a room, whatever they say.

    Two numbers behind a place are a building and a room of it: 海裕花园12-1001.
    """
    kept: list[Piece] = []
    before = ""
    for start, end, level, rule in pieces:
        if level == "remark" and text[start:end] in ("-", "--"):
            kept.append((start, end, level, rule))
            continue
        joined = _BUILDING_AND_ROOM.fullmatch(text, start, end) if level == "number" else None
        if joined and before in ("poi", "subpoi"):
            cut = joined.end(1)
            kept.append((start, cut, "building", _ORDER))
            kept.append((cut, cut + 1, "remark", _ORDER))
            kept.append((cut + 1, end, "room", _ORDER))
        elif level == "number" and before in _WITHIN_DOOR:
            kept.append((start, end, _WITHIN_DOOR[before], _ORDER))
        elif level == before == "unit" and text[start:end].isdigit():
            kept.append((start, end, "room", _ORDER))
        else:
            kept.append((start, end, level, rule))
        before = kept[-1][2]
    return kept


def _storeys(text: str, pieces: list[Piece]) -> list[Piece]:
    """A number with 层 is a floor wherever it stands inside a place, and several are several.

    -1层 is below the ground, but among other strokes between levels the stroke is one of them.
    """
    strokes = any(level == "remark" and text[a:b] == "-" for a, b, level, _ in pieces)
    kept: list[Piece] = []
    for start, end, level, rule in pieces:
        if level in ("room", "unit", "business") and _STOREYS.fullmatch(text, start, end):
            kept.append((start, end, "floor", "ends in 层"))
        elif strokes and level == "floor" and text[start] == "-":
            kept += [(start, start + 1, "remark", _ORDER), (start + 1, end, level, rule)]
        else:
            kept.append((start, end, level, rule))
    return kept


def _lists(text: str, pieces: list[Piece]) -> list[Piece]:
    """Several of one level are one piece: A座、B座; 2楼4楼5楼; 101.102; A区、B区."""
    kept: list[Piece] = []
    for piece in pieces:
        kept.append(piece)
        if len(kept) >= 3 and _joins(text, kept[-3], kept[-2], piece):
            joined = kept[-3]
            del kept[-2:]
        elif len(kept) >= 2 and _counted_alike(text, kept[-2], piece):
            joined = kept[-2]
            del kept[-1:]
        else:
            continue
        kept[-1] = (joined[0], piece[1], joined[2], "a list")
    return kept


def _joins(text: str, one: Piece, mark: Piece, other: Piece) -> bool:
    """Whether a mark joins two pieces to a list: what is counted alike is of the first's level."""
    start, end, level, _ = mark
    if level not in ("remark", "landmark") or text[start:end] not in _LIST_MARKS:
        return False
    first, second = _COUNTED.fullmatch(text, *one[:2]), _COUNTED.fullmatch(text, *other[:2])
    if first and second and first[1] == second[1] and {one[2], other[2]} <= _COUNTED_LEVELS:
        return True
    return text[start] != "-" and _alike(text, one, other)


def _alike(text: str, one: Piece, other: Piece) -> bool:
    if one[2] != other[2]:
        return False
    if one[2] == "subpoi":
        return all(b - a <= 2 and text[b - 1] == "区" for a, b, _, _ in (one, other))
    return one[2] in _LISTED


def _counted_alike(text: str, one: Piece, other: Piece) -> bool:
    """3栋5栋, whatever the tagger took the second for; but not 3栋B座, which is inside 3栋."""
    if one[2] not in ("building", "floor") or other[2] not in (one[2], "unit", "room"):
        return False
    return bool(_ROW_OF_NUMBERS.fullmatch(text, one[0], other[1]))
