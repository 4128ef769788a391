"""The planner on the real buildings and roads of Monaco and the communes around it."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from blockdata.errors import BadFile, InputError
from blockdata.grid.planner.osm import read_osm
from blockdata.grid.planner.plan import CommunityPlan, plan_district
from blockdata.grid.validate import validate_layer
from blockdata.profile import load_profile
from tests.planner_town import adopted

RULES = load_profile("baoan").grids


@pytest.fixture(scope="module")
def plans(real_data: Path) -> list[CommunityPlan]:
    extract = real_data / "roads" / "monaco_osrm.osm.pbf"
    wards, communes = read_osm(extract), read_osm(extract, admin_level="8")
    outside = [c for c in communes if c.name.en != "Monaco"]
    return plan_district([*wards, *outside], RULES)


def test_wards_and_communes_are_there(plans):
    assert {"Monte-Carlo", "Larvotto", "Beausoleil"} <= {plan.given.name.en for plan in plans}
    assert sum(len(plan.given.buildings) for plan in plans) > 5000


def test_every_ward_is_tiled(plans):
    for plan in plans:
        found = validate_layer(plan.outline, plan.code, outline=plan.given.outline)
        assert [fault.kind for fault in found] == []


def test_every_grid_is_in_one_piece(plans):
    for plan in plans:
        pieces = sum(len(shapely.get_parts(shape)) for shape in plan.outline)
        islands = len(shapely.get_parts(plan.given.outline)) - 1
        assert pieces <= len(plan.code) + islands


def test_loads_are_even(plans):
    within = np.concatenate([plan.within(RULES)[~plan.oversized] for plan in plans])
    assert len(within) > 200
    assert within.mean() >= 0.95


def test_borders_follow_streets(plans):
    share = sum(p.on_road_m for p in plans) / sum(p.border_m for p in plans)
    assert share > 0.7


def test_a_second_plan_hardly_moves_anything(plans):
    again = plan_district([adopted(plan) for plan in plans], RULES)
    moved = sum(int((plan.was != plan.now).sum()) for plan in again)
    assert moved <= 0.001 * sum(len(plan.given.buildings) for plan in again)


def test_what_is_no_extract_is_refused(real_data, tmp_path):
    (tmp_path / "no.osm.pbf").write_bytes(b"no map")
    with pytest.raises(BadFile):
        read_osm(tmp_path / "no.osm.pbf")
    with pytest.raises(InputError, match="admin level 5"):
        read_osm(real_data / "roads" / "monaco_osrm.osm.pbf", admin_level="5")
