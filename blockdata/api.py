"""``/v1/addresses``: suggestions, matching and reverse look-up."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from blockdata.address.service import AddressService
from blockdata.api_types import AreaName, LonLat, SafeText
from blockdata.lonlat import read_lon_lat

MAX_TEXT = 200
Words = Annotated[SafeText, Query(min_length=1, max_length=MAX_TEXT)]


def router(addresses: AddressService, default_area: str) -> APIRouter:
    """Routes over the address service; errors are the project's own, worded by the application."""
    routes = APIRouter(prefix="/v1/addresses", tags=["addresses"])

    @routes.get("/suggest")
    async def suggest(
        q: Words,
        area: AreaName = default_area,
        limit: Annotated[int, Query(ge=1, le=50)] = 8,
        near: LonLat | None = None,
    ) -> Response:
        """Addresses that half-typed words may become, the likeliest first."""
        at = None if near is None else read_lon_lat(near, "near")
        suggester = addresses.ready(area)
        if suggester is not None:  # a millisecond's work is done at once
            found = suggester.suggest(q, limit=limit, near=at)
        else:  # a thread is for what opens an area
            found = await run_in_threadpool(addresses.suggest, area, q, limit=limit, near=at)
        body = {"suggestions": [suggestion.as_dict() for suggestion in found]}
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")

    @routes.get("/match")
    def match(
        q: Words, area: AreaName = default_area, near: LonLat | None = None
    ) -> dict[str, Any]:
        """The address that words mean, the level reached, how sure that is, and why.

        Where they ask for a kind of landmark, those are offered, the nearest to ``near`` first.
        """
        at = None if near is None else read_lon_lat(near, "near")
        return addresses.match(area, q, near=at).as_dict()

    @routes.get("/reverse")
    def reverse(
        at: LonLat,
        area: AreaName = default_area,
        limit: Annotated[int, Query(ge=1, le=50)] = 5,
    ) -> dict[str, Any]:
        """The addresses nearest to ``lon,lat`` (WGS 84), the building's entrances and the grid."""
        lon, lat = read_lon_lat(at)
        return addresses.reverse(area, lon, lat, limit=limit)

    return routes
