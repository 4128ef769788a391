"""``/v1/grids``: grids by code and by point, and what is published of one."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import Engine, text

from blockdata.api_types import AreaName, LonLat, Offset
from blockdata.grid.area_grids import divisions_of
from blockdata.grid.layers import list_layers
from blockdata.grid.publish.ledger import SUBJECTS
from blockdata.grid.publish.publication import list_publications
from blockdata.grid.sql import query
from blockdata.lonlat import read_lon_lat
from blockdata.storage.areas import find_area

MOST = 200


def router(engine: Engine, default_area: str) -> APIRouter:
    """Routes over the grids of every area; errors are worded by the application."""
    routes = APIRouter(prefix="/v1/grids", tags=["grids"])

    @routes.get("")
    def search(
        area: AreaName = default_area,
        code: Annotated[str | None, Query(pattern=r"^[0-9]{1,14}$")] = None,
        at: LonLat | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        """Grids whose code begins with ``code``, or the one at ``lon,lat`` (WGS 84).

        A point on an edge belongs to the lowest code; a point in no grid has an empty answer.
        """
        lon, lat = (None, None) if at is None else read_lon_lat(at)
        with engine.connect() as connection:
            given: dict[str, Any] = {
                "area_id": find_area(connection, area).area_id,
                "code": code,
                "lon": lon,
                "lat": lat,
                "limit": limit if at is None else 1,
                "offset": offset,
            }
            rows = connection.execute(text(query("grid_search")), given).mappings()
            return {"area": area, "grids": [dict(row) for row in rows]}

    @routes.get("/{code}")
    def facts(
        code: Annotated[str, Path(pattern=r"^[0-9]{14}$")], area: AreaName = default_area
    ) -> dict[str, Any]:
        """One grid: its divisions, the version of the layer, and its published counts.

        A suppressed count is null and marked.
        """
        with engine.connect() as connection:
            here = find_area(connection, area)
            found = divisions_of(connection, here, code)
            layers = list_layers(connection, here)
            issued = list_publications(connection, here)
            published = None
            if issued:
                row = connection.execute(
                    text(
                        "SELECT people, legal_entities FROM district.published_count"
                        " WHERE publication_id = :id AND division = 'grid' AND code = :code"
                    ),
                    {"id": issued[-1].publication_id, "code": code},
                ).one_or_none()
                published = None if row is None else _published(dict(row._mapping))  # noqa: SLF001
                if published is not None:
                    published["publication"] = issued[-1].number
                    published["counted_at"] = issued[-1].counted_at.isoformat()
        code_and_divisions = {"code": found.pop("grid")} | found
        version = layers[-1].as_dict() if layers else None
        return {"area": area} | code_and_divisions | {"version": version, "published": published}

    return routes


def _published(counts: dict[str, int | None]) -> dict[str, Any]:
    return {
        subject: {"count": counts[subject], "suppressed": counts[subject] is None}
        for subject in SUBJECTS
    }
