"""Real roads and real addresses: every travel time equals SciPy's on a graph of its own, exactly.

The oracle (``tests/road_oracle.py``) is built from the rows in the database by the written rule,
as a line graph without the forbidden turns; it shares the places on the network with the project,
and those are checked against shapely.
"""

import csv
import gzip
import math
import re
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from pyproj import Geod
from sqlalchemy import text

from blockdata.address.importing.load import import_addresses
from blockdata.errors import InputError, OutsideNetwork
from blockdata.moments import read_moment
from blockdata.profile import load_profile
from blockdata.storage.areas import find_area
from dispatch.asking import ask_nearest
from dispatch.models import NearestQuestion
from dispatch.nearest import nearest
from dispatch.network.importing import import_roads
from dispatch.network.storage import open_network
from dispatch.responders import place_responders
from tests.desks_at import DesksAt
from tests.road_oracle import Oracle, arcs_of

PROFILE = load_profile("baoan")
MODE_BITS = {"foot": 1, "ebike": 2, "patrol": 4}
MOMENT = "2026-01-05T10:00"
NOW = read_moment(MOMENT, "at_time", PROFILE.district.timezone)
COUNTS = {"volunteer": 3000, "auxiliary": 500, "officer": 120}
K, ASKED = 5, 20
FUTIAN = "shenzhen_futian_nanshan_drive_2024-10"
MONACO = "monaco_osrm"
ROWS = """
    SELECT from_node, to_node, length_m, road_class, oneway, access_modes,
           coalesce(maxspeed_kph, 0)
    FROM roads.segment WHERE area_id = :id ORDER BY segment_index
"""
TURNS = """
    SELECT from_segment, via_node, to_segment, (kind LIKE 'only%')::int, bound_modes
    FROM roads.turn_restriction WHERE area_id = :id
"""


@dataclass
class World:
    desks: DesksAt
    name: str
    oracles: dict
    paths: list


def _world(database, settings, real_data, name, file):
    with database.begin() as connection:
        import_roads(
            connection, real_data / "roads" / f"{file}.osm.pbf",
            area=name, profile="baoan", replace=True,
        )  # fmt: skip
        area = find_area(connection, name)
        network = open_network(connection, settings, area, PROFILE)
        place_responders(connection, area, network, PROFILE, COUNTS, seed=20261122, replace=True)
        ask = {"id": area.area_id}
        rows = [tuple(row) for row in connection.execute(text(ROWS), ask)]
        turns = [tuple(row) for row in connection.execute(text(TURNS), ask)]
        found = connection.execute(
            text(
                "SELECT ST_AsBinary(path) FROM roads.segment"
                " WHERE area_id = :id ORDER BY segment_index"
            ),
            ask,
        )
        paths = [shapely.from_wkb(bytes(row[0])) for row in found]
    oracles = {
        mode: Oracle(arcs_of(rows, PROFILE.modes[mode], bit), turns, bit)
        for mode, bit in MODE_BITS.items()
    }
    return World(DesksAt(database, settings, NOW), name, oracles, paths)


@pytest.fixture(scope="module")
def futian(database, settings, real_data):
    world = _world(database, settings, real_data, "futian", FUTIAN)
    for file in ("estates_lianjia", "parking_sample"):
        import_addresses(
            database, settings, real_data / "addresses" / f"{file}.csv.gz",
            area="futian", datum="wgs84", gate=0.5,
        )  # fmt: skip
    return world


@pytest.fixture(scope="module")
def monaco(database, settings, real_data):
    return _world(database, settings, real_data, "monaco", MONACO)


def check_exact(world, answer):
    """All tiers of the engine against the oracle; returns how many candidates there were.

    Volunteers too: the engine knows exactly who is nearest, whatever is answered about them.
    """
    with world.desks.engine.connect() as connection:
        desk = world.desks.desk(connection, world.name)
        lon, lat = answer.incident.lon, answer.incident.lat
        with desk.standing(connection, NOW, NOW) as fleet:
            incident = desk.incident(connection, lon, lat, fleet.travel)
            found = nearest(
                fleet, PROFILE, (lon, lat), incident.places, K, NOW, tiers=PROFILE.tiers
            )
    available = fleet.states(NOW) == 0
    checked = 0
    for tier, shown in zip(found, answer.tiers, strict=True):
        mode = PROFILE.tiers[tier.tier].mode
        rows = np.flatnonzero(available & fleet.is_tier(tier.tier))
        right = expected(world.oracles[mode], incident.places[mode], rows, fleet.places)
        times = [(one.found.travel_time_ms, one.row) for one in tier.candidates]
        assert times == right
        if not shown.masked:
            assert [c.travel_time_ms for c in shown.candidates] == [ms for ms, _ in right]
            assert all(len(c.route) >= 2 for c in shown.candidates)
        checked += len(right)
    return checked


def expected(oracle, place, rows, starts):
    """The K nearest (ms, row) within the limit, each timed by the oracle."""
    if place.segment[0] < 0:
        return []
    target = (int(place.segment[0]), float(place.fraction[0]))
    ends = oracle.times_to(*target)
    times = []
    for row in rows.tolist():
        if starts.segment[row] < 0:
            continue
        start = (int(starts.segment[row]), float(starts.fraction[row]))
        ms = oracle.time_from(ends, target, start)
        ms += int(starts.access_ms[row]) + int(place.access_ms[0])
        if ms <= PROFILE.dispatch.search_limit_s * 1000:
            times.append((int(ms), row))
    return sorted(times)[:K]


def addresses_inside(real_data):
    """Texts of addresses with a house number, well inside the extract, spread over both files."""
    texts = []
    for file in ("estates_lianjia", "parking_sample"):
        path = real_data / "addresses" / f"{file}.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            mine = [
                row["address"]
                for row in csv.DictReader(lines)
                if re.search(r"[路街道]\d+号$", row["address"])
                and 113.97 < float(row["lon_wgs84"] or 0) < 114.08
                and 22.51 < float(row["lat_wgs84"] or 0) < 22.57
            ]
        mine = sorted(set(mine))
        texts += mine[:: max(len(mine) // ASKED, 1)][:ASKED]
    return texts


def test_twenty_addresses_of_shenzhen(futian, real_data):
    answered, unclear, checked = 0, [], 0
    for words in addresses_inside(real_data):
        question = NearestQuestion(address=words, area="futian", k=K, at_time=MOMENT)
        try:
            answer = ask_nearest(futian.desks, question)
        except (InputError, OutsideNetwork) as error:
            unclear.append((words, str(error)))
            continue
        assert answer.incident.address is not None
        answered += 1
        checked += check_exact(futian, answer)
        if answered == ASKED:
            break
    assert answered == ASKED, unclear
    assert len(unclear) <= ASKED // 2, unclear
    assert checked >= 2 * K * ASKED


def test_twenty_points_of_monaco(monaco):
    rng = np.random.default_rng(20)
    lon, lat = rng.uniform(7.410, 7.430, ASKED), rng.uniform(43.728, 43.745, ASKED)
    checked = 0
    for point in zip(lon.tolist(), lat.tolist(), strict=True):
        question = NearestQuestion(at=point, area="monaco", k=K, at_time=MOMENT)
        checked += check_exact(monaco, ask_nearest(monaco.desks, question))
    assert checked >= 2 * K * ASKED


@pytest.mark.parametrize("name", ["futian", "monaco"])
def test_places_on_the_network_are_those_of_shapely(request, name):
    world = request.getfixturevalue(name)
    with world.desks.engine.connect() as connection:
        desk = world.desks.desk(connection, name)
        fleet = desk.fleet(connection, NOW, NOW)
    known = ~np.isnan(fleet.roster.lon)
    geod = Geod(ellps="WGS84")
    for tier, rules in PROFILE.tiers.items():
        rows = np.flatnonzero(known & fleet.is_tier(tier))
        usable = np.flatnonzero(desk.network.graphs[rules.mode].usable)
        lat = float(np.nanmean(fleet.roster.lat))
        scale = np.array([math.cos(math.radians(lat)), 1.0])
        lines = [shapely.transform(world.paths[s], lambda c, by=scale: c * by) for s in usable]
        tree = shapely.STRtree(lines)
        for row in rows.tolist()[:200]:
            point = shapely.Point(fleet.roster.lon[row] * scale[0], fleet.roster.lat[row])
            line = lines[tree.nearest(point)]
            near = line.interpolate(line.project(point))
            at = (fleet.roster.lon[row], fleet.roster.lat[row], near.x / scale[0], near.y)
            distance_m = geod.inv(*at)[2]
            assert fleet.places.distance_m[row] == pytest.approx(distance_m, abs=0.05)


def test_the_sea_is_no_place_for_a_dispatch(monaco):
    with pytest.raises(OutsideNetwork) as error:
        ask_nearest(monaco.desks, NearestQuestion(at=(7.45, 43.70), area="monaco"))
    assert error.value.field == "at"
    assert error.value.cure is not None
