"""Personal details in free text: found, and taken out or refused before anything is stored.

A caller's words for a place come with a name and a telephone number. The register keeps the place
only. What a machine hands over (texts for the queue, rows of a file) is stripped, and told what was
taken out; what a person writes for good (an alias, a label, a note, a reason) is refused, with the
words that would do. An address loses none of its own parts: house numbers, room and building codes
of 12, 14, 19 and 25 digits, codes that are named as such, and roads that begin like a family name.
"""

import re
from typing import NamedTuple

from blockdata.errors import InputError
from blockdata.personal.folding import fold
from blockdata.personal.kinds import KINDS, Finding, Kind
from blockdata.personal.names import find_names
from blockdata.personal.numbers import find_numbers, may_hold_any
from blockdata.text import Text

__all__ = [
    "KINDS", "Finding", "Kind", "Stripped", "find_personal", "refuse_personal", "strip_cell",
    "strip_personal", "words_for",
]  # fmt: skip

_CUT = "\x00"
_AROUND = r"[\s,，.。;；:：、/|~·\-—_]*"
_EMPTY_BRACKETS = re.compile(rf"[(（\[【<《]{_AROUND}{_CUT}[{_CUT}\s,，.。;；:：、/|]*[)）\]】>》]")
_CUTS = re.compile(rf"{_AROUND}{_CUT}(?:{_AROUND}{_CUT})*{_AROUND}")


class Stripped(NamedTuple):
    """A text without the personal details, and the kinds that were in it, each once."""

    text: str
    kinds: tuple[Kind, ...]


def find_personal(text: str) -> list[Finding]:
    """The spans of personal details in a text, in order, none within another."""
    folded = fold(text)
    if not may_hold_any(folded.plain):
        return []
    numbers = find_numbers(folded.plain)
    found = sorted([*numbers, *find_names(folded.plain, numbers)], key=lambda f: (f.start, -f.end))
    spans: list[Finding] = []
    for kind, start, end in found:
        if spans and start < spans[-1].end:
            spans[-1] = spans[-1]._replace(end=max(end, spans[-1].end))
        else:
            spans.append(Finding(kind, start, end))
    return [Finding(kind, *folded.raw_span(start, end)) for kind, start, end in spans]


def strip_personal(text: str) -> Stripped:
    """The text without personal details; the very same text where it holds none."""
    kinds: set[Kind] = set()
    while found := find_personal(text):  # what was apart may be a detail once it stands together
        kinds.update(finding.kind for finding in found)
        text = _cut(text, found)
    return Stripped(text, tuple(kind for kind in KINDS if kind in kinds))


def strip_cell(header: str, cell: str) -> Stripped:
    """A table's cell without personal details, where the column's header says what stands in it."""
    label = f"{header.strip()}:"
    stripped = strip_personal(label + cell)
    if not stripped.kinds:
        return Stripped(cell, ())
    rest = stripped.text.removeprefix(label).strip()
    return Stripped("" if rest == header.strip().rstrip(":") else rest, stripped.kinds)


def refuse_personal(text: str, field: str) -> None:
    """See that a text that will be kept for good holds no personal details.

    Raises:
        InputError: it does; the words name the kinds, and the cure is the text without them.
    """
    rest, kinds = strip_personal(text)
    if not kinds:
        return
    held = words_for(kinds)
    raise InputError(
        Text(f"含有个人信息:{held.zh}", f"it holds personal details: {held.en}"),
        field=field,
        cure=(
            Text(f"去掉个人信息,写成:{rest}", f"leave them out: {rest}")
            if rest
            else Text("不写个人信息", "write it without personal details")
        ),
        personal=list(kinds),
    )


def words_for(kinds: tuple[Kind, ...]) -> Text:
    """The kinds in words, as in 电话号码、姓名."""
    return Text(
        "、".join(KINDS[kind].zh for kind in kinds), ", ".join(KINDS[kind].en for kind in kinds)
    )


def _cut(text: str, found: list[Finding]) -> str:
    parts, at = [], 0
    for _, start, end in found:
        parts += [text[at:start].replace(_CUT, " "), _CUT]
        at = end
    marked = "".join([*parts, text[at:].replace(_CUT, " ")])
    marked = _EMPTY_BRACKETS.sub(_CUT, marked)
    return _CUTS.sub(lambda m: " " if m.start() > 0 and m.end() < len(marked) else "", marked)
