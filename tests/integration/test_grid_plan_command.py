"""``blockdata grid plan`` on the demo district, as its user runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from blockdata.profile import load_profile
from blockdata.storage.areas import drop_area
from ingest.synthetic.load import build_district

GRIDS = "SELECT md5(string_agg(code || ST_AsText(outline), ',' ORDER BY code)) FROM district.grid"


@pytest.fixture
def run(demo: Engine, command_environment: dict[str, str]) -> Any:
    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [Path(sys.executable).with_name("blockdata"), *words],
            env=command_environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_a_plan_is_told_written_and_drawn_and_changes_nothing(run, demo, tmp_path):
    with demo.connect() as connection:
        before = connection.execute(text(GRIDS)).scalar_one()
    plan, layer, page = (tmp_path / name for name in ("plan.json", "grids.geojson", "plan.html"))
    done = run("grid", "plan", "--json", "--out", str(plan), "--layer", str(layer))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["about"]["area"] == "demo"
    assert told["about"]["applied"] is False
    assert told["totals"]["within_tolerance_after"] >= 0.95
    assert told["totals"]["grids_after"] == len(json.loads(layer.read_text())["features"])
    with demo.connect() as connection:
        assert connection.execute(text(GRIDS)).scalar_one() == before
    checked = run("grid", "validate", str(layer), "--key", "code")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    drawn = run("maps", "plan", str(plan), "--output", str(page))
    assert drawn.returncode == 0, drawn.stderr
    html = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert 'src="http' not in html


def test_drawn_anew_for_people(run):
    done = run("grid", "plan", "--fresh")
    assert done.returncode == 0, done.stderr
    assert "nothing was applied" in done.stdout
    assert "borders along roads: 9" in done.stdout


def test_the_same_seed_gives_the_same_plan(run, tmp_path):
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        assert run("grid", "plan", "--fresh", "--seed", "5", "--out", str(file)).returncode == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_an_applied_plan_is_the_next_version_and_needs_no_other(run, demo):
    build_district(demo, load_profile("baoan"), area="planned", seed=3, scale=0.004)
    code = run("grid", "plan", "--area", "planned", "--json")
    first = json.loads(code.stdout)["grids"][0]["code"]
    assert run("grid", "assign", first, "G7", "--area", "planned").returncode == 0
    done = run(
        "grid", "plan", "--area", "planned", "--fresh", "--apply", "--source", "会议纪要", "--json"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["about"]["applied"] is True
    assert told["applied"]["layer"]["source"] == "会议纪要"
    assert "G7" in {row["officer"] for row in told["grid_officers"]}
    again = json.loads(run("grid", "plan", "--area", "planned", "--json").stdout)
    assert again["totals"]["buildings_moved"] == 0
    assert again["totals"]["grids_redrawn"] == 0
    with demo.begin() as connection:
        drop_area(connection, "planned")


def test_a_plan_drawn_to_a_file_can_be_put_in_force_from_it(run, demo, tmp_path):
    build_district(demo, load_profile("baoan"), area="drawn", seed=4, scale=0.004)
    layer = tmp_path / "grids.geojson"
    planned = run("grid", "plan", "--area", "drawn", "--fresh", "--layer", str(layer), "--json")
    assert planned.returncode == 0, planned.stderr
    proposed = json.loads(planned.stdout)["totals"]["grids_after"]
    done = run("grid", "apply", str(layer), "--area", "drawn", "--source", "会议纪要", "--json")
    assert done.returncode == 0, done.stderr
    with demo.begin() as connection:
        now = connection.execute(
            text(
                "SELECT count(*) FROM district.grid JOIN district.area USING (area_id)"
                " WHERE area.name = 'drawn'"
            )
        ).scalar_one()
        assert now == proposed
        drop_area(connection, "drawn")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--apply",), "name a source"),
        (("--area", "nowhere"), "nowhere"),
        (("--community", "999999999999"), "no community '999999999999'"),
        (("--out", "/proc/plan.json"), "cannot write"),
    ],
)
def test_what_cannot_be_planned_is_said(run, words, said):
    done = run("grid", "plan", *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_plan_is_not_drawn(run, tmp_path):
    (tmp_path / "no.json").write_text("{}")
    done = run("maps", "plan", str(tmp_path / "no.json"), "-o", str(tmp_path / "no.html"))
    assert done.returncode == 1
    assert "plan of grids" in done.stderr
