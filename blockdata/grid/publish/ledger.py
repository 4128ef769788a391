"""The ledger: what every spot counted in every publication, and which cell counted it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from blockdata.grid.counts.kinds import NO_GRID, RESOLUTIONS
from blockdata.grid.publish.system import NO_CELL, Ints
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame

SUBJECTS: Final = ("people", "legal_entities")
"""What is published: the counts of those whom small numbers could give away."""

Cell = tuple[int, str, str]
"""Number of the publication, division, code."""


@dataclass(frozen=True)
class Issue:
    """One publication: its number, its version of the grids, its H3 resolutions."""

    number: int
    layer_id: int
    resolutions: tuple[int, ...]

    @property
    def divisions(self) -> tuple[str, ...]:
        """The layers that it publishes."""
        return ("grid", "community", "street", "district", *(f"h3_{r}" for r in self.resolutions))


@dataclass(frozen=True)
class Ledger:
    """The ledger as arrays.

    Attributes:
        rows: a row per spot and span of publications in which it counted the same.
        cells: every cell of every publication in which a spot lies.
        membership: (rows, slots) numbers of the cells that each row is counted in; -1 for none.
    """

    rows: pd.DataFrame
    cells: list[Cell]
    membership: Ints

    def unknowns(self, subject: str) -> tuple[Ints, Ints]:
        """Memberships and values of the unknowns: rows of a spot that follow with equal counts."""
        rows = self.rows
        same_spot = (rows["anchor"] == rows["anchor"].shift()) & (
            rows["anchor_id"] == rows["anchor_id"].shift()
        )
        follows = rows["first_number"] == rows["last_number"].shift() + 1
        alike = rows[subject] == rows[subject].shift()
        begins = ~(same_spot & follows & alike).to_numpy(bool)
        unknown = np.cumsum(begins) - 1
        merged = np.full((int(begins.sum()), self.membership.shape[1]), NO_CELL, dtype=np.int64)
        # rows of one spot live in different publications, so that no slot is filled twice
        np.maximum.at(merged, unknown, self.membership)
        return merged, rows[subject].to_numpy(np.int64)[begins]


def write_ledger(connection: Connection, area: Area, number: int) -> int:
    """Enter what is counted now as publication ``number``; returns how many spots changed."""
    given = {"area_id": area.area_id, "number": number}
    closed = connection.execute(text(query("ledger_close")), given).rowcount
    opened = connection.execute(text(query("ledger_open")), given).rowcount
    if closed or opened:  # tables that grew by an area at once are planned for as empty
        connection.execute(text("ANALYZE district.published_spot"))
    return int(max(closed, opened))


def read_ledger(connection: Connection, area: Area, issues: Sequence[Issue]) -> Ledger:
    """The ledger over the given publications, the last of which is the one being made."""
    rows = read_frame(connection, query("ledger"), area_id=area.area_id, number=issues[-1].number)
    h3_cells = np.array(rows["cells"].to_list(), dtype=np.int64).reshape(-1, len(RESOLUTIONS))
    found: list[Cell] = []
    slots = []
    for issue in issues:
        there = rows["first_number"].le(issue.number) & rows["last_number"].ge(issue.number)
        grids = read_frame(connection, query("divisions_of_layer"), layer_id=issue.layer_id)
        keys = _keys(rows, h3_cells, issue, grids.set_index("grid_id"), area.name)
        for division in issue.divisions:
            own = keys[division].where(there)
            slot, names = pd.factorize(own)
            slots.append(np.where(slot < 0, NO_CELL, slot + len(found)))
            found += [(issue.number, division, str(name)) for name in names]
    return Ledger(rows, found, np.column_stack(slots).astype(np.int64))


def _keys(
    rows: pd.DataFrame, h3_cells: Ints, issue: Issue, grids: pd.DataFrame, district: str
) -> Mapping[str, "pd.Series[Any]"]:
    """The code of each row's cell, by division; missing where it lies in none."""
    own = rows["grid_id"].where(rows["grid_id"] != NO_GRID)
    keys: dict[str, pd.Series[Any]] = {
        name: own.map(grids[name]) for name in ("grid", "community", "street")
    }
    keys["district"] = pd.Series(district, index=rows.index)
    for resolution in issue.resolutions:
        cells = h3_cells[:, RESOLUTIONS.index(resolution)]
        distinct, which = np.unique(cells, return_inverse=True)
        names = np.array([f"{c:x}" if c else None for c in distinct], dtype=object)
        keys[f"h3_{resolution}"] = pd.Series(names[which], index=rows.index)
    return keys
