"""Kernels that find the nearest responders of a fleet over a hierarchy.

A responder stands at up to two *entries*: nodes that it can reach first, each with the time that
takes. Every node of the elimination tree counts the entries in its subtree. A search climbs from
the target, then descends from the root, best bound first, into subtrees that hold entries: whoever
is in the subtree of v and the target is not must leave it through an up neighbour of v, and their
times to the target are exact by then, so their least bounds the whole subtree.

After Buchhold, Wagner: Nearest-Neighbor Queries in Customizable Contraction Hierarchies and
Applications. SEA 2021; the descent is a PHAST sweep (Delling et al. 2011) cut short by the bound.

Nodes are ranks. Times are int32 ms; ``INFINITE`` is "no way". What is read together lies together,
for a search comes upon a node once and finds next to nothing of it in the processor's cache: rows
of ``tree`` (the streets), ``live`` and ``entries`` (the fleet), ``terms`` (the responders).
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


@intrinsic
def _fetch(_, array, at):
    """Have the processor load the element at a place in memory order before it is needed.

    A hint that changes no answer (LLVM's ``llvm.prefetch``: read, keep, data): a search waits for
    memory more than it computes, and here it knows where it goes next. Saves a seventh of its time.
    """
    byte = ir.IntType(8).as_pointer()
    number = ir.IntType(32)

    def generate(context, builder, signature, arguments):
        values = make_array(signature.args[0])(context, builder, arguments[0]).data
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        pointer = builder.bitcast(builder.gep(values, [place]), byte)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(hint, [pointer, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, at), generate


INFINITE = np.int32((1 << 30) - 1)
UP, PARENT, CHILD, SIBLING = range(4)
"""Columns of ``tree``: first up arc, parent, first child, next child of the parent."""
BUCKET, COUNT, TIME, ON_CHAIN = range(4)
"""Columns of ``live``: first entry at the node, entries in its subtree, and a search's scratch."""
AFTER, BEFORE, MS, ARC = range(4)
"""Columns of ``entries``: the next and the last at the same node, time to it, input arc."""
ATTRIBUTES, UNTIL, ACCESS, NAME = range(4)
"""Columns of ``terms``: bits of what a responder has, last moment at which its position holds, its
time to the street, and what it is called in answers of ``nearest_to_place``."""
ROW = 4
"""Columns of a row of each; what a place in memory is counted in."""
LINE = 16
"""Numbers of 32 bits that the processor loads at once."""
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
def ways_in(segment, forward_ms, backward_ms, segment_first, segment_way):
    """The arcs on which a place on a segment lies (copies for turns too), and what is at them.

    Times are those from the tail by direction, negative where that is closed. Returns the tails,
    the times, the arcs and the heads.
    """
    begin = segment_first[segment] if segment >= 0 else 0
    end = segment_first[segment + 1] if segment >= 0 else 0
    found = np.empty((4, end - begin), np.int32)
    n = 0
    for i in range(begin, end):
        ms = forward_ms if segment_way[i, 1] == 0 else backward_ms
        if ms >= 0:  # a street closed for now still has its arcs
            found[0, n], found[1, n] = segment_way[i, 2], ms
            found[2, n], found[3, n] = segment_way[i, 0], segment_way[i, 3]
            n += 1
    return found[0, :n], found[1, :n], found[2, :n], found[3, :n]


@njit(cache=True, nogil=True)
def _chain_of(nodes, offsets, tree, live, chain, up_head, up_ms, down_ms):
    """The target's nodes and all their ancestors, ascending, into ``chain``; returns their number.

    They are marked, and their times begin with the target's own.
    """
    tips = nodes.copy()
    size = 0
    while True:
        v = I32(-1)
        for i in range(tips.size):
            if tips[i] >= 0 and (v < 0 or tips[i] < v):
                v = tips[i]
        if v < 0:
            break
        chain[size] = v
        size += 1
        live[U32(v), TIME] = INFINITE
        live[U32(v), ON_CHAIN] = 1
        begin = tree[U32(v), UP]
        _fetch(up_head, begin)
        _fetch(down_ms, begin)
        _fetch(up_ms, begin)
        for i in range(tips.size):
            if tips[i] == v:
                tips[i] = tree[U32(v), PARENT]
    for i in range(nodes.size):
        if nodes[i] >= 0:
            live[U32(nodes[i]), TIME] = min(live[U32(nodes[i]), TIME], offsets[i])
    return size


@njit(cache=True, nogil=True)
def _offer_bucket(e, there, found, bound, k, needs, now, entries, terms, best_id, best_ms):
    """Offer whoever has an entry in a list, which is ``there`` ms away; returns found and bound."""
    while e >= 0:
        ms = np.int64(there) + entries[U32(e), MS]
        if ms <= bound:
            who = e >> 1
            fits = (terms[U32(who), ATTRIBUTES] & needs) == needs
            if fits and terms[U32(who), UNTIL] >= now:
                found = _offer(found, k, best_id, best_ms, who, ms)
                if found == k:
                    bound = min(bound, np.int64(best_ms[k - 1]))
        e = entries[U32(e), AFTER]
    return found, bound


@njit(cache=True, nogil=True)
def _same_arc(
    nodes, offsets, arcs, heads, k, bound, needs, now,
    input_ms, live, entries, terms, best_id, best_ms,
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
        e = live[heads[i], BUCKET]
        while e >= 0:
            who = e >> 1
            ms = np.int64(entries[e, MS]) + offsets[i] - input_ms[arc]
            straight_on = entries[e, ARC] == arc and terms[who, ACCESS] <= ms <= bound
            fits = (terms[who, ATTRIBUTES] & needs) == needs and terms[who, UNTIL] >= now
            if straight_on and fits:
                found = _offer(found, k, best_id, best_ms, who, ms)
            e = entries[e, AFTER]
    return found


@njit(cache=True, nogil=True)
def nearest(
    nodes, offsets, arcs, heads, k, limit_ms, needs, now,
    input_ms, tree, up_head, up_ms, down_ms,
    live, entries, terms, scratch, best_id, best_ms,
):  # fmt: skip
    """The k responders with the least time to a target, within ``limit_ms``; returns how many.

    The target is entered by ``nodes`` (-1 for none), ``offsets`` is the time from each, ``arcs``
    the input arc it lies on (-1 for none), ``heads`` where that leads. Left out are responders that
    lack a bit of ``needs`` or are known only ``until`` before ``now``. Ties go to the lower id.
    Writes ``best_id`` and ``best_ms``, ascending; ``scratch`` is int64[2, nodes].
    """
    chain, heap = scratch[0], scratch[1]
    bound = np.int64(limit_ms)
    found = _same_arc(
        nodes, offsets, arcs, heads, k, bound, needs, now,
        input_ms, live, entries, terms, best_id, best_ms,
    )  # fmt: skip
    if found == k:
        bound = min(bound, np.int64(best_ms[k - 1]))

    # Up the chain: times by ways that only descend, which bound the true ones from above. Ways
    # within the bound have their highest node on the chain, within the bound, so what lies above
    # the last such node does not matter.
    links = _chain_of(nodes, offsets, tree, live, chain, up_head, up_ms, down_ms)
    at = -1
    for i in range(links):
        v = U32(chain[i])
        here = live[v, TIME]
        if here > bound:
            continue
        at = i
        for arc in range(U32(tree[v, UP]), U32(tree[v + U32(1), UP])):
            u = U32(up_head[arc])
            live[u, TIME] = min(live[u, TIME], I32(here + down_ms[arc]))
        found, bound = _offer_bucket(
            live[v, BUCKET], here, found, bound, k, needs, now, entries, terms, best_id, best_ms
        )
    while at >= 0 and live[U32(chain[at]), TIME] > bound:
        at -= 1

    size = 0
    expand = I32(-1)
    while True:
        # Down the chain with exact times; then children of the node with the least bound.
        best = INFINITE
        if at >= 0:
            v = U32(chain[at])
            at -= 1
            best = live[v, TIME]
        elif expand >= 0:
            v = U32(expand)
            expand = tree[v, SIBLING]
            if expand >= 0:
                ahead = tree[U32(expand), UP]
                _fetch(up_head, ahead)
                _fetch(up_ms, ahead)
            if live[v, COUNT] == 0 or live[v, ON_CHAIN]:
                continue
        elif size > 0:
            top, size = _pop(heap, size)
            if (top >> 32) > bound:
                break
            expand = tree[U32(top & 0xFFFFFFFF), CHILD]
            continue
        else:
            break
        begin = np.int64(tree[v, UP])
        _fetch(up_head, begin - LINE)  # the child before it is mostly next
        _fetch(up_ms, begin - LINE)
        _fetch(up_head, begin - 2 * LINE)
        _fetch(up_ms, begin - 2 * LINE)
        _fetch(tree, np.int64(v) * ROW - LINE)
        _fetch(live, np.int64(v) * ROW - LINE)
        leave = INFINITE
        for arc in range(U32(tree[v, UP]), U32(tree[v + U32(1), UP])):
            there = live[U32(up_head[arc]), TIME]
            leave = min(leave, there)
            best = min(best, I32(there + up_ms[arc]))
        live[v, TIME] = best
        leave = min(leave, best)
        if leave <= bound and tree[v, CHILD] >= 0:
            size = _push(heap, size, (np.int64(leave) << 32) | np.int64(v))
            _fetch(tree, np.int64(tree[v, CHILD]) * ROW)
            _fetch(live, np.int64(tree[v, CHILD]) * ROW)
        if best <= bound:
            found, bound = _offer_bucket(
                live[v, BUCKET], best, found, bound, k, needs, now,
                entries, terms, best_id, best_ms,
            )  # fmt: skip
    for i in range(links):
        live[U32(chain[i]), ON_CHAIN] = 0
    return found


@njit(cache=True, nogil=True)
def nearest_to_place(
    segment, forward_ms, backward_ms, after_ms, k, limit_ms, needs, now,
    segment_first, segment_way, rank, input_ms, tree, up_head, up_ms, down_ms,
    live, entries, terms, scratch, best,
):  # fmt: skip
    """``nearest`` for a place on a segment, ``after_ms`` from the street.

    ``forward_ms`` and ``backward_ms`` are as for ``ways_in``; the limit and the times written
    to ``best`` int32[2, k] (names, ms) count to the place. Returns how many were found.
    """
    nodes, offsets, arcs, heads = ways_in(
        segment, forward_ms, backward_ms, segment_first, segment_way
    )
    for i in range(nodes.size):
        nodes[i], heads[i] = rank[nodes[i]], rank[heads[i]]
    found = nearest(
        nodes, offsets, arcs, heads, k, min(limit_ms - after_ms, INFINITE - 1), needs, now,
        input_ms, tree, up_head, up_ms, down_ms,
        live, entries, terms, scratch, best[0], best[1],
    )  # fmt: skip
    for i in range(found):
        best[0, i] = terms[best[0, i], NAME]
        best[1, i] += after_ms
    return found
