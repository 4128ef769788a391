"""Which areas there are, for the page's switcher."""

from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Engine, text

from blockdata.errors import BlockdataError
from blockdata.profile import load_profile

_AREAS_SQL = (files("maps") / "queries" / "areas.sql").read_text(encoding="utf-8")


def areas_router(engine: Engine) -> APIRouter:
    """``GET /v1/areas``: every area, with its bounds (WGS 84 lon, lat) and what it holds."""
    router = APIRouter(prefix="/v1", tags=["areas"])

    @router.get("/areas")
    def areas() -> dict[str, list[dict[str, Any]]]:
        """Name, titles, whether synthetic, source, bounds [west, south, east, north], contents."""
        with engine.connect() as connection:
            rows = connection.execute(text(_AREAS_SQL)).mappings().all()
        return {"areas": [_area(dict(row)) for row in rows]}

    return router


def _area(row: dict[str, Any]) -> dict[str, Any]:
    bounds = [row.pop(side) for side in ("west", "south", "east", "north")]
    holds = {what: row.pop(f"has_{what}") for what in ("addresses", "roads", "responders")}
    try:
        begins = _begins(row.pop("profile"))
    except BlockdataError:  # whoever asks about the area is told
        begins = ""
    return row | {"bounds": None if None in bounds else bounds, "holds": holds, "begins": begins}


@cache
def _begins(profile: str) -> str:
    """What all addresses of a district begin with, so that no list need repeat it."""
    district = load_profile(profile).district
    return f"{district.province_zh}{district.city_zh}{district.district_zh}"
