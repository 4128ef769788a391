"""Points put on the network: the nearest point on the nearest segment that the mode may use."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blockdata.profile import ModeRules
from dispatch._kernels import snap as kernel
from dispatch.network.costs import BACKWARD, FORWARD, access_ms, round_half_up
from dispatch.network.network import CLOSED, Geometry, ModeGraph

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
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
    segment, along_m, distance_m, road_lon, road_lat = kernel.snap(
        np.ascontiguousarray(lon, np.float64),
        np.ascontiguousarray(lat, np.float64),
        graph.usable,
        geometry.path,
        geometry.so_far_m,
        geometry.segment_of,
        geometry.cell_first,
        geometry.cell_piece,
        *geometry.lattice_frame,
        rules.max_snap_m,
    )
    known = np.maximum(segment, 0)
    length_m = geometry.length_m[known]
    fraction = np.clip(
        np.where(length_m > 0, along_m / np.where(length_m > 0, length_m, 1), 0), 0, 1
    )
    to_ms, from_ms = split_arcs(graph, known, fraction)
    off = segment < 0
    to_ms[off] = from_ms[off] = CLOSED
    leg_ms = access_ms(np.where(off, 0.0, distance_m), rules)
    return Places(
        segment, along_m, fraction, distance_m, leg_ms, road_lon, road_lat, to_ms, from_ms
    )


def split_arcs(
    graph: ModeGraph, segment: npt.NDArray[np.int32], fraction: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Times to and from a place within its segment's arcs, int64[q, 2] each (rule: ``costs``)."""
    through_ms = graph.through_ms[segment].astype(np.int64)
    ahead = np.empty((len(segment), 2))
    ahead[:, FORWARD] = fraction
    ahead[:, BACKWARD] = 1.0 - fraction
    to_ms = round_half_up(through_ms * ahead)
    closed = through_ms == CLOSED
    return np.where(closed, CLOSED, to_ms), np.where(closed, CLOSED, through_ms - to_ms)
