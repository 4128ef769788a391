"""What a plan document has to hold for a report to be drawn from it; the rest is not looked at."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_Whole = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)] | None
_Told = int | str
_Place = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
_Ring = Annotated[list[_Place], Field(min_length=4)]
_Rings = Annotated[list[_Ring], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False, strict=False)


class _About(_Part):
    title_zh: str
    title_en: str
    synthetic: bool


class _Totals(_Part):
    grids_before: _Whole
    grids_after: _Whole
    grids_redrawn: _Whole
    codes_new: _Whole
    codes_retired: _Whole
    buildings_moved: _Whole
    people_moved: _Told
    within_tolerance_before: _Share
    within_tolerance_after: _Share
    border_on_road_share: _Share


class _Move(_Part):
    start: str | None = Field(alias="from")
    to: str
    buildings: _Whole


class _Impact(_Part):
    totals: _Totals
    moves: list[_Move]
    officers: list[dict[str, str | None]]


class _Polygon(_Part):
    type: Literal["Polygon"]
    coordinates: _Rings


class _MultiPolygon(_Part):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[_Rings], Field(min_length=1)]


_Shape = Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]


class _Grid(_Part):
    code: str
    change: Literal["kept", "redrawn", "new"]
    within_tolerance: bool
    load: float
    buildings: _Whole
    units: _Told
    people: _Told
    buildings_in: _Whole
    buildings_out: _Whole


class _After(_Part):
    geometry: _Shape
    properties: _Grid


class _Before(_Part):
    geometry: _Shape


class _AfterLayer(_Part):
    features: Annotated[list[_After], Field(min_length=1)]


class _BeforeLayer(_Part):
    features: list[_Before]


class PlanShape(_Part):
    """The whole document."""

    format: Literal["blockdata-grid-plan-1"]
    about: _About
    impact: _Impact
    before: _BeforeLayer
    after: _AfterLayer
