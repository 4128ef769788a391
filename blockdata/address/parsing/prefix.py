"""The divisions in front of an address: what of them counts, and what was a slip.

A piece is (start, end, level, rule): a span of the normalised text, what it is, and the rule that
made it so, "" where the tagger alone did.
"""

from functools import cache

from blockdata.address.levels import Level
from blockdata.address.parsing.above import could_lie_there
from blockdata.address.parsing.gazetteer import divisions, short_name
from blockdata.address.parsing.words import ZONES

Piece = tuple[int, int, Level, str]

_PREFIX = frozenset({"country", "province", "city", "district", "zone", "street", "remark"})
_NAMED: tuple[Level, ...] = ("province", "city", "district")
_ZONES_OF_CITIES = frozenset(ZONES)


def settle_prefix(text: str, pieces: list[Piece]) -> list[Piece]:
    """Apply the rules to the pieces of a normalised text."""
    levels = {level for _, _, level, _ in pieces}
    pieces = _street_once(text, _without_first_prefix(pieces))
    if "remark" in levels:
        pieces = _said_once(text, pieces)
    if "zone" in levels and "city" not in levels:
        pieces = _zone_of_city(text, pieces)
    return pieces


def _street_once(text: str, pieces: list[Piece]) -> list[Piece]:
    """A street that is said twice in a row was said once too often: 织里镇织里镇."""
    return [
        (start, end, "remark", "said twice")
        if level == "street" and k and pieces[k - 1][2] == level
        and text[start:end] == text[slice(*pieces[k - 1][:2])]
        else (start, end, level, rule)
        for k, (start, end, level, rule) in enumerate(pieces)
    ]  # fmt: skip


def _said_once(text: str, pieces: list[Piece]) -> list[Piece]:
    """A division that is said nowhere else is no slip, if the others could lie in it."""
    said = {level: text[a:b] for a, b, level, _ in pieces if level in _NAMED}
    settled: list[Piece] = []
    for place, (start, end, level, rule) in enumerate(pieces):
        if level in ("zone", "street") or level not in _PREFIX:
            return settled + pieces[place:]
        kind = _kind(text[start:end]) if level == "remark" and not rule else None
        if kind and kind not in said and could_lie_there({**said, kind: text[start:end]}):
            settled.append((start, end, kind, "said once"))
        else:
            settled.append((start, end, level, rule))
    return settled


def _without_first_prefix(pieces: list[Piece]) -> list[Piece]:
    """Where a prefix starts anew, the one before was a slip: its parts are remarks."""
    last = 0
    for place, (_, _, level, _) in enumerate(pieces):
        if level == "province" and place:
            last = place
        elif level not in _PREFIX:
            break
    if not any(level == "province" for _, _, level, _ in pieces[:last]):
        return pieces
    first: list[Piece] = [
        (a, b, "remark", "before the prefix that counts") for a, b, _, _ in pieces[:last]
    ]
    return first + pieces[last:]


def _zone_of_city(text: str, pieces: list[Piece]) -> list[Piece]:
    """A zone that is named by its city alone says both: 成都高新区."""
    settled: list[Piece] = []
    for start, end, level, rule in pieces:
        words = text[start:end] if level == "zone" else ""
        cut = next((c for c in range(2, len(words) - 1) if _is_zone_of_city(words, c)), 0)
        if cut:
            settled.append((start, start + cut, "city", "the city of a zone"))
        settled.append((start + cut, end, level, rule))
    return settled


def _is_zone_of_city(words: str, cut: int) -> bool:
    return words[cut:] in _ZONES_OF_CITIES and _kind(words[:cut]) == "city"


def _kind(name: str) -> Level | None:
    """Of which level the name is: of those in full, then of short ones, the largest."""
    return _kinds().get(name)


@cache
def _kinds() -> dict[str, Level]:
    kinds: dict[str, Level] = {}
    rows = divisions()
    for full in (True, False):
        for level in _NAMED:
            for row in rows:
                name = row.name if full else short_name(row.level, row.name)
                if row.level == level and name:
                    kinds.setdefault(name, level)
    return kinds
