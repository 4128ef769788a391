"""Wherever within their coarse cells volunteers are, every answer is the same, byte for byte."""

import json
from datetime import timedelta

import h3
import numpy as np
import pytest

from dispatch.asking import ask_nearest
from dispatch.fleet import Fleet
from dispatch.models import NearestQuestion
from tests.volunteer_questions import all_answers, ask, broad_questions, old_answer
from tests.volunteer_town import (
    NAME,
    NIGHT,
    NOW,
    PROFILE,
    RARE,
    RESOLUTION,
    build_town,
    cells,
    random_places,
    within_cells,
)

WORLDS = 4  # moves of everybody within their cells
MIDDLE = [113.8615, 22.5915]


@pytest.fixture(scope="module")
def town(database, settings):
    return build_town(database, settings)


@pytest.fixture(autouse=True)
def _as_it_was(town):
    yield
    town.move(town.volunteers)


def told(answer: str) -> dict:
    return next(tier for tier in json.loads(answer)["tiers"] if tier["masked"])


def test_no_byte_of_any_answer_depends_on_where_in_its_cell_a_volunteer_is(town):
    questions = broad_questions(np.random.default_rng(1), 14)
    before = all_answers(town.desks(), questions)
    assert len(set(before)) > 0.5 * len(before)  # they are answers to different questions
    exact = [
        old_answer(town.desks(), tuple(at)) for at in random_places(np.random.default_rng(2), 5)
    ]
    for seed in range(WORLDS):
        town.move(within_cells(np.random.default_rng(seed), town.volunteers))
        assert all_answers(town.desks(), questions) == before
        # the engine sees that everybody moved, and the old way of answering told of it
        moved = [
            old_answer(town.desks(), tuple(at)) for at in random_places(np.random.default_rng(2), 5)
        ]
        assert all(old != new for old, new in zip(exact, moved, strict=True))


def test_one_volunteer_alone_can_be_anywhere_in_its_cell(town):
    questions = broad_questions(np.random.default_rng(3), 3)
    before = all_answers(town.desks(), questions)
    for n in (1, 3, 10, 42):  # one with a rare skill, one busy, one off duty, one made up
        lonlat = town.volunteers.copy()
        lonlat[n] = within_cells(np.random.default_rng(n), town.volunteers)[n]
        town.move(lonlat)
        assert all_answers(town.desks(), questions) == before, n


def test_the_engine_is_not_asked_about_volunteers(town, monkeypatch):
    """So that the time an answer takes does not depend on where they are either."""
    asked = []
    search, way = Fleet.nearest_by_tier, Fleet.journey

    def watch_search(self, tiers, *args, **kwargs):
        asked.extend(tiers)
        return search(self, tiers, *args, **kwargs)

    def watch_way(self, row, places):
        asked.append(("volunteer", "auxiliary", "officer")[self.roster.tier[row]])
        return way(self, row, places)

    monkeypatch.setattr(Fleet, "nearest_by_tier", watch_search)
    monkeypatch.setattr(Fleet, "journey", watch_way)
    for question in broad_questions(np.random.default_rng(4), 4):
        ask(town.desks(), *question)
    assert set(asked) == {"auxiliary", "officer"}


def test_counts_are_whole_and_the_same_from_everywhere(town):
    counts: dict[str, int] = {}
    for at in random_places(np.random.default_rng(5), 60).tolist():
        part = told(ask(town.desks(), "nearest", {"at": at, "at_time": NOW.isoformat()}))
        for cell in part["cells"]:
            assert counts.setdefault(cell["h3"], cell["count"]) == cell["count"]
        near = {cell["h3"] for cell in part["cells"]}
        assert part["chance"]["counted"] == sum(cell["count"] for cell in part["cells"])
        assert h3.latlng_to_cell(at[1], at[0], RESOLUTION) in near
    may = available(town)
    here = cells(town.volunteers[may])
    assert counts == {cell: here.count(cell) for cell in counts}
    assert len(may) == part["pool"]["available"]
    untold = set(here) - set(counts)
    assert sum(counts.values()) == len(may) - sum(here.count(cell) for cell in untold)
    with town.engine.connect() as connection:
        streets = town.desks().desk(connection, NAME).streets
    least_m = PROFILE.dispatch.coarse_least_spread_m
    assert all(streets.spread_m("foot", cell) >= least_m for cell in counts)
    assert all(streets.spread_m("foot", cell) < least_m for cell in untold)


def available(town) -> list[int]:
    with town.engine.connect() as connection:
        desk = town.desks().desk(connection, NAME)
        fleet = desk.fleet(connection, NOW, NOW)
    may = fleet.is_tier("volunteer") & (fleet.states(NOW) == 0)
    return [int(sign[1:]) for sign in fleet.roster.call_sign[may]]


def test_skills_do_not_narrow_the_counts(town):
    now = {"at": MIDDLE, "at_time": NOW.isoformat()}
    plain = told(ask(town.desks(), "recommend", now))
    for skills in ([RARE], ["first_aid"], []):
        assert (
            told(ask(town.desks(), "recommend", now | {"skills": {"volunteer": skills}})) == plain
        )
        needs = [{"tier": "volunteer", "skills": skills}]
        incidents = [{"id": "A", "at": MIDDLE, "needs": needs}]
        assigned = ask(town.desks(), "assign", {"incidents": incidents, "at_time": NOW.isoformat()})
        (part,) = json.loads(assigned)["masked"]
        assert part["tier"]["cells"] == plain["cells"]
    # whether somebody with a skill is on duty is not to be seen by a refusal
    night = town.desks()
    night.moment = NOW.replace(hour=23)
    skilled = now | {"skills": {"officer": [RARE]}, "at_time": night.moment.isoformat()}
    assert "tiers" in json.loads(ask(night, "recommend", skilled))


def test_a_name_is_unknown_whoever_has_it(town):
    """A volunteer on duty, off duty, an officer off duty and nobody: one answer to all of them."""
    names = ["V001", "V010", "A100", "O120", "X", "123"]
    now = {"at": MIDDLE, "at_time": NOW.isoformat(), "why_not": names}
    said = json.loads(ask(town.desks(), "recommend", now))["why_not"]
    assert len({json.dumps(one | {"asked": ""}) for one in said}) == 1
    answers = {
        ask(
            town.desks(),
            "assign",
            {
                "incidents": [
                    {"id": "A", "at": MIDDLE, "needs": [{"tier": tier} for tier in PROFILE.tiers]}
                ],
                "under_way": [{"unit": name, "incident": "A"}],
                "at_time": NOW.isoformat(),
            },
        ).replace(f'"{name}"', '"?"')
        for name in names
    }
    assert len(answers) == 1


def test_about_another_shift_nobody_is_counted_by_cell(town):
    for hours in (13, -12, 24 * 7 + 13):
        other = {"at": MIDDLE, "at_time": (NOW + timedelta(hours=hours)).isoformat()}
        part = told(ask(town.desks(), "nearest", other))
        assert part["cells"] == []
        assert part["chance"] is part["counted_at"] is part["pool"]["available"] is None
        assert part["pool"]["on_duty"] == 10


def test_counts_stand_for_a_while_so_that_nobody_is_seen_to_cross(town):
    desks = town.desks()
    hold = timedelta(seconds=PROFILE.dispatch.coarse_counts_hold_s)

    def now_told(moment):
        desks.moment = moment
        return told(ask(desks, "nearest", {"at": MIDDLE, "at_time": moment.isoformat()}))

    first = now_told(NOW)
    town.move(np.tile(MIDDLE, (len(town.volunteers), 1)))  # everybody into one cell
    for seconds in (0, 1, 300):
        assert now_told(NOW + timedelta(seconds=seconds)) == first
    later = now_told(NOW + hold)
    assert later["cells"] != first["cells"]
    assert later["counted_at"] == (NOW + hold).isoformat(timespec="seconds")
    # nor does a clock that is set back count anew
    town.move(town.volunteers)
    assert now_told(NOW)["counted_at"] == later["counted_at"]
    # with a change of shift the others are off duty: nobody of theirs is counted any more
    evening = NOW.replace(hour=NIGHT // 60)
    assert now_told(evening)["chance"]["counted"] <= 10


def test_the_answer_of_the_volunteers_has_no_room_for_people(town):
    answer = ask_nearest(
        town.desks(), NearestQuestion(area=NAME, at=MIDDLE, k=50, at_time=NOW.isoformat())
    )
    schema = type(answer).model_json_schema()["$defs"]["MaskedTierPart"]["properties"]
    for people in ("candidates", "left_out"):
        assert schema[people]["maxItems"] == 0
