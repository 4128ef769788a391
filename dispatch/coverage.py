"""What a tier covers within its target, and what is lost while one of its units is away.

A grid is covered if its point is reached in time. A sweep finds for every node of the network who
reaches it soonest; only the grids of whom it names can be lost with that unit, and for those the
two nearest decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from blockdata.profile import Mode, Profile, Tier
from blockdata.units import MS_PER_S
from dispatch.fleet import Fleet
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.network.network import CLOSED, RoadNetwork
from dispatch.network.snapping import Places, snap
from dispatch.travel_time import TravelTimes

NOBODY = -1
Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True)
class GridPoints:
    """A point in every grid of an area: codes, and WGS 84 degrees."""

    codes: list[str]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cover:
    """Of every grid, how soon a tier reaches it (ms) and with whom (row of the fleet)."""

    codes: list[str]
    travel_time_ms: Int64s
    row: Int64s
    target_ms: int
    places: Mapping[Mode, Places]

    @property
    def covered(self) -> int:
        """Number of grids reached in time."""
        return int((self.travel_time_ms <= self.target_ms).sum())


def tier_cover(
    fleet: Fleet,
    network: RoadNetwork,
    profile: Profile,
    tier: Tier,
    grids: GridPoints,
    moment: datetime,
) -> Cover:
    """How a tier covers the grids at a moment; hold ``fleet.lock``."""
    best_ms = np.full(len(grids.codes), UNREACHABLE, np.int64)
    best_row = np.full(len(grids.codes), NOBODY, np.int64)
    placed = {
        mode: snap(network.geometry, times.graph, profile.modes[mode], grids.lon, grids.lat)
        for mode, times in fleet.travel.items()
    }
    for mode, times in fleet.travel.items():
        rows = fleet.sources(tier, mode, moment)
        if len(rows):
            ms, row = _soonest(times, fleet.places.take(rows), placed[mode])
            sooner = ms < best_ms
            best_ms[sooner], best_row[sooner] = ms[sooner], rows[row[sooner]]
    target_ms = profile.tiers[tier].target_s * MS_PER_S
    return Cover(grids.codes, best_ms, best_row, target_ms, placed)


def lost_without(fleet: Fleet, cover: Cover, tier: Tier, row: int, moment: datetime) -> list[str]:
    """Codes of the grids that nobody else of the tier reaches in time; hold ``fleet.lock``."""
    mine = np.flatnonzero((cover.row == row) & (cover.travel_time_ms <= cover.target_ms))
    lost = []
    for grid in mine.tolist():
        point = {mode: places.take(np.array([grid])) for mode, places in cover.places.items()}
        hits = fleet.nearest(tier, point, 2, cover.target_ms, moment)
        if not any(hit.row != row for hit in hits):
            lost.append(cover.codes[grid])
    return lost


def _soonest(times: TravelTimes, starts: Places, grids: Places) -> tuple[Int64s, Int64s]:
    """For every grid the least time (``UNREACHABLE`` if none) and the start that has it."""
    outs = times.ways_out(starts)
    start, side = np.nonzero(outs.nodes != CLOSED)
    ready_ms = outs.offsets_ms[start, side] + starts.access_ms[start]
    sweep = times.metric.nearest_source(outs.nodes[start, side], ready_ms.astype(np.int32))
    best_ms = np.full(len(grids), UNREACHABLE, np.int64)
    best = np.full(len(grids), NOBODY, np.int64)
    for grid in np.flatnonzero(grids.on_network).tolist():
        ins = times.ways_in(grids, grid)
        whole = sweep.travel_time_ms[ins.nodes].astype(np.int64) + ins.offsets_ms
        if len(whole) and (least := int(whole.argmin())) >= 0 and whole[least] < UNREACHABLE:
            best_ms[grid] = whole[least]
            best[grid] = start[sweep.source[ins.nodes[least]]]
    for side_ in (0, 1):
        _straight(starts, grids, side_, best_ms, best)
    reached = best_ms < UNREACHABLE
    best_ms[reached] += grids.access_ms[reached]
    return best_ms, best


def _straight(starts: Places, grids: Places, side: int, best_ms: Int64s, best: Int64s) -> None:
    """Lower times where somebody stands on the grid point's own segment, behind it."""
    for grid in np.flatnonzero(np.isin(grids.segment, starts.segment) & grids.on_network).tolist():
        if grids.to_ms[grid, side] == CLOSED:
            continue
        on = np.flatnonzero(starts.segment == grids.segment[grid])
        ahead = grids.to_ms[grid, side] - starts.to_ms[on, side]
        for who, ms in zip(on[ahead >= 0].tolist(), ahead[ahead >= 0].tolist(), strict=True):
            whole = ms + int(starts.access_ms[who])
            if whole < best_ms[grid]:
                best_ms[grid], best[grid] = whole, who
