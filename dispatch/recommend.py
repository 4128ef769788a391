"""Whom to send to one incident, of every tier, and what speaks for and against each.

For each tier: the k who are there soonest; the chance of each to make the target; what coverage is
lost while it is away, and who would cost less; of volunteers the smallest set to alert.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blockdata.profile import Profile, Tier
from blockdata.units import MS_PER_S
from dispatch.availability import STATES, Reason
from dispatch.coverage import GridPoints, lost_without, tier_cover
from dispatch.desk import Incident
from dispatch.fleet import Fleet, Hit
from dispatch.nearest import TierAnswer, nearest
from dispatch.network.network import RoadNetwork
from dispatch.turnout import AlertSet, Turnout, smallest_alert_set, turnout_at

SUBSTITUTES = 5  # so many after the candidates are looked at
ALERTED_AT_MOST = 50


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
    alert: AlertSet | None
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
    alert_chance: float,
) -> list[TierAdvice]:
    """The advice for every tier, in the order of the profile; hold ``fleet.lock``.

    Coverage is told of tiers that are not masked, where the area has grids.
    """
    at = (incident.lon, incident.lat)
    answers = nearest(fleet, profile, at, incident.places, k, moment, needs)
    return [
        _advise(fleet, network, profile, grids, incident, answer, moment, needs, alert_chance)
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
    alert_chance: float,
) -> TierAdvice:
    tier, rules = answer.tier, profile.tiers[answer.tier]
    hour = moment.astimezone(ZoneInfo(profile.district.timezone)).hour
    street = incident.grid["code"][:9] if incident.grid else None
    turnout = turnout_at(profile.turnout[tier], hour, street)
    limit_ms = profile.dispatch.search_limit_s * MS_PER_S
    bits = needs.get(tier, 0)

    def chance(time_ms: int) -> float:
        # of the masked a chance must not tell more than the time shown does
        shown_s = -(-time_ms // MS_PER_S) if rules.masked_until_accepted else time_ms / MS_PER_S
        return turnout.chance_in_time(shown_s, rules.target_s)

    chances = [chance(one.found.travel_time_ms) for one in answer.candidates]
    if rules.masked_until_accepted:
        target_ms = rules.target_s * MS_PER_S
        within = fleet.nearest(
            tier, incident.places, ALERTED_AT_MOST, target_ms, moment, needs=bits
        )
        alert = smallest_alert_set([chance(hit.travel_time_ms) for hit in within], alert_chance)
        plain = [Advice(c, None, None) for c in chances]
        return TierAdvice(answer, turnout, plain, alert, None)
    if not grids.codes or not answer.candidates:
        plain = [Advice(c, None, None) for c in chances]
        return TierAdvice(answer, turnout, plain, None, None)
    cover = tier_cover(fleet, network, profile, tier, grids, moment)
    wanted = len(answer.candidates) + SUBSTITUTES
    hits = fleet.nearest(tier, incident.places, wanted, limit_ms, moment, needs=bits)
    lost = {hit.row: lost_without(fleet, cover, tier, hit.row, moment) for hit in hits}
    advice = [
        Advice(c, lost[one.row], _cheapest(hits, lost, one.row, cover.target_ms))
        for c, one in zip(chances, answer.candidates, strict=True)
    ]
    return TierAdvice(answer, turnout, advice, None, cover.covered)


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
