"""Communities with everything the planner needs, read from an area of the database."""

from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection

from blockdata.errors import InputError, NotFound
from blockdata.grid.planner.impact import Standing
from blockdata.grid.planner.problem import Buildings, Community, CurrentGrids, Roads, Shapes
from blockdata.profile import load_profile
from blockdata.storage.areas import find_area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

_QUERIES = files("blockdata.grid.planner") / "queries"


def read_communities(
    connection: Connection, area_name: str, code: str | None = None
) -> list[Community]:
    """All communities of an area in the order of their codes, or the one with this code.

    Raises:
        NotFound: no such area, or no such community in it.
        InputError: the area has no communities: it was not built with buildings and grids.
    """
    area = find_area(connection, area_name)
    tables = {
        name: _frame(connection, name, area_id=area.area_id, community=code)
        for name in ("communities", "buildings", "grids", "roads")
    }
    if tables["communities"].empty:
        raise _nothing(area_name, code)
    paths = _shapes(tables["roads"]["path"])
    classes = tables["roads"]["road_class"].to_numpy(dtype=np.str_)
    tree = shapely.STRtree(paths)
    grids, buildings = (dict(list(tables[n].groupby("community"))) for n in ("grids", "buildings"))
    found = []
    for row in tables["communities"].itertuples(index=False):
        outline: Any = shapely.from_wkb(_bytes(row.outline))
        near = np.sort(tree.query(outline, predicate="intersects"))
        found.append(
            Community(
                str(row.code),
                Text(str(row.name_zh), str(row.name_en)),
                outline,
                _buildings(buildings.get(row.code, tables["buildings"].iloc[:0])),
                Roads(paths[near], classes[near]),
                _grids(grids.get(row.code, tables["grids"].iloc[:0])),
            )
        )
    return found


def read_standing(connection: Connection, area_name: str) -> list[Standing]:
    """Duty points of the responders told of by name, and the key places, of an area."""
    area = find_area(connection, area_name)
    masked = list(load_profile(area.profile).masked)
    table = _frame(connection, "duty", area_id=area.area_id, masked=masked)
    return [Standing(*row) for row in table.itertuples(index=False, name=None)]


def _frame(connection: Connection, name: str, **given: object) -> pd.DataFrame:
    return read_frame(connection, (_QUERIES / f"{name}.sql").read_text(encoding="utf-8"), **given)


def _buildings(table: pd.DataFrame) -> Buildings:
    return Buildings(
        table["building_id"].to_numpy(np.int64),
        table["lon"].to_numpy(np.float64),
        table["lat"].to_numpy(np.float64),
        table["units"].to_numpy(np.int64),
        table["residents"].to_numpy(np.int64),
        table["footprint_m2"].to_numpy(np.float64),
        table["grid_code"].to_numpy(dtype=np.str_),
    )


def _grids(table: pd.DataFrame) -> CurrentGrids:
    return CurrentGrids(table["code"].to_numpy(dtype=np.str_), _shapes(table["outline"]))


def _bytes(wkb: Any) -> bytes:
    return bytes(wkb)


def _shapes(column: "pd.Series[bytes]") -> Shapes:
    shapes: Shapes = shapely.from_wkb(np.array([bytes(wkb) for wkb in column], dtype=object))
    return shapes


def _nothing(area: str, code: str | None) -> Exception:
    if code is not None:
        return NotFound(
            Text(f"区域“{area}”中没有社区 {code}", f"area {area!r} has no community {code!r}"),
            field="community",
            cure=Text("社区编码为 12 位数字", "a community code has 12 digits"),
        )
    return InputError(
        Text(f"区域“{area}”没有社区与楼栋", f"area {area!r} holds no communities and buildings"),
        field="area",
        cure=Text(
            "选择带有楼栋的区域,或先运行 blockdata district build",
            "name an area with buildings, or run blockdata district build first",
        ),
    )
