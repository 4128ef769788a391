"""Points put on the network: the nearest point on the nearest segment that the mode may use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blockdata.profile import ModeRules
from blockdata.units import kph_to_mps
from dispatch._kernels import snap as kernel
from dispatch.network.network import Geometry, ModeGraph

Floats = npt.NDArray[np.float64]


@dataclass(slots=True, eq=False)
class Places:
    """Points on the network of one mode, arrays of one length.

    ``segment`` int32 (-1: none within reach), ``along_m`` and ``fraction`` from the segment's
    first vertex, ``distance_m`` (inf where none) and ``access_ms`` int64 from the point to the
    road, ``road_lon``, ``road_lat`` where it meets the road. ``to_ms`` and ``from_ms`` int64[q, 2]
    by direction: the time from the arc's tail to the place, and from the place to the arc's head;
    -1 where that direction is closed.
    """

    segment: npt.NDArray[np.int32]
    along_m: Floats
    fraction: Floats
    distance_m: Floats
    access_ms: npt.NDArray[np.int64]
    road_lon: Floats
    road_lat: Floats
    to_ms: npt.NDArray[np.int64]
    from_ms: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.segment)

    @property
    def on_network(self) -> npt.NDArray[np.bool_]:
        """Which points have a road within reach."""
        return self.segment >= 0


def snap(
    geometry: Geometry, graph: ModeGraph, rules: ModeRules, lon: Floats, lat: Floats
) -> Places:
    """Put points (WGS 84 degrees, float64[q]) on the network of one mode.

    A point farther than the mode's ``max_snap_m`` from every usable road is on no segment.
    """
    return snap_modes(geometry, [graph], [rules], lon, lat)[0]


def snap_modes(
    geometry: Geometry,
    graphs: Sequence[ModeGraph],
    rules: Sequence[ModeRules],
    lon: Floats,
    lat: Floats,
) -> list[Places]:
    """Put points (WGS 84 degrees, float64[q]) on the networks of several modes; places by mode."""
    columns = kernel.put_on_network(
        np.ascontiguousarray(lon, np.float64),
        np.ascontiguousarray(lat, np.float64),
        tuple([graph.usable for graph in graphs]),
        tuple([graph.through_ms for graph in graphs]),
        tuple([rule.max_snap_m for rule in rules]),
        tuple([kph_to_mps(rule.access_speed_kph) for rule in rules]),
        *geometry.streets,
    )
    return [Places(*row) for row in zip(*columns, strict=True)]


def split_arcs(
    graph: ModeGraph, segment: npt.NDArray[np.int32], fraction: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Times to and from a place within its segment's arcs, int64[q, 2] each (rule: ``costs``)."""
    to_ms, from_ms = kernel.split(graph.through_ms, segment, np.asarray(fraction, np.float64))
    return to_ms, from_ms
