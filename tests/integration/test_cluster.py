"""The private cluster: made on demand, stopped cleanly, alive after kill -9, never run as root."""

import os
import signal
import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from blockdata.errors import SetupError
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import migrate, newest_version, open_database, schema_version


def postmaster(cluster: Cluster) -> int:
    placement, _ = cluster.status()
    assert placement is not None
    return int((placement.data / "postmaster.pid").read_text(encoding="ascii").split()[0])


def test_life_of_a_cluster(tmp_path: Path) -> None:
    # pytest's folders are closed to others, as those of `mktemp -d` are: the way in as root.
    cluster = Cluster(tmp_path)
    assert cluster.status() == (None, False)
    assert cluster.stop() is False
    try:
        placement = cluster.ensure_running()
        assert cluster.ensure_running() == placement
        owner = (placement.data).stat()
        assert owner.st_uid != 0
        assert stat.S_IMODE(owner.st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "cluster.json").stat().st_mode) == 0o600

        engine = open_database(Settings(var=tmp_path, database_url=None))
        with engine.connect() as connection:
            assert connection.execute(text("SHOW server_encoding")).scalar() == "UTF8"
            # in a SQL_ASCII cluster these two would be the same
            assert connection.execute(text("SELECT similarity('宝安区', '福田区')")).scalar() == 0

        os.kill(postmaster(cluster), signal.SIGKILL)
        engine.dispose()
        cluster.ensure_running()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM district.area")).scalar() == 0
        engine.dispose()

        assert cluster.stop() is True
        assert cluster.status()[1] is False
    finally:
        cluster.destroy()
    assert cluster.status() == (None, False)


def test_a_taken_port_is_changed(tmp_path: Path) -> None:
    import socket

    cluster = Cluster(tmp_path)
    try:
        before = cluster.ensure_running()
        cluster.stop()
        with socket.socket() as squatter:
            squatter.bind(("127.0.0.1", before.port))
            squatter.listen()
            after = cluster.ensure_running()
        assert after.port != before.port
    finally:
        cluster.destroy()


def test_a_full_disk_is_told_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        Cluster(tmp_path, min_free_bytes=10**18).ensure_running()
    assert refused.value.field == "BLOCKDATA_VAR"
    assert refused.value.cure is not None


def test_the_schema_goes_down_and_up_again(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        engine = open_database(Settings(var=tmp_path, database_url=None))
        assert schema_version(engine) == newest_version()
        migrate(engine, "base")
        assert schema_version(engine) is None
        migrate(engine)
        assert schema_version(engine) == newest_version()
        engine.dispose()
        assert create_engine(cluster.ensure_running().url()).dialect.name == "postgresql"
    finally:
        cluster.destroy()


def test_the_tables_are_those_of_the_migrations(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from blockdata.storage.tables import SCHEMAS, metadata

    cluster = Cluster(tmp_path)
    try:
        engine = open_database(Settings(var=tmp_path, database_url=None))
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "include_schemas": True,
                    "include_name": lambda name, kind, _: kind != "schema" or name in SCHEMAS,
                },
            )
            assert compare_metadata(context, metadata) == []
        engine.dispose()
    finally:
        cluster.destroy()
