"""``blockdata db migrate`` knows its versions, and refuses all others in words."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from blockdata.settings import Settings
from blockdata.storage.database import known_versions, newest_version
from tests.fuzz.place import copied
from tests.fuzz.running import Ran, run


@pytest.fixture(scope="module")
def environment(
    demo: Engine, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The environment of commands on a database that may be broken."""
    with copied(demo, settings, tmp_path_factory.mktemp("versions")) as place:
        yield dict(place.environment) | {"BLOCKDATA_LANGUAGE": "en"}


def problem(ran: Ran) -> dict[str, str]:
    told: dict[str, str] = json.loads(ran.err)
    return told


@pytest.mark.parametrize("version", ["9999", "xyz", "-1", "", "8", "heads", "0008 ", "9" * 5000])
def test_a_version_that_is_none_is_refused_with_those_there_are(
    environment: dict[str, str], version: str
) -> None:
    ran = run(["db", "migrate", "--json", "--", version], environment)
    assert ran.code == 1
    told = problem(ran)
    assert (told["field"], told["status"]) == ("version", 404)
    for known in ("base", *known_versions(), "head"):
        assert known in told["cure"]


def test_a_version_that_is_known_is_reached(environment: dict[str, str]) -> None:
    for version in (known_versions()[-2], "head"):
        ran = run(["db", "migrate", version, "--yes", "--json"], environment)
        assert ran.code == 0, ran.err
    assert json.loads(ran.out) == {"schema": newest_version()}


def test_a_schema_that_is_newer_than_the_program_is_told(environment: dict[str, str]) -> None:
    engine = create_engine(environment["BLOCKDATA_DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(text("UPDATE public.alembic_version SET version_num = '9876'"))
    try:
        for words in (["db", "migrate"], ["db", "migrate", "head"]):
            told = problem(run([*words, "--json"], environment))
            assert told["field"] == "BLOCKDATA_DATABASE_URL"
            assert "9876" in told["detail"]
        assert run(["district", "list", "--json"], environment).code == 1
    finally:
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE public.alembic_version SET version_num = :version"),
                {"version": newest_version()},
            )
        engine.dispose()


def test_a_server_that_nobody_may_change_is_told(
    environment: dict[str, str], tmp_path: Path
) -> None:
    read_only = environment["BLOCKDATA_DATABASE_URL"]
    read_only += "&options=-c%20default_transaction_read_only%3Don"
    words = ["district", "drop", "--area", "demo", "--json"]
    ran = run(words, environment | {"BLOCKDATA_DATABASE_URL": read_only})
    assert ran.code == 1
    assert problem(ran)["type"] == "urn:blockdata:problem:not-permitted"
