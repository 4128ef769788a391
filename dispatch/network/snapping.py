"""Points put on the network: the nearest point on the nearest segment that the mode may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from blockdata.profile import ModeRules
from blockdata.units import kph_to_mps
from dispatch._kernels import snap as kernel
from dispatch.network.network import CLOSED, Geometry, ModeGraph

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Points on the network of one mode, a row each.

    ``whole`` int64[q, 6] and ``spot`` float64[q, 4] hold the columns that the properties name, so
    that places are taken, copied and overwritten by the row. Times are ms, -1 where a direction is
    closed; coordinates WGS 84 degrees.
    """

    whole: Int64s
    spot: Floats

    @classmethod
    def nowhere(cls, n: int) -> Self:
        """Places of n points that are not on the network (yet)."""
        whole = np.full((n, 6), CLOSED, np.int64)
        whole[:, 1] = 0
        return cls(whole, np.array([[0.0, np.inf, 0.0, 0.0]]).repeat(n, axis=0))

    def __len__(self) -> int:
        return len(self.whole)

    def take(self, at: Int64s | NDArray[np.bool_]) -> "Places":
        """Some of the places, by number or mark."""
        return Places(self.whole[at], self.spot[at])

    def put(self, at: Int64s, places: "Places") -> None:
        """Write places over some of these."""
        self.whole[at], self.spot[at] = places.whole, places.spot

    @property
    def segment(self) -> Int64s:
        """The segment, -1 where none is within reach."""
        return self.whole[:, 0]

    @property
    def access_ms(self) -> Int64s:
        """Time between the point and the road."""
        return self.whole[:, 1]

    @property
    def to_ms(self) -> Int64s:
        """By direction, the time from the arc's tail to the place, [q, 2]."""
        return self.whole[:, 2:4]

    @property
    def from_ms(self) -> Int64s:
        """By direction, the time from the place to the arc's head, [q, 2]."""
        return self.whole[:, 4:6]

    @property
    def fraction(self) -> Floats:
        """How far along the segment, of its length, from its first vertex."""
        return self.spot[:, 0]

    @property
    def distance_m(self) -> Floats:
        """Metres between the point and the road, inf where there is none."""
        return self.spot[:, 1]

    @property
    def road_lon(self) -> Floats:
        """Where it meets the road."""
        return self.spot[:, 2]

    @property
    def road_lat(self) -> Floats:
        """Where it meets the road."""
        return self.spot[:, 3]

    @property
    def on_network(self) -> NDArray[np.bool_]:
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
    whole, spot = kernel.put_on_network(
        np.ascontiguousarray(lon, np.float64),
        np.ascontiguousarray(lat, np.float64),
        tuple([graph.usable for graph in graphs]),
        tuple([graph.through_ms for graph in graphs]),
        tuple([rule.max_snap_m for rule in rules]),
        tuple([kph_to_mps(rule.access_speed_kph) for rule in rules]),
        *geometry.streets,
    )
    return list(map(Places, whole, spot))
