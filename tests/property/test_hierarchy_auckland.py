"""The real network of Auckland: no difference from SciPy's Dijkstra, and a shallow order."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.fleet_index import FleetIndex
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric
from tests.auckland import Auckland, read_auckland


@pytest.fixture(scope="module")
def auckland(real_data: Path) -> Auckland:
    return read_auckland(real_data)


@pytest.fixture(scope="module")
def metric(auckland: Auckland) -> Metric:
    hierarchy = Hierarchy.build(auckland.n_nodes, auckland.tails, auckland.heads)
    return hierarchy.customise(auckland.emergency_ms)


def graph_of(auckland: Auckland, ms: NDArray[np.int32]) -> csr_matrix:
    """Every time is above zero here; parallel arcs are reduced to the quickest."""
    open_arcs = np.flatnonzero(ms < UNREACHABLE)
    order = open_arcs[
        np.lexsort((ms[open_arcs], auckland.heads[open_arcs], auckland.tails[open_arcs]))
    ]
    ends = np.column_stack((auckland.tails[order], auckland.heads[order]))
    first = np.ones(order.size, bool)
    first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    kept = order[first]
    return csr_matrix(
        (ms[kept].astype(float), (auckland.tails[kept], auckland.heads[kept])),
        (auckland.n_nodes, auckland.n_nodes),
    )


def whole(distance: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.where(np.isfinite(distance), distance, UNREACHABLE).astype(np.int64)


def test_the_order_is_shallow(metric: Metric) -> None:
    figures = metric.hierarchy.describe()
    assert figures["depth"] <= 100
    assert figures["triangles"] <= 200_000


def test_times_and_tables(auckland: Auckland, metric: Metric) -> None:
    rng = np.random.default_rng(1)
    sources = rng.integers(0, auckland.n_nodes, 40)
    truth = whole(dijkstra(graph_of(auckland, auckland.emergency_ms), indices=sources))
    for source, times in zip(sources, truth, strict=True):
        np.testing.assert_array_equal(metric.from_sources([source]), times)
    targets = rng.integers(0, auckland.n_nodes, 500)
    np.testing.assert_array_equal(metric.table(sources, targets), truth[:, targets])
    pairs = [metric.journey([s], [t]).travel_time_ms for s in sources for t in targets[:50]]
    np.testing.assert_array_equal(pairs, truth[:, targets[:50]].ravel())


@pytest.mark.parametrize("size", [1, 161, 20_000])
def test_nearest_for_every_node(auckland: Auckland, metric: Metric, size: int) -> None:
    sources = np.random.default_rng(size).integers(0, auckland.n_nodes, size)
    graph = graph_of(auckland, auckland.emergency_ms)
    truth = whole(dijkstra(graph, indices=sources, min_only=True))
    answer = metric.nearest_source(sources)
    np.testing.assert_array_equal(answer.travel_time_ms, truth)
    reached = truth < UNREACHABLE
    np.testing.assert_array_equal(answer.source >= 0, reached)
    for node in np.flatnonzero(reached)[::20]:
        journey = metric.journey([sources[answer.source[node]]], [node])
        assert journey.travel_time_ms == truth[node]


def test_closures(auckland: Auckland, metric: Metric) -> None:
    rng = np.random.default_rng(2)
    for _ in range(25):
        arcs = rng.integers(0, auckland.tails.size, 20)
        metric = metric.update(arcs, np.full(20, UNREACHABLE))
    full = metric.hierarchy.customise(metric.travel_time_ms)
    np.testing.assert_array_equal(metric.up_ms, full.up_ms)
    np.testing.assert_array_equal(metric.down_ms, full.down_ms)
    truth = whole(dijkstra(graph_of(auckland, metric.travel_time_ms), indices=[7, 20_000]))
    np.testing.assert_array_equal(metric.from_sources([7]), truth[0])
    np.testing.assert_array_equal(metric.from_sources([20_000]), truth[1])


@pytest.mark.parametrize("size", [20, 1_000, 52_000])
def test_nearest_of_a_moving_fleet(auckland: Auckland, metric: Metric, size: int) -> None:
    rng = np.random.default_rng(size)
    backwards = graph_of(auckland, auckland.emergency_ms).T.tocsr()
    ms = auckland.emergency_ms
    index = FleetIndex(metric.hierarchy, size)
    arc = rng.integers(0, auckland.tails.size, size)
    for _ in range(12):
        moved = rng.integers(0, size, max(1, size // 7))
        arc[moved] = rng.integers(0, auckland.tails.size, moved.size)
        left = (ms[arc] * rng.random(size)).astype(np.int64)
        no = np.full(size, -1)
        index.move(
            np.arange(size),
            np.column_stack((auckland.heads[arc], no)),
            np.column_stack((left, no)),
            np.column_stack((arc, no)),
        )
        where = int(arc[rng.integers(size)] if rng.random() < 0.5 else rng.integers(ms.size))
        before = int(ms[where] * rng.random())
        times = whole(dijkstra(backwards, indices=auckland.tails[where]))[auckland.heads[arc]]
        times = np.where(times < UNREACHABLE, times + left + before, UNREACHABLE)
        ahead = left + before - ms[where]
        straight = (arc == where) & (ahead >= 0)
        times[straight] = np.minimum(times, ahead)[straight]
        expected = np.lexsort((np.arange(size), times))[:5]
        expected = expected[times[expected] < UNREACHABLE]
        answer = index.nearest(metric, 5, [auckland.tails[where]], [before], [where])
        np.testing.assert_array_equal(answer.ids, expected)
        np.testing.assert_array_equal(answer.travel_time_ms, times[expected])
