"""Kernels for journeys between a few nodes: elimination-tree search, and unpacking to input arcs.

All up neighbours of a node are its ancestors in the elimination tree, so a search that walks from a
node to its root and relaxes each node once needs no queue (Dibbelt, Strasser, Wagner: Customizable
Contraction Hierarchies. ACM JEA 21 (2016), section 7). Times of such a chain are kept by level: of
one node, a level names one ancestor, and the arrays are as short as the tree is deep.

Nodes are ranks. Times are int32 ms; ``INFINITE`` is "no way".
"""

import numpy as np
from numba import njit

INFINITE = np.int32((1 << 30) - 1)
U32 = np.uint32  # an index that is never negative: numba leaves out its test for those that are


@njit(cache=True, nogil=True)
def _climb(node, start_ms, up_first, up_level, parent, arc_ms, times, via):
    """Times from ``node`` (entered at ``start_ms``) to its ancestors, upwards only, by level.

    ``via`` holds the arc by which each was reached. Levels above the root's are not touched.
    """
    depth = 0
    v = parent[node]
    while v >= 0:
        depth += 1
        v = parent[v]
    for level in range(depth + 1):
        times[level] = INFINITE
        via[level] = -1
    times[depth] = start_ms
    v = node
    while v >= 0:
        here = times[depth]
        if here < INFINITE:
            for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
                level = U32(up_level[arc])
                there = here + arc_ms[arc]
                if there < times[level]:
                    times[level] = there
                    via[level] = arc
        depth -= 1
        v = parent[v]


@njit(cache=True, nogil=True)
def _meet(s, t, parent, level):
    """Level of the lowest common ancestor of two nodes; -1 if they lie in different trees."""
    while s != t:
        if s < t:
            s = parent[s]
            if s < 0:
                return -1
        else:
            t = parent[t]
            if t < 0:
                return -1
    return level[s]


@njit(cache=True, nogil=True)
def journey(
    sources, source_ms, targets, target_ms, depth, up_first, up_level, parent, level, up_ms, down_ms
):
    """Least time from any source to any target, each with a time of its own to be added.

    Returns the time, the places of the source and the target in their lists, and the up arcs and
    the down arcs of the way through the hierarchy, in the order of travel. Ties go to the first
    source, then the first target.
    """
    out_times = np.empty((sources.size, depth), np.int32)
    out_via = np.empty((sources.size, depth), np.int32)
    in_times = np.empty((targets.size, depth), np.int32)
    in_via = np.empty((targets.size, depth), np.int32)
    for i in range(sources.size):
        _climb(
            sources[i], source_ms[i], up_first, up_level, parent, up_ms, out_times[i], out_via[i]
        )
    for j in range(targets.size):
        _climb(
            targets[j], target_ms[j], up_first, up_level, parent, down_ms, in_times[j], in_via[j]
        )
    best = INFINITE
    best_i = -1
    best_j = -1
    best_level = -1
    for i in range(sources.size):
        for j in range(targets.size):
            for at in range(_meet(sources[i], targets[j], parent, level) + 1):
                total = out_times[i, at] + in_times[j, at]
                if total < best:
                    best = total
                    best_i = i
                    best_j = j
                    best_level = at
    if best_i < 0:
        nothing = np.empty(0, np.int32)
        return INFINITE, -1, -1, nothing, nothing
    ups = _trace(best_level, out_via[best_i], sources[best_i], up_first, level)
    downs = _trace(best_level, in_via[best_j], targets[best_j], up_first, level)
    return best, best_i, best_j, ups[::-1].copy(), downs


@njit(cache=True, nogil=True)
def _trace(at, via, node, up_first, level):
    """The arcs from the ancestor at level ``at`` back to ``node``."""
    arcs = np.empty(level[node] + 1, np.int32)
    count = 0
    while at != level[node]:
        arc = via[at]
        arcs[count] = arc
        count += 1
        at = level[np.searchsorted(up_first, arc, side="right") - 1]
    return arcs[:count]


@njit(cache=True, nogil=True)
def unpack(
    ups,
    downs,
    tail,
    up_head,
    down_first,
    down_arc,
    slot_first,
    slot_input,
    input_ms,
    up_ms,
    down_ms,
):
    """The input arcs, in the order of travel, of a way that goes ``ups`` first and ``downs`` then.

    Where an input arc and a detour take equally long the input arc is preferred; among parallel
    input arcs the one given first. A detour is over a lower node, so the work ends. Raises
    ``ValueError`` where the times contradict each other.
    """
    stack = np.empty(64, np.int64)
    out = np.empty(64, np.int32)
    count = 0
    for k in range(ups.size + downs.size):
        stack[0] = 2 * ups[k] if k < ups.size else 2 * downs[k - ups.size] + 1
        size = 1
        while size > 0:
            size -= 1
            slot = stack[size]
            arc = slot >> 1
            going_down = slot & 1
            ms = down_ms[arc] if going_down else up_ms[arc]
            found = -1
            for i in range(slot_first[slot], slot_first[slot + 1]):
                if input_ms[slot_input[i]] == ms:
                    found = slot_input[i]
                    break
            if found >= 0:
                if count == out.size:
                    out = np.concatenate((out, np.empty_like(out)))
                out[count] = found
                count += 1
                continue
            start, end = tail[arc], up_head[arc]
            if going_down:
                start, end = end, start
            first_leg, second_leg = _detour(
                start, end, ms, tail, down_first, down_arc, up_ms, down_ms
            )
            if first_leg < 0:  # or it would unpack what is not there, without end
                raise ValueError("an arc's time is neither an input arc's nor a detour's")
            if size + 2 > stack.size:
                stack = np.concatenate((stack, np.empty_like(stack)))
            stack[size] = 2 * second_leg
            stack[size + 1] = 2 * first_leg + 1
            size += 2
    return out[:count].copy()


@njit(cache=True, nogil=True)
def _detour(start, end, ms, tail, down_first, down_arc, up_ms, down_ms):
    """The two arcs, down from ``start`` and up to ``end``, whose times add to ``ms``."""
    i = down_first[start]
    j = down_first[end]
    while i < down_first[start + 1] and j < down_first[end + 1]:
        a = down_arc[i]
        b = down_arc[j]
        if tail[a] < tail[b]:
            i += 1
        elif tail[b] < tail[a]:
            j += 1
        elif down_ms[a] + up_ms[b] == ms:
            return a, b
        else:
            i += 1
            j += 1
    return np.int32(-1), np.int32(-1)
