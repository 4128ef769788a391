"""``blockdata maps`` as its user runs it: assets, serve, report."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from blockdata.errors import NotFound, SetupError
from maps.assets import FILES, VENDOR, assets_ready, fetch_assets
from maps.reports.grid_report import write_grid_report
from tests.chromium import opened
from tests.conftest import PROJECT
from tests.integration._maps_area import GRID_CODES, build_maps_area


def run(
    *words: str, environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from blockdata.cli import main; main()", "maps", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment
    )


@pytest.fixture(scope="module")
def trial(database):
    fetch_assets(PROJECT / "build")
    with database.begin() as connection:
        build_maps_area(connection, "trial")
    return database


def test_assets_are_fetched_once(tmp_path):
    fetch_assets(PROJECT / "build")
    before = {name: (VENDOR / name).stat().st_mtime_ns for name in FILES.values()}
    versions = fetch_assets(tmp_path)  # stands already: nothing is put into this folder
    assert versions["maplibre-gl"].startswith("6.")
    assert not list(tmp_path.iterdir())
    assert before == {name: (VENDOR / name).stat().st_mtime_ns for name in FILES.values()}
    lock = (PROJECT / "maps" / "package-lock.json").read_text()
    assert '"resolved"' not in lock


def test_missing_assets_are_seen(tmp_path):
    assert not assets_ready(tmp_path)


def test_npm_out_of_reach_names_the_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(SetupError) as told:
        fetch_assets(tmp_path, vendor=tmp_path / "vendor")
    assert told.value.cure is not None
    assert "blockdata maps assets" in told.value.cure.en
    assert not (tmp_path / "vendor").exists()


def test_a_taken_port_names_the_cure(command_environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), environment=command_environment)
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_it_does_not_bind_to_every_network(command_environment):
    done = run("serve", environment=command_environment | {"BLOCKDATA_HOST": "0.0.0.0"})
    assert done.returncode == 1
    assert "BLOCKDATA_HOST" in done.stderr


def test_a_report_is_written_by_command(trial, command_environment, tmp_path):
    file = tmp_path / "grid.html"
    words = ("report", "--grid", GRID_CODES[0], "--area", "trial", "-o", str(file), "--json")
    done = run(*words, environment=command_environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["bytes"] == file.stat().st_size


def test_a_report_opens_from_disk_without_a_request(trial, tmp_path):
    file = tmp_path / "grid.html"
    with trial.connect() as connection:
        write_grid_report(connection, "trial", GRID_CODES[0], file)
    shots = PROJECT / "build" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    requests: list[str] = []
    said: list[str] = []
    with opened() as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(file.as_uri())
        page.locator(".panel h1").wait_for()
        page.wait_for_timeout(500)
        panel = page.locator(".panel").inner_text()
        page.screenshot(path=shots / "report-trial.png")
    assert requests == [file.as_uri()]
    assert said == []
    assert GRID_CODES[0] in panel
    assert "合成数据" in panel
    assert "试验社区" in panel


def test_a_report_tells_no_small_count_and_no_volunteer(trial, tmp_path):
    texts = {}
    for code in GRID_CODES[:2]:
        file = tmp_path / f"{code}.html"
        with trial.connect() as connection:
            write_grid_report(connection, "trial", code, file)
        texts[code] = file.read_text(encoding="utf-8")
    assert "<td>25</td>" in texts[GRID_CODES[0]]
    assert "<td>&lt;10</td>" in texts[GRID_CODES[1]]
    for text in texts.values():
        assert r"10\u201319" in text  # the twelve volunteers, as a band
        assert "试000" not in text  # nobody's call sign
        assert "9990001990" not in text  # nobody's number


def test_an_unknown_grid_is_told(trial, tmp_path):
    with trial.connect() as connection, pytest.raises(NotFound) as told:
        write_grid_report(connection, "trial", "123", Path(os.devnull))
    assert told.value.field == "grid"
