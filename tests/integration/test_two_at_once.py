"""Two commands that make, fill or drop the same thing at once: one waits, and nothing is lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from tests.integration._own_database import (
    addresses,
    areas,
    begin,
    end,
    holding,
    kill_server,
    run,
    settings_for,
    wait_until_it_waits,
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = settings_for(tmp_path_factory.mktemp("own"))
    yield settings
    Cluster(settings.var).destroy()


def test_two_imports_into_a_new_area(own: Settings, tmp_path: Path) -> None:
    files = [
        addresses(tmp_path, f"甲{n},宝安区固戍一路{n}号,113.85,22.59", name=f"{n}.csv")
        for n in (1, 2)
    ]
    with holding(own, "LOCK TABLE district.area IN EXCLUSIVE MODE") as engine:
        both = [
            begin(own.var, "address", "import", str(file), "--area", "twice", "--datum", "wgs84")
            for file in files
        ]
        wait_until_it_waits(engine, "SELECT pg_advisory_xact_lock")
    ended = [end(one) for one in both]
    assert [code for code, _, _ in ended] == [0, 0], ended
    assert any("another command is changing the area 'twice'" in err for _, _, err in ended)
    assert areas(own)["twice"]["register.address"] == 2


def test_two_builds_of_one_area(own: Settings) -> None:
    build = ("district", "build", "--scale", "0.001", "--area", "built", "--json")
    ended = [end(one) for one in [begin(own.var, *build) for _ in range(2)]]
    assert [code for code, _, _ in ended] == [0, 0], ended
    first, second = (json.loads(out)["rows"] for _, out, _ in ended)
    assert first == second
    assert areas(own)["built"]["register.person"] == first["register.person"]


def test_two_that_make_sure_of_one_area_build_it_once(own: Settings) -> None:
    ensure = ("district", "ensure", "--scale", "0.001", "--area", "ensured")
    ended = [end(one) for one in [begin(own.var, *ensure) for _ in range(2)]]
    assert [code for code, _, _ in ended] == [0, 0], ended
    assert sum("building the synthetic district" in err for _, _, err in ended) == 1
    assert any("another command is preparing" in err for _, _, err in ended)


def test_two_first_commands_make_one_database(tmp_path: Path) -> None:
    try:
        ended = [end(one) for one in [begin(tmp_path, "db", "start", "--json") for _ in range(2)]]
        assert [code for code, _, _ in ended] == [0, 0], ended
        assert Cluster(tmp_path).status()[1]
    finally:
        Cluster(tmp_path).destroy()


def test_a_drop_waits_for_an_import_and_takes_all_of_it(own: Settings, tmp_path: Path) -> None:
    file = addresses(tmp_path, "丙,宝安区固戍一路3号,113.85,22.59")
    words = (str(file), "--area", "going", "--datum", "wgs84")
    run(own.var, "address", "import", *words)
    with holding(own, "LOCK TABLE register.address IN SHARE MODE") as engine:
        more = addresses(tmp_path, "丁,宝安区固戍一路4号,113.85,22.59", name="more.csv")
        importing = begin(own.var, "address", "import", str(more), *words[1:])
        wait_until_it_waits(engine, "INSERT INTO register.address")
        dropping = begin(own.var, "district", "drop", "--area", "going", "--imported")
        wait_until_it_waits(engine, "SELECT pg_advisory_xact_lock")
    assert end(importing)[0] == 0
    assert end(dropping)[0] == 0
    from sqlalchemy import text

    with holding(own, "SELECT 1") as engine, engine.connect() as connection:
        orphans = text(
            "SELECT count(*) FROM register.address WHERE area_id NOT IN"
            " (SELECT area_id FROM district.area)"
        )
        assert connection.execute(orphans).scalar_one() == 0


def test_one_that_waits_goes_on_when_the_first_dies(own: Settings, tmp_path: Path) -> None:
    file = addresses(tmp_path, "戊,宝安区固戍一路5号,113.85,22.59")
    words = ("address", "import", str(file), "--area", "left", "--datum", "wgs84")
    with holding(own, "LOCK TABLE register.address IN SHARE MODE") as engine:
        first = begin(own.var, *words)
        wait_until_it_waits(engine, "INSERT INTO register.address")
        second = begin(own.var, *words)
        wait_until_it_waits(engine, "SELECT pg_advisory_xact_lock")
        first.kill()
        first.communicate()
    assert end(second)[0] == 0
    kill_server(own.var)  # and it is there for good
    assert areas(own)["left"]["register.address"] == 1
