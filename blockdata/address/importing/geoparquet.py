"""Read a GeoParquet file of points as the same table of text that a CSV file gives."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from blockdata.address.importing.table import LAT_HEADERS, LON_HEADERS, RawTable
from blockdata.errors import BadFile
from blockdata.text import Text

_DEGREES = ("OGC:CRS84", "EPSG:4326")


def read_geoparquet(path: Path) -> RawTable:
    """All columns as text; the points become ``longitude`` and ``latitude`` where those lack.

    Raises:
        BadFile: missing, not Parquet, not in degrees, or with geometries that are no points.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise _bad(path, Text("文件不存在", "there is no such file")) from None
    except (pa.ArrowInvalid, OSError) as error:
        raise _bad(path, Text(str(error), str(error))) from None
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    if geo:
        table = _with_degrees(path, table, geo)
    if not table.num_rows:
        raise _bad(path, Text("没有数据行", "it holds no rows"))
    columns = [[_words(value) for value in column.to_pylist()] for column in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    return RawTable(tuple(table.column_names), rows, list(range(2, len(rows) + 2)))


def _with_degrees(path: Path, table: pa.Table, geo: dict[str, Any]) -> pa.Table:
    name = geo["primary_column"]
    about = geo["columns"][name]
    crs = (about.get("crs") or {}).get("id")
    if crs is not None and f"{crs.get('authority')}:{crs.get('code')}" not in _DEGREES:
        raise _bad(path, Text(f"坐标系为 {crs}", f"its coordinates are in {crs}"))
    points = shapely.from_wkb(table[name].to_pylist())
    kinds = shapely.get_type_id(points)
    if ((kinds != shapely.GeometryType.POINT) & (kinds != shapely.GeometryType.MISSING)).any():
        raise _bad(path, Text("含有非点要素", "it holds geometries that are no points"))
    table = table.drop_columns([name])
    lower = [column.lower() for column in table.column_names]
    if not (set(lower) & set(LON_HEADERS) and set(lower) & set(LAT_HEADERS)):
        table = table.append_column("longitude", pa.array(shapely.get_x(points)))
        table = table.append_column("latitude", pa.array(shapely.get_y(points)))
    return table


def _words(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 -- NaN
        return ""
    return str(value)


def _bad(path: Path, why: Text) -> BadFile:
    return BadFile(
        Text(f"{path} 无法读取:{why.zh}", f"cannot read {path}: {why.en}"),
        field="file",
        cure=Text(
            "给出 WGS 84 度坐标的点状 GeoParquet", "give a GeoParquet file of points in degrees"
        ),
    )
