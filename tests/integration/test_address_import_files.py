"""Imports as they go wrong in practice: odd rows, other datums, two at once, stopped half-way."""

import csv
import os
import pty
import select
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from blockdata.address.importing.load import ImportReport, import_addresses
from blockdata.address.importing.staging import Staging
from blockdata.address.register.creation import create
from blockdata.address.register.export import export_addresses
from blockdata.address.register.operations import Edit
from blockdata.crs import Datum, from_wgs84
from blockdata.errors import BadDatum, DataQualityGate, NotFound, SetupError
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area, find_area
from blockdata.storage.database import open_database
from blockdata.text import Text
from tests.command import BLOCKDATA
from tests.conftest import PROJECT

AREA = "import-files"
WEST, SOUTH = 113.85, 22.58


@pytest.fixture
def engine(database: Engine) -> Iterator[Engine]:
    _drop(database)
    yield database
    _drop(database)


def _drop(engine: Engine) -> None:
    with engine.begin() as connection:
        try:
            drop_area(connection, AREA)
        except NotFound:
            return


def _write(path: Path, rows: list[list[str]], header: str = "name,address,lon,lat") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def _load(engine: Engine, folder: Path, path: Path, **more: Any) -> ImportReport:
    given = {"area": AREA, "datum": "wgs84", "gate": 0.0} | more
    report = import_addresses(engine, Settings(var=folder / "var"), path, **given)
    assert report.rows == report.accepted + report.quarantined + report.duplicates
    return report


def _stored(engine: Engine) -> list[tuple[str | None, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT name_zh, text_zh FROM register.address JOIN district.area USING (area_id)"
                " WHERE name = :area ORDER BY address_id"
            ),
            {"area": AREA},
        )
        return [(row.name_zh, row.text_zh) for row in rows]


def _refused(report: ImportReport) -> list[dict[str, str]]:
    assert report.quarantine_file is not None
    with report.quarantine_file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_of_nothing_that_one_can_see_is_no_address(engine: Engine, tmp_path: Path) -> None:
    rows = [
        ["\u200b", "\u200b", "113.85", "22.58"],
        ["", "\u200b ", "113.85", "22.58"],
        ["--", "", "113.85", "22.58"],
        ["\u200b", "固戍一路1号", "113.85", "22.58"],
        ["海裕花园", "\u200b", "113.85", "22.58"],
        ["", "4.40306E+24", "113.85", "22.58"],
    ]
    report = _load(engine, tmp_path, _write(tmp_path / "rows.csv", rows))
    assert report.reasons == {"no_text": 3, "rounded": 1}
    assert _stored(engine) == [(None, "固戍一路1号"), ("海裕花园", "海裕花园")]


@pytest.mark.parametrize("decimals", [5, 6])
def test_the_same_places_in_another_datum_are_found(
    engine: Engine, tmp_path: Path, decimals: int
) -> None:
    rng = np.random.default_rng(7)
    lon, lat = WEST + rng.random(300) * 0.05, SOUTH + rng.random(300) * 0.05
    datums: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")
    for turn, datum in enumerate(datums):
        points = zip(*from_wgs84(lon, lat, datum), strict=True)
        rows = [
            [f"楼{n}", f"流塘路{n}号", f"{x:.{decimals}f}", f"{y:.{decimals}f}"]
            for n, (x, y) in enumerate(points)
        ]
        report = _load(engine, tmp_path, _write(tmp_path / f"{datum}.csv", rows), datum=datum)
        assert (report.accepted, report.duplicates) == ((0, 300) if turn else (300, 0))


def test_the_same_words_at_another_place_are_another_address(
    engine: Engine, tmp_path: Path
) -> None:
    """Ten metres apart they are two; and a chain of near ones comes out the same twice."""
    rows = [["", "流塘路1号", f"{WEST + n * 1.5e-5:.7f}", "22.58"] for n in range(12)]
    rows += [["", "流塘路1号", f"{WEST + 0.0003 + n * 1e-4:.7f}", "22.58"] for n in range(3)]
    path = _write(tmp_path / "rows.csv", rows)
    first = _load(engine, tmp_path, path)
    assert first.accepted == 6 + 3  # every second of the chain, 3 m from the one before
    assert _load(engine, tmp_path, path).accepted == 0


def test_nothing_personal_is_stored_or_quarantined(engine: Engine, tmp_path: Path) -> None:
    header = "id,name,address,联系人,lon,lat"
    rows = [
        ["1", "海裕花园", "固戍一路168号 张三13800138000", "张三", "113.85", "22.58"],
        ["11010519491231002X", "", "固戍一路1号(王女士 0755-27881234)", "王女士", "", ""],
        ["3", "王先生", "联系人:张三 13800138000", "张三", "113.85", "22.58"],
        ["4", "13800138000", "", "", "113.85", "22.58"],
    ]
    report = _load(engine, tmp_path, _write(tmp_path / "张三13800138000.csv", rows, header))
    assert _stored(engine) == [("海裕花园", "固戍一路168号")]
    assert report.reasons == {"no_position": 1, "no_text": 2}
    assert set(report.stripped) == {"phone", "name"}
    kept = _refused(report)
    assert [row["removed"] for row in kept] == ["citizen_number phone name", "name phone", "phone"]
    assert kept[0]["address"] == "固戍一路1号"
    for left in ("13800138000", "27881234", "张三", "王", "11010519491231002X"):
        assert all(left not in cell for row in kept for cell in row.values())
    with engine.connect() as connection:
        assert find_area(connection, AREA).source == "csv"


def test_no_cell_is_run_by_a_spreadsheet_and_all_come_back(engine: Engine, tmp_path: Path) -> None:
    names = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1:A9)", "-2+3", "'=1", "''@x", "＝1+1", "花园-5"]
    rows = [[name, f"流塘路{n}号", "113.85", "22.58"] for n, name in enumerate(names)]
    _load(engine, tmp_path, _write(tmp_path / "rows.csv", rows))
    stored = _stored(engine)
    out = tmp_path / "out.csv"
    with engine.connect() as connection:
        export_addresses(connection, find_area(connection, AREA).area_id, out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")] == []
    assert cells.count("'=1+1") >= 2  # label and name
    report = _load(engine, tmp_path, out)
    assert (report.accepted, report.duplicates) == (0, len(names))
    # refused rows too: mended in a spreadsheet, they come back as they were
    rows = [[name, f"流塘路{n + 50}号", "", ""] for n, name in enumerate(names)]
    report = _load(engine, tmp_path, _write(tmp_path / "refused.csv", rows))
    assert report.quarantine_file is not None
    raw = report.quarantine_file.read_text(encoding="utf-8-sig")
    with report.quarantine_file.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r＝＋－＠")] == []
    mended = tmp_path / "mended.csv"
    mended.write_text(raw.replace("号,,", "号,113.86,22.59"), encoding="utf-8")
    assert _load(engine, tmp_path, mended).accepted == len(names)
    again = _stored(engine)[len(names) :]
    assert [name for name, _ in again] == [name for name, _ in stored]


def test_a_quarantine_stands_only_as_long_as_something_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    path = _write(tmp_path / "rows.csv", [["", "流塘路1号", "", ""]])
    with pytest.raises(DataQualityGate) as error:
        _load(engine, tmp_path, path, gate=0.95)
    quarantine = Path(error.value.facts["report"]["quarantine_file"])
    assert quarantine.exists()
    _write(path, [["", "流塘路1号", "113.85", "22.58"]])
    assert _load(engine, tmp_path, path).quarantine_file is None
    assert not quarantine.exists()
    swapped = [["", f"流塘路{n}号", "22.58", "113.85"] for n in range(9)]
    with pytest.raises(BadDatum):
        _load(engine, tmp_path, _write(path, swapped))
    assert list(quarantine.parent.iterdir()) == []  # the whole file is refused: no rows of it


def test_a_quarantine_that_cannot_be_written_stores_nothing(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder would stand", encoding="utf-8")
    path = _write(tmp_path / "rows.csv", [["", "流塘路1号", "113.85", "22.58"], ["", "x", "", ""]])
    with pytest.raises(SetupError):
        _load(engine, tmp_path, path)
    assert _stored(engine) == []


def test_two_imports_at_once_take_turns_and_lose_nothing(engine: Engine, tmp_path: Path) -> None:
    """Into an area that neither finds: one makes it, the other waits, says so, and adds its own."""
    said: list[Text] = []
    paths = [
        _write(
            tmp_path / f"{part}.csv",
            [["", f"流塘路{part}{n}号", "113.85", "22.58"] for n in range(3_000)]
            + [["", "共有路1号", "113.86", "22.59"]],
        )
        for part in range(1, 5)
    ]
    start = threading.Barrier(len(paths))

    def load(path: Path) -> ImportReport:
        start.wait()
        return _load(engine, tmp_path, path, tell=said.append)

    with ThreadPoolExecutor(len(paths)) as pool:
        reports = list(pool.map(load, paths))
    assert sum(report.accepted for report in reports) == len(_stored(engine)) == 12_001
    assert sum(report.duplicates for report in reports) == 3
    assert len(said) == len(paths) - 1
    assert AREA in said[0].zh


@pytest.fixture
def real_time(engine: Engine, settings: Settings) -> Iterator[Engine]:
    """By the true clock, also where the suite runs at another hour: a real area may be edited."""
    opened = open_database(settings.model_copy(update={"clock_shift_s": 0}))
    yield opened
    opened.dispose()


def test_an_edit_and_an_import_at_once_never_give_one_number_twice(
    real_time: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = real_time
    _load(engine, tmp_path, _write(tmp_path / "a.csv", [["", "流塘路1号", "113.85", "22.58"]]))
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('register.loading', 'on', true)"))
        parent = connection.execute(
            text(
                "UPDATE register.address SET level = 'number' WHERE area_id ="
                " (SELECT area_id FROM district.area WHERE name = :a) RETURNING address_id"
            ),
            {"a": AREA},
        ).scalar_one()
    store = Staging.store
    edited = threading.Event()

    def slow_store(staging: Staging, area_id: int) -> None:
        store(staging, area_id)
        waits = threading.Thread(target=edit)
        waits.start()
        waits.join(timeout=1.0)
        assert not edited.is_set()  # it waits for the import to end

    def edit() -> None:
        with engine.begin() as connection:
            create(connection, parent, Edit("公告"), level="estate", label="花园")
        edited.set()

    monkeypatch.setattr(Staging, "store", slow_store)
    path = _write(
        tmp_path / "b.csv", [["", f"流塘路{n}号", "113.86", "22.58"] for n in range(2, 9)]
    )
    _load(engine, tmp_path, path)
    assert edited.wait(timeout=30)
    assert len(_stored(engine)) == 9


def test_an_import_stopped_half_way_stores_nothing_and_can_be_run_again(
    engine: Engine, tmp_path: Path, command_environment: dict[str, str]
) -> None:
    rows = [[f"楼{n}", f"流塘路{n}号", f"{WEST + n * 1e-6:.6f}", "22.58"] for n in range(45_000)]
    rows[5] = ["楼", "路", "", ""]
    path = _write(tmp_path / "rows.csv", rows)
    environment = command_environment | {"BLOCKDATA_AREA": AREA}
    command = [BLOCKDATA, "address", "import", str(path), "--area", AREA, "--datum", "wgs84"]
    quarantine = Path(command_environment["BLOCKDATA_VAR"]) / "areas" / AREA / "quarantine"
    shutil.rmtree(quarantine, ignore_errors=True)  # of an earlier run of the tests
    shown, screen = pty.openpty()
    running = subprocess.Popen(
        command, cwd=PROJECT, env=environment | {"TERM": "xterm"}, stdout=subprocess.DEVNULL,
        stderr=screen, start_new_session=True,
    )  # fmt: skip
    os.close(screen)
    # the refused row is kept as soon as its stretch has been looked at: now it is half-way
    told = _until(shown, lambda: any(quarantine.glob(".*part*")))
    running.send_signal(signal.SIGINT)
    told += _until(shown, lambda: running.poll() is not None)
    assert running.wait(timeout=60) != 0
    os.close(shown)
    assert "rows.csv" in told
    assert "%" in told  # a bar that moves, for whoever waits at a screen
    assert _stored(engine) == []
    with engine.connect() as connection, pytest.raises(NotFound):
        find_area(connection, AREA)
    assert list(quarantine.iterdir()) == []
    again = [_load(engine, tmp_path, path) for _ in range(2)]
    counts = [(report.accepted, report.duplicates, report.quarantined) for report in again]
    assert counts == [(44_999, 0, 1), (0, 44_999, 1)]
    assert len(_stored(engine)) == 44_999


def _until(shown: int, reached: Any, timeout_s: float = 240.0) -> str:
    """What a terminal is shown until something is reached."""
    told, ends = b"", time.monotonic() + timeout_s
    while not reached():
        assert time.monotonic() < ends, told.decode(errors="replace")
        if select.select([shown], [], [], 0.02)[0]:
            try:
                told += os.read(shown, 65_536)
            except OSError:  # the other side has closed
                break
    return told.decode(errors="replace")
