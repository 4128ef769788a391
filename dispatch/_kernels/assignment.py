"""Lexicographic assignment: a shortest-augmenting-path solver over costs of three whole numbers.

Costs are vectors (misses, lateness_ms, time_ms) compared from the left. Vectors of whole numbers
so ordered form an ordered abelian group, which is all that shortest augmenting paths need; nothing
is packed into one float, where large weights would swallow small ones.
"""

import numpy as np
from numba import njit

UNREACHABLE = np.int32(2**31 - 1)


@njit(cache=True, nogil=True)
def _less(a0, a1, a2, b0, b1, b2):
    """Whether vector a stands before vector b."""
    if a0 != b0:
        return a0 < b0
    if a1 != b1:
        return a1 < b1
    return a2 < b2


@njit(cache=True, nogil=True, inline="always")  # called, it takes a sixth longer
def _reach(
    slot, low0, low1, low2, travel_time_ms, judged_time_ms, target_ms, miss_weight,
    unfilled_lateness_ms, u, v, best, known, done, parent,
):  # fmt: skip
    """Shorten the ways to columns by those that leave a slot, which is ``low`` away.

    Returns the nearest column that is not done. A slot's private column is always open to it, so
    there always is one.
    """
    n_units = travel_time_ms.shape[1]
    chosen = -1
    for column in range(done.size):
        if done[column]:
            continue
        feasible = False
        if column < n_units:
            if travel_time_ms[slot, column] != UNREACHABLE:
                feasible = True
                time = np.int64(judged_time_ms[slot, column])
                late = max(np.int64(0), time - target_ms[slot])
                miss = miss_weight[slot] if late > 0 else np.int64(0)
        elif column - n_units == slot:
            feasible = True
            time = np.int64(0)
            late = np.int64(unfilled_lateness_ms)
            miss = miss_weight[slot]
        if feasible:
            d0 = low0 + miss - u[slot, 0] - v[column, 0]
            d1 = low1 + late - u[slot, 1] - v[column, 1]
            d2 = low2 + time - u[slot, 2] - v[column, 2]
            if not known[column] or _less(
                d0, d1, d2, best[column, 0], best[column, 1], best[column, 2]
            ):
                known[column] = True
                best[column, 0], best[column, 1], best[column, 2] = d0, d1, d2
                parent[column] = slot
        if known[column] and (
            chosen < 0
            or _less(
                best[column, 0], best[column, 1], best[column, 2],
                best[chosen, 0], best[chosen, 1], best[chosen, 2],
            )
        ):  # fmt: skip
            chosen = column
    return chosen


@njit(cache=True, nogil=True)
def _reprice(first, sink, u, v, best, done, slot_of):
    """Prices of slots and columns under which the way from ``first`` to ``sink`` costs nothing."""
    for i in range(3):
        u[first, i] += best[sink, i]
    for column in range(done.size):
        if not done[column]:
            continue
        held = slot_of[column]
        for i in range(3):
            d = best[sink, i] - best[column, i]
            v[column, i] -= d
            if held >= 0:
                u[held, i] += d


@njit(cache=True, nogil=True)
def _augment(first, sink, parent, slot_of, column_of):
    """Hand the columns on along the way from ``first`` to ``sink``: each slot takes its next."""
    column = sink
    while True:
        slot = parent[column]
        slot_of[column] = slot
        column, column_of[slot] = column_of[slot], column
        if slot == first:
            break


@njit(cache=True, nogil=True)
def assign(travel_time_ms, judged_time_ms, target_ms, miss_weight, unfilled_lateness_ms):
    """The best assignment of units to slots.

    Rows are slots, columns units; ``judged_time_ms`` (same shape) is the time that the costs are
    made of. After the units come as many private columns as there are slots: to take one is to stay
    unfilled. Method: Crouse, On implementing 2D rectangular assignment algorithms (2016), with
    vectors for numbers.

    Returns int32[n_slots]: the unit of each slot, or -1.
    """
    n_slots, n_units = travel_time_ms.shape
    n_columns = n_units + n_slots
    u = np.zeros((n_slots, 3), np.int64)
    v = np.zeros((n_columns, 3), np.int64)
    slot_of = np.full(n_columns, -1, np.int32)
    column_of = np.full(n_slots, -1, np.int32)
    best = np.zeros((n_columns, 3), np.int64)
    known = np.zeros(n_columns, np.bool_)
    done = np.zeros(n_columns, np.bool_)
    parent = np.full(n_columns, -1, np.int32)
    for first in range(n_slots):
        known[:] = False
        done[:] = False
        slot = first
        low0, low1, low2 = np.int64(0), np.int64(0), np.int64(0)
        while True:
            column = _reach(
                slot, low0, low1, low2, travel_time_ms, judged_time_ms, target_ms, miss_weight,
                unfilled_lateness_ms, u, v, best, known, done, parent,
            )  # fmt: skip
            done[column] = True
            if slot_of[column] < 0:
                break
            slot = slot_of[column]
            low0, low1, low2 = best[column, 0], best[column, 1], best[column, 2]
        _reprice(first, column, u, v, best, done, slot_of)
        _augment(first, column, parent, slot_of, column_of)
    column_of[column_of >= n_units] = -1
    return column_of
