"""A database of a test's own, to be ill-treated, and commands that are run on it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from blockdata.settings import Settings
from blockdata.storage.areas import list_areas
from blockdata.storage.cluster import Cluster
from blockdata.storage.connecting import make_engine
from blockdata.storage.database import open_database, schema_version
from blockdata.storage.postmaster import orphans, running_on
from ingest.synthetic.report import count_rows
from tests.command import BLOCKDATA

Process = subprocess.Popen[str]


def settings_for(var: Path) -> Settings:
    """Settings of a private database in ``var``; it is made."""
    settings = Settings(var=var, database_url=None)
    open_database(settings).dispose()
    return settings


def environment(var: Path, **more: str) -> dict[str, str]:
    """The environment of a command that uses the database in ``var``."""
    own = {"BLOCKDATA_VAR": str(var), "BLOCKDATA_DATABASE_URL": "", "BLOCKDATA_LANGUAGE": "en"}
    return os.environ | own | more


def begin(var: Path, *words: str) -> Process:
    """Start a command."""
    return subprocess.Popen(
        [BLOCKDATA, *words],
        env=environment(var), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def end(process: Process) -> tuple[int, str, str]:
    """Wait for a command: exit code, what it printed, and what it said on stderr."""
    out, err = process.communicate(timeout=600)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def run(var: Path, *words: str, expect: int = 0) -> tuple[str, str]:
    """Run a command to its end: what it printed, and what it said on stderr."""
    code, out, err = end(begin(var, *words))
    assert code == expect, err
    return out, err


def areas(settings: Settings) -> dict[str, dict[str, int]]:
    """Rows of each area that hold what a command may lose, by table; starts the database."""
    found: dict[str, dict[str, int]] = {}
    engine = open_database(settings)
    with engine.connect() as connection:
        for area in list_areas(connection):
            found[area.name] = count_rows(connection, area.area_id)
    engine.dispose()
    return found


def schema(settings: Settings) -> str | None:
    """The version at which the schema stands; starts the database."""
    Cluster(settings.var).ensure_running()
    engine = make_engine(settings)
    version = schema_version(engine)
    engine.dispose()
    return version


def kill_server(var: Path) -> None:
    """``kill -9`` of the postmaster; returns when its processes are gone too."""
    placement, _ = Cluster(var).status()
    assert placement is not None
    server = running_on(placement.data)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    while orphans(placement.data):
        time.sleep(0.01)


@contextmanager
def holding(settings: Settings, statement: str, **values: Any) -> Iterator[Engine]:
    """Run a statement that locks something, and hold it."""
    engine = make_engine(settings)
    with engine.connect() as connection:
        connection.execute(text(statement), values)
        yield engine
        connection.invalidate()
    engine.dispose()


def wait_until_it_waits(engine: Engine, what: str) -> None:
    """Return when another connection waits for a lock in a statement that holds ``what``."""
    ask = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND query ILIKE '%' || :what || '%'"
        " AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 300
    while True:
        with engine.connect() as connection:
            if connection.execute(ask, {"what": what}).scalar_one():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def addresses(folder: Path, *rows: str, name: str = "addresses.csv") -> Path:
    """A file of addresses."""
    path = folder / name
    path.write_text("\n".join(["name,address,lon,lat", *rows]) + "\n", encoding="utf-8")
    return path
