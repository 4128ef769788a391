"""The nearest responders of every tier to one place, by travel time, exactly.

What is timed: from being alerted, on post and setting out at once, to the kerb of the incident.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from blockdata.errors import OutsideNetwork
from blockdata.profile import Mode, Profile, Tier
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch._kernels.snap import metres_per_degree
from dispatch.availability import STATES, Reason
from dispatch.fleet import Fleet, Hit
from dispatch.network.network import RoadNetwork
from dispatch.network.snapping import Places, snap
from dispatch.travel_time import Found, TravelTimes

LEFT_OUT_SHOWN = 5  # of each tier, the nearest


@dataclass(frozen=True)
class Candidate:
    """A responder (row of the fleet) that can come, its legs and its way."""

    row: int
    mode: Mode
    found: Found


@dataclass(frozen=True)
class LeftOut:
    """A responder (row of the fleet) nearer in a straight line that is not offered, and why."""

    row: int
    reason: Reason
    straight_line_m: float
    travel_time_ms: int | None


@dataclass(frozen=True)
class TierAnswer:
    """The answer for one tier; ``available`` counts those who may be asked."""

    tier: Tier
    available: int
    candidates: list[Candidate]
    left_out: list[LeftOut]


def snap_incident(
    network: RoadNetwork,
    travel: Mapping[Mode, TravelTimes],
    profile: Profile,
    lon: float,
    lat: float,
) -> dict[Mode, Places]:
    """The incident on the network of every mode, as places of length 1.

    Raises:
        OutsideNetwork: no road of any mode is within reach.
    """
    at = (np.array([lon]), np.array([lat]))
    places = {
        mode: snap(network.geometry, times.graph, profile.modes[mode], *at)
        for mode, times in travel.items()
    }
    if not any(place.on_network[0] for place in places.values()):
        reach_m = max(rules.max_snap_m for rules in profile.modes.values())
        raise OutsideNetwork(
            Text(
                f"({lon:.6f}, {lat:.6f}) 周围 {reach_m:.0f} 米内没有道路",
                f"no road within {reach_m:.0f} m of ({lon:.6f}, {lat:.6f})",
            ),
            field="at",
            cure=Text("检查经纬度次序(经度在前)与 --area", "check the order (lon, lat) and --area"),
        )
    return places


def nearest(
    fleet: Fleet,
    profile: Profile,
    incident: tuple[float, float],
    places: Mapping[Mode, Places],
    k: int,
    moment: datetime,
) -> list[TierAnswer]:
    """For each tier of the profile the k nearest available, and why nearer ones were left out.

    Args:
        fleet: the area's responders, under the travel times that hold.
        profile: tiers, modes and limits.
        incident: WGS 84 lon, lat.
        places: the incident on the network (``snap_incident``).
        k: how many of each tier at most.
        moment: when; decides whose fix is fresh.
    """
    with fleet.lock:
        states = fleet.states(moment)
        straight_m = straight_line_m(fleet, incident)
        limit_ms = profile.dispatch.search_limit_s * MS_PER_S
        answers = []
        for tier in profile.tiers:
            mine = fleet.is_tier(tier)
            hits = fleet.nearest(tier, places, k, limit_ms, moment)
            candidates = [_candidate(fleet, places, hit) for hit in hits]
            nearer = _nearer(straight_m, mine, candidates, k)
            left_out = [
                _explain(fleet, places, row, STATES[states[row]], straight_m[row], limit_ms)
                for row in nearer
            ]
            available = int((mine & (states == 0)).sum())
            answers.append(TierAnswer(tier, available, candidates, left_out))
        return answers


def _candidate(fleet: Fleet, places: Mapping[Mode, Places], hit: Hit) -> Candidate:
    found = fleet.journey(hit.row, places)
    assert found is not None  # it was found, so it has a way
    assert found.travel_time_ms == hit.travel_time_ms
    return Candidate(hit.row, hit.mode, found)


def _explain(
    fleet: Fleet,
    places: Mapping[Mode, Places],
    row: int,
    state: Reason | None,
    straight_m: float,
    limit_ms: int,
) -> LeftOut:
    """Why somebody nearer is not offered; those who could come are timed too."""
    found = fleet.journey(row, places) if state is None else None
    if found is None or found.travel_time_ms > limit_ms:
        return LeftOut(row, state or "unreachable", float(straight_m), None)
    return LeftOut(row, "slower", float(straight_m), found.travel_time_ms)


def straight_line_m(fleet: Fleet, incident: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Straight-line distance of every responder to the incident, metres; inf without position."""
    per_lon, per_lat = metres_per_degree(incident[1])
    lon, lat = fleet.roster.lon, fleet.roster.lat
    away = np.hypot((lon - incident[0]) * per_lon, (lat - incident[1]) * per_lat)
    return np.where(np.isnan(away), np.inf, away)


def _nearer(
    straight_m: npt.NDArray[np.float64],
    mine: npt.NDArray[np.bool_],
    candidates: list[Candidate],
    k: int,
) -> list[int]:
    """Rows of the tier nearer in a straight line than the farthest candidate, nearest first.

    Where fewer than k could be found, everybody is nearer than nobody.
    """
    offered = [candidate.row for candidate in candidates]
    reach_m = float(straight_m[offered].max()) if len(offered) == k else np.inf
    others = mine & (straight_m < reach_m)
    others[offered] = False
    rows = np.flatnonzero(others)
    by_distance = rows[np.argsort(straight_m[rows], kind="stable")]
    return [int(row) for row in by_distance[:LEFT_OUT_SHOWN]]
