"""Words that people give, by one rule: text that UTF-8, JSON and PostgreSQL can all hold.

``clean_text`` is for words that are looked up or passed on as they are; ``clean_words`` and
``clean_label`` for words that are kept.
"""

import unicodedata

from blockdata.errors import InputError
from blockdata.text import Text

MAX_WORDS = 200
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
        raise _no_text(field)
    return words


def clean_words(words: str, field: str, cure: Text, *, most: int = MAX_WORDS) -> str:
    """The words with single blanks between them and none around.

    Raises:
        InputError: there are none (``cure`` says what to write), they are longer than ``most``
            characters, or some are no text.
    """
    said = " ".join(words.split())
    if not said:
        raise InputError(Text("没有写明", "nothing is given"), field=field, cure=cure)
    if any(unicodedata.category(c) in _UNFIT for c in said):
        raise _no_text(field)
    if len(said) > most:
        raise InputError(
            Text(f"超过 {most} 字", f"it is longer than {most} characters"),
            field=field,
            cure=Text("写短一些", "write it shorter"),
        )
    return said


def clean_label(words: str, field: str, cure: Text) -> str:
    """The same for a label or name of an address: full-width letters and digits become plain."""
    return clean_words(unicodedata.normalize("NFKC", words), field, cure)


def shown(words: str, most: int = A_WORD) -> str:
    """What was given as an error may quote it: on one line, of a sane length, all of it text."""
    cut = words if len(words) <= most else f"{words[:most]}…"
    return "".join(
        c if unicodedata.category(c) not in _UNFIT else c.encode("unicode_escape").decode()
        for c in cut
    )


def _no_text(field: str) -> InputError:
    return InputError(
        Text("含有不是文字的字符", "it holds characters that are no text"),
        field=field,
        cure=Text("用 UTF-8 重新输入", "write it again, in UTF-8"),
    )
