"""The one command, run as its user runs it."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import typer

from blockdata.cli import make_app
from tests.command import BLOCKDATA

GROUPS = ["address", "db", "dispatch", "district", "grid", "maps", "roads"]


def every_command() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    def walk(command: Any, path: tuple[str, ...]) -> None:
        children = getattr(command, "commands", None)
        if children is None:
            found.append(path)
        for name, child in (children or {}).items():
            walk(child, (*path, name))

    walk(typer.main.get_command(make_app()), ())
    return found


def run(
    *words: str, environment: dict[str, str], expect: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [BLOCKDATA, *words],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == expect, done.stderr
    return done


def test_the_groups_are_the_nouns() -> None:
    assert sorted({path[0] for path in every_command()}) == GROUPS


@pytest.mark.parametrize("path", every_command(), ids=" ".join)
def test_every_command_has_help_in_both_languages_and_json(path: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(make_app())
    for name in path:
        command = command.commands[name]
    assert " · " in (command.help or ""), "help in both languages"
    options = {word for parameter in command.params for word in parameter.opts}
    assert "--json" in options


def test_help_is_light() -> None:
    """``--help`` loads nothing heavy: that is what keeps it quick."""
    heavy = ["numba", "pandas", "geopandas", "sqlalchemy", "fastapi", "shapely", "pydantic"]
    code = (
        "import sys; sys.argv = ['blockdata', '--help']\n"
        "from blockdata.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60,
        env=os.environ | {"BLOCKDATA_CLOCK_SHIFT_S": ""},  # a shifted clock is told of first
    )  # fmt: skip
    assert done.stderr.strip() == "[]"
    assert "dispatch" in done.stdout


def test_wrong_usage_ends_with_2(command_environment: dict[str, str]) -> None:
    run("roads", "import", environment=command_environment, expect=2)
    run("no-such-noun", environment=command_environment, expect=2)


def test_an_error_is_said_in_the_language_chosen_or_as_json(
    database: object, command_environment: dict[str, str]
) -> None:
    words = ("dispatch", "nearest", "--at", "113.85,22.6", "--area", "nowhere")
    english = run(*words, environment=command_environment, expect=1)
    assert "not found [area]: there is no area 'nowhere'" in english.stderr
    assert "Cure: " in english.stderr
    chinese = run(*words, environment=command_environment | {"BLOCKDATA_LANGUAGE": "zh"}, expect=1)
    assert "没有名为“nowhere”的区域" in chinese.stderr
    said = run(*words, "--json", environment=command_environment, expect=1)
    problem = json.loads(said.stderr.splitlines()[-1])
    assert problem["type"] == "urn:blockdata:problem:not-found"
    assert problem["field"] == "area"


def test_the_database_says_how_it_stands(
    database: object, command_environment: dict[str, str]
) -> None:
    status = json.loads(run("db", "status", "--json", environment=command_environment).stdout)
    assert status["running"] is True
    assert status["schema"] == status["newest_schema"]


def test_a_server_that_does_not_answer_is_told(command_environment: dict[str, str]) -> None:
    elsewhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    environment = command_environment | {"BLOCKDATA_DATABASE_URL": elsewhere}
    done = run("district", "list", environment=environment, expect=1)
    assert "BLOCKDATA_DATABASE_URL" in done.stderr
