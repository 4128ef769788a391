"""``/v1/closures``, ``/v1/table`` and ``/v1/isochrone``: the roads as they are now."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from blockdata.api_types import LON_LAT_PATTERN, AreaName, LonLat, Moment
from blockdata.ids import MAX_ID
from blockdata.lonlat import read_lon_lat
from blockdata.profile import Mode
from dispatch.desk import Desks
from dispatch.questions import checked
from dispatch.road_asking import (
    add_closure,
    ask_closures,
    ask_isochrone,
    ask_table,
    end_closure,
)
from dispatch.road_models import (
    ClosurePart,
    ClosureQuestion,
    ClosuresAnswer,
    IsochroneAnswer,
    IsochroneQuestion,
    TableAnswer,
    TableQuestion,
)

_EACH = "^{0}(,{0}){{0,{1}}}$"
_POINT = LON_LAT_PATTERN.strip("^$")
Coordinates = Annotated[
    str,
    Path(
        pattern=f"^{_POINT}(;{_POINT})*$",
        description="lon,lat;lon,lat… in degrees (WGS 84)",
    ),
]
PlaceList = Annotated[
    str,
    Query(
        pattern="^(all|[0-9]{1,3}(;[0-9]{1,3})*)$",
        description="all, or places in the coordinates: 0;2",
    ),
]


def road_router(desks: Desks) -> APIRouter:
    """Routes over the given desks."""
    routes = APIRouter(prefix="/v1", tags=["roads"])

    @routes.get("/closures")
    def closures(area: AreaName | None = None) -> ClosuresAnswer:
        """The closures in force."""
        return ask_closures(desks, area)

    @routes.post("/closures", status_code=201)
    def close(question: ClosureQuestion) -> ClosurePart:
        """Close a stretch of road, or slow it down; the next answer knows."""
        return add_closure(desks, question)

    @routes.delete("/closures/{closure_id}")
    def open_again(
        closure_id: Annotated[int, Path(ge=0, le=MAX_ID)], area: AreaName | None = None
    ) -> dict[str, Any]:
        """Reopen what a closure closed."""
        return end_closure(desks, area, closure_id)

    @routes.post("/table", response_model=TableAnswer)
    def table(question: TableQuestion) -> Response:
        """Travel times between coordinates, in the shape of OSRM's table service."""
        return _written(ask_table(desks, question))

    @routes.get("/table/{mode}/{coordinates}", response_model=TableAnswer)
    def table_by_path(
        mode: Mode,
        coordinates: Coordinates,
        sources: PlaceList = "all",
        destinations: PlaceList = "all",
        annotations: Annotated[str, Query(pattern=_EACH.format("(duration|distance)", 1))] = (
            "duration"
        ),
        area: AreaName | None = None,
        at_time: Moment | None = None,
    ) -> Response:
        """The same, asked as OSRM is asked: ``/lon,lat;lon,lat?sources=0&annotations=…``."""
        asked = {
            "coordinates": [read_lon_lat(point) for point in coordinates.split(";")],
            "mode": mode,
            "sources": _places(sources),
            "destinations": _places(destinations),
            "annotations": annotations.split(","),
            "area": area,
            "at_time": at_time,
        }
        return _written(ask_table(desks, checked(TableQuestion, asked)))

    @routes.post("/isochrone", response_model=IsochroneAnswer)
    def isochrone(question: IsochroneQuestion) -> Response:
        """What lies within some minutes of a place, as GeoJSON."""
        return _written(ask_isochrone(desks, question))

    @routes.get("/isochrone", response_model=IsochroneAnswer)
    def isochrone_by_query(
        at: LonLat,
        mode: Mode = "patrol",
        minutes: Annotated[str, Query(pattern=_EACH.format("[0-9]{1,2}([.][0-9]{1,9})?", 9))] = (
            "1,3,5"
        ),
        direction: Literal["from", "to"] = "from",
        shape: Literal["roads", "hull"] = "roads",
        area: AreaName | None = None,
        at_time: Moment | None = None,
    ) -> Response:
        """The same, asked by query."""
        asked = {
            "at": read_lon_lat(at),
            "mode": mode,
            "minutes": minutes.split(","),
            "direction": direction,
            "shape": shape,
            "area": area,
            "at_time": at_time,
        }
        return _written(ask_isochrone(desks, checked(IsochroneQuestion, asked)))

    return routes


def _written(answer: TableAnswer | IsochroneAnswer) -> Response:
    """An answer that may be large, written by the thread that made it: others go on meanwhile."""
    return Response(answer.model_dump_json(), media_type="application/json")


def _places(words: str) -> list[str] | None:
    return None if words == "all" else words.split(";")
