"""From what was found to what may be shown: the answer, with volunteers masked."""

import math
from collections.abc import Iterable
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
    CoarseCell,
    GridPart,
    IncidentPart,
    LeftOutPart,
    Leg,
    NearestAnswer,
    Point,
    PoolPart,
    SnapPart,
    TierPart,
)
from dispatch.nearest import LEFT_OUT_SHOWN, Candidate, LeftOut, TierAnswer
from dispatch.network.snapping import Places
from dispatch.places import Located
from dispatch.routes import road_distance_m, route_line

CLOCK = ClockPart(
    starts="alerted",
    stops="at_kerb",
    zh="从接到指令到抵达路边:人已在岗、立即出发,含离路段步行;不含出发准备与上楼",
    en=(
        "from alerted to at the kerb: on post, setting out at once, off-road legs included; "
        "turnout and the way up are not"
    ),
)
COARSE_DISTANCE_M = 100  # straight-line distances of the masked are rounded to it


def compose(
    desk: Desk,
    fleet: Fleet,
    incident: Incident,
    located: Located,
    tiers: Iterable[TierAnswer],
    k: int,
    moment: datetime,
) -> NearestAnswer:
    """The answer as people and programs may see it."""
    return NearestAnswer(
        area=area_part(desk.area),
        responders_synthetic=bool(fleet.roster.synthetic.any()),
        asked_at=moment.isoformat(timespec="seconds"),
        clock=CLOCK,
        incident=incident_part(incident, located),
        tiers=[tier_part(desk, fleet, incident, answer) for answer in tiers],
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
    """The answer of one tier, as it may be shown."""
    rules = desk.profile.tiers[answer.tier]
    registered, on_duty = fleet.roster.counts.get(answer.tier, (0, 0))
    note = _note(answer, incident, rules.mode)
    masked = rules.masked_until_accepted
    return TierPart(
        tier=answer.tier,
        name_zh=rules.name_zh,
        name_en=rules.name_en,
        mode=rules.mode,
        target_s=rules.target_s,
        masked=masked,
        pool=PoolPart(registered=registered, on_duty=on_duty, available=answer.available),
        candidates=[
            candidate_part(desk, fleet, incident, answer.tier, rank, candidate)
            for rank, candidate in enumerate(answer.candidates, start=1)
        ],
        left_out=[_left_out(desk, fleet, one, masked=masked) for one in answer.left_out],
        ranking_may_flip=answer.may_flip,
        note_zh=note and note.zh,
        note_en=note and note.en,
    )


def _note(answer: TierAnswer, incident: Incident, mode: Mode) -> Text | None:
    if answer.candidates:
        return None
    if not answer.available:
        return Text("没有可用的人", "nobody is available")
    if not incident.places[mode].on_network.any():
        return Text("事发点附近没有此方式可走的路", "no road for this mode near the incident")
    return Text("时限内无人可达", "nobody can come within the search limit")


def candidate_part(
    desk: Desk, fleet: Fleet, incident: Incident, tier: Tier, rank: int, one: Candidate
) -> CandidatePart:
    """One candidate as it may be shown."""
    rules, found, row = desk.profile.tiers[tier], one.found, one.row
    masked = rules.masked_until_accepted
    time_ms = found.travel_time_ms
    if masked:  # a time to the millisecond, asked from many places, would locate a person
        time_ms = whole_s(time_ms) * MS_PER_S
    road_m = road_distance_m(desk.network.geometry, found.route)
    off_m = _off_road_m(fleet, incident, one)
    low_ms, high_ms = max(time_ms - one.slack_ms, 0), time_ms + one.slack_ms
    line = None if masked else route_line(desk.network.geometry, found.route)
    return CandidatePart(
        rank=rank,
        responder_id=None if masked else str(fleet.roster.responder_id[row]),
        call_sign=None if masked else fleet.roster.call_sign[row],
        tier=tier,
        mode=one.mode,
        travel_time_s=time_ms / MS_PER_S,
        travel_time_ms=time_ms,
        legs=_masked_legs(one, time_ms) if masked else _legs(one, road_m, off_m),
        distance_m=None if masked else round(road_m + sum(off_m), 1),
        margin_s=(rules.target_s * MS_PER_S - time_ms) / MS_PER_S,
        in_time=time_ms <= rules.target_s * MS_PER_S,
        eta_low_s=low_ms // MS_PER_S if masked else low_ms / MS_PER_S,
        eta_high_s=whole_s(high_ms) if masked else high_ms / MS_PER_S,
        position=None if masked else point(fleet.roster.lon[row], fleet.roster.lat[row]),
        coarse_cell=coarse(desk, fleet, row) if masked else None,
        route=None if line is None else [point(lon, lat) for lon, lat in line.tolist()],
    )


def _legs(one: Candidate, road_m: float, off_m: tuple[float, float]) -> list[Leg]:
    found = one.found
    return [
        Leg(kind="to_road", seconds=found.to_road_ms / MS_PER_S, distance_m=round(off_m[0], 1)),
        Leg(kind="road", seconds=found.road_ms / MS_PER_S, distance_m=round(road_m, 1)),
        Leg(kind="from_road", seconds=found.from_road_ms / MS_PER_S, distance_m=round(off_m[1], 1)),
    ]


def _masked_legs(one: Candidate, whole_ms: int) -> list[Leg]:
    """Legs in whole seconds that add up to the whole time."""
    to_road_s, from_road_s = whole_s(one.found.to_road_ms), whole_s(one.found.from_road_ms)
    road_s = max(whole_ms // MS_PER_S - to_road_s - from_road_s, 0)
    return [
        Leg(kind="to_road", seconds=to_road_s, distance_m=None),
        Leg(kind="road", seconds=road_s, distance_m=None),
        Leg(kind="from_road", seconds=from_road_s, distance_m=None),
    ]


def _off_road_m(fleet: Fleet, incident: Incident, one: Candidate) -> tuple[float, float]:
    from_m = float(fleet.places.distance_m[one.row])
    return from_m, float(incident.places[one.mode].distance_m[one.at])


def _left_out(desk: Desk, fleet: Fleet, one: LeftOut, *, masked: bool) -> LeftOutPart:
    reason = REASONS[one.reason]
    time_s = None if one.travel_time_ms is None else one.travel_time_ms / MS_PER_S
    away_m = one.straight_line_m
    if masked:
        time_s = None if time_s is None else math.ceil(time_s)
        away_m = round(away_m / COARSE_DISTANCE_M) * COARSE_DISTANCE_M
    return LeftOutPart(
        responder_id=None if masked else str(fleet.roster.responder_id[one.row]),
        call_sign=None if masked else fleet.roster.call_sign[one.row],
        coarse_cell=coarse(desk, fleet, one.row) if masked else None,
        reason=one.reason,
        reason_zh=reason.zh,
        reason_en=reason.en,
        straight_line_m=round(away_m, 1),
        travel_time_s=time_s,
    )


def coarse(desk: Desk, fleet: Fleet, row: int) -> CoarseCell:
    """The H3 cell in which somebody masked is shown."""
    import h3

    resolution = desk.profile.dispatch.coarse_cell_h3_resolution
    cell = h3.latlng_to_cell(float(fleet.roster.lat[row]), float(fleet.roster.lon[row]), resolution)
    outline = [point(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
    return CoarseCell(h3=cell, outline=outline)


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
        "doubt_below": rules.doubt_below,
        "profile": profile.name,
        "speeds": {
            mode: profile.modes[mode].model_dump(mode="json", exclude={"contraflow_classes"})
            for mode in profile.modes
        },
    }


def whole_s(time_ms: int) -> int:
    """Whole seconds, upwards."""
    return -(-time_ms // MS_PER_S)


def point(lon: float, lat: float) -> Point:
    """A position as it is shown."""
    return round(float(lon), 7), round(float(lat), 7)
