"""Places on random streets, closed and slowed: the same as SciPy on the oracle's line graph."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.profile import load_profile
from dispatch.lanes import Lanes
from dispatch.network.closures import Closure
from dispatch.network.hierarchies import build_hierarchy
from dispatch.network.live import LiveRoads
from dispatch.network.network import build_network
from dispatch.pool import Pool
from tests.oracle.osm_graph import ModeOracle, Segment
from tests.roads_by_hand import make_roads, places_on

PROFILE = load_profile("baoan").model_copy(update={"traffic": ()})  # the same at all hours
BITS = {"foot": 1, "ebike": 2, "patrol": 4}
MOMENT = datetime(2026, 1, 5, 10, tzinfo=UTC)
NO_LIMIT_MS = 10**9
FRACTIONS = st.one_of(st.sampled_from([0.0, 0.5, 0.5, 1.0]), st.floats(0, 1))


@dataclass
class World:
    """Streets of the same few lengths, so that ties are common; who stands where, and when."""

    n_nodes: int
    streets: list  # (from, to, metres, class, one-way, modes, posted)
    turns: list  # (from, via, to, only, modes)
    factors: dict  # of streets closed (0) or slowed for now
    target: tuple
    starts: list
    mode: str
    legs: list = field(default_factory=list)


@st.composite
def worlds(draw):
    """One-ways, parallel streets, loops, islands, forbidden turns, closures, people together."""
    n_nodes = draw(st.integers(2, 8))
    node = st.integers(0, n_nodes - 1)
    street = st.tuples(
        node,
        node,
        st.sampled_from([1.0, 10.0, 10.0, 25.5, 100.0]),
        st.sampled_from(["residential", "residential", "footway", "primary", "steps"]),
        st.sampled_from([0, 0, 1]),
        st.sampled_from([1, 3, 7, 7, 7]),
        st.sampled_from([0, 0, 20, 90]),
    )
    streets = draw(st.lists(street, min_size=1, max_size=16))
    which = st.integers(0, len(streets) - 1)
    place = st.tuples(which, FRACTIONS)
    turn = st.tuples(which, node, which, st.integers(0, 1), st.sampled_from([2, 4, 6]))
    starts = draw(st.lists(place, min_size=1, max_size=12))
    leg = st.sampled_from([0, 0, 500, 7_000])
    return World(
        n_nodes,
        streets,
        draw(st.lists(turn, max_size=6)),
        draw(st.dictionaries(which, st.sampled_from([0.0, 0.0, 0.5]), max_size=4)),
        draw(place),
        starts,
        draw(st.sampled_from(sorted(BITS))),
        [draw(leg) for _ in starts],
    )


def names(bits):
    return [mode for mode, bit in BITS.items() if bits & bit]


def truth(world, factors):
    """Milliseconds from every start to the target, by the oracle; inf where there is no way."""
    segments = [
        Segment([a, b], (kind, None, None, oneway, names(modes), posted or None), i, i, metres)
        for i, (a, b, metres, kind, oneway, modes, posted) in enumerate(world.streets)
    ]
    turns = [
        ("only" if only else "no", names(modes), before, via, after)
        for before, via, after, only, modes in world.turns
    ]
    roads = SimpleNamespace(segments=segments, turns=turns)
    oracle = ModeOracle(roads, world.mode, PROFILE.modes[world.mode], factors)
    if not oracle.arcs:
        return np.full(len(world.starts), np.inf)
    return oracle.times(world.starts, [world.target])[:, 0] + world.legs


def ask(world, factors, k, limit_ms=NO_LIMIT_MS, order=None):
    """(ms, member) of the k nearest, by the project, under closures; members in another order."""
    modes = {world.mode: PROFILE.modes[world.mode]}
    points = [(0.001 * i, 0.0) for i in range(world.n_nodes)]
    network = build_network(make_roads(points, world.streets, world.turns), modes)
    hierarchies = {mode: build_hierarchy(graph) for mode, graph in network.graphs.items()}
    closures = tuple(
        Closure(i, (segment,), 7, factor) for i, (segment, factor) in enumerate(factors.items())
    )
    times = LiveRoads(network, hierarchies, PROFILE).at(MOMENT, closures)[world.mode]
    members = np.arange(len(world.starts)) if order is None else order
    pool = Pool(times.metric.hierarchy, len(world.starts))
    pool.put(times, members, places_on(times.graph, world.starts, world.legs))
    lanes = Lanes({world.mode: times}, {("officer", world.mode): pool})
    answer = lanes.nearest({world.mode: places_on(times.graph, [world.target])}, k, limit_ms)
    _, _, who, times_ms = answer[0] if answer else (None, 0, [], [])
    return list(zip(times_ms, who, strict=True))


def ranked(times):
    return sorted((int(ms), i) for i, ms in enumerate(times) if np.isfinite(ms))


@settings(max_examples=250, deadline=None)
@given(worlds(), st.integers(1, 20), st.sampled_from([1_000, 30_000, NO_LIMIT_MS]))
def test_no_difference_whatever_is_closed_or_slowed(world, k, limit_ms):
    right = ranked(truth(world, world.factors))
    assert ask(world, world.factors, k, limit_ms) == [p for p in right if p[0] <= limit_ms][:k]


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_a_place_on_the_street_one_stands_on(world):
    world.starts = [(world.target[0], fraction) for _, fraction in world.starts]
    assert ask(world, {}, len(world.starts)) == ranked(truth(world, {}))


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_a_closure_never_brings_anybody_sooner(world):
    closed = {segment: 0.0 for segment in world.factors if segment != world.target[0]}
    before = {who: ms for ms, who in ask(world, {}, 20)}
    for ms, who in ask(world, closed, 20):
        assert ms >= before[who]


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(1, 20), st.randoms(use_true_random=False))
def test_other_ids_change_only_ties(world, k, random):
    order = list(range(len(world.starts)))
    random.shuffle(order)
    plain = ask(world, world.factors, k)
    permuted = ask(world, world.factors, k, order=np.array(order))
    assert [ms for ms, _ in plain] == [ms for ms, _ in permuted]
    everybody = {who: ms for ms, who in ask(world, world.factors, len(order))}
    assert [ms for ms, _ in permuted] == [everybody[order.index(who)] for _, who in permuted]
