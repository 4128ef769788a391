"""Filling one community with roads: through roads first, then each block by its use."""

import math
from collections.abc import Iterator

import numpy as np
import shapely

from blockdata.text import Text
from ingest.synthetic.geography.model import Character
from ingest.synthetic.geography.names import both, numeral
from ingest.synthetic.geography.patterns import BLOCK_M2, PATTERNS, SERVICE, USES, Pattern
from ingest.synthetic.geography.split import Cutter, area_and_axis, crossings
from ingest.synthetic.geography.web import NO_ROAD, Face, Side, Way, Web

_MAX_TRIES = 3
_LEAST_STUB_M = 14.0
_WIDE_M2 = 900e3  # a road that cuts more than this joins the border roads at both ends
_MAIN_SHARE = 0.15  # chance that another road joins a border road, which keeps those flowing
_BLOCKS_DIFFER = 0.45  # standard deviation of the logarithm of a block's fineness


def fill_community(
    faces: list[Face],
    character: Character,
    stem: str,
    landmark_road: Text | None,
    first_line: int,
    rng: np.random.Generator,
) -> Web:
    """Lay the roads within one community.

    Args:
        faces: its pieces of land, metres.
        character: what it is like.
        stem: its name without 社区; roads are named after it.
        landmark_road: a name that its longest road must bear, if any.
        first_line: number of the first road that is not a border chain.
        rng: its own randomness, so that it never changes with what else is built.
    """
    web = Web(first_line)
    cutter = Cutter(web, rng)
    names = _road_names(stem)
    blocks: list[Face] = []
    stack = sorted(faces, key=lambda f: area_and_axis(f)[0])
    if landmark_road is not None:
        stack.extend(_landmark_cut(cutter, stack.pop(), landmark_road))
    cutter.border = first_line
    while stack:
        face = stack.pop()
        area = area_and_axis(face)[0]
        cutter.main_share = 1.0 if area > _WIDE_M2 else _MAIN_SHARE
        if area > BLOCK_M2[character] * 1.5 * math.exp(0.3 * rng.standard_normal()):
            halves = _cut(cutter, face, _through_way(area, names, rng), 0.08)
            if halves is not None:
                stack.extend(halves)
                continue
        blocks.append(face)
    uses = USES[character]
    chance = np.cumsum(list(uses.values()))
    for block in blocks:
        use = list(uses)[int(np.searchsorted(chance, rng.random() * chance[-1], side="right"))]
        if use == "park" and area_and_axis(block)[0] > 150e3:
            use = "hill"
        _fill_block(cutter, block, PATTERNS[use], names)
    web.trim()
    return web


def _road_names(stem: str) -> Iterator[Text]:
    """Names of a community's roads in turn; 一路 is left for the longest."""
    number = 2
    while True:
        yield both(f"{stem}{numeral(number % 100 or 1)}路" if number < 100 else f"{stem}新路")
        number += 1


def _through_way(area: float, names: Iterator[Text], rng: np.random.Generator) -> Way:
    if area > _WIDE_M2:
        return Way("secondary" if rng.random() < 0.3 else "tertiary", name=next(names))
    if area > 250e3:
        return Way("tertiary" if rng.random() < 0.5 else "residential", name=next(names))
    return Way("residential" if rng.random() < 0.8 else "unclassified", name=next(names))


def _landmark_cut(cutter: Cutter, face: Face, name: Text) -> list[Face]:
    """Cut the largest face lengthwise by the landmark road."""
    _, x, y, axis = area_and_axis(face)
    best = max(
        (axis + turn for turn in np.linspace(-0.5, 0.5, 21)),
        key=lambda heading: _reach(face, x, y, heading),
    )
    halves = cutter.cut(face, x, y, best, Way("tertiary", name=name))
    return [face] if halves is None else list(halves)


def _reach(face: Face, x: float, y: float, heading: float) -> float:
    spans = crossings(face, x, y, heading)
    return max((b[0] - a[0] for a, b in zip(spans[::2], spans[1::2], strict=False)), default=0.0)


def _cut(cutter: Cutter, face: Face, way: Way, jitter_rad: float) -> tuple[Face, Face] | None:
    """Cut a face across its long axis, near its middle; a few tries."""
    _, x, y, axis = area_and_axis(face)
    rng = cutter.rng
    for _ in range(_MAX_TRIES):
        heading = axis + math.pi / 2 + jitter_rad * rng.standard_normal()
        spans = crossings(face, x, y, axis)
        reach = (spans[-1][0] - spans[0][0]) if len(spans) > 1 else 0.0
        shift = (rng.random() - 0.5) * 0.28 * reach
        halves = cutter.cut(
            face, x + shift * math.cos(axis), y + shift * math.sin(axis), heading, way
        )
        if halves is not None:
            return halves
    return None


def _fill_block(cutter: Cutter, block: Face, pattern: Pattern, names: Iterator[Text]) -> None:
    web, rng = cutter.web, cutter.rng
    cutter.border = web.first_line + len(web.lines)
    cutter.gate_share, cutter.snap_m = pattern.gate_share, pattern.snap_m
    inner = _ring(cutter, block, pattern) if pattern.ring_m else None
    if inner is not None:
        block = inner
        cutter.border = 0  # within the ring, every road reaches it
    leaf_m2 = pattern.leaf_m2 * math.exp(_BLOCKS_DIFFER * rng.standard_normal())
    stack = [(block, 0)]
    while stack:
        face, depth = stack.pop()
        area = area_and_axis(face)[0]
        if area > 1.5 * leaf_m2 * math.exp(0.45 * rng.standard_normal()):
            choice = pattern.ways[min(depth, len(pattern.ways) - 1)]
            way = choice[int(rng.random() * len(choice))]
            if depth == 0 and way.road_class in {"living_street", "residential"}:
                way = Way(way.road_class, way.access, next(names))
            cutter.gate_share = 1.0 if depth == 0 else pattern.gate_share
            cutter.main_share = _MAIN_SHARE * cutter.gate_share
            halves = _cut(cutter, face, way, pattern.jitter_rad)
            if halves is not None:
                stack.extend((half, depth + 1) for half in halves)
                continue
        if rng.random() < pattern.stub_share:
            _stub(cutter, face, pattern.stubs[int(rng.random() * len(pattern.stubs))])


def _stub(cutter: Cutter, face: Face, way: Way) -> None:
    """A dead end from the middle of a long side of a face towards its inside."""
    web, rng = cutter.web, cutter.rng
    sides = [i for i, side in enumerate(face) if cutter.border <= side.line and side.line >= 0]
    if not sides:
        return
    lengths = [math.dist(_corner(face, i), _corner(face, i + 1)) for i in sides]
    i = sides[int(np.argmax(np.array(lengths) * (0.4 + rng.random(len(sides)))))]
    side, f = face[i], 0.25 + 0.5 * rng.random()
    (ax, ay), (bx, by) = _corner(face, i), _corner(face, i + 1)
    x, y = ax + f * (bx - ax), ay + f * (by - ay)
    heading = math.atan2(by - ay, bx - ax) + math.pi / 2 + 0.1 * rng.standard_normal()
    ahead = [s for s, k, _ in crossings(face, x, y, heading) if s > 1.0 and k != i]
    behind = [-s for s, k, _ in crossings(face, x, y, heading) if s < -1.0 and k != i]
    inward, sign = (ahead, 1.0) if len(ahead) % 2 else (behind, -1.0)
    length = (0.3 + 0.45 * rng.random()) * min(inward, default=0.0)
    if length < _LEAST_STUB_M:
        return
    start = web.add_node(x, y)
    web.add_event(side.line, side.t0 + f * (side.t1 - side.t0), start)
    tip = (x + sign * length * math.cos(heading), y + sign * length * math.sin(heading))
    web.add_line(way, np.array([(x, y), tip]), start, web.add_node(*tip))


def _corner(face: Face, i: int) -> tuple[float, float]:
    side = face[i % len(face)]
    return side.x, side.y


def _ring(cutter: Cutter, block: Face, pattern: Pattern) -> Face | None:
    """A ring road inside a block, with one to three gates; the face within it."""
    web, rng = cutter.web, cutter.rng
    if not any(side.line != NO_ROAD for side in block):
        return None
    outline = shapely.polygons([(side.x, side.y) for side in block])
    inner = shapely.simplify(shapely.buffer(outline, -pattern.ring_m, join_style="mitre"), 4.0)
    if shapely.get_type_id(inner) != shapely.GeometryType.POLYGON or shapely.area(inner) < 6e3:
        return None
    shape = shapely.get_coordinates(shapely.get_exterior_ring(inner))
    gates = [_gate(block, float(x), float(y), web.first_line) for x, y in shape[:-1]]
    first = int(np.argmin([gate[0] for gate in gates]))
    shape = np.vstack([shape[first:-1], shape[:first], shape[first : first + 1]])
    start = web.add_node(*shape[0])
    ring = web.add_line(SERVICE, shape, start, start)
    _lay_gate(cutter, gates[first], start)
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(shape, axis=0).T))])
    for share in (0.5, 0.27)[: int(rng.random() * 2.6)]:
        at = share * reach[-1]
        k = int(np.searchsorted(reach, at)) - 1
        x, y = shape[k] + (shape[k + 1] - shape[k]) * (at - reach[k]) / (reach[k + 1] - reach[k])
        node = web.add_node(float(x), float(y))
        web.add_event(ring, at, node)
        _lay_gate(cutter, _gate(block, float(x), float(y), web.first_line), node)
    return [
        Side(float(x), float(y), ring, float(t0), float(t1))
        for (x, y), t0, t1 in zip(shape[:-1], reach[:-1], reach[1:], strict=True)
    ]


# how far (border roads count more), line, distance along it, x, y
Gate = tuple[float, int, float, float, float]


def _gate(block: Face, x: float, y: float, first_line: int) -> Gate:
    """The nearest road beside a block."""
    best: Gate = (math.inf, NO_ROAD, 0.0, 0.0, 0.0)
    for i, side in enumerate(block):
        if side.line == NO_ROAD:
            continue
        (ax, ay), (bx, by) = _corner(block, i), _corner(block, i + 1)
        squared = (bx - ax) ** 2 + (by - ay) ** 2
        f = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared if squared else 0.0
        f = min(max(f, 0.0), 1.0)
        gx, gy = ax + f * (bx - ax), ay + f * (by - ay)
        # gates open to side streets rather than to border roads
        distance = math.hypot(gx - x, gy - y) * (1.0 if side.line >= first_line else 2.5)
        if distance < best[0]:
            best = (distance, side.line, side.t0 + f * (side.t1 - side.t0), gx, gy)
    return best


def _lay_gate(cutter: Cutter, gate: Gate, inside: int) -> None:
    web = cutter.web
    _, line, t, x, y = gate
    if line == NO_ROAD:
        return
    outside = web.add_node(x, y)
    web.add_event(line, t, outside)
    shape = np.array([(x, y), (web.x[inside], web.y[inside])])
    web.add_line(SERVICE, shape, outside, inside)
