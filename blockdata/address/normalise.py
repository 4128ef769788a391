"""One written form for the many ways in which people write the same address.

``normalise`` explains itself: the text, what each rule rewrote, and where every character came
from. ``normalise_many`` does the same to millions of rows and keeps the texts only. Both run the
rules of :mod:`blockdata.address.normalise_rules` until nothing changes, so that normalising twice
changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels.settling import (
    BUILDING_WORD,
    LEADING_ZERO,
    NUMERAL,
    OTHER,
    ROOM_WORD,
    SPACE,
    Gates,
    fill_in,
    settle_lines,
)
from blockdata.address._normalise_kernel import presence
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


def normalised_points(texts: Sequence[str]) -> Codepoints:
    """``codepoints(normalise_many(texts))``, several times as fast."""
    joined = _joined(texts)
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    points, offsets, left = settle_lines(raw, len(texts), _line_gates())
    rows = np.flatnonzero(left)
    if len(rows):
        others = codepoints(_batch([texts[i] for i in rows.tolist()]))
        points, offsets = fill_in(points, offsets, left, *others)
    return Codepoints(points, offsets)


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


def normalise_each(texts: Sequence[str]) -> list[Normalised]:
    """``normalise`` of each address, with all its explanations, several times as fast."""
    done: list[Normalised] = []
    for first in range(0, len(texts), _BATCH):
        batch = texts[first : first + _BATCH]
        lines, mapped = _mapped(batch)
        drafts: dict[int, _Draft] = {}

        def rewrite(
            rule: Rule,
            rows: list[int],
            lines: list[str],
            batch: Sequence[str] = batch,
            drafts: dict[int, _Draft] = drafts,
        ) -> list[int]:
            changed = []
            for i in rows:
                if rule.pattern.search(lines[i]) is None:
                    continue
                draft = drafts.get(i)
                if draft is None:
                    draft = drafts[i] = _characters(batch[i])
                _apply(rule, draft)
                if draft.text != lines[i]:
                    lines[i] = draft.text
                    changed.append(i)
            return changed

        _settle(lines, mapped, rewrite)
        for i, (raw, line) in enumerate(zip(batch, lines, strict=True)):
            if i not in drafts and line == raw:
                n = len(raw)
                done.append(Normalised(raw, raw, (), _places(n)[:-1], _places(n)[1:]))
                continue
            draft = drafts.get(i) or _characters(raw)
            done.append(
                Normalised(
                    raw, draft.text, tuple(draft.rewrites), tuple(draft.start), tuple(draft.end)
                )
            )
    return done


@cache
def _places(n: int) -> tuple[int, ...]:
    return tuple(range(n + 1))


def _batch(texts: Sequence[str]) -> list[str]:
    lines, mapped = _mapped(texts)

    def rewrite(rule: Rule, rows: list[int], lines: list[str]) -> list[int]:
        old = [lines[i] for i in rows]
        new = rule.pattern.sub(rule.replace, "\n".join(old)).split("\n")
        changed = []
        for i, before, after in zip(rows, old, new, strict=True):
            if before != after:
                lines[i] = after
                changed.append(i)
        return changed

    _settle(lines, mapped, rewrite)
    return lines


def _mapped(texts: Sequence[str]) -> tuple[list[str], NDArray[np.uint32]]:
    """The texts after the one-to-one rewrites, and all their code points with breaks between."""
    joined = _joined(texts)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    # within a text a line break is a space; between two texts it is what keeps the rules apart
    to = _table_with_breaks()
    mapped = to[points]
    return mapped.tobytes().decode("utf-32-le", "surrogatepass").split("\n"), mapped


def _joined(texts: Sequence[str]) -> str:
    """All texts with a 0 between two; a 0 within a text is the space that it would become."""
    joined = "\0".join(texts)
    if joined.count("\0") > len(texts) - 1:
        joined = "\0".join(text.replace("\0", " ") for text in texts)
    return joined


@cache
def _table_with_breaks() -> NDArray[np.uint32]:
    table = character_table().to.copy()
    table[0] = _NEWLINE
    return table


Rewriter = Callable[[Rule, list[int], list[str]], list[int]]


def _settle(lines: list[str], points: NDArray[np.uint32], rewrite: Rewriter) -> None:
    """Apply the rules until no line changes; ``points`` are those of the lines at the start."""
    rows = np.arange(len(lines))
    for _ in range(_MAX_ROUNDS):
        changed = _round(lines, rows, points, rewrite)
        if not changed.any():
            break
        rows = rows[changed]
        again = "\n".join([lines[i] for i in rows.tolist()])
        points = np.frombuffer(again.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _round(
    lines: list[str], rows: NDArray[np.int64], points: NDArray[np.uint32], rewrite: Rewriter
) -> NDArray[np.bool_]:
    """Apply every rule to those of ``rows`` that it can match; says which of them changed.

    What a rule has changed tries all rules below it: what it deleted may have brought together
    what they look for.
    """
    gates = _gates()
    present, pairs = presence(
        points, len(rows), gates.single, gates.before, gates.after, gates.repeated, gates.ends
    )
    changed = np.zeros(len(rows), dtype=np.bool_)
    for rule, needed, beside in zip(RULES, gates.needs, gates.beside, strict=True):
        may_match = (present & needed) == needed
        if beside:
            may_match &= (pairs & beside) != 0
        candidates = np.flatnonzero(may_match | changed)
        if len(candidates):
            place = dict(zip(rows[candidates].tolist(), candidates.tolist(), strict=True))
            for i in rewrite(rule, list(place), lines):
                changed[place[i]] = True
    return changed


class _Gates(NamedTuple):
    """Bits of code points (tables of shape (0x110000,)), and what bits each rule needs.

    ``single`` says in which strings of ``Rule.needs`` a character stands, ``before`` and ``after``
    in which pairs of ``Rule.beside``; ``ends`` marks what ends the name of a division.
    """

    single: NDArray[np.uint64]
    before: NDArray[np.uint64]
    after: NDArray[np.uint64]
    repeated: np.uint64
    ends: NDArray[np.uint64]
    needs: tuple[np.uint64, ...]
    beside: tuple[np.uint64, ...]


@cache
def _gates() -> _Gates:
    classes = sorted({needed for rule in RULES for needed in rule.needs})
    pairs = sorted({pair for rule in RULES for pair in rule.beside})

    def table(sets: Sequence[str]) -> NDArray[np.uint64]:
        bits = np.zeros(0x110000, dtype=np.uint64)
        for place, characters in enumerate(sets):
            for c in characters if characters != REPEATED else "":
                bits[ord(c)] |= np.uint64(1 << place)
        return bits

    return _Gates(
        table(classes),
        table([first for first, _ in pairs]),
        table([second for _, second in pairs]),
        np.uint64(1 << classes.index(REPEATED)),
        table([DIVISION_ENDS]),
        tuple(np.uint64(sum(1 << classes.index(c) for c in set(r.needs))) for r in RULES),
        tuple(np.uint64(sum(1 << pairs.index(p) for p in set(r.beside))) for r in RULES),
    )


# rules that the kernel of lines knows
_KNOWN = {
    "space": SPACE, "numeral": NUMERAL, "leading-zero": LEADING_ZERO,
    "building-word": BUILDING_WORD, "room-word": ROOM_WORD,
}  # fmt: skip


@cache
def _line_gates() -> Gates:
    """The gates with few kinds of characters in the place of all: they stay in the nearest cache.

    Most characters are of the kind 0, which no rule looks for.
    """
    gates = _gates()
    numeral = np.zeros(len(gates.single), np.uint64)  # one more than the value
    for c in NUMERALS:
        value = to_number(c)
        numeral[ord(c)] = 1 + (100 if value is None else value)
    tables = np.column_stack((gates.single, gates.before, gates.after, gates.ends, numeral))
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
        gates.repeated,
        ends,
        numeral.astype(np.int16) - 1,
        np.array(gates.needs, np.uint64),
        np.array(gates.beside, np.uint64),
        np.array([_KNOWN.get(rule.name, OTHER) for rule in RULES], np.int8),
    )
