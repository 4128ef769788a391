"""Kernels that answer for many nodes at once by sweeping over the ranks.

One-to-all: Delling, Goldberg, Nowatzyk, Werneck: PHAST: hardware-accelerated shortest path trees.
IPDPS 2011. One-to-many: RPHAST, of Delling, Goldberg, Werneck: Faster batched shortest paths in
road networks. ATMOS 2011. On an elimination tree the nodes that matter for a set of targets are
their ancestors, and no queue is needed.

Nodes are ranks. Times are int32 ms; ``INFINITE`` is "no way". ``climb_ms`` and ``descend_ms`` are
the times of the arcs upwards and downwards for travel away from the start; swap them to sweep
against the direction of travel.

Indices that are never negative are read as uint32: numba then leaves out its test for indices from
the end, which halves the time of a sweep.
"""

import numpy as np
from numba import njit

INFINITE = np.int32((1 << 30) - 1)
LANES = 8
U32 = np.uint32
I32 = np.int32


@njit(cache=True, nogil=True)
def all_times(starts, start_ms, up_first, up_head, climb_ms, descend_ms, rank, times, out_ms):
    """Least time between any start and every node; ``out_ms`` is in the order of ``rank``."""
    n_nodes = up_first.size - 1
    times[:] = INFINITE
    lowest = n_nodes
    for i in range(starts.size):
        times[starts[i]] = min(times[starts[i]], start_ms[i])
        lowest = min(lowest, starts[i])
    few = starts.size * 16 < n_nodes
    for v in range(lowest, n_nodes):
        here = times[v]
        # With many starts most nodes are reached, and a test that is hard to foretell costs more.
        if few and here == INFINITE:
            continue
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            u = U32(up_head[arc])
            times[u] = min(times[u], I32(here + climb_ms[arc]))
    for v in range(n_nodes - 1, -1, -1):
        best = times[v]
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            best = min(best, I32(times[U32(up_head[arc])] + descend_ms[arc]))
        times[v] = best
    for node in range(n_nodes):
        out_ms[node] = times[U32(rank[node])]


@njit(cache=True, nogil=True)
def nearest_start(
    starts, start_ms, up_first, up_head, climb_ms, descend_ms, rank, packed, out_ms, out_start
):
    """Least time between any start and every node, and the place of that start in the list.

    Time and place travel together in one int64, time in the high bits, so that one comparison
    settles both and ties go to the start listed first.
    """
    n_nodes = up_first.size - 1
    nothing = np.int64(INFINITE) << 32
    packed[:] = nothing
    lowest = n_nodes
    for i in range(starts.size):
        packed[starts[i]] = min(packed[starts[i]], (np.int64(start_ms[i]) << 32) | i)
        lowest = min(lowest, starts[i])
    few = starts.size * 16 < n_nodes
    for v in range(lowest, n_nodes):
        here = packed[v]
        if few and here == nothing:
            continue
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            u = U32(up_head[arc])
            packed[u] = min(packed[u], here + (np.int64(climb_ms[arc]) << 32))
    for v in range(n_nodes - 1, -1, -1):
        best = packed[v]
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            best = min(best, packed[U32(up_head[arc])] + (np.int64(descend_ms[arc]) << 32))
        packed[v] = best
    for node in range(n_nodes):
        value = packed[U32(rank[node])]
        if value < nothing:
            out_ms[node] = value >> 32
            out_start[node] = value & 0xFFFFFFFF
        else:
            out_ms[node] = INFINITE
            out_start[node] = -1


@njit(cache=True, nogil=True)
def select(targets, parent, up_first, up_head):
    """The part of the hierarchy above a set of targets, numbered anew from the top down.

    Returns ``local`` int32[n] (new number by rank, -1 outside), ``first`` int32[k+1], ``head``
    int32[...] and ``arc`` int32[...] (the arc of the hierarchy at each place). Heads have smaller
    numbers than tails.
    """
    n_nodes = parent.size
    local = np.full(n_nodes, -1, np.int32)
    n_arcs = 0
    for i in range(targets.size):
        v = targets[i]
        while v >= 0 and local[v] < 0:
            local[v] = 0
            n_arcs += up_first[v + 1] - up_first[v]
            v = parent[v]
    head = np.empty(n_arcs, np.int32)
    source_arc = np.empty(n_arcs, np.int32)
    first = np.zeros(n_nodes + 1, np.int32)
    n_kept = 0
    at = 0
    for v in range(n_nodes - 1, -1, -1):
        if local[v] == 0:
            local[v] = n_kept
            for arc in range(up_first[v], up_first[v + 1]):
                head[at] = local[up_head[arc]]
                source_arc[at] = arc
                at += 1
            n_kept += 1
            first[n_kept] = at
    return local, first[: n_kept + 1].copy(), head, source_arc


@njit(cache=True, nogil=True)
def _climb_into(
    node, start_ms, lane, local, up_first, up_level, parent, level, climb_ms, chain, times
):
    """Times from ``node`` up to its ancestors, left in one lane of ``times`` where selected."""
    for at in range(level[node] + 1):
        chain[at] = INFINITE
    chain[level[node]] = start_ms
    v = node
    while v >= 0:
        here = chain[level[v]]
        if here < INFINITE:
            for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
                at = U32(up_level[arc])
                chain[at] = min(chain[at], I32(here + climb_ms[arc]))
            if local[v] >= 0:
                times[local[v], lane] = min(times[local[v], lane], here)
        v = parent[v]


@njit(cache=True, nogil=True)
def one_to_many(
    starts, start_ms, targets, local, first, head, descend_ms,
    depth, up_first, up_level, parent, level, climb_ms, out_ms,
):  # fmt: skip
    """Least time between any of the starts and each target; ``targets`` are selected numbers."""
    n_kept = first.size - 1
    chain = np.empty(depth, np.int32)
    lanes = np.full((n_kept, 1), INFINITE, np.int32)
    for i in range(starts.size):
        _climb_into(
            starts[i],
            start_ms[i],
            0,
            local,
            up_first,
            up_level,
            parent,
            level,
            climb_ms,
            chain,
            lanes,
        )
    times = lanes[:, 0]
    for v in range(n_kept):
        best = times[v]
        for arc in range(U32(first[v]), U32(first[v + 1])):
            best = min(best, I32(times[U32(head[arc])] + descend_ms[arc]))
        times[v] = best
    for j in range(targets.size):
        out_ms[j] = times[targets[j]]


@njit(cache=True, nogil=True)
def many_to_many(
    starts, targets, local, first, head, descend_ms,
    depth, up_first, up_level, parent, level, climb_ms, out_ms,
):  # fmt: skip
    """Least time between each start and each target, into ``out_ms[start, target]``.

    Eight starts share one sweep, side by side, so that each arc is read once for all of them.
    """
    n_kept = first.size - 1
    chain = np.empty(depth, np.int32)
    times = np.empty((n_kept, LANES), np.int32)
    for block in range(0, starts.size, LANES):
        width = min(LANES, starts.size - block)
        times[:, :] = INFINITE
        for lane in range(width):
            _climb_into(
                starts[block + lane], np.int32(0), lane, local,
                up_first, up_level, parent, level, climb_ms, chain, times,
            )  # fmt: skip
        for v in range(n_kept):
            for arc in range(U32(first[v]), U32(first[v + 1])):
                u = U32(head[arc])
                ms = descend_ms[arc]
                for lane in range(LANES):
                    times[v, lane] = min(times[v, lane], I32(times[u, lane] + ms))
        for lane in range(width):
            for j in range(targets.size):
                out_ms[block + lane, j] = times[targets[j], lane]
