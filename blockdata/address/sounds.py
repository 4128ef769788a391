"""How characters sound, without tones: for misspellings and for search by pinyin."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_FIRST, _LAST = 0x4E00, 0x9FFF


@cache
def readings(point: int) -> tuple[str, ...]:
    """Toneless readings of a character, the likeliest first; ü is written v. None for others."""
    from pypinyin import Style, pinyin

    if not _FIRST <= point <= _LAST:
        return ()
    found = pinyin(chr(point), style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
    return tuple(dict.fromkeys(r for r in found if r.isascii() and r.isalpha()))


@cache
def sound_ids() -> NDArray[np.uint16]:
    """A number for the likeliest reading of each of the first 65,536 code points; 0: none."""
    ids: dict[str, int] = {}
    out = np.zeros(65536, np.uint16)
    for point in range(_FIRST, _LAST + 1):
        spelt = readings(point)
        if spelt:
            out[point] = ids.setdefault(spelt[0], len(ids) + 1)
    return out
