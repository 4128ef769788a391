"""The hierarchy's own ways: what it refuses, how it is kept, and its edges."""

import json
from pathlib import Path

import numpy as np
import pytest

from blockdata.errors import BadFile, InputError
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.fleet_index import FleetIndex
from dispatch.hierarchy.hierarchy import Hierarchy

#     0 ──5──▶ 1 ──5──▶ 2        3 ⇄ 4 (an island)
#     ▲────────20───────┘        and a lone node 5
TAILS = [0, 1, 2, 3, 4]
HEADS = [1, 2, 0, 4, 3]
MS = [5, 5, 20, 7, 9]


@pytest.fixture
def hierarchy() -> Hierarchy:
    return Hierarchy.build(6, TAILS, HEADS)


def test_islands_and_one_ways(hierarchy: Hierarchy) -> None:
    metric = hierarchy.customise(MS)
    pairs = [(0, 2), (2, 0), (2, 1), (0, 3), (3, 4), (4, 3), (5, 5), (5, 0)]
    no = UNREACHABLE
    times = [metric.journey([source], [target]).travel_time_ms for source, target in pairs]
    assert times == [10, 20, 25, no, 7, 9, 0, no]


def test_of_parallel_arcs_the_quickest_open_one_is_taken() -> None:
    metric = Hierarchy.build(2, [0, 0, 0, 0], [1, 1, 1, 0]).customise([9, 4, 4, 0])
    assert metric.journey([0], [1]).arcs.tolist() == [1]
    closed = metric.update([1], [UNREACHABLE])
    assert closed.journey([0], [1]).arcs.tolist() == [2]
    assert closed.update([2], [UNREACHABLE]).journey([0], [1]).travel_time_ms == 9
    assert metric.journey([0], [1]).arcs.tolist() == [1]


def test_the_longest_times_do_not_overflow() -> None:
    longest = UNREACHABLE - 1
    metric = Hierarchy.build(3, [0, 1], [1, 2]).customise([longest, longest])
    assert metric.journey([0], [1]).travel_time_ms == longest
    assert metric.journey([0], [2]).travel_time_ms == UNREACHABLE
    assert metric.table([0], [0, 1, 2]).tolist() == [[0, longest, UNREACHABLE]]
    index = FleetIndex(metric.hierarchy, 1)
    index.move([0], [[0, -1]], [[longest, 0]])
    assert index.nearest(metric, 1, [1]).ids.size == 0
    assert index.nearest(metric, 1, [0]).travel_time_ms.tolist() == [longest]


def test_times_above_the_cap_are_unreachable(hierarchy: Hierarchy) -> None:
    metric = hierarchy.customise(np.array([2**40, 5, 20, 7, 9]))
    assert metric.journey([0], [1]).travel_time_ms == UNREACHABLE


@pytest.mark.parametrize("n_nodes", [0, 1, 3])
def test_networks_without_arcs(n_nodes: int) -> None:
    metric = Hierarchy.build(n_nodes, [], []).customise([])
    assert metric.nearest_source([]).source.tolist() == [-1] * n_nodes


@pytest.mark.parametrize(
    ("tails", "heads", "field"),
    [
        ([0, 6], [1, 1], "tails"),
        ([0], [-1], "heads"),
        ([0], [1, 2], "heads"),
        ([0.5], [1], "tails"),
    ],
)
def test_bad_arcs_are_refused(tails: list[float], heads: list[int], field: str) -> None:
    with pytest.raises(InputError) as refused:
        Hierarchy.build(6, tails, heads)
    assert refused.value.field == field
    assert refused.value.cure is not None


def test_bad_times_orders_and_nodes_are_refused(hierarchy: Hierarchy) -> None:
    with pytest.raises(InputError, match="negative"):
        hierarchy.customise([5, 5, -1, 7, 9])
    with pytest.raises(InputError, match="expected 5 values"):
        hierarchy.customise([5])
    with pytest.raises(InputError, match="permutation"):
        Hierarchy.build(2, [0], [1], rank=[0, 0])
    metric = hierarchy.customise(MS)
    with pytest.raises(InputError):
        metric.update([5], [1])
    with pytest.raises(InputError):
        metric.journey([6], [0])
    with pytest.raises(InputError):
        metric.journey([0, 1], [0], source_ms=[1])


def test_a_wrong_row_moves_nobody(hierarchy: Hierarchy) -> None:
    index = FleetIndex(hierarchy, 2)
    for ids, node, ms, arc in [(2, 0, 0, -1), (1, 6, 0, -1), (1, 0, -3, -1), (1, 0, 0, 5)]:
        with pytest.raises(InputError) as refused:
            index.move([0, ids], [[0, -1], [node, -1]], [[0, 0], [ms, 0]], [[-1, -1], [arc, -1]])
        assert refused.value.facts["row"] == 1
    assert len(index) == 0
    with pytest.raises(InputError):
        index.move([0], [[0]], [[0]])


def test_bad_places_are_refused(hierarchy: Hierarchy) -> None:
    index = FleetIndex(hierarchy, 2)
    metric = hierarchy.customise(MS)
    with pytest.raises(InputError):
        index.nearest(metric, 0, [0])
    with pytest.raises(InputError):
        index.nearest(metric, 1, [6])
    with pytest.raises(InputError):
        index.nearest(metric, 1, [0], [-1])
    with pytest.raises(InputError):
        index.nearest(metric, 1, [0], [0], [5])
    with pytest.raises(InputError):
        index.nearest(Hierarchy.build(6, TAILS, HEADS).customise(MS), 1, [0])


def test_skills_and_age_of_the_fix(hierarchy: Hierarchy) -> None:
    index = FleetIndex(hierarchy, 3)
    metric = hierarchy.customise(MS)
    index.move([0, 1, 2], [[0, -1]] * 3, [[0, 0], [1, 0], [2, 0]])
    index.attributes[:] = [0b01, 0b10, 0b11]
    index.valid_until[:] = [100, 100, 50]
    assert index.nearest(metric, 3, [1], needs=0b10).ids.tolist() == [1, 2]
    assert index.nearest(metric, 3, [1], needs=0b10, now=60).ids.tolist() == [1]
    assert index.nearest(metric, 3, [1], needs=0b11, now=60).ids.tolist() == []


def test_on_one_arc_only_who_is_behind_goes_straight_on(hierarchy: Hierarchy) -> None:
    index = FleetIndex(hierarchy, 2)
    metric = hierarchy.customise(MS)
    # On the arc 0 → 1 of 5 ms: one stands 1 ms from its tail, one 4 ms; the place is at 3 ms.
    index.move([0, 1], [[1, -1]] * 2, [[4, 0], [1, 0]], [[0, -1]] * 2)
    answer = index.nearest(metric, 2, [0], [3], [0])
    assert answer.ids.tolist() == [0, 1]
    assert answer.travel_time_ms.tolist() == [2, 1 + 25 + 3]
    closed = metric.update([0], [UNREACHABLE])
    assert index.nearest(closed, 2, [0], [3], [0]).travel_time_ms.tolist() == [29, 32]


def test_saved_and_opened_again(hierarchy: Hierarchy, tmp_path: Path) -> None:
    hierarchy.save(tmp_path / "saved")
    opened = Hierarchy.load(tmp_path / "saved")
    assert opened.describe() == hierarchy.describe()
    assert opened.fits(6, TAILS, HEADS)
    assert not opened.fits(6, HEADS, TAILS)
    nodes = np.arange(6)
    np.testing.assert_array_equal(
        opened.customise(MS).table(nodes, nodes), hierarchy.customise(MS).table(nodes, nodes)
    )


def test_a_broken_folder_is_refused(hierarchy: Hierarchy, tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        Hierarchy.load(tmp_path)
    hierarchy.save(tmp_path)
    about = json.loads((tmp_path / "hierarchy.json").read_text())
    (tmp_path / "hierarchy.json").write_text(json.dumps(about | {"format": 0}))
    with pytest.raises(BadFile, match="format"):
        Hierarchy.load(tmp_path)
    hierarchy.save(tmp_path)
    (tmp_path / "up_head.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(BadFile):
        Hierarchy.load(tmp_path)


def test_the_same_graph_gets_the_same_order() -> None:
    rng = np.random.default_rng(3)
    tails, heads = rng.integers(0, 500, (2, 900))
    one, two = (Hierarchy.build(500, tails, heads) for _ in range(2))
    np.testing.assert_array_equal(one.rank, two.rank)
