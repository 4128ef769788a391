"""Questions for the nearest responders against a real database: who is offered, who is not, why."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text

from blockdata.errors import InputError, NotFound, OutsideArea, OutsideNetwork
from blockdata.storage.areas import create_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.asking import ask_nearest
from dispatch.models import NearestQuestion
from dispatch.network.storage import write_roads
from dispatch.questions import checked
from dispatch.words import nearest_words
from tests.desks_at import DesksAt
from tests.roads_by_hand import make_roads
from tests.serving import serving

NAME = "crossing"
WEST, SOUTH = 113.85, 22.58
STEP = 0.001  # degrees: 102.8 m east, 110.7 m north
MONDAY_10 = datetime(2026, 1, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY, NIGHT = 480, 1200


def at(east, north=0.0):
    return WEST + east * STEP, SOUTH + north * STEP


@pytest.fixture(scope="module")
def area(database):
    """A street of ten crossings, 1 km, with people along it; an island road to the north.

    0 ── 1 ── 2 ── … ── 9        10 ── 11 (no way there)
    """
    points = [at(i) for i in range(10)] + [at(0, 3), at(1, 3)]
    street = [(i, i + 1, 102.8, "residential", 0, 7, 0) for i in range(9)]
    roads = make_roads(points, [*street, (10, 11, 102.8, "residential", 0, 7, 0)])
    with database.begin() as connection:
        area_id = create_area(
            connection, name=NAME, title=Text("路口", "Crossing"), synthetic=False,
            profile="baoan", source="made by the tests", replace=True,
        )  # fmt: skip
        write_roads(connection, area_id, roads)
        people = [
            # tier, mode, shift, where, age of a made-up fix
            ("volunteer", "foot", DAY, at(2.5, 0.05), 10),
            ("volunteer", "foot", NIGHT, at(1.1, 0.05), 10),
            ("auxiliary", "ebike", DAY, at(5, 0.1), 10),
            ("auxiliary", "ebike", DAY, at(3, 0.1), None),  # a real one without any position
            ("auxiliary", "ebike", NIGHT, at(2, 0.1), 10),
            ("auxiliary", "ebike", DAY, at(1.5, 0.1), 900),  # always stale
            ("auxiliary", "ebike", DAY, at(0.5, 2.9), 10),  # on the island
            ("officer", "patrol", DAY, at(8, 0.1), 10),
            ("officer", "patrol", DAY, at(6, 0.1), 10),  # busy
            ("officer", "patrol", DAY, at(9, 0.1), None),  # real, and its feed is fresh
        ]
        run = lambda sql, **values: connection.execute(text(sql), values)  # noqa: E731
        first = first_id(area_id)
        for n, start in enumerate((DAY, NIGHT)):
            run(
                "INSERT INTO dispatch.shift VALUES (:id, :area, '班', 'shift', 127, :start, 720)",
                id=first + n, area=area_id, start=start,
            )  # fmt: skip
        for n, (tier, mode, shift, (lon, lat), age) in enumerate(people):
            run(
                "INSERT INTO dispatch.responder VALUES (:id, :area, :tier, :mode, :sign, :shift,"
                " '{}', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :age)",
                id=first + n, area=area_id, tier=tier, mode=mode, sign=f"S{n}",
                shift=first + (shift == NIGHT), lon=lon, lat=lat, age=age,
            )  # fmt: skip
        for n, status, where in ((8, "busy", at(6, 0.1)), (9, "available", at(4, 0.1))):
            run(
                "INSERT INTO dispatch.position VALUES (:id, :area, :status,"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 5, :fixed)",
                id=first + n, area=area_id, status=status, lon=where[0], lat=where[1],
                fixed=MONDAY_10 - timedelta(seconds=30),
            )  # fmt: skip
    return first


@pytest.fixture(scope="module")
def desks(database, settings, area):
    return DesksAt(database, settings, MONDAY_10)


def ask(desks, point, moment=MONDAY_10, k=3, now=None):
    desks.moment = now or moment
    question = NearestQuestion(at=point, area=NAME, k=k, at_time=moment.isoformat())
    return ask_nearest(desks, question)


def tiers(answer):
    return {tier.tier: tier for tier in answer.tiers}


def test_each_tier_has_its_nearest_by_road(desks, area):
    found = tiers(ask(desks, at(1.0, 0.1)))
    auxiliary = found["auxiliary"].candidates
    assert [one.call_sign for one in auxiliary] == ["S2"]
    # e-bikes 20 km/h on a residential street, 1 m/s off it: 11.1 m + 411.2 m + 11.1 m
    legs = {leg.kind: leg for leg in auxiliary[0].legs}
    assert legs["road"].seconds == pytest.approx(411.2 / (20 / 3.6), abs=0.01)
    assert legs["to_road"].seconds == pytest.approx(11.07, abs=0.01)
    assert legs["from_road"].distance_m == pytest.approx(11.1, abs=0.1)
    assert auxiliary[0].travel_time_ms == round(sum(leg.seconds for leg in legs.values()) * 1000)
    assert auxiliary[0].margin_s == pytest.approx(180 - auxiliary[0].travel_time_s)
    assert auxiliary[0].responder_id == str(area + 2)
    assert auxiliary[0].route[0] == pytest.approx(at(5), abs=1e-6)
    assert auxiliary[0].route[-1] == pytest.approx(at(1), abs=1e-6)
    # the fresh fix of a real officer stands before the made-up ones
    assert [one.call_sign for one in found["officer"].candidates] == ["S9", "S7"]


def test_why_a_nearer_one_is_not_offered(desks):
    found = tiers(ask(desks, at(1.0, 0.1)))
    auxiliary = {one.call_sign: one.reason for one in found["auxiliary"].left_out}
    # S4 of the night shift is nearer too, but nobody off duty is located
    assert auxiliary == {"S5": "stale", "S6": "unreachable"}
    officer = {one.call_sign: one.reason for one in found["officer"].left_out}
    assert officer == {"S8": "busy"}
    pool = found["auxiliary"].pool
    assert (pool.registered, pool.on_duty, pool.available) == (5, 4, 2)


def test_one_nearer_in_a_straight_line_may_be_slower_by_road(desks):
    found = tiers(ask(desks, at(4.9, 0.1), k=1))
    assert found["officer"].candidates[0].call_sign == "S9"
    across = tiers(ask(desks, at(0.9, 2.9), k=1))["auxiliary"]
    assert [one.call_sign for one in across.candidates] == ["S6"]


def test_volunteers_are_only_counted(desks):
    answer = ask(desks, at(1.0, 0.1))
    volunteer = tiers(answer)["volunteer"]
    assert volunteer.masked
    assert volunteer.candidates == volunteer.left_out == ()
    assert {cell.h3[:2] for cell in volunteer.cells} == {"88"}
    assert sum(cell.count for cell in volunteer.cells) == volunteer.chance.counted == 1
    # the one off duty is registered, and is nowhere else
    assert volunteer.pool.model_dump() == {"registered": 2, "on_duty": 1, "available": 1}
    words = json.dumps(answer.model_dump(mode="json")["tiers"][0])
    assert "S0" not in words
    assert "S1" not in words


def test_shifts_decide_who_is_asked(desks):
    night = tiers(ask(desks, at(1.0, 0.1), moment=MONDAY_10.replace(hour=23)))
    assert [one.call_sign for one in night["auxiliary"].candidates] == ["S4"]
    assert night["officer"].candidates == []
    assert night["officer"].note_en == "nobody is available"


@pytest.mark.parametrize("clock", [10, 23])
def test_about_another_shift_only_numbers_are_told(desks, clock):
    """Whoever is off duty by the real clock is not located, whichever time is asked about."""
    now, then = MONDAY_10.replace(hour=clock), MONDAY_10.replace(hour=33 - clock)
    found = tiers(ask(desks, at(1.0, 0.1), moment=then, now=now))
    shown = {name: tier.pool.model_dump() for name, tier in found.items()}
    night = then.hour == 23
    assert shown["volunteer"] == {"registered": 2, "on_duty": 1, "available": None}
    assert shown["auxiliary"] == {
        "registered": 5, "on_duty": 1 if night else 4, "available": None,
    }  # fmt: skip
    officers = {"registered": 3, "on_duty": 0, "available": 0}
    assert shown["officer"] == (officers if night else officers | {"on_duty": 3, "available": None})
    assert all(len(tier.candidates) == len(tier.left_out) == 0 for tier in found.values())
    assert found["volunteer"].cells == []
    assert found["volunteer"].chance is None
    assert "another time" in found["volunteer"].note_en


def test_a_fix_from_after_the_moment_asked_is_not_used(desks):
    fix = MONDAY_10 - timedelta(seconds=30)
    after, before = (fix + timedelta(seconds=s) for s in (1, -1))
    assert "S9" in signs(ask(desks, at(1.0, 0.1), moment=after, now=MONDAY_10))
    assert "S9" not in signs(ask(desks, at(1.0, 0.1), moment=before, now=MONDAY_10))
    # and so it stays until the moment asked about has come to it
    assert "S9" in signs(ask(desks, at(1.0, 0.1), moment=after, now=MONDAY_10))


def signs(answer):
    return [one.call_sign for one in tiers(answer)["officer"].candidates]


def test_a_fix_grows_stale_with_time(desks):
    later = tiers(ask(desks, at(1.0, 0.1), moment=MONDAY_10 + timedelta(minutes=10)))
    # the real officer's fix is too old now; the busy made-up one is known by its post again
    assert [one.call_sign for one in later["officer"].candidates] == ["S8", "S7"]
    assert {one.call_sign: one.reason for one in later["officer"].left_out} == {"S9": "stale"}
    again = tiers(ask(desks, at(1.0, 0.1)))
    assert [one.call_sign for one in again["officer"].candidates] == ["S9", "S7"]


def test_a_position_that_comes_in_is_seen(desks, database, area):
    move = text(
        "UPDATE dispatch.position SET point = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
        " WHERE responder_id = :id"
    )
    for where, first in ((at(9, 0.1), "S7"), (at(4, 0.1), "S9")):
        with database.begin() as connection:
            connection.execute(move, {"lon": where[0], "lat": where[1], "id": area + 9})
        found = tiers(ask(desks, at(1.0, 0.1)))["officer"]
        assert found.candidates[0].call_sign == first


def test_the_answer_names_its_clock_and_parameters(desks):
    answer = ask(desks, at(1.0, 0.1))
    assert (answer.clock.starts, answer.clock.stops) == ("alerted", "at_kerb")
    assert answer.parameters["search_limit_s"] == 1800
    assert answer.parameters["speeds"]["foot"]["access_speed_kph"] == 3.6
    assert answer.responders_synthetic
    for language in ("zh", "en"):
        words = nearest_words(answer, language)
        assert "S2" in words
        assert answer.clock.zh in words or answer.clock.en in words


@pytest.mark.parametrize(
    ("question", "error", "field"),
    [
        ({"at": (113.85, 22.0)}, OutsideNetwork, "at"),  # the sea
        ({"at": at(50)}, OutsideNetwork, "at"),
        ({"at": at(1), "area": "nowhere"}, NotFound, "area"),
        ({"at": at(1), "at_time": "soon"}, InputError, "at_time"),
    ],
)
def test_what_cannot_be_answered_is_said(desks, question, error, field):
    with pytest.raises(error) as raised:
        ask_nearest(desks, checked(NearestQuestion, {"area": NAME} | question))
    assert raised.value.field == field
    assert raised.value.cure is not None


def test_a_point_beyond_the_outline_is_outside_the_area(desks, database, area):
    outline = "UPDATE district.area SET outline = {} WHERE name = 'crossing'"
    hull = f"ST_Multi(ST_MakeEnvelope({WEST}, {SOUTH - STEP}, {WEST + STEP}, {SOUTH + STEP}, 4326))"
    for shape in (hull, "NULL"):
        with database.begin() as connection:
            connection.execute(text(outline.format(shape)))
        if shape == hull:
            with pytest.raises(OutsideArea) as error:
                ask(desks, at(5, 0.1))
            assert error.value.field == "at"
        else:
            assert ask(desks, at(5, 0.1)).tiers


def test_over_http(settings, area):
    with serving(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        _ask_over_http(client)


def _ask_over_http(client):
    point = list(at(1.0, 0.1))
    body = {"at": point, "area": NAME, "k": 1, "at_time": MONDAY_10.isoformat()}
    answer = client.post("/v1/dispatch/nearest", json=body)
    assert answer.status_code == 200
    assert [tier["tier"] for tier in answer.json()["tiers"]] == [
        "volunteer", "auxiliary", "officer",
    ]  # fmt: skip
    for wrong in (
        {"area": NAME},
        body | {"address": "固戍一路168号"},
        body | {"at": [200, 0]},
        body | {"k": 0},
        body | {"at": [113.0, 22.0]},
        body | {"unknown": 1},
    ):
        refused = client.post("/v1/dispatch/nearest", json=wrong)
        assert refused.status_code == 422, wrong
        assert refused.headers["content-type"] == "application/problem+json"
