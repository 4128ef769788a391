"""Several incidents at once: from a question to the best joint assignment.

Each incident's needs become slots; of every slot's tier and skills the nearest are looked up, so
many as there are slots, since more cannot be needed; units under way come along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from blockdata.errors import InputError
from blockdata.moments import read_moment
from blockdata.profile import Profile
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch._kernels.assignment import UNREACHABLE
from dispatch.answering import CLOCK, area_part, point
from dispatch.asking import locate
from dispatch.assign_models import (
    AssignAnswer,
    AssignQuestion,
    IncidentQuestion,
    MaskedNeedPart,
    Need,
    NotCounted,
    OutcomePart,
    SlotPart,
    UnderWay,
)
from dispatch.assignment import (
    NOT_UNDER_WAY,
    UNFILLED,
    AssignmentProblem,
    AssignmentRules,
    Outcome,
    solve,
)
from dispatch.cells import CellCounts
from dispatch.desk import Desk, Desks, Incident
from dispatch.fleet import Fleet
from dispatch.masked import look_nearby, masked_part
from dispatch.places import Located

UNCOUNTED = Text(
    "未计入:在岗且可按呼号告知的人员中没有该呼号或编号,或该事件没有与之相符的空余需求",
    "not counted: nobody on duty who is told of by name has this call sign or id, or the incident "
    "has no need left that it fits",
)


@dataclass(frozen=True)
class Slot:
    """One requirement of one incident: a tier with skills (bits), within a target."""

    incident: IncidentQuestion
    place: Incident
    need: Need
    skills: int
    target_ms: int


class Bound(NamedTuple):
    """The slot to which a unit is under way, and whether it may be sent elsewhere."""

    slot: int
    may_divert: bool


def ask_assign(desks: Desks, question: AssignQuestion) -> AssignAnswer:
    """Answer a question: place the incidents, look up who can come, assign, say it.

    Slots of masked tiers are not filled here: nothing may be told of who would fill them until
    there is an incident to alert them to. They take no units from the others.

    Raises:
        NotFound: no such area or address, or the area has no roads or no responders.
        UnknownAddress, PlaceNotSaid, OutsideArea, OutsideNetwork: an incident cannot be placed.
        InputError: nobody has a skill, or a moment cannot be read.
    """
    with desks.engine.connect() as connection:
        desk, now = desks.desk(connection, question.area), desks.now()
        profile = desk.profile
        moment = desk.moment(question.at_time, now)
        located = [_locate(desks, desk, n, one) for n, one in enumerate(question.incidents)]
        counted = desk.cell_counts(connection, moment, now)
        with desk.standing(connection, moment, now) as fleet:
            places = [desk.incident(connection, at.lon, at.lat, fleet.travel) for at in located]
            slots = make_slots(profile, fleet, question.incidents, places)
            told = [slot for slot in slots if slot.need.tier in profile.told]
            bound, not_counted = bind(profile, fleet, told, question.under_way, moment)
            rows, problem = make_problem(profile, fleet, told, bound, moment)
            rules = AssignmentRules(
                min_divert_gain_ms=profile.assignment.min_divert_gain_s * MS_PER_S
            )
            found = solve(problem, rules)
            chosen = found.unit_of_slot
            filled = iter(
                _slot(fleet, told, problem, rows, n, int(chosen[n])) for n in range(len(told))
            )
            return AssignAnswer(
                area=area_part(desk.area),
                asked_at=moment.isoformat(timespec="seconds"),
                clock=CLOCK,
                slots=[
                    next(filled) if slot.need.tier in profile.told else _masked_slot(slot)
                    for slot in slots
                ],
                masked=_masked(desk, fleet, counted, slots, moment),
                not_counted=[_not_counted(one) for one in not_counted],
                outcome=_outcome(found.outcome, problem),
                greedy=_outcome(found.greedy_outcome, problem),
                greedy_differs=bool((found.greedy_unit_of_slot != chosen).any()),
                parameters=profile.assignment.model_dump(mode="json")
                | {"search_limit_s": profile.dispatch.search_limit_s},
            )


def _locate(desks: Desks, desk: Desk, n: int, incident: IncidentQuestion) -> Located:
    """The place of one incident; what is wrong with it names which one it is."""
    try:
        return locate(desks, desk, incident)
    except InputError as error:
        error.field = f"incidents.{n}.{error.field}" if error.field else f"incidents.{n}"
        raise


def make_slots(
    profile: Profile,
    fleet: Fleet,
    incidents: Sequence[IncidentQuestion],
    places: Sequence[Incident],
) -> list[Slot]:
    """One slot for each unit needed, in the order of the question."""
    slots = []
    for one, place in zip(incidents, places, strict=True):
        for need in one.needs:
            target_s = need.target_s or profile.tiers[need.tier].target_s
            bits = fleet.skill_bits(need.skills)
            slots += [Slot(one, place, need, bits, target_s * MS_PER_S)] * need.count
    return slots


def bind(
    profile: Profile,
    fleet: Fleet,
    slots: Sequence[Slot],
    under_way: Sequence[UnderWay],
    moment: datetime,
) -> tuple[dict[int, Bound], list[UnderWay]]:
    """Units under way by row of the fleet, and what could not be counted as such.

    A unit is bound to the first slot of its incident that it fits and no other has. Whether a unit
    is unknown, off duty, masked or not needed makes no difference.

    Raises:
        InputError: the moment of a diversion cannot be read.
    """
    bound: dict[int, Bound] = {}
    not_counted: list[UnderWay] = []
    may_divert = [_may_divert(profile, one, moment) for one in under_way]
    for one, free in zip(under_way, may_divert, strict=True):
        row = fleet.told_row(one.unit)
        taken = {other.slot for other in bound.values()}
        slot = None if row is None or row in bound else _slot_of(fleet, slots, row, one, taken)
        if row is None or slot is None:
            not_counted.append(one)
        else:
            bound[row] = Bound(slot, may_divert=free)
    return bound, not_counted


def make_problem(
    profile: Profile,
    fleet: Fleet,
    slots: Sequence[Slot],
    bound: Mapping[int, Bound],
    moment: datetime,
) -> tuple[list[int], AssignmentProblem]:
    """The rows of the units in play, and the problem over them; hold ``fleet.lock``."""
    limit_ms = profile.dispatch.search_limit_s * MS_PER_S
    near = [
        {hit.row: hit.travel_time_ms for hit in fleet.nearest(
            slot.need.tier, slot.place.places, len(slots), limit_ms, moment, needs=slot.skills
        )}
        for slot in slots
    ]  # fmt: skip
    rows = sorted({row for hits in near for row in hits} | set(bound))
    column = {row: n for n, row in enumerate(rows)}
    times = np.full((len(slots), len(rows)), UNREACHABLE, np.int32)
    for n, (slot, hits) in enumerate(zip(slots, near, strict=True)):
        for row, ms in hits.items():
            times[n, column[row]] = ms
        for row in bound:
            if _fits(fleet, slot, row) and (way := fleet.journey(row, slot.place.places)):
                times[n, column[row]] = way[0].travel_time_ms
    to = np.full(len(rows), NOT_UNDER_WAY, np.int32)
    may_divert = np.ones(len(rows), np.bool_)
    for row, one in bound.items():
        to[column[row]], may_divert[column[row]] = one
    problem = AssignmentProblem(
        travel_time_ms=times,
        target_ms=np.array([slot.target_ms for slot in slots], np.int32),
        priority=np.array([slot.incident.priority for slot in slots], np.int32),
        under_way_to=to,
        may_divert=may_divert,
    )
    return rows, problem


def _fits(fleet: Fleet, slot: Slot, row: int) -> bool:
    return bool(fleet.is_tier(slot.need.tier)[row] and fleet.has_skills(slot.skills)[row])


def _slot_of(
    fleet: Fleet, slots: Sequence[Slot], row: int, one: UnderWay, taken: set[int]
) -> int | None:
    mine = (n for n, slot in enumerate(slots) if slot.incident.id == one.incident)
    return next((n for n in mine if n not in taken and _fits(fleet, slots[n], row)), None)


def _may_divert(profile: Profile, one: UnderWay, moment: datetime) -> bool:
    if one.diverted_at is None:
        return True
    before = read_moment(one.diverted_at, "under_way.diverted_at", profile.district.timezone)
    return (moment - before).total_seconds() >= profile.assignment.divert_again_after_s


def _slot(
    fleet: Fleet,
    slots: Sequence[Slot],
    problem: AssignmentProblem,
    rows: Sequence[int],
    n: int,
    unit: int,
) -> SlotPart:
    slot, book = slots[n], fleet.roster
    filled = unit != UNFILLED
    row = rows[unit] if filled else -1
    time_ms = int(problem.travel_time_ms[n, unit]) if filled else None
    before = int(problem.under_way_to[unit]) if filled else NOT_UNDER_WAY
    origin = None if before == NOT_UNDER_WAY else slots[before].incident.id
    return SlotPart(
        incident=slot.incident.id,
        priority=slot.incident.priority,
        tier=slot.need.tier,
        skills=slot.need.skills,
        target_s=slot.target_ms // MS_PER_S,
        masked=False,
        responder_id=str(book.responder_id[row]) if filled else None,
        call_sign=str(book.call_sign[row]) if filled else None,
        position=point(book.lon[row], book.lat[row]) if filled else None,
        travel_time_s=None if time_ms is None else time_ms / MS_PER_S,
        in_time=time_ms is not None and time_ms <= slot.target_ms,
        diverted_from=origin if origin != slot.incident.id else None,
    )


def _masked_slot(slot: Slot) -> SlotPart:
    return SlotPart(
        incident=slot.incident.id,
        priority=slot.incident.priority,
        tier=slot.need.tier,
        skills=slot.need.skills,
        target_s=slot.target_ms // MS_PER_S,
        masked=True,
        responder_id=None,
        call_sign=None,
        position=None,
        travel_time_s=None,
        in_time=None,
        diverted_from=None,
    )


def _masked(
    desk: Desk, fleet: Fleet, counted: CellCounts | None, slots: Sequence[Slot], moment: datetime
) -> list[MaskedNeedPart]:
    """Each masked tier that an incident needs, once for each target."""
    masked = [slot for slot in slots if slot.need.tier in desk.profile.masked]
    each = {(s.incident.id, s.need.tier, s.target_ms // MS_PER_S): s for s in masked}
    parts = []
    for (incident, tier, target_s), slot in each.items():
        found = look_nearby(desk, fleet, counted, slot.place, tier, target_s, moment)
        part = masked_part(desk.profile, fleet, tier, target_s, found)
        parts.append(MaskedNeedPart(incident=incident, tier=part))
    return parts


def _not_counted(one: UnderWay) -> NotCounted:
    return NotCounted(
        unit=one.unit, incident=one.incident, reason_zh=UNCOUNTED.zh, reason_en=UNCOUNTED.en
    )


def _outcome(outcome: Outcome, problem: AssignmentProblem) -> OutcomePart:
    priorities = np.unique(problem.priority).tolist()
    return OutcomePart(
        met_in_time_by_priority=dict(zip(priorities, outcome.met_in_time, strict=True)),
        lateness_s=outcome.lateness_ms / MS_PER_S,
        travel_time_s=outcome.travel_time_ms / MS_PER_S,
        unfilled=outcome.unfilled,
    )
