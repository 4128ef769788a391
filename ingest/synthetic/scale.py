"""How large a synthetic district may be; apart, so that a wrong scale is refused at once."""

import math

from blockdata.errors import InputError
from blockdata.text import Text


def check_scale(scale: float) -> None:
    """Refuse a scale that is not above 0 and up to 1.

    Raises:
        InputError: it is not.
    """
    if not (math.isfinite(scale) and 0.0 < scale <= 1.0):
        raise InputError(
            Text(f"规模 {scale} 不可用", f"the scale {scale} cannot be used"),
            field="scale",
            cure=Text(
                "请给大于 0、不超过 1 的数,如 0.02", "give a number above 0 and up to 1, as 0.02"
            ),
        )
