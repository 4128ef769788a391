"""What a question for a joint assignment and its answer look like, in JSON."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from blockdata.api_types import AreaName, Moment, SafeText
from blockdata.clean import shown
from blockdata.errors import InputError
from blockdata.profile import Tier
from blockdata.text import Text
from dispatch.models import AreaPart, ClockPart, MaskedTierPart, Point, WherePart

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
    """A unit (call sign or id) on its way to an incident; ``diverted_at`` when last diverted.

    It counts if it is on duty, of a tier that is told of by name, and fits a need of the incident
    that no other has; what does not count is listed in the answer, for whichever reason.
    """

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
            raise InputError(
                Text("事件的 id 不能重复", "every id must be of its own"), field="incidents"
            )
        slots = sum(need.count for one in self.incidents for need in one.needs)
        if slots > MAX_SLOTS:
            raise InputError(
                Text(
                    f"共需 {slots} 个力量,一次最多 {MAX_SLOTS} 个",
                    f"{slots} units are needed, at most {MAX_SLOTS} at a time",
                ),
                field="incidents",
            )
        unknown = [one.incident for one in self.under_way if one.incident not in ids]
        if unknown:
            named = shown(unknown[0])
            raise InputError(
                Text(f"“{named}”不在事件之列", f"'{named}' is not among the incidents"),
                field="under_way",
            )
        if len({one.unit for one in self.under_way}) < len(self.under_way):
            raise InputError(Text("同一力量出现两次", "a unit is there twice"), field="under_way")
        return self


class SlotPart(_Model):
    """One requirement and who meets it.

    Of a masked tier all that would be told of whoever meets it is null; see ``masked``.
    """

    incident: str
    priority: int
    tier: Tier
    skills: list[str]
    target_s: int
    masked: bool
    responder_id: str | None
    call_sign: str | None
    position: Point | None
    travel_time_s: float | None
    in_time: bool | None
    diverted_from: str | None


class MaskedNeedPart(_Model):
    """What is told of a masked tier that an incident needs."""

    incident: str
    tier: MaskedTierPart


class NotCounted(_Model):
    """A unit said to be under way that could not be counted as such."""

    unit: str
    incident: str
    reason_zh: str
    reason_en: str


class OutcomePart(_Model):
    """What an assignment achieves, in the order in which it is judged; masked tiers left out."""

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
    masked: list[MaskedNeedPart]
    not_counted: list[NotCounted]
    outcome: OutcomePart
    greedy: OutcomePart
    greedy_differs: bool
    parameters: dict[str, Any]
