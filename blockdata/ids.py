"""Numbers that name things (addresses, reviews, closures, events), as people give them."""

from blockdata.clean import shown
from blockdata.errors import InputError
from blockdata.text import Text

MAX_ID = (1 << 53) - 1
"""The largest id that is told: every reader of JSON keeps it whole, and the database holds it."""
MAX_SEED = (1 << 31) - 1
"""The largest seed of what is made up: everything that draws takes it."""
_DIGITS = len(str(MAX_ID))


def read_id(words: str, field: str) -> int:
    """An id from its digits.

    Raises:
        InputError: it is no whole number from 0 to ``MAX_ID``.
    """
    if words.isascii() and words.isdecimal() and len(words) <= _DIGITS and int(words) <= MAX_ID:
        return int(words)
    raise InputError(
        Text(f"“{shown(words)}”不是编号", f"'{shown(words)}' is no id"),
        field=field,
        cure=Text("写数字,如 4294967296", "write its digits, as in 4294967296"),
    )
