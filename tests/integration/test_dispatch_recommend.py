"""Recommendations and joint assignments against a real database: reasons, cover, doors, masks."""

import json
import subprocess
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import text

from blockdata.errors import InputError
from blockdata.storage.areas import create_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.assign_models import AssignQuestion, IncidentQuestion, Need
from dispatch.assigning import ask_assign, make_problem, make_slots
from dispatch.assignment import solve
from dispatch.engine_words import assign_words, recommend_words
from dispatch.network.storage import write_roads
from dispatch.recommend_models import RecommendQuestion
from dispatch.recommending import ask_recommend
from tests.command import BLOCKDATA
from tests.desks_at import DesksAt
from tests.roads_by_hand import make_roads
from tests.serving import serving

NAME = "beat"
WEST, SOUTH, STEP = 113.85, 22.58, 0.001
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
CROSSINGS = 30
RESIDENTIAL_S = 102.8 / (20 / 3.6)  # e-bike, one block


def at(east, north=0.0):
    return WEST + east * STEP, SOUTH + north * STEP


PEOPLE = [
    # tier, mode, where, age of a made-up fix, skills
    ("auxiliary", "ebike", at(5), 0, []),
    ("auxiliary", "ebike", at(8), 0, ["first_aid"]),
    ("auxiliary", "ebike", at(20), 0, ["first_aid"]),
    ("officer", "patrol", at(2), 0, []),
    ("officer", "patrol", at(3), 200, []),
    ("volunteer", "foot", at(10.1), 20, []),
    ("volunteer", "foot", at(10.3), 20, []),
]


@pytest.fixture(scope="module")
def first(database):
    """One street of thirty crossings, a grid around each, an estate at the eleventh."""
    points = [at(i) for i in range(CROSSINGS)]
    street = [(i, i + 1, 102.8, "residential", 0, 7, 0) for i in range(CROSSINGS - 1)]
    with database.begin() as connection:
        area_id = create_area(
            connection, name=NAME, title=Text("巡区", "Beat"), synthetic=True,
            profile="baoan", source="made by the tests", replace=True,
        )  # fmt: skip
        write_roads(connection, area_id, make_roads(points, street))
        run = lambda sql, **values: connection.execute(text(sql), values)  # noqa: E731
        n = first_id(area_id)
        box = "ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4326))"
        whole = {"w": WEST - STEP, "s": SOUTH - STEP, "e": WEST + 40 * STEP, "n": SOUTH + STEP}
        run(
            "INSERT INTO district.street (street_id, area_id, code, name_zh, name_en, outline)"
            f" VALUES (:id, :area, '440306001', '街', 'Street', {box})",
            id=n, area=area_id, **whole,
        )  # fmt: skip
        run(
            "INSERT INTO district.community"
            " (community_id, area_id, street_id, code, name_zh, name_en, outline)"
            f" VALUES (:id, :area, :id, '440306001001', '社区', 'Community', {box})",
            id=n, area=area_id, **whole,
        )  # fmt: skip
        for i in range(CROSSINGS):
            west, south = at(i - 0.5, -0.5)
            run(
                "INSERT INTO district.grid (grid_id, area_id, community_id, code, outline)"
                f" VALUES (:id, :area, :community, :code, {box})",
                id=n + i, area=area_id, community=n, code=f"440306001001{i:02}",
                w=west, s=south, e=west + STEP, n=south + STEP,
            )  # fmt: skip
        run("INSERT INTO dispatch.shift VALUES (:id, :area, '班', 'shift', 127, 0, 1440)",
            id=n, area=area_id)  # fmt: skip
        for i, (tier, mode, (lon, lat), age, skills) in enumerate(PEOPLE):
            run(
                "INSERT INTO dispatch.responder VALUES (:id, :area, :tier, :mode, :sign, :shift,"
                " :skills, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :age)",
                id=n + i, area=area_id, tier=tier, mode=mode, sign=f"R{i}", shift=n,
                skills=skills, lon=lon, lat=lat, age=age,
            )  # fmt: skip
        _estate(run, area_id, n)
    return n


def _estate(run, area_id, n):
    west, south = at(10, 0.1)
    run(
        "INSERT INTO register.building"
        " (building_id, area_id, grid_id, code, kind, name_zh, floors, footprint)"
        " VALUES (:id, :area, :grid, '4403060010011000001', 'tower', '1栋', 20,"
        " ST_MakeEnvelope(:w, :s, :e, :t, 4326))",
        id=n, area=area_id, grid=n + 10, w=west, s=south, e=west + STEP / 2, t=south + STEP / 4,
    )  # fmt: skip
    for i, (east, kind) in enumerate(((10, "main"), (12, "side"))):
        lon, lat = at(east)
        run(
            "INSERT INTO register.entrance (entrance_id, area_id, building_id, kind, point)"
            " VALUES (:id, :area, :building, :kind, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))",
            id=n + i, area=area_id, building=n, kind=kind, lon=lon, lat=lat,
        )  # fmt: skip
    run(
        "INSERT INTO register.address"
        " (address_id, area_id, level, building_id, grid_id, label_zh, text_zh, floor, point)"
        " VALUES (:id, :area, 'room', :id, :grid, '501房', '街社区路1号1栋501房', 5,"
        " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))",
        id=n, area=area_id, grid=n + 10, lon=west, lat=south,
    )  # fmt: skip


@pytest.fixture(scope="module")
def desks(database, settings, first):
    return DesksAt(database, settings, NOON)


def recommend(desks, **asked):
    question = {"area": NAME, "at_time": NOON.isoformat(), "k": 2} | asked
    answer = ask_recommend(desks, RecommendQuestion.model_validate(question))
    return answer, {tier.tier: tier for tier in answer.tiers}


def test_candidates_come_with_chance_reasons_and_cover(desks):
    _, tiers = recommend(desks, at=at(6))
    near, next_ = tiers["auxiliary"].candidates
    assert (near.call_sign, next_.call_sign) == ("R0", "R1")
    assert near.travel_time_s == pytest.approx(RESIDENTIAL_S, abs=0.01)
    # 180 s are 9.7 blocks: what R0 at 5 reaches R1 at 8 does too, and beyond that there is R2
    assert near.coverage_lost.target_s == 180
    assert near.coverage_lost.codes == next_.coverage_lost.codes == []
    assert 0 < near.chance_in_time < 1
    assert near.chance_in_time > next_.chance_in_time
    assert near.reasons[0].en == "the soonest of the tier"


def test_a_unit_that_holds_grids_alone_has_a_substitute(desks):
    _, tiers = recommend(desks, at=at(21), k=1)
    (alone,) = tiers["auxiliary"].candidates
    assert alone.call_sign == "R2"
    # R1 reaches 8 + 9.7 blocks, so 18 and beyond hang on R2, up to 20 + 9.7
    assert [int(code[-2:]) for code in alone.coverage_lost.codes] == list(range(18, 30))
    assert alone.coverage_lost.covered_now == 30
    assert alone.substitute is None  # whoever else comes would be late
    _, tiers = recommend(desks, at=at(14.5), k=1)
    (soonest,) = tiers["auxiliary"].candidates
    assert (soonest.call_sign, soonest.coverage_lost.grids) == ("R2", 12)
    assert (soonest.substitute.call_sign, soonest.substitute.grids) == ("R1", 0)
    assert soonest.substitute.extra_s == pytest.approx(RESIDENTIAL_S, abs=0.01)


def test_skills_that_are_needed_are_had(desks):
    _, tiers = recommend(
        desks, at=at(5), skills={"auxiliary": ["first_aid"]}, why_not=["R0", "R1", "R5", "X"]
    )
    assert [one.call_sign for one in tiers["auxiliary"].candidates] == ["R1", "R2"]
    answer, _ = recommend(
        desks, at=at(5), skills={"auxiliary": ["first_aid"]}, why_not=["R0", "R1", "R5", "X"]
    )
    said = {one.asked: (one.reason, one.rank) for one in answer.why_not}
    assert said["R0"] == ("unskilled", None)
    assert said["R1"] == ("recommended", 1)
    # of volunteers nothing can be found out by name, not even that there is such a one
    hidden, nobody = answer.why_not[2:]
    assert hidden.model_copy(update={"asked": "X"}) == nobody
    with pytest.raises(InputError) as error:
        recommend(desks, at=at(5), skills={"officer": ["flight"]})
    assert error.value.field == "skills"


def test_an_old_fix_widens_the_interval_and_may_flip_the_ranking(desks):
    _, tiers = recommend(desks, at=at(6))
    fresh, old = (tiers["officer"].candidates[i] for i in (1, 0))
    assert (old.call_sign, fresh.call_sign) == ("R4", "R3")
    assert fresh.eta_low_s == fresh.eta_high_s == fresh.travel_time_s
    assert old.eta_high_s - old.travel_time_s == pytest.approx(300 / (25 / 3.6), abs=0.01)
    assert old.eta_low_s == 0
    assert tiers["officer"].ranking_may_flip
    assert not tiers["auxiliary"].ranking_may_flip


def test_volunteers_are_alerted_as_so_many_of_those_counted(desks):
    answer, tiers = recommend(desks, at=at(10))
    volunteer = tiers["volunteer"]
    assert volunteer.candidates == ()
    assert volunteer.chance.counted == 2
    assert volunteer.alert.size == 2
    assert not volunteer.alert.reached
    assert volunteer.alert.chance == volunteer.chance.in_time
    assert 0 < volunteer.chance.in_time < volunteer.chance.near < 1
    assert volunteer.chance.turnout.median_s == 105
    _, easy = recommend(desks, at=at(10), alert_chance=volunteer.chance.in_time / 2)
    assert easy["volunteer"].alert.size == 1
    assert easy["volunteer"].alert.reached
    words = json.dumps(answer.model_dump(mode="json")["tiers"][0])
    assert "R5" not in words
    assert "R6" not in words
    for language in ("zh", "en"):
        said = recommend_words(answer, language)
        assert "R5" not in said
        assert volunteer.alert.model_dump()[language] in said
        assert volunteer.chance.model_dump()[language] in said


def test_the_door_has_a_clock_of_its_own_and_the_best_entrance(desks, first):
    answer, tiers = recommend(desks, address_id=str(first))
    legs = {leg.kind: leg.seconds for leg in answer.door_legs}
    assert legs == {"gate": 20, "entrance": 10, "floors": 30 + 4 * 3}
    assert (answer.door_clock.starts, answer.door_clock.stops) == ("at_kerb", "at_door")
    # from the east one comes to the side entrance, from the west to the main one
    by_sign = {one.call_sign: one for one in tiers["auxiliary"].candidates}
    assert by_sign["R1"].entrance == pytest.approx(at(10))
    assert by_sign["R1"].at_door_s == pytest.approx(by_sign["R1"].travel_time_s + 72)
    _, more = recommend(desks, address_id=str(first), k=3)
    east = next(one for one in more["auxiliary"].candidates if one.call_sign == "R2")
    assert east.entrance == pytest.approx(at(12))
    assert east.travel_time_s == pytest.approx(8 * RESIDENTIAL_S, abs=0.01)
    ground, _ = recommend(desks, address_id=str(first), floor=1)
    assert [leg.kind for leg in ground.door_legs] == ["gate", "entrance"]


def assign(desks, incidents, **asked):
    question = {"area": NAME, "at_time": NOON.isoformat(), "incidents": incidents} | asked
    return ask_assign(desks, AssignQuestion.model_validate(question))


def incident(name, east, *needs, priority=1):
    needs = needs or ({"tier": "auxiliary"},)
    return {"id": name, "at": at(east), "priority": priority, "needs": list(needs)}


AID = {"tier": "auxiliary", "skills": ["first_aid"]}


def test_a_joint_assignment_meets_what_greedy_does_not(desks):
    # greedy gives R1 to A, whom R0 could serve too, R2 to B, and has nobody left for C
    answer = assign(desks, [incident("A", 7), incident("B", 16.5, AID), incident("C", 21, AID)])
    assert {s.incident: s.call_sign for s in answer.slots} == {"A": "R0", "B": "R1", "C": "R2"}
    assert answer.outcome.met_in_time_by_priority == {1: 3}
    assert answer.greedy.met_in_time_by_priority == {1: 2}
    assert (answer.outcome.unfilled, answer.greedy.unfilled) == (0, 1)
    assert answer.greedy_differs
    assert "R1" in assign_words(answer, "en")


def test_needs_beyond_the_fleet_stay_unfilled(desks):
    answer = assign(desks, [incident("A", 7, {"tier": "auxiliary", "count": 5})])
    assert answer.outcome.unfilled == 2
    assert sum(slot.call_sign is None for slot in answer.slots) == 2


def test_a_unit_under_way_is_diverted_only_for_a_set_gain_and_not_twice(desks):
    on = [{"unit": "R0", "incident": "A"}]
    # B is half a block from R0 and three and a half from R1: 55 s are not enough
    near = assign(desks, [incident("A", 28, priority=9), incident("B", 4.5)], under_way=on)
    assert {s.incident: s.call_sign for s in near.slots} == {"A": "R2", "B": "R1"}
    assert {s.diverted_from for s in near.slots} == {None}
    # the second that B needs would have to come from R2, much too late
    urgent = [incident("A", 28, priority=9), incident("B", 4.5, {"tier": "auxiliary", "count": 2})]
    moved = {s.call_sign: s for s in assign(desks, urgent, under_way=on).slots}
    assert (moved["R0"].incident, moved["R0"].diverted_from) == ("B", "A")
    lately = [on[0] | {"diverted_at": (NOON - timedelta(seconds=60)).isoformat()}]
    stays = assign(desks, urgent, under_way=lately)
    assert "R0" not in {s.call_sign for s in stays.slots if s.incident == "B"}
    long_ago = [on[0] | {"diverted_at": (NOON - timedelta(seconds=600)).isoformat()}]
    assert "R0" in {s.call_sign for s in assign(desks, urgent, under_way=long_ago).slots}


def test_what_is_under_way_and_cannot_count_is_listed_alike(desks):
    # nobody's, of a volunteer, of an officer whom A does not need, of one who is there already
    named = ["R99", "R5", "R3", str(first_id_of(desks))]
    units = [{"unit": name, "incident": "A"} for name in ["R0", *named]]
    answer = assign(desks, [incident("A", 28)], under_way=units)
    assert [one.unit for one in answer.not_counted] == named
    assert len({(one.reason_zh, one.reason_en) for one in answer.not_counted}) == 1
    for language in ("zh", "en"):
        assert f"R99 → A: {getattr(answer.not_counted[0], f'reason_{language}')}" in assign_words(
            answer, language
        )
    for name in ("R0", "R99", "R5"):  # what is wrong for one is wrong for all
        wrong = [{"unit": name, "incident": "A", "diverted_at": "soon"}]
        with pytest.raises(ValidationError, match="diverted_at"):
            assign(desks, [incident("A", 28)], under_way=wrong)


def first_id_of(desks):
    with desks.engine.connect() as connection:
        return first_id(desks.desk(connection, NAME).area.area_id)


def test_slots_of_volunteers_are_not_filled_but_counted(desks):
    volunteers = {"tier": "volunteer", "count": 2, "target_s": 120}
    answer = assign(desks, [incident("A", 10, volunteers, {"tier": "auxiliary"})])
    *masked, told = answer.slots
    assert [slot.masked for slot in masked] == [True, True]
    for slot in masked:
        assert slot.call_sign is slot.position is slot.travel_time_s is slot.in_time is None
    assert told.call_sign == "R1"
    assert answer.outcome.met_in_time_by_priority == {1: 1}
    (part,) = answer.masked
    assert (part.incident, part.tier.target_s, part.tier.chance.counted) == ("A", 120, 2)
    for language in ("zh", "en"):
        assert part.tier.chance.model_dump()[language] in assign_words(answer, language)
    alone = assign(desks, [incident("A", 10, volunteers)])
    assert alone.outcome.met_in_time_by_priority == {}


def test_over_http_and_from_the_command_line(settings, desks, command_environment, tmp_path):
    asked = {"area": NAME, "at_time": NOON.isoformat()}
    joint = asked | {"incidents": [incident("A", 7), incident("B", 15)]}
    with serving(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        body = asked | {"at": at(6), "k": 1, "why_not": ["R1"]}
        shown = client.post("/v1/dispatch/recommend", json=body)
        assert shown.status_code == 200
        assert shown.json()["why_not"][0]["reason"] == "farther"
        assigned = client.post("/v1/dispatch/assign", json=joint)
        assert assigned.status_code == 200
        wrong = client.post("/v1/dispatch/assign", json=asked | {"incidents": []})
        assert wrong.status_code == 422
    file = tmp_path / "incidents.json"
    file.write_text(json.dumps(joint), encoding="utf-8")

    def run(*words):
        done = subprocess.run(
            [BLOCKDATA, "dispatch", *words], env=command_environment, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    assert run("assign", str(file), "--json")["slots"] == assigned.json()["slots"]
    lon, lat = at(6)
    words = ["recommend", "--at", f"{lon},{lat}", "--area", NAME, "--k", "1"]
    words += ["--at-time", NOON.isoformat(), "--why-not", "R1", "--json"]
    assert run(*words)["tiers"] == shown.json()["tiers"]


def test_the_engine_fills_slots_of_volunteers_exactly(desks):
    """Nobody is told who comes, but it knows."""
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, NAME)
        with desk.standing(connection, NOON, NOON) as fleet:
            needs = [Need(tier="volunteer", target_s=60)]
            asked = [
                IncidentQuestion(id=name, at=at(east), needs=needs)
                for name, east in (("A", 10.2), ("B", 10.7))
            ]
            places = [desk.incident(connection, *one.at, fleet.travel) for one in asked]
            slots = make_slots(desk.profile, fleet, asked, places)
            rows, problem = make_problem(desk.profile, fleet, slots, {}, NOON)
    found = solve(problem)
    signs = [fleet.roster.call_sign[rows[unit]] for unit in found.unit_of_slot]
    # R6 at 10.3 is the nearer to both, but only R5 at 10.1 is left for one of them
    assert signs == ["R5", "R6"]
    block_ms = 102.8 / 1.8 * 1000
    assert found.outcome.travel_time_ms == pytest.approx(0.5 * block_ms, abs=3)
    assert found.outcome.met_in_time == (2,)
