"""Travel times of one mode as its roads are at a moment: exact, in whole milliseconds.

Between places, which lie on segments, on top of a hierarchy, which knows nodes and arcs. The rule
of partial times stands in ``dispatch.network.costs``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch._kernels import fleet_move, fleet_search
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric
from dispatch.network.costs import BACKWARD, FORWARD
from dispatch.network.network import CLOSED, ModeGraph
from dispatch.network.snapping import Places

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Step:
    """Part of a route: a segment in a direction, from one fraction of its path to another.

    Fractions count from the segment's first vertex, so a backward step goes down.
    """

    segment: int
    direction: int
    begin: float
    end: float


@dataclass(frozen=True)
class Found:
    """A journey to a place: the time of every leg, and the way."""

    to_road_ms: int
    road_ms: int
    from_road_ms: int
    route: tuple[Step, ...]

    @property
    def travel_time_ms(self) -> int:
        """The whole time, off-network legs included."""
        return self.to_road_ms + self.road_ms + self.from_road_ms


class WaysOut(NamedTuple):
    """Where places lead to, by direction: int32[q, 2] each; -1 where there is none."""

    nodes: Int32s
    offsets_ms: Int32s
    arcs: Int32s


class WaysIn(NamedTuple):
    """From where one place is entered: a node, the time from it, and the arc, for each way."""

    nodes: Int32s
    offsets_ms: Int32s
    arcs: Int32s


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """The graph of a mode with the times that hold, and the metric made from them."""

    graph: ModeGraph
    metric: Metric

    @classmethod
    def of(cls, graph: ModeGraph, hierarchy: Hierarchy) -> "TravelTimes":
        """The travel times of a graph as it stands, customised in full."""
        return cls(graph, hierarchy.customise(graph.time_ms))

    def ways_out(self, places: Places) -> WaysOut:
        """By which nodes responders at places leave their segments, for a fleet's index."""
        return WaysOut(*fleet_move.ways_out(places.whole, self.graph.end_node, self.graph.arc_of))

    def ways_in(self, place: Places, at: int = 0) -> WaysIn:
        """The arcs on which a place lies (copies for turns too), their tails, and the times."""
        graph, (segment, _, forward_ms, backward_ms, _, _) = self.graph, place.whole[at].tolist()
        ways = fleet_search.ways_in(
            segment, forward_ms, backward_ms, graph.segment_first, graph.segment_way
        )
        return WaysIn(*ways[:3])

    def journey(self, starts: Places, start: int, place: Places, at: int = 0) -> Found | None:
        """The quickest way from one of ``starts`` to one of ``place``; None if there is none."""
        if starts.segment[start] < 0 or place.segment[at] < 0:
            return None
        ahead = self._straight(starts, start, place, at)
        ways_in = self.ways_in(place, at)
        sides = np.flatnonzero(starts.from_ms[start] != CLOSED)
        graph, segment = self.graph, int(starts.segment[start])
        found = self.metric.journey(
            graph.end_node[segment][sides],
            ways_in.nodes,
            source_ms=starts.from_ms[start][sides],
            target_ms=ways_in.offsets_ms,
        )
        begin, end = float(starts.fraction[start]), float(place.fraction[at])
        legs = int(starts.access_ms[start]), int(place.access_ms[at])
        if ahead is not None and ahead[0] <= found.travel_time_ms:
            route: tuple[Step, ...] = (Step(segment, ahead[1], begin, end),)
            return Found(legs[0], ahead[0], legs[1], route)
        if found.travel_time_ms >= UNREACHABLE:
            return None
        first = int(sides[found.source])
        arcs = found.arcs
        last = int(ways_in.arcs[found.target])
        middle = zip(graph.segment[arcs].tolist(), graph.direction[arcs].tolist(), strict=True)
        direction = int(graph.direction[last])
        route = (
            Step(segment, first, begin, 1.0 - first),
            *(Step(s, d, float(d), 1.0 - d) for s, d in middle),
            Step(int(graph.segment[last]), direction, float(direction), end),
        )
        return Found(legs[0], found.travel_time_ms, legs[1], route)

    def _straight(
        self, starts: Places, start: int, place: Places, at: int
    ) -> tuple[int, int] | None:
        """The least time straight on along one segment, and its direction; None if no way is."""
        if starts.segment[start] != place.segment[at]:
            return None
        ways = [
            (int(place.to_ms[at, side] - starts.to_ms[start, side]), side)
            for side in (FORWARD, BACKWARD)
            if place.to_ms[at, side] != CLOSED
        ]
        return min((way for way in ways if way[0] >= 0), default=None)
