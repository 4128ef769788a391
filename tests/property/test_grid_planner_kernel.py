"""The planner's kernel: its assignment equals SciPy's; its moves never break or empty a grid."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from blockdata.grid.planner import _planner_kernel as kernel
from blockdata.grid.planner._match_kernel import assign


@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_assignment_is_as_cheap_as_scipys(rows, more, seed):
    cost = np.random.default_rng(seed).integers(-9, 10, (rows, rows + more)).astype(np.float64)
    chosen = assign(cost)
    assert len(set(chosen.tolist())) == rows
    best = linear_sum_assignment(cost)
    assert cost[np.arange(rows), chosen].sum() == cost[best].sum()


def lattice(side: int) -> tuple[np.ndarray, np.ndarray]:
    """CSR of a square lattice of side × side."""
    links: list[list[int]] = [[] for _ in range(side * side)]
    for v in range(side * side):
        if v % side:
            links[v].append(v - 1)
            links[v - 1].append(v)
        if v >= side:
            links[v].append(v - side)
            links[v - side].append(v)
    starts = np.cumsum([0, *map(len, links)])
    return starts.astype(np.int64), np.concatenate([sorted(row) for row in links]).astype(np.int64)


def pieces(starts: np.ndarray, ends: np.ndarray, part: np.ndarray) -> int:
    return kernel.label_pieces(starts, ends, part)[1]


@given(st.integers(2, 7), st.integers(2, 5), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_mending_leaves_one_piece_each(side, k, seed):
    starts, ends = lattice(side)
    rng = np.random.default_rng(seed)
    part = rng.integers(0, k, side * side)
    weight = rng.uniform(0, 1, side * side)
    kernel.settle_strays(starts, ends, np.ones(len(ends)), weight, part, k)
    assert pieces(starts, ends, part) == len(np.unique(part))


@given(st.integers(3, 8), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_moves_keep_grids_whole_and_even_them_out(side, seed):
    starts, ends = lattice(side)
    rng = np.random.default_rng(seed)
    n, k = side * side, side
    part = np.repeat(np.arange(side), side)
    weight = rng.uniform(0.1, 1, n)
    home, stay = np.full(n, -1), np.zeros(n)
    target = np.full(k, weight.sum() / k)
    rules = np.array([1.0, 50.0, 0.2])

    def spread() -> float:
        off = np.abs(np.bincount(part, weights=weight, minlength=k) / target - 1)
        return float((off**2 + 50 * np.maximum(off - 0.2, 0) ** 2).sum())

    before, cost = spread(), np.full(len(ends), 1e-6)
    frozen = np.ones(k, dtype=bool)
    frozen[0] = False
    first = part == 0
    kernel.improve(
        starts, ends, cost, weight, part, target, home, stay, frozen, rules, 5000, 0.01, 1e-4, seed
    )
    assert (first == (part == 0)).all()  # a grid that is not free neither gives nor takes
    assert len(np.unique(part)) == k
    assert pieces(starts, ends, part) == k
    assert spread() <= before + 0.2


@given(st.integers(2, 7), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_halving_makes_two(side, seed):
    starts, ends = lattice(side)
    weight = np.random.default_rng(seed).uniform(0, 1, side * side)
    part = np.zeros(side * side, dtype=np.int64)
    assert kernel.halve(starts, ends, weight, part, 0, 1)
    assert 0 < (part == 1).sum() < side * side
    assert not kernel.halve(starts, ends, weight, np.arange(side * side), 0, side * side)
