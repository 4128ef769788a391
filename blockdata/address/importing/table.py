"""Read a CSV file of addresses into text columns, and find which column is what."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from blockdata.crs import Datum
from blockdata.errors import BadColumns, BadDatum, BadFile
from blockdata.text import Text

# Headers seen in practice, in the order of preference; compared in lower case.
TEXT_HEADERS = ("address", "地址", "详细地址", "addr", "text", "text_zh", "full_address", "住址")
NAME_HEADERS = ("name", "名称", "name_zh", "title", "单位名称", "小区名称")
LON_HEADERS = ("lon", "lng", "longitude", "经度", "x", "long")
LAT_HEADERS = ("lat", "latitude", "纬度", "y")
ID_HEADERS = ("id", "source_id", "uid", "编号", "code")


@dataclass(frozen=True)
class Columns:
    """Which header holds what; ``text`` or ``name`` may be missing, not both."""

    lon: str
    lat: str
    text: str | None = None
    name: str | None = None
    id: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """For reports."""
        return {
            "text": self.text,
            "name": self.name,
            "lon": self.lon,
            "lat": self.lat,
            "id": self.id,
        }


@dataclass(frozen=True)
class RawTable:
    """The file's rows as text. ``line_numbers`` count from 1, the header being line 1."""

    header: tuple[str, ...]
    rows: list[list[str]]
    line_numbers: list[int]


def read_csv(path: Path, encoding: str = "utf-8") -> RawTable:
    """Read a CSV or gzipped CSV file, all cells as text; blank lines are left out.

    Raises:
        BadFile: missing, empty, truncated, not CSV, or not in ``encoding``.
    """
    content = _decode(_bytes_of(path), path, encoding)
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                numbers.append(reader.line_num)
    except csv.Error as error:
        raise BadFile(
            Text(f"{path} 不是合法的 CSV:{error}", f"{path} is no sound CSV: {error}"),
            field="file",
            cure=Text("请重新导出为标准 CSV", "export it again as standard CSV"),
        ) from None
    if not header or not rows:
        raise BadFile(
            Text(f"{path} 没有数据行", f"{path} holds no rows"),
            field="file",
            cure=Text("文件须有一行表头和数据行", "the file needs a header line and rows below it"),
        )
    return RawTable(header, rows, numbers)


def find_columns(
    header: Iterable[str],
    datum: Datum,
    *,
    text: str | None = None,
    name: str | None = None,
    lon: str | None = None,
    lat: str | None = None,
    id_: str | None = None,
) -> Columns:
    """The columns to read: as given, else guessed from the header.

    A coordinate column may say its datum (``lon_bd09``); the one of ``datum`` is preferred.

    Raises:
        BadColumns: a named column is missing, or none could be guessed.
        BadDatum: the coordinate columns say another datum than ``datum``.
    """
    names = [column for column in header if column]
    given = {"text": text, "name": name, "lon": lon, "lat": lat, "id": id_}
    for option, column in given.items():
        if column is not None and column not in names:
            raise _no_column(f"{option}_column", column, names)
    found = Columns(
        lon=lon or _coordinate(names, LON_HEADERS, datum, "lon_column"),
        lat=lat or _coordinate(names, LAT_HEADERS, datum, "lat_column"),
        text=text or _first(names, TEXT_HEADERS),
        name=name or _first(names, NAME_HEADERS),
        id=id_ or _first(names, ID_HEADERS),
    )
    if found.text is None and found.name is None:
        raise _no_column("text_column", "address", names)
    _refuse_other_datum(found, datum)
    return found


def declared_by_header(column: str) -> Datum | None:
    """The datum that a coordinate column's header says, as in ``lon_bd09``."""
    for datum in get_args(Datum):
        if column.lower().replace("-", "").endswith(datum):
            known: Datum = datum
            return known
    return None


def _bytes_of(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise _truncated(path) from None
        raise BadFile(
            Text(f"无法读取 {path}:{error.strerror}", f"cannot read {path}: {error.strerror}"),
            field="file",
            cure=Text("请检查路径和权限", "check the path and its permissions"),
        ) from None
    except (EOFError, zlib.error):
        raise _truncated(path) from None


def _truncated(path: Path) -> BadFile:
    return BadFile(
        Text(f"压缩文件 {path} 不完整", f"the gzip file {path} is truncated or damaged"),
        field="file",
        cure=Text("请重新下载或重新压缩", "download or compress it again"),
    )


def _decode(raw: bytes, path: Path, encoding: str) -> str:
    try:
        return raw.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except LookupError:
        raise BadFile(
            Text(f"未知编码 {encoding}", f"unknown encoding {encoding}"),
            field="encoding",
            cure=Text("可用 utf-8 或 gbk", "use utf-8 or gbk"),
        ) from None
    except UnicodeDecodeError:
        pass
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        cure = Text("请另存为 UTF-8", "save it as UTF-8")
        what = Text(f"{path} 不是 {encoding} 文本", f"{path} is not {encoding} text")
    else:
        what = Text(
            f"{path} 不是 {encoding} 文本,像是 GBK", f"{path} is not {encoding} text; it looks GBK"
        )
        cure = Text(
            f"加上 --encoding gbk,或转码:iconv -f gbk -t utf-8 {path.name} > utf8.csv",
            f"add --encoding gbk, or re-encode: iconv -f gbk -t utf-8 {path.name} > utf8.csv",
        )
    raise BadFile(what, field="file", cure=cure)


def _first(names: list[str], wanted: tuple[str, ...]) -> str | None:
    by_lower = {name.lower(): name for name in names}
    return next((by_lower[want] for want in wanted if want in by_lower), None)


def _coordinate(names: list[str], wanted: tuple[str, ...], datum: Datum, option: str) -> str:
    by_lower = {name.lower().replace("-", ""): name for name in names}
    with_datum = [f"{want}_{datum}" for want in wanted]
    others = [f"{want}_{other}" for want in wanted for other in get_args(Datum)]
    for want in (*with_datum, *wanted, *others):
        if want in by_lower:
            return by_lower[want]
    raise _no_column(option, wanted[0], names)


def _refuse_other_datum(columns: Columns, datum: Datum) -> None:
    for option, column in (("lon", columns.lon), ("lat", columns.lat)):
        says = declared_by_header(column)
        if says is not None and says != datum:
            raise BadDatum(
                Text(
                    f"列 {column} 标明为 {says},而声明的是 {datum}",
                    f"column {column} says {says}, but {datum} was declared",
                ),
                field="datum",
                cure=Text(
                    f"用 --datum {says},或用 --{option}-column 指定别的列",
                    f"use --datum {says}, or name another column with --{option}-column",
                ),
            )


def _no_column(option: str, column: str, names: list[str]) -> BadColumns:
    listed = ", ".join(names)
    flag = "--" + option.replace("_", "-")
    return BadColumns(
        Text(f"没有列“{column}”;表头为:{listed}", f"no column {column!r}; the header is: {listed}"),
        field=option,
        cure=Text(f"用 {flag} 指明列名", f"name the column with {flag}"),
    )
