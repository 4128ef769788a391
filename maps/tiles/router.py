"""Vector tiles of an area, made by PostGIS as they are asked for."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response
from sqlalchemy import Connection, Engine, TextClause, text

from blockdata.address.register.events import last_seq
from blockdata.api_types import AreaName
from blockdata.errors import InputError
from blockdata.storage.areas import find_area
from blockdata.text import Text
from maps.tiles.layers import LAYERS, MAX_ZOOM, MIN_ZOOM, Layer, road_classes, tolerance_m

_MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {_MEDIA_TYPE: {}}},
    204: {"description": "nothing is there"},
    304: {"description": "it is what If-None-Match names"},
}
_KEEP_S = 5  # how long a browser shows a tile before it asks again


def tiles_router(engine: Engine) -> APIRouter:
    """``GET /tiles/{area}/{z}/{x}/{y}.mvt``: one Mapbox vector tile, 204 where it is empty."""
    router = APIRouter(prefix="/tiles", tags=["tiles"])
    queries = [(layer, text(layer.sql)) for layer in LAYERS]
    drawn_by = hashlib.sha256("".join(layer.sql for layer in LAYERS).encode()).hexdigest()

    @router.get("/{area}/{z}/{x}/{y}.mvt", response_class=Response, responses=_ANSWERS)
    def tile(
        area: AreaName,
        z: Annotated[int, Path(ge=MIN_ZOOM, le=MAX_ZOOM)],
        x: Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM)],
        y: Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM)],
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """One tile of the area's base map; its ETag is of the area's version and events."""
        _check(z, x, y)
        with engine.connect() as connection:
            here = find_area(connection, area)
            # landmarks are addresses: what changes of them is an event
            changes = last_seq(connection, here.area_id)
            state = f"{here.area_id} {here.version} {changes} {drawn_by}"
            etag = f'"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'
            headers = {"etag": etag, "cache-control": f"max-age={_KEEP_S}"}
            if if_none_match is not None and etag in if_none_match:
                return Response(status_code=304, headers=headers)  # known without drawing it
            body = render_tile(connection, queries, here.area_id, z, x, y)
        if not body:
            return Response(status_code=204, headers=headers)
        return Response(body, media_type=_MEDIA_TYPE, headers=headers)

    return router


def render_tile(
    connection: Connection,
    queries: list[tuple[Layer, TextClause]],
    area_id: int,
    z: int,
    x: int,
    y: int,
) -> bytes:
    """The bytes of one tile: its layers' bytes end to end, which is how the format joins them."""
    given = {
        "area_id": area_id,
        "z": z,
        "x": x,
        "y": y,
        "tolerance_m": tolerance_m(z),
        "road_classes": road_classes(z),
    }
    parts = (
        connection.execute(query, given).scalar_one()
        for layer, query in queries
        if z >= layer.min_zoom
    )
    return b"".join(bytes(part) for part in parts)


def _check(z: int, x: int, y: int) -> None:
    """Refuse a tile that is not of its zoom's pyramid.

    Raises:
        InputError: names the number and its limits.
    """
    for name, value in (("x", x), ("y", y)):
        if value >= 1 << z:
            raise InputError(
                Text(f"应在 0–{(1 << z) - 1} 之间", f"it should be from 0 to {(1 << z) - 1}"),
                field=name,
            )
