"""Grids tile their community without gap or overlap, in one piece each, about equally loaded."""

import numpy as np
import pytest
import shapely

from ingest.synthetic.grids import draw_grids

LEFT, LOW, STEP = 113.85, 22.60, 0.0005


def community(holes=()):
    shell = [
        (LEFT, LOW),
        (LEFT + 0.011, LOW + 0.001),
        (LEFT + 0.010, LOW + 0.009),
        (LEFT, LOW + 0.01),
    ]
    return shapely.MultiPolygon([shapely.Polygon(shell, holes)])


def roads(outline, rng):
    """A wobbly lattice with gaps, inside the outline."""
    lines = [
        shapely.LineString([(LEFT + i * STEP, LOW + j * STEP), (LEFT + a * STEP, LOW + b * STEP)])
        for i in range(22)
        for j in range(22)
        for a, b in ((i + 1, j), (i, j + 1))
        if rng.random() < 0.8
    ]
    lines = np.array(lines, dtype=object)
    return lines[shapely.contains_properly(outline.geoms[0], lines)]


def inside(outline, rng, count):
    low_x, low_y, high_x, high_y = outline.bounds
    lon, lat = rng.uniform(low_x, high_x, 4 * count), rng.uniform(low_y, high_y, 4 * count)
    keep = shapely.contains_xy(outline, lon, lat)
    return lon[keep][:count], lat[keep][:count]


def check_tiling(outline, grids):
    area = shapely.area(grids.outlines)
    assert shapely.is_valid(grids.outlines).all()
    assert area.sum() == pytest.approx(outline.area, rel=1e-12)
    assert shapely.coverage_is_valid(grids.outlines)
    assert (
        shapely.union_all(grids.outlines).symmetric_difference(outline).area < 1e-12 * outline.area
    )


@pytest.mark.parametrize(("seed", "count"), [(0, 1), (1, 2), (2, 17), (3, 60), (4, 99)])
def test_grids_tile_their_community(seed, count):
    rng = np.random.default_rng(seed)
    outline = community()
    lon, lat = inside(outline, rng, 1500)
    load = rng.integers(1, 60, 1500).astype(float)
    grids = draw_grids(outline, roads(outline, rng), lon, lat, load, count)
    assert len(grids.outlines) == count
    check_tiling(outline, grids)
    assert (shapely.get_num_geometries(grids.outlines) == 1).all()
    points = shapely.points(lon, lat)
    assert shapely.covers(grids.outlines[grids.of_point], points).all()
    loads = np.bincount(grids.of_point, weights=load, minlength=count)
    assert loads.max() < 2 * load.sum() / count


def test_a_community_with_a_lake_and_no_road_at_all():
    lake = [(LEFT + 0.004, LOW + 0.004), (LEFT + 0.006, LOW + 0.004), (LEFT + 0.005, LOW + 0.006)]
    rng = np.random.default_rng(5)
    outline = community([lake])
    lon, lat = inside(outline, rng, 300)
    grids = draw_grids(outline, np.array([], dtype=object), lon, lat, np.ones(300), 20)
    check_tiling(outline, grids)


def test_one_oversized_building_leaves_no_grid_empty():
    rng = np.random.default_rng(6)
    outline = community()
    lon, lat = inside(outline, rng, 200)
    load = np.ones(200)
    load[7] = 5000.0
    grids = draw_grids(outline, roads(outline, rng), lon, lat, load, 30)
    assert len(grids.outlines) == 30
    check_tiling(outline, grids)
