"""The chance that somebody of a masked tier is in time, reckoned from counts by cell alone.

The model: everybody counted in a cell stands anywhere on its streets that the tier's mode may use,
evenly by length, and goes by road from there; all are alerted, and answer independently of each
other by the tier's acceptance and turnout. So of each cell's street there is a share from which a
place is reached in time; it depends on place and roads only, and the chance is

    1 - product over cells of (1 - share of the cell) ^ (number counted in the cell)

It is the same wherever within their cells people really are.
"""

from collections.abc import Iterable
from typing import NamedTuple

import h3
import numpy as np
import numpy.typing as npt

from blockdata.grid.h3_cover import cells_of
from blockdata.profile import Mode
from blockdata.units import MS_PER_S
from dispatch._kernels.snap import metres_per_degree
from dispatch.cells import shape_of
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.network.costs import BACKWARD, FORWARD
from dispatch.network.network import CLOSED, Geometry, RoadNetwork
from dispatch.network.snapping import Places
from dispatch.travel_time import TravelTimes
from dispatch.turnout import Turnout

PIECE_M = 10.0  # streets are taken in pieces no longer than this
GUESSES = 100  # so many places are tried to guess where in a cell somebody is
Floats = npt.NDArray[np.float64]


class Pieces(NamedTuple):
    """Pieces of street: segment int32[n], middle as a fraction of its length, metres float32[n]."""

    segment: npt.NDArray[np.int32]
    fraction: npt.NDArray[np.float32]
    length_m: npt.NDArray[np.float32]


class Share(NamedTuple):
    """The chance of somebody in a cell to stand near enough, and to accept and be in time."""

    near: float
    in_time: float


class CellStreets:
    """The streets of a network by cell, for each mode; looked up when first asked for and kept."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._kept: dict[tuple[Mode, str], tuple[Pieces, float]] = {}

    def of(self, mode: Mode, cell: str) -> Pieces:
        """The pieces of street in an H3 cell that a mode may use."""
        return self._look_up(mode, cell)[0]

    def spread_m(self, mode: Mode, cell: str) -> float:
        """How well the streets of a cell hide somebody: how far off a best guess is, by median."""
        return self._look_up(mode, cell)[1]

    def _look_up(self, mode: Mode, cell: str) -> tuple[Pieces, float]:
        found = self._kept.get((mode, cell))
        if found is None:
            pieces, lonlat = self._pieces(mode, cell)
            found = self._kept[mode, cell] = pieces, _spread_m(pieces, lonlat)
        return found

    def _pieces(self, mode: Mode, cell: str) -> tuple[Pieces, Floats]:
        geometry, usable = self._network.geometry, self._network.graphs[mode].usable
        begin, end = geometry.path[:-1], geometry.path[1:]
        west, south, east, north = shape_of(cell).bounds
        near = (np.minimum(begin, end) <= (east, north)).all(axis=1)
        near &= (np.maximum(begin, end) >= (west, south)).all(axis=1)
        near &= geometry.segment_of[:-1] == geometry.segment_of[1:]
        runs = np.flatnonzero(near)
        pieces, lonlat = _cut(geometry, runs[usable[geometry.segment_of[runs]]])
        cells = cells_of(lonlat[:, 0], lonlat[:, 1], h3.get_resolution(cell))
        inside = cells == h3.str_to_int(cell)
        return Pieces(*(part[inside] for part in pieces)), lonlat[inside]


class Arrivals:
    """How soon a place (or one of some: the entrances of a building) is reached from anywhere."""

    def __init__(self, times: TravelTimes, places: Places) -> None:
        """One sweep over the network for each of the places that is on it."""
        self._graph = times.graph
        self._places = [places.take(np.array([at])) for at in np.flatnonzero(places.on_network)]
        ways = [times.ways_in(place) for place in self._places]
        self._node_ms = [
            times.metric.to_targets(way.nodes, way.offsets_ms + int(place.access_ms[0]))
            for way, place in zip(ways, self._places, strict=True)
        ]

    def times_ms(self, streets: Pieces) -> Floats:
        """Travel time from the middle of every piece of street, float64[n]; inf without a way."""
        segment, fraction = streets.segment, streets.fraction.astype(np.float64)
        best = np.full(len(segment), np.inf)
        for place, node_ms in zip(self._places, self._node_ms, strict=True):
            own = segment == place.segment[0]
            for side, left in ((FORWARD, 1.0 - fraction), (BACKWARD, fraction)):
                through_ms = self._graph.through_ms[segment, side]
                open_ = through_ms != CLOSED
                end_ms = node_ms[np.where(open_, self._graph.end_node[segment, side], 0)]
                whole = left * through_ms + end_ms
                straight = left * through_ms - place.from_ms[0, side] + place.access_ms[0]
                best = np.fmin(best, np.where(open_ & (end_ms < UNREACHABLE), whole, np.inf))
                ahead = own & open_ & (straight >= place.access_ms[0])
                best = np.fmin(best, np.where(ahead, straight, np.inf))
        return best


def share_of(arrivals: Arrivals, streets: Pieces, turnout: Turnout, target_s: int) -> Share:
    """The share of a cell's streets from which a place is reached in time.

    ``near`` counts travel time alone; ``in_time`` weighs each piece of street with the chance to
    accept and to set out soon enough from there. Both are 0 where a cell has no streets.
    """
    whole_m = float(streets.length_m.sum())
    if not whole_m:
        return Share(0.0, 0.0)
    time_s = arrivals.times_ms(streets) / MS_PER_S
    near = np.flatnonzero(time_s <= target_s)
    chances = [turnout.chance_in_time(s, target_s) for s in time_s[near].tolist()]
    metres = streets.length_m[near].astype(np.float64)
    return Share(float(metres.sum()) / whole_m, float(metres @ np.array(chances)) / whole_m)


def at_least_one(groups: Iterable[tuple[float, int]]) -> float:
    """The chance that one at least succeeds, of groups with a chance for each and so many."""
    missed = 1.0
    for chance, number in groups:
        missed *= (1.0 - chance) ** number
    return 1.0 - missed


def _spread_m(pieces: Pieces, lonlat: Floats) -> float:
    """The least median distance from a piece of street to all of them, by length; 0 for none."""
    if not len(lonlat):
        return 0.0
    metres = lonlat * metres_per_degree(float(lonlat[0, 1]))
    middles = []
    for guess in metres[:: max(len(metres) // GUESSES, 1)]:
        away_m = np.hypot(*(metres - guess).T)
        order = np.argsort(away_m)
        so_far_m = np.cumsum(pieces.length_m[order])
        middles.append(away_m[order[np.searchsorted(so_far_m, so_far_m[-1] / 2)]])
    return float(min(middles))


def _cut(geometry: Geometry, runs: npt.NDArray[np.int64]) -> tuple[Pieces, Floats]:
    """Straight runs of path (from a vertex to the next) in equal pieces, and their middles.

    Middles are WGS 84 lon, lat, float64[n, 2].
    """
    run_m = geometry.so_far_m[runs + 1] - geometry.so_far_m[runs]
    number = np.maximum(np.ceil(run_m / PIECE_M).astype(np.int64), 1)
    of = np.repeat(np.arange(len(runs)), number)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(number) - number, number)
    share = (nth + 0.5) / number[of]
    vertex = runs[of]
    segment = geometry.segment_of[vertex]
    along_m = geometry.so_far_m[vertex] + share * run_m[of]
    fraction = along_m / np.maximum(geometry.length_m[segment], 1e-9)
    begin, end = geometry.path[vertex], geometry.path[vertex + 1]
    length_m = (run_m / number)[of]
    pieces = Pieces(segment, fraction.astype(np.float32), length_m.astype(np.float32))
    return pieces, begin + share[:, None] * (end - begin)
