"""The database goes, the disk is full or closed in mid-command: words, a cure, no half state."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blockdata.errors import SetupError
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import MIGRATION_LOCK, newest_version
from tests.integration._own_database import (
    addresses,
    areas,
    begin,
    end,
    holding,
    kill_server,
    run,
    schema,
    settings_for,
    wait_until_it_waits,
)  # fmt: skip

Areas = dict[str, dict[str, int]]
ROW = "海裕花园,宝安区固戍一路168号,113.8481,22.5913"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = settings_for(tmp_path_factory.mktemp("own"))
    yield settings
    Cluster(settings.var).destroy()


@pytest.fixture(scope="module")
def before(own: Settings, tmp_path_factory: pytest.TempPathFactory) -> Areas:
    """What areas there are before anything goes wrong."""
    file = addresses(tmp_path_factory.mktemp("file"), ROW)
    run(own.var, "address", "import", str(file), "--area", "kept", "--datum", "wgs84")
    return areas(own)


def test_killed_in_the_middle_of_a_build(own: Settings, before: Areas) -> None:
    with holding(own, "LOCK TABLE register.person") as engine:
        building = begin(own.var, "district", "build", "--scale", "0.001", "--area", "half")
        wait_until_it_waits(engine, "COPY register.person")
        kill_server(own.var)
        code, out, err = end(building)
    assert (code, out) == (1, "")
    assert "a service does not answer" in err
    assert "Cure: " in err
    assert areas(own) == before


def test_killed_in_the_middle_of_an_import(own: Settings, before: Areas, tmp_path: Path) -> None:
    file = addresses(tmp_path, ROW)
    words = ("address", "import", str(file), "--datum", "wgs84")
    with holding(own, "LOCK TABLE register.address IN SHARE MODE") as engine:
        importing = begin(own.var, *words, "--area", "half", "--json")
        wait_until_it_waits(engine, "INSERT INTO register.address")
        kill_server(own.var)
        code, _, err = end(importing)
    assert code == 1
    assert '"cure"' in err
    assert areas(own) == before
    run(own.var, *words, "--area", "half")  # and once more, it goes
    run(own.var, "district", "drop", "--area", "half", "--imported")


def test_killed_in_the_middle_of_a_migration(own: Settings, before: Areas) -> None:
    with holding(own, "SELECT pg_advisory_lock(:key)", key=MIGRATION_LOCK) as engine:
        migrating = begin(own.var, "db", "migrate", "0007", "--yes")
        wait_until_it_waits(engine, "SELECT pg_advisory_xact_lock")
        kill_server(own.var)
        code, _, err = end(migrating)
    assert code == 1
    assert "Cure: " in err
    assert areas(own) == before
    assert schema(own) == newest_version()


def test_interrupted_in_the_middle_of_a_migration(own: Settings, before: Areas) -> None:
    with holding(own, "LOCK TABLE district.area") as engine:
        migrating = begin(own.var, "db", "migrate", "base", "--yes")
        wait_until_it_waits(engine, "")
        migrating.kill()
        migrating.communicate()
    assert schema(own) == newest_version()
    assert areas(own) == before


def test_the_schema_goes_down_only_if_one_says_so(own: Settings, before: Areas) -> None:
    for version in ("base", "0007"):
        _, err = run(own.var, "db", "migrate", version, expect=1)
        assert "[--yes]" in err
    for unknown in ("0099", ""):
        _, err = run(own.var, "db", "migrate", unknown, expect=1)
        assert "[version]" in err
        assert "0001" in err
    assert areas(own) == before


def test_a_schema_newer_than_the_program_is_told(own: Settings, before: Areas) -> None:
    change = "UPDATE public.alembic_version SET version_num = '{}' RETURNING 1"
    commit(own, change.format("9999"))
    _, err = run(own.var, "district", "list", expect=1)
    assert "knows none after" in err
    commit(own, change.format(newest_version()))
    assert areas(own) == before


def commit(settings: Settings, statement: str) -> None:
    from sqlalchemy import text

    from blockdata.storage.connecting import make_engine

    engine = make_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


# -- the disk ------------------------------------------------------------------------------------


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A folder on a disk of its own with little room; where none can be mounted, small files."""
    disk = folder / "disk"
    disk.mkdir()
    disk.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", "size=220m,mode=755", "tmpfs", str(disk)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if not mounted:  # a file may grow to what the write-ahead log needs, and no further
        resource.setrlimit(resource.RLIMIT_FSIZE, (17_000_000, hard))
    try:
        Cluster(disk / "var", min_free_bytes=0).ensure_running()
        settings_for(disk / "var")
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        yield disk
        Cluster(disk / "var").destroy()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        if mounted:
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_disk_that_fills_up_in_mid_work(open_path: Path) -> None:
    with small_disk(open_path) as disk:
        var = disk / "var"
        settings = Settings(var=var, database_url=None)
        file = addresses(open_path, ROW)
        run(var, "address", "import", str(file), "--area", "kept", "--datum", "wgs84")
        before = areas(settings)
        filled = disk / "filled"
        if disk.is_mount():
            filled.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - 25_000_000))
        _, err = run(var, "district", "build", "--scale", "0.05", "--area", "big", expect=1)
        assert "Cure: " in err
        if disk.is_mount():
            assert "full" in err
        filled.unlink(missing_ok=True)
        assert areas(settings) == before


def test_no_room_for_a_database_is_told(open_path: Path) -> None:
    disk = open_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", str(disk)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        cluster = Cluster(disk / "var", min_free_bytes=0 if mounted else 10**18)
        with pytest.raises(SetupError, match=r"full|space"):
            cluster.ensure_running()

        assert cluster.status() == (None, False)
        assert not (disk / "var" / "cluster").exists()
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


def test_a_var_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    # no folder at all is a setting that cannot be meant; the other one the machine refuses
    for var, expected in ((Path("/sys/blockdata"), 1), (tmp_path / "file", 2)):
        _, err = run(var, "district", "ensure", expect=expected)
        assert "[BLOCKDATA_VAR]" in err
        assert "Cure: " in err


def test_a_var_that_became_read_only_is_told(open_path: Path) -> None:
    var = open_path / "var"
    var.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "--bind", str(var), str(var)], check=False, capture_output=True
        ).returncode
    )
    Cluster(var).ensure_running()
    Cluster(var).stop()
    try:
        if mounted:
            subprocess.run(["mount", "-o", "remount,bind,ro", str(var)], check=True)
        else:
            var.chmod(0o500)
        for words in (("db", "start"), ("db", "destroy", "--yes")):
            _, err = run(var, *words, expect=1)
            assert "[BLOCKDATA_VAR]" in err
    finally:
        if mounted:
            subprocess.run(["umount", str(var)], check=True)
        else:
            var.chmod(0o700)
    assert Cluster(var).status()[0] is not None
