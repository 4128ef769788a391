"""CSV files that people give, row by row, all cells as text."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from blockdata.csv_cells import unguard
from blockdata.errors import BadFile
from blockdata.reading import open_lines
from blockdata.text import Text

MAX_ROWS = 5_000_000
_OTHER_SEPARATORS = (";", "\t", "|", "；", "，")


class Row(NamedTuple):
    """A row's cells as text, and the line of the file on which it begins (the first is 1)."""

    line: int
    cells: list[str]


@dataclass
class Table:
    """A file that is being read: its header, the rows to come, and the blank lines left out."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    blank: int = 0


@contextmanager
def open_csv(
    path: Path,
    encoding: str = "utf-8",
    *,
    field: str = "file",
    option: bool = False,
    advance: Callable[[int], None] = lambda _n: None,
) -> Iterator[Table]:
    """Open a CSV file, plain or gzipped; memory stays within a row.

    Lines without any text are blank and left out. Cells are as they were before an export or a
    quarantine kept them from being run (``csv_cells``). ``option`` says whether the command has an
    option ``--encoding``; ``advance`` is told of progress, in bytes of the file.

    Raises:
        BadFile: missing, empty, truncated, no CSV, not in ``encoding``, or too large; also while
            the rows are read.
    """
    with open_lines(path, encoding, field=field, option=option, advance=advance) as lines:
        table = Table((), iter(()))
        rows = _filled(_parsed(lines, path, field), table, path, field)
        header, first = next(rows, None), next(rows, None)
        if header is None or first is None:
            raise no_rows(path, field)
        table.header = tuple(cell.strip().strip("\ufeff") for cell in header.cells)
        _refuse_other_separator(table.header, path, field)
        table.rows = chain([first], rows)
        yield table


def no_rows(path: Path, field: str = "file") -> BadFile:
    """A file has a header at most."""
    return BadFile(
        Text(f"{path} 没有数据行", f"{path} holds no rows"),
        field=field,
        cure=Text("文件须有一行表头和数据行", "the file needs a header line and rows below it"),
    )


def too_many_rows(path: Path, field: str = "file") -> BadFile:
    """A file has more rows than are read at a time."""
    return BadFile(
        Text(f"{path} 超过 {MAX_ROWS} 行", f"{path} holds more than {MAX_ROWS} rows"),
        field=field,
        cure=Text("分成几个文件,逐个处理", "split it, and give one after the other"),
    )


def _parsed(lines: Iterator[str], path: Path, field: str) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    before = 0
    try:
        for cells in reader:
            yield Row(before + 1, [unguard(cell) for cell in cells])
            before = reader.line_num
    except csv.Error as error:
        raise BadFile(
            Text(
                f"{path} 第 {before + 1} 行起不是合法的 CSV:{error}",
                f"{path} is no sound CSV from line {before + 1} on: {error}",
            ),
            field=field,
            cure=Text("检查该处的引号,或重新导出", "look at its quotes, or export it again"),
        ) from None


def _filled(rows: Iterator[Row], table: Table, path: Path, field: str) -> Iterator[Row]:
    """The rows that hold anything; the others are counted."""
    count = 0
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            table.blank += 1
            continue
        count += 1
        if count > MAX_ROWS + 1:  # and the header
            raise too_many_rows(path, field)
        yield row


def _refuse_other_separator(header: tuple[str, ...], path: Path, field: str) -> None:
    found = [mark for mark in _OTHER_SEPARATORS if mark in header[0]]
    if len(header) == 1 and found:
        raise BadFile(
            Text(
                f"{path} 的列以“{found[0]}”分隔",
                f"the columns of {path} stand between {found[0]!r}",
            ),
            field=field,
            cure=Text("另存为以英文逗号分隔的 CSV", "save it as CSV with commas"),
        )
