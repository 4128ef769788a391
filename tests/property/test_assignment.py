"""The joint assignment equals a mixed-integer program solved by HiGHS, objective by objective."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from blockdata.errors import InputError
from dispatch._kernels.assignment import UNREACHABLE
from dispatch.assignment import AssignmentProblem, AssignmentRules, judge, solve

# Small enough for HiGHS, whose tolerances are relative: at a day in milliseconds a slack of one
# in a million would be 86 ms. Larger than any travel time of these problems, as it has to be.
RULES = AssignmentRules(unfilled_lateness_ms=1_000)


@st.composite
def problems(draw: st.DrawFn) -> AssignmentProblem:
    n_slots = draw(st.integers(1, 6))
    n_units = draw(st.integers(0, 7))
    times = st.one_of(st.integers(0, 400), st.just(int(UNREACHABLE)))
    matrix = [[draw(times) for _ in range(n_units)] for _ in range(n_slots)]
    return AssignmentProblem(
        np.array(matrix, np.int32).reshape(n_slots, n_units),
        np.array([draw(st.integers(0, 300)) for _ in range(n_slots)], np.int32),
        np.array([draw(st.integers(1, 3)) for _ in range(n_slots)], np.int32),
        np.full(n_units, -1, np.int32),
        np.ones(n_units, bool),
    )


def oracle(problem: AssignmentProblem) -> tuple[list[int], int, int]:
    """Objective values by a chain of programs, each holding the optimum of those before it."""
    n_slots, n_units = problem.travel_time_ms.shape
    n = n_slots * (n_units + 1)  # the last column of each slot: unfilled
    times = np.hstack([problem.travel_time_ms, np.zeros((n_slots, 1), np.int32)]).astype(float)
    late = np.maximum(times - problem.target_ms[:, None], 0)
    late[:, -1] = RULES.unfilled_lateness_ms
    open_ = np.hstack([problem.travel_time_ms != UNREACHABLE, np.ones((n_slots, 1), bool)])
    rows = np.zeros((n_slots, n))
    columns = np.zeros((n_units, n))
    for slot in range(n_slots):
        rows[slot, slot * (n_units + 1) : (slot + 1) * (n_units + 1)] = 1
        for unit in range(n_units):
            columns[unit, slot * (n_units + 1) + unit] = 1
    constraints = [LinearConstraint(rows, 1, 1)]
    if n_units:
        constraints.append(LinearConstraint(columns, 0, 1))
    met = late == 0
    met[:, -1] = False
    objectives = [
        -(met & (problem.priority == p)[:, None]).astype(float).ravel()
        for p in np.unique(problem.priority)
    ]
    objectives += [late.ravel(), times.ravel()]
    values: list[int] = []
    for objective in objectives:
        cost = np.where(open_.ravel(), objective, 0)
        found = milp(
            cost,
            constraints=constraints,
            integrality=np.ones(n),
            bounds=Bounds(0, open_.ravel().astype(float)),
            options={"mip_rel_gap": 0},
        )
        value = round(float(found.fun))
        values.append(value)
        constraints.append(LinearConstraint(cost[None, :], -np.inf, value))
    return [-v for v in values[:-2]], values[-2], values[-1]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_it_equals_the_program(problem: AssignmentProblem) -> None:
    found = solve(problem, RULES)
    met, lateness, time = oracle(problem)
    assert list(found.outcome.met_in_time) == met
    assert found.outcome.lateness_ms == lateness
    assert found.outcome.travel_time_ms == time


@settings(max_examples=100, deadline=None)
@given(problems())
def test_no_unit_is_used_twice_and_greedy_is_never_better(problem: AssignmentProblem) -> None:
    found = solve(problem, RULES)
    used = found.unit_of_slot[found.unit_of_slot >= 0]
    assert len(set(used.tolist())) == len(used)
    best, greedy = found.outcome, found.greedy_outcome
    assert (tuple(-m for m in best.met_in_time), best.lateness_ms, best.travel_time_ms) <= (
        tuple(-m for m in greedy.met_in_time),
        greedy.lateness_ms,
        greedy.travel_time_ms,
    )
    assert judge(problem, RULES, found.unit_of_slot) == best


def under_way(first_ms: int, *, may_divert: bool = True) -> AssignmentProblem:
    """Unit 0 is under way to slot 0 and could reach slot 1; unit 1 reaches only slot 1, later."""
    return AssignmentProblem(
        np.array([[first_ms, 900_000], [100_000, 200_000]], np.int32),
        np.array([1_000_000, 1_000_000], np.int32),
        np.array([1, 1], np.int32),
        np.array([0, -1], np.int32),
        np.array([may_divert, True]),
    )


def test_a_unit_is_diverted_only_beyond_the_set_gain() -> None:
    # staying: 800 + 200 = 1000 s; diverting: 900 + 100 = 1000 s: nothing is gained
    assert solve(under_way(800_000)).unit_of_slot.tolist() == [0, 1]
    # 860 + 200 against 900 + 100: 60 s, just the set gain
    assert solve(under_way(860_000)).unit_of_slot.tolist() == [0, 1]
    assert solve(under_way(860_001)).unit_of_slot.tolist() == [0, 1]
    assert solve(under_way(860_002)).unit_of_slot.tolist() == [1, 0]


def test_a_unit_diverted_lately_stays_on_its_way() -> None:
    assert solve(under_way(10_000_000, may_divert=False)).unit_of_slot.tolist() == [0, 1]


def test_large_weights_do_not_swallow_small_times() -> None:
    # 40 slots of four priorities, times that differ by one millisecond
    rng = np.random.default_rng(5)
    n_slots, n_units = 40, 60
    times = 50_000_000 + rng.permutation(n_slots * n_units).reshape(n_slots, n_units)
    problem = AssignmentProblem(
        times.astype(np.int32),
        np.zeros(n_slots, np.int32),
        rng.integers(1, 5, n_slots).astype(np.int32),
        np.full(n_units, -1, np.int32),
        np.ones(n_units, bool),
    )
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(times - 50_000_000)
    assert solve(problem).outcome.travel_time_ms == int(times[rows, columns].sum())


@pytest.mark.parametrize("field", ["target_ms", "priority", "under_way_to", "may_divert"])
def test_wrong_shapes_are_refused_by_name(field: str) -> None:
    parts = {
        "travel_time_ms": np.zeros((2, 3), np.int32),
        "target_ms": np.zeros(2, np.int32),
        "priority": np.ones(2, np.int32),
        "under_way_to": np.full(3, -1, np.int32),
        "may_divert": np.ones(3, bool),
    }
    with pytest.raises(InputError) as refused:
        AssignmentProblem(**parts | {field: parts[field][:-1]})
    assert refused.value.field == field
