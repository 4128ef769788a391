"""What an OpenStreetMap way's tags say: which modes may use it, one-way, speed, name.

The filters are OSMnx's (``_overpass._get_network_filter``: walk, bike, drive_service), with one
difference: OpenStreetMap's more specific key wins, so ``access=private`` with ``foot=yes`` is open
on foot. Values are compared whole, not as OSMnx's substrings.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

FOOT, EBIKE, PATROL = 1, 2, 4
MODE_BITS: dict[str, int] = {"foot": FOOT, "ebike": EBIKE, "patrol": PATROL}

KPH_PER_MPH = 1.609344
KPH_PER_KNOT = 1.852
WALKING_KPH = 7  # what `maxspeed=walk` is taken for

# fmt: off
_NOT_IN_USE = frozenset(
    (
        "abandoned", "construction", "demolished", "disused", "no", "planned", "platform",
        "proposed", "raceway", "razed", "rest_area", "services", "escape",
    )
)
_NOT_ON_FOOT = frozenset(
    (
        "bus_guideway", "busway", "cycleway", "motorway", "motorway_link",
    )
)
_NOT_BY_BIKE = frozenset(
    (
        "bus_guideway", "busway", "corridor", "elevator", "escalator", "footway", "motorway",
        "motorway_link", "steps",
    )
)
_NOT_BY_CAR = frozenset(
    (
        "bridleway", "bus_guideway", "corridor", "cycleway", "elevator", "escalator", "footway",
        "path", "pedestrian", "steps", "track",
    )
)
# fmt: on
_NO_CAR_SERVICE = frozenset(("parking", "parking_aisle", "private"))
_OPEN = frozenset(
    ("yes", "designated", "permissive", "destination", "official", "public", "customers")
)
_CLOSED = frozenset(("no", "private", "use_sidepath"))
# The most specific key first: the first that says yes or no decides.
_KEYS = {
    FOOT: ("foot", "access"),
    EBIKE: ("bicycle", "vehicle", "access"),
    PATROL: ("emergency", "motorcar", "motor_vehicle", "vehicle", "access"),
}
_CLASS_CLOSED = {FOOT: _NOT_ON_FOOT, EBIKE: _NOT_BY_BIKE, PATROL: _NOT_BY_CAR}
_IMPLICIT_KPH = {"urban": 50, "rural": 90, "motorway": 120, "living_street": 20, "walk": 7}
_SPEED = re.compile(r"(\d+(?:[.,]\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_ZONE = re.compile(r"[A-Za-z]{2}:(?:zone:?)?(\w+)")


class RoadTags(NamedTuple):
    """What the project keeps of a way's tags; ``oneway`` is 1 along, -1 against, 0 both ways."""

    road_class: str
    name_zh: str | None
    name_en: str | None
    oneway: int
    access_modes: int
    maxspeed_kph: int | None
    bridge: bool
    tunnel: bool


def refusal(tags: Mapping[str, str]) -> str | None:
    """Why a way is not part of the road network, in one word; None where it may be."""
    road_class = tags.get("highway")
    if road_class is None:
        return "not_a_road"
    if tags.get("area") == "yes":
        return "area"
    if road_class in _NOT_IN_USE:
        return "not_in_use"
    if access_modes(tags) == 0:
        return "no_access"
    return None


def road_tags(tags: Mapping[str, str]) -> RoadTags:
    """The kept part of the tags of a way that ``refusal`` lets pass."""
    return RoadTags(
        road_class=tags["highway"],
        name_zh=tags.get("name:zh") or tags.get("name"),
        name_en=tags.get("name:en"),
        oneway=oneway(tags),
        access_modes=access_modes(tags),
        maxspeed_kph=maxspeed_kph(tags.get("maxspeed")),
        bridge=tags.get("bridge", "no") != "no",
        tunnel=tags.get("tunnel", "no") != "no",
    )


def access_modes(tags: Mapping[str, str]) -> int:
    """Bits of the modes that may use a way: foot 1, e-bike 2, patrol vehicle 4."""
    return sum(bit for bit in (FOOT, EBIKE, PATROL) if _may_use(tags, bit))


def _may_use(tags: Mapping[str, str], bit: int) -> bool:
    for key in _KEYS[bit]:
        value = tags.get(key)
        if value in _CLOSED:
            return False
        if value in _OPEN:
            if key not in {"access", "vehicle"}:
                return True
            break  # open in general: the class decides
    if tags["highway"] in _CLASS_CLOSED[bit] or tags.get("service") == "private":
        return False
    return not (bit == PATROL and tags.get("service") in _NO_CAR_SERVICE)


def oneway(tags: Mapping[str, str]) -> int:
    """1 where traffic may only go along the way, -1 only against it, 0 both ways.

    Roundabouts and motorways are one-way unless they say otherwise.
    """
    value = tags.get("oneway")
    if value in {"yes", "true", "1"}:
        return 1
    if value in {"-1", "reverse"}:
        return -1
    if value in {"no", "false", "0"}:
        return 0
    implied = tags.get("junction") in {"roundabout", "circular"} or tags["highway"] == "motorway"
    return 1 if implied else 0


def maxspeed_kph(value: str | None) -> int | None:
    """Posted speed in whole km/h; None where none is posted or the words say nothing.

    Several values (``50|70``, ``50;70``) give their mean, as in OSMnx.
    """
    if value is None:
        return None
    speeds = [_one_speed_kph(part.strip()) for part in re.split(r"[|;]", value)]
    known = [speed for speed in speeds if speed is not None]
    if not known:
        return None
    mean = int(sum(known) / len(known) + 0.5)
    return mean if 0 < mean <= 300 else None


def _one_speed_kph(words: str) -> float | None:
    if words == "walk":
        return WALKING_KPH
    match = _SPEED.fullmatch(words)
    if match is not None:
        speed = float(match[1].replace(",", "."))
        return speed * {"mph": KPH_PER_MPH, "knots": KPH_PER_KNOT}.get(match[2] or "", 1.0)
    zone = _ZONE.fullmatch(words)
    if zone is None:
        return None  # `none`, `signals`, `variable`
    return float(zone[1]) if zone[1].isdigit() else _IMPLICIT_KPH.get(zone[1])
