"""Words that people give the register: trimmed, of a sane length, text, and about no person."""

import unicodedata

from blockdata.clean import no_text
from blockdata.errors import InputError
from blockdata.personal import refuse_personal
from blockdata.text import Text

MAX_WORDS = 200
_UNFIT = ("Cc", "Cs")
"""Control characters, and what is left of bytes that were not UTF-8."""
_UNSEEN = "Cf"
"""Zero-width spaces, marks of direction and the like: words of these alone are none."""


def clean_words(
    words: str, field: str, cure: Text, *, most: int = MAX_WORDS, kept: bool = True
) -> str:
    """The words with single blanks between them and none around, without what nobody sees.

    Args:
        words: what was given.
        field: what they are given for.
        cure: says what to write.
        most: characters at most.
        kept: they will be stored; words that are only looked up may name a person.

    Raises:
        InputError: there are none, they are longer than ``most``, some are no text, or they will be
            kept and hold personal details.
    """
    seen = "".join(c for c in words if unicodedata.category(c) != _UNSEEN)
    said = " ".join(seen.split())
    if not said:
        raise InputError(Text("没有写明", "nothing is given"), field=field, cure=cure)
    if any(unicodedata.category(c) in _UNFIT for c in said):
        raise no_text(field)
    if len(said) > most:
        raise InputError(
            Text(f"超过 {most} 字", f"it is longer than {most} characters"),
            field=field,
            cure=Text("写短一些", "write it shorter"),
        )
    if kept:
        refuse_personal(said, field)
    return said


def clean_label(words: str, field: str, cure: Text) -> str:
    """The same for a label or name of an address: full-width letters and digits become plain."""
    return clean_words(unicodedata.normalize("NFKC", words), field, cure)
