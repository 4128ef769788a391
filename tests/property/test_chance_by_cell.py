"""The chance reckoned from counts: cells near a place, streets of a cell, times and chances."""

from datetime import UTC, datetime
from itertools import product

import h3
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from blockdata.profile import MODES, load_profile
from dispatch.cells import cells_near, outline_of
from dispatch.chance import Arrivals, CellStreets, at_least_one, share_of
from dispatch.nearest import snap_incident
from dispatch.network.closures import Closure
from dispatch.network.hierarchies import build_hierarchy
from dispatch.network.live import LiveRoads
from dispatch.network.network import build_network
from dispatch.network.snapping import snap
from dispatch.turnout import Turnout
from tests.roads_by_hand import make_roads

PROFILE = load_profile("baoan")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
WEST, SOUTH, STEP, SIDE = 113.85, 22.58, 0.004, 4
RESOLUTION = 8
VOLUNTEER = Turnout(acceptance=0.35, median_s=105, sigma=0.9)


def town():
    """A lattice of streets over several cells: three classes, some one-way, one turn forbidden."""
    points = [(WEST + STEP * i, SOUTH + STEP * j) for j in range(SIDE) for i in range(SIDE)]
    segments = []
    for j, i in product(range(SIDE), range(SIDE)):
        here = j * SIDE + i
        kind = ("primary", "residential", "footway")[(i + j) % 3]
        if i + 1 < SIDE:
            segments.append((here, here + 1, 411.2, kind, (0, 1, -1)[j % 3], 7, 0))
        if j + 1 < SIDE:
            segments.append((here, here + SIDE, 442.8, kind, 0, 7, 0))
    network = build_network(make_roads(points, segments, [(0, 1, 2, 0, 7)]), PROFILE.modes)
    hierarchies = {mode: build_hierarchy(graph) for mode, graph in network.graphs.items()}
    return network, LiveRoads(network, hierarchies, PROFILE)


NETWORK, ROADS = town()
STREETS = CellStreets(NETWORK)
CELLS = cells_near(
    shapely.box(WEST, SOUTH, WEST + STEP * SIDE, SOUTH + STEP * SIDE), 100, RESOLUTION
)
SPOT = st.tuples(*[st.floats(-0.1, SIDE - 0.9)] * 2)
CLOSURES = st.lists(
    st.tuples(st.integers(0, len(NETWORK.geometry.length_m) - 1), st.sampled_from([0.0, 0.5])),
    max_size=3,
)


@given(st.floats(-180, 180), st.floats(-60, 60), st.floats(1, 2_000))
@example(180.0, 1.0, 213.0)
@example(-180.0, 0.0, 262.0)
@settings(max_examples=60, deadline=None)
def test_the_cells_near_a_place_are_those_within_reach(lon, lat, reach_m):
    found = cells_near(shapely.Point(lon, lat), reach_m, RESOLUTION)
    assert found[0] == h3.latlng_to_cell(lat, lon, RESOLUTION)
    plane = Transformer.from_crs(4326, f"+proj=aeqd +lat_0={lat} +lon_0={lon}", always_xy=True)
    for cell in h3.grid_disk(found[0], 6):
        corners = np.array(outline_of(cell))
        corners[:, 0] = lon + (corners[:, 0] - lon + 180) % 360 - 180  # across the date line
        away_m = shapely.Polygon(np.column_stack(plane.transform(*corners.T))).distance(
            shapely.Point(0, 0)
        )
        if abs(away_m - reach_m) > 3:
            assert (cell in found) == (away_m < reach_m)


@pytest.mark.parametrize("mode", MODES)
def test_every_metre_of_street_lies_in_one_cell(mode):
    in_cells_m = sum(float(STREETS.of(mode, cell).length_m.sum()) for cell in CELLS)
    usable = NETWORK.graphs[mode].usable
    assert in_cells_m == pytest.approx(NETWORK.geometry.length_m[usable].sum(), rel=1e-5)
    assert len({cell for cell in CELLS if len(STREETS.of(mode, cell).segment)}) > 2


def test_the_spread_is_how_far_off_the_best_guess_is():
    metres = np.array([102_800.0, 110_750.0])
    for cell in CELLS:
        pieces = STREETS.of("foot", cell)
        spread_m = STREETS.spread_m("foot", cell)
        if not len(pieces.segment):
            assert spread_m == 0
            continue
        first = NETWORK.geometry.path_first[pieces.segment]
        begin, end = NETWORK.geometry.path[first], NETWORK.geometry.path[first + 1]
        at = (begin + pieces.fraction[:, None] * (end - begin)) * metres
        away_m = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))  # pieces are of one length
        best_m = float(np.median(away_m, axis=0).min())
        assert best_m - 6 <= spread_m <= best_m + 15


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(MODES), st.lists(SPOT, min_size=1, max_size=2), CLOSURES)
def test_the_time_from_every_piece_is_that_of_the_engine(mode, spots, drawn):
    closures = tuple(Closure(n, (s,), 7, f) for n, (s, f) in enumerate(drawn))
    travel = ROADS.at(NOON, closures)
    doors = [(WEST + STEP * x, SOUTH + STEP * y) for x, y in spots]
    places = snap_incident(NETWORK, travel, PROFILE, doors)[mode]
    times, geometry = travel[mode], NETWORK.geometry
    arrivals = Arrivals(times, places)
    for cell in CELLS:
        pieces = STREETS.of(mode, cell)
        for n in range(0, len(pieces.segment), 17):
            segment, share = int(pieces.segment[n]), float(pieces.fraction[n])
            if not times.graph.usable[segment]:
                continue
            begin, end = geometry.path[geometry.path_first[segment] :][:2]
            at = begin + share * (end - begin)
            start = snap(geometry, times.graph, PROFILE.modes[mode], at[:1], at[1:])
            ways = [times.journey(start, 0, places, door) for door in range(len(doors))]
            exact_ms = min((way.travel_time_ms for way in ways if way), default=np.inf)
            assert arrivals.times_ms(pieces)[n] == pytest.approx(exact_ms, abs=3)


def test_the_chance_is_that_of_people_put_anywhere_on_the_streets_of_their_cells():
    travel = ROADS.at(NOON)
    at = (WEST + STEP, SOUTH + 1.1 * STEP)
    arrivals = Arrivals(travel["foot"], snap_incident(NETWORK, travel, PROFILE, [at])["foot"])
    nearby = cells_near(shapely.Point(at), 300, RESOLUTION)
    target_s, counts = 240, {cell: n + 1 for n, cell in enumerate(nearby)}
    assert len(counts) > 1
    shares = {cell: share_of(arrivals, STREETS.of("foot", cell), VOLUNTEER, target_s)
              for cell in counts}  # fmt: skip
    near = at_least_one((shares[cell].near, n) for cell, n in counts.items())
    in_time = at_least_one((shares[cell].in_time, n) for cell, n in counts.items())
    rng, tries = np.random.default_rng(3), 20_000
    stands, comes = np.zeros(tries, bool), np.zeros(tries, bool)
    for cell, n in counts.items():
        pieces = STREETS.of("foot", cell)
        weight = pieces.length_m.astype(float)
        time_s = arrivals.times_ms(pieces) / 1000
        for _ in range(n):
            mine = time_s[rng.choice(len(weight), tries, p=weight / weight.sum())]
            delay_s = rng.lognormal(np.log(VOLUNTEER.median_s), VOLUNTEER.sigma, tries)
            accepts = rng.random(tries) < VOLUNTEER.acceptance
            stands |= mine <= target_s
            comes |= accepts & (mine + delay_s <= target_s)
    assert 0.1 < in_time < near < 0.99
    assert near == pytest.approx(stands.mean(), abs=0.015)
    assert in_time == pytest.approx(comes.mean(), abs=0.015)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3)), max_size=3))
def test_at_least_one_is_what_all_outcomes_give(groups):
    chances = [chance for chance, number in groups for _ in range(number)]
    whole = 0.0
    for outcome in product([True, False], repeat=len(chances)):
        p = np.prod([c if hit else 1 - c for c, hit in zip(chances, outcome, strict=True)])
        whole += float(p) if any(outcome) else 0.0
    assert at_least_one(groups) == pytest.approx(whole, abs=1e-9)
