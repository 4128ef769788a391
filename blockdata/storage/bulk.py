"""Bulk loads by COPY, and reads into frames."""

import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from geoalchemy2 import Geometry
from sqlalchemy import Connection, Table, text

from blockdata.errors import BadColumns
from blockdata.storage.connecting import driver_cursor
from blockdata.text import Text

if TYPE_CHECKING:
    import pandas as pd

CHUNK_ROWS = 100_000


def copy_rows(connection: Connection, table: Table, rows: pa.Table) -> int:
    """Load rows into a table by COPY, in the connection's transaction; returns how many.

    Columns are those of the table, by name; columns left out take their defaults. Geometries are
    WKB bytes in WGS 84, arrays are lists of text.

    Raises:
        BadColumns: the rows carry a column that the table does not have.
        Unavailable: the server broke off, or its disk is full.
    """
    unknown = [name for name in rows.column_names if name not in table.c]
    if unknown:
        raise BadColumns(
            Text(f"{table.fullname} 没有列 {unknown}", f"{table.fullname} has no column {unknown}"),
            field=unknown[0],
        )
    names = ", ".join(rows.column_names)
    statement = f"COPY {table.fullname} ({names}) FROM STDIN (FORMAT csv)"
    with driver_cursor(connection) as cursor, cursor.copy(statement) as copy:
        for start in range(0, rows.num_rows, CHUNK_ROWS):
            copy.write(_as_csv(table, rows.slice(start, CHUNK_ROWS)))
    return int(rows.num_rows)


def read_frame(connection: Connection, sql: str, **parameters: Any) -> "pd.DataFrame":
    """The rows of a query as a frame; geometry columns come as asked for in the query."""
    import pandas as pd  # takes half a second, and most answers need no frame

    result = connection.execute(text(sql), parameters)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()))


def _as_csv(table: Table, rows: pa.Table) -> bytes:
    columns = [
        _hex(column) if isinstance(table.c[name].type, Geometry) else _plain(column)
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    ]
    buffer = io.BytesIO()
    # Texts are quoted, nulls are not: COPY's csv reads an unquoted nothing as NULL.
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed")
    pa_csv.write_csv(pa.table(columns, names=rows.column_names), buffer, options)
    return buffer.getvalue()


def _hex(column: pa.ChunkedArray) -> pa.Array:
    """WKB bytes as the hexadecimal EWKB text that PostGIS reads (the column brings the SRID)."""
    return pa.array(
        [None if value is None else value.hex() for value in column.to_pylist()], pa.string()
    )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        joined = pc.binary_join(column.cast(pa.list_(pa.string())), ",")
        return pc.binary_join_element_wise("{", joined, "}", "")
    return column
