"""Expressways: two carriageways over everything, and a few interchanges with the roads below."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.synthetic.geography.arterials import Arterials
from ingest.synthetic.geography.bends import displace
from ingest.synthetic.geography.drawing import Drawing
from ingest.synthetic.geography.tessellate import PlanarMap
from ingest.synthetic.geography.web import Line, Way

Floats = NDArray[np.float64]

_HALF_M = 16.0  # from the middle to a carriageway
_RAMP_M = 280.0  # from the crossing to where a ramp leaves the carriageway
_BESIDE_M = 45.0  # from the crossing to where a ramp meets the road below
_APART_M = 2200.0  # interchanges are at least this far apart
_LEAST_M = 3000.0  # shorter parts within the district are left out
_JOINED = ("trunk", "primary", "secondary")


@dataclass
class Expressways:
    """Carriageways and ramps with what they touch.

    ``events`` are (line, distance, node): lines from 0 are ``lines``; a negative line −1−c is the
    border chain c. ``xy`` are the nodes' positions, metres, not yet warped.
    """

    lines: list[Line]
    events: list[tuple[int, float, int]]
    xy: list[tuple[float, float]]


def lay_expressways(
    drawing: Drawing, plan: PlanarMap, arterials: Arterials, rng: np.random.Generator
) -> Expressways:
    """Lay all drawn expressways; parts outside the district are left out."""
    made = Expressways([], [], [])
    district = shapely.buffer(shapely.union_all(plan.faces), -80.0)
    chosen = [
        c
        for c, way in enumerate(arterials.ways)
        if way is not None and way.road_class in _JOINED and not arterials.bridge[c]
    ]
    below = np.array([shapely.linestrings(plan.chains[c]) for c in chosen])
    for name, drawn in drawing.expressways:
        whole = shapely.linestrings(displace(drawn, rng, 0.04, 200.0))
        parts = shapely.get_parts(shapely.intersection(whole, district))
        for middle in parts[shapely.length(parts) > _LEAST_M]:
            sites = _sites(middle, chosen, below)
            for side in (1.0, -1.0):
                _carriageway(made, middle, side, Way("motorway", name=name), plan, sites)
    return made


def _sites(middle: Any, chosen: list[int], below: NDArray[np.object_]) -> list[tuple[float, int]]:
    """Interchanges: metres along the expressway, and the chain below."""
    crossings = []
    for chain, line in zip(chosen, below, strict=True):
        if shapely.length(line) > 4 * _BESIDE_M:
            points = shapely.get_parts(shapely.intersection(middle, line))
            crossings += [(float(at), chain) for at in shapely.line_locate_point(middle, points)]
    sites: list[tuple[float, int]] = []
    end = shapely.length(middle) - 2 * _RAMP_M
    for at, chain in sorted(crossings):
        if 2 * _RAMP_M < at < end and (not sites or at - sites[-1][0] > _APART_M):
            sites.append((at, chain))
    return sites


def _carriageway(
    made: Expressways,
    middle: Any,
    side: float,
    way: Way,
    plan: PlanarMap,
    sites: list[tuple[float, int]],
) -> None:
    """One direction: traffic keeps right, so the one on the left of the drawing runs backwards."""
    line = shapely.offset_curve(middle, side * _HALF_M)
    shape = shapely.get_coordinates(line)
    if side > 0:
        shape = shape[::-1]
    line = shapely.linestrings(shape)
    number = _add_line(made, way, shape, _node(made, shape[0]), _node(made, shape[-1]))
    link = Way("motorway_link", name=way.name)
    for at, chain in sites:
        road = shapely.linestrings(plan.chains[chain])
        crossing = shapely.line_interpolate_point(middle, at)
        here = float(shapely.line_locate_point(line, crossing))
        below = float(shapely.line_locate_point(road, crossing))
        length = float(shapely.length(road))
        below = min(max(below, 1.5 * _BESIDE_M), length - 1.5 * _BESIDE_M)
        meets = shapely.line_interpolate_point(road, below + _BESIDE_M * np.array([-1.0, 1.0]))
        # the ramps of a carriageway meet the road on the carriageway's own outer side
        outside = int(np.argmax(shapely.distance(middle, meets) * _outward(middle, meets, side)))
        foot = _node(made, shapely.get_coordinates(meets[outside])[0])
        made.events.append((-1 - chain, below + (-_BESIDE_M, _BESIDE_M)[outside], foot))
        for along, leaving in ((here - _RAMP_M, True), (here + _RAMP_M, False)):
            point = shapely.get_coordinates(shapely.line_interpolate_point(line, along))[0]
            node = _node(made, point)
            made.events.append((number, along, node))
            ends = (node, foot) if leaving else (foot, node)
            _add_line(made, link, np.array([made.xy[n] for n in ends]), *ends)


def _outward(middle: Any, points: NDArray[np.object_], side: float) -> Floats:
    """+1 for points on the given side of the expressway (positive: left), −1 for the others."""
    at = shapely.line_locate_point(middle, points)
    back = shapely.get_coordinates(shapely.line_interpolate_point(middle, at - 5.0))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(middle, at + 5.0))
    run, off = ahead - back, shapely.get_coordinates(points) - back
    signs: Floats = np.sign(run[:, 0] * off[:, 1] - run[:, 1] * off[:, 0]) * side
    return signs


def _node(made: Expressways, xy: Floats) -> int:
    made.xy.append((float(xy[0]), float(xy[1])))
    return len(made.xy) - 1


def _add_line(made: Expressways, way: Way, shape: Floats, start: int, end: int) -> int:
    number = len(made.lines)
    length = float(np.hypot(*np.diff(shape, axis=0).T).sum())
    made.lines.append(Line(way, shape, length))
    made.events += [(number, 0.0, start), (number, length, end)]
    return number
