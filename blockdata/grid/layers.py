"""Versions of an area's grid layer: one is valid at any moment, and every one is kept whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from blockdata.errors import NotFound
from blockdata.grid.area_grids import no_grids, no_such_grid
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.text import Text

FIRST_SOURCE = "as loaded"
OTHER_SOURCE = "redrawn in the register"


@dataclass(frozen=True)
class Layer:
    """One version: its number within the area, who says so, its period, and how many grids."""

    layer_id: int
    number: int
    source: str
    valid_from: datetime
    valid_to: datetime | None
    grids: int

    def as_dict(self) -> dict[str, Any]:
        """The version for JSON."""
        return {
            "number": self.number,
            "source": self.source,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": None if self.valid_to is None else self.valid_to.isoformat(),
            "grids": self.grids,
        }


def list_layers(connection: Connection, area: Area) -> list[Layer]:
    """The recorded versions of an area's grids, the oldest first."""
    rows = connection.execute(text(query("layers")), {"area_id": area.area_id})
    return [Layer(*row) for row in rows]


def layer_at(connection: Connection, area: Area, at: datetime) -> Layer:
    """The version that was valid at a moment.

    Raises:
        NotFound: none was.
    """
    for layer in list_layers(connection, area):
        if layer.valid_from <= at and (layer.valid_to is None or at < layer.valid_to):
            return layer
    raise NotFound(
        Text(
            f"{at:%Y-%m-%d} 时没有网格版本", f"there was no version of the grids on {at:%Y-%m-%d}"
        ),
        field="at",
        cure=Text("用 blockdata grid history 查看各版本", "see blockdata grid history"),
    )


def current_layer(connection: Connection, area: Area, *, source: str | None = None) -> Layer:
    """The version that the grids of the area are now; it is recorded where it is not yet.

    Whatever changed the grid table, by this or by another way, the next look makes a version of it.

    Raises:
        NotFound: the area has no grids.
    """
    connection.execute(
        text("SELECT pg_advisory_xact_lock(440309, :area_id)"), {"area_id": area.area_id}
    )
    known = list_layers(connection, area)
    if known:
        asked = {"area_id": area.area_id, "layer_id": known[-1].layer_id}
        if not connection.execute(text(query("layer_differs")), asked).scalar_one():
            return known[-1]
    begins, now = connection.execute(
        text("SELECT max(since), district.clock_now() FROM district.grid WHERE area_id = :area_id"),
        {"area_id": area.area_id},
    ).one()
    if begins is None:
        raise no_grids(area)
    if known:
        last = known[-1].valid_from
        begins = begins if begins > last else max(now, last + timedelta(microseconds=1))
        connection.execute(
            text(
                "UPDATE district.grid_layer SET valid = tstzrange(lower(valid), :begins)"
                " WHERE layer_id = :layer_id"
            ),
            {"layer_id": known[-1].layer_id, "begins": begins},
        )
    connection.execute(
        text(query("layer_begin")),
        {
            "area_id": area.area_id,
            "number": len(known) + 1,
            "source": source or (OTHER_SOURCE if known else FIRST_SOURCE),
            "begins": begins,
        },
    )
    return list_layers(connection, area)[-1]


def grid_periods(connection: Connection, area: Area, code: str) -> list[dict[str, Any]]:
    """The versions in which a code named a grid, its period and last counts in each.

    Raises:
        NotFound: the code never named a grid here.
    """
    rows = connection.execute(text(query("grid_periods")), {"area_id": area.area_id, "code": code})
    found = [dict(row) for row in rows.mappings()]
    if not found:
        raise no_such_grid(area, code)
    for row in found:
        row["grid_id"] = str(row["grid_id"])
        row["valid_from"] = row["valid_from"].isoformat()
        row["valid_to"] = None if row["valid_to"] is None else row["valid_to"].isoformat()
    return found
