"""Polygon layers and point tables as files."""

import csv
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from blockdata.clean import A_LINE, shown
from blockdata.csv_cells import guard_frame
from blockdata.csv_table import open_csv
from blockdata.errors import BadColumns, BadFile, BadLayer, InputError
from blockdata.files import unreadable, whole_file
from blockdata.reading import PARQUET, refuse_huge
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def read_layer(path: Path, key_column: str | None = None) -> "gpd.GeoSeries":
    """The polygons of a GeoJSON, GeoPackage, Shapefile or GeoParquet file, indexed by their key.

    Coordinates stay as they are and the declared CRS stays with them.

    Raises:
        BadFile: no such file, or none that can be read as a layer.
        BadLayer: a ring is not closed, or has too few points.
        BadColumns: the key column is not there, or a polygon has no key.
    """
    import geopandas as gpd
    from pyarrow import ArrowException
    from pyogrio.errors import DataLayerError, DataSourceError
    from pyproj.exceptions import ProjError
    from shapely.errors import ShapelyError

    _exists(path, "layer")
    refuse_huge(path, "layer")
    try:
        parquet = path.suffix.lower() in PARQUET
        with warnings.catch_warnings():  # what GDAL lets pass with a warning is refused below
            warnings.simplefilter("ignore")
            frame = gpd.read_parquet(path) if parquet else gpd.read_file(path)
        geometry: gpd.GeoSeries = frame.geometry
    except ShapelyError as error:
        raise _broken_shape(path, error) from None
    except (
        DataSourceError, DataLayerError, ArrowException, ProjError, OSError, ValueError,
        AttributeError,
    ) as error:  # fmt: skip
        raise BadFile(
            Text(
                f"{path} 不是可读的图层:{_said(error)}",
                f"{path} cannot be read as a layer: {_said(error)}",
            ),
            field="layer",
            cure=Text("给出 GeoJSON、GeoPackage 或 GeoParquet", "give GeoJSON, GPKG or GeoParquet"),
        ) from None
    if key_column is None:
        return geometry
    _has(frame, [key_column], path)
    lacking = frame.index[frame[key_column].isna()]
    if len(lacking):
        raise BadColumns(
            Text(
                f"第 {lacking[0] + 1} 个面没有 {key_column}",
                f"polygon {lacking[0] + 1} has no {key_column}",
            ),
            field=key_column,
            cure=Text("补上编码", "give it one"),
        )
    return geometry.set_axis(frame[key_column].astype(str))


def read_table(path: Path, columns: list[str], field: str) -> "pd.DataFrame":
    """A CSV table with at least the named columns, all as text.

    Raises:
        BadFile: no such file, not a UTF-8 table, or a row with another number of cells.
        BadColumns: a column is missing, or stands there twice.
    """
    import pandas as pd

    with open_csv(path, field=field) as given:
        cells: list[list[str]] = [[] for _ in given.header]
        for row in given.rows:
            if len(row.cells) != len(cells):
                raise BadFile(
                    Text(
                        f"{path} 第 {row.line} 行有 {len(row.cells)} 列,表头有 {len(cells)} 列",
                        f"line {row.line} of {path} has {len(row.cells)} cells, its header"
                        f" {len(cells)}",
                    ),
                    field=field,
                    cure=Text("补齐该行", "mend that line"),
                )
            for column, cell in zip(cells, row.cells, strict=True):
                column.append(cell)
    header = list(given.header)
    table = pd.DataFrame(dict(enumerate(cells)), dtype=object).set_axis(header, axis=1)
    _has(table, columns, path)
    for name in columns:
        if header.count(name) > 1:
            raise BadColumns(
                Text(f"{path} 有两个 {name} 列", f"{path} has two columns {name}"),
                field=name,
                cure=Text("只留一个", "leave one of them"),
            )
    return table


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write a table as Parquet (``.parquet``) or CSV (``.csv``).

    Raises:
        InputError: another suffix, or the file cannot be written.
    """
    if path.suffix == ".parquet":
        with whole_file(path, "output") as part:
            table.to_parquet(part, compression="zstd", index=False)
    elif path.suffix == ".csv":
        write_csv(table, path, "output")
    else:
        raise InputError(
            Text(f"不支持的格式:{path.suffix}", f"{path.suffix or 'no suffix'} is not supported"),
            field="output",
            cure=Text("使用 .parquet 或 .csv", "use .parquet or .csv"),
        )


def write_csv(table: "pd.DataFrame", path: Path, field: str) -> None:
    """Write a table as CSV in UTF-8, with no cell that a spreadsheet would run.

    Raises:
        InputError: the file cannot be written, for ``field``.
    """
    with whole_file(path, field) as part:
        # texts in quotes: else a carriage return within one would end the line
        guard_frame(table).to_csv(part, index=False, encoding="utf-8", quoting=csv.QUOTE_NONNUMERIC)


def read_points(path: Path, columns: list[str]) -> "pd.DataFrame":
    """A CSV table of points with at least the named columns; every other column stays text.

    Raises:
        BadFile: no such file, or not a UTF-8 table.
        BadColumns: a column is missing, or a position is not a number.
    """
    import pandas as pd

    table = read_table(path, columns, "points")
    for name in columns[:2]:
        try:
            table[name] = pd.to_numeric(table[name])
        except ValueError as error:
            raise BadColumns(
                Text(f"列 {name} 含有非数字", f"column {name} holds something that is no number"),
                field=name,
                cure=Text("经纬度须为十进制度数", "positions must be decimal degrees"),
            ) from error
    return table


def _broken_shape(path: Path, error: Exception) -> BadLayer:
    """A ring that is not closed, or of too few points; which feature it is, where that is known."""
    import numpy as np
    import pyogrio.raw
    import shapely
    from pyogrio.errors import DataSourceError

    which = Text("", "")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wkb = pyogrio.raw.read(path)[2]
            shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        broken = np.flatnonzero(shapely.is_missing(shapes) & (wkb != None))  # noqa: E711 -- arrays
        which = Text(f"第 {broken[0] + 1} 个要素", f"feature {broken[0] + 1}: ")
    except (DataSourceError, IndexError):  # GeoParquet
        pass
    said = _said(error)
    return BadLayer(
        Text(
            f"{path} 含有不成形的面:{which.zh}{said}",
            f"{path} holds a broken shape: {which.en}{said}",
        ),
        field="layer",
        cure=Text("让每个环首尾相接,至少四个点", "close every ring; it has at least four points"),
    )


def _said(error: Exception) -> str:
    return shown(str(error), A_LINE)


def _exists(path: Path, field: str) -> None:
    """Refuse what is not there; a name that the system cannot hold is not there either."""
    try:
        path.stat()
    except OSError as error:
        raise unreadable(path, field, error) from None


def _has(table: "pd.DataFrame", columns: list[str], path: Path) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        raise BadColumns(
            Text(f"{path} 缺少列 {missing[0]}", f"{path} has no column {missing[0]}"),
            field=missing[0],
            cure=Text(f"可用的列:{there}", f"its columns: {there}"),
        )
