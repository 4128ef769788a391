"""Kernels that keep where the responders of a fleet are, for ``fleet_search``.

Responder r has the entries 2r and 2r + 1. The entries at one node form a doubly linked list
(``bucket`` is its first, ``after`` and ``before`` its links), and ``counts`` holds the number of
entries in the subtree of every node of the elimination tree. Nodes are ranks, times int32 ms.
"""

import numpy as np
from numba import njit

INFINITE = np.int32((1 << 30) - 1)
I32 = np.int32


@njit(cache=True, nogil=True)
def first_bad_move(ids, nodes, offsets, arcs, access, capacity, n_nodes, n_arcs):
    """The first row of a move that cannot be carried out; -1 if all can."""
    for k in range(ids.size):
        if not 0 <= ids[k] < capacity or not 0 <= access[k] <= INFINITE:
            return k
        for side in range(2):
            if nodes[k, side] >= n_nodes or arcs[k, side] >= n_arcs:
                return k
            if nodes[k, side] >= 0 and not 0 <= offsets[k, side] <= INFINITE - access[k]:
                return k
    return -1


@njit(cache=True, nogil=True)
def move(
    ids, nodes, offsets, arcs, access, rank, parent,
    bucket, after, before, entry_node, entry_ms, entry_arc, entry_access, counts,
):  # fmt: skip
    """Put responders at new entries; ``nodes``, ``offsets`` and ``arcs`` are (count, 2).

    ``access`` is each one's time to the street, which ``entry_ms`` includes. Nodes are in the order
    of ``rank``; a negative one is no entry. Later rows of the same id win.
    """
    for k in range(ids.size):
        entry_access[ids[k]] = access[k]
        for side in range(2):
            e = 2 * ids[k] + side
            old = entry_node[e]
            new = rank[nodes[k, side]] if nodes[k, side] >= 0 else I32(-1)
            entry_ms[e] = offsets[k, side] + access[k]
            entry_arc[e] = arcs[k, side]
            if old == new:
                continue
            if old >= 0:
                if before[e] >= 0:
                    after[before[e]] = after[e]
                else:
                    bucket[old] = after[e]
                if after[e] >= 0:
                    before[after[e]] = before[e]
            if new >= 0:
                after[e] = bucket[new]
                before[e] = -1
                if bucket[new] >= 0:
                    before[bucket[new]] = e
                bucket[new] = e
            entry_node[e] = new
            # Only below their meeting point do the two subtrees differ.
            while old != new:
                if old >= 0 and (new < 0 or old < new):
                    counts[old] -= 1
                    old = parent[old]
                else:
                    counts[new] += 1
                    new = parent[new]
