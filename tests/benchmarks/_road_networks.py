"""The road networks that dispatch is measured on: real ones, and made-up ones that grow."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric
from tests.auckland import read_auckland

GROWTH = (10_000, 30_000, 100_000, 300_000)
SPEEDS_M_PER_MS = {"volunteer": 0.0018, "auxiliary": 0.005}


@dataclass(frozen=True)
class RoadNetwork:
    """A directed graph with lengths, and the times of the three tiers in ms (all above zero)."""

    name: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tails: NDArray[np.int32]
    heads: NDArray[np.int32]
    tier_ms: dict[str, NDArray[np.int32]]

    @property
    def n_nodes(self) -> int:
        return self.lon.size

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy.build(self.n_nodes, self.tails, self.heads)

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        return {tier: self.hierarchy.customise(ms) for tier, ms in self.tier_ms.items()}

    def graph(self, tier: str) -> scipy.sparse.csr_matrix:
        """The tier's graph for SciPy, float64; of parallel arcs the quickest."""
        ms = self.tier_ms[tier]
        order = np.lexsort((ms, self.heads, self.tails))
        key = self.tails[order].astype(np.int64) * self.n_nodes + self.heads[order]
        kept = order[np.concatenate(([True], key[1:] != key[:-1]))]
        ends = (self.tails[kept], self.heads[kept])
        return scipy.sparse.csr_matrix(
            (ms[kept].astype(np.float64), ends), (self.n_nodes, self.n_nodes)
        )


def _tier_times(
    length_m: NDArray[np.float64], patrol_ms: NDArray[np.float64]
) -> dict[str, NDArray[np.int32]]:
    times = {tier: length_m / speed for tier, speed in SPEEDS_M_PER_MS.items()}
    times["officer"] = patrol_ms
    return {tier: np.maximum(np.rint(ms), 1).astype(np.int32) for tier, ms in times.items()}


def auckland() -> RoadNetwork | None:
    """Auckland from the shared data (``BLOCKDATA_REAL_DATA``); None where that is not set."""
    folder = os.environ.get("BLOCKDATA_REAL_DATA")
    if not folder:
        return None
    roads = read_auckland(Path(folder))
    times = _tier_times(roads.length_m, roads.emergency_ms.astype(np.float64))
    return RoadNetwork("auckland", roads.lon, roads.lat, roads.tails, roads.heads, times)


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
    ends = np.concatenate((whole, whole[~one_way][:, ::-1])).astype(np.int32)
    metres = 100_000 * np.hypot(*(c[ends[:, 0]] - c[ends[:, 1]] for c in (lon, lat)))
    times = _tier_times(metres, metres / rng.choice([0.008, 0.012, 0.017], len(ends)))
    return RoadNetwork(
        f"town-{n_nodes // 1000}k", lon, lat, ends[:, 0].copy(), ends[:, 1].copy(), times
    )


LOADERS: list[Callable[[], RoadNetwork | None]] = [auckland]
"""Networks every part is measured on; each loader returns None where its data is absent."""


def networks() -> Iterator[RoadNetwork]:
    """The networks whose data is at hand."""
    for load in LOADERS:
        network = load()
        if network is not None:
            yield network


def growing() -> Iterator[RoadNetwork]:
    """Made-up towns of ever more nodes, for how times grow."""
    for n_nodes in GROWTH:
        yield town(n_nodes)
