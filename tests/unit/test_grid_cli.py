"""``blockdata grid`` as a person runs it."""

import json
import os
import subprocess
import sys

import geopandas as gpd
import h3
import pandas as pd
import pytest
import shapely

from blockdata.crs import from_wgs84


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    path = tmp_path_factory.mktemp("layer") / "grids.geojson"
    shapes = [shapely.box(113.85 + k * 0.01, 22.65, 113.86 + k * 0.01, 22.66) for k in range(3)]
    gpd.GeoDataFrame({"code": ["01", "02", "03"]}, geometry=shapes, crs=4326).to_file(path)
    return path


# the one command with this group alone, so that the other packages need not load
COMMAND = """
from importlib.metadata import entry_points
import blockdata.cli as cli
cli.entry_points = lambda group: [e for e in entry_points(group=group) if e.name == "grid"]
cli.main()
"""


def run(*words, language="en"):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "grid", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BLOCKDATA_LANGUAGE": language, "NUMBA_NUM_THREADS": "1"},
    )


def test_index_then_locate(layer, tmp_path):
    made = run("index", layer, "--key", "code", "--out", tmp_path / "ix", "--json")
    assert json.loads(made.stdout)["polygons"] == 3, made.stderr
    assert run("locate", 113.865, 22.655, "--index", tmp_path / "ix").stdout.strip() == "02"
    lon, lat = from_wgs84(113.875, 22.655, "gcj02")
    shifted = run("locate", lon, lat, "--index", tmp_path / "ix", "--datum", "gcj02", "--json")
    assert json.loads(shifted.stdout)["grid"] == "03"
    beyond = run("locate", 113.9, 22.655, "--index", tmp_path / "ix", language="zh")
    assert beyond.stdout.strip() == "不在任何网格内"


def test_a_table_of_points(layer, tmp_path):
    table = tmp_path / "points.csv"
    pd.DataFrame({"name": ["甲", "乙"], "lon": [113.855, 113], "lat": [22.655, 22]}).to_csv(table)
    done = run("locate", "--layer", layer, "--key", "code", "--points", table,
               "--out", tmp_path / "out.csv", "--json")  # fmt: skip
    assert json.loads(done.stdout) | {"file": 0} == {
        "points": 2, "outside": 1, "grids": 1, "file": 0
    }  # fmt: skip
    assert pd.read_csv(tmp_path / "out.csv", dtype=str)["grid"].tolist()[0] == "01"


def test_cover_tells_which_cells_are_whose(layer, tmp_path):
    cells = tmp_path / "cells.parquet"
    options = ("--key", "code", "--resolution", "10")
    made = json.loads(run("cover", layer, *options, "--output", cells, "--json").stdout)
    table = pd.read_parquet(cells)
    assert (table["kind"] == "interior").sum() == made["interior_cells"] > 0
    assert (table["kind"] == "edge").sum() == made["edge_cells"] > 0
    cell = h3.latlng_to_cell(22.655, 113.865, 10)
    found = json.loads(run("cover", layer, *options, "--cell", cell, "--json").stdout)
    assert (found["grids"], found["whole"]) == (["02"], True)
    border = h3.latlng_to_cell(22.655, 113.87, 10)
    found = json.loads(run("cover", layer, *options, "--cell", border, "--json").stdout)
    assert (found["grids"], found["whole"]) == (["02", "03"], False)
    for wrong in ("nonsense", h3.cell_to_parent(cell, 9)):
        refused = run("cover", layer, *options, "--cell", wrong, "--json")
        assert (refused.returncode, json.loads(refused.stderr.splitlines()[-1])["field"]) == (
            1, "cell",
        )  # fmt: skip
    assert "output" in run("cover", layer, *options, "--output", tmp_path / "x.doc").stderr


def test_validate(layer, tmp_path):
    good = run("validate", layer, "--key", "code", "--json")
    assert (good.returncode, json.loads(good.stdout)["findings"]) == (0, [])
    metric = tmp_path / "metric.gpkg"
    gpd.read_file(layer).to_crs(4547).to_file(metric)
    bad = run("validate", metric, "--key", "code", "--json")
    assert bad.returncode == 1
    assert json.loads(bad.stdout)["findings"][0]["kind"] == "wrong-crs"
    assert json.loads(bad.stderr.splitlines()[-1])["type"] == "urn:blockdata:problem:bad-layer"


def test_what_is_missing_is_named(layer, tmp_path):
    assert "LON,LAT" in run("locate", "--layer", layer).stderr
    assert "not LON,LAT" in run("locate", "here", "--layer", layer).stderr
    assert "--out" in run("index", layer).stderr
    assert "no column id" in run("validate", layer, "--key", "id").stderr
    assert "no such file" in run("validate", tmp_path / "none.gpkg").stderr
    assert run("locate", "--layer", layer).returncode == 1
