"""Putting chains, communities' roads and expressways together as nodes and segments."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.synthetic.geography.arterials import Arterials
from ingest.synthetic.geography.bends import warp
from ingest.synthetic.geography.expressways import Expressways
from ingest.synthetic.geography.tessellate import PlanarMap
from ingest.synthetic.geography.web import Way, Web

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MERGE_CHAIN_M = 14.0  # junctions on a border road nearer than this are one
_MERGE_M = 6.0
_STEP_M = 45.0
_KEY = 1e6  # a line's number times this, plus the distance along it, sorts places on lines


@dataclass(frozen=True)
class Roads:
    """Nodes (metres, warped) and segments of all that is built.

    ``line_*`` describe lines; ``line_start`` is where each begins, metres, not warped.
    """

    xy: Floats
    from_node: Ints
    to_node: Ints
    line: Ints
    paths: NDArray[np.object_]
    line_way: list[Way]
    line_start: Floats
    line_community: Ints
    line_bridge: NDArray[np.bool_]
    line_on_border: NDArray[np.bool_]


class _Lines:
    """Lines and nodes in one numbering, as they are collected."""

    def __init__(self) -> None:
        self.ways: list[Way] = []
        self.shapes: list[Floats] = []
        self.community: list[int] = []
        self.bridge: list[bool] = []
        self.rigid: list[bool] = []
        self.nodes: list[Floats] = []
        self.events: list[Floats] = []
        self.node_count = 0

    def add_nodes(self, xy: Floats) -> int:
        self.nodes.append(xy.reshape(-1, 2))
        self.node_count += len(xy)
        return self.node_count - len(xy)

    def add(self, way: Way, shape: Floats, community: int, *, bridge: bool, rigid: bool) -> int:
        self.ways.append(way)
        self.shapes.append(shape)
        self.community.append(community)
        self.bridge.append(bridge)
        self.rigid.append(rigid)
        return len(self.ways) - 1


def assemble(
    plan: PlanarMap,
    arterials: Arterials,
    webs: dict[int, Web],
    expressways: Expressways,
    chosen: NDArray[np.bool_],
) -> Roads:
    """Join everything that is built.

    Args:
        plan: the planar map.
        arterials: roads on its chains.
        webs: roads within each chosen community, by community.
        expressways: all of the district's.
        chosen: which communities are built.
    """
    lines = _Lines()
    number = _add_chains(lines, plan, arterials, chosen)
    for community in sorted(webs):
        _add_web(lines, webs[community], community, number)
    _add_expressways(lines, expressways, plan, chosen, number)
    events = np.concatenate(lines.events)
    line, t, node = events[:, 0].astype(np.int64), events[:, 1], events[:, 2].astype(np.int64)
    order = np.lexsort((node, t, line))
    line, t, node = line[order], t[order], node[order]
    shape = _Shapes(lines.shapes)
    xy = _positions(lines, shape, line, t, node)
    rigid = np.array(lines.rigid)
    node = _merged(line, t, node, np.where(rigid, _MERGE_CHAIN_M, _MERGE_M), lines.node_count)
    line, t, node = _dissolved(line, t, node)
    inner = np.flatnonzero(line[1:] == line[:-1])
    a, b = node[inner], node[inner + 1]
    paths = shape.paths(line[inner], t[inner], t[inner + 1], xy[a], xy[b])
    used, compact = np.unique(np.concatenate([a, b]), return_inverse=True)
    return Roads(
        xy=xy[used],
        from_node=compact[: len(a)],
        to_node=compact[len(a) :],
        line=line[inner],
        paths=paths,
        line_way=lines.ways,
        line_start=np.array([line_shape[0] for line_shape in lines.shapes]),
        line_community=np.array(lines.community),
        line_bridge=np.array(lines.bridge),
        line_on_border=rigid,
    )


def _add_chains(
    lines: _Lines, plan: PlanarMap, arterials: Arterials, chosen: NDArray[np.bool_]
) -> dict[int, int]:
    """Border roads beside any chosen community; returns the line of each chain that is built."""
    number: dict[int, int] = {}
    lines.add_nodes(arterials.junctions)
    sides = np.sort(
        np.column_stack([plan.face_community[plan.left], plan.face_community[plan.right]])
    )
    for c, way in enumerate(arterials.ways):
        beside = [int(k) for k in sides[c] if chosen[k]]
        if way is None or not beside:
            continue
        shape = plan.chains[c]
        number[c] = lines.add(way, shape, beside[0], bridge=bool(arterials.bridge[c]), rigid=True)
        length = float(np.hypot(*np.diff(shape, axis=0).T).sum())
        ends = [(0.0, arterials.start[c]), (length, arterials.end[c])]
        lines.events.append(np.array([(number[c], t, node) for t, node in ends], dtype=np.float64))
    return number


def _add_web(lines: _Lines, web: Web, community: int, number: dict[int, int]) -> None:
    first_node = lines.add_nodes(np.column_stack([web.x, web.y]))
    own = {
        web.first_line + k: lines.add(line.way, line.shape, community, bridge=False, rigid=False)
        for k, line in enumerate(web.lines)
    }
    rows = [
        (own[at] if at in own else number[at], t, node + first_node)
        for at in sorted(web.events)
        for t, node in web.events[at]
    ]
    lines.events.append(np.array(rows, dtype=np.float64).reshape(-1, 3))


def _add_expressways(
    lines: _Lines,
    made: Expressways,
    plan: PlanarMap,
    chosen: NDArray[np.bool_],
    number: dict[int, int],
) -> None:
    """Expressways are built with the whole district only: a piece of one leads nowhere."""
    if not chosen.all():
        return
    first_node = lines.add_nodes(np.array(made.xy).reshape(-1, 2))
    middles = np.array([line.shape[len(line.shape) // 2] for line in made.lines]).reshape(-1, 2)
    tree = shapely.STRtree(plan.faces)
    beside = np.atleast_1d(tree.nearest(shapely.points(middles)))
    own = [
        lines.add(line.way, line.shape, int(plan.face_community[face]), bridge=True, rigid=False)
        for line, face in zip(made.lines, beside, strict=True)
    ]
    rows = [
        (own[at] if at >= 0 else number[-1 - at], t, node + first_node)
        for at, t, node in made.events
    ]
    lines.events.append(np.array(rows, dtype=np.float64).reshape(-1, 3))


class _Shapes:
    """Vertices of all lines in one row, each with its place on its line."""

    def __init__(self, shapes: list[Floats]) -> None:
        xy, coarse = [], []
        for shape in shapes:
            length = np.hypot(*np.diff(shape, axis=0).T)
            reach = np.concatenate([[0.0], np.cumsum(length)])
            count = np.ceil(length / _STEP_M).astype(np.int64).clip(min=1)
            at = np.concatenate(
                [reach[i] + np.arange(n) * (length[i] / n) for i, n in enumerate(count)]
                + [reach[-1:]]
            )
            xy.append(
                np.column_stack(
                    [np.interp(at, reach, shape[:, 0]), np.interp(at, reach, shape[:, 1])]
                )
            )
            coarse.append(at)
        self.xy = warp(np.concatenate(xy))
        self.line = np.repeat(np.arange(len(shapes)), [len(at) for at in coarse])
        self.t = np.concatenate(coarse)
        self.key = self.line * _KEY + self.t

    def at(self, line: Ints, t: Floats) -> Floats:
        """Warped positions at distance ``t`` along lines, straight between vertices."""
        key = line * _KEY + t
        after = np.searchsorted(self.key, key, side="left").clip(1, len(self.key) - 1)
        # the first vertex of a line has no vertex before it
        after = np.where(self.line[after - 1] != line, after + 1, after).clip(max=len(self.key) - 1)
        before = after - 1
        span = self.t[after] - self.t[before]
        f = np.where(span > 0, (t - self.t[before]) / np.where(span > 0, span, 1.0), 0.0).clip(0, 1)
        found: Floats = self.xy[before] + (self.xy[after] - self.xy[before]) * f[:, None]
        return found

    def paths(
        self, line: Ints, t0: Floats, t1: Floats, start: Floats, end: Floats
    ) -> NDArray[np.object_]:
        """A LineString for each piece of a line, from one node's position to the other's."""
        low = np.searchsorted(self.key, line * _KEY + t0 + 8.0, side="left")
        high = np.searchsorted(self.key, line * _KEY + t1 - 8.0, side="left")
        between = (high - low).clip(min=0)
        total = between + 2
        first = np.concatenate([[0], np.cumsum(total)[:-1]])
        owner = np.repeat(np.arange(len(line)), total)
        xy = np.empty((int(total.sum()), 2))
        inside = np.ones(len(xy), dtype=np.bool_)
        inside[first] = inside[first + total - 1] = False
        offset = np.arange(int(between.sum())) - np.repeat(np.cumsum(between) - between, between)
        xy[inside] = self.xy[np.repeat(low, between) + offset]
        xy[first], xy[first + total - 1] = start, end
        return np.asarray(shapely.linestrings(xy, indices=owner))


def _positions(lines: _Lines, shape: _Shapes, line: Ints, t: Floats, node: Ints) -> Floats:
    """Warped positions of nodes; those on border roads lie exactly on the border."""
    xy = warp(np.concatenate(lines.nodes))
    on_border = np.array(lines.rigid)[line]
    on_border &= node >= len(lines.nodes[0])  # junctions of chains are vertices already
    xy[node[on_border]] = shape.at(line[on_border], t[on_border])
    return xy


def _merged(line: Ints, t: Floats, node: Ints, merge_m: Floats, count: int) -> Ints:
    """Nodes after those that lie close on one line became one (the lowest number stays)."""
    close = (line[1:] == line[:-1]) & (t[1:] - t[:-1] < merge_m[line[1:]])
    pairs = np.flatnonzero(close)
    parent = np.arange(count)

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = int(parent[n])
        return n

    for i in pairs.tolist():
        a, b = root(int(node[i])), root(int(node[i + 1]))
        parent[max(a, b)] = min(a, b)
    while True:
        shorter = parent[parent]
        if (shorter == parent).all():
            break
        parent = shorter
    merged: Ints = parent[node]
    return merged


def _dissolved(line: Ints, t: Floats, node: Ints) -> tuple[Ints, Floats, Ints]:
    """Events without repeats, and without nodes at which only one line passes through."""
    while True:
        same = np.zeros(len(line), dtype=np.bool_)
        same[1:] = (line[1:] == line[:-1]) & (node[1:] == node[:-1])
        line, t, node = line[~same], t[~same], node[~same]
        before = np.concatenate([[False], line[1:] == line[:-1]])
        after = np.concatenate([line[1:] == line[:-1], [False]])
        degree = np.bincount(node, before.astype(np.int64) + after)
        through = before & after & (degree[node] == 2)
        alone = ~before & ~after
        drop = through | alone
        if not drop.any():
            return line, t, node
        line, t, node = line[~drop], t[~drop], node[~drop]
