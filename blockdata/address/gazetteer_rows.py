"""A gazetteer from the rows of the database."""

import io
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from sqlalchemy import Connection

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.sql import query
from blockdata.storage.connecting import driver_cursor


class GazetteerRows(NamedTuple):
    """What a gazetteer is made of; see ``build_gazetteer`` for the columns."""

    nodes: pd.DataFrame
    rooms: pd.DataFrame
    nicknames: pd.DataFrame


def read_gazetteer(connection: Connection, area_id: int) -> Gazetteer:
    """Build the gazetteer of an area's addresses as they stand."""
    return build_gazetteer(*read_rows(connection, area_id))


def read_rows(connection: Connection, area_id: int) -> GazetteerRows:
    """The rows of an area's addresses as they stand."""
    return GazetteerRows(
        _frame(connection, "nodes", area_id),
        _frame(connection, "rooms", area_id),
        _frame(connection, "register/nicknames", area_id),
    )


def _frame(connection: Connection, name: str, area_id: int) -> pd.DataFrame:
    """A query's rows by COPY: ten times as fast as row by row, which 2.7 million rooms feel."""
    statement = query(name).rstrip().replace(":area_id", str(int(area_id)))
    buffer = io.BytesIO()
    with (
        driver_cursor(connection) as cursor,
        cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)") as copy,
    ):
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    types = {
        column: pa.string()
        for column in (
            "level", "code", "label_zh", "text_zh", "name_zh", "grid_code", "community_zh",
            "street_zh", "kind",
        )
    } | {
        "lon": pa.float64(), "lat": pa.float64(), "address_id": pa.int64(), "parent_id": pa.int64(),
    }  # fmt: skip
    table = pa_csv.read_csv(
        buffer,
        convert_options=pa_csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    frame: pd.DataFrame = table.to_pandas()
    return frame
