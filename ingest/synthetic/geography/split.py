"""Cutting a face in two by a straight road: a T-junction at each end, or a crossing by snapping."""

import math

import numpy as np

from ingest.synthetic.geography.web import NO_ROAD, End, Face, Side, Way, Web

_LEAST_CHORD_M = 18.0
_STOP_SHARE = 0.35  # of the ends that do not join, how many are dead ends


def area_and_axis(face: Face) -> tuple[float, float, float, float]:
    """Area (m²), centroid (m) and the heading (rad) of a face's long axis, by area moments."""
    x0, y0 = face[0].x, face[0].y
    area = cx = cy = xx = yy = xy = 0.0
    ax, ay = face[-1].x - x0, face[-1].y - y0
    for side in face:
        bx, by = side.x - x0, side.y - y0
        cross = ax * by - bx * ay
        area += cross
        cx += (ax + bx) * cross
        cy += (ay + by) * cross
        xx += (ax * ax + ax * bx + bx * bx) * cross
        yy += (ay * ay + ay * by + by * by) * cross
        xy += (ax * by + 2 * ax * ay + 2 * bx * by + bx * ay) * cross
        ax, ay = bx, by
    if abs(area) < 1e-6:
        return 0.0, x0, y0, 0.0
    cx, cy = cx / (3 * area), cy / (3 * area)
    xx, yy = xx / (6 * area) - cx * cx, yy / (6 * area) - cy * cy
    xy = xy / (12 * area) - cx * cy
    return abs(area) / 2, cx + x0, cy + y0, 0.5 * math.atan2(2 * xy, xx - yy)


def crossings(face: Face, px: float, py: float, heading: float) -> list[tuple[float, int, float]]:
    """Where the line through (px, py) crosses the face, in order along the line.

    Returns (metres along the line from the point, side, share of the side) for each crossing.
    """
    ux, uy = math.cos(heading), math.sin(heading)
    found = []
    n = len(face)
    a = face[-1]
    da = (a.y - py) * ux - (a.x - px) * uy
    for i in range(n):
        b = face[i]
        db = (b.y - py) * ux - (b.x - px) * uy
        if (da > 0) != (db > 0):
            f = da / (da - db)
            s = (a.x + f * (b.x - a.x) - px) * ux + (a.y + f * (b.y - a.y) - py) * uy
            found.append((s, (i - 1) % n, f))
        a, da = b, db
    return sorted(found)


class Cutter:
    """Cuts faces of one web.

    Lines numbered below ``border`` surround the block that is being filled; a road joins them only
    with the chance ``gate_share`` (the community's border roads: ``main_share``), else it ends.
    """

    def __init__(self, web: Web, rng: np.random.Generator) -> None:
        self.web = web
        self.rng = rng
        self.border = 0
        self.gate_share = 1.0
        self.main_share = 1.0
        self.snap_m = 0.0

    def cut(
        self, face: Face, px: float, py: float, heading: float, way: Way
    ) -> tuple[Face, Face] | None:
        """Cut ``face`` by a road through (px, py); None where that leaves no sound halves."""
        found = crossings(face, px, py, heading)
        if len(found) < 2:
            return None
        pair = min(range(0, len(found) - 1, 2), key=lambda k: _gap(found[k][0], found[k + 1][0]))
        first, second = sorted(found[pair : pair + 2], key=lambda c: (c[1], c[2]))
        ends = [self._end(face, first[1], first[2]), self._end(face, second[1], second[2])]
        (xa, ya), (xb, yb) = ends[0][:2], ends[1][:2]
        if math.hypot(xb - xa, yb - ya) < _LEAST_CHORD_M or first[1] == second[1]:
            return None
        halves = _halves(face, (first[1], ends[0][2]), (second[1], ends[1][2]))
        if min(_area(half) for half in halves) < 100.0:
            return None
        line = self._lay(face, (first[1], second[1]), ends, way)
        length = self.web.lines[-1].length_m
        halves[0][-1].line = halves[1][-1].line = line
        halves[0][-1].t0, halves[0][-1].t1 = length, 0.0
        halves[1][-1].t0, halves[1][-1].t1 = 0.0, length
        return halves

    def _end(self, face: Face, i: int, f: float) -> tuple[float, float, float, int]:
        """Where a road really ends on side ``i``: x, y, share of the side, node if one is there."""
        side, after = face[i], face[(i + 1) % len(face)]
        node = -1
        if side.line != NO_ROAD and self.snap_m:
            t = side.t0 + f * (side.t1 - side.t0)
            low, high = min(side.t0, side.t1), max(side.t0, side.t1)
            at, near = self.web.nearest_event(side.line, low, high, t)
            if abs(at - t) < self.snap_m and high > low:
                node, f = near, min(max((at - side.t0) / (side.t1 - side.t0), 0.0), 1.0)
        return side.x + f * (after.x - side.x), side.y + f * (after.y - side.y), f, node

    def _lay(
        self,
        face: Face,
        sides: tuple[int, int],
        ends: list[tuple[float, float, float, int]],
        way: Way,
    ) -> int:
        """Add the road, join its ends to what they meet, and return its number."""
        web = self.web
        meets = [face[i].line != NO_ROAD for i in sides]
        joins = [
            met and self.rng.random() < self._share(face[i].line)
            for met, i in zip(meets, sides, strict=True)
        ]
        if not any(joins):
            joins = [meets[0], meets[1] and not meets[0]]
        nodes = []
        for (x, y, f, near), i, joined in zip(ends, sides, joins, strict=True):
            node = near if joined and near >= 0 else web.add_node(x, y)
            web.arms[node] = web.arms.get(node, 2) + 1
            if joined and near < 0:
                web.add_event(face[i].line, face[i].t0 + f * (face[i].t1 - face[i].t0), node)
            nodes.append(node)
        line = web.add_line(way, np.array([e[:2] for e in ends]), nodes[0], nodes[1])
        ends_so = [End.JOINED if joined else self._open_end() for joined in joins]
        web.lines[-1].start, web.lines[-1].end = ends_so
        return line

    def _share(self, line: int) -> float:
        """The chance that a road which meets ``line`` joins it."""
        if line >= self.border:
            return 1.0
        return self.main_share if line < self.web.first_line else self.gate_share

    def _open_end(self) -> End:
        return End.STOPS_SHORT if self.rng.random() < _STOP_SHARE else End.TURNS_OFF


def _gap(low: float, high: float) -> float:
    """How far 0 lies from the span."""
    return max(low, -high, 0.0)


def _area(face: Face) -> float:
    total = 0.0
    x0, y0 = face[0].x, face[0].y
    a = face[-1]
    for b in face:
        total += (a.x - x0) * (b.y - y0) - (b.x - x0) * (a.y - y0)
        a = b
    return abs(total) / 2


def _halves(face: Face, first: tuple[int, float], second: tuple[int, float]) -> tuple[Face, Face]:
    """The two faces beside a chord; the chord is the last side of both, its line still unset."""
    (i, f), (j, g) = first, second

    def part(start: tuple[int, float], stop: tuple[int, float]) -> Face:
        (a, share_a), (b, share_b) = start, stop
        sides = [_piece(face, a, share_a, 1.0)] if share_a < 1.0 else []
        k = (a + 1) % len(face)
        while k != b:
            sides.append(face[k])
            k = (k + 1) % len(face)
        if share_b > 0.0:
            sides.append(_piece(face, b, 0.0, share_b))
        last, after = face[b], face[(b + 1) % len(face)]
        x, y = last.x + share_b * (after.x - last.x), last.y + share_b * (after.y - last.y)
        return [*sides, Side(x, y, NO_ROAD, 0.0, 0.0)]

    return part((i, f), (j, g)), part((j, g), (i, f))


def _piece(face: Face, i: int, f: float, g: float) -> Side:
    """Side ``i`` from share ``f`` to share ``g``."""
    side, after = face[i], face[(i + 1) % len(face)]
    span = side.t1 - side.t0
    return Side(
        side.x + f * (after.x - side.x),
        side.y + f * (after.y - side.y),
        side.line,
        side.t0 + f * span,
        side.t0 + g * span,
    )
