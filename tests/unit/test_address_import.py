"""Reading address files: columns, encodings, datums, and every row accounted for."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import shapely

from blockdata.address.importing.checks import RowChecker
from blockdata.address.importing.columns import Columns, find_columns
from blockdata.address.importing.datum import RoadWitness
from blockdata.crs import from_wgs84, to_metric, to_wgs84
from blockdata.csv_table import Row, open_csv
from blockdata.errors import BadColumns, BadDatum, BadFile

HEADER = "id,name,address,lon_bd09,lat_bd09,lon_wgs84,lat_wgs84"
OUTLINE = shapely.box(113.8, 22.5, 113.9, 22.6)
COLUMNS = Columns(lon="lon", lat="lat", text="address", name="name")


def _write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "rows.csv"
    path.write_bytes(text.encode(encoding))
    return path


def _rows(path: Path, encoding: str = "utf-8") -> list[Row]:
    with open_csv(path, encoding, option=True) as table:
        return list(table.rows)


def _stripped(texts: Sequence[str]) -> list[str]:
    return [text.strip() for text in texts]


def test_columns_follow_the_declared_datum() -> None:
    header = HEADER.split(",")
    assert find_columns(header, "bd09").lon == "lon_bd09"
    assert find_columns(header, "wgs84").lat == "lat_wgs84"
    assert find_columns(header, "wgs84").as_dict()["text"] == "address"


def test_a_column_of_another_datum_is_refused() -> None:
    with pytest.raises(BadDatum) as error:
        find_columns(["address", "lon_bd09", "lat_bd09"], "wgs84")
    assert error.value.field == "datum"


@pytest.mark.parametrize(
    ("header", "given"),
    [(["address", "lat"], None), (["lon", "lat"], None), (["a", "lon", "lat"], "words")],
)
def test_missing_columns_are_named(header: list[str], given: str | None) -> None:
    with pytest.raises(BadColumns) as error:
        find_columns(header, "wgs84", text=given)
    assert error.value.field is not None
    assert error.value.cure is not None


def test_gbk_says_its_cure(tmp_path: Path) -> None:
    path = _write(tmp_path, "address,lon,lat\n固戍一路168号,113.85,22.59\n", "gbk")
    with pytest.raises(BadFile) as error:
        _rows(path)
    assert error.value.cure is not None
    assert "--encoding gbk" in error.value.cure.en
    assert _rows(path, "gbk")[0].cells[0] == "固戍一路168号"


def test_gzip_whole_and_truncated(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    packed = gzip.compress(b"address,lon,lat\nx,113.85,22.59\n")
    path.write_bytes(packed)
    assert len(_rows(path)) == 1
    path.write_bytes(packed[:-12])
    with pytest.raises(BadFile):
        _rows(path)


@pytest.mark.parametrize("text", ["", "address,lon,lat\n"])
def test_an_empty_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile):
        _rows(_write(tmp_path, text))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        _rows(tmp_path / "none.csv")


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    lines = [
        "name,address,lon,lat",
        "甲,固戍一路1号,113.85,22.55",
        "甲,固戍一路1号,113.85,22.55",
        ",,113.85,22.55",
        "乙,固戍一路2号,,22.55",
        "丙,固戍一路3号,abc,22.55",
        "丁,固戍一路4号,22.55,113.85",
        "戊,固戍一路5号,115.0,22.55",
        "己,固戍一路6号,113.85",
        "庚,固戍一路7号,113.85,122.0",
        *(f"x,流塘路{n}号,113.85,22.55" for n in range(1, 30)),
    ]
    rows = _rows(_write(tmp_path, "\n".join(lines)))
    header = lines[0].split(",")
    checker = RowChecker(header, COLUMNS, "wgs84", clean=_stripped, outline=OUTLINE)
    checked = checker.check(rows)
    accepted, refused, double = len(checked.texts), len(checked.refused), len(checked.duplicates)
    assert accepted + refused + double == len(rows) == len(lines) - 1
    assert (accepted, double) == (30, 1)
    assert checked.reasons() == {
        "no_text": 1, "no_position": 2, "swapped": 1, "outside": 1, "ragged": 1, "bad_position": 1,
    }  # fmt: skip


def test_swapped_axes_are_recognised(tmp_path: Path) -> None:
    rows = "\n".join(f"x,流塘路{n}号,22.55,113.85" for n in range(5))
    header = "name,address,lon,lat"
    checker = RowChecker(header.split(","), COLUMNS, "wgs84", clean=_stripped)
    checker.check(_rows(_write(tmp_path, f"{header}\n{rows}")))
    with pytest.raises(BadDatum) as error:
        checker.witness.refuse_another()
    assert error.value.cure is not None
    assert "--lon-column lat" in error.value.cure.en


def test_roads_tell_a_wrong_datum() -> None:
    """Addresses that lie on their own road as BD-09 cannot be WGS 84."""
    lat = np.linspace(22.55, 22.57, 40)
    lon = np.full(40, 113.85)
    x, y = to_metric(lon, lat)
    roads = {"流塘路": shapely.LineString(np.column_stack([x, y]))}
    shifted = from_wgs84(lon, lat, "bd09")
    names: list[str | None] = ["流塘路"] * 40
    for declared in ("bd09", "wgs84"):
        witness = RoadWitness(roads)
        read_as = to_wgs84(*shifted, declared)
        witness.add(names, *(xy.tolist() for xy in read_as))
        if declared == "bd09":
            witness.refuse_another(declared)
            continue
        with pytest.raises(BadDatum) as error:
            witness.refuse_another(declared)
    assert error.value.facts["fits"] == "bd09"
