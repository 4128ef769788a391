"""Counts and densities by grid, community, street, district and H3 cell, as layers."""

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from blockdata.crs import to_metric
from blockdata.errors import InputError, NotFound
from blockdata.files import whole_file, write_whole
from blockdata.grid.counts.kinds import NAMES, RESOLUTIONS
from blockdata.grid.layers import layer_at
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd

By = Literal["grid", "community", "street", "district", "h3"]
BY: Final[tuple[By, ...]] = ("grid", "community", "street", "district", "h3")
_INTERNAL = Text(
    "内部使用:小数未隐去;对外请用 blockdata grid publish",
    "for internal use: small counts stand; publish with blockdata grid publish",
)


def read_counts(
    connection: Connection,
    area: Area,
    by: By,
    *,
    resolution: int | None = None,
    at: datetime,
) -> "gpd.GeoDataFrame":
    """Counts, size and densities of every division, with its outline (WGS 84).

    Args:
        connection: counts are read as they were last refreshed.
        area: the area.
        by: the kind of division; ``h3`` needs a resolution and knows the present only.
        resolution: of H3, 7 to 11.
        at: the moment; grids are those of the version that was valid then.

    Returns:
        ``code``, names, a column per kind of count, ``area_km2``, ``<kind>_per_km2``.

    Raises:
        InputError: no such division or resolution.
        NotFound: nothing was counted yet at that moment.
    """
    import geopandas as gpd

    check_division(by, resolution)
    frame = read_frame(
        connection,
        query("counts_by_cell" if by == "h3" else f"counts_by_{by}"),
        area_id=area.area_id,
        **({"resolution": resolution} if by == "h3" else {"at": at}),
    )
    if frame.empty:
        raise NotFound(
            Text(f"{at:%Y-%m-%d %H:%M} 时尚无统计", f"nothing was counted on {at:%Y-%m-%d %H:%M}"),
            field="at",
            cure=Text("给出较晚的时刻", "ask for a later moment"),
        )
    if by == "h3":
        shapes = cell_outlines(frame["code"].tolist())
    else:
        wkb = frame.pop("outline")
        shapes = shapely.from_wkb([None if o is None else bytes(o) for o in wkb])
    frame["area_km2"] = (areas_m2(shapes) / 1e6).round(6)
    for name in NAMES:
        frame[f"{name}_per_km2"] = (frame[name] / frame["area_km2"]).round(1)
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def areas_m2(polygons: Any) -> NDArray[np.float64]:
    """Areas of polygons in WGS 84 degrees, square metres of EPSG:4547."""
    shapes = np.asarray(polygons, dtype=object)
    metric = shapely.transform(shapes, lambda xy: np.column_stack(to_metric(*xy.T)))
    sizes: NDArray[np.float64] = shapely.area(metric)
    return sizes


def counts_report(
    connection: Connection, area: Area, by: By, *, resolution: int | None, at: datetime
) -> tuple[dict[str, Any], "gpd.GeoDataFrame"]:
    """The counts as a JSON document (without outlines) and as a layer."""
    layer = read_counts(connection, area, by, resolution=resolution, at=at)
    outside = read_frame(connection, query("counts_outside"), area_id=area.area_id, at=at)
    document = {
        "area": area.name,
        "by": by,
        "resolution": resolution if by == "h3" else None,
        "at": at.isoformat(),
        "grid_version": layer_at(connection, area, at).number,
        "note": {"zh": _INTERNAL.zh, "en": _INTERNAL.en},
        "total": {name: int(layer[name].sum()) for name in NAMES},
        "outside": {name: int(outside[name].sum()) for name in NAMES},
        "rows": layer.drop(columns="geometry").to_dict("records"),
    }
    return document, layer


def write_layer(layer: "gpd.GeoDataFrame", file: Path) -> None:
    """Write a layer as GeoParquet (``.parquet``) or GeoJSON (``.geojson``).

    Raises:
        InputError: another suffix, or the file cannot be written.
    """
    if file.suffix == ".parquet":
        with whole_file(file, "output") as part:
            layer.to_parquet(part, compression="zstd")
    elif file.suffix in {".geojson", ".json"}:
        # by way of memory: on a disk that gets full at the very end, GDAL says nothing
        drawn = io.BytesIO()
        layer.to_file(drawn, driver="GeoJSON")
        write_whole(file, drawn.getvalue(), "output")
    else:
        raise InputError(
            Text(f"不支持的格式:{file.suffix}", f"{file.suffix or 'no suffix'} is not supported"),
            field="output",
            cure=Text("使用 .parquet 或 .geojson", "use .parquet or .geojson"),
        )


def cell_outlines(cells: list[str]) -> np.ndarray[Any, np.dtype[Any]]:
    """Outlines (WGS 84) of H3 cells given in hexadecimal."""
    import h3

    shapes = np.empty(len(cells), dtype=object)
    shapes[:] = [shapely.Polygon([(x, y) for y, x in h3.cell_to_boundary(c)]) for c in cells]
    return shapes


def check_division(by: str, resolution: int | None) -> None:
    """Refuse what is not counted.

    Raises:
        InputError: no such division; H3 without one of its resolutions.
    """
    if by not in BY:
        raise InputError(
            Text(f"没有按 {by} 的统计", f"there are no counts by {by}"),
            field="by",
            cure=Text(f"可用:{'、'.join(BY)}", f"use one of: {', '.join(BY)}"),
        )
    if by == "h3" and resolution not in RESOLUTIONS:
        raise InputError(
            Text(f"H3 级别 {resolution} 没有统计", f"H3 resolution {resolution} is not counted"),
            field="resolution",
            cure=Text("使用 7 到 11", "use 7 to 11"),
        )
