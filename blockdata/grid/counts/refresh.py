"""Bring the counts of an area up to the register: only what was touched is counted again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, text

from blockdata.grid.counts.kinds import NAMES, NO_GRID
from blockdata.grid.counts.spots import (
    by_cell,
    by_grid,
    count_spots,
    name_spots,
    stored_spots,
)
from blockdata.grid.layers import Layer, current_layer
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import copy_rows, read_frame
from blockdata.storage.database import database_now
from blockdata.storage.tables import grids

_LOCK = 440308
_MANY = 1000
_DELTA = Table(
    "cell_delta",
    MetaData(),
    Column("resolution", Integer),
    Column("cell", BigInteger),
    *(Column(name, Integer) for name in NAMES),
)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did.

    Attributes:
        layer: the version of the grids that the counts are of.
        counted_at: the moment from which they hold.
        spots: how many spots were counted.
        grids: how many grids have other counts than before.
        whole: everything was counted, as the first time.
    """

    layer: Layer
    counted_at: datetime
    spots: int
    grids: int
    whole: bool


def refresh_counts(
    connection: Connection, area: Area, *, at: datetime | None = None, whole: bool = False
) -> Refreshed:
    """Count what changed since the last time, and carry it into the sums by grid and H3 cell.

    When grids were redrawn meanwhile, sums by the new grids are made from the spots; the old ones
    stay as history. Refreshes of one area take turns.

    Args:
        connection: in a transaction, which the caller commits.
        area: the area.
        at: from when the new counts hold; now where not given, never before the last count.
        whole: count everything again.

    Raises:
        NotFound: the area has no grids.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock, :area_id)"), _ids(area))
    layer = current_layer(connection, area)
    state = _state(connection, area)
    whole = whole or state is None
    moment = _moment(at or database_now(connection), None if state is None else state.counted_at)
    named = name_spots(connection, area.area_id, every=whole)
    if whole:
        _forget(connection, area)
    new, old = count_spots(connection), stored_spots(connection, area.area_id)
    _store_spots(connection, area, new)
    _change_cells(connection, area, _difference(by_cell(new), by_cell(old)))
    if whole or state is None or state.layer_id != layer.layer_id:
        changed = _sum_anew(connection, area, layer, moment)
    else:
        delta = _difference(by_grid(new), by_grid(old))
        changed = _change_grids(connection, area, layer, moment, delta)
    connection.execute(
        text(
            "INSERT INTO district.count_state (area_id, layer_id, counted_at)"
            " VALUES (:area_id, :layer_id, :at) ON CONFLICT (area_id)"
            " DO UPDATE SET layer_id = :layer_id, counted_at = :at"
        ),
        {"area_id": area.area_id, "layer_id": layer.layer_id, "at": moment},
    )
    return Refreshed(layer, moment, named, changed, whole)


def _ids(area: Area) -> dict[str, int]:
    return {"lock": _LOCK, "area_id": area.area_id}


def _state(connection: Connection, area: Area) -> Any:
    return connection.execute(
        text("SELECT layer_id, counted_at FROM district.count_state WHERE area_id = :area_id"),
        {"area_id": area.area_id},
    ).one_or_none()


def _moment(moment: datetime, last: datetime | None) -> datetime:
    """The moment, but always later than the last one."""
    return moment if last is None else max(moment, last + timedelta(microseconds=1))


def _forget(connection: Connection, area: Area) -> None:
    for table in ("count_spot", "cell_count"):
        connection.execute(
            text(f"DELETE FROM district.{table} WHERE area_id = :area_id"),
            {"area_id": area.area_id},
        )


def _difference(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """What to add to each sum; sums that stay are left out."""
    delta = new.sub(old, fill_value=0).astype("int64")
    return delta[(delta != 0).any(axis=1)]


def _store_spots(connection: Connection, area: Area, spots: pd.DataFrame) -> None:
    connection.execute(
        text(
            "DELETE FROM district.count_spot AS s USING counting AS k WHERE s.area_id = :area_id"
            " AND s.anchor = k.anchor AND s.anchor_id = k.anchor_id"
        ),
        {"area_id": area.area_id},
    )
    rows = pa.Table.from_pandas(spots.assign(area_id=area.area_id), preserve_index=False)
    copy_rows(connection, grids.count_spot, rows)
    if len(spots) > _MANY:  # a table that grew by an area at once is planned for as empty
        connection.execute(text("ANALYZE district.count_spot"))


def _change_cells(connection: Connection, area: Area, delta: pd.DataFrame) -> None:
    connection.execute(text("DROP TABLE IF EXISTS cell_delta"))
    columns = ", ".join(f"{name} INTEGER" for name in NAMES)
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE cell_delta (resolution INTEGER, cell BIGINT,"
            f" {columns}) ON COMMIT DROP"
        )
    )
    copy_rows(connection, _DELTA, pa.Table.from_pandas(delta.reset_index(), preserve_index=False))
    for step in ("cells_add", "cells_begin", "cells_end"):
        connection.execute(text(query(step)), {"area_id": area.area_id})


def _change_grids(
    connection: Connection, area: Area, layer: Layer, moment: datetime, delta: pd.DataFrame
) -> int:
    if delta.empty:
        return 0
    held = read_frame(
        connection,
        f"SELECT grid_id, {', '.join(NAMES)} FROM district.grid_count"
        " WHERE layer_id = :layer_id AND upper_inf(valid) AND grid_id = ANY(:ids)",
        layer_id=layer.layer_id,
        ids=delta.index.tolist(),
    ).set_index("grid_id")
    _close(connection, area, moment, delta.index.tolist())
    counts = delta.add(held, fill_value=0).astype("int64").reset_index()
    _open(connection, area, layer, moment, counts)
    return len(counts)


def _sum_anew(connection: Connection, area: Area, layer: Layer, moment: datetime) -> int:
    """Sums by every grid of a version, from the spots; those of the version before end."""
    _close(connection, area, moment, None)
    counts = read_frame(
        connection, query("grids_summed"), area_id=area.area_id, layer_id=layer.layer_id
    )
    _open(connection, area, layer, moment, counts)
    return int((counts["grid_id"] != NO_GRID).sum())


def _close(connection: Connection, area: Area, moment: datetime, ids: list[int] | None) -> None:
    connection.execute(
        text(
            "UPDATE district.grid_count SET valid = tstzrange(lower(valid), :at)"
            " WHERE area_id = :area_id AND upper_inf(valid)"
            " AND (CAST(:ids AS bigint[]) IS NULL OR grid_id = ANY(:ids))"
        ),
        {"area_id": area.area_id, "at": moment, "ids": ids},
    )


def _open(
    connection: Connection, area: Area, layer: Layer, moment: datetime, counts: pd.DataFrame
) -> None:
    rows = counts.assign(
        area_id=area.area_id, layer_id=layer.layer_id, valid=f"[{moment.isoformat()},)"
    )
    copy_rows(connection, grids.grid_count, pa.Table.from_pandas(rows, preserve_index=False))
