"""What questions over HTTP are made of: types whose bounds ``/openapi.json`` tells, too.

Whatever fits them can be read, calculated with and stored: a moment in any zone, a number in a
column, a text in a database. Whatever does not fit is refused before anything is done.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from blockdata.ids import MAX_ID
from blockdata.moments import read_moment, with_plus

_DIGITS = r"[-+]?[0-9]{1,3}(?:[.][0-9]{0,17})?(?:[eE][-+]?[0-9]{1,3})?"
LON_LAT_PATTERN = rf"^ *{_DIGITS} *[,，] *{_DIGITS} *$"
_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_DATE = r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"[T ](?:[01][0-9]|2[0-3])(?::?[0-5][0-9](?::?[0-5][0-9](?:[.,][0-9]{1,9})?)?)?"
_ZONE = r"(?:Z|[-+ ](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
MOMENT_PATTERN = rf"^{_DATE}(?:{_TIME}{_ZONE}?)?$"


def _moment(words: str) -> str:
    """The words, which can be read; the pattern leaves days that a month does not have."""
    read_moment(words, "moment")
    return with_plus(words)


AreaName = Annotated[str, Field(min_length=1, max_length=64, description="name of an area")]
SafeText = Annotated[str, Field(pattern=_NO_CONTROLS)]
"""A text without control characters but tabs and line ends; lone surrogates are no text either."""
LonLat = Annotated[
    str, Field(max_length=64, pattern=LON_LAT_PATTERN, description="lon,lat in degrees (WGS 84)")
]
Moment = Annotated[
    str,
    Field(
        max_length=40,
        pattern=MOMENT_PATTERN,
        description="a date or a moment (ISO 8601) from 1900 to 2199; local without an offset",
    ),
    AfterValidator(_moment),
]
"""As it was written, with the plus that a query string may lose; read it with the own zone."""
IdWords = Annotated[str, Field(pattern=r"^[0-9]{1,16}$")]
"""An id as text, as browsers' numbers are floats."""
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Offset = Annotated[int, Field(ge=0, le=1_000_000_000)]
