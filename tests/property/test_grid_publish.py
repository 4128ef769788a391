"""Whatever is published, on however many nights, suppressed counts stay wide under attack."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from blockdata.errors import Conflict
from blockdata.grid.publish.protect import FREE, SUPPRESSED, TOLD, WIDTH, protect
from blockdata.grid.publish.system import build_system


def interval(matrix, published, values, aim) -> tuple[float, float]:
    """What an attacker can say of a sum, given the published sums."""
    ends = []
    for sign in (1, -1):
        done = linprog(
            sign * matrix[aim], A_eq=matrix[published], b_eq=values[published], bounds=(0, None)
        )
        assert done.success or done.status == 3  # 3: no bound at all
        ends.append(sign * done.fun if done.success else -sign * np.inf)
    return ends[0], ends[1]


def attack(matrix, published, values, aim) -> float:
    """How wide that is."""
    low, high = interval(matrix, published, values, aim)
    return high - low


def reach(matrix, published, values, aim) -> float:
    """How far the sum can be from its true value, up or down."""
    low, high = interval(matrix, published, values, aim)
    return max(values[aim] - low, high - values[aim])


def night(cells_of, values, old, told):
    """One publication; returns all cells' status so far."""
    cells = int(cells_of.max(initial=-1)) + 1
    system = build_system(cells_of, values, cells)
    status = np.full(len(system.totals), FREE, dtype=np.int8)
    status[(system.totals >= 1) & (system.totals <= 9)] = SUPPRESSED
    for cell, was in enumerate(old):
        status[system.sum_of[cell]] = was
    done = protect(system, status)
    assert (done[status == TOLD] == TOLD).all()
    return [TOLD if s != SUPPRESSED else SUPPRESSED for s in done[system.sum_of]], cells


grid_of = st.lists(st.integers(0, 4), min_size=14, max_size=14)
counts = st.lists(st.integers(0, 14), min_size=14, max_size=14)


@settings(deadline=None, max_examples=60)
@given(grid_of, grid_of, st.lists(st.integers(0, 3), min_size=14, max_size=14),
       counts, counts, st.lists(st.booleans(), min_size=14, max_size=14))  # fmt: skip
def test_attack_over_nights_and_redrawn_grids(first, second, hexes, then, later, changes):
    first, second, hexes = map(np.array, (first, second, hexes))
    then, later = np.array(then), np.where(changes, later, then)
    # night one: cells 0–4 grids, 5–8 hexagons, 9 the whole
    one = np.column_stack([first, 5 + hexes, np.full(14, 9)])
    status, _ = night(one, then, [], None)
    # night two, grids redrawn: cells 10–14, 15–18, 19; an unchanged count is the same unknown
    two = np.column_stack([10 + second, 15 + hexes, np.full(14, 19)])
    same = then == later
    nothing = np.full_like(one, -1)
    both = np.vstack([
        np.hstack([one, np.where(same[:, None], two, -1)]),
        np.hstack([nothing, np.where(same[:, None], -1, two)])[~same],
    ])  # fmt: skip
    values = np.concatenate([then, later[~same]])
    matrix = np.zeros((int(both.max()) + 1, len(values)))
    for unknown, own in enumerate(both):
        matrix[own[own >= 0], unknown] = 1
    told = matrix @ values
    earlier = np.array([s == TOLD for s in status] + [False] * (len(matrix) - len(status)))
    try:
        status, _ = night(both, values, status, None)
    except Conflict:
        # Refused with reason: the first night alone already tells some small count of the second.
        small = np.flatnonzero((told >= 1) & (told <= 9))
        assert min(reach(matrix, earlier, told, aim) for aim in small) < WIDTH + 0.02
        return
    published = np.array([s == TOLD for s in status])
    assert not published[(told >= 1) & (told <= 9)].any()
    for aim in np.flatnonzero(~published):
        assert attack(matrix, published, told, aim) >= WIDTH - 1e-6


def test_nothing_is_suppressed_without_need():
    system = build_system(np.array([[0, 3], [1, 3], [2, 3]]), np.array([20, 30, 40]), 4)
    status = np.full(4, FREE, dtype=np.int8)
    assert (protect(system, status) == FREE).all()


def test_one_small_count_takes_its_smallest_neighbour_along():
    system = build_system(np.array([[0, 3], [1, 3], [2, 3]]), np.array([4, 30, 20]), 4)
    status = np.full(4, FREE, dtype=np.int8)
    status[system.sum_of[0]] = SUPPRESSED
    done = protect(system, status)[system.sum_of]
    assert done.tolist() == [SUPPRESSED, FREE, SUPPRESSED, FREE]


def test_what_was_given_away_is_said():
    system = build_system(np.array([[0, 1]]), np.array([4]), 2)
    assert system.sum_of.tolist() == [0, 0]
    told = build_system(np.array([[0, 2], [1, 2]]), np.array([4, 20]), 3)
    with pytest.raises(Conflict):
        protect(told, np.array([SUPPRESSED, TOLD, TOLD], dtype=np.int8))
