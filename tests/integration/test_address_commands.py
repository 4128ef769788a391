"""``blockdata address`` on the demo district, in words and as JSON."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.command import BLOCKDATA


def run(environment: dict[str, str], *words: str, expect: int = 0) -> str:
    done = subprocess.run(
        [BLOCKDATA, "address", *words],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == expect, done.stderr
    return done.stdout if expect == 0 else done.stderr


@pytest.fixture
def known(demo: Engine) -> dict[str, Any]:
    """A building of the demo district."""
    with demo.connect() as connection:
        row = connection.execute(
            text(
                "SELECT address_id, text_zh, ST_X(point) AS lon, ST_Y(point) AS lat"
                " FROM register.address WHERE level = 'building' ORDER BY address_id LIMIT 1"
            )
        ).one()
    return dict(row._mapping)


def test_parse(command_environment: dict[str, str]) -> None:
    words = "西乡街道固戍一路168号海裕花园3栋"
    assert "固戍一路" in run(command_environment, "parse", words)
    parsed = json.loads(run(command_environment, "parse", words, "--json"))
    assert "固戍一路" in json.dumps(parsed, ensure_ascii=False)


def test_match(known: dict[str, Any], command_environment: dict[str, str]) -> None:
    assert "probability" in run(command_environment, "match", known["text_zh"])
    answer = json.loads(run(command_environment, "match", known["text_zh"], "--json"))
    assert answer["matched"]["address_id"] == str(known["address_id"])
    assert answer["level"] == "building"
    said = run(command_environment, "match", "火星一路1号", "--json", expect=1)
    problem = json.loads(said.splitlines()[-1])
    assert problem["type"] == "urn:blockdata:problem:unknown-address"


def test_search(known: dict[str, Any], command_environment: dict[str, str]) -> None:
    assert known["text_zh"] in run(command_environment, "search", known["text_zh"])
    near = f"{known['lon']},{known['lat']}"
    words = ("search", known["text_zh"][9:], "--near", near, "--limit", "3", "--json")
    found = json.loads(run(command_environment, *words))["suggestions"]
    assert found[0]["text"] == known["text_zh"]
    assert len(found) <= 3
    assert json.loads(run(command_environment, "search", "zzzz", "--json")) == {"suggestions": []}


def test_reverse(known: dict[str, Any], command_environment: dict[str, str]) -> None:
    at = f"{known['lon']},{known['lat']}"
    assert known["text_zh"] in run(command_environment, "reverse", at, "--limit", "10")
    found = json.loads(run(command_environment, "reverse", at, "--limit", "10", "--json"))
    assert known["text_zh"] in {place["text"] for place in found["addresses"]}
    assert found["grid"]["code"]
    assert "at" in run(command_environment, "reverse", "north", expect=1)


def test_show(known: dict[str, Any], command_environment: dict[str, str]) -> None:
    id_ = str(known["address_id"])
    assert known["text_zh"] in run(command_environment, "show", id_)
    assert json.loads(run(command_environment, "show", id_, "--json"))["address_id"] == id_


def test_import_and_export(
    tmp_path: Path, database: Engine, command_environment: dict[str, str]
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(
        "name,address,lon,lat\n海裕花园,宝安区固戍一路168号,113.8481,22.5913\n", encoding="utf-8"
    )
    words = ("import", str(source), "--area", "test-commands", "--datum", "wgs84")
    assert json.loads(run(command_environment, *words, "--json"))["accepted"] == 1
    assert "1 rows" in run(command_environment, *words)
    assert run(command_environment, "search", "hyhy", "--area", "test-commands")
