"""Read a GeoParquet file of points row by row, as the same cells of text that a CSV file gives."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from blockdata.address.importing.columns import LAT_HEADERS, LON_HEADERS
from blockdata.csv_table import MAX_ROWS, Row, Table, no_rows, too_many_rows
from blockdata.errors import BadFile, BlockdataError
from blockdata.reading import refuse_huge
from blockdata.text import Text

_DEGREES = ("OGC:CRS84", "EPSG:4326")
_BATCH_ROWS = 20_000
_POINTS = (shapely.GeometryType.POINT, shapely.GeometryType.MISSING)
_UNREADABLE = (
    pa.ArrowException, shapely.errors.ShapelyError, OSError, ValueError, TypeError, KeyError,
    AttributeError,
)  # fmt: skip
"""What libraries raise on a file that is no sound GeoParquet."""


@contextmanager
def open_geoparquet(
    path: Path, *, advance: Callable[[int], None] = lambda _n: None
) -> Iterator[Table]:
    """All columns as text; the points become ``longitude`` and ``latitude`` where those lack.

    Args:
        path: the file.
        advance: is told of progress, in bytes of the file.

    Raises:
        BadFile: missing, not Parquet, too large, not in degrees, or with geometries that are no
            points; also while the rows are read.
    """
    with ExitStack() as opened:
        with _told(path):
            file = opened.enter_context(pq.ParquetFile(path))
            _refuse_large(path, file.metadata)
            points = _column_of_points(path, file.schema_arrow)
        columns = [
            field.name
            for field in file.schema_arrow
            if field.name != points and not pa.types.is_binary(field.type)
        ]
        header = (*columns, *(_lacking(columns) if points else ()))
        yield Table(header, _rows(path, file, columns, points, header, advance))


def _refuse_large(path: Path, about: Any) -> None:
    if not about.num_rows:
        raise no_rows(path)
    if about.num_rows > MAX_ROWS:
        raise too_many_rows(path)
    refuse_huge(path, "file")


def _column_of_points(path: Path, schema: pa.Schema) -> str | None:
    """The column of geometries, in degrees; None where the file declares none."""
    geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    if not geo:
        return None
    name: str = geo["primary_column"]
    crs = (geo["columns"][name].get("crs") or {}).get("id")
    if crs is not None and f"{crs.get('authority')}:{crs.get('code')}" not in _DEGREES:
        raise _bad(path, Text(f"坐标系为 {crs}", f"its coordinates are in {crs}"))
    return name


def _lacking(columns: Sequence[str]) -> tuple[str, ...]:
    lower = {column.lower() for column in columns}
    there = lower & set(LON_HEADERS) and lower & set(LAT_HEADERS)
    return () if there else ("longitude", "latitude")


def _rows(
    path: Path,
    file: Any,
    columns: Sequence[str],
    points: str | None,
    header: Sequence[str],
    advance: Callable[[int], None],
) -> Iterator[Row]:
    size, total, line = path.stat().st_size, file.metadata.num_rows, 1
    with _told(path):
        for batch in file.iter_batches(
            _BATCH_ROWS, columns=[*columns, *([points] if points else [])]
        ):
            cells = [[_words(value) for value in batch[name].to_pylist()] for name in columns]
            if points is not None:
                cells += _degrees(path, batch[points].to_pylist())[: len(header) - len(columns)]
            advance(size * batch.num_rows // total)
            for row in zip(*cells, strict=True):
                line += 1
                yield Row(line, list(row))


def _degrees(path: Path, wkb: list[Any]) -> list[list[str]]:
    shapes = shapely.from_wkb(wkb)
    if not set(shapely.get_type_id(shapes).tolist()) <= set(map(int, _POINTS)):
        raise _bad(path, Text("含有非点要素", "it holds geometries that are no points"))
    return [[_words(x) for x in get(shapes).tolist()] for get in (shapely.get_x, shapely.get_y)]


def _words(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 -- NaN
        return ""
    return str(value)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except BlockdataError:
        raise
    except FileNotFoundError:
        raise _bad(path, Text("文件不存在", "there is no such file")) from None
    except _UNREADABLE as error:
        raise _bad(path, Text(str(error), str(error))) from None


def _bad(path: Path, why: Text) -> BadFile:
    return BadFile(
        Text(f"{path} 无法读取:{why.zh}", f"cannot read {path}: {why.en}"),
        field="file",
        cure=Text(
            "给出 WGS 84 度坐标的点状 GeoParquet", "give a GeoParquet file of points in degrees"
        ),
    )
