"""``/v1/closures``, ``/v1/table`` and ``/v1/isochrone``: the roads as they are now."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

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


def road_router(desks: Desks) -> APIRouter:
    """Routes over the given desks."""
    routes = APIRouter(prefix="/v1", tags=["roads"])

    @routes.get("/closures")
    def closures(area: str | None = None) -> ClosuresAnswer:
        """The closures in force."""
        return ask_closures(desks, area)

    @routes.post("/closures", status_code=201)
    def close(question: ClosureQuestion) -> ClosurePart:
        """Close a stretch of road, or slow it down; the next answer knows."""
        return add_closure(desks, question)

    @routes.delete("/closures/{closure_id}")
    def open_again(
        closure_id: Annotated[int, Path(ge=0, lt=2**63)], area: str | None = None
    ) -> dict[str, Any]:
        """Reopen what a closure closed."""
        return end_closure(desks, area, closure_id)

    @routes.post("/table")
    def table(question: TableQuestion) -> TableAnswer:
        """Travel times between coordinates, in the shape of OSRM's table service."""
        return ask_table(desks, question)

    @routes.get("/table/{mode}/{coordinates}")
    def table_by_path(
        mode: Mode,
        coordinates: str,
        sources: str = "all",
        destinations: str = "all",
        annotations: str = "duration",
        area: str | None = None,
        at_time: str | None = None,
    ) -> TableAnswer:
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
        return ask_table(desks, checked(TableQuestion, asked))

    @routes.post("/isochrone")
    def isochrone(question: IsochroneQuestion) -> IsochroneAnswer:
        """What lies within some minutes of a place, as GeoJSON."""
        return ask_isochrone(desks, question)

    @routes.get("/isochrone")
    def isochrone_by_query(
        at: Annotated[str, Query(description="lon,lat (WGS 84)")],
        mode: Mode = "patrol",
        minutes: str = "1,3,5",
        direction: str = "from",
        shape: str = "roads",
        area: str | None = None,
        at_time: str | None = None,
    ) -> IsochroneAnswer:
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
        return ask_isochrone(desks, checked(IsochroneQuestion, asked))

    return routes


def _places(words: str) -> list[str] | None:
    return None if words == "all" else words.split(";")
