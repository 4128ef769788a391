"""The roads of an area as they are at a moment: time slots, closures and slower stretches.

A time slot or a closure never touches the order of the hierarchy: its arcs get new times, by the
same rule and rounded once, and the metric follows: in full for a slot, in part for a closure.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from blockdata.profile import Mode, Profile, TrafficBand
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.network.closures import Closure
from dispatch.network.costs import travel_ms
from dispatch.network.network import CLOSED, Geometry, RoadNetwork
from dispatch.network.tags import MODE_BITS
from dispatch.travel_time import TravelTimes

KEPT = 8  # travel times kept per mode, the last used
Floats = npt.NDArray[np.float64]


class _Slowed(NamedTuple):
    """Segments with the least factor that any closure gives them, ascending."""

    segments: npt.NDArray[np.int64]
    factors: Floats


class LiveRoads:
    """The travel times of every mode at any moment, made when first asked for and kept."""

    def __init__(
        self, network: RoadNetwork, hierarchies: Mapping[Mode, Hierarchy], profile: Profile
    ) -> None:
        self.network = network
        self._hierarchies = hierarchies
        self._profile = profile
        self._zone = ZoneInfo(profile.district.timezone)
        self._kept: dict[Mode, dict[tuple[object, ...], TravelTimes]] = {
            mode: {} for mode in network.graphs
        }
        self._lock = threading.Lock()

    def at(
        self, moment: datetime, closures: tuple[Closure, ...] = ()
    ) -> Mapping[Mode, TravelTimes]:
        """The travel times that hold at a moment under some closures.

        The same objects as before where nothing changed, so that ``is`` tells.
        """
        local = moment.astimezone(self._zone)
        with self._lock:
            return {mode: self._mode_at(mode, local, closures) for mode in self.network.graphs}

    def band_at(self, mode: Mode, moment: datetime) -> TrafficBand | None:
        """The traffic band of a mode at a moment; None outside all of them."""
        local = moment.astimezone(self._zone)
        bands = (band for band in self._profile.traffic if band.mode == mode)
        return next((band for band in bands if _holds(band, local)), None)

    def _mode_at(self, mode: Mode, local: datetime, closures: tuple[Closure, ...]) -> TravelTimes:
        band = self.band_at(mode, local)
        slot = None if band is None else self._profile.traffic.index(band)
        mine = tuple(c for c in closures if c.bound_modes & MODE_BITS[mode])
        base = self._keep(mode, (slot,), lambda: self._slot(mode, band))
        if not mine:
            return base
        return self._keep(mode, (slot, mine), lambda: self._closed(base, band, mine))

    def _keep(
        self, mode: Mode, key: tuple[object, ...], make: Callable[[], TravelTimes]
    ) -> TravelTimes:
        kept = self._kept[mode]
        times = kept.pop(key, None) or make()
        kept[key] = times
        if len(kept) > KEPT:
            del kept[next(iter(kept))]
        return times

    def _slot(self, mode: Mode, band: TrafficBand | None) -> TravelTimes:
        graph, hierarchy = self.network.graphs[mode], self._hierarchies[mode]
        if band is None:
            return TravelTimes.of(graph, hierarchy)
        speed_mps = graph.speed_mps * _class_factors(self.network.geometry, band)
        segment_ms = _segment_ms(self.network.geometry.length_m, speed_mps)
        through_ms = np.where(graph.through_ms == CLOSED, CLOSED, segment_ms[:, None])
        slotted = replace(
            graph,
            time_ms=segment_ms[graph.segment].astype(np.int32),
            through_ms=through_ms.astype(np.int32),
        )
        return TravelTimes.of(slotted, hierarchy)

    def _closed(
        self,
        base: TravelTimes,
        band: TrafficBand | None,
        closures: tuple[Closure, ...],
    ) -> TravelTimes:
        graph, geometry = base.graph, self.network.geometry
        segments, factors = _slowed(closures, len(geometry.length_m))
        speed_mps = graph.speed_mps[segments] * factors
        if band is not None:
            speed_mps = speed_mps * _class_factors(geometry, band)[segments]
        segment_ms = _segment_ms(geometry.length_m[segments], speed_mps)
        through_ms = graph.through_ms.copy()
        open_ = (through_ms[segments] != CLOSED) & (speed_mps > 0)[:, None]
        through_ms[segments] = np.where(open_, segment_ms[:, None], CLOSED)
        first, last = graph.segment_first[segments], graph.segment_first[segments + 1]
        arcs = np.concatenate(
            [graph.segment_way[a:b, 0] for a, b in zip(first, last, strict=True)]
            or [graph.segment_way[:0, 0]]
        )
        arc_ms = through_ms[graph.segment[arcs], graph.direction[arcs]]
        arc_ms = np.where(arc_ms == CLOSED, UNREACHABLE, arc_ms).astype(np.int32)
        time_ms = graph.time_ms.copy()
        time_ms[arcs] = arc_ms
        changed = replace(graph, time_ms=time_ms, through_ms=through_ms)
        return TravelTimes(changed, base.metric.update(arcs, arc_ms))


def _holds(band: TrafficBand, local: datetime) -> bool:
    """Whether a band is on; hours past midnight belong to the day on which it began."""
    wraps = band.from_hour >= band.to_hour
    if local.hour >= band.from_hour:
        return local.isoweekday() in band.days and (wraps or local.hour < band.to_hour)
    yesterday = (local.isoweekday() - 2) % 7 + 1
    return wraps and local.hour < band.to_hour and yesterday in band.days


def _class_factors(geometry: Geometry, band: TrafficBand) -> Floats:
    by_class = np.array([band.factors.get(str(name), 1.0) for name in geometry.class_names])
    found: Floats = by_class[geometry.road_class]
    return found


def _segment_ms(length_m: Floats, speed_mps: Floats) -> npt.NDArray[np.int64]:
    """Whole milliseconds of segments at speeds; what has no speed is not to be read."""
    moving = speed_mps > 0
    return travel_ms(np.where(moving, length_m, 0.0), np.where(moving, speed_mps, 1.0))


def _slowed(closures: tuple[Closure, ...], n_segments: int) -> _Slowed:
    segments = np.concatenate([np.array(c.segments, np.int64) for c in closures])
    factors = np.concatenate([np.full(len(c.segments), c.speed_factor) for c in closures])
    known = (segments >= 0) & (segments < n_segments)
    unique, at = np.unique(segments[known], return_inverse=True)
    least = np.full(len(unique), np.inf)
    np.minimum.at(least, at, factors[known])
    return _Slowed(unique, least)
