"""House numbers: rising along each road, odd on the left, even on the right."""

from dataclasses import dataclass

import numpy as np
import shapely

from blockdata.crs import to_metric
from blockdata.profile import Profile
from ingest.synthetic.arrays import Bools, Floats, Ints
from ingest.synthetic.plots import Ground

_PITCH_M = 12.0
_ARTERIAL_PITCH_M = 20.0
_ARTERIAL = ("trunk", "primary", "secondary")


@dataclass(frozen=True)
class Frontages:
    """What wants a number: the road it stands at, the point in front of it, and which side.

    Attributes:
        road: (n,) row of ``Ground.paths``.
        x, y: (n,) point of the road's axis, metres.
        side: (n,) +1 left of the road as drawn, -1 right.
    """

    road: Ints
    x: Floats
    y: Floats
    side: Floats


def house_numbers(
    profile: Profile, ground: Ground, fronts: Frontages, landmark: int | None
) -> Ints:
    """(n,) house numbers, each once per road name; 0 where the road has no name.

    Roads are numbered from their west or north end. The landmark gets the profile's number.
    """
    numbers = np.zeros(len(fronts.road), dtype=np.int64)
    names = ground.name_zh[fronts.road]
    for name in sorted(set(names) - {""}):
        rows = np.flatnonzero(names == name)
        pieces = np.flatnonzero(ground.name_zh == name)
        eastward = _runs_east(ground, pieces)
        chainage = fronts.x[rows] if eastward else -fronts.y[rows]
        origin, pitch = _origin(profile, ground, pieces, eastward)
        even = _on_the_right(ground, fronts, rows, eastward)
        fixed = None
        if landmark is not None and (rows == landmark).any():
            fixed = int(np.flatnonzero(rows == landmark)[0])
            even[:] = even if even[fixed] == (profile.landmark.number % 2 == 0) else ~even
            pitch = max((chainage[fixed] - origin) * 2 / profile.landmark.number, 0.5)
        numbers[rows] = _numbered(chainage - origin, pitch, even, fixed, profile.landmark.number)
    return numbers


def _runs_east(ground: Ground, pieces: Ints) -> bool:
    low_x, low_y, high_x, high_y = shapely.total_bounds(ground.paths[pieces])
    return bool(high_x - low_x >= high_y - low_y)


def _origin(profile: Profile, ground: Ground, pieces: Ints, eastward: bool) -> tuple[float, float]:
    """Where a road's numbers begin, and metres to a number on one side.

    Arterials cross communities, of which only some may be built: their numbers count from the far
    end of the district, so that a house keeps its number at every scale.
    """
    if np.isin(ground.road_class[pieces].astype(str), _ARTERIAL).any():
        x, y = (float(v) for v in to_metric(*profile.district.centre))
        reach = 0.75 * (profile.district.area_km2**0.5) * 1000.0
        return (x - reach if eastward else -(y + reach)), _ARTERIAL_PITCH_M
    low_x, _, _, high_y = shapely.total_bounds(ground.paths[pieces])
    return float(low_x if eastward else -high_y), _PITCH_M


def _on_the_right(ground: Ground, fronts: Frontages, rows: Ints, eastward: bool) -> Bools:
    paths = ground.paths[fronts.road[rows]]
    ends = [shapely.get_coordinates(shapely.get_point(paths, i)) for i in (0, -1)]
    along = ends[1] - ends[0]
    forward = along[:, 0] >= 0 if eastward else along[:, 1] <= 0
    left = fronts.side[rows] > 0
    return np.asarray(np.where(forward, ~left, left), dtype=bool)


def _numbered(
    chainage_m: Floats,
    pitch_m: float,
    even: Bools,
    fixed: int | None,
    fixed_number: int,
) -> Ints:
    wished = 2 * np.maximum(np.floor(chainage_m / pitch_m), 0).astype(np.int64) + 1 + even
    for parity in (False, True):
        rows = np.flatnonzero(even == parity)
        rows = rows[np.argsort(chainage_m[rows], kind="stable")]
        if fixed is None or fixed not in rows:
            wished[rows] = _rising(wished[rows])
            continue
        at = int(np.flatnonzero(rows == fixed)[0])
        wished[rows[at]] = fixed_number
        wished[rows[at:]] = _rising(wished[rows[at:]])
        # Below the landmark numbers are pushed down; those that find no room go past the end.
        below = fixed_number + 2 - _rising(fixed_number + 2 - wished[rows[at::-1]])
        wished[rows[at::-1]] = below
        beyond = rows[wished[rows] < 1]
        wished[beyond] = wished[rows].max() + 2 * np.arange(1, len(beyond) + 1)
    return wished


def _rising(numbers: Ints) -> Ints:
    """The least numbers of the same parity that are not below these and rise by two or more."""
    steps = 2 * np.arange(len(numbers))
    return np.maximum.accumulate(numbers - steps) + steps
