"""Which rows say again what was said: the same words at the same place."""

import math
from collections.abc import Iterable

NEAR_M = 2.0
"""Positions written with five decimals in two datums differ by up to 1.6 m for the same place."""
_METRES_PER_DEGREE = 111_320.0
_CELL_DEG = 4 * NEAR_M / _METRES_PER_DEGREE  # so wide that two metres reach one side only


class KnownPlaces:
    """Places by their words. What lies within two metres of one of the same words is that one.

    The first of them counts and the later ones are held against it, so that a file imported twice
    adds nothing, not even a kind of landmark that the first did not say. Words and cell are kept as
    a number of 64 bits.
    """

    def __init__(self) -> None:
        self._at: dict[int, tuple[complex, ...]] = {}

    def add_all(self, rows: Iterable[tuple[str, str | None, float, float]]) -> None:
        """Take in what is stored already: text, name, longitude, latitude (WGS 84)."""
        for text, name, lon, lat in rows:
            self._add(hash((text, name or "", *_cell(lon, lat))), complex(lon, lat))

    def is_new(self, text: str, name: str | None, lon: float, lat: float) -> bool:
        """Whether these words are not known at this place; from then on they are."""
        here = complex(lon, lat)
        x, y = _cell(lon, lat)
        beside = x + (1 if lon / _CELL_DEG - x > 0.5 else -1)
        above = y + (1 if lat / _CELL_DEG - y > 0.5 else -1)
        for cell in ((x, y), (beside, y), (x, above), (beside, above)):
            for known in self._at.get(hash((text, name or "", *cell)), ()):
                if _near(here, known):
                    return False
        self._add(hash((text, name or "", x, y)), here)
        return True

    def _add(self, key: int, here: complex) -> None:
        self._at[key] = (*self._at.get(key, ()), here)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon / _CELL_DEG), math.floor(lat / _CELL_DEG)


def _near(a: complex, b: complex) -> bool:
    east = (a.real - b.real) * math.cos(math.radians(a.imag))
    return math.hypot(east, a.imag - b.imag) * _METRES_PER_DEGREE <= NEAR_M
