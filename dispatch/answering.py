"""From what was found to what may be shown, of the tiers that are told of by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from blockdata.profile import Mode, Profile, Tier
from blockdata.storage.areas import Area
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch.availability import REASONS
from dispatch.desk import Desk, Incident
from dispatch.fleet import Fleet
from dispatch.models import (
    AreaPart,
    CandidatePart,
    ClockPart,
    GridPart,
    IncidentPart,
    LeftOutPart,
    Leg,
    MaskedTierPart,
    NearestAnswer,
    Point,
    PoolPart,
    SnapPart,
    TierPart,
    TurnoutPart,
)
from dispatch.nearest import LEFT_OUT_SHOWN, Candidate, LeftOut, TierAnswer
from dispatch.network.snapping import Places
from dispatch.places import Located
from dispatch.roster import Registered
from dispatch.routes import road_distance_m, route_line
from dispatch.turnout import Turnout

CLOCK = ClockPart(
    starts="alerted",
    stops="at_kerb",
    zh="从接到指令到抵达路边:人已在岗、立即出发,含离路段步行;不含出发准备与上楼",
    en=(
        "from alerted to at the kerb: on post, setting out at once, off-road legs included; "
        "turnout and the way up are not"
    ),
)
OTHER_TIME = Text(
    "所问并非现在:只按班次给出人数,不使用此刻不在岗者的位置",
    "asked about another time: numbers by shift only, nobody off duty now is located",
)
NO_ROAD = Text("事发点附近没有此方式可走的路", "no road for this mode near the incident")


def compose(
    desk: Desk,
    fleet: Fleet,
    incident: Incident,
    located: Located,
    tiers: Mapping[Tier, TierPart | MaskedTierPart],
    k: int,
    moment: datetime,
) -> NearestAnswer:
    """The answer as people and programs may see it."""
    return NearestAnswer(
        area=area_part(desk.area),
        responders_synthetic=fleet.roster.made_up,
        asked_at=moment.isoformat(timespec="seconds"),
        clock=CLOCK,
        incident=incident_part(incident, located),
        tiers=[tiers[tier] for tier in desk.profile.tiers],
        parameters=parameters(desk.profile, k),
    )


def area_part(area: Area) -> AreaPart:
    """The area that was asked, as it is shown."""
    return AreaPart(
        name=area.name,
        title_zh=area.title.zh,
        title_en=area.title.en,
        synthetic=area.synthetic,
    )


def incident_part(incident: Incident, located: Located) -> IncidentPart:
    """Where the incident is, as it is shown."""
    return IncidentPart(
        lon=incident.lon,
        lat=incident.lat,
        address=located.address,
        probability=located.probability,
        level=located.level,
        why={"zh": located.why.zh, "en": located.why.en},
        uncertainty_m=located.uncertainty_m,
        grid=None if incident.grid is None else GridPart(**incident.grid),
        snap={mode: _snap_part(place) for mode, place in incident.places.items()},
    )


def _snap_part(place: Places) -> SnapPart | None:
    if not place.on_network[0]:
        return None
    return SnapPart(
        distance_m=round(float(place.distance_m[0]), 1),
        seconds=int(place.access_ms[0]) / MS_PER_S,
        road=point(place.road_lon[0], place.road_lat[0]),
    )


def tier_part(desk: Desk, fleet: Fleet, incident: Incident, answer: TierAnswer) -> TierPart:
    """The answer of one tier that is told of by name."""
    rules = desk.profile.tiers[answer.tier]
    book = fleet.roster.book_of(answer.tier)
    elsewhen = bool(book.on_duty) and not fleet.is_tier(answer.tier).any()
    note = OTHER_TIME if elsewhen else _note(answer, incident, rules.mode)
    return TierPart(
        tier=answer.tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        mode=rules.mode,
        target_s=rules.target_s,
        pool=pool_part(book, None if elsewhen else answer.available),
        candidates=[
            candidate_part(desk, fleet, incident, answer.tier, rank, candidate)
            for rank, candidate in enumerate(answer.candidates, start=1)
        ],
        left_out=[_left_out(fleet, one) for one in answer.left_out],
        ranking_may_flip=answer.may_flip,
        note_zh=note and note.zh,
        note_en=note and note.en,
    )


def pool_part(book: Registered, available: int | None) -> PoolPart:
    """How many a tier has, as it is shown."""
    return PoolPart(registered=book.registered, on_duty=book.on_duty, available=available)


def _note(answer: TierAnswer, incident: Incident, mode: Mode) -> Text | None:
    if answer.candidates:
        return None
    if not answer.available:
        return Text("没有可用的人", "nobody is available")
    if not incident.places[mode].on_network.any():
        return NO_ROAD
    return Text("时限内无人可达", "nobody can come within the search limit")


def candidate_part(
    desk: Desk, fleet: Fleet, incident: Incident, tier: Tier, rank: int, one: Candidate
) -> CandidatePart:
    """One candidate as it is shown."""
    rules, found, row = desk.profile.tiers[tier], one.found, one.row
    time_ms = found.travel_time_ms
    road_m = road_distance_m(desk.network.geometry, found.route)
    off_m = _off_road_m(fleet, incident, one)
    low_ms, high_ms = max(time_ms - one.slack_ms, 0), time_ms + one.slack_ms
    line = route_line(desk.network.geometry, found.route)
    return CandidatePart(
        rank=rank,
        responder_id=str(fleet.roster.responder_id[row]),
        call_sign=fleet.roster.call_sign[row],
        tier=tier,
        mode=one.mode,
        travel_time_s=time_ms / MS_PER_S,
        travel_time_ms=time_ms,
        legs=_legs(one, road_m, off_m),
        distance_m=round(road_m + sum(off_m), 1),
        margin_s=(rules.target_s * MS_PER_S - time_ms) / MS_PER_S,
        in_time=time_ms <= rules.target_s * MS_PER_S,
        eta_low_s=low_ms / MS_PER_S,
        eta_high_s=high_ms / MS_PER_S,
        position=point(fleet.roster.lon[row], fleet.roster.lat[row]),
        route=[point(lon, lat) for lon, lat in line.tolist()],
    )


def _legs(one: Candidate, road_m: float, off_m: tuple[float, float]) -> list[Leg]:
    found = one.found
    return [
        Leg(kind="to_road", seconds=found.to_road_ms / MS_PER_S, distance_m=round(off_m[0], 1)),
        Leg(kind="road", seconds=found.road_ms / MS_PER_S, distance_m=round(road_m, 1)),
        Leg(kind="from_road", seconds=found.from_road_ms / MS_PER_S, distance_m=round(off_m[1], 1)),
    ]


def _off_road_m(fleet: Fleet, incident: Incident, one: Candidate) -> tuple[float, float]:
    from_m = float(fleet.places.distance_m[one.row])
    return from_m, float(incident.places[one.mode].distance_m[one.at])


def _left_out(fleet: Fleet, one: LeftOut) -> LeftOutPart:
    reason = REASONS[one.reason]
    return LeftOutPart(
        responder_id=str(fleet.roster.responder_id[one.row]),
        call_sign=fleet.roster.call_sign[one.row],
        reason=one.reason,
        reason_zh=reason.zh,
        reason_en=reason.en,
        straight_line_m=round(one.straight_line_m, 1),
        travel_time_s=None if one.travel_time_ms is None else one.travel_time_ms / MS_PER_S,
    )


def turnout_part(turnout: Turnout) -> TurnoutPart:
    """How a tier answers an alert, as it is shown."""
    return TurnoutPart(
        acceptance=turnout.acceptance, median_s=turnout.median_s, sigma=turnout.sigma
    )


def parameters(profile: Profile, k: int) -> dict[str, Any]:
    """What the answer depends on, beside it."""
    rules = profile.dispatch
    return {
        "k": k,
        "search_limit_s": rules.search_limit_s,
        "fix_max_age_s": rules.fix_max_age_s,
        "moved_at_most_m": rules.moved_at_most_m,
        "turnout_s": 0,
        "left_out_shown": LEFT_OUT_SHOWN,
        "coarse_cell_h3_resolution": rules.coarse_cell_h3_resolution,
        "coarse_reach_m": rules.coarse_reach_m,
        "coarse_least_spread_m": rules.coarse_least_spread_m,
        "coarse_counts_hold_s": rules.coarse_counts_hold_s,
        "doubt_below": rules.doubt_below,
        "profile": profile.name,
        "speeds": {
            mode: profile.modes[mode].model_dump(mode="json", exclude={"contraflow_classes"})
            for mode in profile.modes
        },
    }


def point(lon: float, lat: float) -> Point:
    """A position as it is shown."""
    return round(float(lon), 7), round(float(lat), 7)
