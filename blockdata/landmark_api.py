"""``GET /v1/addresses/landmarks``: landmarks by kind, by name, the nearest first."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from blockdata.address.landmark_command import read_near
from blockdata.address.landmark_kinds import Kind
from blockdata.address.service import AddressService
from blockdata.api_types import AreaName, SafeText

MAX_TEXT = 200
Words = Annotated[SafeText, Query(min_length=1, max_length=MAX_TEXT)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindPart(_Part):
    """A kind of landmark, in both languages."""

    name: Kind
    zh: str
    en: str


class CountedKindPart(KindPart):
    """A kind, and how many of it the area has."""

    count: int


class LandmarkPart(_Part):
    """One landmark: an address like any other (WGS 84), and metres from where it is to be near to.

    ``distance_m`` is null where no place was said.
    """

    address_id: str
    text: str
    name: str | None
    level: str
    lon: float
    lat: float
    grid_code: str | None
    kind: KindPart
    distance_m: float | None


class LandmarksAnswer(_Part):
    """Landmarks of an area.

    ``near`` is the place that words said; ``left_off`` says how many fit beside those listed.
    """

    area: str
    synthetic: bool
    kinds: list[CountedKindPart]
    near: str | None
    landmarks: list[LandmarkPart]
    left_off: int


def router(addresses: AddressService, default_area: str) -> APIRouter:
    """The route; to be included before those of single addresses."""
    routes = APIRouter(prefix="/v1/addresses", tags=["addresses"])

    @routes.get("/landmarks", response_model=LandmarksAnswer)
    def landmarks(
        area: AreaName = default_area,
        kind: Annotated[list[Kind] | None, Query()] = None,
        near: Annotated[Words | None, Query(description="lon,lat (WGS 84), or words")] = None,
        name: Words | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    ) -> dict[str, Any]:
        """Landmarks of some kinds or all, the nearest first to a point or to a place in words."""
        kinds = tuple(kind) if kind else None
        found = addresses.landmarks(area, kinds=kinds, near=read_near(near), name=name)
        return found.as_dict(limit)

    return routes
