"""Whom to send to one incident, of every tier, and what speaks for and against each.

For each tier: the k who are there soonest; the chance of each to make the target; what coverage is
lost while it is away, and who would cost less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from blockdata.profile import Profile, Tier
from blockdata.units import MS_PER_S
from dispatch.availability import STATES, Reason
from dispatch.coverage import GridPoints, lost_without, tier_cover
from dispatch.desk import Incident
from dispatch.fleet import Fleet, Hit
from dispatch.nearest import TierAnswer, nearest
from dispatch.network.network import RoadNetwork
from dispatch.turnout import Turnout, tier_turnout

SUBSTITUTES = 5  # so many after the candidates are looked at


@dataclass(frozen=True)
class Substitute:
    """Another unit (row), how much later it comes, and how many grids it leaves uncovered."""

    row: int
    extra_ms: int
    grids_lost: int


@dataclass(frozen=True)
class Advice:
    """Beside one candidate: its chance, the grids lost without it, and who would cost less."""

    chance: float
    grids_lost: list[str] | None
    substitute: Substitute | None


@dataclass(frozen=True)
class TierAdvice:
    """The answer for one tier with what speaks for and against; ``advice`` goes by candidate."""

    answer: TierAnswer
    turnout: Turnout
    advice: list[Advice]
    covered: int | None


@dataclass(frozen=True)
class WhyNot:
    """Why one unit is not among the candidates; ``rank`` where it is."""

    row: int
    tier: Tier
    reason: Reason | None
    rank: int | None
    travel_time_ms: int | None


def recommend(
    fleet: Fleet,
    network: RoadNetwork,
    profile: Profile,
    grids: GridPoints,
    incident: Incident,
    k: int,
    moment: datetime,
    *,
    needs: Mapping[Tier, int],
) -> list[TierAdvice]:
    """The advice for every tier that is told of by name; hold ``fleet.lock``.

    Coverage is told where the area has grids.
    """
    at = (incident.lon, incident.lat)
    answers = nearest(fleet, profile, at, incident.places, k, moment, profile.told, needs)
    return [
        _advise(fleet, network, profile, grids, incident, answer, moment, needs)
        for answer in answers
    ]


def why_not(
    fleet: Fleet, profile: Profile, incident: Incident, answers: list[TierAnswer], row: int,
    moment: datetime, needs: Mapping[Tier, int],
) -> WhyNot:  # fmt: skip
    """Why one unit is not among the candidates, by the first reason that holds."""
    answer = next(a for a in answers if fleet.is_tier(a.tier)[row])
    ranks = {one.row: rank for rank, one in enumerate(answer.candidates, start=1)}
    way = fleet.journey(row, incident.places)
    time_ms = None if way is None else way[0].travel_time_ms
    reason: Reason | None = STATES[fleet.states(moment)[row]]
    if row in ranks:
        return WhyNot(row, answer.tier, None, ranks[row], time_ms)
    if reason is None and not fleet.has_skills(needs.get(answer.tier, 0))[row]:
        reason = "unskilled"
    if reason is None:
        limit_ms = profile.dispatch.search_limit_s * MS_PER_S
        late = time_ms is None or time_ms > limit_ms
        reason = "unreachable" if late else "farther"
    return WhyNot(row, answer.tier, reason, None, time_ms)


def _advise(
    fleet: Fleet,
    network: RoadNetwork,
    profile: Profile,
    grids: GridPoints,
    incident: Incident,
    answer: TierAnswer,
    moment: datetime,
    needs: Mapping[Tier, int],
) -> TierAdvice:
    tier, target_s = answer.tier, profile.tiers[answer.tier].target_s
    code = incident.grid["code"] if incident.grid else None
    turnout = tier_turnout(profile, tier, moment, code)
    limit_ms = profile.dispatch.search_limit_s * MS_PER_S
    bits = needs.get(tier, 0)
    chances = [
        turnout.chance_in_time(one.found.travel_time_ms / MS_PER_S, target_s)
        for one in answer.candidates
    ]
    if not grids.codes or not answer.candidates:
        plain = [Advice(c, None, None) for c in chances]
        return TierAdvice(answer, turnout, plain, None)
    cover = tier_cover(fleet, network, profile, tier, grids, moment)
    wanted = len(answer.candidates) + SUBSTITUTES
    hits = fleet.nearest(tier, incident.places, wanted, limit_ms, moment, needs=bits)
    lost = {hit.row: lost_without(fleet, cover, tier, hit.row, moment) for hit in hits}
    advice = [
        Advice(c, lost[one.row], _cheapest(hits, lost, one.row, cover.target_ms))
        for c, one in zip(chances, answer.candidates, strict=True)
    ]
    return TierAdvice(answer, turnout, advice, cover.covered)


def _cheapest(
    hits: list[Hit], lost: Mapping[int, list[str]], row: int, target_ms: int
) -> Substitute | None:
    """Who could go instead for less coverage: the least lost, then the soonest; None: nobody.

    One that would be late does not stand in for one that is in time.
    """
    own = next(hit for hit in hits if hit.row == row)
    in_time = own.travel_time_ms <= target_ms
    cheaper = [
        (len(lost[hit.row]), hit)
        for hit in hits
        if len(lost[hit.row]) < len(lost[row]) and (hit.travel_time_ms <= target_ms or not in_time)
    ]
    if not cheaper:
        return None
    grids_lost, best = min(cheaper)
    return Substitute(best.row, best.travel_time_ms - own.travel_time_ms, grids_lost)
