"""Dispatch benchmark: fifty incidents at once, one of each tier for every one of them."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dispatch._kernels.assignment import UNREACHABLE
from dispatch.assignment import AssignmentProblem, solve
from dispatch.nearest import snap_incident
from tests.benchmarks._harness import Report, installed, median_seconds, same_answer
from tests.benchmarks._moving_fleet import NOW, SIZES, MovingFleet, random_points
from tests.benchmarks._road_networks import PROFILE, RoadNetwork

INCIDENTS = 50
LIMIT_MS = 3_600_000
NO_TARGET_MS = 1_000_000_000
PADDING = 1e9  # of the padded matrix: dearer than any whole assignment


def joint_assignment(report: Report, network: RoadNetwork) -> None:
    """The best joint assignment of 50 × 3 slots, beside those who minimise the total time."""
    rng = np.random.default_rng(8)
    crew = MovingFleet(network, rng)
    began = time.perf_counter()
    times = _travel_times(crew, random_points(network, "patrol", INCIDENTS, rng))
    gathered = time.perf_counter() - began
    n_slots, n_units = times.shape
    case = f"{network.name}, {n_slots} slots, {n_units} units"

    targets = np.repeat([rules.target_s * 1_000 for rules in PROFILE.tiers.values()], INCIDENTS)
    whole = _problem(times, targets, rng.integers(1, 4, n_slots))
    seconds = median_seconds(lambda: solve(whole), repeats=5)
    report.value("joint-assignment", case, "seconds_to_gather", gathered, "150 nearest queries")
    report.value(
        "joint-assignment", case, "seconds", seconds,
        "in full: in time by priority, lateness, time; greedy beside it",
    )  # fmt: skip
    best, greedy = solve(whole).outcome, solve(whole).greedy_outcome
    met, greedy_met = sum(best.met_in_time), sum(greedy.met_in_time)
    report.value("joint-assignment", case, "met_in_time", met, f"of {n_slots}; greedy {greedy_met}")

    plain = _problem(times, np.full(n_slots, NO_TARGET_MS), np.ones(n_slots, np.int64))
    seconds = median_seconds(lambda: solve(plain), repeats=5)
    total = solve(plain).outcome.travel_time_ms
    padded = np.where(times == UNREACHABLE, PADDING, times.astype(np.float64))
    rows, columns = linear_sum_assignment(padded)
    same_answer(total, padded[rows, columns].sum(), "joint assignment beside SciPy")
    theirs = median_seconds(lambda: linear_sum_assignment(padded), repeats=5)
    note = "total time alone; ours also finds the greedy one beside it"
    report.beside("joint-assignment", case, n_slots, seconds, "scipy", theirs, note)
    flow = installed("ortools.graph.python.min_cost_flow")
    if flow is None:
        report.absent("joint-assignment", case, n_slots, seconds, "ortools")
        return
    same_answer(total, _min_cost_flow(flow, times), "joint assignment beside OR-Tools")
    theirs = median_seconds(lambda: _min_cost_flow(flow, times), repeats=3)
    report.beside(
        "joint-assignment", case, n_slots, seconds, "ortools", theirs, f"{note}; min-cost flow"
    )


def _travel_times(crew: MovingFleet, points: NDArray) -> NDArray[np.int32]:
    """Times of each slot's nearest units; no others can be needed, as 49 at most are taken."""
    places = [
        snap_incident(crew.network.roads, crew.fleet.travel, PROFILE, [tuple(point)])
        for point in points.tolist()
    ]
    hits = [
        {hit.row: hit.travel_time_ms for hit in crew.fleet.nearest(t, p, INCIDENTS, LIMIT_MS, NOW)}
        for t in SIZES
        for p in places
    ]
    units = np.unique([row for found in hits for row in found])
    times = np.full((len(hits), len(units)), UNREACHABLE, np.int32)
    for slot, found in enumerate(hits):
        times[slot, np.searchsorted(units, list(found))] = list(found.values())
    return times


def _problem(times: NDArray, target_ms: NDArray, priority: NDArray) -> AssignmentProblem:
    n_units = times.shape[1]
    return AssignmentProblem(
        times,
        target_ms.astype(np.int32),
        priority.astype(np.int32),
        np.full(n_units, -1, np.int32),
        np.ones(n_units, np.bool_),
    )


def _min_cost_flow(flow: Any, times: NDArray) -> int:
    """The least total time by OR-Tools: slots to units that can come, units to one sink."""
    n_slots, n_units = times.shape
    slot, unit = np.nonzero(times != UNREACHABLE)
    sink = n_slots + n_units
    tails = np.concatenate((slot, n_slots + np.arange(n_units)))
    heads = np.concatenate((n_slots + unit, np.full(n_units, sink)))
    costs = np.concatenate((times[slot, unit], np.zeros(n_units, np.int64))).astype(np.int64)
    solver = flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(tails.size, np.int64), costs)
    solver.set_nodes_supplies(
        np.append(np.arange(n_slots), sink), np.append(np.ones(n_slots, np.int64), -n_slots)
    )
    assert solver.solve() == solver.OPTIMAL
    return int(solver.optimal_cost())
