"""Coarse cells: all that is told of where volunteers are before they accept, as counts.

A count belongs to a whole H3 cell, so that nothing told changes while somebody moves within one.
Counts stand for a while: were they live, whoever watched them would see the very moment at which
somebody crosses from one cell into the next, and so the place.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import h3
import numpy as np
import numpy.typing as npt
import shapely

from blockdata.grid.h3_cover import cells_of
from blockdata.profile import TIERS, Profile, Tier
from dispatch._kernels.snap import metres_per_degree
from dispatch.roster import Duty, Roster

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CellCounts:
    """How many of each masked tier could be asked, by cell, when last counted, and who was on duty.

    The counts are of everybody, whatever was asked for. ``seen`` has, by id, the cell in which each
    one on duty is counted and since when; it is never told.
    """

    counted_at: datetime
    duty: Duty
    by_tier: Mapping[Tier, Mapping[str, int]]
    seen: Mapping[int, tuple[str, datetime]]
    hold_s: int

    def stand_at(self, moment: datetime, duty: Duty) -> bool:
        """Whether they still count at a moment, with those shifts on."""
        age_s = (moment - self.counted_at).total_seconds()
        return age_s < self.hold_s and duty == self.duty


def count_by_cell(
    roster: Roster, profile: Profile, now: datetime, duty: Duty, before: CellCounts | None
) -> CellCounts:
    """Count those of a roster who may be asked now.

    Who was seen in a cell ``before``, not long ago, still counts there, so that counting twice
    within a short time, as when shifts change, shows nobody crossing either.
    """
    rules, hold = profile.dispatch, timedelta(seconds=profile.dispatch.coarse_counts_hold_s)
    masked = np.isin(roster.tier, [TIERS.index(tier) for tier in profile.masked])
    known = np.flatnonzero(masked & ~np.isnan(roster.lon))
    cells = cells_of(roster.lon[known], roster.lat[known], rules.coarse_cell_h3_resolution)
    ids = roster.responder_id[known].tolist()
    seen = {who: (h3.int_to_str(int(cell)), now) for who, cell in zip(ids, cells, strict=True)}
    if before is not None:
        kept = {who: was for who, was in before.seen.items() if now - was[1] < hold}
        seen |= {who: was for who, was in kept.items() if who in seen}
    may = roster.states(now, rules.fix_max_age_s)[known] == 0
    tiers = roster.tier[known]
    by_tier: dict[Tier, Counter[str]] = {tier: Counter() for tier in profile.masked}
    for n in np.flatnonzero(may).tolist():
        by_tier[TIERS[tiers[n]]][seen[ids[n]][0]] += 1
    return CellCounts(now, duty, by_tier, seen, rules.coarse_counts_hold_s)


def cells_near(
    place: shapely.Point | shapely.Polygon, reach_m: float, resolution: int
) -> list[str]:
    """The cells that come within reach of a convex place (WGS 84 degrees), the nearest first.

    A function of the place alone. The own cell of a point comes first.
    """
    middle = place.centroid
    per_degree = np.array(metres_per_degree(middle.y))

    def plane(degrees: Floats) -> Floats:
        away = degrees - (middle.x, middle.y)
        away[:, 0] = (away[:, 0] + 180) % 360 - 180  # a cell may lie across the date line
        metres: Floats = away * per_degree
        return metres

    here = shapely.transform(place, plane)
    own = cell_of(middle, resolution)
    found: list[tuple[float, str]] = []
    disk: set[str] = set()
    for ring in count():
        new = set(h3.grid_disk(own, ring)) - disk
        disk |= new
        away = [(here.distance(shapely.transform(shape_of(cell), plane)), cell) for cell in new]
        near = [one for one in away if one[0] <= reach_m]
        if not near:
            break
        found += near
    return [cell for _, cell in sorted(found)]


def cell_of(place: shapely.Point, resolution: int) -> str:
    """The cell of a point, WGS 84 lon, lat."""
    return str(h3.latlng_to_cell(place.y, place.x, resolution))


def outline_of(cell: str) -> list[tuple[float, float]]:
    """The corners of a cell, WGS 84 lon, lat."""
    return [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]


def shape_of(cell: str) -> shapely.Polygon:
    """A cell as a polygon, WGS 84 lon, lat."""
    return shapely.Polygon(outline_of(cell))


def area_km2(resolution: int) -> float:
    """How large cells of a resolution are on average."""
    return float(h3.average_hexagon_area(resolution, unit="km^2"))
