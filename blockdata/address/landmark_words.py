"""Words that ask for a kind of landmark: 附近的派出所, 固戍社区 派出所, hospital near 固戍社区."""

import re
from typing import NamedTuple

from blockdata.address.landmark_kinds import KINDS, Kind

_MARKS = " ,.;:/、?!"
_TAILS = re.compile(
    rf"(?:在哪里|在哪儿|在哪|怎么走|有哪些|有吗|吗|门口|里面|附近|旁边|那里|那边|[{_MARKS}])+$"
)
# What stands between the kind and the place that it is to be near to.
_NEAR = r"离我最近的|最近的|就近的|附近的|周边的|旁边的|附近|周边|旁边|最近|就近|旁"
_PLAIN = rf"我在|我想去|我要去|请问|哪里有|有没有|有$|找|离|距离|距|的|[{_MARKS}]"
_LATIN = r"NEAREST|CLOSEST|NEARBY|NEAR|NEXT TO|CLOSE TO|AROUND"
_LATIN_PLAIN = r"THE|TO|IN|AT|OF"
_LEADING = re.compile(
    rf"(?P<near>{_NEAR}|(?:{_LATIN})(?![A-Z]))|{_PLAIN}|(?:{_LATIN_PLAIN})(?![A-Z])"
)
_TRAILING = re.compile(
    rf"(?:(?P<near>{_NEAR}|(?<![A-Z])(?:{_LATIN}))|{_PLAIN}|(?<![A-Z])(?:{_LATIN_PLAIN}))$"
)
_WORDS: tuple[tuple[str, Kind], ...] = tuple(
    sorted(
        ((word, kind) for kind, about in KINDS.items() for word in about.asked),
        key=lambda pair: -len(pair[0]),
    )
)


class AskedKind(NamedTuple):
    """A kind of landmark that was asked for.

    Attributes:
        kind: which.
        word: as it was said (小学 asks for some of the schools).
        place: the words of the place; "" where none was said.
        apart: the kind stands apart from the place: 固戍社区 派出所.
        near: it is to be near it: 固戍社区附近的派出所.
    """

    kind: Kind
    word: str
    place: str
    apart: bool
    near: bool


def asked_kind(normal: str) -> AskedKind | None:
    """The kind for which words in normal form ask, and the place; None where they ask for none."""
    words = normal.upper().strip(_MARKS)
    for text in dict.fromkeys((_TAILS.sub("", words), words)):
        for word, kind in _WORDS:
            if text.endswith(word) and _ends_there(text[: -len(word)], word):
                return _asked(kind, word, text[: -len(word)])
            if text.startswith(word) and _begins_anew(text[len(word) :]):
                return _asked(kind, word, text[len(word) :])
    return None


def _asked(kind: Kind, word: str, rest: str) -> AskedKind:
    apart, near = rest != rest.strip(_MARKS), False
    while rest and (found := _LEADING.match(rest)):
        near |= found["near"] is not None
        rest = rest[found.end() :]
    while rest and (found := _TRAILING.search(rest)):
        near |= found["near"] is not None
        rest = rest[: found.start()]
    return AskedKind(kind, word, rest, apart, near)


def _ends_there(before: str, word: str) -> bool:
    """PARK is no part of CARPARK; Chinese has no spaces."""
    return not (word[0].isascii() and before[-1:].isascii() and before[-1:].isalpha())


def _begins_anew(rest: str) -> bool:
    """派出所,固戍社区 asks for a kind; 医院路12号 is a road."""
    found = _LEADING.match(rest)
    return rest == "" or rest[0] in _MARKS or (found is not None and found["near"] is not None)
