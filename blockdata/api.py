"""``/v1/addresses``: suggestions, matching and reverse look-up."""

import json
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from blockdata.address.service import AddressService
from blockdata.errors import InputError
from blockdata.text import Text

MAX_TEXT = 200
Words = Annotated[str, Query(min_length=1, max_length=MAX_TEXT)]


def router(addresses: AddressService, default_area: str) -> APIRouter:
    """Routes over the address service; errors are the project's own, worded by the application."""
    routes = APIRouter(prefix="/v1/addresses", tags=["addresses"])

    @routes.get("/suggest")
    async def suggest(
        q: Words,
        area: str = default_area,
        limit: Annotated[int, Query(ge=1, le=50)] = 8,
        near: str | None = None,
    ) -> Response:
        """Addresses that half-typed words may become, the likeliest first."""
        at = None if near is None else _lon_lat(near, "near")
        ask = partial(addresses.suggest, area, q, limit=limit, near=at)
        # a millisecond's work is done at once; a thread is for what opens an area
        found = ask() if addresses.is_ready(area) else await run_in_threadpool(ask)
        body = {"suggestions": [suggestion.as_dict() for suggestion in found]}
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")

    @routes.get("/match")
    def match(q: Words, area: str = default_area) -> dict[str, Any]:
        """The address that words mean, the level reached, how sure that is, and why."""
        return addresses.match(area, q).as_dict()

    @routes.get("/reverse")
    def reverse(
        at: str, area: str = default_area, limit: Annotated[int, Query(ge=1, le=50)] = 5
    ) -> dict[str, Any]:
        """The addresses nearest to ``lon,lat`` (WGS 84), the building's entrances and the grid."""
        lon, lat = _lon_lat(at, "at")
        return addresses.reverse(area, lon, lat, limit=limit)

    return routes


def _lon_lat(words: str, field: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in words.split(","))
    except ValueError:
        lon = lat = 999.0
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(
            Text(f"“{words}”不是经度,纬度", f"{words!r} is not lon,lat"),
            field=field,
            cure=Text("写成 经度,纬度,如 113.85,22.58", "write lon,lat as in 113.85,22.58"),
        )
    return lon, lat
