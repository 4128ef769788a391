"""Cells of CSV files that a spreadsheet would run as a formula, written so that it does not.

Spreadsheets take a cell that begins with ``= + - @``, a tab or a line end for a formula, which may
fetch and send what other cells hold (CWE-1236). Such a cell is written with an apostrophe before
it, which spreadsheets show or drop and never run. Plain numbers stay as they are. A cell that
begins with apostrophes and then so is given one more, so that reading takes exactly one away: what
we write we read back as it was.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

_STARTS = r"=+\-@\t\r\n＝＋－＠"
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_RISKY = rf"^'*[{_STARTS}]"
_PLAIN_NUMBER = rf"^{_NUMBER}$"
_risky = re.compile(_RISKY)
_guarded = re.compile(rf"^'+[{_STARTS}]")
_plain_number = re.compile(_NUMBER)


def guard(cell: str) -> str:
    """A cell as it is written: no spreadsheet runs it."""
    if _risky.match(cell) and not _plain_number.fullmatch(cell):
        return "'" + cell
    return cell


def unguard(cell: str) -> str:
    """A cell as it was before ``guard``."""
    return cell[1:] if _guarded.match(cell) else cell


def guard_row(cells: Sequence[str]) -> list[str]:
    """The cells of a row as they are written."""
    return [guard(cell) for cell in cells]


def guard_table(rows: pa.Table) -> pa.Table:
    """A table whose text columns are as they are written."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            cells = rows.column(place)
            risky = pc.and_(
                pc.match_substring_regex(cells, _RISKY),
                pc.invert(pc.match_substring_regex(cells, _PLAIN_NUMBER)),
            )
            guarded = pc.binary_join_element_wise("'", cells, "")
            rows = rows.set_column(place, field, pc.if_else(risky, guarded, cells))
    return rows


def guard_frame(table: "pd.DataFrame") -> "pd.DataFrame":
    """A frame whose texts and headers are as they are written."""
    changed = table.copy()
    for place, kind in enumerate(table.dtypes):
        if kind.kind == "O":
            cells = table.iloc[:, place]
            changed.isetitem(place, [guard(c) if isinstance(c, str) else c for c in cells])
    changed.columns = [guard(str(name)) for name in table.columns]
    return changed
