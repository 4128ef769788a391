"""Sixty thousand responders on the move, and the same as a peer without an index holds them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from blockdata.profile import MODES, TIERS
from blockdata.units import kph_to_mps
from dispatch.fleet import Fleet
from dispatch.network.network import CLOSED
from dispatch.network.snapping import Places
from dispatch.pool import Pool
from dispatch.roster import Roster
from tests.benchmarks._road_networks import PROFILE, RoadNetwork

SIZES = {"volunteer": 52_000, "auxiliary": 7_000, "officer": 1_000}
NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
BUSY, STALE = 0.10, 0.02  # shares that may not be asked
SECONDS_PER_FIX = 7.5  # 60,000 responders at 8,000 updates a second
DEGREES_PER_M = 1 / 111_000.0


def random_points(network: RoadNetwork, mode: str, count: int, rng: np.random.Generator) -> NDArray:
    """Points (lon, lat) a few metres from roads that a mode may use."""
    geometry, usable = network.roads.geometry, network.roads.graphs[mode].usable
    segment = rng.choice(np.flatnonzero(usable), count)
    vertices = geometry.path_first[segment + 1] - geometry.path_first[segment]
    at = geometry.path_first[segment] + (rng.random(count) * (vertices - 1)).astype(np.int64)
    share = rng.random((count, 1))
    points = geometry.path[at] * (1 - share) + geometry.path[at + 1] * share
    return points + rng.normal(0, 8 * DEGREES_PER_M, (count, 2))


@dataclass
class MovingFleet:
    """The product's fleet on a network; some busy, some with a fix too old."""

    network: RoadNetwork
    rng: np.random.Generator

    def __post_init__(self) -> None:
        tiers = np.repeat([TIERS.index(tier) for tier in SIZES], list(SIZES.values()))
        modes = [PROFILE.tiers[TIERS[tier]].mode for tier in tiers]
        n, rng = len(tiers), self.rng
        points = np.concatenate(
            [
                random_points(self.network, PROFILE.tiers[tier].mode, size, rng)
                for tier, size in SIZES.items()
            ]
        )
        age_s = rng.uniform(0, 60, n)
        age_s[rng.random(n) < STALE] = PROFILE.dispatch.fix_max_age_s + 60.0
        roster = Roster(
            responder_id=np.arange(n),
            tier=tiers.astype(np.int8),
            mode=np.array([MODES.index(mode) for mode in modes], np.int8),
            call_sign=np.full(n, None, object),
            skills=np.zeros(n, np.int64),
            skill_names=(),
            busy=rng.random(n) < BUSY,
            lon=points[:, 0].copy(),
            lat=points[:, 1].copy(),
            accuracy_m=np.zeros(n),
            fixed_at_s=NOW.timestamp() - age_s,
            constant_age_s=np.full(n, np.nan),
            counts={},
            holds_from_s=-np.inf,
            holds_until_s=np.inf,
        )
        self.fleet = Fleet(roster, self.network.roads, self.network.travel, PROFILE)
        kph = [PROFILE.modes[mode].speeds_kph["residential"] for mode in MODES]
        step_m = np.array([kph_to_mps(v) * SECONDS_PER_FIX for v in kph])[roster.mode]
        self.step_degrees = step_m * DEGREES_PER_M

    def next_fixes(self, count: int) -> tuple[NDArray, ...]:
        """Rows and where they now are: as far on as their mode goes between two fixes."""
        book, rng = self.fleet.roster, self.rng
        # drawn without a walk over the whole roster, which would empty the cache before each query
        rows = np.unique(rng.integers(0, len(book), count))
        rows = rows[book.fixed_at_s[rows] > NOW.timestamp() - 100]  # the stale send nothing
        heading = rng.uniform(0, 2 * np.pi, len(rows))
        lon = book.lon[rows] + self.step_degrees[rows] * np.cos(heading)
        lat = book.lat[rows] + self.step_degrees[rows] * np.sin(heading)
        return rows, lon, lat, np.full(len(rows), NOW.timestamp())

    def pool(self, tier: str) -> Pool:
        """The index of a tier."""
        return self.fleet._pools[tier, PROFILE.tiers[tier].mode]


class ScipyPeer:
    """One tier as arrays beside SciPy's Dijkstra on the reversed graph: exact, without an index.

    The incident is a node more, whose arcs are written anew for each question.
    """

    SLOTS = 16

    def __init__(self, network: RoadNetwork, tier: str) -> None:
        self.tier, self.roads = tier, network.tiers[tier]
        back = self.roads.scipy.T.tocsr()
        n = self.roads.n_nodes
        self.graph = csr_matrix(
            (
                np.concatenate((back.data, np.zeros(self.SLOTS))),
                np.concatenate((back.indices, np.zeros(self.SLOTS, back.indices.dtype))),
                np.concatenate((back.indptr, [back.indptr[-1] + self.SLOTS])),
            ),
            (n + 1, n + 1),
        )

    def look(self, fleet: Fleet) -> None:
        """Take the positions as they are now; a peer that runs all day would keep them so."""
        book = fleet.roster
        self.rows = np.flatnonzero(book.tier == TIERS.index(self.tier))
        places, rows = fleet.places, self.rows
        self.segment, self.to_ms = places.segment[rows], places.to_ms[rows]
        known = np.maximum(self.segment, 0)
        self.node = np.maximum(self.roads.graph.end_node[known], 0)
        self.access_ms = places.access_ms[rows].astype(np.float64)
        closed = places.from_ms[rows] == CLOSED
        self.left_ms = np.where(closed, np.inf, places.from_ms[rows] + self.access_ms[:, None])
        self.busy, self.fixed_at_s = book.busy[rows], book.fixed_at_s[rows]

    def nearest(self, place: Places, k: int, limit_ms: int) -> list[tuple[int, int]]:
        """The k nearest (ms, row) of those who may be asked."""
        nodes, offsets, _ = self.roads.times.ways_in(place)
        limit = limit_ms - int(place.access_ms[0])
        if not len(nodes) or limit < 0:
            return []
        own = slice(self.graph.indptr[-2], self.graph.indptr[-1])
        which = np.arange(self.SLOTS) % len(nodes)
        assert len(nodes) <= self.SLOTS
        self.graph.indices[own] = nodes[which]
        self.graph.data[own] = offsets[which]
        from_node = dijkstra(self.graph, indices=self.roads.n_nodes, limit=limit)
        ms = (from_node[self.node] + self.left_ms).min(axis=1)
        here = np.flatnonzero(self.segment == place.segment[0])
        for side in (0, 1):
            ahead = place.to_ms[0, side] - self.to_ms[here, side]
            open_ = (place.to_ms[0, side] != CLOSED) & (ahead >= 0)
            straight = np.where(open_, ahead + self.access_ms[here], np.inf)
            ms[here] = np.minimum(ms[here], straight)
        oldest = NOW.timestamp() - PROFILE.dispatch.fix_max_age_s
        ms[self.busy | (self.fixed_at_s < oldest) | (ms > limit)] = np.inf
        best = np.argpartition(ms, 4 * k)[: 4 * k]
        best = best[np.lexsort((best, ms[best]))][:k]
        best = best[np.isfinite(ms[best])]
        return [(int(ms[i]) + int(place.access_ms[0]), int(self.rows[i])) for i in best]
