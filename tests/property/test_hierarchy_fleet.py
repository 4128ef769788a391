"""The nearest of a moving fleet against a list of everybody's time, by SciPy's Dijkstra."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.fleet_index import FleetIndex
from dispatch.hierarchy.hierarchy import Hierarchy
from tests.property.hierarchy_oracle import FORBIDDEN, Roads, roads, towns

settings.register_profile("hierarchy", deadline=None)
settings.load_profile("hierarchy")

CAPACITY = 40
NOWHERE = (-1, 0, -1)


@dataclass
class Everybody:
    """The fleet as a plain list: entries (node, ms, arc) by responder."""

    graph: Roads
    times: NDArray[np.int64]
    at: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)

    def nearest(
        self, k: int, place: list[tuple[int, int, int]], limit_ms: int
    ) -> list[tuple[int, int]]:
        found = []
        for who, entries in self.at.items():
            best = min((self._between(e, p) for e in entries for p in place), default=FORBIDDEN)
            if best <= limit_ms:
                found.append((best, who))
        return sorted(found)[:k]

    def _between(self, entry: tuple[int, int, int], place: tuple[int, int, int]) -> int:
        (node, ms, arc), (target, target_ms, target_arc) = entry, place
        if node < 0 or target < 0:
            return FORBIDDEN
        by_nodes = FORBIDDEN
        if self.times[node, target] < FORBIDDEN:
            by_nodes = ms + int(self.times[node, target]) + target_ms
        if arc >= 0 and arc == target_arc and self.graph.ms[arc] < FORBIDDEN:
            ahead = ms + target_ms - int(self.graph.ms[arc])
            if ahead >= 0:
                by_nodes = min(by_nodes, ahead)
        return by_nodes


def on_arc(graph: Roads, arc: int, share: float) -> tuple[int, int]:
    """Times from the tail and to the head of a point on an arc; they add to the arc's time."""
    whole = int(graph.ms[arc]) if graph.ms[arc] < FORBIDDEN else 10
    before = round(whole * share)
    return before, whole - before


@st.composite
def positions(draw: st.DrawFn, graph: Roads) -> list[tuple[int, int, int]]:
    """Two entries of a responder: at nodes, on arcs, or none."""
    entries = []
    for _ in range(2):
        kind = draw(st.sampled_from(["node", "arc", "none"]))
        if kind == "node":
            entries.append((draw(st.integers(0, graph.n_nodes - 1)), draw(st.integers(0, 9)), -1))
        elif kind == "arc" and graph.n_arcs:
            arc = draw(st.integers(0, graph.n_arcs - 1))
            _, after = on_arc(graph, arc, draw(st.floats(0, 1)))
            entries.append((int(graph.heads[arc]), after, arc))
        else:
            entries.append(NOWHERE)
    return entries


@st.composite
def places(draw: st.DrawFn, graph: Roads) -> list[tuple[int, int, int]]:
    """One to three ways into a place."""
    ways = []
    for _ in range(draw(st.integers(1, 3))):
        if graph.n_arcs and draw(st.booleans()):
            arc = draw(st.integers(0, graph.n_arcs - 1))
            before, _ = on_arc(graph, arc, draw(st.floats(0, 1)))
            ways.append((int(graph.tails[arc]), before, arc))
        else:
            ways.append((draw(st.integers(0, graph.n_nodes - 1)), draw(st.integers(0, 9)), -1))
    return ways


@given(st.one_of(roads(), towns()), st.data())
def test_nearest_while_the_fleet_moves(graph: Roads, data: st.DataObject) -> None:
    hierarchy = Hierarchy.build(graph.n_nodes, graph.tails, graph.heads)
    metric = hierarchy.customise(graph.ms)
    index = FleetIndex(hierarchy, CAPACITY)
    truth = Everybody(graph, graph.times())
    for _ in range(data.draw(st.integers(1, 4))):
        ids = data.draw(st.lists(st.integers(0, CAPACITY - 1), max_size=12))
        moved = [data.draw(positions(graph)) for _ in ids]
        table = np.array(moved, np.int64).reshape(-1, 2, 3)
        index.move(ids, table[:, :, 0], table[:, :, 1], table[:, :, 2])
        truth.at |= dict(zip(ids, moved, strict=True))
        gone = data.draw(st.lists(st.integers(0, CAPACITY - 1), max_size=3))
        index.remove(gone)
        truth.at |= {who: [NOWHERE, NOWHERE] for who in gone}
        assert len(index) == sum(any(e[0] >= 0 for e in at) for at in truth.at.values())

        place = data.draw(places(graph))
        k = data.draw(st.integers(1, CAPACITY + 5))
        limit = data.draw(st.sampled_from([0, 3, 50, 1_000, UNREACHABLE - 1]))
        nodes, offsets, arcs = np.array(place).T
        answer = index.nearest(metric, k, nodes, offsets, arcs, limit_ms=limit)
        expected = truth.nearest(k, place, limit)
        assert list(zip(answer.travel_time_ms, answer.ids, strict=True)) == expected


@given(towns(), st.integers(0, 2**32 - 1))
def test_one_more_responder_never_worsens_the_best(graph: Roads, seed: int) -> None:
    rng = np.random.default_rng(seed)
    hierarchy = Hierarchy.build(graph.n_nodes, graph.tails, graph.heads)
    metric = hierarchy.customise(graph.ms)
    index = FleetIndex(hierarchy, CAPACITY)
    best = UNREACHABLE
    for who in range(10):
        nodes = [[rng.integers(graph.n_nodes), -1]]
        index.move([who], nodes, [[rng.integers(1_000), 0]])
        answer = index.nearest(metric, 1, [0])
        now = int(answer.travel_time_ms[0]) if answer.ids.size else UNREACHABLE
        assert now <= best
        best = now


@given(towns(), st.integers(0, 2**32 - 1))
def test_other_ids_change_only_ties(graph: Roads, seed: int) -> None:
    rng = np.random.default_rng(seed)
    hierarchy = Hierarchy.build(graph.n_nodes, graph.tails, graph.heads)
    metric = hierarchy.customise(graph.ms)
    nodes = np.column_stack((rng.integers(0, graph.n_nodes, CAPACITY), np.full(CAPACITY, -1)))
    none = np.zeros_like(nodes)
    answers = []
    for ids in (np.arange(CAPACITY), rng.permutation(CAPACITY)):
        index = FleetIndex(hierarchy, CAPACITY)
        index.move(ids, nodes, none)
        answer = index.nearest(metric, 7, [0])
        back = np.argsort(ids)
        answers.append((answer.travel_time_ms, back[answer.ids]))
    (times, first), (other_times, second) = answers
    np.testing.assert_array_equal(times, other_times)
    if times.size:
        before_ties = times < times[-1]
        for ms in np.unique(times[before_ties]):
            assert set(first[times == ms]) == set(second[times == ms])
