"""The way somebody takes, as length and as a line on the map."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.network.network import Geometry, path_of
from dispatch.travel_time import Step


def road_distance_m(geometry: Geometry, route: Sequence[Step]) -> float:
    """Length of a route on the road, metres."""
    return float(sum(geometry.length_m[s.segment] * abs(s.end - s.begin) for s in route))


def route_line(geometry: Geometry, route: Sequence[Step]) -> npt.NDArray[np.float64]:
    """Vertices of a route on the road, float64[v, 2] (WGS 84 lon, lat); at least two."""
    parts = [step_line(geometry, step) for step in route]
    line = np.concatenate(parts)
    moved = np.ones(len(line), np.bool_)
    moved[1:] = (line[1:] != line[:-1]).any(axis=1)
    line = line[moved]
    return line if len(line) > 1 else np.repeat(line[:1], 2, axis=0)


def step_line(geometry: Geometry, step: Step) -> npt.NDArray[np.float64]:
    """Vertices of one step of a route, in the direction of travel."""
    first, stop = geometry.path_first[step.segment], geometry.path_first[step.segment + 1]
    so_far_m, path = geometry.so_far_m[first:stop], geometry.path[first:stop]
    if step.begin == step.direction and step.end == 1 - step.direction:
        return path_of(geometry, step.segment, step.direction)
    low_m, high_m = sorted((step.begin * so_far_m[-1], step.end * so_far_m[-1]))
    inner = path[(so_far_m > low_m) & (so_far_m < high_m)]
    ends = [[np.interp(at, so_far_m, path[:, axis]) for axis in (0, 1)] for at in (low_m, high_m)]
    line = np.concatenate([ends[:1], inner, ends[1:]])
    return line if step.direction == 0 else line[::-1]
