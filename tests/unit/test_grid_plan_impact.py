"""The impact report: its sums, its small counts, and the file it travels in."""

import json
from dataclasses import replace

import numpy as np
import pytest

from blockdata.errors import BadFile, Conflict
from blockdata.grid.planner.codes import fill_codes
from blockdata.grid.planner.impact import Standing, impact_of, told
from blockdata.grid.planner.plan import CommunityPlan, plan_community
from blockdata.grid.planner.plan_file import plan_document, read_plan, write_json
from blockdata.profile import load_profile
from tests.planner_town import CODE, adopted, town, with_people

RULES = load_profile("baoan").grids


@pytest.fixture(scope="module")
def replanned() -> CommunityPlan:
    drawn = plan_community(town(), RULES)
    residents = drawn.given.buildings.residents.copy()
    residents[drawn.grid_of_building == 3] *= 2
    return plan_community(with_people(adopted(drawn), residents), RULES)


def test_moves_add_up(replanned):
    impact = impact_of([replanned], RULES)
    moved = int((replanned.was != replanned.now).sum())
    assert moved > 0
    assert impact["totals"]["buildings_moved"] == moved
    assert sum(move["buildings"] for move in impact["moves"]) == moved
    assert sum(grid["buildings_in"] for grid in impact["grids"]) == moved
    assert sum(grid["buildings_out"] for grid in impact["grids"]) == moved
    assert impact["communities"][0]["buildings_moved"] == moved


def test_no_small_count_is_told(replanned):
    impact = impact_of([replanned], RULES)
    for row in [impact["totals"], *impact["moves"], *impact["grids"]]:
        for name in ("people", "units", "people_moved", "rental_units_moved"):
            count = row.get(name, 0)
            assert count == "<10" or count % 10 == 0


@pytest.mark.parametrize(("count", "words"), [(0, 0), (1, "<10"), (9, "<10"), (14, 10), (15, 20)])
def test_told(count, words):
    assert told(count) == words


def test_officers_and_places_are_told_by_name(replanned):
    at = replanned.given.buildings
    moved = np.flatnonzero(replanned.was != replanned.now)[0]
    still = np.flatnonzero(replanned.was == replanned.now)[0]
    place = (float(at.lon[moved]), float(at.lat[moved]))
    standing = [
        Standing("officer", "P-1", *place),
        Standing("officer", "P-2", float(at.lon[still]), float(at.lat[still])),
        Standing("post", "岗亭", *place),
        Standing("officer", "P-3", 0.0, 0.0),
    ]
    impact = impact_of([replanned], RULES, standing)
    change = {"from": str(replanned.was[moved]), "to": str(replanned.now[moved])}
    assert impact["officers"] == [{"kind": "officer", "name": "P-1", **change}]
    assert impact["places"] == [{"kind": "post", "name": "岗亭", **change}]


def test_a_first_plan_has_new_codes_only():
    plan = plan_community(town(), RULES)
    impact = impact_of([plan], RULES)
    assert {grid["change"] for grid in impact["grids"]} == {"new"}
    assert impact["totals"]["within_tolerance_before"] is None
    assert impact["moves"] == []
    assert impact["totals"]["buildings_moved"] == 0


def test_retired_codes_are_told():
    drawn = plan_community(town(), RULES)
    less = with_people(adopted(drawn), drawn.given.buildings.residents // 2)
    impact = impact_of([plan_community(less, RULES)], RULES)
    retired = [grid["code"] for grid in impact["grids"] if grid["change"] == "retired"]
    assert len(retired) == impact["totals"]["codes_retired"] > 0
    assert set(retired) < set(drawn.code)


def test_a_plan_travels_as_a_file(replanned, tmp_path):
    about = {"area": "demo", "title_zh": "区", "title_en": "area", "synthetic": True}
    document = plan_document([replanned], impact_of([replanned], RULES), **about)
    write_json(tmp_path / "plan.json", document)
    back = read_plan(tmp_path / "plan.json")
    assert back == json.loads(json.dumps(document))
    assert len(back["before"]["features"]) == len(replanned.given.current)
    assert {f["properties"]["code"] for f in back["after"]["features"]} == set(replanned.code)


@pytest.mark.parametrize("content", [None, "{", "{}", "[]"])
def test_a_file_that_is_no_plan_is_refused(tmp_path, content):
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=r"plan of grids|no JSON|no such file"):
        read_plan(file)


def test_codes_run_out_at_99():
    codes = fill_codes(CODE, [""] * 99, np.empty(0, dtype=np.str_))
    assert codes[0] == f"{CODE}01"
    assert codes[-1] == f"{CODE}99"
    with pytest.raises(Conflict, match="99"):
        fill_codes(CODE, [""] * 100, np.empty(0, dtype=np.str_))


def test_a_number_given_up_is_given_again_last():
    held = np.array([f"{CODE}{k:02d}" for k in range(1, 99)])
    codes = fill_codes(CODE, [*held[1:].tolist(), "", ""], held)
    assert codes[-2:].tolist() == [f"{CODE}99", f"{CODE}01"]


def test_a_community_where_nobody_lives():
    plan = plan_community(town(5, people=0), RULES)
    impact = impact_of([replace(plan)], RULES)
    assert impact["grids"][0]["people"] == 0
