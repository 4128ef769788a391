"""Write the register to CSV or GeoParquet, as it stands or as it was.

In a CSV file no cell is one that a spreadsheet would run (``csv_cells``); an import reads it as it
was.
"""

import codecs
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import shapely
from sqlalchemy import Connection, text

from blockdata.address.register.reading import as_of_many
from blockdata.address.sql import query
from blockdata.csv_cells import guard_table
from blockdata.errors import InputError
from blockdata.files import whole_file
from blockdata.text import Text

CHUNK_ROWS = 50_000
FORMATS = (".csv", ".parquet")
_TEXT = pa.string()
# Codes are text: 25 digits overflow an int64. Ids are text for the same readers' sake.
SCHEMA = pa.schema(
    [
        ("address_id", _TEXT), ("level", _TEXT), ("status", _TEXT), ("parent_id", _TEXT),
        ("code", _TEXT), ("grid_code", _TEXT), ("address", _TEXT), ("label", _TEXT),
        ("name", _TEXT), ("floor", pa.int16()), ("longitude", pa.float64()),
        ("latitude", pa.float64()), ("kind", _TEXT),
    ]
)  # fmt: skip
_COLUMNS = {"address": "text_zh", "label": "label_zh", "name": "name_zh"} | {
    "longitude": "lon",
    "latitude": "lat",
}
_GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}  # the standard's own default datum is WGS 84 longitude, latitude


def export_addresses(
    connection: Connection,
    area_id: int,
    path: Path,
    *,
    valid: datetime | None = None,
    known: datetime | None = None,
    retired: bool = False,
    advance: Callable[[int], None] = lambda _n: None,
) -> int:
    """Write an area's addresses to ``.csv`` or ``.parquet`` (GeoParquet); returns how many.

    The column ``kind`` says of which kind a landmark is, and is empty for what is none. Kinds have
    no history: it is today's, also where the rest is as it was at another time.

    Args:
        connection: the database.
        area_id: the area.
        path: the file, replaced where it exists.
        valid: what held then; the newest where not given.
        known: as it was known then; the newest where not given.
        retired: also those that were retired then.
        advance: is told of progress, in addresses.

    Raises:
        InputError: a file of another kind, or one that cannot be written.
    """
    if path.suffix not in FORMATS:
        raise InputError(
            Text(
                f"不能写成 {path.suffix or path.name}", f"cannot write {path.suffix or path.name}"
            ),
            field="file",
            cure=Text(
                "文件名以 .csv 或 .parquet 结尾", "end the file's name with .csv or .parquet"
            ),
        )
    rows = 0
    with whole_file(path) as part, _writer(part, path.suffix) as write:
        for kinds in _kinds(connection, area_id):
            found = as_of_many(connection, list(kinds), valid=valid, known=known)
            kept = [
                row | {"kind": kinds[int(row["address_id"])]}
                for row in found
                if retired or row["status"] != "retired"
            ]
            if kept:
                write(_table(kept))
            rows += len(kept)
            advance(len(kinds))
    return rows


def _kinds(connection: Connection, area_id: int) -> Iterator[dict[int, str | None]]:
    """Ids of an area's addresses in order, stretch by stretch, with the kinds of landmarks."""
    last = 0
    while True:
        here = {"area_id": area_id, "last": last, "limit": CHUNK_ROWS}
        rows = connection.execute(text(query("register/ids_after")), here)
        kinds = {int(row.address_id): row.kind for row in rows}
        if not kinds:
            return
        yield kinds
        last = max(kinds)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns = [
        pa.array([row[_COLUMNS.get(field.name, field.name)] for row in rows], field.type)
        for field in SCHEMA
    ]
    return pa.table(columns, schema=SCHEMA)


@contextmanager
def _writer(path: Path, suffix: str) -> Iterator[Callable[[pa.Table], None]]:
    """Opens the file of the right kind; what it yields takes tables."""
    if suffix == ".csv":
        with path.open("wb") as out:
            out.write(codecs.BOM_UTF8)  # lets spreadsheets see what it is
            with pa_csv.CSVWriter(out, SCHEMA) as to:
                yield lambda rows: to.write_table(guard_table(rows))
        return
    schema = SCHEMA.append(pa.field("geometry", pa.binary()))
    schema = schema.with_metadata({"geo": json.dumps(_GEO)})
    with pq.ParquetWriter(path, schema, compression="zstd") as to:
        yield lambda rows: to.write_table(_with_points(rows, schema))


def _with_points(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    lon, lat = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()  # nulls become NaN
    points = shapely.to_wkb(shapely.points(lon, lat))
    wkb = [None if x != x else point for point, x in zip(points, lon, strict=True)]  # noqa: PLR0124
    return pa.table([*rows.columns, pa.array(wkb, pa.binary())], schema=schema)
