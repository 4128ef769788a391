"""What a grid's report map shows, read from the database. No person's record leaves it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import h3
import shapely
from sqlalchemy import Connection, text

from blockdata.errors import NotFound
from blockdata.profile import load_profile
from blockdata.storage.areas import Area, find_area
from blockdata.text import Text
from maps.reports.suppression import banded

_QUERIES = files("maps.reports") / "queries"
_MARGIN = 0.003  # degrees around the grid: about 300 m
_CELL_REACH = 0.012  # degrees: more than the width of a coarse cell

Bounds = tuple[float, float, float, float]  # west, south, east, north in WGS 84


@dataclass(frozen=True)
class GridReport:
    """One grid's facts, its surroundings by layer (GeoJSON), and the window they fill."""

    area: Area
    facts: Mapping[str, Any]
    bounds: Bounds
    layers: Mapping[str, dict[str, Any]]


def read_grid_report(connection: Connection, area_name: str, code: str) -> GridReport:
    """Everything that the report map of one grid shows.

    Raises:
        NotFound: there is no such area, or no such grid in it.
    """
    area = find_area(connection, area_name)
    row = _run(connection, "grid", area_id=area.area_id, code=code).mappings().one_or_none()
    if row is None:
        raise NotFound(
            Text(f"区域“{area.name}”中没有网格 {code}", f"area {area.name!r} has no grid {code!r}"),
            field="grid",
            cure=Text(
                "网格编码为 14 位数字,可在地图上查到", "a grid code has 14 digits; the map shows it"
            ),
        )
    facts = dict(row)
    outline = shapely.from_wkb(bytes(facts.pop("outline")))
    bounds = _widen(outline.bounds, _MARGIN)
    layers = _shapes(connection, area, facts["grid_id"], bounds)
    layers["here"] = _collection([_feature({"code": code}, shapely.geometry.mapping(outline))])
    layers["cells"] = _volunteer_cells(connection, area, bounds)
    return GridReport(area, facts, bounds, layers)


def _shapes(
    connection: Connection, area: Area, grid_id: int, bounds: Bounds
) -> dict[str, dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("water", "grids", "buildings", "roads", "places", "duty")
    }
    rows = _run(
        connection, "shapes", area_id=area.area_id, grid_id=grid_id, **_window(bounds)
    ).all()
    for layer, facts, geometry in rows:
        found[layer].append(_feature(facts, geometry))
    return {name: _collection(features) for name, features in found.items()}


def _volunteer_cells(connection: Connection, area: Area, bounds: Bounds) -> dict[str, Any]:
    """Volunteers by coarse H3 cell, counted in bands; cells are whole, so counts are complete."""
    resolution = load_profile(area.profile).dispatch.coarse_cell_h3_resolution
    reach = _window(_widen(bounds, _CELL_REACH))
    counts = Counter(
        h3.latlng_to_cell(lat, lon, resolution)
        for lon, lat in _run(connection, "volunteers", area_id=area.area_id, **reach)
    )
    window = shapely.box(*bounds)
    features = []
    for cell, count in sorted(counts.items()):
        shape = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
        if shape.intersects(window):
            facts = {"volunteers": banded(count)}
            features.append(_feature(facts, shapely.geometry.mapping(shape)))
    return _collection(features)


def _run(connection: Connection, name: str, **given: Any) -> Any:
    statement = (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    return connection.execute(text(statement), given)


def _widen(bounds: Bounds, by: float) -> Bounds:
    west, south, east, north = bounds
    return west - by, south - by, east + by, north + by


def _window(bounds: Bounds) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), bounds, strict=True))


def _feature(facts: Mapping[str, Any], geometry: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": dict(facts), "geometry": dict(geometry)}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
