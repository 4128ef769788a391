"""The nearest responders of every tier to one place, by travel time, exactly.

What is timed: from being alerted, on post and setting out at once, to the kerb of the incident.
"""

from collections.abc import Collection, Mapping, Sequence
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
from dispatch.network.snapping import Places, snap_modes
from dispatch.travel_time import Found, TravelTimes

LEFT_OUT_SHOWN = 5  # of each tier, the nearest


@dataclass(frozen=True)
class Candidate:
    """A responder (row of the fleet) that can come, its legs and its way, to which of the places.

    ``slack_ms``: so much sooner or later it may be there, for what its fix leaves open.
    """

    row: int
    mode: Mode
    found: Found
    slack_ms: int
    at: int = 0


@dataclass(frozen=True)
class LeftOut:
    """A responder (row of the fleet) nearer in a straight line that is not offered, and why."""

    row: int
    reason: Reason
    straight_line_m: float
    travel_time_ms: int | None


@dataclass(frozen=True)
class TierAnswer:
    """The answer for one tier; ``available`` counts those who may be asked.

    ``may_flip``: within what their fixes leave open, the candidates, and whoever comes next after
    them, could stand in another order.
    """

    tier: Tier
    available: int
    candidates: list[Candidate]
    left_out: list[LeftOut]
    may_flip: bool


NO_ROAD_CURE = Text(
    "查看封路(封闭的道路无法通行),核对经纬度次序(经度在前)与所选区域",
    "look at the closures (nobody comes by a closed road); check the order (lon, lat) and the area",
)


def snap_incident(
    network: RoadNetwork,
    travel: Mapping[Mode, TravelTimes],
    profile: Profile,
    doors: Sequence[tuple[float, float]],
) -> dict[Mode, Places]:
    """The doors of an incident (WGS 84; at least one) on the network of every mode.

    Raises:
        OutsideNetwork: no road of any mode is within reach.
    """
    (lon, lat) = doors[0]
    at = (np.array([door[0] for door in doors]), np.array([door[1] for door in doors]))
    graphs = [times.graph for times in travel.values()]
    rules = [profile.modes[mode] for mode in travel]
    found = snap_modes(network.geometry, graphs, rules, *at)
    places = dict(zip(travel, found, strict=True))
    if not any(segment >= 0 for place in found for segment in place.segment.tolist()):
        reach_m = max(rules.max_snap_m for rules in profile.modes.values())
        raise OutsideNetwork(
            Text(
                f"({lon:.6f}, {lat:.6f}) 周围 {reach_m:.0f} 米内没有道路",
                f"no road within {reach_m:.0f} m of ({lon:.6f}, {lat:.6f})",
            ),
            field="at",
            cure=NO_ROAD_CURE,
        )
    return places


def nearest(
    fleet: Fleet,
    profile: Profile,
    incident: tuple[float, float],
    places: Mapping[Mode, Places],
    k: int,
    moment: datetime,
    tiers: Collection[Tier],
    needs: Mapping[Tier, int] | None = None,
) -> list[TierAnswer]:
    """For each tier the k nearest available, and why nearer ones were left out.

    Args:
        fleet: the area's responders, under the travel times that hold.
        profile: modes and limits.
        incident: WGS 84 lon, lat.
        places: the incident on the network (``snap_incident``).
        k: how many of each tier at most.
        moment: when; decides whose fix is fresh.
        tiers: of whom; the answer may be shown of those that the profile does not mask.
        needs: bits of skills that each tier's must have.
    """
    needs = needs or {}
    with fleet.lock:
        states = fleet.states(moment)
        straight_m = straight_line_m(fleet, incident)
        limit_ms = profile.dispatch.search_limit_s * MS_PER_S
        found = fleet.nearest_by_tier(tiers, places, k + 1, limit_ms, moment, needs)
        answers = []
        for tier, hits in found.items():
            mine = fleet.is_tier(tier) & fleet.has_skills(needs.get(tier, 0))
            candidates = [_candidate(fleet, places, hit, moment) for hit in hits[:k]]
            nearer = _nearer(straight_m, mine, candidates, k)
            left_out = [
                _explain(fleet, places, row, STATES[states[row]], straight_m[row], limit_ms)
                for row in nearer
            ]
            available = int((mine & (states == 0)).sum())
            flips = may_flip(fleet, hits, moment)
            answers.append(TierAnswer(tier, available, candidates, left_out, flips))
        return answers


def may_flip(fleet: Fleet, hits: list[Hit], moment: datetime) -> bool:
    """Whether two of some hits in rank order overlap within what their fixes leave open."""
    slack_ms = [fleet.slack_ms(hit.row, moment) for hit in hits]
    latest = -1
    for hit, slack in zip(hits, slack_ms, strict=True):
        if hit.travel_time_ms - slack < latest:
            return True
        latest = max(latest, hit.travel_time_ms + slack)
    return False


def _candidate(
    fleet: Fleet, places: Mapping[Mode, Places], hit: Hit, moment: datetime
) -> Candidate:
    way = fleet.journey(hit.row, places)
    assert way is not None  # it was found, so it has one
    found, at = way
    assert found.travel_time_ms == hit.travel_time_ms
    return Candidate(hit.row, hit.mode, found, fleet.slack_ms(hit.row, moment), at)


def _explain(
    fleet: Fleet,
    places: Mapping[Mode, Places],
    row: int,
    state: Reason | None,
    straight_m: float,
    limit_ms: int,
) -> LeftOut:
    """Why somebody nearer is not offered; those who could come are timed too."""
    way = fleet.journey(row, places) if state is None else None
    if way is None or way[0].travel_time_ms > limit_ms:
        return LeftOut(row, state or "unreachable", float(straight_m), None)
    return LeftOut(row, "slower", float(straight_m), way[0].travel_time_ms)


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
