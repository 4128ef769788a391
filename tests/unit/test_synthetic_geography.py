"""The ground of the synthetic district: tiling, names, scale, repeatability."""

from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blockdata.errors import InputError, NotFound
from blockdata.profile import load_profile
from ingest.synthetic.geography.build import build_geography
from ingest.synthetic.geography.drawing import load_drawing
from ingest.synthetic.geography.model import EBIKE, FOOT, PATROL, Character
from ingest.synthetic.geography.names import both, english, numeral
from ingest.synthetic.geography.tessellate import make_planar_map
from ingest.synthetic.geography.waters import water_polygons

PROFILE = load_profile("baoan")


@pytest.fixture(scope="module")
def small():
    return build_geography(PROFILE, 1, 0.03)


def assert_same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> None:
    shape = one.geometry.name
    assert (shapely.to_wkb(one[shape].array) == shapely.to_wkb(other[shape].array)).all()
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns=shape)), pd.DataFrame(other.drop(columns=shape))
    )


def test_the_same_seed_gives_the_same_bits(small):
    again = build_geography(PROFILE, 1, 0.03)
    assert (small.node_lon == again.node_lon).all()
    assert (small.node_lat == again.node_lat).all()
    for frame in ("streets", "communities", "water", "segments"):
        assert_same(getattr(small, frame), getattr(again, frame))
    pd.testing.assert_frame_equal(small.turn_restrictions, again.turn_restrictions)


def test_another_seed_gives_another_district(small):
    other = build_geography(PROFILE, 2, 0.03)
    assert len(other.node_lon) != len(small.node_lon)


def test_the_landmark_road_runs_in_its_community_at_any_scale():
    least = build_geography(PROFILE, 1, 0.0)
    assert len(least.communities) == 1
    home = least.communities.iloc[least.landmark_community]
    assert home["name_zh"] == PROFILE.landmark.community_zh
    assert home["name_en"] == "Gushu"
    assert least.streets["name_zh"].tolist() == [PROFILE.landmark.street_zh]
    road = least.segments[least.segments["name_zh"] == PROFILE.landmark.road_zh]
    assert (road["community"] == least.landmark_community).all()
    assert road["length_m"].sum() >= 1500


def test_built_communities_are_joined_and_fit_the_scale(small):
    assert small.communities["people_share"].sum() <= 0.03
    assert len(small.communities) > 1
    outlines = small.communities["outline"].to_numpy()
    assert shapely.get_num_geometries(shapely.union_all(outlines)) == 1
    assert set(small.communities["character"]) <= set(get_args(Character))


def test_a_larger_scale_keeps_the_communities_of_a_smaller_one(small):
    larger = build_geography(PROFILE, 1, 0.08)
    both_built = larger.communities.merge(
        small.communities, on="code", suffixes=("", "_small"), validate="1:1"
    )
    assert len(both_built) == len(small.communities)
    same = shapely.to_wkb(both_built["outline"].array) == shapely.to_wkb(
        both_built["outline_small"].array
    )
    assert same.all()


def test_outlines_tile_their_streets(small):
    parts = shapely.get_parts(small.communities["outline"].to_numpy())
    assert shapely.is_valid(parts).all()
    assert shapely.coverage_is_valid(parts)
    for code, of_street in small.communities.groupby("street_code"):
        street = small.streets.set_index("code").loc[code, "outline"]
        covered = shapely.union_all(of_street["outline"].to_numpy())
        assert shapely.area(shapely.symmetric_difference(street, covered)) < 1e-9 * street.area
    assert small.communities["code"].str.fullmatch(r"440306\d{6}").all()
    assert small.communities["code"].is_unique


def test_every_community_has_land():
    drawing = load_drawing(PROFILE)
    # 3 draws one without land at first, 9 a reservoir whose bank crosses itself
    for seed in (1, 3, 9):
        rng = np.random.default_rng(seed)
        plan = make_planar_map(drawing, PROFILE, water_polygons(drawing, rng), rng)
        land_m2 = np.bincount(
            plan.face_community, shapely.area(plan.faces) * ~plan.face_water, len(plan.seeds)
        )
        assert (land_m2 > 0).all()


def test_paths_begin_and_end_at_their_nodes(small):
    segments = small.segments
    paths = segments["path"].to_numpy()
    for end, column in ((0, "from_node"), (-1, "to_node")):
        tips = shapely.get_coordinates(shapely.get_point(paths, end))
        node = segments[column].to_numpy()
        assert (tips[:, 0] == small.node_lon[node]).all()
        assert (tips[:, 1] == small.node_lat[node]).all()
    used = np.union1d(segments["from_node"], segments["to_node"])
    assert (used == np.arange(len(small.node_lon))).all()


def test_segments_are_complete(small):
    segments = small.segments
    assert (segments["length_m"] > 0).all()
    known = set().union(*(mode.speeds_kph for mode in PROFILE.modes.values()))
    assert set(segments["road_class"]) <= known
    assert segments["access_modes"].between(1, FOOT | EBIKE | PATROL).all()
    assert segments["community"].between(0, len(small.communities) - 1).all()
    assert (segments["name_zh"].isna() == segments["name_en"].isna()).all()
    assert segments["oneway"].isin([0, 1]).all()
    assert {"footway", "service", "residential", "living_street", "steps"} <= set(
        segments["road_class"]
    )
    assert (segments["oneway"] == 1).any()


def test_only_bridges_cross_water():
    whole = build_geography(PROFILE, 1, 0.3)
    inland = whole.water[whole.water["kind"] != "sea"]
    deep = shapely.buffer(shapely.union_all(inland["outline"].to_numpy()), -1e-4)
    wet = shapely.intersects(whole.segments["path"].to_numpy(), deep)
    assert whole.segments.loc[wet, "bridge"].all()
    assert whole.segments["bridge"].any()


@pytest.mark.parametrize(("seed", "scale", "field"), [(1, 1.5, "scale"), (-1, 0.1, "seed")])
def test_out_of_range_is_refused(seed, scale, field):
    with pytest.raises(InputError) as caught:
        build_geography(PROFILE, seed, scale)
    assert caught.value.field == field


def test_a_profile_without_a_drawing_is_refused():
    with pytest.raises(NotFound) as caught:
        build_geography(PROFILE.model_copy(update={"name": "elsewhere"}), 1, 0.1)
    assert caught.value.field == "profile"


def test_names_are_spelt_in_pinyin():
    assert both("固戍一路").en == "Gushuyi Road"
    assert english("固戍社区") == "Gushu"
    assert english("宝安大道") == "Baoan Avenue"
    assert [numeral(n) for n in (3, 10, 12, 30, 41)] == ["三", "十", "十二", "三十", "四十一"]
