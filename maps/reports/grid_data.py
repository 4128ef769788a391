"""What a grid's report map shows, read from the database. No person's record leaves it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import h3
import numpy as np
import shapely
from sqlalchemy import Connection, text

from blockdata.errors import NotFound
from blockdata.grid.h3_cover import cells_of
from blockdata.profile import Profile, load_profile
from blockdata.storage.areas import Area, find_area
from blockdata.text import Text
from dispatch.cells import cells_near, shape_of
from maps.reports.suppression import banded

_QUERIES = files("maps.reports") / "queries"
_MARGIN = 0.003  # degrees around the grid: about 300 m

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
    profile = load_profile(area.profile)
    layers = _shapes(connection, area, profile, facts["grid_id"], bounds)
    layers["here"] = _collection([_feature({"code": code}, shapely.geometry.mapping(outline))])
    layers["cells"] = _volunteer_cells(connection, area, profile, bounds)
    return GridReport(area, facts, bounds, layers)


def _shapes(
    connection: Connection, area: Area, profile: Profile, grid_id: int, bounds: Bounds
) -> dict[str, dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("water", "grids", "buildings", "roads", "places", "duty")
    }
    given = {"area_id": area.area_id, "grid_id": grid_id, "masked": list(profile.masked)}
    rows = _run(connection, "shapes", **given, **_window(bounds)).all()
    for layer, facts, geometry in rows:
        found[layer].append(_feature(facts, geometry))
    return {name: _collection(features) for name, features in found.items()}


def _volunteer_cells(
    connection: Connection, area: Area, profile: Profile, bounds: Bounds
) -> dict[str, Any]:
    """Volunteers by coarse H3 cell, counted in bands; cells are whole, so counts are complete."""
    resolution = profile.dispatch.coarse_cell_h3_resolution
    shapes = {cell: shape_of(cell) for cell in cells_near(shapely.box(*bounds), 0, resolution)}
    given = {"area_id": area.area_id, "masked": list(profile.masked)}
    whole = _window(shapely.union_all(list(shapes.values())).bounds)
    rows = _run(connection, "masked", **given, **whole).all()
    at = np.array(rows, np.float64).reshape(-1, 2)
    counts = Counter(h3.int_to_str(int(cell)) for cell in cells_of(at[:, 0], at[:, 1], resolution))
    return _collection(
        [
            _feature({"volunteers": banded(counts[cell])}, shapely.geometry.mapping(shape))
            for cell, shape in sorted(shapes.items())
            if counts[cell]
        ]
    )


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
