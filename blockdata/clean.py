"""Words that people give, by one rule: text that UTF-8, JSON and PostgreSQL can all hold.

What the register keeps is cleaned further (``address.register.words``).
"""

import unicodedata

from blockdata.errors import InputError
from blockdata.text import Text

A_WORD, A_LINE = 60, 300
"""How much of what was given, and of what a library says, an error quotes (characters)."""
_UNFIT = ("Cc", "Cs")
"""Control characters, and what is left of bytes that were not UTF-8."""


def clean_text(words: str, field: str) -> str:
    """The words as they are, where they are text.

    Raises:
        InputError: they hold a NUL, or half a character (a lone surrogate: bytes that were not
            UTF-8, or half of an escape in JSON).
    """
    if "\0" in words or any("\ud800" <= c <= "\udfff" for c in words):
        raise no_text(field)
    return words


def folded(words: str) -> str:
    """Words as they are compared: in small plain letters, without what nobody sees."""
    seen = "".join(c for c in words if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", seen).strip().lower()


def shown(words: str, most: int = A_WORD) -> str:
    """What was given as an error may quote it: on one line, of a sane length, all of it text."""
    cut = words if len(words) <= most else f"{words[:most]}…"
    return "".join(
        c if unicodedata.category(c) not in _UNFIT else c.encode("unicode_escape").decode()
        for c in cut
    )


def no_text(field: str) -> InputError:
    """The error of words that are no text."""
    return InputError(
        Text("含有不是文字的字符", "it holds characters that are no text"),
        field=field,
        cure=Text("用 UTF-8 重新输入", "write it again, in UTF-8"),
    )
