"""A fault put into a good layer is found, named, measured and has a cure."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blockdata.crs import from_wgs84, to_wgs84
from blockdata.errors import BadLayer
from blockdata.grid.validate import KnownPoints, Tolerances, refuse, validate_layer

SIDE = 0.003  # about 300 m
KEYS = [f"g{k}" for k in range(16)]


def square(k, side=SIDE):
    x, y = 113.85 + (k % 4) * SIDE, 22.65 + (k // 4) * SIDE
    return shapely.box(x, y, x + side, y + side)


def layer():
    """Four by four grids; corners snapped so that neighbours share them exactly."""
    return [shapely.set_precision(square(k), 1e-7) for k in range(16)]


def kinds(found):
    return [f.kind for f in found]


def only(found, kind):
    assert kinds(found) == [kind], found
    assert found[0].cure.zh
    assert found[0].cure.en
    assert found[0].as_dict()["detail_zh"]
    return found[0]


def test_a_good_layer_has_no_findings():
    series = gpd.GeoSeries(layer(), index=KEYS, crs=4326)
    assert validate_layer(series) == []
    refuse([])


def test_empty_layer_and_empty_polygon():
    only(validate_layer([]), "empty-layer")
    broken = layer()
    broken[5] = shapely.Polygon()
    found = validate_layer(broken, KEYS)
    assert kinds(found) == ["empty", "gap"]
    assert found[0].polygons == ("g5",)
    assert "g5" in found[0].detail.zh


def test_lines_are_not_grids():
    broken = [*layer(), shapely.LineString([(113.85, 22.6), (113.86, 22.6)])]
    assert only(validate_layer(broken, [*KEYS, "road"]), "not-polygon").polygons == ("road",)


def test_metres_and_foreign_systems():
    metric = gpd.GeoSeries(layer(), index=KEYS, crs=4326).to_crs(4547)
    only(validate_layer(metric), "wrong-crs")
    only(validate_layer(metric.set_crs(None, allow_override=True)), "wrong-crs")
    old = gpd.GeoSeries(layer(), crs="EPSG:4214")  # Beijing 1954 in degrees: some 50 m away
    only(validate_layer(old), "wrong-crs")


def test_latitude_first():
    swapped = [shapely.transform(s, lambda xy: xy[:, ::-1]) for s in layer()]
    only(validate_layer(swapped, KEYS), "swapped-axes")


def test_repeated_key():
    finding = only(validate_layer(layer(), ["g0", *KEYS[:15]]), "duplicate-key")
    assert finding.polygons == ("g0",)
    assert finding.measures["count"] == 2


def test_self_intersection_is_named_with_its_place():
    x, y = 113.85, 22.65
    bow = shapely.Polygon([(x, y), (x + SIDE, y + SIDE), (x + SIDE, y), (x, y + SIDE)])
    found = validate_layer([bow, *layer()[1:]], KEYS)
    assert found[0].kind == "self-intersection"
    assert found[0].polygons == ("g0",)
    assert "113.85" in found[0].measures["reason"]


def test_overlap_names_both_and_its_area():
    broken = layer()
    broken[5] = shapely.box(*(np.array(broken[5].bounds) + np.array([-1e-5, 0, 0, 0])))
    finding = only(validate_layer(broken, KEYS), "overlap")
    assert set(finding.polygons) == {"g4", "g5"}
    assert finding.measures["area_m2"] == pytest.approx(1.03 * 332, rel=0.02)
    assert finding.measures["lon"] == pytest.approx(113.853 - 5e-6, abs=1e-6)


def test_gap_names_its_neighbours():
    broken = layer()
    broken[5] = shapely.box(*(np.array(broken[5].bounds) + np.array([2e-5, 0, 0, 0])))
    finding = only(validate_layer(broken, KEYS), "gap")
    assert {"g4", "g5"} <= set(finding.polygons)
    assert finding.measures["width_m"] == pytest.approx(2.05, rel=0.05)
    assert validate_layer(broken, KEYS, tolerances=Tolerances(gap_m2=1000)) == []


def test_a_missing_grid_at_the_border_shows_against_the_outline():
    outline = shapely.union_all(layer())
    assert validate_layer(layer()[1:], KEYS[1:]) == []
    finding = only(validate_layer(layer()[1:], KEYS[1:], outline=outline), "gap")
    assert finding.measures["area_m2"] == pytest.approx(308 * 332, rel=0.02)


def test_sliver():
    thin = shapely.box(113.85, 22.649, 113.86, 22.649 + 1e-5)
    finding = only(validate_layer([*layer(), thin], [*KEYS, "thin"]), "sliver")
    assert finding.polygons == ("thin",)
    assert finding.measures["width_m"] == pytest.approx(1.1, rel=0.05)


def test_a_grid_in_two_communities():
    west = shapely.box(113.8, 22.6, 113.8575, 22.7)  # cuts the third column in half
    east = shapely.box(113.8575, 22.6, 113.9, 22.7)
    found = validate_layer(layer(), KEYS, communities=[west, east], community_names=["西", "东"])
    assert kinds(found) == ["crosses-community"] * 4
    assert found[0].polygons == ("g2",)
    assert set(found[0].measures["area_m2_by_community"]) == {"西", "东"}


def known_points():
    rng = np.random.default_rng(1)
    own = np.repeat(np.arange(16), 6)
    corner = np.array([square(k).bounds[:2] for k in own]) + rng.random((96, 2)) * SIDE
    return KnownPoints.of(*corner.T, [KEYS[k] for k in own])


def shifted(change, datum):
    return [shapely.transform(s, lambda xy: np.column_stack(change(*xy.T, datum))) for s in layer()]


def test_sound_layer_passes_the_known_points():
    assert validate_layer(layer(), KEYS, known=known_points()) == []


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_shifted_layer_is_recognised(datum):
    finding = only(
        validate_layer(shifted(from_wgs84, datum), KEYS, known=known_points()), "wrong-datum"
    )
    assert finding.measures["datum"] == datum
    assert finding.measures["in_place_after"] > 0.95
    assert finding.measures["measured_east_m"] == pytest.approx(
        finding.measures["expected_east_m"], abs=60
    )
    assert finding.measures["measured_north_m"] == pytest.approx(
        finding.measures["expected_north_m"], abs=60
    )
    if datum == "gcj02":
        assert finding.measures["expected_east_m"] == pytest.approx(513, abs=40)
        assert finding.measures["expected_north_m"] == pytest.approx(-324, abs=40)


def test_a_correction_done_twice_is_recognised():
    finding = only(
        validate_layer(shifted(to_wgs84, "gcj02"), KEYS, known=known_points()), "wrong-datum"
    )
    assert finding.measures["datum"] == "unshifted-gcj02"


def test_points_that_fit_nothing_accuse_no_datum():
    known = known_points()
    wrong = KnownPoints.of(known.lon, known.lat, known.polygon[::-1])
    assert validate_layer(layer(), KEYS, known=wrong) == []


def test_refusing_names_the_polygon_and_the_cure():
    found = validate_layer(layer(), ["g0", *KEYS[:15]])
    with pytest.raises(BadLayer, match="g0") as caught:
        refuse(found)
    assert caught.value.cure is not None
    assert caught.value.problem()["findings"][0]["kind"] == "duplicate-key"


def test_real_streets_are_sound_and_recognised_in_gcj02(real_data):
    folder = real_data / "boundaries"
    right = gpd.read_file(folder / "baoan_10_streets_wgs84_derived.geojson").set_index("name")
    drawn = gpd.read_file(folder / "baoan_10_streets_gcj02.geojson").set_index("name")
    rng = np.random.default_rng(2)
    west, south, east, north = right.total_bounds
    lon, lat = rng.uniform(west, east, 3000), rng.uniform(south, north, 3000)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=right.crs)
    joined = points.sjoin(right, predicate="within")
    known = KnownPoints.of(joined.geometry.x, joined.geometry.y, joined["name"])
    assert "wrong-datum" not in kinds(validate_layer(right.geometry, known=known))
    assert not {"wrong-crs", "swapped-axes"} & set(kinds(validate_layer(right.geometry)))
    drawn = drawn.loc[[name for name in drawn.index if name in right.index]]
    in_place = validate_layer(drawn.geometry, known=known)
    # streets are kilometres wide: 600 m leave most points in place, so the grids themselves are
    # what shows a shift; here it must at least not be taken for another datum
    assert all(f.measures["datum"] == "gcj02" for f in in_place if f.kind == "wrong-datum")
