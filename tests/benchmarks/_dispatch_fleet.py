"""Dispatch benchmark: the nearest of a moving fleet, its updates, and closures."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.fleet_index import FleetIndex
from dispatch.hierarchy.hierarchy import Hierarchy
from tests.benchmarks._dispatch_sweeps import FLEET, whole
from tests.benchmarks._harness import Report, median_seconds, same_answer
from tests.benchmarks._road_networks import RoadNetwork

K = 5
QUERIES = 400
MOVES_PER_QUERY = 8  # 8,000 updates a second beside 1,000 queries a second
CHECKED = 12
LIMIT_MS = 600_000


@dataclass
class Crew:
    """One tier on the move: each responder is on an arc, some time before its head."""

    network: RoadNetwork
    tier: str
    size: int
    rng: np.random.Generator

    def __post_init__(self) -> None:
        self.ids = np.arange(self.size, dtype=np.int32)
        self.arcs = self.rng.integers(0, self.network.tails.size, self.size, dtype=np.int32)
        self.left = self._left(self.arcs)
        self.index = FleetIndex(self.network.hierarchy, self.size)
        self.index.move(self.ids, *self.entries(self.ids))
        # Who drives on comes to an arc that leaves the head of his own.
        order = np.argsort(self.network.tails, kind="stable").astype(np.int32)
        self._first = np.searchsorted(
            self.network.tails[order], np.arange(self.network.n_nodes + 1)
        )
        self._leaving = order

    def _left(self, arcs: NDArray[np.int32]) -> NDArray[np.int32]:
        return (self.network.tier_ms[self.tier][arcs] * self.rng.random(arcs.size)).astype(np.int32)

    def entries(self, who: NDArray[np.int32]) -> tuple[NDArray[np.int32], ...]:
        """Nodes, times and arcs of responders as the index takes them."""
        none = np.full(who.size, -1, np.int32)
        arcs = self.arcs[who]
        columns = ((self.network.heads[arcs], none), (self.left[who], none), (arcs, none))
        return tuple(np.column_stack(column) for column in columns)

    def drive(self, count: int) -> tuple[NDArray[np.int32], ...]:
        """Let some drive on to a next arc; the update as the index takes it."""
        who = self.rng.integers(0, self.size, count, dtype=np.int32)
        at = self.network.heads[self.arcs[who]]
        first, end = self._first[at], self._first[at + 1]
        ahead = self._leaving[np.minimum(first, self._leaving.size - 1)]
        self.arcs[who] = np.where(end > first, ahead, self.arcs[who])
        self.left[who] = self._left(self.arcs[who])
        return who, *self.entries(who)

    def truth(self, times: NDArray[np.int64], arc: int, before: int) -> NDArray[np.int64]:
        """Times of the K nearest from the times of all nodes to the tail of the target's arc."""
        to_tail = times[self.network.heads[self.arcs]]
        every = np.where(to_tail < UNREACHABLE, to_tail + self.left + before, UNREACHABLE)
        ahead = self.left + before - self.network.tier_ms[self.tier][arc].astype(np.int64)
        straight = (self.arcs == arc) & (ahead >= 0)
        every[straight] = np.minimum(every, ahead)[straight]
        nearest = np.sort(every[np.argpartition(every, K)[: K + 1]])[:K]
        return nearest[nearest < UNREACHABLE]


def three_tier_nearest(report: Report, network: RoadNetwork) -> None:
    """K of each tier for one incident, positions moving all the while; no snapping here."""
    rng = np.random.default_rng(4)
    crews = {tier: Crew(network, tier, size, rng) for tier, size in FLEET.items()}
    share = {tier: max(1, round(MOVES_PER_QUERY * size / 60_000)) for tier, size in FLEET.items()}
    backwards = {tier: network.graph(tier).T.tocsr() for tier in FLEET}
    for metric in network.metrics.values():
        metric.from_sources([0])
    seconds, by_limit, by_kth = [], [], []
    for turn in range(QUERIES):
        for tier, crew in crews.items():
            crew.index.move(*crew.drive(share[tier]))
        arc = int(rng.integers(network.tails.size))
        tail = int(network.tails[arc])
        before = {tier: int(network.tier_ms[tier][arc] * 0.4) for tier in FLEET}
        began = time.perf_counter()
        answers = {
            tier: crew.index.nearest(network.metrics[tier], K, [tail], [before[tier]], [arc])
            for tier, crew in crews.items()
        }
        seconds.append(time.perf_counter() - began)
        if turn % (QUERIES // CHECKED):
            continue
        limits = dict.fromkeys(FLEET, LIMIT_MS)
        kth = {t: int(a.travel_time_ms[-1]) if a.ids.size else 0 for t, a in answers.items()}
        for limit, times in ((limits, by_limit), (kth, by_kth)):
            began = time.perf_counter()
            found = {
                tier: crew.truth(
                    whole(dijkstra(backwards[tier], indices=tail, limit=limit[tier])),
                    arc,
                    before[tier],
                )
                for tier, crew in crews.items()
            }
            times.append(time.perf_counter() - began)
            for tier, ours in answers.items():
                ms = ours.travel_time_ms
                same_answer(ms[ms <= limit[tier]], found[tier][found[tier] <= limit[tier]], tier)
    ours = float(np.median(seconds))
    note = "kernel level: no snapping; 8 position updates between queries"
    for case, times in (("limit 600 s", by_limit), ("limit at the true k-th", by_kth)):
        theirs = float(np.median(times))
        report.beside(
            "three-tier-nearest", f"{network.name}, {case}", 3 * K, ours, "scipy", theirs, note
        )
    report.value(
        "three-tier-nearest", network.name, "p99_seconds", float(np.quantile(seconds, 0.99)), note
    )


def position_updates(report: Report, network: RoadNetwork) -> None:
    """Responders that drive on to a next street, and ones that appear anywhere."""
    crew = Crew(network, "volunteer", FLEET["volunteer"], np.random.default_rng(5))
    for case, count in (("batches of 1,000", 1_000), ("one by one", 1)):
        times = []
        for _ in range(200):
            update = crew.drive(count)
            began = time.perf_counter()
            crew.index.move(*update)
            times.append((time.perf_counter() - began) / count)
        rate = 1 / float(np.median(times))
        report.value(
            "position-updates", f"{network.name}, {case}", "updates_per_second", rate,
            "to the next street, one entry each",
        )  # fmt: skip
    jumps = []
    for _ in range(2):
        crew.arcs = crew.rng.integers(0, network.tails.size, crew.size, dtype=np.int32)
        jumps.append((crew.ids, *crew.entries(crew.ids)))
    seconds = median_seconds(lambda: [crew.index.move(*jump) for jump in jumps]) / 2
    report.value(
        "position-updates", f"{network.name}, to anywhere", "updates_per_second",
        crew.size / seconds, "the whole fleet at once",
    )  # fmt: skip


def closure(report: Report, network: RoadNetwork) -> None:
    """From closing one street (both ways) to the first corrected answer, and a full order."""
    rng = np.random.default_rng(6)
    metric = network.metrics["officer"]
    crew = Crew(network, "officer", FLEET["officer"], rng)
    key = network.tails.astype(np.int64) * network.n_nodes + network.heads
    back = network.heads.astype(np.int64) * network.n_nodes + network.tails
    times, worst = [], 0.0
    for turn in range(60):
        arc = int(rng.integers(network.tails.size))
        street = np.flatnonzero((key == key[arc]) | (key == back[arc]))
        tail = int(network.tails[arc])
        began = time.perf_counter()
        closed = metric.update(street, np.full(street.size, UNREACHABLE))
        crew.index.nearest(closed, K, [tail])
        spent = time.perf_counter() - began
        if turn:  # the first warms up
            times.append(spent)
            worst = max(worst, spent)
        if turn % 20 == 0:
            full = metric.hierarchy.customise(closed.travel_time_ms)
            same_answer(closed.up_ms, full.up_ms, "closure, up")
            same_answer(closed.down_ms, full.down_ms, "closure, down")
    began = time.perf_counter()
    Hierarchy.build(network.n_nodes, network.tails, network.heads)
    full_order = time.perf_counter() - began
    report.beside(
        "closure", network.name, network.n_nodes, float(np.median(times)), "kernel", full_order,
        "peer: a full re-ordering of the network",
    )  # fmt: skip
    report.value("closure", network.name, "worst_seconds", worst, "of 59 streets")
