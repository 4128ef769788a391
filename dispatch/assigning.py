"""Several incidents at once: from a question to the best joint assignment.

Each incident's needs become slots; of every slot's tier and skills the nearest are looked up, so
many as there are slots, since more cannot be needed; units under way come along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from blockdata.errors import InputError, NotFound
from blockdata.moments import read_moment
from blockdata.profile import Profile
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch._kernels.assignment import UNREACHABLE
from dispatch.answering import CLOCK, area_part, coarse, point, whole_s
from dispatch.asking import locate
from dispatch.assign_models import (
    AssignAnswer,
    AssignQuestion,
    IncidentQuestion,
    Need,
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
from dispatch.desk import Desk, Desks, Incident
from dispatch.fleet import Fleet


@dataclass(frozen=True)
class Slot:
    """One requirement of one incident: a tier with skills (bits), within a target."""

    incident: IncidentQuestion
    place: Incident
    need: Need
    skills: int
    target_ms: int


def ask_assign(desks: Desks, question: AssignQuestion) -> AssignAnswer:
    """Answer a question: place the incidents, look up who can come, assign, say it.

    Raises:
        NotFound: no such area, address or unit, or the area has no roads or no responders.
        UnknownAddress, OutsideArea, OutsideNetwork: an incident cannot be placed.
        InputError: nobody has a skill, or a unit is under way to what does not need it.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, question.area)
        moment = desk.moment(question.at_time)
        located = [locate(desks, desk, one) for one in question.incidents]
        with desk.standing(connection, moment) as fleet:
            places = [desk.incident(connection, at.lon, at.lat, fleet.travel) for at in located]
            slots = make_slots(desk.profile, fleet, question.incidents, places)
            rows, problem = make_problem(desk.profile, fleet, slots, question.under_way, moment)
            rules = AssignmentRules(
                min_divert_gain_ms=desk.profile.assignment.min_divert_gain_s * MS_PER_S
            )
            found = solve(problem, rules)
            chosen = found.unit_of_slot
            return AssignAnswer(
                area=area_part(desk.area),
                asked_at=moment.isoformat(timespec="seconds"),
                clock=CLOCK,
                slots=[
                    _slot(desk, fleet, slots, problem, rows, n, int(chosen[n]))
                    for n in range(len(slots))
                ],
                outcome=_outcome(found.outcome, problem),
                greedy=_outcome(found.greedy_outcome, problem),
                greedy_differs=bool((found.greedy_unit_of_slot != chosen).any()),
                parameters=desk.profile.assignment.model_dump(mode="json")
                | {"search_limit_s": desk.profile.dispatch.search_limit_s},
            )


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


def make_problem(
    profile: Profile,
    fleet: Fleet,
    slots: Sequence[Slot],
    under_way: Sequence[UnderWay],
    moment: datetime,
) -> tuple[list[int], AssignmentProblem]:
    """The rows of the units in play, and the problem over them; hold ``fleet.lock``."""
    limit_ms = profile.dispatch.search_limit_s * MS_PER_S
    bound = {_row(fleet, one): one for one in under_way}
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
        to[column[row]] = _slot_of(fleet, slots, row, one, set(to.tolist()))
        may_divert[column[row]] = _may_divert(profile, one, moment)
    problem = AssignmentProblem(
        travel_time_ms=times,
        target_ms=np.array([slot.target_ms for slot in slots], np.int32),
        priority=np.array([slot.incident.priority for slot in slots], np.int32),
        under_way_to=to,
        may_divert=may_divert,
    )
    return rows, problem


def _row(fleet: Fleet, one: UnderWay) -> int:
    row = fleet.row_named(one.unit)
    if row is None:
        raise NotFound(
            Text(f"没有力量“{one.unit}”", f"there is no unit {one.unit!r}"),
            field="under_way",
            cure=Text("用呼号或编号", "use its call sign or id"),
        )
    return row


def _fits(fleet: Fleet, slot: Slot, row: int) -> bool:
    return bool(fleet.is_tier(slot.need.tier)[row] and fleet.has_skills(slot.skills)[row])


def _slot_of(fleet: Fleet, slots: Sequence[Slot], row: int, one: UnderWay, taken: set[int]) -> int:
    """The slot that a unit is under way to: the first of its incident that it fits."""
    for n, slot in enumerate(slots):
        if slot.incident.id == one.incident and n not in taken and _fits(fleet, slot, row):
            return n
    raise InputError(
        Text(
            f"“{one.unit}”正前往“{one.incident}”,但该事件没有与之相符的需求",
            f"{one.unit!r} is under way to {one.incident!r}, which needs no such unit",
        ),
        field="under_way",
        cure=Text("在该事件的 needs 中加上它", "add it to the needs of that incident"),
    )


def _may_divert(profile: Profile, one: UnderWay, moment: datetime) -> bool:
    if one.diverted_at is None:
        return True
    before = read_moment(one.diverted_at, "under_way.diverted_at", profile.district.timezone)
    return (moment - before).total_seconds() >= profile.assignment.divert_again_after_s


def _slot(
    desk: Desk,
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
    masked = desk.profile.tiers[slot.need.tier].masked_until_accepted
    time_ms = int(problem.travel_time_ms[n, unit]) if filled else None
    if time_ms is not None and masked:
        time_ms = whole_s(time_ms) * MS_PER_S
    before = int(problem.under_way_to[unit]) if filled else NOT_UNDER_WAY
    origin = None if before == NOT_UNDER_WAY else slots[before].incident.id
    shown = filled and not masked
    return SlotPart(
        incident=slot.incident.id,
        priority=slot.incident.priority,
        tier=slot.need.tier,
        skills=slot.need.skills,
        target_s=slot.target_ms // MS_PER_S,
        responder_id=str(book.responder_id[row]) if shown else None,
        call_sign=str(book.call_sign[row]) if shown else None,
        coarse_cell=coarse(desk, fleet, row) if filled and masked else None,
        position=point(book.lon[row], book.lat[row]) if shown else None,
        travel_time_s=None if time_ms is None else time_ms / MS_PER_S,
        in_time=time_ms is not None and time_ms <= slot.target_ms,
        diverted_from=origin if origin != slot.incident.id else None,
    )


def _outcome(outcome: Outcome, problem: AssignmentProblem) -> OutcomePart:
    priorities = np.unique(problem.priority).tolist()
    return OutcomePart(
        met_in_time_by_priority=dict(zip(priorities, outcome.met_in_time, strict=True)),
        lateness_s=outcome.lateness_ms / MS_PER_S,
        travel_time_s=outcome.travel_time_ms / MS_PER_S,
        unfilled=outcome.unfilled,
    )
