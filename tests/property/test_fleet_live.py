"""A fleet that moved, whose roads closed and slowed, answers as one made anew; order of ids."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.profile import TIERS, load_profile
from dispatch.fleet import Fleet
from dispatch.nearest import snap_incident
from dispatch.network.closures import Closure
from dispatch.network.hierarchies import build_hierarchy
from dispatch.network.live import LiveRoads
from dispatch.network.network import build_network
from dispatch.roster import Roster
from tests.roads_by_hand import make_roads

PROFILE = load_profile("baoan")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)  # 12:00 in Bao'an, a Monday
WEST, SOUTH, STEP, SIDE = 113.85, 22.58, 0.001, 4
LIMIT_MS = 10**8


def town():
    """A lattice of streets of three classes, some one-way."""
    points = [(WEST + STEP * i, SOUTH + STEP * j) for j in range(SIDE) for i in range(SIDE)]
    segments = []
    for j in range(SIDE):
        for i in range(SIDE):
            here = j * SIDE + i
            kind = ("primary", "residential", "service")[(i + j) % 3]
            if i + 1 < SIDE:
                segments.append((here, here + 1, 102.8, kind, (0, 1, -1)[j % 3], 7, 0))
            if j + 1 < SIDE:
                segments.append((here, here + SIDE, 110.7, kind, 0, 7, 0))
    network = build_network(make_roads(points, segments), PROFILE.modes)
    hierarchies = {mode: build_hierarchy(graph) for mode, graph in network.graphs.items()}
    return network, LiveRoads(network, hierarchies, PROFILE)


NETWORK, ROADS = town()
N_SEGMENTS = len(NETWORK.geometry.length_m)
SPOT = st.tuples(*[st.floats(-0.2, SIDE - 0.8)] * 2)
PERSON = st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from([1.0, 100.0, 400.0]), SPOT)
CLOSURE = st.tuples(
    st.lists(st.integers(0, N_SEGMENTS - 1), min_size=1, max_size=5),
    st.integers(1, 7),
    st.sampled_from([0.0, 0.0, 0.5]),
)
MOMENT = st.sampled_from([NOON, NOON.replace(hour=0)])  # 12:00, and 08:00: the peak


def lonlat(spots):
    spots = np.array(spots, float).reshape(-1, 2)
    return WEST + STEP * spots[:, 0], SOUTH + STEP * spots[:, 1]


def roster(people):
    n = len(people)
    lon, lat = lonlat([spot for *_, spot in people])
    kind = np.array([kind for kind, *_ in people], np.int8)
    return Roster(
        responder_id=np.arange(n),
        tier=kind,
        mode=kind.copy(),
        call_sign=np.array([f"U{i}" for i in range(n)], object),
        skills=np.zeros(n, np.int64),
        skill_names=(),
        busy=np.array([busy for _, busy, *_ in people], bool),
        lon=lon,
        lat=lat,
        accuracy_m=np.zeros(n),
        fixed_at_s=NOON.timestamp() - np.array([age for _, _, age, _ in people]),
        constant_age_s=np.full(n, np.nan),
        counts={},
        holds_from_s=-np.inf,
        holds_until_s=np.inf,
    )


def closed(drawn):
    return tuple(Closure(i, tuple(s), bits, f) for i, (s, bits, f) in enumerate(drawn))


def answers(fleet, spot, moment, k=20):
    lon, lat = (float(values[0]) for values in lonlat([spot]))
    places = snap_incident(NETWORK, fleet.travel, PROFILE, [(lon, lat)])
    return {tier: fleet.nearest(tier, places, k, LIMIT_MS, moment) for tier in TIERS}


@settings(max_examples=120, deadline=None)
@given(
    st.lists(PERSON, min_size=1, max_size=12),
    st.lists(st.tuples(SPOT, st.booleans()), max_size=12),
    st.lists(st.tuples(MOMENT, st.lists(CLOSURE, max_size=3)), min_size=1, max_size=4),
    SPOT,
)
def test_a_fleet_that_lived_equals_one_made_anew(people, moves, times, spot):
    fleet = Fleet(roster(people), NETWORK, ROADS.at(NOON), PROFILE)
    now = list(people)
    for step, (moment, drawn) in enumerate(times):
        fleet.retime(ROADS.at(moment, closed(drawn)))
        for row, (where, busy) in enumerate(moves[step :: len(times)]):
            if row >= len(now):
                break
            kind, _, _, _ = now[row]
            now[row] = (kind, busy, 0.0, where)
            lon, lat = lonlat([where])
            fleet.move([row], lon, lat, NOON.timestamp())
            assert fleet.follow(roster(now))
    moment, drawn = times[-1]
    anew = Fleet(roster(now), NETWORK, ROADS.at(moment, closed(drawn)), PROFILE)
    for when in (NOON, NOON + timedelta(seconds=250)):
        found = answers(fleet, spot, when)
        assert found == answers(anew, spot, when)
        for hits in found.values():
            for hit in hits:  # each is available, and its journey takes that time
                assert fleet.states(when)[hit.row] == 0
    follower = Fleet(roster(people), NETWORK, ROADS.at(moment, closed(drawn)), PROFILE)
    assert follower.follow(roster(now))
    assert answers(follower, spot, NOON) == answers(anew, spot, NOON)


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=12), SPOT, st.randoms(use_true_random=False))
def test_other_ids_change_only_ties(people, spot, random):
    order = list(range(len(people)))
    random.shuffle(order)
    before = answers(Fleet(roster(people), NETWORK, ROADS.at(NOON), PROFILE), spot, NOON)
    shuffled = [people[i] for i in order]
    after = answers(Fleet(roster(shuffled), NETWORK, ROADS.at(NOON), PROFILE), spot, NOON)
    for tier in TIERS:
        times = [hit.travel_time_ms for hit in before[tier]]
        assert times == [hit.travel_time_ms for hit in after[tier]]
        assert sorted((h.travel_time_ms, h.row) for h in before[tier]) == sorted(
            (h.travel_time_ms, order[h.row]) for h in after[tier]
        )


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=12), PERSON, SPOT)
def test_one_more_never_worsens_the_best(people, more, spot):
    before = answers(Fleet(roster(people), NETWORK, ROADS.at(NOON), PROFILE), spot, NOON, 1)
    after = answers(Fleet(roster([*people, more]), NETWORK, ROADS.at(NOON), PROFILE), spot, NOON, 1)
    for tier in TIERS:
        if before[tier]:
            assert after[tier][0].travel_time_ms <= before[tier][0].travel_time_ms


@settings(max_examples=60, deadline=None)
@given(st.lists(CLOSURE, min_size=1, max_size=4), MOMENT)
def test_roads_changed_in_part_equal_roads_customised_anew(drawn, moment):
    free = ROADS.at(moment)
    for mode, times in ROADS.at(moment, closed(drawn)).items():
        full = times.metric.hierarchy.customise(times.graph.time_ms)
        assert np.array_equal(full.up_ms, times.metric.up_ms)
        assert np.array_equal(full.down_ms, times.metric.down_ms)
        # slower or closed arcs never shorten anything
        nodes = np.arange(times.graph.n_nodes)
        before = free[mode].metric.table(nodes, nodes)
        assert (times.metric.table(nodes, nodes) >= before).all()
