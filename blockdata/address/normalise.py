"""One written form for the many ways in which people write the same address.

``normalise`` explains itself: the text, what each rule rewrote, and where every character came
from. ``normalise_many`` does the same to millions of rows and keeps the texts only. Both run the
rules of :mod:`blockdata.address.normalise_rules` until nothing changes, so that normalising twice
changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from blockdata.address._kernels.settling import (
    BUILDING_MARK,
    BUILDING_WORD,
    DOOR_MARK,
    FLOOR_WORD,
    LEADING_ZERO,
    NUMERAL,
    ORDINAL,
    ORDINAL_NAME,
    OTHER,
    ROAD_NUMERAL,
    ROOM_WORD,
    SPACE,
    SPOKEN_NUMBER,
    Gates,
    fill_in,
    settle_lines,
)
from blockdata.address.arrays import Codepoints, codepoints
from blockdata.address.normalise_rules import (
    DIVISION_ENDS,
    REPEATED,
    RULES,
    Rule,
    character_table,
)
from blockdata.address.numerals import NUMERALS, to_number

# Rules settle in one round, rarely two; the bound only ends what cannot be foreseen.
_MAX_ROUNDS = 6
_BATCH = 20_000


class Rewrite(NamedTuple):
    """One change: the rule that made it, and the words before and after."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and its explanation.

    ``raw_start[i]``, ``raw_end[i]`` bound the part of ``raw`` from which ``text[i]`` was made.
    """

    raw: str
    text: str
    rewrites: tuple[Rewrite, ...]
    raw_start: tuple[int, ...]
    raw_end: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text from which ``text[start:end]`` was made (start < end)."""
        return self.raw_start[start], max(self.raw_end[start:end])


@dataclass(slots=True)
class _Draft:
    """A text under rewriting, with the raw span of every character."""

    text: str
    start: list[int]
    end: list[int]
    rewrites: list[Rewrite]


def normalise(raw: str) -> Normalised:
    """Normalise one address and say which rule made each change."""
    draft = _characters(raw)
    needs = _needs()
    for _ in range(_MAX_ROUNDS):
        before = draft.text
        present = _present(before)
        for rule, needed in zip(RULES, needs, strict=True):
            if present & needed == needed and _apply(rule, draft):
                present |= _present(draft.text)
        if draft.text == before:
            break
    return Normalised(raw, draft.text, tuple(draft.rewrites), tuple(draft.start), tuple(draft.end))


def normalise_each(texts: Sequence[str]) -> list[Normalised]:
    """``normalise`` of each address, with all its explanations, several times as fast."""
    done: list[Normalised] = []
    for raw, text in zip(texts, normalise_many(texts), strict=True):
        if raw == text:
            places = _places(len(raw) + 1)
            done.append(Normalised(raw, raw, (), places[:-1], places[1:]))
        else:
            done.append(normalise(raw))
    return done


def normalise_many(texts: Sequence[str]) -> list[str]:
    """The normalised text of each address; equal to ``normalise(t).text``, many times as fast."""
    done: list[str] = []
    for first in range(0, len(texts), _BATCH):
        points, offsets = normalised_points(texts[first : first + _BATCH])
        joined = points.tobytes().decode("utf-32-le", "surrogatepass")
        ends = offsets.tolist()
        done.extend(joined[a:b] for a, b in pairwise(ends))
    return done


def normalised_points(texts: Sequence[str]) -> Codepoints:
    """``codepoints(normalise_many(texts))``, several times as fast."""
    joined = "\0".join(texts)
    if joined.count("\0") > len(texts) - 1:  # a 0 within a text is the space that it would become
        joined = "\0".join(text.replace("\0", " ") for text in texts)
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    points, offsets, left = settle_lines(raw, len(texts), _gates())
    rows = np.flatnonzero(left)
    if len(rows):
        others = codepoints([normalise(texts[i]).text for i in rows.tolist()])
        points, offsets = fill_in(points, offsets, left, *others)
    return Codepoints(points, offsets)


def _characters(raw: str) -> _Draft:
    table = character_table()
    rewrites = [
        Rewrite(table.rule[ord(c)], c, chr(table.to[ord(c)])) for c in raw if ord(c) in table.rule
    ]
    text = raw.translate({ord(old): new for _, old, new in rewrites}) if rewrites else raw
    places = _places(len(raw) + 1)
    return _Draft(text, list(places[:-1]), list(places[1:]), rewrites)


def _present(text: str) -> int:
    """A bit for each string of ``Rule.needs`` of which a character is there."""
    bits = _bits()
    present = 0
    for c in text:
        present |= bits.get(c, 0)
    if len(set(pairwise(text))) < len(text) - 1:  # what is said twice has two characters twice
        present |= bits[REPEATED]
    return present


@cache
def _classes() -> dict[str, int]:
    """A bit for each string of ``Rule.needs``."""
    needs = dict.fromkeys(needed for rule in RULES for needed in rule.needs)
    return {needed: 1 << place for place, needed in enumerate(needs)}


@cache
def _bits() -> dict[str, int]:
    """The bits of the strings in which each character stands, and of ``REPEATED``."""
    bits: dict[str, int] = {}
    for needed, bit in _classes().items():
        for c in [needed] if needed == REPEATED else needed:
            bits[c] = bits.get(c, 0) | bit
    return bits


@cache
def _needs() -> tuple[int, ...]:
    """The bits that each rule needs."""
    return tuple(sum(_classes()[needed] for needed in set(rule.needs)) for rule in RULES)


def _apply(rule: Rule, draft: _Draft) -> bool:
    """Rewrite the draft by one rule, keeping the raw spans; says whether that changed it."""
    text, parts, start, end = draft.text, [], [], []
    at = 0
    for match in rule.pattern.finditer(text):
        new = _replacement(rule, match)
        low, high = match.span()
        if new == match[0]:
            continue
        if new and match[0].startswith(new):  # its end was deleted: what stays keeps its place
            low += len(new)
            new = ""
        parts += [text[at:low], new]
        start += draft.start[at:low]
        end += draft.end[at:low]
        if new and low < high:
            start += [draft.start[low]] * len(new)
            end += [max(draft.end[low:high])] * len(new)
        draft.rewrites.append(Rewrite(rule.name, match[0][low - match.start() :], new))
        at = high
    if at:
        draft.text = "".join([*parts, text[at:]])
        draft.start = start + draft.start[at:]
        draft.end = end + draft.end[at:]
    return at > 0


def _replacement(rule: Rule, match: re.Match[str]) -> str:
    if callable(rule.replace):
        return rule.replace(match)
    return match.expand(rule.replace) if "\\" in rule.replace else rule.replace


@cache
def _places(n: int) -> tuple[int, ...]:
    return tuple(range(n))


# rules that the kernel of lines knows
_KNOWN = {
    "space": SPACE, "numeral": NUMERAL, "spoken-number": SPOKEN_NUMBER, "ordinal": ORDINAL,
    "ordinal-name": ORDINAL_NAME, "road-numeral": ROAD_NUMERAL, "leading-zero": LEADING_ZERO,
    "door-mark": DOOR_MARK, "building-word": BUILDING_WORD, "building-mark": BUILDING_MARK,
    "room-word": ROOM_WORD, "floor-word": FLOOR_WORD,
}  # fmt: skip


@cache
def _gates() -> Gates:
    """What the kernel of lines looks for, with few kinds of characters in the place of all.

    A bit stands for each string in ``Rule.needs`` and for each pair in ``Rule.beside``. Most
    characters are of the kind 0, which no rule looks for: the tables stay in the nearest cache.
    """
    pairs = list(dict.fromkeys(pair for rule in RULES for pair in rule.beside))
    tables = np.zeros((0x110000, 5), np.uint64)  # single, before, after, ends, numeral
    for c, bits in _bits().items():
        if c != REPEATED:
            tables[ord(c), 0] = bits
    for place, pair in enumerate(pairs):
        for column, characters in enumerate(pair, start=1):
            tables[[ord(c) for c in characters], column] |= np.uint64(1 << place)
    tables[[ord(c) for c in DIVISION_ENDS], 3] = 1
    for c in NUMERALS:
        value = to_number(c)
        tables[ord(c), 4] = 1 + (100 if value is None else value)
    marked = np.flatnonzero(tables.any(axis=1) | (np.arange(len(tables)) == 0))
    kinds, of_marked = np.unique(tables[marked], axis=0, return_inverse=True)
    kind = np.zeros(len(tables), np.uint8)
    kind[marked] = of_marked.ravel()
    if len(kinds) > np.iinfo(kind.dtype).max:
        raise AssertionError(f"{len(kinds)} kinds of characters do not fit")
    single, before, after, ends, numeral = (np.ascontiguousarray(column) for column in kinds.T)
    return Gates(
        character_table().to,
        kind,
        single,
        before,
        after,
        np.uint64(_classes()[REPEATED]),
        ends,
        numeral.astype(np.int16) - 1,
        np.array(_needs(), np.uint64),
        np.array([sum(1 << pairs.index(p) for p in set(r.beside)) for r in RULES], np.uint64),
        np.array([_KNOWN.get(rule.name, OTHER) for rule in RULES], np.int8),
    )
