"""Published counts as layers: a count, or nothing and a mark that it is suppressed."""

from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import Connection

from blockdata.errors import NotFound
from blockdata.grid.counts.report import cell_outlines, write_layer
from blockdata.grid.publish.ledger import SUBJECTS
from blockdata.grid.publish.publication import Publication
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd


def published_layer(
    connection: Connection, area: Area, publication: Publication, division: str
) -> "gpd.GeoDataFrame":
    """One layer of a publication: ``code``, names, count and mark per subject, outline (WGS 84).

    A suppressed count is missing and ``<subject>_suppressed`` is true.

    Raises:
        NotFound: the publication has no such division.
    """
    import geopandas as gpd

    if division not in publication.issue.divisions:
        known = ", ".join(publication.issue.divisions)
        raise NotFound(
            Text(f"未发布图层 {division}", f"no layer {division!r} is published"),
            field="division",
            cure=Text(f"可用:{known}", f"use one of: {known}"),
        )
    frame = read_frame(
        connection,
        "SELECT code, people, legal_entities FROM district.published_count"
        " WHERE publication_id = :id AND division = :division ORDER BY code",
        id=publication.publication_id,
        division=division,
    )
    for subject in SUBJECTS:
        frame[subject] = frame[subject].astype("Int64")
        frame[f"{subject}_suppressed"] = frame[subject].isna()
    frame["publication"] = publication.number
    frame["counted_at"] = publication.counted_at.isoformat()
    if division.startswith("h3_"):
        return gpd.GeoDataFrame(frame, geometry=cell_outlines(frame["code"].tolist()), crs=4326)
    shapes = read_frame(
        connection,
        query("published_shapes"),
        area_id=area.area_id,
        layer_id=publication.layer_id,
    )
    shapes = shapes[shapes["division"] == division].drop(columns="division")
    if division == "grid":
        shapes = shapes.drop(columns=["name_zh", "name_en"])
    joined = frame.merge(shapes, on="code", how="left")
    wkb = joined.pop("outline")
    outlines = shapely.from_wkb([None if not o else bytes(o) for o in wkb])
    return gpd.GeoDataFrame(joined, geometry=outlines, crs=4326)


def write_publication(
    connection: Connection, area: Area, publication: Publication, folder: Path, suffix: str
) -> list[Path]:
    """Write every layer of a publication to a folder; ``suffix`` is ``parquet`` or ``geojson``."""
    files = []
    for division in publication.issue.divisions:
        file = folder / f"{division}.{suffix}"
        write_layer(published_layer(connection, area, publication, division), file)
        files.append(file)
    return files
