"""Write the register to CSV or GeoParquet, as it stands or as it was."""

import json
from collections.abc import Callable, Iterator
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
from blockdata.errors import InputError
from blockdata.files import writing
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
        ("latitude", pa.float64()),
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

    Args:
        connection: the database.
        area_id: the area.
        path: the file, replaced where it exists.
        valid: what held then; the newest where not given.
        known: as it was known then; the newest where not given.
        retired: also those that were retired then.
        advance: is told of progress, in addresses.

    Raises:
        InputError: a file of another kind.
        Unwritable: it cannot be written.
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
    with writing(path, "file") as unfinished, _writer(unfinished, path.suffix) as write:
        for ids in _ids(connection, area_id):
            found = as_of_many(connection, ids, valid=valid, known=known)
            kept = [row for row in found if retired or row["status"] != "retired"]
            if kept:
                write(_table(kept))
            rows += len(kept)
            advance(len(ids))
    return rows


def _ids(connection: Connection, area_id: int) -> Iterator[list[int]]:
    last = 0
    while True:
        ids = [
            int(row.address_id)
            for row in connection.execute(
                text(query("register/ids_after")),
                {"area_id": area_id, "last": last, "limit": CHUNK_ROWS},
            )
        ]
        if not ids:
            return
        yield ids
        last = ids[-1]


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns = [
        pa.array([row[_COLUMNS.get(field.name, field.name)] for row in rows], field.type)
        for field in SCHEMA
    ]
    return pa.table(columns, schema=SCHEMA)


class _writer:  # noqa: N801 -- a context manager, used like a function
    """Opens the file of the right kind; what it yields takes tables."""

    def __init__(self, path: Path, suffix: str) -> None:
        if suffix == ".csv":
            # the mark lets spreadsheets see that it is UTF-8
            self._out = path.open("wb")
            self._out.write(b"\xef\xbb\xbf")
            self._to: Any = pa_csv.CSVWriter(self._out, SCHEMA)
            self._write: Callable[[pa.Table], None] = self._to.write_table
        else:
            schema = SCHEMA.append(pa.field("geometry", pa.binary()))
            schema = schema.with_metadata({"geo": json.dumps(_GEO)})
            self._to = pq.ParquetWriter(path, schema, compression="zstd")
            self._write = lambda rows: self._to.write_table(_with_points(rows, schema))

    def __enter__(self) -> Callable[[pa.Table], None]:
        return self._write

    def __exit__(self, *_: object) -> None:
        self._to.close()
        if hasattr(self, "_out"):
            self._out.close()


def _with_points(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    lon, lat = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()  # nulls become NaN
    points = shapely.to_wkb(shapely.points(lon, lat))
    wkb = [None if x != x else point for point, x in zip(points, lon, strict=True)]  # noqa: PLR0124
    return pa.table([*rows.columns, pa.array(wkb, pa.binary())], schema=schema)
