"""Bounded search, by Dijkstra's algorithm, from one place back to the responders nearest to it.

Times are integer milliseconds, so every comparison is exact. Arcs are walked from head to tail:
the time kept at a node is the time from that node to the place.

Dijkstra: A note on two problems in connexion with graphs. Numerische Mathematik 1 (1959).
"""

import numpy as np
from numba import njit

UNREACHED = np.iinfo(np.int64).max


@njit(cache=True, nogil=True)
def _push(keys, nodes, size, key, node):
    """Add to a binary heap ordered by (key, node) that has room; returns its new size."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if keys[up] < key or (keys[up] == key and nodes[up] <= node):
            break
        keys[i] = keys[up]
        nodes[i] = nodes[up]
        i = up
    keys[i] = key
    nodes[i] = node
    return size + 1


@njit(cache=True, nogil=True)
def _drop_top(keys, nodes, size):
    """Take the least away from a heap; returns its new size."""
    size -= 1
    key = keys[size]
    node = nodes[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        right = child + 1
        if right < size and (
            keys[right] < keys[child]
            or (keys[right] == keys[child] and nodes[right] < nodes[child])
        ):
            child = right
        if keys[child] > key or (keys[child] == key and nodes[child] >= node):
            break
        keys[i] = keys[child]
        nodes[i] = nodes[child]
        i = child
    if size > 0:
        keys[i] = key
        nodes[i] = node
    return size


@njit(cache=True, nogil=True)
def _offer(best_ms, best_responder, best_entry, count, k, time_ms, responder, entry):
    """Keep the k best (time, responder), each responder once, in order; returns the new count."""
    for i in range(count):
        if best_responder[i] == responder:
            if best_ms[i] <= time_ms:
                return count
            # it moves forward: close the gap, then insert below
            for j in range(i, count - 1):
                best_ms[j] = best_ms[j + 1]
                best_responder[j] = best_responder[j + 1]
                best_entry[j] = best_entry[j + 1]
            count -= 1
            break
    if count == k:
        last = k - 1
        if best_ms[last] < time_ms or (
            best_ms[last] == time_ms and best_responder[last] <= responder
        ):
            return count
        count -= 1
    i = count
    while i > 0 and (
        best_ms[i - 1] > time_ms
        or (best_ms[i - 1] == time_ms and best_responder[i - 1] > responder)
    ):
        best_ms[i] = best_ms[i - 1]
        best_responder[i] = best_responder[i - 1]
        best_entry[i] = best_entry[i - 1]
        i -= 1
    best_ms[i] = time_ms
    best_responder[i] = responder
    best_entry[i] = entry
    return count + 1


@njit(cache=True, nogil=True)
def nearest(
    in_first, in_arc, tail, time_ms,
    seed_arc, seed_ms, entry_first, entry_responder, entry_ms, direct_responder, direct_ms,
    k, limit_ms,
):  # fmt: skip
    """The k responders nearest to a place, by travel time toward it.

    Args:
        in_first, in_arc: int32 CSR of arcs by their head.
        tail, time_ms: int32[a] of every arc.
        seed_arc, seed_ms: arcs on which the place lies, and the time from their tail to it.
        entry_first: int32[n + 1], CSR by node of ``entry_responder`` and ``entry_ms``: who leaves
            onto the network at the node, and how long after the start.
        direct_responder, direct_ms: who reaches the place without passing a node.
        k, limit_ms: how many at most, and the longest time that counts.

    Returns:
        ``responder`` int32[f], ``time_ms`` int64[f] ordered by (time, responder), ``node``
        int32[f] where each enters the network (-1: direct), and ``next_arc`` int32[n]: the arc
        to take from each settled node toward the place (a seed arc is the last; -1: not reached).
    """
    n_nodes = in_first.size - 1
    done_ms = np.full(n_nodes, UNREACHED, np.int64)
    next_arc = np.full(n_nodes, -1, np.int32)
    keys = np.empty(tail.size + seed_arc.size + 1, np.int64)
    nodes = np.empty(tail.size + seed_arc.size + 1, np.int32)
    best_ms = np.empty(k, np.int64)
    best_responder = np.empty(k, np.int32)
    best_node = np.empty(k, np.int32)
    count = 0
    for i in range(direct_responder.size):
        if direct_ms[i] <= limit_ms:
            count = _offer(
                best_ms, best_responder, best_node, count, k, direct_ms[i], direct_responder[i], -1
            )
    size = 0
    for i in range(seed_arc.size):
        v = tail[seed_arc[i]]
        # of parallel ways in, the least time, then the lowest arc
        if seed_ms[i] < done_ms[v] or (seed_ms[i] == done_ms[v] and seed_arc[i] < next_arc[v]):
            done_ms[v] = seed_ms[i]
            next_arc[v] = seed_arc[i]
            size = _push(keys, nodes, size, seed_ms[i], v)
    while size > 0:
        reached_ms = keys[0]
        v = nodes[0]
        size = _drop_top(keys, nodes, size)
        if reached_ms > limit_ms or (count == k and reached_ms > best_ms[k - 1]):
            break
        if reached_ms != done_ms[v]:
            continue  # a shorter way was found since
        for e in range(entry_first[v], entry_first[v + 1]):
            total = reached_ms + entry_ms[e]
            if total <= limit_ms:
                count = _offer(
                    best_ms, best_responder, best_node, count, k, total, entry_responder[e], v
                )
        for e in range(in_first[v], in_first[v + 1]):
            a = in_arc[e]
            u = tail[a]
            through_ms = reached_ms + time_ms[a]
            if through_ms < done_ms[u]:
                done_ms[u] = through_ms
                next_arc[u] = a
                size = _push(keys, nodes, size, through_ms, u)
    return best_responder[:count], best_ms[:count], best_node[:count], next_arc
