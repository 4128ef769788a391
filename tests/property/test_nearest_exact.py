"""The nearest of a pool against SciPy's Dijkstra on the line graph: the same milliseconds."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.profile import load_profile
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.lanes import Lanes
from dispatch.network.network import build_graph
from dispatch.pool import Pool
from dispatch.travel_time import Found, TravelTimes
from tests.road_oracle import Oracle, arcs_of
from tests.roads_by_hand import make_roads, places_on

PROFILE = load_profile("baoan")
MODES = {"foot": 1, "ebike": 2, "patrol": 4}
FRACTIONS = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1))


@st.composite
def worlds(draw):
    """A few nodes, many arcs: one-ways, parallel roads, loops, islands, forbidden turns."""
    n = draw(st.integers(2, 7))
    node = st.integers(0, n - 1)
    segments = draw(
        st.lists(
            st.tuples(
                node,
                node,
                st.sampled_from([1.0, 10.0, 10.0, 25.5, 100.0]),
                st.sampled_from(["residential", "footway", "primary", "unknown"]),
                st.sampled_from([-1, 0, 0, 1]),
                st.sampled_from([1, 3, 7, 7, 7]),
                st.sampled_from([0, 0, 20, 90]),
            ),
            min_size=1,
            max_size=14,
        )
    )
    index = st.integers(0, len(segments) - 1)
    restrictions = draw(
        st.lists(
            st.tuples(index, node, index, st.integers(0, 1), st.sampled_from([2, 4, 6])),
            max_size=6,
        )
    )
    target = (draw(index), draw(FRACTIONS))
    starts = draw(
        st.lists(st.tuples(index, FRACTIONS, st.sampled_from([0, 0, 500, 7000])), max_size=12)
    )
    k = draw(st.integers(1, 15))
    limit_ms = draw(st.sampled_from([1, 5_000, 60_000, 10**9]))
    mode = draw(st.sampled_from(sorted(MODES)))
    return n, segments, restrictions, target, starts, k, limit_ms, mode


def expected(segments, restrictions, target, starts, mode):
    oracle = Oracle(arcs_of(segments, PROFILE.modes[mode], MODES[mode]), restrictions, MODES[mode])
    ends = oracle.times_to(*target)
    times = [oracle.time_from(ends, target, (s, f)) + leg for s, f, leg in starts]
    return [(int(ms), i) for i, ms in enumerate(times) if ms < math.inf]


@dataclass
class One:
    """Whom the index found, and the journey that goes with it."""

    member: int
    journey: Found

    @property
    def travel_time_ms(self):
        return self.journey.travel_time_ms

    @property
    def road_ms(self):
        return self.journey.road_ms

    @property
    def route(self):
        return self.journey.route


def ask(world):
    n, segments, restrictions, target, starts, k, limit_ms, mode = world
    roads = make_roads([(0.001 * i, 0.0) for i in range(n)], segments, restrictions)
    graph = build_graph(roads, PROFILE.modes[mode], MODES[mode])
    places = places_on(graph, [(s, f) for s, f, _ in starts], [leg for _, _, leg in starts])
    hierarchy = Hierarchy.build(graph.n_nodes, graph.tail, graph.head)
    times = TravelTimes.of(graph, hierarchy)
    pool = Pool(hierarchy, len(starts))
    pool.put(times, np.arange(len(starts)), places)
    place = places_on(graph, [target])
    lanes = Lanes({mode: times}, {("officer", mode): pool})
    answer = lanes.nearest({mode: place}, k, limit_ms)
    _, _, who, times_ms = answer[0] if answer else (None, 0, [], [])
    journeys = [One(one, times.journey(places, one, place)) for one in who]
    assert [one.travel_time_ms for one in journeys] == times_ms
    return graph, journeys


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_the_nearest_are_those_of_scipy_exactly(world):
    _, segments, restrictions, target, starts, k, limit_ms, mode = world
    right = expected(segments, restrictions, target, starts, mode)
    right = sorted(pair for pair in right if pair[0] <= limit_ms)[:k]
    _, found = ask(world)
    assert [(one.travel_time_ms, one.member) for one in found] == right


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_every_route_can_be_driven_and_takes_its_time(world):
    _, _, restrictions, target, starts, _, _, mode = world
    graph, found = ask(world)
    for one in found:
        steps = one.route
        assert (steps[0].segment, steps[0].begin) == starts[one.member][:2]
        assert (steps[-1].segment, steps[-1].end) == target
        assert all(0 <= step.segment < len(graph.end_node) for step in steps)
        total = 0
        for step in steps:
            whole = int(graph.through_ms[step.segment, step.direction])
            assert whole > 0
            at = [1 - f if step.direction else f for f in (step.begin, step.end)]
            took = math.floor(whole * at[1] + 0.5) - math.floor(whole * at[0] + 0.5)
            assert took >= 0  # places within the same millisecond are one
            total += took
        assert total == one.road_ms
        for step, after in pairwise(steps):
            junction = graph.junction[graph.end_node[step.segment, step.direction]]
            for from_segment, via, to_segment, only, modes in restrictions:
                if step.segment != from_segment or junction != via or not modes & MODES[mode]:
                    continue
                if not only:
                    assert after.segment != to_segment


@settings(max_examples=150, deadline=None)
@given(worlds(), st.data())
def test_one_responder_more_never_worsens_the_best(world, data):
    _, found = ask(world)
    n, segments, restrictions, target, starts, k, limit_ms, mode = world
    more = data.draw(st.tuples(st.integers(0, len(segments) - 1), FRACTIONS, st.just(0)))
    _, after = ask((n, segments, restrictions, target, [*starts, more], k, limit_ms, mode))
    if found:
        assert after[0].travel_time_ms <= found[0].travel_time_ms


@settings(max_examples=150, deadline=None)
@given(worlds(), st.data())
def test_a_longer_road_never_shortens_a_way(world, data):
    n, segments, restrictions, target, starts, _, _, mode = world
    slow = data.draw(st.integers(0, len(segments) - 1))
    longer = [
        (a, b, length * (2 if i == slow else 1), *rest)
        for i, (a, b, length, *rest) in enumerate(segments)
    ]
    many = len(starts) + 1
    _, before = ask((n, segments, restrictions, target, starts, many, 10**9, mode))
    _, after = ask((n, longer, restrictions, target, starts, many, 10**9, mode))
    was, is_now = ({one.member: one for one in found} for found in (before, after))
    # a place just passed, on a one-way road, is there within the same millisecond, or out of reach
    for member in was.keys() ^ is_now.keys():
        assert (was.get(member) or is_now[member]).road_ms == 0
    for member in was.keys() & is_now.keys():
        # a partial way over the longer road may round 1 ms down
        assert is_now[member].travel_time_ms >= was[member].travel_time_ms - 1
