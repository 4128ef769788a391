"""An area's own grids: their index, saved by content, and the check of their layer."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from blockdata.errors import BadFile, NotFound
from blockdata.folders import forget_others, keep
from blockdata.grid.findings import Finding
from blockdata.grid.index import GridIndex
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

MOST_KNOWN_POINTS = 2_000


def grids_folder(var: Path, area: Area) -> Path:
    """Where the indexes of an area's grids are saved, in one folder per content."""
    return var / "areas" / area.name / "grids"


def read_grids(connection: Connection, area: Area) -> "gpd.GeoDataFrame":
    """The grids of an area with their community and street, by code; WGS 84.

    Raises:
        NotFound: the area has no grids.
    """
    import geopandas as gpd

    frame = read_frame(connection, query("grids_of_area"), area_id=area.area_id)
    if frame.empty:
        raise no_grids(area)
    shapes = shapely.from_wkb([bytes(outline) for outline in frame.pop("outline")])
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)


def area_index(connection: Connection, var: Path, area: Area) -> tuple[GridIndex, Path]:
    """The index of an area's grids (keys are codes) and its folder.

    It is mapped from the folder named after the grids' content; a change of any grid makes
    another name, so that an old index never answers for new grids.

    Raises:
        NotFound: the area has no grids.
    """
    content = connection.execute(
        text(query("grids_fingerprint")), {"area_id": area.area_id}
    ).scalar()
    if content is None:
        raise no_grids(area)
    folder = grids_folder(var, area) / content
    try:
        return GridIndex.load(folder), folder
    except BadFile:  # not there yet, or of an older format
        grids = read_grids(connection, area)
        built = GridIndex.build(grids.geometry, grids["code"].tolist())
        keep(lambda: built.save(folder))
        forget_others(folder)
        return built, folder


def divisions_of(connection: Connection, area: Area, code: str) -> dict[str, Any]:
    """Code and names of the community and street of one grid.

    Raises:
        NotFound: the area has no grid of this code.
    """
    found = connection.execute(text(query("grid_facts")), {"area_id": area.area_id, "code": code})
    row = found.mappings().one_or_none()
    if row is None:
        raise no_such_grid(area, code)
    return dict(row)


def validate_area(
    connection: Connection, area: Area, layer: "gpd.GeoSeries | None" = None
) -> tuple[int, list[Finding]]:
    """Check an area's grids, or a drawn layer meant for it.

    The layer is held against the area's communities, its outline, and the points of its
    buildings' addresses, which give away a layer that is in another datum.

    Returns:
        How many polygons were checked, and every fault.
    """
    from blockdata.grid.validate import KnownPoints, validate_layer

    if layer is None:
        grids = read_grids(connection, area)
        layer = grids.geometry.set_axis(grids["code"])
    known = read_frame(
        connection, query("known_points"), area_id=area.area_id, most=MOST_KNOWN_POINTS
    )
    communities = read_communities(connection, area)
    found = validate_layer(
        layer,
        communities=communities["outline"].to_numpy(),
        community_names=communities["name_zh"].tolist(),
        outline=shapely.union_all(communities["outline"].to_numpy()),
        known=KnownPoints.of(known["lon"], known["lat"], known["code"]),
    )
    return len(layer), found


def read_communities(connection: Connection, area: Area) -> "pd.DataFrame":
    """Code, names and outline (shapely, WGS 84) of an area's communities."""
    frame = read_frame(
        connection,
        "SELECT community_id, street_id, code, name_zh, name_en, ST_AsBinary(outline) AS outline"
        " FROM district.community WHERE area_id = :area_id ORDER BY code",
        area_id=area.area_id,
    )
    shapes = np.empty(len(frame), dtype=object)
    shapes[:] = shapely.from_wkb([bytes(outline) for outline in frame["outline"]])
    return frame.assign(outline=shapes)


def no_grids(area: Area) -> NotFound:
    """The error of an area without grids."""
    return NotFound(
        Text(f"区域“{area.name}”没有网格", f"area {area.name!r} has no grids"),
        field="area",
        cure=Text(
            f"运行 blockdata grid plan --area {area.name}",
            f"run blockdata grid plan --area {area.name}",
        ),
    )


def no_such_grid(area: Area, code: str) -> NotFound:
    """The error of a code that no grid of the area has."""
    return NotFound(
        Text(f"区域“{area.name}”中没有网格 {code}", f"area {area.name!r} has no grid {code!r}"),
        field="grid",
        cure=Text(
            "用 blockdata grid locate 经度,纬度 查编码", "find codes with blockdata grid locate"
        ),
    )
