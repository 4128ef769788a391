"""Imported areas are dropped on demand only; a synthetic one comes back with its ids."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from blockdata.errors import Conflict
from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import create_area, drop_area, find_area
from blockdata.storage.cluster import Cluster
from blockdata.storage.connecting import make_engine
from blockdata.storage.database import open_database
from blockdata.storage.serving import Server, servers, serving_from
from blockdata.text import Text
from ingest.synthetic.load import build_district
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.integration._own_database import addresses, areas, begin, environment, run

PROFILE = load_profile("baoan")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A database with an imported and a synthetic area."""
    var = tmp_path_factory.mktemp("own")
    file = addresses(var, "海裕花园,宝安区固戍一路168号,113.8481,22.5913")
    run(var, "address", "import", str(file), "--area", "imported", "--datum", "wgs84")
    settings = Settings(var=var, database_url=None)
    make_synthetic(settings, "synthetic")
    yield settings
    Cluster(var).destroy()


def make_synthetic(settings: Settings, name: str, seed: int = 1) -> int:
    """An empty synthetic area."""
    engine = make_engine(settings)
    with engine.begin() as connection:
        area_id = create_area(
            connection, name=name, title=Text("试", "trial"), synthetic=True, profile="baoan",
            source="test", seed=seed, replace=True,
        )  # fmt: skip
    engine.dispose()
    return area_id


def test_an_imported_area_is_dropped_only_if_one_says_so(own: Settings) -> None:
    _, err = run(own.var, "district", "drop", "--area", "imported", expect=1)
    assert "--imported" in err
    _, err = run(own.var, "district", "build", "--area", "imported", expect=1)
    assert "synthetic data does not replace it" in err
    assert "drawing" not in err  # it says no before the long work
    run(own.var, "district", "ensure", "--area", "imported", "--scale", "0.5", expect=1)
    assert set(areas(own)) == {"imported", "synthetic"}


def test_an_imported_area_s_ids_are_never_another_s(own: Settings) -> None:
    engine = make_engine(own)
    words = {"profile": "baoan", "source": "test", "title": Text("试", "t"), "name": "again"}
    with engine.connect() as connection:
        first = create_area(connection, synthetic=False, **words)  # type: ignore[arg-type]
        drop_area(connection, "again")
        second = create_area(connection, synthetic=False, **words)  # type: ignore[arg-type]
        drop_area(connection, "again")
        third = create_area(connection, synthetic=True, **words)  # type: ignore[arg-type]
        assert len({first, second, third}) == 3
        with pytest.raises(Conflict):
            create_area(connection, synthetic=True, replace=True, **words | {"name": "imported"})  # type: ignore[arg-type]
    engine.dispose()


def ids(engine: Engine, area: str) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT address_id, text_zh FROM register.address WHERE area_id = :id ORDER BY 1"),
            {"id": find_area(connection, area).area_id},
        )
        return [(int(row[0]), str(row[1])) for row in rows]


def test_a_district_built_again_after_a_drop_has_its_ids(own: Settings) -> None:
    engine = open_database(own)

    def build() -> list[tuple[int, str]]:
        build_district(engine, PROFILE, area="comes-back", seed=3, scale=0.001)
        return ids(engine, "comes-back")

    before = build()
    with engine.begin() as connection:
        area_id = find_area(connection, "comes-back").area_id
        drop_area(connection, "comes-back")
    others = [make_synthetic(own, *other) for other in (("between", 3), ("comes-back", 4))]
    assert len({area_id, *others}) == 3
    assert build() == before
    engine.dispose()


# -- servers -------------------------------------------------------------------------------------


def test_a_server_is_known_for_as_long_as_it_lives(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "1.json").write_text('{"pid": 1, "url": "http://gone/"}')
    assert servers(tmp_path) == []  # nobody holds it
    with serving_from(tmp_path, "http://here/"):
        assert servers(tmp_path) == [Server(os.getpid(), "http://here/")]
    assert servers(tmp_path) == []
    with serving_from(Path("/sys/blockdata"), "http://here/"):
        assert servers(Path("/sys/blockdata")) == []


@pytest.fixture
def served(own: Settings) -> Iterator[tuple[Settings, str]]:
    fetch_assets(PROJECT / "build")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = begin(own.var, "maps", "serve", "--port", str(port))
    assert serving.stdout is not None
    assert f":{port}/" in serving.stdout.readline()
    yield own, f"http://127.0.0.1:{port}/"
    serving.send_signal(signal.SIGINT)
    serving.communicate(timeout=60)


def test_what_a_server_uses_is_not_deleted_and_it_is_told_of_a_drop(
    served: tuple[Settings, str],
) -> None:
    settings, url = served
    assert [server.url for server in servers(settings.var)] == [url]
    _, err = run(settings.var, "db", "destroy", "--yes", expect=1)
    assert url in err
    assert "kill" in err
    make_synthetic(settings, "dropped")
    out, _ = run(settings.var, "district", "drop", "--area", "dropped")
    assert url in out
    _, err = run(settings.var, "db", "stop")
    assert url in err
    assert set(areas(settings)) >= {"imported", "synthetic"}  # asked for, it starts again


# -- make clean ----------------------------------------------------------------------------------


def clean(checkout: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["make", "-C", str(checkout), "clean", *words],
        env=environment(checkout / "elsewhere"), capture_output=True, text=True, check=False,
    )  # fmt: skip


def install(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "blockdata").symlink_to(PROJECT / ".venv" / "bin" / "blockdata")


def test_make_clean_keeps_imported_areas(open_path: Path) -> None:
    (open_path / "Makefile").write_bytes((PROJECT / "Makefile").read_bytes())
    file = addresses(open_path, "海裕花园,宝安区固戍一路168号,113.8481,22.5913")
    elsewhere, var = Cluster(open_path / "elsewhere"), open_path / "var"
    elsewhere.ensure_running()
    run(var, "address", "import", str(file), "--area", "imported", "--datum", "wgs84")
    install(open_path)
    done = clean(open_path, "CONFIRM=yes")
    assert done.returncode == 0, done.stderr
    assert "imported areas: imported" in done.stdout
    assert "CONFIRM=" in done.stdout
    assert not (open_path / ".venv").exists()
    assert not Cluster(var).status()[1]
    refused = clean(open_path, "CONFIRM=delete imported areas")
    assert refused.returncode != 0  # with nothing installed there is nothing to look with
    assert "make setup" in refused.stdout
    assert set(areas(Settings(var=var, database_url=None))) == {"imported"}
    run(var, "district", "drop", "--area", "imported", "--imported")
    install(open_path)  # without imports it goes
    assert clean(open_path).returncode == 0
    assert not var.exists()
    run(var, "address", "import", str(file), "--area", "imported", "--datum", "wgs84")
    install(open_path)
    assert clean(open_path, "CONFIRM=delete imported areas").returncode == 0
    assert not var.exists()
    assert elsewhere.status()[1]  # whatever BLOCKDATA_VAR says
