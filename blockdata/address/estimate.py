"""Where a number that is not in the register should be: between those that are."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import spell_label
from blockdata.crs import from_metric, to_metric

LEAST_UNCERTAINTY_M = 15.0
_ROUNDED_TO_M = 5.0
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Estimate:
    """An estimated position, WGS 84 degrees, and how far off it may be; the numbers around it."""

    lon: float
    lat: float
    uncertainty_m: float
    between: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "lon": self.lon,
            "lat": self.lat,
            "uncertainty_m": self.uncertainty_m,
            "between": list(self.between),
        }


def whole_number(label: str) -> int | None:
    """The number with which a label begins: 168 of 168-2; None if it begins otherwise."""
    found = _DIGITS.match(label)
    return int(found[0]) if found else None


def estimate(gazetteer: Gazetteer, nodes: NDArray[np.int64], label: str) -> Estimate | None:
    """Where number ``label`` of the road of ``nodes`` should be; None unless it lies between two.

    Numbers on one side of a road are all odd or all even: those of its own side are taken where
    there are two around it. In a straight line between both, by their numbers; it may be as far off
    as the further of them.
    """
    wanted = whole_number(label)
    if wanted is None:
        return None
    known = _known(gazetteer, nodes)
    own_side = {number: at for number, at in known.items() if (number - wanted) % 2 == 0}
    around = _around(own_side, wanted) or _around(known, wanted)
    if around is None:
        return None
    low, high = around
    (low_x, low_y), (high_x, high_y) = known[low], known[high]
    share = (wanted - low) / (high - low) if high > low else 0.0
    x_m, y_m = low_x + share * (high_x - low_x), low_y + share * (high_y - low_y)
    off_m = max(np.hypot(x_m - low_x, y_m - low_y), np.hypot(x_m - high_x, y_m - high_y))
    lon, lat = from_metric(x_m, y_m)
    uncertainty_m = _ROUNDED_TO_M * np.ceil(max(off_m, LEAST_UNCERTAINTY_M) / _ROUNDED_TO_M)
    between = tuple(f"{number}号" for number in dict.fromkeys(around))
    return Estimate(round(float(lon), 7), round(float(lat), 7), float(uncertainty_m), between)


def _around(known: dict[int, tuple[float, float]], wanted: int) -> tuple[int, int] | None:
    below = max((number for number in known if number <= wanted), default=None)
    above = min((number for number in known if number >= wanted), default=None)
    return None if below is None or above is None else (below, above)


def _known(gazetteer: Gazetteer, nodes: NDArray[np.int64]) -> dict[int, tuple[float, float]]:
    """The middle of what stands at each number, metres."""
    standing: dict[int, list[int]] = {}
    for node in nodes[(gazetteer.number[nodes] > 0) & ~np.isnan(gazetteer.lon[nodes])].tolist():
        number = whole_number(spell_label(int(gazetteer.number[node])))
        if number is not None:
            standing.setdefault(number, []).append(node)
    middles: dict[int, tuple[float, float]] = {}
    for number, at in standing.items():
        x_m, y_m = to_metric(gazetteer.lon[at], gazetteer.lat[at])
        middles[number] = (float(x_m.mean()), float(y_m.mean()))
    return middles
