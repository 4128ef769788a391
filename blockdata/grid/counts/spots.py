"""Spots: what is counted at one place, read from the register."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from blockdata.grid.counts.kinds import NAMES, RESOLUTIONS
from blockdata.grid.h3_cover import cells_of
from blockdata.grid.sql import query
from blockdata.storage.bulk import read_frame

SPOT_COLUMNS = ("anchor", "anchor_id", "grid_id", "cells", *NAMES)
_WHOLE = dict.fromkeys(("grid_id", *NAMES), "int64")


def name_spots(connection: Connection, area_id: int, *, every: bool) -> int:
    """Put the spots to count into the temporary table ``counting``; returns how many.

    Args:
        connection: in a transaction.
        area_id: the area.
        every: all of the area's, else those touched since they were last counted.
    """
    connection.execute(text("DROP TABLE IF EXISTS counting"))
    connection.execute(
        text("CREATE TEMPORARY TABLE counting (anchor TEXT, anchor_id BIGINT) ON COMMIT DROP")
    )
    if every:
        connection.execute(
            text("DELETE FROM district.count_touched WHERE area_id = :area_id"),
            {"area_id": area_id},
        )
    named = connection.execute(
        text(query("spots_all" if every else "spots_touched")), {"area_id": area_id}
    ).rowcount
    connection.execute(text("ANALYZE counting"))
    return int(named)


def count_spots(connection: Connection) -> pd.DataFrame:
    """The named spots as the register has them now; a spot that is gone has no row."""
    frame = read_frame(connection, query("spots_counted"))
    lon, lat = frame.pop("lon").to_numpy(np.float64), frame.pop("lat").to_numpy(np.float64)
    # H3 indexes of cells have their first bit clear: they fit a signed 64-bit number
    by_resolution = [cells_of(lon, lat, r).astype(np.int64) for r in RESOLUTIONS]
    frame["cells"] = list(np.column_stack(by_resolution)) if len(frame) else []
    return frame[list(SPOT_COLUMNS)]


def stored_spots(connection: Connection, area_id: int) -> pd.DataFrame:
    """The named spots as they were counted last."""
    columns = ", ".join(SPOT_COLUMNS)
    return read_frame(
        connection,
        f"SELECT {columns} FROM district.count_spot JOIN counting USING (anchor, anchor_id)"
        " WHERE area_id = :area_id",
        area_id=area_id,
    )


def by_grid(spots: pd.DataFrame) -> pd.DataFrame:
    """Sums of spots by ``grid_id``."""
    return spots.astype(_WHOLE).groupby("grid_id")[list(NAMES)].sum()


def by_cell(spots: pd.DataFrame) -> pd.DataFrame:
    """Sums of spots by ``resolution`` and ``cell``; what has no point is in no cell."""
    cells = np.stack(spots["cells"].to_list()) if len(spots) else np.zeros((0, len(RESOLUTIONS)))
    parts = [
        spots[list(NAMES)]
        .astype("int64")
        .assign(resolution=resolution, cell=cells[:, column].astype(np.int64))
        for column, resolution in enumerate(RESOLUTIONS)
    ]
    every = pd.concat(parts)
    return every[every["cell"] != 0].groupby(["resolution", "cell"])[list(NAMES)].sum()
