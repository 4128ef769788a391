"""Kernels that give the arcs of a hierarchy their travel times.

Basic customisation by relaxing all triangles from their lowest corner upwards, and the partial
form that only follows the arcs whose value changes (Dibbelt, Strasser, Wagner: Customizable
Contraction Hierarchies. ACM JEA 21 (2016), sections 5 and 6).

Times are int32 milliseconds, none above ``INFINITE``; two of them add without overflow, and every
sum is kept only where it is smaller than a value that is itself at most ``INFINITE``.
"""

import numpy as np
from numba import njit

INFINITE = np.int32((1 << 30) - 1)
U32 = np.uint32  # an index that is never negative: numba leaves out its test for those that are
I32 = np.int32


@njit(cache=True, nogil=True)
def load_inputs(slot_first, slot_input, input_ms, up_ms, down_ms):
    """Give every arc the least of its own input arcs, or ``INFINITE`` where it has none."""
    for arc in range(up_ms.size):
        best = INFINITE
        for i in range(U32(slot_first[2 * arc]), U32(slot_first[2 * arc + 1])):
            best = min(best, input_ms[U32(slot_input[i])])
        up_ms[arc] = best
        best = INFINITE
        for i in range(U32(slot_first[2 * arc + 1]), U32(slot_first[2 * arc + 2])):
            best = min(best, input_ms[U32(slot_input[i])])
        down_ms[arc] = best


@njit(cache=True, nogil=True)
def relax_triangles(up_first, opposite, up_ms, down_ms):
    """Basic customisation: shorten every arc by the detours over its lower triangles."""
    t = np.uint64(0)
    for x in range(up_first.size - 1):
        end = U32(up_first[x + 1])
        for i in range(U32(up_first[x]), end):
            from_y = down_ms[i]
            to_y = up_ms[i]
            for j in range(i + U32(1), end):
                yz = U32(opposite[t])
                t += np.uint64(1)
                up_ms[yz] = min(up_ms[yz], I32(from_y + up_ms[j]))
                down_ms[yz] = min(down_ms[yz], I32(down_ms[j] + to_y))


@njit(cache=True, nogil=True)
def _recompute(
    arc, low, high, slot_first, slot_input, input_ms, down_first, down_arc, tail, up_ms, down_ms
):
    """Both times of one arc afresh: its inputs, and the detours over common lower neighbours."""
    up = INFINITE
    for i in range(slot_first[2 * arc], slot_first[2 * arc + 1]):
        up = min(up, input_ms[slot_input[i]])
    down = INFINITE
    for i in range(slot_first[2 * arc + 1], slot_first[2 * arc + 2]):
        down = min(down, input_ms[slot_input[i]])
    i = down_first[low]
    j = down_first[high]
    i_end = down_first[low + 1]
    j_end = down_first[high + 1]
    while i < i_end and j < j_end:
        a = down_arc[i]
        b = down_arc[j]
        if tail[a] < tail[b]:
            i += 1
        elif tail[b] < tail[a]:
            j += 1
        else:
            up = min(up, down_ms[a] + up_ms[b])
            down = min(down, down_ms[b] + up_ms[a])
            i += 1
            j += 1
    return up, down


@njit(cache=True, nogil=True)
def _push(heap, size, value):
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= value:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = value
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap, size):
    top = heap[0]
    size -= 1
    value = heap[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= value:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = value
    return top, size


@njit(cache=True, nogil=True)
def recustomise(
    changed,
    up_first,
    up_head,
    tail,
    down_first,
    down_arc,
    triangle_first,
    opposite,
    slot_first,
    slot_input,
    input_ms,
    up_ms,
    down_ms,
    budget,
):
    """Partial customisation after the inputs of the arcs ``changed`` have changed.

    Arcs are taken in the order of storage, which is by lower end, so that an arc is recomputed
    after all its lower triangles; an arc is queued only if a changed leg may matter to it. Works in
    place. Returns the number of arcs recomputed, or -1 if more than ``budget`` would be (the times
    are then half done: customise in full).
    """
    heap = np.empty(up_head.size, np.int32)
    queued = np.zeros(up_head.size, np.bool_)
    size = 0
    for k in range(changed.size):
        if not queued[changed[k]]:
            queued[changed[k]] = True
            size = _push(heap, size, changed[k])
    done = 0
    while size > 0:
        arc, size = _pop(heap, size)
        queued[arc] = False
        done += 1
        if done > budget:
            return -1
        low = tail[arc]
        old_up = up_ms[arc]
        old_down = down_ms[arc]
        up, down = _recompute(
            arc,
            low,
            up_head[arc],
            slot_first,
            slot_input,
            input_ms,
            down_first,
            down_arc,
            tail,
            up_ms,
            down_ms,
        )
        if up == old_up and down == old_down:
            continue
        up_ms[arc] = up
        down_ms[arc] = down
        start = up_first[low]
        degree = up_first[low + 1] - start
        mine = arc - start
        for other in range(degree):
            if other == mine:
                continue
            i = min(mine, other)
            j = max(mine, other)
            t = triangle_first[low] + i * (degree - 1) - i * (i - 1) // 2 + (j - i - 1)
            target = opposite[t]
            if queued[target]:
                continue
            # Times from the corner that ``arc`` leads to towards the other one, and back.
            there = up_ms[target] if mine < other else down_ms[target]
            back = down_ms[target] if mine < other else up_ms[target]
            out = up_ms[start + other]
            home = down_ms[start + other]
            if (
                (old_down + out == there and down > old_down)
                or down + out < there
                or (home + old_up == back and up > old_up)
                or home + up < back
            ):
                queued[target] = True
                size = _push(heap, size, target)
    return done
