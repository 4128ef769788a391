"""Kernels that keep where the responders of a fleet are, for ``fleet_search``.

Responder r has the entries 2r and 2r + 1. The entries at one node form a doubly linked list, and
the number of entries in the subtree of every node of the elimination tree is kept. Arrays and their
columns are those of ``fleet_search``. Nodes are ranks, times int32 ms.
"""

import numpy as np
from numba import njit

# As in ``fleet_search``, which a kernel may not import: numba's cache would not see it change.
INFINITE = np.int32((1 << 30) - 1)
PARENT = 1
BUCKET, COUNT = 0, 1
AFTER, BEFORE, MS, ARC = range(4)
ACCESS = 2
I32 = np.int32


@njit(cache=True, nogil=True)
def ways_out(whole, end_node, arc_of):
    """By which nodes the places of rows ``whole`` (segment, time to it, times in and out by
    direction) leave their segments: nodes, times and arcs int32[q, 2], nodes and arcs -1 for none.
    """
    nodes = np.full((whole.shape[0], 2), -1, np.int32)
    offsets = np.zeros((whole.shape[0], 2), np.int32)
    arcs = np.full((whole.shape[0], 2), -1, np.int32)
    for q in range(whole.shape[0]):
        segment = whole[q, 0]
        for side in range(2):
            ms = whole[q, 4 + side]
            if segment >= 0 and ms >= 0:
                nodes[q, side], arcs[q, side] = end_node[segment, side], arc_of[segment, side]
                offsets[q, side] = ms
    return nodes, offsets, arcs


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
def move(ids, nodes, offsets, arcs, access, rank, tree, live, entries, terms, entry_node):
    """Put responders at new entries; ``nodes``, ``offsets`` and ``arcs`` are (count, 2).

    ``access`` is each one's time to the street, which the entries' times include. Nodes are in the
    order of ``rank``; a negative one is no entry. Later rows of the same id win.
    """
    for k in range(ids.size):
        terms[ids[k], ACCESS] = access[k]
        for side in range(2):
            e = 2 * ids[k] + side
            old = entry_node[e]
            new = rank[nodes[k, side]] if nodes[k, side] >= 0 else I32(-1)
            entries[e, MS] = offsets[k, side] + access[k]
            entries[e, ARC] = arcs[k, side]
            if old == new:
                continue
            after, before = entries[e, AFTER], entries[e, BEFORE]
            if old >= 0:
                if before >= 0:
                    entries[before, AFTER] = after
                else:
                    live[old, BUCKET] = after
                if after >= 0:
                    entries[after, BEFORE] = before
            if new >= 0:
                first = live[new, BUCKET]
                entries[e, AFTER] = first
                entries[e, BEFORE] = -1
                if first >= 0:
                    entries[first, BEFORE] = e
                live[new, BUCKET] = e
            entry_node[e] = new
            # Only below their meeting point do the two subtrees differ.
            while old != new:
                if old >= 0 and (new < 0 or old < new):
                    live[old, COUNT] -= 1
                    old = tree[old, PARENT]
                else:
                    live[new, COUNT] += 1
                    new = tree[new, PARENT]
