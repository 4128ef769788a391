"""Joint assignment: several incidents at once, each with slots of (tier, skill) to fill.

Best means, in this order: the most requirements met in time, those of the highest priority first;
then the least total lateness; then the least total travel time. The answer is exact.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blockdata.errors import InputError
from blockdata.text import Text
from dispatch._kernels.assignment import UNREACHABLE, assign

IntArray = npt.NDArray[np.int32]

NOT_UNDER_WAY = -1
UNFILLED = -1


@dataclass(frozen=True)
class AssignmentRules:
    """How units under way are treated, and what an unfilled slot counts.

    A unit under way counts as ``min_divert_gain_ms`` farther from every slot but its own, so that
    it is diverted only for a gain greater than that. An unfilled slot counts as late by
    ``unfilled_lateness_ms``, more than any travel time.
    """

    min_divert_gain_ms: int = 60_000
    unfilled_lateness_ms: int = 86_400_000

    def __post_init__(self) -> None:
        for name in ("min_divert_gain_ms", "unfilled_lateness_ms"):
            if getattr(self, name) < 0:
                raise InputError(
                    Text(f"{name} 不能为负", f"{name} cannot be negative"),
                    field=name,
                    cure=Text("给出 0 或更大的毫秒数", "give 0 milliseconds or more"),
                )


@dataclass(frozen=True)
class AssignmentProblem:
    """Slots to fill and units to fill them with.

    Attributes:
        travel_time_ms: int32[n_slots, n_units]; ``UNREACHABLE`` where the unit cannot come or may
            not (wrong tier, lacking skill).
        target_ms: int32[n_slots], the time within which the slot is met.
        priority: int32[n_slots], 1 the highest.
        under_way_to: int32[n_units], the slot a unit is already under way to, or -1.
        may_divert: bool[n_units], False for a unit that was diverted too recently.
    """

    travel_time_ms: IntArray
    target_ms: IntArray
    priority: IntArray
    under_way_to: IntArray
    may_divert: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        n_slots, n_units = self.travel_time_ms.shape
        expected = {
            "target_ms": n_slots,
            "priority": n_slots,
            "under_way_to": n_units,
            "may_divert": n_units,
        }
        for name, length in expected.items():
            if len(getattr(self, name)) != length:
                raise InputError(
                    Text(f"{name} 的长度应为 {length}", f"{name} must have length {length}"),
                    field=name,
                    cure=Text("与 travel_time_ms 的形状对齐", "match the shape of travel_time_ms"),
                )
        if n_slots and int(self.priority.min()) < 1:
            raise InputError(
                Text("优先级从 1 开始", "priorities begin at 1"),
                field="priority",
                cure=Text("最高优先级写 1", "write 1 for the highest"),
            )


@dataclass(frozen=True)
class Outcome:
    """What an assignment achieves, in the order in which it is judged.

    ``met_in_time`` counts by priority, the highest first.
    """

    met_in_time: tuple[int, ...]
    lateness_ms: int
    travel_time_ms: int
    unfilled: int


@dataclass(frozen=True)
class Assignment:
    """The unit of each slot (-1: unfilled), what it achieves, and what greedy would have."""

    unit_of_slot: IntArray
    outcome: Outcome
    greedy_unit_of_slot: IntArray
    greedy_outcome: Outcome


def solve(problem: AssignmentProblem, rules: AssignmentRules | None = None) -> Assignment:
    """The best joint assignment, and beside it the greedy one that it is better than.

    Grows as n_slots² · (n_units + n_slots); to stay small, hand over only each slot's
    n_slots nearest units: the others cannot be needed, as at most n_slots − 1 can be taken.

    Raises:
        InputError: so many priorities and slots that their ranking does not fit 62 bits.
    """
    rules = rules or AssignmentRules()
    allowed, judged = _judged_times(problem, rules)
    weights = _miss_weights(problem.priority)
    best = assign(
        allowed, judged, problem.target_ms.astype(np.int64), weights, rules.unfilled_lateness_ms
    )
    greedy = _greedy(problem, allowed, judged)
    return Assignment(best, judge(problem, rules, best), greedy, judge(problem, rules, greedy))


def judge(problem: AssignmentProblem, rules: AssignmentRules, unit_of_slot: IntArray) -> Outcome:
    """What an assignment achieves by true travel times."""
    filled = unit_of_slot != UNFILLED
    slots = np.arange(len(unit_of_slot))
    times = problem.travel_time_ms[slots[filled], unit_of_slot[filled]].astype(np.int64)
    late = np.maximum(times - problem.target_ms[filled], 0)
    in_time = np.zeros(len(unit_of_slot), bool)
    in_time[filled] = late == 0
    unfilled = int((~filled).sum())
    return Outcome(
        tuple(int(in_time[problem.priority == p].sum()) for p in np.unique(problem.priority)),
        int(late.sum()) + unfilled * rules.unfilled_lateness_ms,
        int(times.sum()),
        unfilled,
    )


def _judged_times(problem: AssignmentProblem, rules: AssignmentRules) -> tuple[IntArray, IntArray]:
    """Times with forbidden diversions closed, and times with the charge of a diversion on them."""
    allowed = problem.travel_time_ms.astype(np.int32, copy=True)
    slots = np.arange(len(problem.target_ms))[:, None]
    diverted = (problem.under_way_to[None, :] != NOT_UNDER_WAY) & (
        problem.under_way_to[None, :] != slots
    )
    allowed[diverted & ~problem.may_divert[None, :]] = UNREACHABLE
    # The gain must be greater than the set one: at just that gain the unit stays on its way.
    charge = np.where(diverted, rules.min_divert_gain_ms + 1, 0)
    judged = np.where(allowed == UNREACHABLE, UNREACHABLE, allowed + charge)
    return allowed, judged.astype(np.int32)


def _miss_weights(priority: IntArray) -> npt.NDArray[np.int64]:
    """The weight of missing each slot: one of a priority outweighs all of the lower ones."""
    weights = np.zeros(len(priority), np.int64)
    weight = 1
    for level in np.unique(priority)[::-1]:
        of_level = priority == level
        weights[of_level] = weight
        weight *= int(of_level.sum()) + 1
        if weight >= 2**62:
            raise InputError(
                Text(
                    "优先级与需求太多,无法精确排序", "too many priorities and slots to rank exactly"
                ),
                field="priority",
                cure=Text("减少优先级的级数", "use fewer priorities"),
            )
    return weights


def _greedy(problem: AssignmentProblem, allowed: IntArray, judged: IntArray) -> IntArray:
    """One slot after the other, by priority, each taking the nearest unit that is left."""
    unit_of_slot = np.full(len(problem.priority), UNFILLED, np.int32)
    taken = np.zeros(allowed.shape[1], bool)
    for slot in np.argsort(problem.priority, kind="stable"):
        times = np.where(taken, UNREACHABLE, judged[slot])
        if len(times) == 0:
            break
        unit = int(np.argmin(times))
        if times[unit] != UNREACHABLE:
            unit_of_slot[slot] = unit
            taken[unit] = True
    return unit_of_slot
