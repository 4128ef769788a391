"""Questions about the roads themselves and their answers, in JSON."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from blockdata.api_types import AreaName, Moment, SafeText
from blockdata.errors import InputError
from blockdata.profile import Mode
from blockdata.text import Text
from dispatch.models import Latitude, Longitude, Point

Coordinate = tuple[Longitude, Latitude]
MAX_COORDINATES = 1000
MAX_CELLS = 250_000
LEAST_SPEED_FACTOR = 0.01
MAX_CELLS_WITH_DISTANCES = 2_500


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Annotation = Literal["duration", "distance"]
Places = Annotated[
    list[Annotated[int, Field(ge=0, lt=MAX_COORDINATES)]],
    Field(min_length=1, max_length=MAX_COORDINATES),
]


def _slows(factor: float) -> float:
    """What is left of the speed: nothing, or so much that one still comes through."""
    if 0 < factor < LEAST_SPEED_FACTOR:
        raise InputError(
            Text(
                f"应为 0(封闭)或不小于 {LEAST_SPEED_FACTOR}",
                f"it should be 0 (closed) or at least {LEAST_SPEED_FACTOR}",
            ),
            field="speed_factor",
        )
    return factor


class ClosureQuestion(_Model):
    """What to close: ``segments``, a ``road`` by name (all, or near ``at``), or what is ``at``.

    ``speed_factor`` 0 closes; above 0 it is how much of the usual speed is left. ``until`` is
    ISO 8601, local to the district without an offset; without it, until reopened.
    """

    area: AreaName | None = None
    segments: list[Annotated[int, Field(ge=0, lt=1 << 31)]] | None = Field(
        default=None, min_length=1, max_length=20_000
    )
    road: Annotated[SafeText, Field(min_length=1, max_length=100)] | None = None
    at: Coordinate | None = None
    within_m: Annotated[float, Field(gt=0, le=20_000)] | None = None
    modes: list[Mode] | None = Field(default=None, min_length=1, max_length=len(get_args(Mode)))
    speed_factor: Annotated[float, Field(ge=0, lt=1, strict=True), AfterValidator(_slows)] = 0.0
    reason: Annotated[SafeText, Field(max_length=500)] = ""
    until: Moment | None = None

    @model_validator(mode="after")
    def _one_stretch(self) -> Self:
        if self.segments is not None and (self.road is not None or self.at is not None):
            raise InputError(
                Text(
                    "路段与路名或位置只能给出一种", "give segments, or a road or a point, not both"
                ),
                field="segments",
            )
        if self.within_m is not None and (self.road is None or self.at is None):
            raise InputError(
                Text(
                    "范围须与路名和位置一起给出:只取该路在范围内的一段",
                    "it goes with a road and a point: the stretch of the road so near to it",
                ),
                field="within_m",
            )
        if self.segments is None and self.road is None and self.at is None:
            raise InputError(
                Text("请给出路段、路名或位置", "give segments, a road, or a point"), field="road"
            )
        return self


class ClosurePart(_Model):
    """A closure as it stands."""

    id: str
    segments: list[int]
    roads: list[str]
    length_m: float
    modes: list[Mode]
    speed_factor: float
    reason: str
    since: str
    until: str | None


class ClosuresAnswer(_Model):
    """The closures in force in an area."""

    area: str
    asked_at: str
    closures: list[ClosurePart]


class TableQuestion(_Model):
    """Travel times between coordinates (WGS 84); ``sources`` and ``destinations`` are places in
    ``coordinates``, all of them where left out.
    """

    coordinates: list[Coordinate] = Field(min_length=1, max_length=MAX_COORDINATES)
    mode: Mode = "patrol"
    sources: Places | None = None
    destinations: Places | None = None
    annotations: list[Annotation] = Field(default=["duration"], min_length=1, max_length=2)
    area: AreaName | None = None
    at_time: Moment | None = None

    @model_validator(mode="after")
    def _within(self) -> Self:
        n = len(self.coordinates)
        for name in ("sources", "destinations"):
            chosen = getattr(self, name)
            if chosen is not None and max(chosen) >= n:
                raise InputError(
                    Text(
                        f"coordinates 里没有第 {max(chosen)} 个",
                        f"{max(chosen)} is no place in coordinates",
                    ),
                    field=name,
                )
        cells = len(self.sources or self.coordinates) * len(self.destinations or self.coordinates)
        most = MAX_CELLS_WITH_DISTANCES if "distance" in self.annotations else MAX_CELLS
        if cells > most:
            raise InputError(
                Text(
                    f"{cells} 个格子的表过大,最多 {most} 个",
                    f"a table of {cells} is too large: at most {most}",
                ),
                field="coordinates",
            )
        return self


class Waypoint(_Model):
    """Where a coordinate meets the road; null distance and location where none is within reach."""

    location: Point | None
    distance: float | None
    access_s: float | None
    name: str = ""


class TableAnswer(_Model):
    """The table as OSRM shapes it; times in seconds, legs to and from the road included.

    ``null`` is a pair without a way between.
    """

    code: Literal["Ok"] = "Ok"
    mode: Mode
    asked_at: str
    durations: list[list[float | None]] | None
    distances: list[list[float | None]] | None
    sources: list[Waypoint]
    destinations: list[Waypoint]


class IsochroneQuestion(_Model):
    """How far one comes ``from`` a place, or whence ``to`` it, within some minutes."""

    at: Coordinate
    mode: Mode = "patrol"
    minutes: list[Annotated[float, Field(gt=0, le=60)]] = Field(
        default=[1, 3, 5], min_length=1, max_length=10
    )
    direction: Literal["from", "to"] = "from"
    shape: Literal["roads", "hull"] = "roads"
    area: AreaName | None = None
    at_time: Moment | None = None


class IsochroneAnswer(_Model):
    """A GeoJSON feature collection, one feature per threshold, the largest first."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]
    clock: dict[str, str]
    asked_at: str
