"""Make a publication: count, suppress, write down. No suppressed number leaves this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, text

from blockdata.errors import InputError, NotFound
from blockdata.grid.counts.kinds import RESOLUTIONS
from blockdata.grid.counts.refresh import refresh_counts
from blockdata.grid.publish.ledger import (
    SUBJECTS,
    Issue,
    Ledger,
    read_ledger,
    write_ledger,
)
from blockdata.grid.publish.protect import FREE, SMALLEST_TOLD, SUPPRESSED, TOLD, protect
from blockdata.grid.publish.system import build_system
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import copy_rows, read_frame
from blockdata.storage.tables import grids
from blockdata.text import Text

DEFAULT_RESOLUTIONS = (8, 9)


@dataclass(frozen=True)
class Publication:
    """One publication: id and number, version of the grids, resolutions, when it was counted."""

    publication_id: int
    number: int
    layer_id: int
    resolutions: tuple[int, ...]
    counted_at: datetime

    @property
    def issue(self) -> Issue:
        """What the ledger needs to know of it."""
        return Issue(self.number, self.layer_id, self.resolutions)

    def offers(self, issue: Issue) -> bool:
        """Whether it has the same divisions and version of the grids."""
        return (self.layer_id, self.resolutions) == (issue.layer_id, issue.resolutions)


def publish(
    connection: Connection,
    area: Area,
    *,
    resolutions: Sequence[int] = DEFAULT_RESOLUTIONS,
    at: datetime | None = None,
) -> Publication:
    """Publish the counts of an area as they are now.

    Counts of 1–9 are suppressed, and as many more as it takes that under an attack on everything
    published so far (all divisions, nights and versions of the grids) every suppressed count keeps
    an interval at least 5 wide. Where nothing changed, the last publication stands.

    Args:
        connection: in a transaction, which the caller commits.
        area: the area.
        resolutions: of the H3 layers, 7 to 11; finer ones have more to suppress.
        at: when it is counted; now where not given.

    Raises:
        InputError: a resolution that is not counted.
        NotFound: the area has no grids.
    """
    chosen = tuple(sorted(set(resolutions)))
    if not set(chosen) <= set(RESOLUTIONS):
        raise InputError(
            Text(f"H3 级别 {chosen} 没有统计", f"H3 resolutions {chosen} are not all counted"),
            field="h3",
            cure=Text("使用 7 到 11", "use 7 to 11"),
        )
    counted = refresh_counts(connection, area, at=at)
    before = list_publications(connection, area)
    number = len(before) + 1
    changed = write_ledger(connection, area, number)
    issue = Issue(number, counted.layer.layer_id, chosen)
    if before and not changed and before[-1].offers(issue):
        return before[-1]
    made = _enter(connection, area, issue, counted.counted_at)
    ledger = read_ledger(connection, area, [*(p.issue for p in before), issue])
    told = _told_before(connection, area)
    columns = {subject: _suppressed(ledger, subject, told) for subject in SUBJECTS}
    _store(connection, area, made, columns)
    return made


def list_publications(connection: Connection, area: Area) -> list[Publication]:
    """All publications of an area, the oldest first."""
    rows = connection.execute(
        text(
            "SELECT publication_id, number, layer_id, resolutions, counted_at"
            " FROM district.publication WHERE area_id = :area_id ORDER BY number"
        ),
        {"area_id": area.area_id},
    )
    return [
        Publication(
            row.publication_id, row.number, row.layer_id, tuple(row.resolutions), row.counted_at
        )
        for row in rows
    ]


def last_publication(connection: Connection, area: Area) -> Publication:
    """The newest publication of an area.

    Raises:
        NotFound: nothing was published yet.
    """
    found = list_publications(connection, area)
    if not found:
        raise NotFound(
            Text(f"区域“{area.name}”尚未发布统计", f"nothing of area {area.name!r} is published"),
            field="area",
            cure=Text(
                f"运行 blockdata grid publish --area {area.name}",
                f"run blockdata grid publish --area {area.name}",
            ),
        )
    return found[-1]


def _enter(connection: Connection, area: Area, issue: Issue, at: datetime) -> Publication:
    made = connection.execute(
        text(
            "INSERT INTO district.publication (area_id, number, layer_id, resolutions, counted_at)"
            " VALUES (:area_id, :number, :layer_id, :resolutions, :at) RETURNING publication_id"
        ),
        {
            "area_id": area.area_id,
            "number": issue.number,
            "layer_id": issue.layer_id,
            "resolutions": list(issue.resolutions),
            "at": at,
        },
    ).scalar_one()
    return Publication(int(made), issue.number, issue.layer_id, issue.resolutions, at)


def _told_before(connection: Connection, area: Area) -> pd.DataFrame:
    """What was published of every cell of every publication before; null where suppressed."""
    return read_frame(
        connection,
        "SELECT p.number, c.division, c.code, c.people, c.legal_entities"
        " FROM district.published_count AS c JOIN district.publication AS p USING (publication_id)"
        " WHERE c.area_id = :area_id",
        area_id=area.area_id,
    ).set_index(["number", "division", "code"])


def _suppressed(ledger: Ledger, subject: str, told: pd.DataFrame) -> "pd.Series[Any]":
    """The count of every cell of the newest publication; missing where it is suppressed."""
    system = build_system(*ledger.unknowns(subject), len(ledger.cells))
    status = np.full(len(system.totals), FREE, dtype=np.int8)
    status[(system.totals > 0) & (system.totals < SMALLEST_TOLD)] = SUPPRESSED
    newest = ledger.cells[-1][0]
    held = told[subject].to_dict()
    for cell, total in zip(ledger.cells, system.sum_of.tolist(), strict=True):
        if cell[0] < newest:
            status[total] = SUPPRESSED if pd.isna(held[cell]) else TOLD
    done = protect(system, status)[system.sum_of]
    index = pd.MultiIndex.from_tuples(
        [cell[1:] for cell in ledger.cells], names=["division", "code"]
    )
    counts = pd.Series(system.totals[system.sum_of].round(), index=index, dtype="Int64")
    now = np.array([cell[0] == newest for cell in ledger.cells])
    return counts.mask(done == SUPPRESSED)[now]


def _store(
    connection: Connection,
    area: Area,
    made: Publication,
    columns: dict[str, "pd.Series[Any]"],
) -> None:
    """Write the counts down; divisions in which there is no spot at all count 0."""
    frame = pd.DataFrame(columns)
    every = read_frame(connection, query("divisions_of_layer"), layer_id=made.layer_id)
    empty = [
        (division, code)
        for division in ("grid", "community", "street")
        for code in every[division].unique()
        if (division, code) not in frame.index
    ]
    if empty:
        zeros = pd.DataFrame(0, index=pd.MultiIndex.from_tuples(empty), columns=list(SUBJECTS))
        frame = pd.concat([frame, zeros.rename_axis(["division", "code"]).astype("Int64")])
    rows = frame.reset_index().assign(publication_id=made.publication_id, area_id=area.area_id)
    copy_rows(connection, grids.published_count, pa.Table.from_pandas(rows, preserve_index=False))
