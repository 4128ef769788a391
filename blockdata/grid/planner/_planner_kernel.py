"""Numbers only: pieces of a partition, its repair, and its improvement by single moves.

A graph stands as CSR arrays ``starts`` (n + 1) and ``ends`` (2 m), with ``cost`` (2 m), the cost of
cutting each link. ``part`` (n) is the grid of each vertex, 0 … k − 1.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def label_pieces(starts, ends, part):
    """The connected piece of each vertex within its part: (piece (n,), number of pieces)."""
    n = part.size
    piece = np.full(n, -1, dtype=np.int64)
    stack = np.empty(n, dtype=np.int64)
    found = 0
    for first in range(n):
        if piece[first] >= 0:
            continue
        piece[first] = found
        stack[0], top = first, 1
        while top > 0:
            top -= 1
            v = stack[top]
            for e in range(starts[v], starts[v + 1]):
                u = ends[e]
                if piece[u] < 0 and part[u] == part[v]:
                    piece[u] = found
                    stack[top] = u
                    top += 1
        found += 1
    return piece, found


@njit(cache=True, nogil=True)
def settle_strays(starts, ends, cost, weight, part, k):
    """Give every piece but the heaviest of each part to the neighbour it borders most; in place.

    A part that is gone (nothing left) stays empty. Returns the number of vertices moved.
    """
    moved = 0
    for _ in range(k + 1):
        piece, found = label_pieces(starts, ends, part)
        load = np.zeros(found)
        owner = np.zeros(found, dtype=np.int64)
        for v in range(part.size):
            load[piece[v]] += weight[v] + 1e-9
            owner[piece[v]] = part[v]
        main = np.full(k, -1, dtype=np.int64)
        for p in range(found):
            g = owner[p]
            if main[g] < 0 or load[p] > load[main[g]]:
                main[g] = p
        border = np.zeros((found, k))
        for v in range(part.size):
            p = piece[v]
            if main[owner[p]] != p:
                for e in range(starts[v], starts[v + 1]):
                    g = part[ends[e]]
                    if g != part[v] and main[g] == piece[ends[e]]:
                        border[p, g] += cost[e] + 1e-9
        changed = False
        for v in range(part.size):
            p = piece[v]
            if main[owner[p]] != p:
                best = np.argmax(border[p])
                if border[p, best] > 0.0:
                    part[v] = best
                    moved += 1
                    changed = True
        if not changed:
            break
    return moved


@njit(cache=True, nogil=True)
def halve(starts, ends, weight, part, old, new):
    """Half of part ``old``, grown breadth-first from its far end, becomes part ``new``; in place.

    Returns False where ``old`` is a single vertex.
    """
    n = part.size
    total, size, start = 0.0, 0, -1
    for v in range(n):
        if part[v] == old:
            total += weight[v]
            size += 1
            start = v
    if size < 2:
        return False
    queue = np.empty(n, dtype=np.int64)
    for _ in range(2):  # the second walk begins at the far end that the first one found
        seen = np.zeros(n, dtype=np.bool_)
        seen[start] = True
        queue[0], head, tail = start, 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            for e in range(starts[v], starts[v + 1]):
                u = ends[e]
                if part[u] == old and not seen[u]:
                    seen[u] = True
                    queue[tail] = u
                    tail += 1
        start = queue[tail - 1]
    taken = 0.0
    for at in range(tail - 1):
        v = queue[at]
        if at > 0 and taken + weight[v] / 2 > total / 2:
            break
        part[v] = new
        taken += weight[v]
    return True


@njit(cache=True, nogil=True)
def _random(state):
    """The next of a xorshift64* sequence as a float in [0, 1); ``state`` (1,) uint64."""
    s = state[0]
    s ^= s >> np.uint64(12)
    s ^= s << np.uint64(25)
    s ^= s >> np.uint64(27)
    state[0] = s
    return float((s * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def _seeded(seed):
    state = np.empty(1, dtype=np.uint64)
    state[0] = np.uint64(88172645463325252) ^ (np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15))
    return state


@njit(cache=True, nogil=True)
def _penalty(load, target, even, hinge, tolerated):
    off = load / target - 1.0
    beyond = max(0.0, abs(off) - tolerated)
    return even * off * off + hinge * beyond * beyond


@njit(cache=True, nogil=True)
def _holds_without(starts, ends, part, v, stamp, mark, stack):
    """Whether the part of ``v`` stays in one piece when ``v`` leaves it."""
    own = part[v]
    wanted, first = 0, -1
    for e in range(starts[v], starts[v + 1]):
        u = ends[e]
        if part[u] == own and stamp[u] != mark:
            stamp[u] = mark  # wanted
            wanted += 1
            first = u
    if wanted == 0:
        return False  # it would leave the part empty
    if wanted == 1:
        return True
    # Reached vertices are stamped mark + 1; those only wanted keep mark.
    stack[0], top, reached = first, 1, 1
    stamp[first] = mark + 1
    stamp[v] = mark + 1
    while top > 0:
        top -= 1
        w = stack[top]
        for e in range(starts[w], starts[w + 1]):
            u = ends[e]
            if part[u] == own and stamp[u] != mark + 1:
                if stamp[u] == mark:
                    reached += 1
                    if reached == wanted:
                        return True
                stamp[u] = mark + 1
                stack[top] = u
                top += 1
    return reached == wanted


@njit(cache=True, nogil=True)
def _gain(starts, ends, cost, part, load, target, home, stay, rules, w, v, b):
    """By how much the objective falls when ``v``, of load ``w``, goes to part ``b``."""
    a = part[v]
    even, hinge, tolerated = rules[0], rules[1], rules[2]
    gain = (
        _penalty(load[a], target[a], even, hinge, tolerated)
        + _penalty(load[b], target[b], even, hinge, tolerated)
        - _penalty(load[a] - w, target[a], even, hinge, tolerated)
        - _penalty(load[b] + w, target[b], even, hinge, tolerated)
    )
    for f in range(starts[v], starts[v + 1]):
        if part[ends[f]] == a:
            gain -= cost[f]
        elif part[ends[f]] == b:
            gain += cost[f]
    if home[v] == a:
        gain -= stay[v]
    elif home[v] == b:
        gain += stay[v]
    return gain


@njit(cache=True, nogil=True)
def improve(
    starts, ends, cost, weight, part, target, home, stay, free, rules, moves, heat, cold, seed
):
    """Move border vertices between parts, each staying in one piece; simulated annealing, in place.

    Args:
        starts, ends, cost: the graph; ``cost`` in the unit of the objective.
        weight: (n,) load of each vertex.
        part: (n,) changed in place.
        target: (k,) load that each part should have.
        home: (n,) part that a vertex had before, −1 for none.
        stay: (n,) cost of a vertex being elsewhere than at home.
        free: (k,) whether a part may give and take.
        rules: (3,) weight of the squared deviation, of its square beyond the tolerance, tolerance.
        moves: trials while cooling from ``heat`` to ``cold``; as many greedy ones follow at most.
        seed: any integer.

    Returns:
        Number of moves made.
    """
    n, k = part.size, target.size
    load = np.zeros(k)
    for v in range(n):
        load[part[v]] += weight[v]
    source = np.repeat(np.arange(n), np.diff(starts))
    state = _seeded(seed)
    stamp = np.zeros(n, dtype=np.int64)
    stack = np.empty(n, dtype=np.int64)
    mark, made, idle = 0, 0, 0
    if ends.size == 0:
        return 0
    ratio = (cold / heat) ** (1.0 / max(moves, 1))
    temperature = heat
    for trial in range(2 * moves):
        temperature = temperature * ratio if trial < moves else 0.0
        e = int(_random(state) * ends.size)
        v = source[e]
        a, b = part[v], part[ends[e]]
        if trial >= moves:
            idle += 1
            if idle > 4 * ends.size:
                break
        if a == b or not free[a] or not free[b]:
            continue
        w = weight[v]
        gain = _gain(starts, ends, cost, part, load, target, home, stay, rules, w, v, b)
        if gain <= 1e-12 and (
            temperature == 0.0 or _random(state) >= np.exp(min(gain, 0.0) / temperature)
        ):
            continue
        mark += 2
        if not _holds_without(starts, ends, part, v, stamp, mark, stack):
            continue
        part[v] = b
        load[a] -= w
        load[b] += w
        made += 1
        idle = 0
    return made
