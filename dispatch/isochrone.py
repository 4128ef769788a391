"""What can be reached from a place, or whence it can be reached, within some time: roads, hulls."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from blockdata.deadline import keep_time
from blockdata.errors import TooLarge
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.network.costs import BACKWARD, FORWARD
from dispatch.network.network import CLOSED, Geometry
from dispatch.network.snapping import Places
from dispatch.routes import step_line
from dispatch.travel_time import Step, TravelTimes

Direction = Literal["from", "to"]
HULL_RATIO = 0.25  # of shapely's concave hull: 0 the tightest, 1 convex (ours)
MOST_VERTICES = 1_000_000  # in one answer: about 20 MB
MOST_HULL_POINTS = 20_000  # a hull of more takes long, and looks the same
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Reach(NamedTuple):
    """Times to the nearer end of every segment by direction, int64[m, 2]; UNREACHABLE if none.

    ``from`` a place: to the arc's tail. ``to`` a place: from the arc's head.
    """

    end_ms: Int64s
    direction: Direction


def reach(times: TravelTimes, place: Places, direction: Direction) -> Reach:
    """How soon every segment is reached from a place (length 1), or reaches it."""
    graph, access_ms = times.graph, int(place.access_ms[0])
    end_ms = np.full(graph.through_ms.shape, UNREACHABLE, np.int64)
    if direction == "from":
        outs = times.ways_out(place)
        open_ = outs.nodes[0] != CLOSED
        node_ms = times.metric.from_sources(
            outs.nodes[0][open_], outs.offsets_ms[0][open_] + access_ms
        )
        np.minimum.at(end_ms, (graph.segment, graph.direction), node_ms[graph.tail])
    else:
        ins = times.ways_in(place)
        node_ms = times.metric.to_targets(ins.nodes, ins.offsets_ms + access_ms)
        np.minimum.at(end_ms, (graph.segment, graph.direction), node_ms[graph.head])
    end_ms[graph.through_ms == CLOSED] = UNREACHABLE
    return Reach(end_ms, direction)


def reached_steps(times: TravelTimes, place: Places, found: Reach, limit_ms: int) -> list[Step]:
    """The pieces of road within a limit, each once where both directions cover it."""
    through_ms = times.graph.through_ms
    left_ms = (limit_ms - found.end_ms).clip(min=0)
    share = np.where(through_ms > 0, np.minimum(left_ms / np.maximum(through_ms, 1), 1.0), 0.0)
    # Forward arcs begin at fraction 0, backward ones at 1; toward a place it is the other way.
    near, far = (FORWARD, BACKWARD) if found.direction == "from" else (BACKWARD, FORWARD)
    from_start, from_end = share[:, near], share[:, far]
    whole = from_start + from_end >= 1.0
    steps = [Step(s, FORWARD, 0.0, 1.0) for s in np.flatnonzero(whole).tolist()]
    begun = np.flatnonzero((from_start > 0) & ~whole).tolist()
    steps += [Step(s, FORWARD, 0.0, float(from_start[s])) for s in begun]
    ended = np.flatnonzero((from_end > 0) & ~whole).tolist()
    steps += [Step(s, FORWARD, 1.0 - float(from_end[s]), 1.0) for s in ended]
    own = int(place.segment[0])
    if own >= 0 and not whole[own]:
        steps += _around(times, place, found.direction, limit_ms - int(place.access_ms[0]))
    return steps


def _around(times: TravelTimes, place: Places, direction: Direction, left_ms: int) -> list[Step]:
    """The stretch of the place's own segment that is reached straight from it."""
    if left_ms < 0:
        return []
    own, at = int(place.segment[0]), float(place.fraction[0])
    low = high = at
    for side in (FORWARD, BACKWARD):
        through_ms = int(times.graph.through_ms[own, side])
        if through_ms == CLOSED:
            continue
        share = left_ms / through_ms
        if (side == FORWARD) == (direction == "from"):
            high = min(at + share, 1.0)
        else:
            low = max(at - share, 0.0)
    return [Step(own, FORWARD, low, high)] if high > low else []


def features(
    times: TravelTimes,
    geometry: Geometry,
    place: Places,
    direction: Direction,
    minutes: Sequence[float],
    shape: Literal["roads", "hull"],
) -> list[dict[str, Any]]:
    """GeoJSON features, one per threshold, the largest first; geometry null where nothing is.

    Raises:
        TooLarge: the roads have more than ``MOST_VERTICES`` in all.
    """
    found = reach(times, place, direction)
    made = []
    room = MOST_VERTICES if shape == "roads" else None
    for limit in sorted(set(minutes), reverse=True):
        steps = reached_steps(times, place, found, int(limit * 60 * MS_PER_S))
        lines = _lines(geometry, steps, room)
        if room is not None:
            room -= sum(map(len, lines))
        length_m = sum(geometry.length_m[s.segment] * (s.end - s.begin) for s in steps)
        made.append(
            {
                "type": "Feature",
                "properties": {
                    "minutes": limit,
                    "direction": direction,
                    "road_km": round(float(length_m) / 1000, 3),
                },
                "geometry": _roads(lines) if shape == "roads" else _hull(lines),
            }
        )
    return made


def _lines(geometry: Geometry, steps: list[Step], room: int | None) -> list[Floats]:
    """The lines of steps, which have no more vertices than there is room for."""
    lines, vertices = [], 0
    for step in steps:
        keep_time()
        line = step_line(geometry, step)
        lines.append(line)
        vertices += len(line)
        if room is not None and vertices > room:
            raise TooLarge(
                Text("范围内的道路过多", "there are too many roads within that time"),
                field="minutes",
                cure=Text(
                    "减少分钟数或档数,或用 shape=hull",
                    "ask for fewer minutes or thresholds, or for shape=hull",
                ),
            )
    return lines


def _roads(lines: list[Floats]) -> dict[str, Any] | None:
    if not lines:
        return None
    rounded = [np.round(line, 6).tolist() for line in lines]
    return {"type": "MultiLineString", "coordinates": rounded}


def _hull(lines: list[Floats]) -> dict[str, Any] | None:
    if not lines:
        return None
    points = shapely.MultiPoint(_thinned(np.concatenate(lines)))
    hull = shapely.set_precision(shapely.concave_hull(points, ratio=HULL_RATIO), 1e-6)
    if not isinstance(hull, shapely.Polygon) or hull.is_empty:
        return None
    ring = [list(point) for point in hull.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}


def _thinned(points: Floats) -> Floats:
    """At most ``MOST_HULL_POINTS`` of the points: one in each square of a lattice."""
    low, across = points.min(axis=0), np.ptp(points, axis=0).max()
    squares = 512
    while len(points) > MOST_HULL_POINTS:
        cell = ((points - low) / max(across, 1e-9) * squares).astype(np.int64)
        _, first = np.unique(cell[:, 0] * (squares + 1) + cell[:, 1], return_index=True)
        points = points[np.sort(first)]
        squares //= 2
    return points
