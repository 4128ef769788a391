"""Redraw grids: rows of the grid table are replaced, codes in them follow, ids never change."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from blockdata.address.register.events import event, too_early
from blockdata.address.register.operations import Edit
from blockdata.address.sql import query
from blockdata.errors import InputError, NotFound
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

HIGHEST_BUILDING = 99_999
BESIDE_DEG = 5e-4
"""Some 50 m: a gate on the road around an estate may stand just outside of its grid."""
_POSTPONE = text(
    "SET CONSTRAINTS register.fk_building_grid_id, register.fk_address_grid_id,"
    " district.fk_place_grid_id DEFERRED"
)
_CHECK = text(
    "SET CONSTRAINTS register.fk_building_grid_id, register.fk_address_grid_id,"
    " district.fk_place_grid_id IMMEDIATE"
)


@dataclass(frozen=True)
class DrawnGrid:
    """A grid as it shall be: 14 digits, of which the first 12 name its community; WGS 84."""

    code: str
    outline: shapely.MultiPolygon


@dataclass(frozen=True)
class Redrawn:
    """What a redraw did: the event, and how many buildings and rooms have other codes now."""

    seq: int
    grids: int
    buildings: int
    relabelled: int


def redraw_grids(
    connection: Connection, area_id: int, replaced: list[str], drawn: list[DrawnGrid], edit: Edit
) -> Redrawn:
    """Replace grids of an area by others over the same ground, as one event.

    A building that stays in a grid of the same code keeps its code; others are numbered on in
    their new grid. Old codes go on resolving, by date where they are given again.

    Raises:
        NotFound: no such grid or community.
        InputError: a building would lie in no grid, a grid's numbers run out, or the old grids
            begin later than the new ones.
        Conflict: a code is taken.
    """
    known = read_frame(
        connection,
        "SELECT grid_id, code, since FROM district.grid"
        " WHERE area_id = :area_id AND code = ANY(:codes)",
        area_id=area_id,
        codes=replaced,
    )
    missing = sorted(set(replaced) - set(known["code"]))
    if missing or not replaced or not drawn:
        raise NotFound(
            Text(f"没有网格 {missing}", f"there are no grids {missing}"), field="replaced"
        )
    begun = known["since"].max()
    if edit.valid_from is not None and edit.valid_from <= begun:
        raise too_early(begun.timestamp())
    details = {"replaced": sorted(replaced), "drawn": sorted(grid.code for grid in drawn)}
    with event(
        connection, area_id, "redraw", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        connection.execute(_POSTPONE)
        old_ids = known["grid_id"].tolist()
        nodes = read_frame(connection, query("register/redraw_nodes"), grids=old_ids)
        grid_ids = _replace(connection, seq, area_id, old_ids, drawn)
        grid_of = _grid_of(nodes, drawn)
        codes = _codes(nodes, grid_of, drawn)
        changed = put_in_grids(connection, area_id, nodes, grid_ids[grid_of], codes)
        connection.execute(
            text(query("register/redraw_places")), {"area_id": area_id, "grids": old_ids}
        )
        connection.execute(_CHECK)
    return Redrawn(seq, len(drawn), int((nodes["level"] == "building").sum()), changed)


def _replace(
    connection: Connection, seq: int, area_id: int, old_ids: list[int], drawn: list[DrawnGrid]
) -> NDArray[np.int64]:
    """Delete and insert rows of the grid table; ids of the new ones, in their order."""
    connection.execute(
        text("DELETE FROM district.grid WHERE grid_id = ANY(:ids)"), {"ids": old_ids}
    )
    ids = []
    for grid in drawn:
        made = connection.execute(
            text(query("register/redraw_grid")),
            {
                "area_id": area_id,
                "seq": seq,
                "code": grid.code,
                "community": grid.code[:12],
                "outline": shapely.to_wkb(grid.outline, hex=True),
            },
        ).scalar()
        if made is None:
            raise NotFound(
                Text(f"没有社区 {grid.code[:12]}", f"there is no community {grid.code[:12]}"),
                field="code",
            )
        ids.append(int(made))
    return np.array(ids, dtype=np.int64)


def _grid_of(nodes: pd.DataFrame, drawn: list[DrawnGrid]) -> NDArray[np.int64]:
    """Row of ``drawn`` in which each address lies, the first where two meet, or beside it."""
    points = np.asarray(shapely.points(nodes["lon"], nodes["lat"]))
    tree = shapely.STRtree([grid.outline for grid in drawn])
    at, grid = tree.query(points, predicate="intersects")
    found = np.full(len(nodes), -1, dtype=np.int64)
    order = np.lexsort((-grid, at))
    found[at[order]] = grid[order]
    outside = np.flatnonzero(found < 0)
    beside, near = tree.query_nearest(points[outside], max_distance=BESIDE_DEG, all_matches=False)
    found[outside[beside]] = near
    lost = np.flatnonzero(found < 0)
    if len(lost):
        first = nodes.iloc[int(lost[0])]
        raise InputError(
            Text(
                f"{len(lost)} 个地址不在任何新网格内,如 {first['text_zh']}",
                f"{len(lost)} addresses lie in no new grid, as {first['text_zh']}",
            ),
            field="outline",
            cure=Text("新网格须覆盖原网格的范围", "the new grids must cover the ground of the old"),
        )
    return found


def _codes(
    nodes: pd.DataFrame, grid_of: NDArray[np.int64], drawn: list[DrawnGrid]
) -> list[str | None]:
    """The new code of each address; those that are retired keep theirs."""
    new_grid = [drawn[row].code for row in grid_of.tolist()]
    rows = list(zip(nodes["level"], nodes["status"], nodes["code"], new_grid, strict=True))
    highest: dict[str, int] = defaultdict(int)
    for level, _, code, grid in rows:
        if level == "building" and code and code[:14] == grid:
            highest[grid] = max(highest[grid], int(code[14:]))
    codes: list[str | None] = []
    for level, status, code, grid in rows:
        if code is None or status == "retired" or code[:14] == grid:
            codes.append(code)
        elif level != "building":
            codes.append(grid)
        else:
            highest[grid] += 1
            codes.append(f"{grid}{highest[grid]:05d}")
    for grid, number in highest.items():
        if number > HIGHEST_BUILDING:
            raise InputError(
                Text(f"网格 {grid} 的楼栋编号已用完", f"grid {grid} has no building numbers left"),
                field="code",
                cure=Text("换一个网格编码", "choose another grid code"),
            )
    return codes


def put_in_grids(
    connection: Connection,
    area_id: int,
    nodes: pd.DataFrame,
    grid_ids: NDArray[np.int64],
    codes: list[str | None],
) -> int:
    """Give grids and codes to addresses and buildings; units and rooms follow their building.

    ``nodes`` has the columns ``address_id`` and ``code``, the code until now. Returns how many
    codes are others now.
    """
    moved = [
        (int(i), int(g), c) for i, g, c in zip(nodes["address_id"], grid_ids, codes, strict=True)
    ]
    changed = [row for row, old in zip(moved, nodes["code"], strict=True) if row[2] != old]
    # Codes change places, and the index that keeps them apart looks at every row: step aside first.
    aside = {"ids": [row[0] for row in changed]}
    connection.execute(text(query("register/redraw_aside")), aside)
    connection.execute(text(query("register/redraw_codes")), _columns(changed))
    connection.execute(text(query("register/redraw_below")), _columns(moved))
    buildings = _columns(moved) | {"area_id": area_id}
    connection.execute(text(query("register/redraw_buildings")), buildings)
    return len(changed)


def _columns(rows: list[tuple[int, int, str | None]]) -> dict[str, Any]:
    return {
        "ids": [row[0] for row in rows],
        "grids": [row[1] for row in rows],
        "codes": [row[2] for row in rows],
    }
