"""A road slowed to nearly nothing takes nearly for ever, and nobody near it is forgotten."""

from datetime import UTC, datetime

import numpy as np
import pytest

from blockdata.profile import load_profile
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.network.closures import Closure
from dispatch.network.costs import LONGEST_MS, arcs_of, speeds_mps, travel_ms
from dispatch.network.hierarchies import build_hierarchy
from dispatch.network.live import LiveRoads
from dispatch.network.network import build_network
from dispatch.network.snapping import snap
from dispatch.pool import Pool
from tests.roads_by_hand import make_roads, places_on

PROFILE = load_profile("baoan")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
#  0 ── 1 ── 2, and a way round from 0 to 2
POINTS = [(113.85, 22.58), (113.851, 22.58), (113.852, 22.58)]
STREET = ("residential", 0, 7, 0)
SEGMENTS = [(0, 1, 100.0, *STREET), (1, 2, 100.0, *STREET), (0, 2, 900.0, *STREET)]


@pytest.fixture(scope="module")
def roads():
    network = build_network(make_roads(POINTS, SEGMENTS), PROFILE.modes)
    hierarchies = {mode: build_hierarchy(graph) for mode, graph in network.graphs.items()}
    return LiveRoads(network, hierarchies, PROFILE)


def slowed(roads, factor):
    return roads.at(NOON, (Closure(1, (0,), 7, factor),))["patrol"]


@pytest.mark.parametrize("factor", [1e-3, 1e-9, 1e-15, 1e-300, 5e-324])
def test_a_slower_road_never_takes_less_time(roads, factor):
    open_ms = int(roads.at(NOON)["patrol"].graph.through_ms[0, 0])
    graph = slowed(roads, factor).graph
    slow_ms = int(graph.through_ms[0, 0])
    assert slow_ms == -1 or slow_ms >= min(round(open_ms / max(factor, 1e-12)) - 1, LONGEST_MS)
    assert graph.through_ms[1].tolist() == [open_ms, open_ms]


@pytest.mark.parametrize("factor", [0.0, 1e-15, 1e-300])
def test_the_way_round_is_taken_instead(roads, factor):
    times = slowed(roads, factor)
    there = times.metric.from_sources([0])
    round_ms = int(times.graph.through_ms[2, 0] + times.graph.through_ms[1, 0])
    assert int(there[1]) == round_ms
    assert 0 <= int(there[2]) < UNREACHABLE


def test_who_stands_on_such_a_road_still_counts(roads):
    times = slowed(roads, 1e-15)
    pool = Pool(times.metric.hierarchy, 1)
    longest_leg_ms = LONGEST_MS - 1
    pool.put(times, [0], places_on(times.graph, [(0, 0.5)], [longest_leg_ms]))
    assert pool.index.arrays is not None  # taken in, not refused


@pytest.mark.parametrize(("length_m", "speed_mps"), [(1e9, 5e-324), (1e300, 1e-300), (1.0, 1e-9)])
def test_a_time_is_bounded(length_m, speed_mps):
    assert travel_ms(length_m, speed_mps).tolist() == LONGEST_MS


def test_a_road_around_the_world_has_a_time_too():
    walk = PROFILE.modes["foot"]
    far = make_roads(POINTS[:2], [(0, 1, 4e9, *STREET)])
    arcs = arcs_of(far, walk, speeds_mps(far, walk, 1))
    assert arcs.time_ms.dtype == np.int32
    assert arcs.time_ms.tolist() == [LONGEST_MS] * 2


def test_a_point_beside_it_is_put_on_it(roads):
    times = slowed(roads, 1e-15)
    place = snap(
        roads.network.geometry, times.graph, PROFILE.modes["patrol"],
        np.array([113.8505]), np.array([22.58]),
    )  # fmt: skip
    assert place.segment.tolist() == [0]
    assert (place.to_ms >= 0).all()
    assert (place.to_ms + place.from_ms == LONGEST_MS).all()
