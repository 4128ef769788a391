"""Points and layers from the command line, answered by an index, a layer's file or an area."""

from pathlib import Path
from typing import Any, cast

import numpy as np
from sqlalchemy import Connection

from blockdata.crs import Datum, to_wgs84
from blockdata.errors import InputError
from blockdata.grid.area_grids import area_index, divisions_of
from blockdata.grid.findings import Finding
from blockdata.grid.index import GridIndex
from blockdata.grid.layer_file import read_layer, read_points, write_csv
from blockdata.grid.validate import KnownPoints, validate_layer
from blockdata.storage.areas import Area
from blockdata.text import Text


def open_index(saved: Path | None, layer: Path | None, key: str | None) -> GridIndex:
    """The index in a folder, or one built on the spot from a layer."""
    if saved is not None:
        return GridIndex.load(saved)
    if layer is not None:
        return GridIndex.build(read_layer(layer, key))
    raise InputError(
        Text("没有给出网格", "no grids were given"),
        field="index",
        cure=Text("用 --index 或 --layer 指明", "name them with --index or --layer"),
    )


def locate_one(index: GridIndex, lon: float, lat: float, datum: str) -> dict[str, Any]:
    """The grid of one point given in ``datum``."""
    x, y = to_wgs84(lon, lat, cast("Datum", datum))
    position = index.locate(float(x), float(y))
    return {"lon": float(x), "lat": float(y), "grid": index.key_of(position), "position": position}


def locate_table(index: GridIndex, points: Path, out: Path | None, datum: str) -> dict[str, Any]:
    """Add a column ``grid`` (empty outside) to a CSV of points; says how many were where."""
    table = read_points(points, ["lon", "lat"])
    lon, lat = to_wgs84(table["lon"], table["lat"], cast("Datum", datum))
    position = index.locate(lon, lat)
    names = np.array([*index.keys, ""], dtype=object)
    if out is not None:
        write_csv(table.assign(grid=names[position]), out, "out")
    outside = int((position < 0).sum())
    return {
        "points": len(table),
        "outside": outside,
        "grids": int(np.unique(position[position >= 0]).size),
        "file": None if out is None else str(out),
    }


def locate_in_area(
    connection: Connection,
    var: Path,
    area: Area,
    point: tuple[float, float] | None,
    points: Path | None,
    out: Path | None,
    datum: str,
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The answer for a point and for a table (None for what was not asked) by an area's grids."""
    index, _ = area_index(connection, var, area)
    table = None if points is None else locate_table(index, points, out, datum)
    if point is None:
        return None, table
    one = locate_one(index, *point, datum)
    if one["grid"] is not None:
        one |= divisions_of(connection, area, one["grid"])
    return one | {"area": area.name}, table


def validate_files(
    layer: Path,
    key: str | None,
    communities: Path | None,
    community_key: str | None,
    known: Path | None,
) -> tuple[int, list[Finding]]:
    """How many polygons a layer's file holds, and every fault; the other files are optional."""
    polygons = read_layer(layer, key)
    around = None if communities is None else read_layer(communities, community_key)
    anchors = None
    if known is not None:
        table = read_points(known, ["lon", "lat", "grid"])
        anchors = KnownPoints.of(table["lon"], table["lat"], table["grid"])
    return len(polygons), validate_layer(polygons, communities=around, known=anchors)
