"""Counts kept by changes are the counts made anew, and sums tally at every level."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.errors import Conflict, InputError
from blockdata.grid.aggregate import GridCounts, areas_m2, counts_by_cell

GRIDS = 6
position = st.integers(-1, GRIDS - 1)
nights = st.lists(
    st.lists(st.tuples(st.integers(0, 29), st.none() | position), max_size=12), max_size=6
)


@settings(deadline=None)
@given(st.lists(position, min_size=30, max_size=30), nights)
def test_nights_of_changes_equal_a_fresh_count(start, changes):
    where = dict(enumerate(start))
    kept = GridCounts.of(list(where.values()), GRIDS)
    for night in changes:
        before = dict(where)
        for person, at in night:  # None: the record ended
            where.pop(person, None)
            if at is not None:
                where[person] = at
        moved = {p for p in before | where if before.get(p) != where.get(p)}
        left = [before[p] for p in moved if p in before]
        entered = [where[p] for p in moved if p in where]
        kept = kept.changed(left, entered)
        fresh = GridCounts.of(list(where.values()), GRIDS)
        assert (kept.by_grid == fresh.by_grid).all()
        assert kept.outside == fresh.outside
        assert kept.total == len(where)


@settings(deadline=None)
@given(st.lists(position), st.lists(st.sampled_from("甲乙丙"), min_size=GRIDS, max_size=GRIDS))
def test_parents_sum_to_the_whole(positions, parents):
    counts = GridCounts.of(positions, GRIDS)
    assert counts.rolled_up(parents).sum() + counts.outside == len(positions)


def test_changes_of_another_state_are_refused():
    with pytest.raises(Conflict):
        GridCounts.of([0, 0, 1], GRIDS).changed([2], [0])
    with pytest.raises(InputError):
        GridCounts.of([GRIDS], GRIDS)
    with pytest.raises(InputError):
        GridCounts.of([0], GRIDS).rolled_up(["甲"])


def test_density_and_area():
    box = shapely.box(113.9, 22.6, 113.91, 22.61)
    area = areas_m2([box])
    assert area[0] == pytest.approx(1028 * 1107.5, rel=2e-3)
    assert GridCounts.of([0] * 114, 1).density_per_km2(area)[0] == pytest.approx(100, rel=2e-2)


def test_cells_are_counted_and_no_cell_is_left_out():
    counted = counts_by_cell(np.array([7, 0, 9, 7], dtype=np.uint64))
    assert counted.to_dict() == {7: 2, 9: 1}
