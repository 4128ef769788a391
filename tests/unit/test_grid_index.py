"""Building, asking, saving and refusing."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blockdata.errors import BadFile, BadLayer, InputError
from blockdata.grid.index import FORMAT_VERSION, GridIndex


def square(x, y, side=0.01):
    return shapely.box(
        113.8 + x * side, 22.6 + y * side, 113.8 + (x + 1) * side, 22.6 + (y + 1) * side
    )


@pytest.fixture(scope="module")
def quarters():
    return [square(0, 0), square(1, 0), square(0, 1), square(1, 1)]


@pytest.fixture(scope="module")
def index(quarters):
    return GridIndex.build(quarters, ["a", "b", "c", "d"])


def test_one_point_is_an_int_and_many_keep_their_shape(index):
    assert index.locate(113.805, 22.605) == 0
    assert isinstance(index.locate(113.805, 22.605), int)
    found = index.locate(np.full((2, 3), 113.815), np.full((2, 3), 22.615))
    assert found.shape == (2, 3)
    assert found.dtype == np.int32
    assert (found == 3).all()


def test_the_edge_rule_is_the_lowest_position(quarters):
    west, south, east, north = shapely.bounds(quarters[0])
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        index = GridIndex.build([quarters[k] for k in order])
        assert index.locate(east, north) == 0
        assert index.locate(east, north - 0.005) == min(order.index(0), order.index(1))
    assert index.locate(west, south) == order.index(0)  # a corner of the whole layer is inside


def test_outside_is_named_as_outside(index):
    lon = [0.0, 113.7, 113.9, 113.805, np.nan, 113.805, np.inf, -np.inf, 1e300]
    lat = [0.0, 22.605, 22.605, 22.7, 22.605, np.nan, 22.605, 22.605, -1e300]
    assert (index.locate(lon, lat) == -1).all()
    assert index.key_of(-1) is None
    assert index.key_of(2) == "c"


def test_holes_and_parts():
    ring = shapely.Polygon(
        shapely.box(0, 0, 10, 10).exterior.coords,
        [shapely.box(2, 2, 8, 8).exterior.coords],
    )
    index = GridIndex.build([shapely.MultiPolygon([ring, shapely.box(4, 4, 5, 5)])])
    assert index.locate([1, 3, 4.5, 2, 5], [1, 3, 4.5, 5, 4.5]).tolist() == [0, -1, 0, 0, 0]


def test_threads_give_the_same_answers(index):
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(113.79, 113.83, 300_000), rng.uniform(22.59, 22.63, 300_000)
    assert (index.locate(lon, lat) == index.locate(lon, lat, threads=2)).all()


def test_saved_and_mapped_answers_the_same(index, tmp_path):
    folder = index.save(tmp_path / "grids")
    index.save(folder)  # again, over the first
    loaded = GridIndex.load(folder)
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(113.79, 113.83, 1000), rng.uniform(22.59, 22.63, 1000)
    assert (loaded.locate(lon, lat) == index.locate(lon, lat)).all()
    assert loaded.keys == index.keys
    assert loaded.content_hash == index.content_hash
    assert [p.name for p in tmp_path.iterdir()] == ["grids"]


def test_the_hash_follows_the_content(quarters, index):
    assert GridIndex.build(quarters, list("abcd")).content_hash == index.content_hash
    assert GridIndex.build(quarters, list("abce")).content_hash != index.content_hash
    moved = [*quarters[:3], square(1, 1, 0.010001)]
    assert GridIndex.build(moved, list("abcd")).content_hash != index.content_hash


def test_another_version_or_half_a_file_is_refused(index, tmp_path):
    folder = index.save(tmp_path / "grids")
    head = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps(head | {"format": FORMAT_VERSION + 1}))
    with pytest.raises(BadFile, match="format"):
        GridIndex.load(folder)
    (folder / "index.json").write_text(json.dumps(head))
    table = folder / "table.npy"
    table.write_bytes(table.read_bytes()[:-100])
    with pytest.raises(BadFile, match="incomplete"):
        GridIndex.load(folder)
    with pytest.raises(BadFile, match="not a grid index"):
        GridIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ([], "empty"),
        ([shapely.Point(1, 1)], "not a polygon"),
        ([square(0, 0), shapely.Polygon()], "1 is empty"),
        ([square(0, 0), shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], "1 has a broken"),
        ([shapely.box(500_000, 2_500_000, 500_100, 2_500_100)], "degrees"),
    ],
)
def test_broken_layers_name_the_polygon(layer, words):
    with pytest.raises(BadLayer, match=words) as caught:
        GridIndex.build(layer)
    assert caught.value.cure is not None


def test_foreign_crs_and_repeated_keys_are_refused(quarters):
    with pytest.raises(BadLayer, match="longitude and latitude"):
        GridIndex.build(gpd.GeoSeries(quarters, crs=4547))
    with pytest.raises(BadLayer, match="twice: x"):
        GridIndex.build(quarters, ["x", "y", "x", "z"])
    with pytest.raises(BadLayer, match="keys"):
        GridIndex.build(quarters, ["x"])


def test_uneven_arrays_are_refused(index):
    with pytest.raises(InputError):
        index.locate([113.8, 113.9], [22.6])


def test_keys_come_from_the_series(quarters):
    series = gpd.GeoSeries(quarters, index=["p", "q", "r", "s"], crs=4326)
    assert GridIndex.build(series).keys == ("p", "q", "r", "s")


def test_real_streets(real_data):
    layer = gpd.read_file(real_data / "boundaries" / "baoan_10_streets_wgs84_derived.geojson")
    index = GridIndex.build(layer.geometry, layer["name"])
    rng = np.random.default_rng(3)
    west, south, east, north = layer.total_bounds
    lon, lat = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
    corners = shapely.get_coordinates(layer.geometry.values).T
    lon, lat = np.concatenate([lon, corners[0]]), np.concatenate([lat, corners[1]])
    points = shapely.points(lon, lat)
    expected = np.full(len(lon), -1)
    for position in range(len(layer) - 1, -1, -1):
        expected[shapely.covers(layer.geometry.values[position], points)] = position
    assert (index.locate(lon, lat) == expected).all()
    assert len(set(expected)) == 11
