"""Roads that are named by a number or a class: G4京港澳高速, 107国道, 沈海高速; and their parts."""

import re

from blockdata.address.levels import Level
from blockdata.address.parsing.prefix import Piece

_HAN = "㐀-䶿一-鿿"
_CLASS = "(?:高速公路|高速|国道|省道|县道|乡道|快速路)"
_HINT = re.compile(f"{_CLASS}|大道[东南西北中]")
_LETTERED = re.compile(f"(?<![A-Z])[GSXY][0-9]{{1,4}}(?:[{_HAN}]{{2,5}}?)?{_CLASS}")
_BY_CLASS = re.compile(f"(?:[GSXY]?[0-9]{{1,4}})?(?:[{_HAN}]{{2,6}}?)?{_CLASS}")
_HEADING = re.compile("[东南西北上下]行(?:方向)?|[东南西北]{1,2}向|[左右]幅")
_PLACE_AT = re.compile(f"[{_HAN}]{{2,8}}(?:出口|入口|收费站|服务区|停车区|互通|立交|枢纽)")
# what is named behind an expressway: 广深高速宝安出口, 机荷高速西行
_BEHIND_EXPRESSWAY = re.compile(
    f"([{_HAN}]{{2,6}}?(?:高速公路|高速))(?:({_PLACE_AT.pattern})|{_HEADING.pattern})"
)
_DIRECTIONS = frozenset("东南西北中")
_NAMED = frozenset({"poi", "road", "zone", "business"})
_CLASS_RULE = "a road by its class"


def settle_roads(text: str, pieces: list[Piece]) -> list[Piece]:
    """Apply the rules to the pieces of a normalised text."""
    if not _HINT.search(text):
        return pieces
    for match in _LETTERED.finditer(text):
        pieces = put(pieces, (*match.span(), "road", "a numbered road"))
    settled: list[Piece] = []
    for place, (start, end, level, rule) in enumerate(pieces):
        on_road = bool(settled) and settled[-1][2] == "road"
        behind = level in _NAMED and _BEHIND_EXPRESSWAY.fullmatch(text, start, end)
        if behind:
            settled.append((start, behind.end(1), "road", _CLASS_RULE))
            what: Level = "poi" if behind[2] else "landmark"
            settled.append((behind.end(1), end, what, "behind an expressway"))
        elif level in _NAMED and _BY_CLASS.fullmatch(text, start, end):
            settled.append((start, end, "road", _CLASS_RULE))
        elif on_road and _HEADING.fullmatch(text, start, end):
            settled.append((start, end, "landmark", "a direction of a road"))
        elif on_road and level == "business" and _PLACE_AT.fullmatch(text, start, end):
            settled.append((start, end, "poi", "behind an expressway"))
        elif on_road and level == "landmark" and _is_end_of_name(text, pieces, place):
            settled[-1] = (settled[-1][0], end, "road", "a part of the road's name")
        else:
            settled.append((start, end, level, rule))
    return settled


def _is_end_of_name(text: str, pieces: list[Piece], place: int) -> bool:
    """广州大道北20号: a direction between an avenue and its door belongs to the avenue."""
    start, end, _, _ = pieces[place]
    doors = place + 1 < len(pieces) and pieces[place + 1][2] == "number"
    return doors and text[start:end] in _DIRECTIONS and text.endswith("大道", 0, start)


def put(pieces: list[Piece], piece: Piece) -> list[Piece]:
    """Lay a piece over others, cutting those that it overlaps."""
    start, end, _, _ = piece
    kept: list[Piece] = []
    for a, b, old, why in pieces:
        if a < start:
            kept.append((a, min(b, start), old, why))
        if b > end:
            kept.append((max(a, end), b, old, why))
    return sorted([*kept, piece])
