"""Words that people give the register: trimmed, of a sane length, and text throughout."""

import unicodedata

from blockdata.errors import InputError
from blockdata.text import Text

MAX_WORDS = 200
_UNFIT = ("Cc", "Cs")
"""Control characters, and what is left of bytes that were not UTF-8."""


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
        raise InputError(
            Text("含有不是文字的字符", "it holds characters that are no text"),
            field=field,
            cure=Text("用 UTF-8 重新输入", "write it again, in UTF-8"),
        )
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
