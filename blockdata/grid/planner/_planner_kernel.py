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
    source = np.empty(ends.size, dtype=np.int64)
    for v in range(n):
        source[starts[v] : starts[v + 1]] = v
    state = np.empty(1, dtype=np.uint64)
    state[0] = np.uint64(88172645463325252) ^ (np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15))
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
        gain = (
            _penalty(load[a], target[a], rules[0], rules[1], rules[2])
            + _penalty(load[b], target[b], rules[0], rules[1], rules[2])
            - _penalty(load[a] - w, target[a], rules[0], rules[1], rules[2])
            - _penalty(load[b] + w, target[b], rules[0], rules[1], rules[2])
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


@njit(cache=True, nogil=True)
def best_cut(x, y, reach, load):
    """The straight line that best parts a block's buildings: (angle, offset, clear width).

    Of 12 directions and every gap between buildings that leaves 30–70% of the load on a side (any
    gap where there is none), the one with the shortest crossing, the widest gap, and fair halves.
    The line is all points with x·cos(angle) + y·sin(angle) = offset.

    Args:
        x, y: (m,) metres, m ≥ 2.
        reach: (m,) half the width of each building, metres.
        load: (m,) load of each.
    """
    total = load.sum()
    best, best_angle, best_offset, best_gap = np.inf, 0.0, 0.0, 0.0
    for narrow in (True, False):
        for turn in range(12):
            angle = np.pi * turn / 12
            along = x * np.cos(angle) + y * np.sin(angle)
            across = -x * np.sin(angle) + y * np.cos(angle)
            span = across.max() - across.min() + 1.0
            order = np.argsort(along)
            front, share = -np.inf, 0.0
            for i in range(order.size - 1):
                here, after = order[i], order[i + 1]
                front = max(front, along[here] + reach[here])
                share += load[here] / total if total > 0 else 1.0 / order.size
                if narrow and (share < 0.3 or share > 0.7):
                    continue
                if along[after] - along[here] < 0.01:
                    continue
                gap = along[after] - reach[after] - front
                score = span * (1.0 + 2.0 * abs(share - 0.5)) + 20.0 * max(0.0, 2.0 - gap)
                if score < best:
                    best, best_angle, best_gap = score, angle, gap
                    low, high = along[here] + reach[here], along[after] - reach[after]
                    if high <= low:
                        low, high = along[here], along[after]
                    best_offset = (low + high) / 2
        if best < np.inf:
            break
    return best_angle, best_offset, best_gap


@njit(cache=True, nogil=True)
def assign(cost):
    """The cheapest one-to-one assignment of rows to columns (rows ≤ columns): (rows,) columns.

    The Hungarian method with potentials, O(rows² · columns) (Jonker and Volgenant's shortest
    augmenting paths).
    """
    rows, columns = cost.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, dtype=np.int64)
    way = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = np.full(columns + 1, np.inf)
        used = np.zeros(columns + 1, dtype=np.bool_)
        while True:
            used[column] = True
            at, step, following = row_of[column], np.inf, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                reduced = cost[at - 1, j - 1] - u[at] - v[j]
                if reduced < least[j]:
                    least[j] = reduced
                    way[j] = column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    u[row_of[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = following
            if row_of[column] == 0:
                break
        while column != 0:
            row_of[column] = row_of[way[column]]
            column = way[column]
    chosen = np.empty(rows, dtype=np.int64)
    for j in range(1, columns + 1):
        if row_of[j] > 0:
            chosen[row_of[j] - 1] = j - 1
    return chosen
