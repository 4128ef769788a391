"""One written form for the many ways in which people write the same address.

``normalise`` explains itself: the text, what each rule rewrote, and where every character came
from. ``normalise_many`` does the same to millions of rows and keeps the texts only. Both run the
rules of :mod:`blockdata.address.normalise_rules` until nothing changes, so that normalising twice
changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address._normalise_kernel import presence
from blockdata.address.normalise_rules import INVISIBLE, REPEATED, RULES, Rule, character_table

# Rules settle in one round, rarely two; the bound only ends what cannot be foreseen.
_MAX_ROUNDS = 6
_BATCH = 20_000
_NEWLINE = 10


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
    for _ in range(_MAX_ROUNDS):
        before = draft.text
        for rule in RULES:
            _apply(rule, draft)
        if draft.text == before:
            break
    return Normalised(raw, draft.text, tuple(draft.rewrites), tuple(draft.start), tuple(draft.end))


def normalise_many(texts: Sequence[str]) -> list[str]:
    """The normalised text of each address; equal to ``normalise(t).text``, many times as fast."""
    done: list[str] = []
    for first in range(0, len(texts), _BATCH):
        done.extend(_batch(texts[first : first + _BATCH]))
    return done


def _characters(raw: str) -> _Draft:
    table = character_table()
    out: list[str] = []
    rewrites: list[Rewrite] = []
    for c in raw:
        name = table.rule.get(ord(c))
        new = chr(table.to[ord(c)]) if name else c
        if name:
            rewrites.append(Rewrite(name, c, new))
        out.append(new)
    places = range(len(raw))
    return _Draft("".join(out), list(places), [i + 1 for i in places], rewrites)


def _apply(rule: Rule, draft: _Draft) -> None:
    """Rewrite the draft by one rule, keeping the raw spans."""
    text, parts, start, end = draft.text, [], [], []
    at = 0
    for match in rule.pattern.finditer(text):
        new = rule.replace(match) if callable(rule.replace) else match.expand(rule.replace)
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


def _batch(texts: Sequence[str]) -> list[str]:
    joined = "\0".join(texts)
    if joined.count("\0") != len(texts) - 1:
        joined = "\0".join(text.replace("\0", " ") for text in texts)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # within a text a line break is a space; between two texts it is what keeps the rules apart
    mapped = np.where(points == 0, np.uint32(_NEWLINE), character_table().to[points])
    lines = mapped.tobytes().decode("utf-32-le", "surrogatepass").split("\n")
    rows = np.arange(len(lines))
    for _ in range(_MAX_ROUNDS):
        changed = _round(lines, rows, mapped)
        if not changed:
            break
        rows = np.array(sorted(changed))
        again = "\n".join(lines[i] for i in rows)
        mapped = np.frombuffer(again.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return lines


def _round(lines: list[str], rows: NDArray[np.int64], points: NDArray[np.uint32]) -> set[int]:
    """Apply every rule to those of ``rows`` that it can match; returns the rows that changed."""
    table, repeated, dirty = _presence_table()
    present = presence(points, len(rows), table, repeated)
    changed: set[int] = set()
    for rule, needed in zip(RULES, _needs(), strict=True):
        may_match = ((present & needed) == needed) | ((present & dirty) != 0)
        candidates = rows[may_match].tolist()
        if not candidates:
            continue
        old = [lines[i] for i in candidates]
        new = rule.pattern.sub(rule.replace, "\n".join(old)).split("\n")
        for i, before, after in zip(candidates, old, new, strict=True):
            if before != after:
                lines[i] = after
                changed.add(i)
    return changed


@cache
def _classes() -> tuple[str, ...]:
    """The distinct sets of characters in the rules' ``needs``; a set's place is its bit."""
    return tuple(sorted({needed for rule in RULES for needed in rule.needs}))


@cache
def _needs() -> tuple[np.uint64, ...]:
    """For each rule the bits of all that it needs."""
    return tuple(
        np.uint64(sum(1 << _classes().index(needed) for needed in set(rule.needs)))
        for rule in RULES
    )


@cache
def _presence_table() -> tuple[NDArray[np.uint64], np.uint64, np.uint64]:
    """The bits of each code point; the bit of a repeated pair; the bits that ask for every rule.

    What an early rule deletes can bring two characters together, so such texts try all rules.
    """
    table = np.zeros(0x110000, dtype=np.uint64)
    for place, characters in enumerate(_classes()):
        if characters != REPEATED:
            for c in characters:
                table[ord(c)] |= np.uint64(1 << place)
    bit = {characters: 1 << place for place, characters in enumerate(_classes())}
    return table, np.uint64(bit[REPEATED]), np.uint64(bit[INVISIBLE] | bit[" "])
