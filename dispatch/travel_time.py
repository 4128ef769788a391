"""Travel times toward a place, exact in whole milliseconds, behind one interface.

``BoundedSearch`` is the plain way: Dijkstra's algorithm back from the place until the k nearest
are known. Whatever replaces it keeps ``TravelTimes``, and gives the same answers.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dispatch._kernels import search as kernel
from dispatch.network.costs import BACKWARD, FORWARD
from dispatch.network.network import CLOSED, ModeGraph
from dispatch.network.snapping import Places

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]


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
    """One who can reach the place: its number in the pool, the time of every leg, and the way."""

    member: int
    to_road_ms: int
    road_ms: int
    from_road_ms: int
    route: tuple[Step, ...]

    @property
    def travel_time_ms(self) -> int:
        """The whole time, off-network legs included."""
        return self.to_road_ms + self.road_ms + self.from_road_ms


@dataclass(frozen=True)
class Pool:
    """Those who may be asked, on the network of one mode. Of equal times the lower number wins."""

    graph: ModeGraph
    places: Places

    @cached_property
    def entries(self) -> tuple[Int32s, Int32s, Int64s]:
        """CSR by node: who enters the network there, and how many ms after setting out."""
        places = self.places
        known = np.maximum(places.segment, 0)
        # a place on no segment has from_ms closed, so its end nodes are never read
        member, side = np.nonzero(places.from_ms != CLOSED)
        node = self.graph.end_node[known[member], side]
        offset_ms = places.access_ms[member] + places.from_ms[member, side]
        order = np.argsort(node, kind="stable")
        first = np.zeros(self.graph.n_nodes + 1, np.int32)
        np.cumsum(np.bincount(node, minlength=self.graph.n_nodes), out=first[1:])
        return first, member[order].astype(np.int32), offset_ms[order]


class TravelTimes(Protocol):
    """Exact travel times of one mode."""

    def nearest(self, place: Places, pool: Pool, k: int, limit_ms: int) -> list[Found]:
        """The k of the pool nearest to one place, within a limit, ordered by (time, number)."""
        ...


class BoundedSearch:
    """Dijkstra's algorithm on the reversed graph, from the place until k are known."""

    def __init__(self, graph: ModeGraph) -> None:
        self.graph = graph

    def nearest(self, place: Places, pool: Pool, k: int, limit_ms: int) -> list[Found]:
        """The k of the pool nearest to the one place of ``place`` (length 1).

        Everything counts: from where each stands to the road, the road, and from the road to the
        place. Nobody farther than ``limit_ms`` is found; nobody at all if the place is on no road.
        """
        if k <= 0 or not place.on_network[0]:
            return []
        graph, from_road_ms = self.graph, int(place.access_ms[0])
        seed_arc, seed_ms = seeds(graph, place)
        direct_member, direct_ms = same_segment(place, pool.places)
        member, time_ms, node, next_arc = kernel.nearest(
            graph.in_first,
            graph.in_arc,
            graph.tail,
            graph.time_ms,
            seed_arc,
            seed_ms,
            *pool.entries,
            direct_member,
            direct_ms,
            min(k, len(pool.places)),
            limit_ms - from_road_ms,
        )
        last = set(seed_arc.tolist())
        found = []
        for who, whole_ms, at in zip(member.tolist(), time_ms.tolist(), node.tolist(), strict=True):
            to_road_ms = int(pool.places.access_ms[who])
            route = self._route(place, pool.places, who, at, next_arc, last)
            found.append(Found(who, to_road_ms, whole_ms - to_road_ms, from_road_ms, route))
        return found

    def _route(
        self,
        place: Places,
        starts: Places,
        member: int,
        node: int,
        next_arc: Int32s,
        last: set[int],
    ) -> tuple[Step, ...]:
        segment, begin = int(starts.segment[member]), float(starts.fraction[member])
        end = float(place.fraction[0])
        if node < 0:
            forward = begin < end or (begin == end and place.to_ms[0, FORWARD] != CLOSED)
            return (Step(segment, FORWARD if forward else BACKWARD, begin, end),)
        # both directions end at one node only on a loop; the shorter way out was taken
        ways_out = [
            (int(starts.from_ms[member, side]), side)
            for side in (FORWARD, BACKWARD)
            if starts.from_ms[member, side] != CLOSED and self.graph.end_node[segment, side] == node
        ]
        direction = min(ways_out)[1]
        steps = [Step(segment, direction, begin, 1.0 - direction)]
        graph, here = self.graph, node
        while True:
            arc = int(next_arc[here])
            direction = int(graph.direction[arc])
            stop = end if arc in last else 1.0 - direction
            steps.append(Step(int(graph.segment[arc]), direction, float(direction), stop))
            if arc in last:
                return tuple(steps)
            here = int(graph.head[arc])


def seeds(graph: ModeGraph, place: Places) -> tuple[Int32s, Int64s]:
    """The arcs on which a place lies (copies for turns too), and the ms from their tails to it."""
    segment = int(place.segment[0])
    arcs = graph.segment_arc[graph.segment_first[segment] : graph.segment_first[segment + 1]]
    return arcs, place.to_ms[0, graph.direction[arcs]]


def same_segment(place: Places, starts: Places) -> tuple[Int32s, Int64s]:
    """Who stands on the place's own segment and can go straight to it, and the ms (with access)."""
    member = np.flatnonzero(starts.segment == place.segment[0])
    members, times = [], []
    for side in (FORWARD, BACKWARD):
        if place.to_ms[0, side] == CLOSED:
            continue
        ahead = place.fraction[0] - starts.fraction[member]
        who = member[ahead >= 0 if side == FORWARD else ahead <= 0]
        members.append(who)
        times.append(starts.access_ms[who] + place.to_ms[0, side] - starts.to_ms[who, side])
    if not members:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    return np.concatenate(members).astype(np.int32), np.concatenate(times)
