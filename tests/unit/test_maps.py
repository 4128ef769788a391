"""Numbers of the maps that need no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.reports.suppression import banded, told
from maps.tiles.layers import LAYERS, MAX_ZOOM, MIN_ZOOM, road_classes, tolerance_m


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (1, "<10"), (9, "<10"), (10, "10"), (12345, "12,345")]
)
def test_small_counts_are_not_told(count, shown):
    assert told(count) == shown


@given(st.integers(min_value=1, max_value=9))
def test_no_small_count_can_be_read_from_a_band(count):
    assert banded(count) == "1–9"


def test_bands_follow_each_other_without_a_gap():
    bands = {count: banded(count) for count in range(1, 300)}
    assert bands[9] != bands[10]
    assert bands[99] != bands[100] == bands[299] == "100+"
    assert len(set(bands.values())) == 5


def test_finer_roads_come_in_as_one_zooms_in():
    for zoom in range(MIN_ZOOM, MAX_ZOOM):
        assert set(road_classes(zoom)) <= set(road_classes(zoom + 1))
    assert "footway" not in road_classes(14)
    assert "footway" in road_classes(15)


def test_simplification_halves_with_every_zoom():
    assert tolerance_m(12) == pytest.approx(2 * tolerance_m(13))


def test_every_layer_has_its_query():
    for layer in LAYERS:
        assert f"'{layer.name}'" in layer.sql
        assert "area_id + 0 = :area_id" in layer.sql
