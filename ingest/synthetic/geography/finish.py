"""Last touches on segments: small ways bend, and corners where nothing branches off are joined."""

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.synthetic.geography.assemble import Roads
from ingest.synthetic.geography.web import Way

Floats = NDArray[np.float64]

# How much a way of a class bends: standard deviation of its rise, as a share of its length (ours).
_BEND = {
    "residential": 0.04, "unclassified": 0.05, "living_street": 0.04, "service": 0.06,
    "pedestrian": 0.04, "footway": 0.11, "path": 0.14, "steps": 0.10, "track": 0.15,
    "motorway_link": 0.12,
}  # fmt: skip
_MOST = 0.25
_ARC = np.linspace(0.0, 1.0, 7)


def scatter(xy: Floats, salt: int) -> Floats:
    """A number of 0 … 1 for each place (n, 2), the same whatever else is built (splitmix64)."""
    cm = np.round(xy * 100.0).astype(np.int64).astype(np.uint64)
    x = cm[:, 0] * np.uint64(0x9E3779B97F4A7C15) + cm[:, 1] + np.uint64(salt % 2**63)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    uniform: Floats = (x ^ (x >> np.uint64(31))) / float(2**64)
    return uniform


def bend(roads: Roads, seed: int) -> Roads:
    """Roads whose small ways are arcs between the same nodes."""
    classes = np.array([way.road_class for way in roads.line_way])
    most = np.array([_BEND.get(name, 0.0) for name in classes])[roads.line]
    a, b = roads.xy[roads.from_node], roads.xy[roads.to_node]
    run = b - a
    length = np.hypot(run[:, 0], run[:, 1])
    # borders and banks stay where they are, and a way that is not straight so far keeps its shape
    bent = (
        (most > 0)
        & ~roads.line_on_border[roads.line]
        & (length > 10.0)
        & (shapely.length(roads.paths) < 1.01 * length + 0.5)
    )
    u, v = scatter((a + b) / 2, seed), scatter((a + b) / 2, seed + 1)
    normal = np.sqrt(-2.0 * np.log(np.maximum(u, 1e-12))) * np.cos(2 * np.pi * v)
    rise = (np.clip(normal * most, -_MOST, _MOST))[bent]
    side = np.column_stack([-run[bent, 1], run[bent, 0]])
    arc = (4.0 * _ARC * (1.0 - _ARC))[None, :, None] * (rise[:, None] * side)[:, None, :]
    at = a[bent, None, :] + _ARC[None, :, None] * run[bent, None, :] + arc
    at[:, 0], at[:, -1] = a[bent], b[bent]
    paths = roads.paths.copy()
    paths[bent] = shapely.linestrings(at)
    return replace(roads, paths=paths)


def _width(way: Way) -> int:
    if way.road_class in {"footway", "steps"}:
        return 0
    return 1 if way.access or way.road_class in {"path", "track", "pedestrian"} else 2


def join_corners(roads: Roads) -> Roads:
    """Roads without nodes at which only two segments meet.

    Of two that differ, the one that lets fewer pass says what both are: whoever turned at the node
    had to pass it anyway. Else the longer one does.
    """
    width = np.array([_width(way) for way in roads.line_way])[roads.line]
    plain = ~roads.line_bridge[roads.line]
    a, b = roads.from_node.copy(), roads.to_node.copy()
    line, paths = roads.line.copy(), roads.paths.copy()
    ends = np.concatenate([a, b])
    owner = np.tile(np.arange(len(a)), 2)[np.argsort(ends, kind="stable")]
    degree = np.bincount(ends, minlength=len(roads.xy))
    first = np.concatenate([[0], np.cumsum(degree)])
    now = np.arange(len(a))  # the segment that a joined one became

    def current(segment: int) -> int:
        while now[segment] != segment:
            segment = int(now[segment])
        return segment

    for node in np.flatnonzero(degree == 2).tolist():
        i, j = (current(int(s)) for s in owner[first[node] : first[node + 1]])
        if i == j or not (plain[i] and plain[j]):
            continue
        if (-width[i], paths[i].length) < (-width[j], paths[j].length):
            i, j = j, i
        one, other = shapely.get_coordinates(paths[i]), shapely.get_coordinates(paths[j])
        far = int(b[j] if a[j] == node else a[j])
        if b[i] == node:
            other = other if a[j] == node else other[::-1]
            paths[i], b[i] = shapely.linestrings(np.vstack([one, other[1:]])), far
        else:
            other = other if b[j] == node else other[::-1]
            paths[i], a[i] = shapely.linestrings(np.vstack([other, one[1:]])), far
        now[j] = i
    kept = now == np.arange(len(now))
    return replace(roads, from_node=a[kept], to_node=b[kept], line=line[kept], paths=paths[kept])
