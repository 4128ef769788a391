"""One question for a recommendation, from words to the answer."""

from datetime import datetime

from sqlalchemy import Connection

from blockdata.profile import Tier
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch.answering import (
    CLOCK,
    area_part,
    incident_part,
    parameters,
    tier_part,
    turnout_part,
)
from dispatch.arrival import Building, DoorLeg, building_at, door_legs
from dispatch.asking import locate
from dispatch.availability import REASONS
from dispatch.cells import CellCounts
from dispatch.desk import Desk, Desks, Incident
from dispatch.fleet import Fleet
from dispatch.masked import Nearby, look_nearby, masked_part
from dispatch.models import CandidatePart, ClockPart
from dispatch.nearest import Candidate, TierAnswer
from dispatch.places import Located
from dispatch.recommend import Advice, TierAdvice, WhyNot, recommend, why_not
from dispatch.recommend_models import (
    AlertPart,
    DoorLegPart,
    LossPart,
    MaskedTierRecommendation,
    Recommendation,
    RecommendedPart,
    RecommendQuestion,
    SubstitutePart,
    TierRecommendation,
    WhyNotPart,
    Words,
)

DOOR_CLOCK = ClockPart(
    starts="at_kerb",
    stops="at_door",
    zh="从路边到门口:门禁、楼门与上楼,按辖区配置",
    en="from the kerb to the door: gate, building door and floors, by the district profile",
)
# The same for a name that nobody has, somebody off duty, and a volunteer: none is to be found out.
UNKNOWN = Text(
    "可按呼号告知的在岗人员中没有该呼号或编号(义警接受任务前不按呼号告知)",
    "nobody on duty who is told of by name has this call sign or id (volunteers are not, until "
    "they accept)",
)


def ask_recommend(desks: Desks, question: RecommendQuestion) -> Recommendation:
    """Answer a question: place it with its building, weigh every tier, say it.

    Raises:
        NotFound: no such area or address, or the area has no roads or no responders.
        UnknownAddress: no known address fits the words.
        PlaceNotSaid: the address names no point, and no rough one was confirmed.
        OutsideArea, OutsideNetwork: the place lies beyond the area or far from any road.
        InputError: the moment cannot be read, or nobody has a skill.
    """
    with desks.engine.connect() as connection:
        desk, now = desks.desk(connection, question.area), desks.now()
        profile = desk.profile
        moment = desk.moment(question.at_time, now)
        located = locate(desks, desk, question)
        building = _building(connection, located)
        grids = desk.grid_points(connection)
        k = question.k or profile.dispatch.default_k
        wanted = question.alert_chance or profile.dispatch.alert_chance
        counted = desk.cell_counts(connection, moment, now)
        with desk.standing(connection, moment, now) as fleet:
            doors = building.entrances if building else ()
            incident = desk.incident(connection, located.lon, located.lat, fleet.travel, doors)
            needs = {tier: fleet.skill_bits(s) for tier, s in question.skills.items()}
            advice = recommend(
                fleet, desk.network, profile, grids, incident, k, moment, needs=needs
            )
            legs = door_legs(profile, building, question.floor)
            tiers: dict[Tier, TierRecommendation | MaskedTierRecommendation] = {
                one.answer.tier: _tier(desk, fleet, incident, one, legs, doors) for one in advice
            }
            for tier in profile.masked:
                tiers[tier] = _masked(desk, fleet, counted, incident, tier, moment, wanted)
            answers = [one.answer for one in advice]
            return Recommendation(
                area=area_part(desk.area),
                responders_synthetic=fleet.roster.made_up,
                asked_at=moment.isoformat(timespec="seconds"),
                clock=CLOCK,
                door_clock=DOOR_CLOCK,
                incident=incident_part(incident, located),
                door_legs=[_leg(leg) for leg in legs],
                tiers=[tiers[tier] for tier in profile.tiers],
                why_not=[
                    _why_not(desk, fleet, incident, answers, name, moment, needs)
                    for name in question.why_not
                ],
                parameters=parameters(profile, k)
                | {"alert_chance": wanted, "arrival": profile.arrival.model_dump(mode="json")},
            )


def _building(connection: Connection, located: Located) -> Building | None:
    address_id = (located.address or {}).get("address_id")
    return None if address_id is None else building_at(connection, int(address_id))


def _tier(
    desk: Desk,
    fleet: Fleet,
    incident: Incident,
    one: TierAdvice,
    legs: list[DoorLeg],
    doors: tuple[tuple[float, float], ...],
) -> TierRecommendation:
    part = tier_part(desk, fleet, incident, one.answer)
    shown = part.model_dump(exclude={"candidates", "left_out", "pool"})
    triples = zip(part.candidates, one.answer.candidates, one.advice, strict=True)
    return TierRecommendation(
        **shown,
        pool=part.pool,
        left_out=part.left_out,
        turnout=turnout_part(one.turnout),
        candidates=[
            _recommended(desk, fleet, one, triple, legs, doors) for triple in triples
        ],
    )  # fmt: skip


def _masked(
    desk: Desk,
    fleet: Fleet,
    counted: CellCounts | None,
    incident: Incident,
    tier: Tier,
    moment: datetime,
    wanted: float,
) -> MaskedTierRecommendation:
    target_s = desk.profile.tiers[tier].target_s
    found = look_nearby(desk, fleet, counted, incident, tier, target_s, moment)
    part = masked_part(desk.profile, fleet, tier, target_s, found)
    alert = _alert(found, wanted) if found is not None and found.counted else None
    return MaskedTierRecommendation(**part.model_dump(), alert=alert)


def _recommended(
    desk: Desk,
    fleet: Fleet,
    tier: TierAdvice,
    triple: tuple[CandidatePart, Candidate, Advice],
    legs: list[DoorLeg],
    doors: tuple[tuple[float, float], ...],
) -> RecommendedPart:
    part, candidate, advice = triple
    door_ms = sum(leg.travel_time_ms for leg in legs)
    loss = None
    if advice.grids_lost is not None and tier.covered is not None:
        loss = LossPart(
            grids=len(advice.grids_lost),
            codes=advice.grids_lost,
            covered_now=tier.covered,
            target_s=desk.profile.tiers[tier.answer.tier].target_s,
        )
    other = advice.substitute
    instead = None
    if other is not None:
        instead = SubstitutePart(
            responder_id=str(fleet.roster.responder_id[other.row]),
            call_sign=str(fleet.roster.call_sign[other.row]),
            extra_s=other.extra_ms / MS_PER_S,
            grids=other.grids_lost,
        )
    return RecommendedPart(
        **part.model_dump(),
        entrance=doors[candidate.at] if doors else None,
        at_door_s=(part.travel_time_ms + door_ms) / MS_PER_S,
        chance_in_time=round(advice.chance, 4),
        coverage_lost=loss,
        substitute=instead,
        reasons=[Words(zh=text.zh, en=text.en) for text in _reasons(part, advice)],
    )


def _reasons(part: CandidatePart, advice: Advice) -> list[Text]:
    """What speaks for and against a candidate, the rank first."""
    reasons = [
        Text("本层级最快到达", "the soonest of the tier")
        if part.rank == 1
        else Text(f"本层级第 {part.rank} 快", f"number {part.rank} of the tier by time")
    ]
    margin_s = abs(part.margin_s)
    reasons.append(
        Text(f"距时限还有 {margin_s:.0f} 秒", f"{margin_s:.0f} s within the target")
        if part.in_time
        else Text(f"超出时限 {margin_s:.0f} 秒", f"{margin_s:.0f} s beyond the target")
    )
    share = f"{advice.chance:.0%}"
    reasons.append(
        Text(
            f"若另计出发准备,按时到达的可能 {share}",
            f"{share} to be in time, counting turnout as well",
        )
    )
    if advice.grids_lost:
        n = len(advice.grids_lost)
        reasons.append(Text(f"调走后 {n} 个网格失去覆盖", f"{n} grids lose cover without it"))
    elif advice.grids_lost is not None:
        reasons.append(Text("调走后无网格失去覆盖", "no grid loses cover without it"))
    return reasons


def _alert(found: Nearby, wanted: float) -> AlertPart:
    smallest = found.alert_set(wanted)
    size, goal = smallest.size, f"{wanted:.0%}"
    words = Text(
        f"通知其中 {size} 人(先通知可能最大的区块),至少一人按时到达的可能即达到所要的 {goal}",
        f"alerting {size} of them, those of the likeliest cells first, gives the wanted {goal}",
    )
    if not found.counted:
        words = Text("附近区块内没有可通知的人", "nobody can be alerted in the cells nearby")
    elif not smallest.reached:
        words = Text(
            f"全部通知也达不到所要的 {goal}", f"even all of them do not give the wanted {goal}"
        )
    return AlertPart(
        size=size, chance=round(smallest.chance, 4), wanted=wanted, reached=smallest.reached,
        zh=words.zh, en=words.en,
    )  # fmt: skip


def _why_not(
    desk: Desk,
    fleet: Fleet,
    incident: Incident,
    answers: list[TierAnswer],
    name: str,
    moment: datetime,
    needs: dict[Tier, int],
) -> WhyNotPart:
    row = fleet.told_row(name)
    if row is None:
        return _said(name, "unknown", UNKNOWN, None)
    found = why_not(fleet, desk.profile, incident, answers, row, moment, needs)
    if found.reason is None:
        words = Text(f"在推荐之列,第 {found.rank}", f"it is recommended, number {found.rank}")
        return _said(name, "recommended", words, found)
    return _said(name, found.reason, REASONS[found.reason], found)


def _said(name: str, reason: str, words: Text, found: WhyNot | None) -> WhyNotPart:
    time_ms = None if found is None else found.travel_time_ms
    return WhyNotPart(
        asked=name,
        tier=None if found is None else found.tier,
        rank=None if found is None else found.rank,
        reason=reason,
        reason_zh=words.zh,
        reason_en=words.en,
        travel_time_s=None if time_ms is None else time_ms / MS_PER_S,
    )


def _leg(leg: DoorLeg) -> DoorLegPart:
    return DoorLegPart(
        kind=leg.kind, seconds=leg.travel_time_ms / MS_PER_S, zh=leg.text.zh, en=leg.text.en
    )
