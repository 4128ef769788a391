"""What it costs to travel: from segments and a profile's rules to the arcs of one travel mode.

An arc is one segment in one direction. The rule of time, written once:

- The time of an arc is ``floor(length_m / speed_mps * 1000 + 0.5)`` whole milliseconds, at least 1
  and at most ``LONGEST_MS``.
- A place at fraction f along an arc is ``floor(arc_ms * f + 0.5)`` from its tail, and what is left
  of ``arc_ms`` from its head, so the two parts of an arc always add up to it.
- From one place on an arc to another on it one goes straight, if the other's time from the tail is
  not less; it takes the difference.
- Off the network, ``distance_m`` takes ``floor(distance_m / access_speed_mps * 1000 + 0.5)``.

All that follows is integer arithmetic, hence exact.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from blockdata.profile import ModeRules
from blockdata.units import MS_PER_S, kph_to_mps
from dispatch.network.rows import RoadRows

FORWARD, BACKWARD = 0, 1
LONGEST_MS = 1 << 29
"""Six days: half of what counts as no way at all, so that an arc's part and a leg beside it add up
to a time. Without it a road that is slowed to nearly nothing overflows, and takes no time."""

Floats = npt.NDArray[np.float64]


class Arcs(NamedTuple):
    """Directed arcs of one mode: nodes, whole milliseconds, segment, and direction (int32[a])."""

    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    time_ms: npt.NDArray[np.int32]
    segment: npt.NDArray[np.int32]
    direction: npt.NDArray[np.int8]


def round_half_up(values: Any) -> npt.NDArray[np.int64]:
    """``floor(x + 0.5)``: the one rounding of times, here for milliseconds."""
    return np.floor(np.asarray(values, np.float64) + 0.5).astype(np.int64)


def travel_ms(length_m: Any, speed_mps: Any) -> npt.NDArray[np.int64]:
    """Whole milliseconds of arcs of a length in metres at a speed in metres per second."""
    with np.errstate(over="ignore"):  # what is infinite takes the longest time too
        exact_ms = np.asarray(length_m, np.float64) / speed_mps * MS_PER_S
    return np.maximum(round_half_up(np.minimum(exact_ms, LONGEST_MS)), 1)


def speeds_mps(roads: RoadRows, rules: ModeRules, mode_bit: int) -> Floats:
    """Speed on every segment in m/s, float64[m]; 0 where the segment is closed to the mode.

    The class gives the default. A posted speed caps it, or stands in for it where the mode's
    ``maxspeed_replaces_default`` says so. Emergency rules allow ``emergency_factor`` of that, up
    to ``emergency_max_kph``.
    """
    classes, which = np.unique(roads.road_class.astype(str), return_inverse=True)
    speed = np.array([rules.speeds_kph.get(name, 0.0) for name in classes])[which]
    closed = (speed == 0.0) | (roads.access_modes & mode_bit == 0)
    if rules.honours_maxspeed:
        posted = roads.maxspeed_kph.astype(np.float64)
        limited = posted if rules.maxspeed_replaces_default else np.minimum(speed, posted)
        speed = np.where(posted > 0, limited, speed)
    speed = np.minimum(speed * rules.emergency_factor, rules.emergency_max_kph)
    return np.where(closed, 0.0, kph_to_mps(speed))


def arcs_of(roads: RoadRows, rules: ModeRules, speed: Floats) -> Arcs:
    """The arcs of a mode at its speeds (``speeds_mps``), by segment, forward before backward.

    A one-way is open in its direction; against it too where the mode need not honour it or its
    class is open to contraflow.
    """
    both = np.isin(roads.road_class.astype(str), rules.contraflow_classes)
    both = both | (not rules.honours_oneway) | (roads.oneway == 0)
    open_ = np.empty((roads.n_segments, 2), np.bool_)
    open_[:, FORWARD] = (speed > 0) & (both | (roads.oneway > 0))
    open_[:, BACKWARD] = (speed > 0) & (both | (roads.oneway < 0))
    segment, direction = np.nonzero(open_)
    time_ms = travel_ms(roads.length_m[segment], speed[segment])
    ends = np.stack([roads.from_node, roads.to_node], axis=1)
    return Arcs(
        tail=ends[segment, direction].astype(np.int32),
        head=ends[segment, 1 - direction].astype(np.int32),
        time_ms=time_ms.astype(np.int32),
        segment=segment.astype(np.int32),
        direction=direction.astype(np.int8),
    )
