"""What tags say about a road."""

import pytest

from dispatch.network.tags import EBIKE, FOOT, PATROL, maxspeed_kph, oneway, refusal, road_tags

ALL = FOOT | EBIKE | PATROL


@pytest.mark.parametrize(
    ("tags", "modes"),
    [
        ({"highway": "residential"}, ALL),
        ({"highway": "footway"}, FOOT),
        ({"highway": "steps"}, FOOT),
        ({"highway": "cycleway"}, EBIKE),
        ({"highway": "cycleway", "foot": "designated"}, FOOT | EBIKE),
        ({"highway": "motorway"}, PATROL),
        ({"highway": "path"}, FOOT | EBIKE),
        ({"highway": "residential", "bicycle": "no"}, FOOT | PATROL),
        ({"highway": "residential", "motor_vehicle": "no"}, FOOT | EBIKE),
        ({"highway": "residential", "motor_vehicle": "no", "emergency": "yes"}, ALL),
        ({"highway": "residential", "vehicle": "no"}, FOOT),
        ({"highway": "residential", "access": "private", "foot": "yes"}, FOOT),
        ({"highway": "residential", "access": "no", "vehicle": "yes"}, EBIKE | PATROL),
        ({"highway": "motorway", "access": "yes"}, PATROL),
        ({"highway": "service", "service": "parking_aisle"}, FOOT | EBIKE),
        ({"highway": "service", "service": "alley"}, ALL),
        ({"highway": "pedestrian", "motorcar": "permissive"}, ALL),
    ],
)
def test_modes_follow_the_most_specific_key(tags, modes):
    assert road_tags(tags).access_modes == modes


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"building": "yes"}, "not_a_road"),
        ({"highway": "pedestrian", "area": "yes"}, "area"),
        ({"highway": "construction"}, "not_in_use"),
        ({"highway": "residential", "access": "private"}, "no_access"),
        ({"highway": "service", "service": "private"}, "no_access"),
        ({"highway": "residential"}, None),
    ],
)
def test_refusals_are_named(tags, reason):
    assert refusal(tags) == reason


@pytest.mark.parametrize(
    ("tags", "direction"),
    [
        ({"oneway": "yes"}, 1),
        ({"oneway": "true"}, 1),
        ({"oneway": "-1"}, -1),
        ({"oneway": "reverse"}, -1),
        ({"oneway": "no", "junction": "roundabout"}, 0),
        ({"junction": "roundabout"}, 1),
        ({"junction": "circular"}, 1),
        ({"highway": "motorway"}, 1),
        ({"oneway": "reversible"}, 0),
        ({}, 0),
    ],
)
def test_oneway(tags, direction):
    assert oneway({"highway": "residential"} | tags) == direction


@pytest.mark.parametrize(
    ("words", "kph"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48),
        ("30mph", 48),
        ("10 knots", 19),
        ("50|70", 60),
        ("50;70", 60),
        ("40|none", 40),
        ("none", None),
        ("signals", None),
        ("walk", 7),
        ("CN:urban", 50),
        ("DE:zone:30", 30),
        ("DE:30", 30),
        ("fast", None),
        ("0", None),
        (None, None),
    ],
)
def test_maxspeed(words, kph):
    assert maxspeed_kph(words) == kph
