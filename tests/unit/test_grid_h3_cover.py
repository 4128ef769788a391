"""Both faces of the grids agree: the H3 cover and the exact index."""

import numpy as np
import pytest
import shapely
from scipy.spatial import Voronoi

from blockdata.errors import InputError
from blockdata.grid.h3_cover import H3Cover, cells_of
from blockdata.grid.index import GridIndex


@pytest.fixture(scope="module")
def layer():
    """Some 40 Voronoi cells, about 300 m each; one with a hole, one in two parts."""
    rng = np.random.default_rng(4)
    diagram = Voronoi(rng.random((80, 2)))
    cells = [
        shapely.Polygon(diagram.vertices[region])
        for region in diagram.regions
        if region and -1 not in region and np.abs(diagram.vertices[region] - 0.5).max() < 0.5
    ]
    cells[0] = cells[0] - cells[0].centroid.buffer(0.02)
    cells[1:3] = [cells[1] | (cells[2] if not cells[1].touches(cells[2]) else cells[3])]
    return [shapely.transform(c, lambda xy: xy * 0.024 + [113.88, 22.6]) for c in cells if c.area]


@pytest.mark.parametrize("resolution", [9, 10, 11, 12])
def test_both_faces_agree(layer, resolution):
    layer = [c for k, c in enumerate(layer) if not any(c.overlaps(b) for b in layer[:k])]
    index, cover = GridIndex.build(layer), H3Cover.build(layer, resolution)
    lookup = cover.lookup()
    rng = np.random.default_rng(resolution)
    corner = shapely.get_coordinates(layer)
    lon = np.concatenate([rng.uniform(113.875, 113.91, 4000), corner[:, 0]])
    lat = np.concatenate([rng.uniform(22.595, 22.63, 4000), corner[:, 1]])
    settled = 0
    for cell, position in zip(
        cells_of(lon, lat, resolution).tolist(), index.locate(lon, lat).tolist(), strict=True
    ):
        inside = lookup.interior_of(cell)
        if inside >= 0:
            settled += 1
            assert inside == position
        if position >= 0:
            assert position in lookup.candidates(cell)
    assert resolution < 11 or settled > 300


def test_the_cover_is_compact_and_published_as_rows(layer):
    import h3.api.numpy_int as h3

    cover = H3Cover.build(layer[:5], 12, keys=list("abcde"))
    coarse = {h3.get_resolution(c) for cells in cover.interior for c in cells}
    assert min(coarse) < 12
    assert {h3.get_resolution(c) for cells in cover.edge for c in cells} == {12}
    table = cover.table()
    assert set(table["grid"]) == set("abcde")
    assert set(table["kind"]) == {"interior", "edge"}
    assert table["cell"].map(h3.str_to_int).map(h3.is_valid_cell).all()
    assert not table.duplicated(["grid", "cell"]).any()


def test_points_without_a_position_have_no_cell():
    assert cells_of([113.9, np.nan], [22.6, 22.6], 9).tolist()[1] == 0


@pytest.mark.parametrize("resolution", [-1, 14])
def test_resolutions_out_of_reach_are_refused(layer, resolution):
    with pytest.raises(InputError) as caught:
        H3Cover.build(layer, resolution)
    assert caught.value.field == "resolution"
