"""How characters sound, without tones: for misspellings and for search by pinyin."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_FIRST, _LAST = 0x4E00, 0x9FFF


@cache
def readings() -> dict[int, tuple[str, ...]]:
    """Toneless readings of each common character, the likeliest first; ü is written v."""
    from pypinyin import Style, pinyin

    points = list(range(_FIRST, _LAST + 1))
    known: dict[int, tuple[str, ...]] = {}
    for point in points:
        found = pinyin(chr(point), style=Style.NORMAL, heteronym=True, v_to_u=False)[0]
        spelt = tuple(dict.fromkeys(r for r in found if r.isascii() and r.isalpha()))
        if spelt:
            known[point] = spelt
    return known


@cache
def sound_ids() -> NDArray[np.uint16]:
    """A number for the likeliest reading of each of the first 65,536 code points; 0: none."""
    ids: dict[str, int] = {}
    out = np.zeros(65536, np.uint16)
    for point, spelt in readings().items():
        out[point] = ids.setdefault(spelt[0], len(ids) + 1)
    return out
