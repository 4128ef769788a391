"""What a question for the nearest responders and its answer look like, in JSON."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from blockdata.api_types import AreaName, IdWords, Moment, SafeText
from blockdata.profile import Mode, Tier
from dispatch.availability import Reason

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[float, float]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WherePart(_Model):
    """Where it is, by exactly one of ``address``, ``address_id`` and ``at`` (WGS 84 lon, lat)."""

    address: Annotated[SafeText, Field(min_length=1, max_length=200)] | None = None
    address_id: IdWords | None = None
    at: tuple[Longitude, Latitude] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [
            name for name in ("address", "address_id", "at") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError("give exactly one of address, address_id and at")
        return self


class NearestQuestion(WherePart):
    """Where it is, and how many of whom.

    ``at_time`` is ISO 8601, local to the district without an offset.
    """

    area: AreaName | None = None
    k: Annotated[int, Field(ge=1, le=50)] | None = None
    at_time: Moment | None = None


class AreaPart(_Model):
    """The area that was asked; ``synthetic`` where all of it is made up."""

    name: str
    title_zh: str
    title_en: str
    synthetic: bool


class ClockPart(_Model):
    """What a travel time counts from and to."""

    starts: str
    stops: str
    zh: str
    en: str


class GridPart(_Model):
    """The grid of an incident."""

    code: str
    community_zh: str
    community_en: str
    street_zh: str
    street_en: str


class SnapPart(_Model):
    """Where the incident meets the road of one mode, and what the way from there takes."""

    distance_m: float
    seconds: float
    road: Point


class IncidentPart(_Model):
    """Where the incident is, how sure that is, and why."""

    lon: float
    lat: float
    address: dict[str, Any] | None
    probability: float | None
    level: str | None
    why: dict[str, str]
    grid: GridPart | None
    snap: dict[Mode, SnapPart | None]


class CoarseCell(_Model):
    """An H3 cell and its outline, instead of a position."""

    h3: str
    outline: list[Point]


class Leg(_Model):
    """Part of a way: to the road, on it, and from it to the place; no distance if masked."""

    kind: Literal["to_road", "road", "from_road"]
    seconds: float
    distance_m: float | None


class CandidatePart(_Model):
    """One who can come. Masked: no id, call sign, position, distance or route; whole seconds.

    ``eta_low_s`` to ``eta_high_s`` is what the age and accuracy of the fix leave open.
    """

    rank: int
    responder_id: str | None
    call_sign: str | None
    tier: Tier
    mode: Mode
    travel_time_s: float
    travel_time_ms: int
    legs: list[Leg]
    distance_m: float | None
    margin_s: float
    in_time: bool
    eta_low_s: float
    eta_high_s: float
    position: Point | None
    coarse_cell: CoarseCell | None
    route: list[Point] | None


class LeftOutPart(_Model):
    """One nearer in a straight line who is not offered, and why."""

    responder_id: str | None
    call_sign: str | None
    coarse_cell: CoarseCell | None
    reason: Reason
    reason_zh: str
    reason_en: str
    straight_line_m: float
    travel_time_s: float | None


class PoolPart(_Model):
    """How many a tier has, how many of them are on duty, and how many may be asked."""

    registered: int
    on_duty: int
    available: int


class TierPart(_Model):
    """The answer for one tier; ``note`` says why there is nobody, where there is nobody.

    ``ranking_may_flip``: the intervals of the candidates, or of the one after them, overlap.
    """

    tier: Tier
    name_zh: str
    name_en: str
    mode: Mode
    target_s: int
    masked: bool
    pool: PoolPart
    candidates: list[CandidatePart]
    left_out: list[LeftOutPart]
    ranking_may_flip: bool
    note_zh: str | None
    note_en: str | None


class NearestAnswer(_Model):
    """The whole answer, its clock named and its parameters beside it."""

    area: AreaPart
    responders_synthetic: bool
    asked_at: str
    clock: ClockPart
    incident: IncidentPart
    tiers: list[TierPart]
    parameters: dict[str, Any]
