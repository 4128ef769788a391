"""Cells of CSV files: what we write we read back, and no spreadsheet runs any of it."""

import csv
import io

import pandas as pd
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from blockdata.csv_cells import guard, guard_frame, guard_table, unguard

CELLS = st.text(st.sampled_from("=+-@'\t\r\n ＝＋－＠1.e海,\""), max_size=6) | st.text(max_size=6)
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@given(CELLS)
@example("-5")
@example("+1.5e-3")
@example("'-5")
@example("''=1")
def test_there_and_back(cell: str) -> None:
    written = guard(cell)
    assert unguard(written) == cell
    if written.startswith(FORMULA):  # a plain number at most
        float(written)


@given(st.lists(CELLS | st.none(), max_size=5))
def test_tables_and_frames_say_the_same(cells: list[str | None]) -> None:
    one_by_one = [None if cell is None else guard(cell) for cell in cells]
    table = pa.table({"a": pa.array(cells, pa.string()), "n": pa.array([-1] * len(cells))})
    assert guard_table(table)["a"].to_pylist() == one_by_one
    frame = guard_frame(pd.DataFrame({"=a": pd.Series(cells, dtype=object)}))
    assert frame["'=a"].tolist() == one_by_one


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_through_a_file(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype=object)
    guard_frame(frame).to_csv(out, index=False, quoting=csv.QUOTE_NONNUMERIC)
    back = list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]
    assert [[unguard(cell) for cell in row] for row in back] == rows
