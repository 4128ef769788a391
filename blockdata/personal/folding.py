"""A text in plain characters, with the way back: full-width 1 as 1, ① as 1, nothing invisible."""

import unicodedata
from typing import NamedTuple


class Folded(NamedTuple):
    """The plain text; ``places[i]`` is where ``plain[i]`` stands in the raw text (None: there)."""

    plain: str
    places: tuple[int, ...] | None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the raw text from which ``plain[start:end]`` was made (start < end)."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text; every character becomes one, or none where nobody sees it."""
    if text.isascii():
        return Folded(text, None)
    plain = text.translate(_PLAIN)
    if len(plain) == len(text):
        return Folded(plain, None)
    return Folded(plain, tuple(i for i, c in enumerate(text) if _PLAIN[ord(c)] is not None))


class _Plain(dict[int, int | None]):
    """What each code point becomes, looked up once."""

    def __missing__(self, point: int) -> int | None:
        character = chr(point)
        wide = unicodedata.normalize("NFKC", character)
        digit = unicodedata.digit(character, None)
        became: int | None = ord(wide) if len(wide) == 1 else point
        if digit is not None:
            became = ord(str(digit))
        elif unicodedata.category(character) == "Cf":
            became = None
        self[point] = became
        return became


_PLAIN = _Plain()
