"""The planner on a made-up town: what a plan must be, and what a re-plan must leave alone."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from blockdata.errors import BadLayer, BlockdataError, InputError
from blockdata.grid.planner.plan import CommunityPlan, plan_community, plan_district
from blockdata.grid.planner.problem import Community, Roads, size_of
from blockdata.grid.validate import validate_layer
from blockdata.profile import load_profile
from tests.planner_town import CODE, adopted, placed, town, with_people

RULES = load_profile("baoan").grids
LIMITS = RULES.model_copy(update={"most_per_community": 5})


@pytest.fixture(scope="module")
def drawn() -> CommunityPlan:
    return plan_community(town(), RULES)


def faults(plan: CommunityPlan) -> list[str]:
    found = validate_layer(
        plan.outline,
        plan.code,
        communities=[plan.given.outline],
        community_names=[plan.given.code],
        outline=plan.given.outline,
    )
    return [f"{fault.kind} {fault.polygons}" for fault in found]


def pieces(plan: CommunityPlan) -> list[int]:
    return [len(shapely.get_parts(shape)) for shape in plan.outline]


def moved(plan: CommunityPlan) -> int:
    return int((plan.was != plan.now).sum())


def test_grids_tile_the_community_each_in_one_piece(drawn):
    assert faults(drawn) == []
    assert set(pieces(drawn)) == {1}
    reach = drawn.given.outline.buffer(1e-8)
    assert shapely.covered_by(drawn.outline, reach).all()


def test_every_building_stands_in_its_grid(drawn):
    at = shapely.points(drawn.given.buildings.lon, drawn.given.buildings.lat)
    assert shapely.intersects(drawn.outline[drawn.grid_of_building], at).all()


def test_number_and_load_of_grids(drawn):
    load = drawn.given.buildings.load(RULES)
    assert len(drawn.code) == round(load.sum())
    assert drawn.standard == pytest.approx(load.sum() / len(drawn.code))
    assert np.bincount(drawn.grid_of_building, weights=load) == pytest.approx(drawn.load)
    assert drawn.within(RULES).mean() >= 0.95


def test_load_is_the_larger_of_units_and_people(drawn):
    at = drawn.given.buildings
    crowded = replace(at, units=np.full(len(at), 50), residents=np.full(len(at), 80))
    assert crowded.load(RULES) == pytest.approx(np.full(len(at), 0.1))
    assert replace(crowded, residents=np.full(len(at), 200)).load(RULES) == pytest.approx(0.2)


def test_codes_are_the_communitys_and_two_digits(drawn):
    assert drawn.code.tolist() == [f"{CODE}{k + 1:02d}" for k in range(len(drawn.code))]


def test_borders_run_along_roads(drawn):
    assert drawn.on_road_m / drawn.border_m > 0.8
    roads = shapely.union_all(drawn.given.roads.path).buffer(2e-7)
    borders = shapely.difference(
        shapely.union_all(shapely.boundary(drawn.outline)),
        drawn.given.outline.boundary.buffer(2e-7),
    )
    share = shapely.intersection(borders, roads).length / borders.length
    assert share == pytest.approx(drawn.on_road_m / drawn.border_m, abs=0.03)


def test_same_seed_same_plan_another_seed_another(drawn):
    again, other = plan_community(town(), RULES), plan_community(town(), RULES, seed=2)
    assert shapely.equals_exact(again.outline, drawn.outline).all()
    assert (again.grid_of_building == drawn.grid_of_building).all()
    assert (other.grid_of_building != drawn.grid_of_building).any()


def test_nothing_changed_changes_nothing(drawn):
    again = plan_community(adopted(drawn), RULES)
    assert moved(again) == 0
    assert not again.touched.any()
    assert (again.code == drawn.code).all()
    assert shapely.equals_exact(again.outline, drawn.outline).all()


def test_a_small_change_moves_few_buildings(drawn):
    residents = drawn.given.buildings.residents.copy()
    busy = np.flatnonzero(drawn.grid_of_building == 3)[:10]
    residents[busy] += 40  # one grid grows by 400 people
    again = plan_community(with_people(adopted(drawn), residents), RULES)
    assert again.within(RULES).all()
    assert 0 < moved(again) <= 30
    assert len(again.code) == len(drawn.code)
    assert faults(again) == []
    assert set(pieces(again)) == {1}
    kept = ~again.touched
    assert kept.sum() >= len(kept) // 2
    assert shapely.equals_exact(again.outline[kept], drawn.outline[kept]).all()


def test_growth_adds_grids_and_keeps_codes(drawn):
    more = with_people(adopted(drawn), drawn.given.buildings.residents * 3 // 2)
    again = plan_community(more, RULES)
    assert len(again.code) == round(more.buildings.load(RULES).sum()) > len(drawn.code)
    assert set(drawn.code) < set(again.code)
    assert again.within(RULES).mean() >= 0.9
    assert moved(again) < len(more.buildings) / 2
    assert faults(again) == []
    assert set(pieces(again)) == {1}


def test_decline_dissolves_grids(drawn):
    less = with_people(adopted(drawn), drawn.given.buildings.residents // 2)
    again = plan_community(less, RULES)
    assert len(again.code) < len(drawn.code)
    assert set(again.code) < set(drawn.code)
    assert faults(again) == []
    assert set(pieces(again)) == {1}


def test_a_number_of_grids_near_enough_is_kept(drawn):
    a_little_more = with_people(adopted(drawn), drawn.given.buildings.residents * 11 // 10)
    assert len(plan_community(a_little_more, RULES).code) == len(drawn.code)


def test_drawn_anew_keeps_the_codes_that_fit(drawn):
    shifted = plan_community(adopted(drawn), RULES, seed=7, fresh=True)
    assert set(shifted.code) == set(drawn.code)
    unmatched = np.random.default_rng(0).permutation(drawn.code)[shifted.grid_of_building]
    assert moved(shifted) < (shifted.was != unmatched).sum()


def test_an_oversized_building_stands_apart():
    given = town()
    residents = given.buildings.residents.copy()
    residents[17] = 4000
    plan = plan_community(with_people(given, residents), RULES)
    assert plan.oversized.sum() == 1
    assert plan.oversized[plan.grid_of_building[17]]
    assert plan.within(RULES)[~plan.oversized].all()
    assert plan.standard == pytest.approx((plan.load.sum() - 4) / (len(plan.code) - 1))
    assert moved(plan_community(adopted(plan), RULES)) == 0


def test_only_oversized_buildings():
    each = np.array([3.0, 2.0])
    assert size_of(each, RULES).count == 2
    assert size_of(np.array([3.0, 0.1]), RULES).count == 1


def test_at_most_so_many_grids():
    plan = plan_community(town(), LIMITS)
    assert len(plan.code) == 5
    assert plan.within(LIMITS).all()


def test_no_buildings_make_one_grid():
    plan = plan_community(town(0), RULES)
    assert len(plan.code) == 1
    assert faults(plan) == []


def test_no_roads_are_planned_all_the_same():
    given = town(200, people=60)
    plan = plan_community(
        replace(given, roads=Roads(np.empty(0, dtype=object), np.empty(0, dtype=np.str_))), RULES
    )
    assert plan.on_road_m == 0
    assert plan.within(RULES).mean() >= 0.9
    assert faults(plan) == []


def test_a_lake_and_an_island():
    square, lake = shapely.box(0, 0, 900, 1200), shapely.box(300, 300, 600, 700)
    shape = shapely.union(shapely.difference(square, lake), shapely.box(1000, 0, 1200, 300))
    plan = plan_community(town(outline=shape), RULES)
    assert faults(plan) == []
    assert sum(pieces(plan)) <= len(plan.code) + 1  # only the island may hang on a grid elsewhere
    assert plan.within(RULES).mean() >= 0.9


def test_buildings_on_one_spot_cannot_be_parted():
    given = town(40, people=400)
    at = replace(
        given.buildings, lon=given.buildings.lon * 0 + 113.865, lat=given.buildings.lat * 0 + 22.675
    )
    plan = plan_community(replace(given, buildings=at), RULES)
    assert faults(plan) == []
    assert len(set(plan.grid_of_building)) == 1


def test_a_current_grid_in_two_pieces_is_mended(drawn):
    given = adopted(drawn)
    codes = given.current.code.copy()
    outline = given.current.outline.copy()
    far = int(np.argmax(shapely.distance(outline, outline[0])))
    other = np.setdiff1d(np.arange(len(codes)), [0, far])
    torn = np.append(outline[other], shapely.union(outline[0], outline[far]))
    current = replace(given.current, code=codes[: len(torn)], outline=torn)
    again = plan_community(replace(given, current=current), RULES)
    assert set(pieces(again)) == {1}
    assert faults(again) == []


def test_the_plan_of_a_district_goes_through_all():
    ticks = []
    plans = plan_district(
        [town(60), replace(town(80), code="440306002015")], RULES, advance=ticks.append
    )
    assert [plan.given.code for plan in plans] == ["440306002014", "440306002015"]
    assert ticks == [1, 1]


def bad(part: str, **change: object) -> Community:
    given = town(20)
    if part == "buildings":
        return replace(given, buildings=replace(given.buildings, **change))
    return replace(given, **change)


@pytest.mark.parametrize(
    ("part", "change", "field"),
    [
        ("buildings", {"residents": np.full(20, -1)}, "residents"),
        ("buildings", {"units": np.full(19, 1)}, "units"),
        ("buildings", {"lon": np.full(20, np.nan)}, "lon"),
        ("buildings", {"lon": np.full(20, 113.9), "lat": np.full(20, 22.9)}, "lon"),
        ("self", {"outline": shapely.Polygon()}, "outline"),
        ("self", {"outline": placed(shapely.box(0, 0, 1, 1).exterior)}, "outline"),
        ("self", {"outline": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, "outline"),
        ("self", {"outline": shapely.box(5e5, 2.5e6, 5.1e5, 2.6e6)}, "outline"),
    ],
)
def test_bad_input_names_the_field_and_the_cure(part, change, field):
    with pytest.raises(BlockdataError) as caught:
        bad(part, **change)
    assert isinstance(caught.value, BadLayer if field == "outline" else InputError)
    assert caught.value.field == field
    assert caught.value.cure is not None


def test_a_negative_seed_is_refused():
    with pytest.raises(InputError, match="seed"):
        plan_community(town(20), RULES, seed=-1)
