"""The oracle's own reading of tags, written from the rules and not from the project's code.

1. A way is a road if it has ``highway``, is no area, and is in use.
2. Who may use it: OSMnx's filters (walk, bike, drive_service) on the class and on ``service``; the
   most specific access key decides, so ``foot=yes`` opens what ``access=private`` closes, and what
   the class alone would close. The general keys ``access`` and ``vehicle`` can only close.
3. ``oneway``; roundabouts, circulars and motorways are one-way unless they say otherwise.
4. ``maxspeed`` in whole km/h, half up: km/h, mph, knots, ``walk`` (7), zones; the mean of several.
"""

import math
import re

NOT_IN_USE = (
    "abandoned construction demolished disused escape no planned platform proposed raceway razed"
    " rest_area services"
)
CLOSED_CLASSES = {
    "foot": "motorway motorway_link cycleway busway bus_guideway",
    "ebike": "motorway motorway_link footway steps corridor elevator escalator busway bus_guideway",
    "patrol": "footway cycleway path pedestrian steps bridleway track corridor elevator escalator"
    " bus_guideway",
}
CLOSED_SERVICES = {
    "foot": "private",
    "ebike": "private",
    "patrol": "private parking parking_aisle",
}
SPECIFIC_KEYS = {
    "foot": ["foot"],
    "ebike": ["bicycle"],
    "patrol": ["emergency", "motorcar", "motor_vehicle"],
}
GENERAL_KEYS = {"foot": ["access"], "ebike": ["vehicle", "access"], "patrol": ["vehicle", "access"]}
SAYS_NO = re.compile("no|private|use_sidepath")
SAYS_YES = re.compile("yes|designated|permissive|destination|official|public|customers")
MODES = ("foot", "ebike", "patrol")


def is_road(tags):
    return (
        "highway" in tags
        and tags.get("area") != "yes"
        and tags["highway"] not in NOT_IN_USE.split()
        and any(open_to(mode, tags) for mode in MODES)
    )


def open_to(mode, tags):
    for key in SPECIFIC_KEYS[mode]:
        word = tags.get(key, "")
        if SAYS_NO.fullmatch(word) or SAYS_YES.fullmatch(word):
            return bool(SAYS_YES.fullmatch(word))
    said = [tags[key] for key in GENERAL_KEYS[mode] if key in tags]
    clear = [word for word in said if SAYS_NO.fullmatch(word) or SAYS_YES.fullmatch(word)]
    if clear and SAYS_NO.fullmatch(clear[0]):
        return False
    by_class = tags["highway"] not in CLOSED_CLASSES[mode].split()
    return by_class and tags.get("service") not in CLOSED_SERVICES[mode].split()


def direction(tags):
    """1: only along the way, -1: only against it, 0: both."""
    said = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1, "no": 0, "false": 0, "0": 0}
    if tags.get("oneway") in said:
        return said[tags["oneway"]]
    round_about = tags.get("junction") in ("roundabout", "circular")
    return int(round_about or tags["highway"] == "motorway")


def posted_kph(words):
    """Whole km/h, or None where nothing is posted or the words say no number."""
    speeds = [speed for speed in map(_speed, re.split("[|;]", words or "")) if speed]
    if not speeds:
        return None
    mean = math.floor(sum(speeds) / len(speeds) + 0.5)
    return mean if 1 <= mean <= 300 else None


def _speed(words):
    words = words.strip()
    if words == "walk":
        return 7
    number = re.fullmatch(r"([0-9]+([.,][0-9]+)?) *(km/h|kmh|kph|mph|knots)?", words)
    if number:
        factor = {"mph": 1.609344, "knots": 1.852}.get(number[3], 1)
        return float(number[1].replace(",", ".")) * factor
    zone = re.fullmatch("[A-Za-z][A-Za-z]:(zone:?)?([0-9A-Za-z_]+)", words)
    if not zone:
        return None
    implied = {"urban": 50, "rural": 90, "motorway": 120, "living_street": 20, "walk": 7}
    return float(zone[2]) if zone[2].isdigit() else implied.get(zone[2])


def turn_rule(tags):
    """``no`` or ``only`` and the modes bound by a restriction relation; None where none is."""
    who = {
        "bicycle": {"ebike"},
        "motorcar": {"patrol"},
        "motor_vehicle": {"patrol"},
        "vehicle": {"ebike", "patrol"},
        "emergency": {"patrol"},
    }
    bound, rule = {"ebike", "patrol"}, tags.get("restriction")
    if rule is None:
        named = [vehicle for vehicle in who if f"restriction:{vehicle}" in tags]
        if not named:
            return None
        bound, rule = set(who[named[0]]), tags[f"restriction:{named[0]}"]
    for vehicle in re.split("[;,]", tags.get("except", "")):
        bound -= who.get(vehicle.strip(), set())
    if not bound or not re.match("(no|only)_", rule):
        return None
    return rule.split("_")[0], bound
