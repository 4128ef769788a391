"""The road networks that dispatch is measured on: the demo, real ones, and towns that grow."""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from blockdata.profile import load_profile
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric
from dispatch.network.network import CLOSED, ModeGraph, build_network
from dispatch.network.network import RoadNetwork as Roads
from dispatch.network.rows import RoadRows
from dispatch.travel_time import TravelTimes
from tests.auckland import read_auckland
from tests.benchmarks._demo_roads import demo_roads, plain_rows

PROFILE = load_profile("baoan")
GROWTH = (10_000, 30_000, 100_000, 300_000)


@dataclass(frozen=True)
class TierRoads:
    """The graph that one tier travels on, copies for turns included, and times in ms."""

    mode: str
    graph: ModeGraph

    @property
    def n_nodes(self) -> int:
        return self.graph.n_nodes

    @property
    def tails(self) -> NDArray[np.int32]:
        return self.graph.tail

    @property
    def heads(self) -> NDArray[np.int32]:
        return self.graph.head

    @property
    def ms(self) -> NDArray[np.int32]:
        return self.graph.time_ms

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy.build(self.n_nodes, self.tails, self.heads)

    @cached_property
    def times(self) -> TravelTimes:
        return TravelTimes.of(self.graph, self.hierarchy)

    @property
    def metric(self) -> Metric:
        return self.times.metric

    @cached_property
    def scipy(self) -> scipy.sparse.csr_matrix:
        """The graph for SciPy, float64; of parallel arcs the quickest."""
        order = np.lexsort((self.ms, self.heads, self.tails))
        key = self.tails[order].astype(np.int64) * self.n_nodes + self.heads[order]
        kept = order[np.concatenate(([True], key[1:] != key[:-1]))]
        ends = (self.tails[kept], self.heads[kept])
        return scipy.sparse.csr_matrix(
            (self.ms[kept].astype(np.float64), ends), (self.n_nodes, self.n_nodes)
        )


@dataclass(frozen=True)
class RoadNetwork:
    """A network of the product, and each tier's part in it."""

    name: str
    roads: Roads
    tiers: dict[str, TierRoads]

    @classmethod
    def of(cls, name: str, roads: Roads) -> "RoadNetwork":
        tiers = {
            tier: TierRoads(rules.mode, roads.graphs[rules.mode])
            for tier, rules in PROFILE.tiers.items()
        }
        return cls(name, roads, tiers)

    @property
    def n_nodes(self) -> int:
        """Junctions, whoever may use them."""
        return len(self.roads.geometry.lonlat)

    @property
    def travel(self) -> dict[str, TravelTimes]:
        return {tier.mode: tier.times for tier in self.tiers.values()}


def from_arcs(
    name: str,
    lonlat: NDArray[np.float64],
    ends: NDArray[np.int64],
    length_m: NDArray[np.float64],
    patrol_ms: NDArray[np.int32],
) -> RoadNetwork:
    """Streets from directed arcs; a pair of opposite arcs is one street, open both ways.

    Patrol cars take the arcs' own times, the other modes go by the profile.
    """
    number: dict[tuple[int, int], list[int]] = {}
    segment = np.empty(len(ends), np.int64)
    first: list[int] = []
    for arc, (tail, head) in enumerate(ends.tolist()):
        waiting = number.get((head, tail))
        if waiting:
            segment[arc] = waiting.pop()
        else:
            segment[arc] = len(first)
            number.setdefault((tail, head), []).append(len(first))
            first.append(arc)
    begun = ends[first]
    against = (np.bincount(segment) == 1).astype(np.int64)
    rows: RoadRows = plain_rows(lonlat, begun, length_m[first], against)
    roads = build_network(rows, PROFILE.modes)
    side = np.ones(len(ends), np.int64)
    side[first] = 0
    own_ms = np.zeros((len(first), 2), np.int32)
    own_ms[segment, side] = np.maximum(patrol_ms, 1)
    graph = roads.graphs["patrol"]
    patrol = replace(
        graph,
        time_ms=own_ms[graph.segment, graph.direction],
        through_ms=np.where(graph.through_ms == CLOSED, CLOSED, own_ms).astype(np.int32),
    )
    return RoadNetwork.of(name, replace(roads, graphs={**roads.graphs, "patrol": patrol}))


def demo() -> RoadNetwork:
    """The demo district, whole: made by the product's own generator, kept between runs."""
    return RoadNetwork.of("demo", build_network(demo_roads(PROFILE), PROFILE.modes))


def auckland() -> RoadNetwork | None:
    """Auckland from the shared data (``BLOCKDATA_REAL_DATA``); None where that is not set."""
    folder = os.environ.get("BLOCKDATA_REAL_DATA")
    if not folder:
        return None
    roads = read_auckland(Path(folder))
    lonlat = np.column_stack((roads.lon, roads.lat))
    ends = np.column_stack((roads.tails, roads.heads)).astype(np.int64)
    return from_arcs("auckland", lonlat, ends, roads.length_m, roads.emergency_ms)


def town(n_nodes: int, seed: int = 1) -> RoadNetwork:
    """A made-up town of about ``n_nodes`` nodes, shaped like streets and not like a lattice.

    Blocks of local streets, thinned out and bent (nodes between junctions), are joined to their
    neighbours at two places only, and every fourth seam is a river with few bridges; a lattice of
    the same size would have separators far too large.
    """
    rng = np.random.default_rng(seed)
    side, bend = 8, 1.6
    blocks = max(1, round(np.sqrt(n_nodes / (side * side * bend))))
    width = blocks * side
    ident = np.arange(width * width).reshape(width, width)
    pairs = []
    for a, b, axis in ((ident[:, :-1], ident[:, 1:], 1), (ident[:-1], ident[1:], 0)):
        along = np.indices(a.shape)[axis]
        across = np.indices(a.shape)[1 - axis]
        seam = along % side == side - 1
        river = along % (4 * side) == 4 * side - 1
        links = np.where(river, across % side == 5, np.isin(across % side, (2, 5)))
        kept = np.where(seam, links, rng.random(a.shape) < 0.72)
        pairs.append(np.column_stack((a[kept], b[kept])))
    edges = np.concatenate(pairs)
    lon = 113.85 + 0.0009 * (ident.ravel() % width + rng.normal(0, 0.15, ident.size))
    lat = 22.55 + 0.0009 * (ident.ravel() // width + rng.normal(0, 0.15, ident.size))
    middle = rng.random(len(edges)) < n_nodes / ident.size - 1
    new = ident.size + np.arange(int(middle.sum()))
    bent = edges[middle]
    lon = np.concatenate((lon, lon[bent].mean(axis=1)))
    lat = np.concatenate((lat, lat[bent].mean(axis=1)))
    whole = np.concatenate(
        (edges[~middle], np.column_stack((bent[:, 0], new)), np.column_stack((new, bent[:, 1])))
    )
    one_way = rng.random(len(whole)) < 0.15
    ends = np.concatenate((whole, whole[~one_way][:, ::-1])).astype(np.int64)
    metres = 100_000 * np.hypot(*(c[ends[:, 0]] - c[ends[:, 1]] for c in (lon, lat)))
    patrol_ms = np.rint(metres / rng.choice([0.008, 0.012, 0.017], len(ends))).astype(np.int32)
    name = f"town-{n_nodes // 1000}k"
    return from_arcs(name, np.column_stack((lon, lat)), ends, metres, patrol_ms)
