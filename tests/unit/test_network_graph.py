"""From segments to arcs: speeds, rounding, one-ways, turns, and what is kept on disk."""

import math

import numpy as np
import pytest

from blockdata.profile import load_profile
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.network.costs import arcs_of, speeds_mps
from dispatch.network.network import RoadNetwork, build_graph, build_network
from dispatch.network.simplify import along, simplify
from dispatch.network.snapping import snap
from dispatch.network.tags import road_tags
from dispatch.routes import road_distance_m, route_line
from dispatch.travel_time import Step, TravelTimes
from tests.roads_by_hand import make_roads, places_on

PROFILE = load_profile("baoan")
PATROL, EBIKE, FOOT = (PROFILE.modes[m] for m in ("patrol", "ebike", "foot"))
#  0 ── 1 ── 2
POINTS = [(113.85, 22.58), (113.851, 22.58), (113.852, 22.58)]


def arcs(roads, rules, bit):
    return arcs_of(roads, rules, speeds_mps(roads, rules, bit))


def one(road_class="residential", oneway=0, modes=7, maxspeed=0, length_m=100.0):
    return make_roads(POINTS[:2], [(0, 1, length_m, road_class, oneway, modes, maxspeed)])


@pytest.mark.parametrize(
    ("rules", "bit", "road_class", "maxspeed", "kph"),
    [
        (PATROL, 4, "residential", 0, 25 * 1.2),
        (PATROL, 4, "residential", 60, 60 * 1.2),
        (PATROL, 4, "motorway", 120, 100),
        (EBIKE, 2, "residential", 60, 20),
        (EBIKE, 2, "residential", 10, 10),
        (FOOT, 1, "residential", 3, 6.48),
        (PATROL, 4, "footway", 0, 0),
    ],
)
def test_speeds(rules, bit, road_class, maxspeed, kph):
    assert speeds_mps(one(road_class, maxspeed=maxspeed), rules, bit)[0] == pytest.approx(kph / 3.6)


def test_an_arc_is_rounded_once_half_up():
    found = arcs(one(length_m=100.0), FOOT, 1)
    assert found.time_ms.tolist() == [math.floor(100 / (6.48 / 3.6) * 1000 + 0.5)] * 2
    assert arcs(one(length_m=0.0), FOOT, 1).time_ms.tolist() == [1, 1]


def test_a_one_way_binds_those_who_honour_it():
    assert arcs(one(oneway=1), PATROL, 4).direction.tolist() == [0]
    assert arcs(one(oneway=-1), PATROL, 4).direction.tolist() == [1]
    assert arcs(one(oneway=1), FOOT, 1).direction.tolist() == [0, 1]
    contraflow = PATROL.model_copy(update={"contraflow_classes": ("residential",)})
    assert arcs(one(oneway=1), contraflow, 4).direction.tolist() == [0, 1]
    assert arcs(one(modes=1), PATROL, 4).segment.size == 0


def test_a_place_splits_an_arc_into_parts_that_add_up():
    network = build_network(one(length_m=33.3), PROFILE.modes)
    graph, lon = network.graphs["foot"], np.linspace(113.85, 113.851, 8)
    places = snap(network.geometry, graph, FOOT, lon, np.full(8, 22.5801))
    assert (places.to_ms + places.from_ms == graph.through_ms[0]).all()
    by_hand = places_on(graph, [(0, fraction) for fraction in places.fraction])
    assert (places.whole[:, 2:] == by_hand.whole[:, 2:]).all()
    assert 0 < places.fraction[1] < places.fraction[6] < 1


def test_a_forbidden_turn_sends_the_vehicle_round():
    #      3
    #      |            no_left_turn from 0─1 into 1─3 binds vehicles, not those on foot
    # 0 ── 1 ── 2 ── 3'
    points = [*POINTS, (113.851, 22.581)]
    residential = ("residential", 0, 7, 0)
    segments = [
        (0, 1, 100, *residential), (1, 2, 100, *residential),
        (1, 3, 100, *residential), (2, 3, 150, *residential),
    ]  # fmt: skip
    roads = make_roads(points, segments, [(0, 1, 2, 0, 6)])
    patrol, foot = build_graph(roads, PATROL, 4), build_graph(roads, FOOT, 1)
    assert (patrol.n_nodes, foot.n_nodes) == (5, 4)

    def way(graph):
        start, goal = places_on(graph, [(0, 0.0)]), places_on(graph, [(2, 1.0)])
        hierarchy = Hierarchy.build(graph.n_nodes, graph.tail, graph.head)
        found = TravelTimes.of(graph, hierarchy).journey(start, 0, goal)
        return [step.segment for step in found.route if step.begin != step.end]

    assert way(foot) == [0, 2]
    # not left at once: on to 2, back from there, and then left
    assert way(patrol) == [0, 1, 1, 2] or way(patrol) == [0, 1, 3]


def test_ways_become_segments_between_junctions():
    tags = road_tags({"highway": "residential", "name": "固戍一路"})
    other = tags._replace(maxspeed_kph=30)
    backward = tags._replace(oneway=-1)
    # 1-2-3-4 and 4-5 are one road; at 5 the speed changes; 3 is a crossing with 9-3
    pieces = [
        along([1, 2, 3, 4], tags, 10),
        along([5, 4], tags, 11),
        along([5, 6], other, 12),
        along([9, 3], backward, 13),
    ]
    found = {(p.nodes, p.tags.oneway, p.ways) for p in simplify(pieces, set())}
    ends = {frozenset((nodes[0], nodes[-1])) for nodes, _, _ in found}
    assert ends == {frozenset(pair) for pair in ((1, 3), (3, 5), (5, 6), (3, 9))}
    assert ((3, 9), 1, (13,)) in found
    assert {p.nodes for p in simplify(pieces, {4})} >= {(3, 4)}


def test_a_ring_without_a_junction_is_kept():
    tags = road_tags({"highway": "residential", "junction": "roundabout"})
    (ring,) = simplify([along([1, 2, 3, 1], tags, 1)], set())
    assert ring.nodes == (1, 2, 3, 1)
    (ring,) = simplify([along([1, 2, 3], tags, 1), along([3, 4, 1], tags, 2)], set())
    assert ring.nodes[0] == ring.nodes[-1]
    assert len(ring.nodes) == 5


def test_points_snap_to_the_nearest_usable_road():
    segments = [(0, 1, 102.8, "footway", 0, 1, 0), (1, 2, 102.8, "residential", 0, 7, 0)]
    roads = make_roads(POINTS, segments)
    network = build_network(roads, PROFILE.modes)
    lon, lat = np.array([113.8505, 113.8505, 113.8505]), np.array([22.5801, 22.5801, 22.70])
    foot = snap(network.geometry, network.graphs["foot"], FOOT, lon, lat)
    patrol = snap(network.geometry, network.graphs["patrol"], PATROL, lon, lat)
    assert foot.segment.tolist() == [0, 0, -1]
    assert patrol.segment.tolist() == [1, 1, -1]
    assert foot.fraction[0] == pytest.approx(0.5, abs=1e-6)
    assert foot.distance_m[0] == pytest.approx(11.07, abs=0.01)
    assert foot.access_ms.tolist() == [math.floor(foot.distance_m[0] * 1000 + 0.5)] * 2 + [0]
    assert patrol.fraction[0] == 0.0
    assert not np.isfinite(foot.distance_m[2])
    assert (foot.to_ms[2] == -1).all()


def test_the_network_is_read_back_as_it_was_saved(tmp_path):
    roads = make_roads(POINTS, [(0, 1, 100, "residential", 0, 7, 0)])
    network = build_network(roads, PROFILE.modes, "v1")
    network.save(tmp_path)
    again = RoadNetwork.load(tmp_path, "v1", PROFILE.modes)
    assert again is not None
    assert isinstance(again.graphs["foot"].tail.base, np.memmap)
    assert (again.graphs["foot"].time_ms == network.graphs["foot"].time_ms).all()
    assert RoadNetwork.load(tmp_path, "v2", PROFILE.modes) is None
    build_network(roads, PROFILE.modes, "v2").save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["v2"]


def test_a_route_is_a_line_from_place_to_place():
    network = build_network(
        make_roads(POINTS, [(0, 1, 100, "primary", 0, 7, 0), (1, 2, 100, "primary", 0, 7, 0)]),
        PROFILE.modes,
    )
    route = (Step(1, 1, 0.5, 0.0), Step(0, 1, 1.0, 0.25))
    assert road_distance_m(network.geometry, route) == pytest.approx(125)
    line = route_line(network.geometry, route)
    assert line[:, 0] == pytest.approx([113.8515, 113.851, 113.85025])
    still = route_line(network.geometry, (Step(0, 0, 0.5, 0.5),))
    assert len(still) == 2
