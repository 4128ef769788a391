"""What a question for a recommendation and its answer look like, in JSON."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from blockdata.profile import Tier
from dispatch.models import (
    AnyTierPart,
    AreaPart,
    CandidatePart,
    ClockPart,
    IncidentPart,
    LeftOutPart,
    MaskedTierPart,
    NearestQuestion,
    TurnoutPart,
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Model):
    """The same in both languages."""

    zh: str
    en: str


class RecommendQuestion(NearestQuestion):
    """As for the nearest, and: a floor, skills by tier, units asked about by call sign or id.

    ``alert_chance`` is the wanted chance that one of the volunteers alerted arrives in time.
    Counts of volunteers are of all of them, whatever skills are asked for.
    """

    floor: Annotated[int, Field(ge=-10, le=200)] | None = None
    skills: dict[Tier, list[str]] = Field(default={})
    why_not: Annotated[list[str], Field(max_length=20)] = Field(default=[])
    alert_chance: Annotated[float, Field(gt=0, lt=1)] | None = None


class DoorLegPart(_Model):
    """Part of the way from the kerb to the door."""

    kind: str
    seconds: float
    zh: str
    en: str


class LossPart(_Model):
    """Grids that fall out of the tier's target while the unit is away, of those now covered."""

    grids: int
    codes: list[str]
    covered_now: int
    target_s: int


class SubstitutePart(_Model):
    """Who could go instead for less coverage lost."""

    responder_id: str
    call_sign: str
    extra_s: float
    grids: int


class RecommendedPart(CandidatePart):
    """A candidate, with what speaks for and against it.

    ``chance_in_time`` is that of one of the tier at this hour and place, never the person's.
    ``at_door_s`` is on its own clock: from the kerb on, door legs added.
    """

    entrance: tuple[float, float] | None
    at_door_s: float
    chance_in_time: float
    coverage_lost: LossPart | None
    substitute: SubstitutePart | None
    reasons: list[Words]


class AlertPart(_Model):
    """How many of those counted to alert for a wanted chance, by the model of ``ChancePart``.

    Where even all do not reach it, ``size`` is that of all with any chance.
    """

    size: int
    chance: float
    wanted: float
    reached: bool
    zh: str
    en: str


class TierRecommendation(AnyTierPart):
    """The recommendation for one tier."""

    masked: Literal[False] = False
    turnout: TurnoutPart
    candidates: list[RecommendedPart]
    left_out: list[LeftOutPart]
    ranking_may_flip: bool
    note_zh: str | None
    note_en: str | None


class MaskedTierRecommendation(MaskedTierPart):
    """The recommendation for a masked tier: how many of those counted nearby to alert."""

    alert: AlertPart | None


class WhyNotPart(_Model):
    """Why a unit asked about by name is not recommended; a rank where it is."""

    asked: str
    tier: Tier | None
    rank: int | None
    reason: str
    reason_zh: str
    reason_en: str
    travel_time_s: float | None


class Recommendation(_Model):
    """The whole recommendation; two clocks, to the kerb and on to the door."""

    area: AreaPart
    responders_synthetic: bool
    asked_at: str
    clock: ClockPart
    door_clock: ClockPart
    incident: IncidentPart
    door_legs: list[DoorLegPart]
    tiers: list[TierRecommendation | MaskedTierRecommendation]
    why_not: list[WhyNotPart]
    parameters: dict[str, Any]
