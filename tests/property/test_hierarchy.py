"""Travel times of the hierarchy against SciPy's Dijkstra: no difference, ever."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric
from tests.property.hierarchy_oracle import TIMES, Roads, roads, towns

settings.register_profile("hierarchy", deadline=None)
settings.load_profile("hierarchy")

GRAPHS = st.one_of(roads(), towns())


def metric_of(graph: Roads) -> Metric:
    return Hierarchy.build(graph.n_nodes, graph.tails, graph.heads).customise(graph.ms)


@given(GRAPHS)
def test_every_kind_of_question_gives_the_same_times(graph: Roads) -> None:
    truth = graph.times()
    metric = metric_of(graph)
    nodes = np.arange(graph.n_nodes)
    np.testing.assert_array_equal(metric.table(nodes, nodes), truth)
    for node in nodes[:20]:
        np.testing.assert_array_equal(metric.from_sources([node]), truth[node])
        np.testing.assert_array_equal(metric.to_targets([node]), truth[:, node])
        np.testing.assert_array_equal(metric.pin(nodes).from_sources([node]), truth[node])
        pairs = [metric.journey([node], [target]).travel_time_ms for target in nodes]
        np.testing.assert_array_equal(pairs, truth[node])


@given(roads(), st.data())
def test_any_order_gives_the_same_times(graph: Roads, data: st.DataObject) -> None:
    rank = data.draw(st.permutations(range(graph.n_nodes)))
    hierarchy = Hierarchy.build(graph.n_nodes, graph.tails, graph.heads, rank=rank)
    nodes = np.arange(graph.n_nodes)
    np.testing.assert_array_equal(hierarchy.customise(graph.ms).table(nodes, nodes), graph.times())


@given(GRAPHS, st.data())
def test_a_journey_is_a_way_that_takes_its_time(graph: Roads, data: st.DataObject) -> None:
    truth = graph.times()
    metric = metric_of(graph)
    ends = st.lists(
        st.tuples(st.integers(0, graph.n_nodes - 1), st.integers(0, 5)), min_size=1, max_size=3
    )
    sources, source_ms = map(list, zip(*data.draw(ends), strict=True))
    targets, target_ms = map(list, zip(*data.draw(ends), strict=True))
    journey = metric.journey(sources, targets, source_ms=source_ms, target_ms=target_ms)
    whole = truth[np.ix_(sources, targets)] + np.add.outer(source_ms, target_ms)
    if whole.min() >= UNREACHABLE:
        assert journey.travel_time_ms == UNREACHABLE
        assert (journey.source, journey.target, journey.arcs.size) == (-1, -1, 0)
        return
    assert journey.travel_time_ms == whole.min()
    assert (journey.source, journey.target) == divmod(int(whole.argmin()), len(targets))
    here = sources[journey.source]
    total = source_ms[journey.source] + target_ms[journey.target]
    for arc in journey.arcs:
        assert graph.tails[arc] == here
        here = graph.heads[arc]
        total += graph.ms[arc]
    assert here == targets[journey.target]
    assert total == journey.travel_time_ms


def least(times: np.ndarray, ms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For every node the least of a row's own time and its time to there, and the row."""
    if not ms.size:
        return np.full(times.shape[1], UNREACHABLE), np.full(times.shape[1], -1)
    whole = np.where(times >= UNREACHABLE, UNREACHABLE, times + ms[:, None])
    best = np.minimum(whole.min(axis=0), UNREACHABLE)
    return best, np.where(best < UNREACHABLE, whole.argmin(axis=0), -1)


@given(GRAPHS, st.data())
def test_nearest_for_every_node_and_whose_it_is(graph: Roads, data: st.DataObject) -> None:
    truth = graph.times()
    metric = metric_of(graph)
    crew = data.draw(
        st.lists(st.tuples(st.integers(0, graph.n_nodes - 1), st.integers(0, 9)), max_size=30)
    )
    nodes = np.array([node for node, _ in crew], np.int64)
    ms = np.array([ms for _, ms in crew], np.int64)
    answer = metric.nearest_source(nodes, ms)
    expected, who = least(truth[nodes], ms)
    np.testing.assert_array_equal(answer.travel_time_ms, expected)
    np.testing.assert_array_equal(answer.source, who)
    np.testing.assert_array_equal(metric.from_sources(nodes, ms), expected)
    np.testing.assert_array_equal(metric.to_targets(nodes, ms), least(truth[:, nodes].T, ms)[0])


@given(GRAPHS, st.data())
def test_closures_and_new_speeds_equal_a_full_customisation(
    graph: Roads, data: st.DataObject
) -> None:
    if graph.n_arcs == 0:
        return
    metric = metric_of(graph)
    ms = graph.ms.copy()
    change = st.tuples(st.integers(0, graph.n_arcs - 1), TIMES)
    for _ in range(data.draw(st.integers(1, 4))):
        before = metric
        held = before.up_ms.copy()
        changes = data.draw(st.lists(change, max_size=4))
        for arc, time in changes:
            ms[arc] = time
        metric = metric.update([arc for arc, _ in changes], [time for _, time in changes])
        fresh = metric.hierarchy.customise(ms)
        np.testing.assert_array_equal(metric.up_ms, fresh.up_ms)
        np.testing.assert_array_equal(metric.down_ms, fresh.down_ms)
        np.testing.assert_array_equal(before.up_ms, held)
    changed = Roads(graph.n_nodes, graph.tails, graph.heads, ms)
    nodes = np.arange(graph.n_nodes)
    np.testing.assert_array_equal(metric.table(nodes, nodes), changed.times())


@given(towns(), st.data())
def test_a_slower_street_never_shortens_a_way(graph: Roads, data: st.DataObject) -> None:
    metric = metric_of(graph)
    nodes = np.arange(graph.n_nodes)
    arc = data.draw(st.integers(0, graph.n_arcs - 1))
    slower = metric.update([arc], [graph.ms[arc] + data.draw(st.integers(1, 10_000))])
    assert (slower.table(nodes, nodes) >= metric.table(nodes, nodes)).all()
