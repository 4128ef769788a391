"""From the words of an address to its levels.

``parse`` explains one address; ``parse_many`` does it for a list. The order is always: normalise,
set apart what names no house (postcodes, telephones, kilometre posts), let the tagger cut the rest
into levels, then apply the rules that know better (prefixes, roads, lists, insides, estates).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from blockdata.address.levels import LEVELS, Level
from blockdata.address.normalise import Normalised, Rewrite, normalise_each
from blockdata.address.parsing.above import levels_above
from blockdata.address.parsing.apart import put_back, set_apart, without
from blockdata.address.parsing.gazetteer import KINDS, divisions, short_name
from blockdata.address.parsing.model import TAGS, load
from blockdata.address.parsing.prefix import Piece
from blockdata.address.parsing.settling import settle
from blockdata.address.parsing.values import COUNTED, exact_value
from blockdata.address.parsing.words import HOMES, OFFICES, PARKS

_LEVEL_OF_TAG: tuple[Level, ...] = tuple(LEVELS[LEVELS.index(tag)] for tag in TAGS)
_ESTATE_ENDS = tuple(
    sorted({*HOMES, *OFFICES, *PARKS, "村", "邨", "区", "大院"} - {"楼"}, key=len, reverse=True)
)
_ENDS: dict[str, tuple[str, ...]] = {
    "street": ("街道办事处", "办事处", "街道", "镇", "乡"),
    "community": ("社区", "居委会", "村委会", "村"),
    "zone": ("开发区", "高新区", "保税区", "新区", "区"),
    "road": ("大道", "公路", "路", "街", "巷", "弄", "道", "组", "胡同"),
    "number": ("号",),
    "building": ("栋",),
    "unit": ("单元",),
    "floor": ("层",),
    "room": ("室",),
    "estate": _ESTATE_ENDS,
}
_INSIDE = frozenset({"building", "unit"})


class Token(NamedTuple):
    """One level of an address.

    ``start``, ``end`` lie in the normalised text, ``raw_start``, ``raw_end`` in what was written.
    ``value`` is what compares exactly (3 of 3栋); ``rule`` says why the token has its level.
    """

    level: Level
    text: str
    start: int
    end: int
    raw_start: int
    raw_end: int
    value: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """An address cut into levels, with everything that led there."""

    raw: str
    text: str
    tokens: tuple[Token, ...]
    rewrites: tuple[Rewrite, ...]

    def first(self, level: Level) -> Token | None:
        """The first token of a level."""
        return next((token for token in self.tokens if token.level == level), None)

    def levels(self) -> dict[str, str]:
        """The text of each level, remarks left out; a level said twice is joined by a space."""
        found: dict[str, str] = {}
        for token in self.tokens:
            if token.level != "remark":
                before = found.get(token.level)
                found[token.level] = f"{before} {token.text}" if before else token.text
        return found

    def implied(self) -> dict[Level, str]:
        """City and province, where they were left out but follow from the district or city."""
        said = {token.level: token.text for token in reversed(self.tokens)}
        return levels_above(said)

    def as_json(self) -> dict[str, Any]:
        """What ``blockdata address parse --json`` prints."""
        return {
            "text": self.raw,
            "normalised": self.text,
            "levels": self.levels(),
            "implied": self.implied(),
            "tokens": [token._asdict() for token in self.tokens],
            "rewrites": [rewrite._asdict() for rewrite in self.rewrites],
        }


def parse(text: str) -> Parsed:
    """Parse one address."""
    return parse_many([text])[0]


def parse_many(texts: Iterable[str]) -> list[Parsed]:
    """Parse addresses, with tokens and explanations (some 10,000 a second)."""
    done = normalise_each(list(texts))
    apart = [set_apart(n.text) for n in done]
    rest = [without(n.text, cut) if cut else n.text for n, cut in zip(done, apart, strict=True)]
    segments = load().tag(rest)
    spans = segments.spans[:, 1:].tolist()
    parsed = []
    for row, (first, last) in enumerate(pairwise(segments.first.tolist())):
        tagged: list[Piece] = [(a, b, _LEVEL_OF_TAG[tag], "") for a, b, tag in spans[first:last]]
        pieces = put_back(settle(rest[row], tagged), apart[row])
        parsed.append(_assemble(done[row], pieces))
    return parsed


def _assemble(done: Normalised, pieces: list[Piece]) -> Parsed:
    text = done.text
    raw_start, raw_end = done.raw_start, done.raw_end
    ordered = not done.rewrites  # then raw ends rise
    tokens = []
    for place, (start, end, tagged, why) in enumerate(pieces):
        words = text[start:end]
        level, rule = tagged, why
        if level == "poi":
            after = pieces[place + 1][2] if place + 1 < len(pieces) else None
            level, rule = _kind_of_place(words, rule, after)
        raw_last = raw_end[end - 1] if ordered else max(raw_end[start:end])
        value = exact_value(level, words)
        tokens.append(
            Token(
                level, words, start, end, raw_start[start], raw_last, value,
                rule or _reason(level, words),
            )
        )  # fmt: skip
    return Parsed(done.raw, text, tuple(tokens), done.rewrites)


def _kind_of_place(words: str, rule: str, after: str | None) -> tuple[Level, str]:
    """A poi is an estate if it is named like one, or if a building stands in it."""
    if words.endswith(_ESTATE_ENDS):
        return "estate", rule
    if after in _INSIDE:
        return "estate", "a building follows"
    return "poi", rule


@lru_cache(maxsize=1 << 16)
def _reason(level: str, text: str) -> str:
    """Why a tagged span has its level, in the words of the evidence."""
    if text in _names().get(level, ()):
        return "gazetteer"
    for end in _ENDS.get(level, ()):
        if text.endswith(end) and (len(text) > len(end)):
            return f"ends in {end}"
    if level in COUNTED and any(c.isdigit() for c in text):
        return "number in its place"
    return "context"


@cache
def _names() -> dict[str, frozenset[str]]:
    """Full and short names of each kind of division."""
    names: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for row in divisions():
        names[row.level].add(row.name)
        short = short_name(row.level, row.name)
        if short:
            names[row.level].add(short)
    for name in ("北京", "天津", "上海", "重庆"):
        names["city"] |= {name, name + "市"}
    return {kind: frozenset(some) for kind, some in names.items()}
