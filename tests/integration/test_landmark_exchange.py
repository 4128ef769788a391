"""Landmarks in files: imported with their kind, found by it, refused by it, and exported again."""

import csv
import json
import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from blockdata.address.landmark_kinds import KINDS
from blockdata.address.register.export import export_addresses
from blockdata.errors import NotFound
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area, find_area
from tests.running import Run, runner
from tests.serving import serving

AREA, COPY, OTHER = "exchange", "exchange-copy", "exchange-other"
CITY = "广东省深圳市宝安区"
HEADER = ("name", "address", "lon", "lat", "landmark_kind")
ROWS: list[tuple[str, ...]] = [
    ("晨星派出所", f"{CITY}前进一路3号", "113.900", "22.600", "police_station"),
    ("晨星医院", f"{CITY}前进一路9号", "113.901", "22.601", "医院"),
    ("晨星小学", f"{CITY}前进一路15号", "113.902", "22.602", "School"),
    ("晨星地铁站", f"{CITY}前进一路21号", "113.903", "22.603", "metro station"),
    ("晨星地铁站B出口", f"{CITY}前进一路21号B出口", "113.9031", "22.6031", "地铁出口"),
    ("晨星路公交站", "", "113.904", "22.604", "ＢＵＳ_stop"),
    ("", f"{CITY}前进一路30号晨星公园", "113.905", "22.605", " park "),
    ("晨星大厦", f"{CITY}前进一路33号", "113.906", "22.606", ""),
]
KINDS_OF_ROWS = [
    "police_station", "hospital", "school", "metro_station", "metro_exit", "bus_stop", "park", None,
]  # fmt: skip


@pytest.fixture
def command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    run = runner(settings, monkeypatch, capsys)
    return lambda *words, **more: run("address", *words, **more)


@pytest.fixture
def imported(command: Run, database: Engine, tmp_path: Path) -> Iterator[Engine]:
    """An area of imported landmarks, made anew for each test."""
    _drop(database, AREA, COPY, OTHER)
    report = load(command, written(tmp_path / "in.csv", ROWS), AREA)
    assert (report["accepted"], report["quarantined"]) == (len(ROWS), 0)
    assert report["columns"]["kind"] == "landmark_kind"
    yield database
    _drop(database, AREA, COPY, OTHER)


def _drop(engine: Engine, *areas: str) -> None:
    for area in areas:
        with engine.begin() as connection, suppress(NotFound):
            drop_area(connection, area)


def written(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def load(command: Run, path: Path, area: str, *more: str) -> dict[str, Any]:
    said = command("import", str(path), "--area", area, "--datum", "wgs84", *more, "--json")
    report = dict(json.loads(said))
    parts = ("accepted", "quarantined", "duplicates")
    assert report["rows"] == sum(report[part] for part in parts)
    return report


def stored_kinds(engine: Engine, area: str) -> list[str | None]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT kind FROM register.address JOIN district.area USING (area_id)"
                " WHERE name = :area ORDER BY address_id"
            ),
            {"area": area},
        )
        return list(rows.scalars())


def listed(command: Run, *words: str, area: str = AREA) -> list[dict[str, Any]]:
    said = command("landmarks", "--area", area, *words, "--json")
    return list(json.loads(said)["landmarks"])


def matched(command: Run, words: str, area: str = AREA) -> dict[str, Any]:
    return dict(json.loads(command("match", words, "--area", area, "--json"))["matched"])


def cells(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return list(pq.read_table(path).to_pylist())
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_kinds_are_stored_as_they_are_said(imported: Engine) -> None:
    assert stored_kinds(imported, AREA) == KINDS_OF_ROWS


@pytest.mark.parametrize("at", range(len(ROWS)))
def test_imported_landmarks_are_found_by_kind(imported: Engine, command: Run, at: int) -> None:
    assert imported
    kind, name = KINDS_OF_ROWS[at], ROWS[at][0] or None
    if kind is None:  # what is no landmark stands in no list of them
        assert name not in [one["name"] for one in listed(command)]
        return
    for word in (kind, KINDS[kind].words.zh):  # type: ignore[index]
        found = listed(command, "--kind", word)
        assert [(one["name"], one["kind"]["name"]) for one in found] == [(name, kind)]


def test_an_imported_exit_without_a_station_above_is_found_by_name_and_kind(
    imported: Engine, command: Run
) -> None:
    with imported.connect() as connection:
        above = connection.execute(
            text(
                "SELECT count(parent_id) FROM register.address JOIN district.area USING (area_id)"
                " WHERE kind = 'metro_exit' AND area.name = :area"
            ),
            {"area": AREA},
        )
        assert above.scalar_one() == 0
    exits = listed(command, "--kind", "metro_exit")
    for words in ("晨星地铁站B出口", "晨星站B口", "地铁晨星站B出入口", f"{CITY}晨星地铁站B口"):
        assert matched(command, words)["address_id"] == exits[0]["address_id"]
    assert matched(command, "晨星站B口")["kind"]["name"] == "metro_exit"
    asked = json.loads(command("match", "附近的地铁口", "--area", AREA, "--json"))
    assert [one["address_id"] for one in asked["offers"]] == [exits[0]["address_id"]]


def test_landmarks_are_matched_listed_and_suggested_by_name(imported: Engine, command: Run) -> None:
    assert imported
    hospital = listed(command, "--name", "晨星医院")[0]
    assert matched(command, "晨星医院门口")["address_id"] == hospital["address_id"]
    said = command("search", "cxyy", "--area", AREA, "--json")
    assert json.loads(said)["suggestions"][0]["kind"]["name"] == "hospital"
    near = listed(command, "--near", "113.9039,22.6039")
    assert [one["name"] for one in near[:2]] == ["晨星路公交站", "晨星地铁站B出口"]


def test_a_landmark_without_a_name_is_known_by_its_address(imported: Engine, command: Run) -> None:
    assert imported
    park = listed(command, "--kind", "park")
    assert listed(command, "--name", "晨星公园") == park
    assert matched(command, "晨星公园")["address_id"] == park[0]["address_id"]
    said = command("landmarks", "--area", AREA, "--kind", "park")
    assert said.startswith("[park]  ")
    assert "None" not in said


def test_a_tile_shows_them(imported: Engine, settings: Settings, command: Run) -> None:
    assert imported
    school = listed(command, "--kind", "school")[0]
    zoom = 16
    x = int((school["lon"] + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(school["lat"]))) / math.pi) / 2 * 2**zoom)
    with serving(settings) as address:
        tile = httpx.get(f"{address}/tiles/{AREA}/{zoom}/{x}/{y}.mvt", timeout=120)
    assert b"landmarks" in tile.content
    assert "晨星小学".encode() in tile.content
    assert b"school" in tile.content


def test_an_unknown_kind_is_quarantined_and_mended(
    imported: Engine, command: Run, tmp_path: Path
) -> None:
    rows = [
        ("南岸动物园", f"{CITY}前进二路1号", "113.91", "22.61", "动物园"),
        ("南岸公园", f"{CITY}前进二路5号", "113.92", "22.62", "公园"),
        ("南岸医院", f"{CITY}前进二路9号", "113.93", "22.63", "=hospital"),
    ]
    path = written(tmp_path / "more.csv", rows)
    refused = json.loads(
        command("import", str(path), "--area", AREA, "--datum", "wgs84", "--json", expect=3)
    )
    assert refused["field"] == "gate"
    assert stored_kinds(imported, AREA) == KINDS_OF_ROWS  # nothing is stored
    report = load(command, path, AREA, "--gate", "0")
    assert report["reasons"] == {"unknown_kind": 2}
    assert stored_kinds(imported, AREA) == [*KINDS_OF_ROWS, "park"]
    kept = cells(Path(report["quarantine_file"]))
    assert [(row["line"], row["reason"], row["landmark_kind"]) for row in kept] == [
        ("2", "unknown_kind", "动物园"),
        ("4", "unknown_kind", "'=hospital"),
    ]
    assert "metro_exit" in kept[0]["reason_en"]
    assert "地铁出口" in kept[0]["reason_zh"]
    mended = [
        (row["name"], row["address"], row["lon"], row["lat"], kind)
        for row, kind in zip(kept, ("", "医院"), strict=True)
    ]
    assert load(command, written(path, mended), AREA)["accepted"] == 2
    assert stored_kinds(imported, AREA) == [*KINDS_OF_ROWS, "park", None, "hospital"]


def test_a_column_of_other_kinds_is_left_alone_until_it_is_named(
    imported: Engine, command: Run, tmp_path: Path
) -> None:
    header = (*HEADER[:-1], "kind")
    rows = [("北岸公司", f"{CITY}前进三路1号", "113.91", "22.61", "有限责任公司")]
    report = load(command, written(tmp_path / "firms.csv", rows, header), OTHER)
    assert (report["accepted"], report["columns"]["kind"]) == (1, None)
    rows = [("北岸医院", f"{CITY}前进三路5号", "113.92", "22.62", "医院")]
    path = written(tmp_path / "named.csv", rows, header)
    report = load(command, path, OTHER, "--kind-column", "kind")
    assert (report["accepted"], report["columns"]["kind"]) == (1, "kind")
    assert stored_kinds(imported, OTHER) == [None, "hospital"]


def test_a_place_imported_again_with_a_kind_that_it_lacked_is_a_duplicate(
    imported: Engine, command: Run, tmp_path: Path
) -> None:
    again = [(*row[:-1], row[-1] or "hospital") for row in ROWS]
    report = load(command, written(tmp_path / "again.csv", again), AREA)
    assert (report["accepted"], report["duplicates"]) == (0, len(ROWS))
    assert stored_kinds(imported, AREA) == KINDS_OF_ROWS


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_what_is_exported_is_imported_with_its_kinds(
    imported: Engine, command: Run, tmp_path: Path, suffix: str
) -> None:
    out, back = tmp_path / f"out.{suffix}", tmp_path / f"back.{suffix}"
    command("export", str(out), "--area", AREA)
    assert [row["kind"] or None for row in cells(out)] == KINDS_OF_ROWS
    report = load(command, out, COPY)
    assert (report["accepted"], report["columns"]["kind"]) == (len(ROWS), "kind")
    assert stored_kinds(imported, COPY) == KINDS_OF_ROWS
    command("export", str(back), "--area", COPY)
    kept = ("name", "address", "longitude", "latitude", "kind")
    assert [[row[k] for k in kept] for row in cells(back)] == [
        [row[k] for k in kept] for row in cells(out)
    ]
    exit_ = listed(command, "--kind", "metro_exit", area=COPY)[0]
    assert matched(command, "晨星站B口", area=COPY)["address_id"] == exit_["address_id"]


def test_an_export_of_another_time_says_the_kind_of_today(imported: Engine, tmp_path: Path) -> None:
    out = tmp_path / "then.csv"
    with imported.connect() as connection:
        here = {"area": AREA}
        area_id = find_area(connection, AREA).area_id
        loaded = connection.execute(
            text("SELECT created_at FROM district.area WHERE name = :area"), here
        ).scalar_one()
        assert export_addresses(connection, area_id, out, known=loaded) == len(ROWS)
    assert [row["kind"] or None for row in cells(out)] == KINDS_OF_ROWS
