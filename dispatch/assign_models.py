"""What a question for a joint assignment and its answer look like, in JSON."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from blockdata.api_types import AreaName, Moment, SafeText
from blockdata.profile import Tier
from dispatch.models import AreaPart, ClockPart, CoarseCell, Point, WherePart

MAX_SLOTS = 300
Name = Annotated[SafeText, Field(min_length=1, max_length=100)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Need(_Model):
    """So many of a tier, each with all of the skills; ``target_s`` if not the tier's own."""

    tier: Tier
    count: Annotated[int, Field(ge=1, le=50)] = 1
    skills: list[Name] = Field(default=[], max_length=62)
    target_s: Annotated[int, Field(gt=0, le=86_400)] | None = None


class IncidentQuestion(WherePart):
    """One incident: where, how urgent (1 the most), and whom it needs."""

    id: Name
    priority: Annotated[int, Field(ge=1, le=9)] = 1
    needs: list[Need] = Field(min_length=1, max_length=MAX_SLOTS)


class UnderWay(_Model):
    """A unit (call sign or id) on its way to an incident; ``diverted_at`` when last diverted."""

    unit: Name
    incident: Name
    diverted_at: Moment | None = None


class AssignQuestion(_Model):
    """Several incidents at once, and who is under way."""

    incidents: list[IncidentQuestion] = Field(min_length=1, max_length=100)
    under_way: list[UnderWay] = Field(default=[], max_length=MAX_SLOTS)
    area: AreaName | None = None
    at_time: Moment | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [one.id for one in self.incidents]
        if len(set(ids)) < len(ids):
            raise ValueError("incidents: every id must be of its own")
        slots = sum(need.count for one in self.incidents for need in one.needs)
        if slots > MAX_SLOTS:
            raise ValueError(f"incidents: {slots} units are needed, at most {MAX_SLOTS} at a time")
        unknown = [one.incident for one in self.under_way if one.incident not in ids]
        if unknown:
            raise ValueError(f"under_way: {unknown[0]} is not among the incidents")
        if len({one.unit for one in self.under_way}) < len(self.under_way):
            raise ValueError("under_way: a unit is there twice")
        return self


class SlotPart(_Model):
    """One requirement and who meets it; masked tiers show a coarse cell only."""

    incident: str
    priority: int
    tier: Tier
    skills: list[str]
    target_s: int
    responder_id: str | None
    call_sign: str | None
    coarse_cell: CoarseCell | None
    position: Point | None
    travel_time_s: float | None
    in_time: bool
    diverted_from: str | None


class OutcomePart(_Model):
    """What an assignment achieves, in the order in which it is judged."""

    met_in_time_by_priority: dict[int, int]
    lateness_s: float
    travel_time_s: float
    unfilled: int


class AssignAnswer(_Model):
    """The best joint assignment, and what taking one incident after the other would lose."""

    area: AreaPart
    asked_at: str
    clock: ClockPart
    slots: list[SlotPart]
    outcome: OutcomePart
    greedy: OutcomePart
    greedy_differs: bool
    parameters: dict[str, Any]
