"""Kernels that turn an elimination order into a contraction hierarchy.

Nodes are named by rank here: 0 is eliminated first. The *chordal supergraph* holds every arc that
elimination brings about; its arcs point up (from lower to higher rank) and are stored by their
lower end, heads ascending. The parent of a node in the *elimination tree* is its lowest up
neighbour; all up neighbours of a node are its ancestors.

Dibbelt, Strasser, Wagner: Customizable Contraction Hierarchies. ACM JEA 21 (2016).
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def undirected(n_nodes, tails, heads, rank):
    """Adjacency (CSR) of the undirected simple graph under arcs, with nodes renamed by ``rank``.

    Self loops and repeated arcs are dropped; neighbours ascend. Returns ``first`` int32[n+1] and
    ``neighbour`` int32[...].
    """
    count = np.zeros(n_nodes + 1, np.int32)
    for a in range(tails.size):
        if tails[a] != heads[a]:
            count[rank[tails[a]] + 1] += 1
            count[rank[heads[a]] + 1] += 1
    for v in range(n_nodes):
        count[v + 1] += count[v]
    fill = count[:-1].copy()
    every = np.empty(count[n_nodes], np.int32)
    for a in range(tails.size):
        t = rank[tails[a]]
        h = rank[heads[a]]
        if t != h:
            every[fill[t]] = h
            fill[t] += 1
            every[fill[h]] = t
            fill[h] += 1
    first = np.zeros(n_nodes + 1, np.int32)
    kept = 0
    for v in range(n_nodes):
        row = np.sort(every[count[v] : count[v + 1]])
        for i in range(row.size):
            if i == 0 or row[i] != row[i - 1]:
                every[kept] = row[i]
                kept += 1
        first[v + 1] = kept
    return first, every[:kept].copy()


@njit(cache=True, nogil=True)
def eliminate(first, neighbour):
    """Chordal supergraph of an undirected graph whose nodes are named by rank.

    The up neighbours of a node are its own higher neighbours and those of its children in the
    elimination tree, without itself (symbolic Cholesky factorisation).

    Returns ``up_first`` int32[n+1], ``up_head`` int32[m'] and ``parent`` int32[n] (-1 at a root).
    """
    n_nodes = first.size - 1
    up_first = np.zeros(n_nodes + 1, np.int32)
    up_head = np.empty(max(16, 2 * neighbour.size), np.int32)
    parent = np.full(n_nodes, -1, np.int32)
    first_child = np.full(n_nodes, -1, np.int32)
    next_child = np.full(n_nodes, -1, np.int32)
    seen_by = np.full(n_nodes, -1, np.int32)
    size = 0
    for v in range(n_nodes):
        start = size
        seen_by[v] = v
        need = first[v + 1] - first[v]
        c = first_child[v]
        while c >= 0:
            need += up_first[c + 1] - up_first[c]
            c = next_child[c]
        if size + need > up_head.size:
            larger = np.empty(2 * up_head.size + need, np.int32)
            larger[:size] = up_head[:size]
            up_head = larger
        for i in range(first[v], first[v + 1]):
            u = neighbour[i]
            if u > v and seen_by[u] != v:
                seen_by[u] = v
                up_head[size] = u
                size += 1
        c = first_child[v]
        while c >= 0:
            for i in range(up_first[c], up_first[c + 1]):
                u = up_head[i]
                if seen_by[u] != v:
                    seen_by[u] = v
                    up_head[size] = u
                    size += 1
            c = next_child[c]
        up_head[start:size] = np.sort(up_head[start:size])
        up_first[v + 1] = size
        if size > start:
            p = up_head[start]
            parent[v] = p
            next_child[v] = first_child[p]
            first_child[p] = v
    return up_first, up_head[:size].copy(), parent


@njit(cache=True, nogil=True)
def children(parent):
    """First child and next sibling of every node of the elimination tree, -1 for none."""
    first_child = np.full(parent.size, -1, np.int32)
    next_child = np.full(parent.size, -1, np.int32)
    for v in range(parent.size - 1, -1, -1):
        if parent[v] >= 0:
            next_child[v] = first_child[parent[v]]
            first_child[parent[v]] = v
    return first_child, next_child


@njit(cache=True, nogil=True)
def tree(up_first, parent):
    """What a search reads of every node, in one row; the columns are named in ``fleet_search``."""
    first_child, next_child = children(parent)
    rows = np.full((up_first.size, 4), -1, np.int32)
    rows[:, 0] = up_first
    rows[:-1, 1] = parent
    rows[:-1, 2] = first_child
    rows[:-1, 3] = next_child
    return rows


@njit(cache=True, nogil=True)
def postorder(parent):
    """Position of each node in a postorder of the elimination tree, children by ascending rank.

    Renaming nodes so changes no arc of the chordal supergraph and lays every subtree out as one
    run of ranks that ends with its root.
    """
    n_nodes = parent.size
    first_child, next_child = children(parent)
    position = np.empty(n_nodes, np.int32)
    done = 0
    for root in range(n_nodes):
        if parent[root] >= 0:
            continue
        v = root
        while v >= 0:
            while first_child[v] >= 0:
                c = first_child[v]
                first_child[v] = next_child[c]
                v = c
            position[v] = done
            done += 1
            v = parent[v] if v != root else -1
    return position


@njit(cache=True, nogil=True)
def levels(parent):
    """Depth of each node below its root in the elimination tree (a root has 0)."""
    level = np.zeros(parent.size, np.int32)
    for v in range(parent.size - 1, -1, -1):
        if parent[v] >= 0:
            level[v] = level[parent[v]] + 1
    return level


@njit(cache=True, nogil=True)
def find_arc(up_first, up_head, low, high):
    """Place of the arc from ``low`` up to ``high``; -1 if there is none."""
    a = up_first[low]
    b = up_first[low + 1]
    end = b
    while a < b:
        mid = (a + b) >> 1
        if up_head[mid] < high:
            a = mid + 1
        else:
            b = mid
    if a < end and up_head[a] == high:
        return a
    return -1


@njit(cache=True, nogil=True)
def input_slots(tails, heads, rank, up_first, up_head):
    """Where each input arc goes: ``2·arc`` for up, ``2·arc + 1`` for down, -1 for a self loop."""
    slot = np.empty(tails.size, np.int32)
    for a in range(tails.size):
        t = rank[tails[a]]
        h = rank[heads[a]]
        if t < h:
            slot[a] = 2 * find_arc(up_first, up_head, t, h)
        elif h < t:
            slot[a] = 2 * find_arc(up_first, up_head, h, t) + 1
        else:
            slot[a] = -1
    return slot


@njit(cache=True, nogil=True)
def group(keys, n_keys):
    """CSR of places by key: ``first`` int32[n+1], ``place`` int32[...]; negative keys left out."""
    first = np.zeros(n_keys + 1, np.int32)
    for i in range(keys.size):
        if keys[i] >= 0:
            first[keys[i] + 1] += 1
    for k in range(n_keys):
        first[k + 1] += first[k]
    fill = first[:-1].copy()
    place = np.empty(first[n_keys], np.int32)
    for i in range(keys.size):
        if keys[i] >= 0:
            place[fill[keys[i]]] = i
            fill[keys[i]] += 1
    return first, place


@njit(cache=True, nogil=True)
def triangles(up_first, up_head):
    """The arc opposite to the lowest corner, for every triangle of the chordal supergraph.

    Triangles are listed by lowest corner x, then by its arcs (x, y) and (x, z) with y < z in the
    order of storage. Returns ``first`` int64[n+1] (by lowest corner) and ``opposite`` int32[...].
    """
    n_nodes = up_first.size - 1
    first = np.zeros(n_nodes + 1, np.int64)
    for x in range(n_nodes):
        d = np.int64(up_first[x + 1] - up_first[x])
        first[x + 1] = first[x] + d * (d - 1) // 2
    opposite = np.empty(first[n_nodes], np.int32)
    t = 0
    for x in range(n_nodes):
        end = up_first[x + 1]
        for i in range(up_first[x], end):
            at = up_first[up_head[i]]
            for j in range(i + 1, end):
                while up_head[at] != up_head[j]:
                    at += 1
                opposite[t] = at
                t += 1
    return first, opposite


@njit(cache=True, nogil=True)
def arc_tails(up_first):
    """The lower end of every arc."""
    tail = np.empty(up_first[-1], np.int32)
    for v in range(up_first.size - 1):
        tail[up_first[v] : up_first[v + 1]] = v
    return tail
