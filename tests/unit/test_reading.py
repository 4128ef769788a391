"""What files are refused for, in words that name the cure, and that reading them stays small."""

import gzip
import io
import os
import threading
import tracemalloc
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from blockdata.address.importing.columns import find_columns
from blockdata.address.importing.geoparquet import open_geoparquet
from blockdata.csv_table import open_csv
from blockdata.errors import BadColumns, BadFile
from blockdata.grid.layer_file import read_layer, read_points, read_table
from blockdata.grid.planner.plan_file import read_plan
from blockdata.reading import Limits, open_lines, read_document, read_lines

HEAD = "address,lon,lat\n"
ROW = "固戍一路168号,113.85,22.55\n"


def _csv(path: Path, content: bytes) -> int:
    path.write_bytes(content)
    with open_csv(path, option=True) as table:
        return sum(1 for _ in table.rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no rows"),
        (b"\n\n  \n", "holds no rows"),
        (HEAD.encode(), "holds no rows"),
        ((HEAD + " , , \n").encode(), "holds no rows"),
        ((HEAD + ROW).encode("utf-16"), "UTF-16"),
        ((HEAD + ROW).encode("utf-16-le"), "UTF-16"),
        ((HEAD + ROW).encode("gbk"), "GBK"),
        ((HEAD + ROW).encode("latin-1", "replace") + b"\xff\xff", "not utf-8 text"),
        ((HEAD + '"固戍一路168号,113.85,22.55\n' + ROW * 3).encode(), "from line 2 on"),
        ((HEAD + ROW + '"a"b,1,2\n').encode(), "from line 3 on"),
        (HEAD.replace(",", ";").encode() + b"a;1;2\n", "';'"),
        (HEAD.replace(",", "\t").encode() + b"a\t1\t2\n", "'\\t'"),
        (HEAD.encode() + b"x" * (10 << 20), "longer than"),
        (HEAD.encode() + b'"' + b"x" * 200_000 + b'",1,2\n', "from line 2 on"),
        (b"PK\x03\x04" + b"\0" * 100, "spreadsheet"),
        (gzip.compress((HEAD + ROW).encode(), mtime=0)[:-6], "truncated"),
        (gzip.compress((HEAD + ROW * 99).encode(), mtime=0)[:-60] + b"\0" * 52, "damaged"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadFile) as error:
        _csv(tmp_path / "rows.csv", content)
    assert words in error.value.detail.en
    assert error.value.field == "file"
    assert error.value.cure is not None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (HEAD + ROW, 1),
        ("\ufeff" + HEAD + ROW, 1),
        ("\n\n" + HEAD + "\n" + ROW + "\n,,\n" + ROW, 2),
        ((HEAD + ROW * 3).replace("\n", "\r"), 3),
        ((HEAD + ROW * 3).replace("\n", "\r\n").rstrip(), 3),
        (HEAD + '"固戍\n一路",1,2\r\n' + ROW, 2),
        (HEAD + "a,1\nb,1,2,3\n" + ROW, 3),
        (HEAD + "a\0b,1,2\n", 1),
    ],
)
def test_odd_tables_are_read(tmp_path: Path, text: str, rows: int) -> None:
    assert _csv(tmp_path / "rows.csv", text.encode()) == rows
    assert _csv(tmp_path / "rows.csv.gz", gzip.compress(text.encode())) == rows


def test_lines_are_told_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("\n" + HEAD + '"a\nb",1,2\n\n' + ROW, encoding="utf-8")
    with open_csv(path) as table:
        assert [row.line for row in table.rows] == [3, 6]
    assert table.blank == 2


def test_a_small_file_that_unpacks_to_a_giant_is_refused(tmp_path: Path) -> None:
    """1.4 MB that become 1.5 GB: read in stretches, and refused long before."""
    row = "固戍一路168号,113.85,22.55," + "x" * 20_000 + "\n"
    block = gzip.compress((row * 800).encode())  # gzip takes members one behind the other
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"address,lon,lat,note\n") + block * 94)
    assert path.stat().st_size < 8 << 20
    tracemalloc.start()
    with pytest.raises(BadFile) as error, open_csv(path) as table:
        for _ in table.rows:
            pass
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "times its size" in error.value.detail.en
    assert peak_bytes < 8 << 20


def test_more_than_the_limit_is_refused_packed_or_not(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    limits = Limits(total_bytes=1 << 20)
    for content in (b"x\n" * (1 << 20), gzip.compress(b"x\n" * (1 << 20))):
        path.write_bytes(content)
        with pytest.raises(BadFile) as error, open_lines(path, limits=limits) as lines:
            sum(1 for _ in lines)
        assert error.value.cure is not None
        assert "split" in error.value.cure.en


def test_progress_adds_up_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress((HEAD + ROW * 100_000).encode()))
    told: list[int] = []
    with open_csv(path, advance=told.append) as table:
        assert sum(1 for _ in table.rows) == 100_000
    assert sum(told) == path.stat().st_size


@pytest.mark.parametrize("packed", [False, True])
def test_a_table_may_come_through_a_pipe(tmp_path: Path, packed: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = (HEAD + ROW * 50_000).encode()
    given = gzip.compress(content) if packed else content
    writer = threading.Thread(target=pipe.write_bytes, args=(given,))
    writer.start()
    with open_csv(pipe) as table:
        assert sum(1 for _ in table.rows) == 50_000
    writer.join()


def test_lines_and_documents(tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_bytes("\ufeff甲\r\n乙\r丙\n\n".encode())
    assert read_lines(path) == ["甲", "乙", "丙", ""]
    path.write_text("x" * (3 << 20), encoding="utf-8")
    assert len(read_document(path)) == 3 << 20
    for bad in (tmp_path, tmp_path / "none.txt", Path("/proc/self/mem")):
        with pytest.raises(BadFile) as error:
            read_lines(bad)
        assert error.value.field == "file"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(BadFile):
        read_plan(path)


@pytest.mark.parametrize(
    ("header", "given", "column"),
    [
        (["address", "address", "lon", "lat"], {}, "address"),
        (["Address", "address ", "lon", "lat"], {}, "address"),
        (["地址", "lon", "lon", "lat"], {}, "lon"),
        (["address", "lon", "lat", "LAT"], {}, "LAT"),
        (["address", "x1", "x1", "lat"], {"lon": "x1"}, "x1"),
        (["id", "id", "address", "lon", "lat"], {}, "id"),
        (["address", "name", "name", "lon", "lat"], {}, "name"),
    ],
)
def test_two_columns_of_one_name_are_refused(
    header: list[str], given: dict[str, str], column: str
) -> None:
    with pytest.raises(BadColumns) as error:
        find_columns([cell.strip() for cell in header], "wgs84", **given)  # type: ignore[arg-type]
    assert f"2 columns {column!r}" in error.value.detail.en
    assert error.value.field is not None
    assert error.value.field.endswith("_column")


def test_columns_that_are_told_apart_are_taken(tmp_path: Path) -> None:
    header = ["Address", "address", "lon", "lat", "", ""]
    assert find_columns(header, "wgs84", text="address").text == "address"
    found = find_columns(["地址\u200b", "经度", "纬度"], "wgs84")
    assert (found.text, found.lon, found.lat) == ("地址\u200b", "经度", "纬度")
    with pytest.raises(BadColumns) as error:
        find_columns(["address", "lon", "lat"], "wgs84", lat="lon")
    assert error.value.field == "lat_column"


def test_tables_of_points_and_of_codes(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    for content, kind, words in (
        ("lon,lat\n1,2,3\n", BadFile, "line 2"),
        ("lon,lon,lat\n1,2,3\n", BadColumns, "two columns lon"),
        ("lon,lat\nx,2\n", BadColumns, "no number"),
        ("lon\n1\n", BadColumns, "no column lat"),
        ("", BadFile, "holds no rows"),
    ):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(kind) as error:
            read_points(path, ["lon", "lat"])
        assert words in error.value.detail.en
    path.write_text("code,base\n0012,NA\nnull,'=1\n", encoding="utf-8")
    table = read_table(path, ["code", "base"], "file")
    assert table.to_dict("list") == {"code": ["0012", "null"], "base": ["NA", "=1"]}
    path.write_text("lon,lat,note\n113.85,,x\n", encoding="utf-8")
    assert read_points(path, ["lon", "lat"])["lat"].isna().tolist() == [True]


def test_a_layer_within_an_archive_stays_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "layer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("layer.geojson", b" " * (80 << 20))
    with pytest.raises(BadFile) as error:
        read_layer(path)
    assert "times its size" in error.value.detail.en
    assert error.value.field == "layer"


def test_parquet_that_unpacks_to_a_giant_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.parquet"
    rows = 1_000_000
    same = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int8()), pa.array(["x" * 99]))
    table = pa.table({"address": same, "lon": [0.0] * rows})
    pq.write_table(table, path, use_dictionary=False, compression="zstd")
    assert path.stat().st_size < 1 << 19
    with pytest.raises(BadFile) as error, open_geoparquet(path):
        pass
    assert "times its size" in error.value.detail.en


def test_a_polygon_without_a_key_is_named(tmp_path: Path) -> None:
    boxes = [shapely.box(113.8, 22.6, 113.81, 22.61), shapely.box(113.81, 22.6, 113.82, 22.61)]
    layer = gpd.GeoDataFrame({"code": ["a", None]}, geometry=boxes, crs=4326)
    layer.to_file(tmp_path / "layer.geojson", driver="GeoJSON")
    with pytest.raises(BadColumns) as error:
        read_layer(tmp_path / "layer.geojson", "code")
    assert "polygon 2" in error.value.detail.en


def test_geoparquet_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "points.parquet"
    geo = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    tables: list[tuple[pa.Table, dict[str, object] | bytes]] = [
        (pa.table({"address": ["a"], "geometry": [b"no wkb"]}), geo),
        (pa.table({"address": ["a"], "geometry": [b""]}), b"{no json"),
        (pa.table({"address": ["a"]}), geo),
        (pa.table({"address": ["a"], "geometry": [shapely.Point(1, 1).wkb]}), {"columns": 3}),
        (pa.table({"address": pa.array([], pa.string())}), {}),
    ]
    for table, about in tables:
        said = about if isinstance(about, bytes) else pd.io.json.ujson_dumps(about).encode()
        pq.write_table(table.replace_schema_metadata({"geo": said}), path)
        with pytest.raises(BadFile), open_geoparquet(path) as given:
            list(given.rows)
    for content in (b"", b"PAR1", io.BytesIO(b"PAR1" * 99).getvalue()):
        path.write_bytes(content)
        with pytest.raises(BadFile), open_geoparquet(path):
            pass
