"""What a question for the nearest responders and its answer look like, in JSON."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from blockdata.api_types import AreaName, IdWords, Moment, SafeText
from blockdata.errors import InputError
from blockdata.profile import Mode, Tier
from blockdata.text import Text
from dispatch.availability import Reason

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[float, float]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WherePart(_Model):
    """Where it is, by exactly one of ``address``, ``address_id`` and ``at`` (WGS 84 lon, lat).

    An address that names no point (a road, an estate, a division, a number that is not in the
    register) is refused with its extent, unless ``confirmed``: then its likeliest point is taken.
    A kind of landmark (附近的医院) is refused with those there are: the nearest first to the place
    that the words say, else to ``near`` (WGS 84 lon, lat), as of the map that is looked at.
    """

    address: Annotated[SafeText, Field(min_length=1, max_length=200)] | None = None
    address_id: IdWords | None = None
    at: tuple[Longitude, Latitude] | None = None
    confirmed: bool = False
    near: tuple[Longitude, Latitude] | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [
            name for name in ("address", "address_id", "at") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise InputError(
                Text(
                    "address、address_id、at 须给出且只给出一个",
                    "give exactly one of address, address_id and at",
                )
            )
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
    """Where the incident is, how sure that is, and why.

    ``uncertainty_m``: the point is a rough one that was confirmed, and may be as far off.
    """

    lon: float
    lat: float
    address: dict[str, Any] | None
    probability: float | None
    level: str | None
    why: dict[str, str]
    uncertainty_m: float | None
    grid: GridPart | None
    snap: dict[Mode, SnapPart | None]


class Leg(_Model):
    """Part of a way: to the road, on it, and from it to the place."""

    kind: Literal["to_road", "road", "from_road"]
    seconds: float
    distance_m: float


class CandidatePart(_Model):
    """One who can come.

    ``eta_low_s`` to ``eta_high_s`` is what the age and accuracy of the fix leave open.
    """

    rank: int
    responder_id: str
    call_sign: str
    tier: Tier
    mode: Mode
    travel_time_s: float
    travel_time_ms: int
    legs: list[Leg]
    distance_m: float
    margin_s: float
    in_time: bool
    eta_low_s: float
    eta_high_s: float
    position: Point
    route: list[Point]


class LeftOutPart(_Model):
    """One nearer in a straight line who is not offered, and why."""

    responder_id: str
    call_sign: str
    reason: Reason
    reason_zh: str
    reason_en: str
    straight_line_m: float
    travel_time_s: float | None


class PoolPart(_Model):
    """How many a tier has, how many of them are on duty, and how many may be asked.

    ``available`` is null where the question is about another time, at which that is not known.
    """

    registered: int
    on_duty: int
    available: int | None


class TurnoutPart(_Model):
    """How a tier answers an alert at this hour and place; parameters of no person."""

    acceptance: float
    median_s: float
    sigma: float


class AnyTierPart(_Model):
    """What is told of every tier."""

    tier: Tier
    name_zh: str
    name_en: str
    mode: Mode
    target_s: int
    pool: PoolPart


class CellPart(_Model):
    """An H3 cell, its outline, and how many were in it when last counted.

    ``here``: the incident lies in it.
    """

    h3: str
    outline: list[Point]
    here: bool
    count: int


class ChancePart(_Model):
    """The chance that one of those counted nearby is in time, reckoned from the counts alone.

    Everybody is taken to stand anywhere on the streets of their cell, evenly by length, and to
    answer independently. ``near``: one at least stands within ``target_s`` of travel time.
    ``in_time``: all are alerted, and one at least accepts, sets out (``turnout``) and is there.
    """

    counted: int
    near: float
    in_time: float
    turnout: TurnoutPart
    zh: str
    en: str


class MaskedTierPart(AnyTierPart):
    """The answer for a tier whose people are only counted until they accept.

    Nothing in it is a function of where within their cells they are, and so nobody can be located
    by it: no candidates, names, times or order. Which ``cells`` are told depends on the incident's
    place and the streets alone; their counts are of ``counted_at``, stand for a while, and are the
    same whatever skills are asked for. No cells and no chance where the question is about another
    time.
    """

    masked: Literal[True] = True
    candidates: tuple[()] = ()
    left_out: tuple[()] = ()
    counted_at: str | None
    cells: list[CellPart]
    chance: ChancePart | None
    note_zh: str
    note_en: str


class TierPart(AnyTierPart):
    """The answer for one tier; ``note`` says why there is nobody, where there is nobody.

    ``ranking_may_flip``: the intervals of the candidates, or of the one after them, overlap.
    """

    masked: Literal[False] = False
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
    tiers: list[TierPart | MaskedTierPart]
    parameters: dict[str, Any]
