"""Kernels that find the nearest responders of a fleet over a hierarchy.

A responder stands at up to two *entries*: nodes that it can reach first, each with the time that
takes. Every node of the elimination tree counts the entries in its subtree. A search climbs from
the target, then descends from the root, best bound first, into subtrees that hold entries: whoever
is in the subtree of v and the target is not must leave it through an up neighbour of v, and their
times to the target are exact by then, so their least bounds the whole subtree.

After Buchhold, Wagner: Nearest-Neighbor Queries in Customizable Contraction Hierarchies and
Applications. SEA 2021; the descent is a PHAST sweep (Delling et al. 2011) cut short by the bound.

Nodes are ranks. Times are int32 ms; ``INFINITE`` is "no way".
"""

import numpy as np
from numba import njit

INFINITE = np.int32((1 << 30) - 1)
U32 = np.uint32  # an index that is never negative: numba leaves out its test for those that are
I32 = np.int32


@njit(cache=True, nogil=True)
def _offer(found, k, best_id, best_ms, who, ms):
    """Keep (ms, who) among the k best, each responder once; returns how many are kept."""
    at = found
    for i in range(found):
        if best_id[i] == who:
            if best_ms[i] <= ms:
                return found
            at = i
            break
    if at == found:
        if found < k:
            found += 1
        else:
            at = found - 1
            if ms > best_ms[at] or (ms == best_ms[at] and who > best_id[at]):
                return found
    while at > 0 and (best_ms[at - 1] > ms or (best_ms[at - 1] == ms and best_id[at - 1] > who)):
        best_ms[at] = best_ms[at - 1]
        best_id[at] = best_id[at - 1]
        at -= 1
    best_ms[at] = ms
    best_id[at] = who
    return found


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
def _chain_of(nodes, offsets, parent, times, chain, on_chain):
    """The target's nodes and all their ancestors, ascending, into ``chain``; returns their number.

    They are marked, and their ``times`` begin with the target's own.
    """
    tips = nodes.copy()
    size = 0
    while True:
        v = -1
        for i in range(tips.size):
            if tips[i] >= 0 and (v < 0 or tips[i] < v):
                v = tips[i]
        if v < 0:
            break
        chain[size] = v
        size += 1
        times[v] = INFINITE
        on_chain[v] = True
        for i in range(tips.size):
            if tips[i] == v:
                tips[i] = parent[v]
    for i in range(nodes.size):
        if nodes[i] >= 0:
            times[nodes[i]] = min(times[nodes[i]], offsets[i])
    return size


@njit(cache=True, nogil=True)
def _offer_bucket(
    v, there, found, bound, k, needs, now,
    bucket, after, entry_ms, has, until, best_id, best_ms,
):  # fmt: skip
    """Offer whoever has an entry at ``v``, which is ``there`` ms away; returns found and bound."""
    e = bucket[v]
    while e >= 0:
        ms = np.int64(there) + entry_ms[e]
        if ms <= bound:
            who = e >> 1
            if (has[who] & needs) == needs and until[who] >= now:
                found = _offer(found, k, best_id, best_ms, who, ms)
                if found == k:
                    bound = min(bound, np.int64(best_ms[k - 1]))
        e = after[e]
    return found, bound


@njit(cache=True, nogil=True)
def _same_arc(
    nodes, offsets, arcs, k, bound, needs, now,
    input_ms, input_head, bucket, after, entry_ms, entry_arc, access, has, until, best_id, best_ms,
):  # fmt: skip
    """Offer the responders that stand on an arc of the target, behind it; returns their number.

    Such a one goes straight on: its time from the street to the head, plus the target's time from
    the tail, less the time of the whole arc; and its time to the street on top.
    """
    found = 0
    for i in range(nodes.size):
        arc = arcs[i]
        if nodes[i] < 0 or arc < 0 or input_ms[arc] >= INFINITE:
            continue
        e = bucket[input_head[arc]]
        while e >= 0:
            who = e >> 1
            ms = np.int64(entry_ms[e]) + offsets[i] - input_ms[arc]
            straight_on = entry_arc[e] == arc and access[who] <= ms <= bound
            if straight_on and (has[who] & needs) == needs and until[who] >= now:
                found = _offer(found, k, best_id, best_ms, who, ms)
            e = after[e]
    return found


@njit(cache=True, nogil=True)
def _nearest(
    nodes, offsets, arcs, k, limit_ms, needs, now,
    input_ms, input_head, up_first, up_head, parent, first_child, next_child, up_ms, down_ms,
    bucket, after, entry_ms, entry_arc, access, counts, has, until,
    times, chain, on_chain, heap, best_id, best_ms,
):  # fmt: skip
    """The k responders nearest to one target; see ``nearest_each``."""
    bound = np.int64(limit_ms)
    found = _same_arc(
        nodes, offsets, arcs, k, bound, needs, now,
        input_ms, input_head, bucket, after, entry_ms, entry_arc, access, has, until,
        best_id, best_ms,
    )  # fmt: skip
    if found == k:
        bound = min(bound, np.int64(best_ms[k - 1]))

    # Up the chain: times by ways that only descend, which bound the true ones from above. Ways
    # within the bound have their highest node on the chain, within the bound, so what lies above
    # the last such node does not matter.
    links = _chain_of(nodes, offsets, parent, times, chain, on_chain)
    at = -1
    for i in range(links):
        v = chain[i]
        here = times[v]
        if here > bound:
            continue
        at = i
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            u = U32(up_head[arc])
            times[u] = min(times[u], I32(here + down_ms[arc]))
        found, bound = _offer_bucket(
            v, here, found, bound, k, needs, now,
            bucket, after, entry_ms, has, until, best_id, best_ms,
        )  # fmt: skip
    while at >= 0 and times[chain[at]] > bound:
        at -= 1

    size = 0
    expand = -1
    while True:
        # Down the chain with exact times; then children of the node with the least bound.
        best = INFINITE
        if at >= 0:
            v = chain[at]
            at -= 1
            best = times[v]
        elif expand >= 0:
            v = expand
            expand = next_child[v]
            if counts[v] == 0 or on_chain[v]:
                continue
        elif size > 0:
            top, size = _pop(heap, size)
            if (top >> 32) > bound:
                break
            expand = first_child[top & 0xFFFFFFFF]
            continue
        else:
            break
        leave = INFINITE
        for arc in range(U32(up_first[v]), U32(up_first[v + 1])):
            there = times[U32(up_head[arc])]
            leave = min(leave, there)
            best = min(best, I32(there + up_ms[arc]))
        times[v] = best
        leave = min(leave, best)
        if leave <= bound and first_child[v] >= 0:
            size = _push(heap, size, (np.int64(leave) << 32) | v)
        if best <= bound:
            found, bound = _offer_bucket(
                v, best, found, bound, k, needs, now,
                bucket, after, entry_ms, has, until, best_id, best_ms,
            )  # fmt: skip
    for i in range(links):
        on_chain[chain[i]] = False
    return found


@njit(cache=True, nogil=True)
def nearest_each(
    nodes, offsets, arcs, k, limit_ms, needs, now,
    rank, input_ms, input_head,
    up_first, up_head, parent, first_child, next_child, up_ms, down_ms,
    bucket, after, entry_ms, entry_arc, access, counts, has, until,
    times, chain, on_chain, heap, found, best_id, best_ms,
):  # fmt: skip
    """For every target the k responders with the least time to it, within ``limit_ms``.

    A target is a row of ``nodes`` from which it is entered (in the order of ``rank``, -1 for none),
    of ``offsets``, the time from each, and of ``arcs``, the input arc it lies on (-1 for none).
    Left out are responders that lack a bit of ``needs`` or are known only ``until`` before ``now``.
    Ties go to the lower id. Writes ``found`` and rows of ``best_id`` and ``best_ms``, ascending.

    Returns the first row with a number out of bounds, where it stops; -1 if there is none.
    """
    ranks = np.empty(nodes.shape[1], np.int32)
    for q in range(nodes.shape[0]):
        for i in range(ranks.size):
            if nodes[q, i] >= rank.size or arcs[q, i] >= input_ms.size:
                return q
            if not 0 <= offsets[q, i] <= INFINITE:
                return q
            ranks[i] = rank[nodes[q, i]] if nodes[q, i] >= 0 else I32(-1)
        found[q] = _nearest(
            ranks, offsets[q], arcs[q], k, limit_ms, needs, now,
            input_ms, input_head,
            up_first, up_head, parent, first_child, next_child, up_ms, down_ms,
            bucket, after, entry_ms, entry_arc, access, counts, has, until,
            times, chain, on_chain, heap, best_id[q], best_ms[q],
        )  # fmt: skip
    return -1
