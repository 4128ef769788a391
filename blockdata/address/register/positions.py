"""Where an address lies: a position put right, with the grid and the code that follow from it."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from blockdata.address.register.creation import GRID, free_building_code, place_at
from blockdata.address.register.events import event
from blockdata.address.register.operations import Edit, area_of, living
from blockdata.address.register.redraw import put_in_grids
from blockdata.errors import InputError
from blockdata.text import Text

LEVELS = ("number", "estate", "building", "place")
_PUT = text("""
    UPDATE register.address SET point = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
    WHERE address_id = :id
""")


def move(connection: Connection, address_id: int, edit: Edit, at: tuple[float, float]) -> int:
    """Put an address at lon, lat (WGS 84); returns the event's number.

    Where that is another grid, the address gets its code: a building the next free one, with its
    units and rooms. What else lies below keeps its own position.

    Raises:
        InputError: a unit or room, which lies where its building does, or the same position again;
            OutsideArea: no grid lies there.
        NotFound, Conflict: as for every change.
    """
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "lon": at[0], "lat": at[1]}
    with event(
        connection, area_id, "move", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        old = living(connection, address_id, edit.seen)
        if old.level not in LEVELS:
            raise InputError(
                Text(f"{old.level} 的位置随楼栋", f"a {old.level} lies where its building does"),
                field="address_id",
                cure=Text("改正楼栋的位置", "move its building"),
            )
        grid_id, grid = place_at(connection, old, at)
        before = _position(connection, address_id)
        connection.execute(_PUT, {"id": address_id, "lon": at[0], "lat": at[1]})
        if _position(connection, address_id) == before:
            raise InputError(
                Text("位置与现有的相同", "it lies there already"),
                field="at",
                cure=Text("给出另一个位置", "give another position"),
            )
        if grid_id is not None and grid is not None and grid_id != old.grid_id:
            code = old.code
            if code and code[:GRID] != grid:
                building = old.level == "building"
                code = free_building_code(connection, area_id, grid) if building else grid
            node = pd.DataFrame({"address_id": [address_id], "code": [old.code]})
            put_in_grids(connection, area_id, node, np.array([grid_id]), [code])
    return seq


def _position(connection: Connection, address_id: int) -> str | None:
    found: str | None = connection.execute(
        text("SELECT ST_AsText(point) FROM register.address WHERE address_id = :id"),
        {"id": address_id},
    ).scalar()
    return found
