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
from dispatch.fleet import LEFT_OUT_SHOWN, Fleet
from dispatch.network.network import RoadNetwork
from dispatch.network.snapping import Places, snap
from dispatch.travel_time import Found, TravelTimes


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
    network: RoadNetwork, profile: Profile, lon: float, lat: float
) -> dict[Mode, Places]:
    """The incident on the network of every mode, as places of length 1.

    Raises:
        OutsideNetwork: no road of any mode is within reach.
    """
    at = (np.array([lon]), np.array([lat]))
    places = {
        mode: snap(network.geometry, graph, profile.modes[mode], *at)
        for mode, graph in network.graphs.items()
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
    network: RoadNetwork,
    times: Mapping[Mode, TravelTimes],
    fleet: Fleet,
    profile: Profile,
    incident: tuple[float, float],
    places: Mapping[Mode, Places],
    k: int,
    moment: datetime,
) -> list[TierAnswer]:
    """For each tier of the profile the k nearest available, and why nearer ones were left out.

    Args:
        network: the area's roads.
        times: travel times of each mode on them.
        fleet: the area's responders.
        profile: tiers, modes and limits.
        incident: WGS 84 lon, lat.
        places: the incident on the network (``snap_incident``).
        k: how many of each tier at most.
        moment: when; decides who is on duty and whose fix is fresh.
    """
    states = fleet.states(moment, profile.dispatch.fix_max_age_s)
    available = states == 0
    straight_m = straight_line_m(fleet, incident)
    search = _Search(network, times, fleet, profile, places)
    answers = []
    for tier in profile.tiers:
        mine = fleet.is_tier(tier)
        candidates = search.best(tier, available, k)
        nearer = _nearer(straight_m, mine, candidates, k)
        left_out = search.explain(tier, nearer, available, states, straight_m)
        answers.append(TierAnswer(tier, int((mine & available).sum()), candidates, left_out))
    return answers


@dataclass(frozen=True)
class _Search:
    network: RoadNetwork
    times: Mapping[Mode, TravelTimes]
    fleet: Fleet
    profile: Profile
    places: Mapping[Mode, Places]

    def best(self, tier: Tier, among: npt.NDArray[np.bool_], k: int) -> list[Candidate]:
        """The k nearest of a tier among those marked, over all modes that they travel by."""
        found: list[Candidate] = []
        limit_ms = self.profile.dispatch.search_limit_s * MS_PER_S
        for mode in self.times:
            rows, pool = self.fleet.pool(tier, mode, among, self.network, self.profile)
            if len(rows):
                hits = self.times[mode].nearest(self.places[mode], pool, k, limit_ms)
                found += [Candidate(int(rows[hit.member]), mode, hit) for hit in hits]
        return sorted(found, key=lambda c: (c.found.travel_time_ms, c.row))[:k]

    def explain(
        self,
        tier: Tier,
        nearer: list[int],
        available: npt.NDArray[np.bool_],
        states: npt.NDArray[np.int8],
        straight_m: npt.NDArray[np.float64],
    ) -> list[LeftOut]:
        """Why each of the nearer rows is not offered; those who could come are timed too."""
        asked = np.zeros(len(available), np.bool_)
        asked[nearer] = available[nearer]
        timed = {
            candidate.row: candidate.found.travel_time_ms
            for candidate in (self.best(tier, asked, int(asked.sum())) if asked.any() else [])
        }
        return [
            LeftOut(
                row,
                STATES[states[row]] or ("slower" if row in timed else "unreachable"),
                float(straight_m[row]),
                timed.get(row),
            )
            for row in nearer
        ]


def straight_line_m(fleet: Fleet, incident: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Straight-line distance of every responder to the incident, metres; inf without position."""
    per_lon, per_lat = metres_per_degree(incident[1])
    away = np.hypot((fleet.lon - incident[0]) * per_lon, (fleet.lat - incident[1]) * per_lat)
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
