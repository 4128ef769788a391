"""What the counts by grid are set against."""

import pytest
import shapely

from blockdata.grid.counts.report import areas_m2


def test_areas_are_those_of_the_ground():
    box = shapely.box(113.9, 22.6, 113.91, 22.61)
    assert areas_m2([box, None])[0] == pytest.approx(1028 * 1107.5, rel=2e-3)
