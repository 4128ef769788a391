"""Which border chains are roads, and of what class and name: long straight strokes matter most."""

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.text import Text
from ingest.synthetic.geography.names import both
from ingest.synthetic.geography.tessellate import OUTSIDE, PlanarMap
from ingest.synthetic.geography.web import Way

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LONGEST_BRIDGE_M = 450.0
_STRAIGHT_ENOUGH = np.cos(np.radians(50.0))


@dataclass(frozen=True)
class Arterials:
    """Roads on the chains.

    Attributes:
        ways: what each chain is like; None where no road runs on it.
        bridge: whether it crosses water.
        start, end: junction at its ends.
        junctions: (n, 2) metres, not yet warped.
    """

    ways: list[Way | None]
    bridge: NDArray[np.bool_]
    start: Ints
    end: Ints
    junctions: Floats


def lay_arterials(
    plan: PlanarMap, avenue: tuple[Text, Floats], stems: list[str], rng: np.random.Generator
) -> Arterials:
    """Make roads of the chains between communities, bridges where they cross water, bank paths.

    Args:
        plan: the planar map.
        avenue: name and drawn course (n, 2) of the main road; it follows the chains nearest to it.
        stems: names to be used up, one for each road.
        rng: where the randomness comes from.
    """
    ends = np.array([np.concatenate([c[0], c[-1]]) for c in plan.chains]).reshape(-1, 2)
    junctions, index = np.unique(np.round(ends, 3), axis=0, return_inverse=True)
    start, end = index.reshape(-1, 2).T
    inner = (plan.left != OUTSIDE) & (plan.right != OUTSIDE)
    wet = np.column_stack([plan.face_water[plan.left], plan.face_water[plan.right]])
    length = np.array([_length(c) for c in plan.chains])
    bridge = inner & wet.all(axis=1) & (length < _LONGEST_BRIDGE_M)
    road = inner & (~wet.any(axis=1) | bridge)
    bank = inner & (wet.sum(axis=1) == 1)
    road = _without_stray_bridges(road, bridge, start, end, len(junctions))
    ways: list[Way | None] = [None] * len(plan.chains)
    main = _course(plan.chains, np.flatnonzero(road), start, end, junctions, avenue[1])
    for chain in main:
        ways[chain] = Way("trunk", name=avenue[0])
    others = np.setdiff1d(np.flatnonzero(road), main)
    strokes = _strokes(plan.chains, others, start, end)
    by_length = sorted(strokes, key=lambda s: (-length[s].sum(), s[0]))
    for rank, stroke in enumerate(by_length):
        way = _way(float(length[stroke].sum()), stems[rank], rng)
        for chain in stroke:
            ways[chain] = way
    for chain in np.flatnonzero(bank).tolist():
        ways[chain] = Way("path")
    return Arterials(ways, bridge & road, start, end, junctions)


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _without_stray_bridges(
    road: NDArray[np.bool_], bridge: NDArray[np.bool_], start: Ints, end: Ints, count: int
) -> NDArray[np.bool_]:
    """Roads without the bridges that no road on land leads to at both ends."""
    land = np.zeros(count, dtype=np.bool_)
    dry = road & ~bridge
    land[start[dry]] = land[end[dry]] = True
    kept: NDArray[np.bool_] = dry | (road & land[start] & land[end])
    return kept


def _strokes(chains: list[Floats], roads: Ints, start: Ints, end: Ints) -> list[list[int]]:
    """Chains that run on into each other, as lists; at a junction the straightest pair joins."""
    at: dict[int, list[tuple[int, Floats]]] = {}
    for c in roads.tolist():
        line = chains[c]
        reach = min(3, len(line) - 1)
        for node, away in (
            (start[c], line[reach] - line[0]),
            (end[c], line[-1 - reach] - line[-1]),
        ):
            at.setdefault(int(node), []).append((c, away / np.hypot(*away)))
    parent = {int(c): int(c) for c in roads}

    def root(c: int) -> int:
        while parent[c] != c:
            c = parent[c]
        return c

    for node in sorted(at):
        arms = at[node]
        pairs = sorted(
            (float(a[1] @ b[1]), i, j)
            for i, a in enumerate(arms)
            for j, b in enumerate(arms[:i])
            if float(a[1] @ b[1]) < -_STRAIGHT_ENOUGH
        )
        free = set(range(len(arms)))
        for _, i, j in pairs:
            if {i, j} <= free:
                free -= {i, j}
                a, b = root(arms[i][0]), root(arms[j][0])
                parent[max(a, b)] = min(a, b)
    strokes: dict[int, list[int]] = {}
    for c in sorted(parent):
        strokes.setdefault(root(c), []).append(c)
    return list(strokes.values())


def _course(
    chains: list[Floats], roads: Ints, start: Ints, end: Ints, junctions: Floats, drawn: Floats
) -> list[int]:
    """Chains from the drawn line's first point to its last; going far from it costs more."""
    line = shapely.linestrings(drawn)
    near: dict[int, list[tuple[int, int, float]]] = {}
    for c in roads.tolist():
        away = float(shapely.distance(line, shapely.points(chains[c][len(chains[c]) // 2])))
        cost = _length(chains[c]) * (1.0 + (away / 400.0) ** 2)
        near.setdefault(int(start[c]), []).append((int(end[c]), c, cost))
        near.setdefault(int(end[c]), []).append((int(start[c]), c, cost))
    nodes = np.array(sorted(near))
    first, last = (
        int(nodes[np.hypot(*(junctions[nodes] - point).T).argmin()]) for point in drawn[[0, -1]]
    )
    came: dict[int, tuple[int, int]] = {}
    cost_to, queue = {first: 0.0}, [(0.0, first)]
    while queue:
        spent, node = heapq.heappop(queue)
        if node == last:
            break
        for other, chain, cost in near[node]:
            if spent + cost < cost_to.get(other, np.inf):
                cost_to[other], came[other] = spent + cost, (node, chain)
                heapq.heappush(queue, (spent + cost, other))
    course: list[int] = []
    while last in came:
        last, chain = came[last]
        course.append(chain)
    return course


def _way(length_m: float, stem: str, rng: np.random.Generator) -> Way:
    if length_m > 7000.0:
        return Way("primary", name=both(f"{stem}大道"))
    if length_m > 3500.0:
        return Way("secondary", name=both(f"{stem}路"))
    return Way("secondary" if rng.random() < 0.25 else "tertiary", name=both(f"{stem}路"))
