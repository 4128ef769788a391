"""``blockdata roads`` and ``blockdata dispatch`` as their user runs them: output and exit codes."""

import json
import subprocess

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from tests.command import BLOCKDATA

AREA = "by-command"
POINT = "113.8502,22.5801"


@pytest.fixture(scope="module")
def pbf(tmp_path_factory):
    path = tmp_path_factory.mktemp("roads") / "one.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for n in range(1, 5):
            writer.add_node(Node(id=n, location=(113.85 + n * 0.001, 22.58), version=1))
        tags = {"highway": "residential", "name": "固戍一路"}
        writer.add_way(Way(id=1, nodes=[1, 2, 3, 4], tags=tags, version=1))
    return path


@pytest.fixture
def run(database, command_environment):
    def command(*words):
        return subprocess.run(
            [BLOCKDATA, *words],
            env=command_environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def test_from_a_file_to_an_answer(run, pbf):
    said = run("roads", "import", str(pbf), "--area", AREA, "--replace", "--json")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["segments"] == 1
    assert "1 segments" in run("roads", "show", "--area", AREA).stdout
    empty = run("dispatch", "responders", "list", "--area", AREA)
    assert "no responders yet" in empty.stdout
    nobody = run("dispatch", "nearest", "--at", POINT, "--area", AREA, "--json")
    assert nobody.returncode == 1
    assert "responders place" in json.loads(nobody.stderr.splitlines()[-1])["cure"]
    placed = run(
        "dispatch", "responders", "place", "--area", AREA, "--seed", "3",
        "--volunteers", "20", "--auxiliaries", "6", "--officers", "9", "--json",
    )  # fmt: skip
    assert placed.returncode == 0, placed.stderr
    assert json.loads(placed.stdout)["placed"]["officer"] == 9
    ask = ("dispatch", "nearest", "--at", POINT, "--area", AREA, "--at-time", "2026-01-05T10:00")
    answer = json.loads(run(*ask, "--k", "2", "--json").stdout)
    assert [tier["tier"] for tier in answer["tiers"]] == ["volunteer", "auxiliary", "officer"]
    assert all(len(tier["candidates"]) <= 2 for tier in answer["tiers"])
    words = run(*ask).stdout
    assert "synthetic responders" in words
    assert "clock: from alerted to at the kerb" in words


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        (("dispatch", "nearest", "--at", "here"), 1, "at"),
        (("dispatch", "nearest", "--at", POINT, "--area", "nowhere"), 1, "area"),
        (("dispatch", "nearest", "--at", POINT, "--k", "0"), 2, None),
        (("roads", "show", "--area", "nowhere"), 1, "area"),
        (("roads", "import", __file__, "--area", "any"), 1, "file"),
    ],
)
def test_errors_name_the_field_and_the_cure(run, words, code, field):
    said = run(*words, "--json")
    assert said.returncode == code, said.stderr
    if field is not None:
        problem = json.loads(said.stderr.strip().splitlines()[-1])
        assert problem["field"] == field
        assert problem["cure"]
