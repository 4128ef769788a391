"""OGC API – Features, Part 1: Core (OGC 17-069r4) over divisions and published counts, for QGIS.

One service per area at ``/ogc/<area>``. Coordinates are CRS84: WGS 84 longitude, latitude.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from blockdata.clean import shown
from blockdata.clock import Clock
from blockdata.errors import BadQuery
from blockdata.grid.features import Collections, no_collection
from blockdata.text import Text

CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}"
    for part in ("core", "oas30", "geojson")
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
MOST = 1000
_EDGE = r"-?[0-9]{1,3}([.][0-9]{1,15})?"
_BBOX = rf"^{_EDGE}(,{_EDGE}){{3}}((,{_EDGE}){{2}})?$"


class GeoJson(JSONResponse):
    """Features in JSON."""

    media_type = GEOJSON


def _shaped(pattern: str) -> Any:
    """A parameter whose form is described only: the standard asks for 400 where it differs."""
    return Query(json_schema_extra={"pattern": pattern})


def router(collections: Collections, clock: Clock) -> APIRouter:
    """Routes of the service; questions that the standard does not allow are answered by 400."""
    routes = APIRouter(prefix="/ogc/{area}", tags=["ogc"])

    @routes.get("")
    def landing(area: str, request: Request) -> dict[str, Any]:
        """Where everything is."""
        _known(request, ())
        collections.names(area)
        return _landing(request, area)

    @routes.get("/conformance")
    def conformance(area: str, request: Request) -> dict[str, Any]:
        """The conformance classes that hold here."""
        _known(request, ())
        collections.names(area)
        return {"conformsTo": list(CONFORMS_TO)}

    @routes.get("/collections")
    def every(area: str, request: Request) -> dict[str, Any]:
        """All collections."""
        _known(request, ())
        base = _base(request, area)
        found = [
            _collection(collections, base, area, name, title)
            for name, title in collections.names(area).items()
        ]
        return {
            "links": [_link(f"{base}/collections", "self", "collections")],
            "collections": found,
        }

    @routes.get("/collections/{name}")
    def one(area: str, name: str, request: Request) -> dict[str, Any]:
        """One collection."""
        _known(request, ())
        title = collections.names(area).get(name)
        if title is None:
            raise no_collection(name)
        return _collection(collections, _base(request, area), area, name, title)

    @routes.get("/collections/{name}/items", response_class=GeoJson)
    def items(
        area: str,
        name: str,
        request: Request,
        bbox: Annotated[str | None, _shaped(_BBOX)] = None,
        limit: Annotated[str, _shaped("^[1-9][0-9]{0,8}$")] = "100",
        offset: Annotated[str, _shaped("^[0-9]{1,9}$")] = "0",
    ) -> GeoJson:
        """Features, a page at a time; ``bbox`` is west,south,east,north."""
        _known(request, ("bbox", "limit", "offset", "datetime"))
        size = min(_whole(limit, "limit", 1), MOST)
        start = _whole(offset, "offset", 0)
        page = collections.page(area, name, bounds=_bounds(bbox), limit=size, offset=start)
        found = {
            "type": "FeatureCollection",
            "features": page.features,
            "numberMatched": page.matched,
            "numberReturned": len(page.features),
            "timeStamp": clock.now().isoformat(timespec="seconds"),
            "links": [
                *_page_links(request, size, start, page.matched),
                _link(_place(request, area, name), "collection", "the collection"),
            ],
        }
        return GeoJson(found)

    @routes.get("/collections/{name}/items/{code}", response_class=GeoJson)
    def item(area: str, name: str, code: str, request: Request) -> GeoJson:
        """One feature."""
        _known(request, ())
        here = _place(request, area, name)
        links = [
            _link(f"{here}/items/{code}", "self", "this feature", GEOJSON),
            _link(here, "collection", "the collection"),
        ]
        feature = collections.feature(area, name, code) | {"links": links}
        return GeoJson(feature)

    return routes


def _landing(request: Request, area: str) -> dict[str, Any]:
    base = _base(request, area)
    api = str(request.base_url).rstrip("/") + "/openapi.json"
    kind = "application/vnd.oai.openapi+json;version=3.0"
    return {
        "title": f"{area}: 网格与统计 grids and counts",
        "description": "Divisions of the area and published counts; small counts suppressed.",
        "links": [
            _link(base, "self", "this document"),
            _link(api, "service-desc", "the API", kind),
            _link(f"{base}/conformance", "conformance", "conformance classes"),
            _link(f"{base}/collections", "data", "collections"),
        ],
    }


def _page_links(request: Request, size: int, start: int, matched: int) -> list[dict[str, str]]:
    """Links to a page itself, the next and the previous, where there are such."""
    links = [_link(str(request.url), "self", "this page", GEOJSON)]
    others = {"next": (start + size, start + size < matched), "prev": (start - size, start > 0)}
    for relation, (offset, there) in others.items():
        if there:
            url = str(request.url.include_query_params(limit=size, offset=max(0, offset)))
            links.append(_link(url, relation, f"{relation} page", GEOJSON))
    return links


def _collection(
    collections: Collections, base: str, area: str, name: str, title: Text
) -> dict[str, Any]:
    bounds = [float(edge) for edge in collections.layer(area, name).total_bounds]
    return {
        "id": name,
        "title": title.both,
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {"spatial": {"bbox": [bounds], "crs": CRS84}},
        "links": [
            _link(f"{base}/collections/{name}", "self", title.en),
            _link(f"{base}/collections/{name}/items", "items", title.en, GEOJSON),
        ],
    }


def _base(request: Request, area: str) -> str:
    return f"{str(request.base_url).rstrip('/')}/ogc/{area}"


def _place(request: Request, area: str, name: str) -> str:
    return f"{_base(request, area)}/collections/{name}"


def _link(href: str, rel: str, title: str, kind: str = "application/json") -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, "title": title}


def _known(request: Request, names: Iterable[str]) -> None:
    """The standard asks that a parameter that is not in the API be answered by 400."""
    unknown = set(request.query_params) - {"f", *names}
    if unknown:
        raise BadQuery(
            Text(f"没有参数 {shown(min(unknown))}", f"unknown parameter: {shown(min(unknown))}"),
            field=shown(min(unknown)),
        )


def _whole(words: str, name: str, least: int) -> int:
    if not words.isdecimal() or not least <= int(words[:12]):
        raise BadQuery(
            Text(f"应为不小于 {least} 的整数", f"it should be a whole number from {least}"),
            field=name,
        )
    return int(words[:12])


def _bounds(bbox: str | None) -> tuple[float, float, float, float] | None:
    if bbox is None:
        return None
    try:
        edges = [float(edge) for edge in bbox.split(",")]
    except ValueError:
        edges = []
    if len(edges) == 6:  # with heights, which nothing here has
        edges = [*edges[:2], *edges[3:5]]
    if len(edges) != 4 or not all(abs(e) <= 360 for e in edges) or edges[1] > edges[3]:
        raise BadQuery(
            Text("应为 西,南,东,北(度)", "it should be west,south,east,north in degrees"),
            field="bbox",
        )
    west, south, east, north = edges
    return west, south, east, north
