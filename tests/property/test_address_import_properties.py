"""Whatever a file holds: each row is stored, refused or a duplicate, or the file is refused."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blockdata.address.importing.checks import REASONS, CheckedRows, RowChecker
from blockdata.address.importing.columns import find_columns
from blockdata.address.importing.quarantine import quarantine
from blockdata.address.normalise import normalise_many
from blockdata.csv_cells import guard
from blockdata.csv_table import open_csv
from blockdata.errors import InputError

OUTLINE = shapely.box(113.8, 22.5, 113.9, 22.6)
HEADERS = st.sampled_from(
    [
        ["id", "name", "address", "lon", "lat"],
        ["编号", "名称", "地址", "经度", "纬度"],
        ["address", "lon", "lat"],
        ["name", "lon", "lat", "地标种类"],
        ["address", "address", "lon", "lat"],
        ["address", "lon", "lat", "lat"],
        [" Address ", "\ufefflon", "lat\u200b", ""],
        ["address"],
        ["lon", "lat", "name", "line", "reason"],
    ]
)
CELLS = st.sampled_from(
    [
        "", " ", "\u200b", "\u200b\u200b", "\0", "\t", "None", "nan", "null", "海裕花园",
        "固戍一路168号", "固戍一路168号 ", " 固戍一路168号", "１", "1.23E+24", "4.40306E+24",
        "113.85", "22.55", "113.85 ", "１１３.８５", "1_1.5", "inf", "-inf", "1e400", "999",
        "=1+1", "@SUM(A1)", "+86 1", "-5", "'=1", "\r", "a\nb", 'say "hi"', ",,,",
        "医院", "Metro Exit", "张三 13800138000", "\U0001f600", "\ue000", "长" * 201, "x" * 5_000,
    ]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
DAMAGE = st.sampled_from(
    [
        "",
        "bom",
        "utf-16",
        "utf-16-le",
        "gbk",
        "gzip",
        "cut",
        "quote",
        "nul",
        "blank",
        "tail",
        "bomb",
    ]
)


def _bytes(header: list[str], rows: list[list[str]], end: str, damage: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(rows)
    text = out.getvalue()
    if damage == "blank":
        text = end + text.replace(end, end + end) + " , , " + end
    if damage == "quote":
        text += '"no end'
    if damage == "nul":
        text = text.replace(",", "\0,")
    if damage == "tail":
        text = text.rstrip("\r\n") + " "
    if damage in ("utf-16", "utf-16-le", "gbk"):
        return text.encode(damage, "replace")
    raw = text.encode("utf-8")
    if damage == "bom":
        raw = b"\xef\xbb\xbf" + raw
    if damage == "gzip":
        raw = gzip.compress(raw)
    if damage == "cut":
        raw = gzip.compress(raw)[:-5]
    if damage == "bomb":
        raw = gzip.compress(raw + b"0" * (3 << 20))
    return raw


def _import(path: Path) -> tuple[int, CheckedRows, list[list[str]]]:
    """What an import does with a file, up to the database: rows read, and what became of them."""
    with open_csv(path, option=True) as table:
        columns = find_columns(table.header, "wgs84")
        checker = RowChecker(table.header, columns, "wgs84", clean=normalise_many, outline=OUTLINE)
        rows = list(table.rows)
        refused = path.with_suffix(".refused.csv")
        with quarantine(refused, table.header, columns) as keep:
            checked = checker.check(rows)
            keep(checked.refused)
    kept = []
    if refused.exists():
        with refused.open(encoding="utf-8-sig", newline="") as file:
            kept = list(csv.reader(file))[1:]
    return len(rows), checked, kept


@given(HEADERS, ROWS, ENDS, DAMAGE)
@example(["address", "lon", "lat"], [["\u200b", "113.85", "22.55"]], "\n", "")
@example(["address", "lon", "lat"], [["a", "113.85", "22.55"]] * 2, "\r", "bom")
@settings(deadline=None, max_examples=400)
def test_rows_are_accounted_for_and_nothing_crashes(
    header: list[str], rows: list[list[str]], end: str, damage: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(_bytes(header, rows, end, damage))
        try:
            read, checked, kept = _import(path)
        except InputError as error:  # any other error fails the test
            refused_file = bool(error.field and error.cure)
            assert refused_file
            return
    accepted, refused, double = len(checked.texts), len(checked.refused), len(checked.duplicates)
    assert accepted + refused + double == read
    if damage in ("", "bom", "gzip", "blank"):  # the file says how many rows it holds
        assert read == sum(any(cell.strip() for cell in row) for row in rows)
    assert {refused.reason for refused in checked.refused} <= set(REASONS)
    assert len(kept) == refused
    for row in kept:
        assert all(guard(cell) == cell or cell.startswith("'") for cell in row)
    assert len(checked.kinds) == accepted
    for text, name in zip(checked.texts, checked.names, strict=True):
        assert text.strip() not in ("", "\u200b")
        assert name is None or name.strip()
        assert "\0" not in text + (name or "")
        assert "13800138000" not in text + (name or "")
