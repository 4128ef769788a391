"""What all tests share: a scratch database, a small demo district, and the real data."""

import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import Engine

from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import open_database
from tests import scratch, watcher
from tests.scratch import Busy, NotOurs, held, open_folder, scratch_var

PROJECT = scratch.PROJECT
DEMO_SCALE = 0.01
WATCHER = pytest.StashKey["subprocess.Popen[bytes]"]()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Whatever ends the run, the databases and processes that it started go with it."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupt)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # begun in the background of a shell; what the tests start and interrupt would not heed it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    side = getattr(session.config, "workerinput", None)  # of several processes, one
    if side is not None:
        var = scratch_var()
        own = var.with_name(f"{var.name}-{side['workerid']}")
        os.environ["BLOCKDATA_TEST_VAR"] = str(own)
    run = os.environ[watcher.RUN] = secrets.token_hex(8)
    temporary = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    session.config.stash[WATCHER] = watcher.start(run, temporary)


def pytest_unconfigure(config: pytest.Config) -> None:
    if (watching := config.stash.get(WATCHER, None)) is not None:
        watching.communicate()  # it sees our end, and sweeps


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings of the test run: a private cluster of its own, made anew and deleted at the end.

    ``BLOCKDATA_TEST_VAR`` names another folder for it, so that two runs can go on side by side.
    """
    var = scratch_var()
    cluster = Cluster(var)
    try:
        with held(var):
            cluster.destroy()
            yield Settings(var=var, database_url=None, area="demo", language="zh")
            cluster.destroy()
    except (Busy, NotOurs) as refused:
        pytest.exit(str(refused), 1)


@pytest.fixture(scope="session")
def clock(settings: Settings) -> Clock:
    """The clock that the test run goes by, in this process, in commands and in the database.

    ``BLOCKDATA_CLOCK_SHIFT_S`` moves it, and every test passes whatever it tells.
    """
    return settings.clock


@pytest.fixture(scope="session")
def database(settings: Settings) -> Iterator[Engine]:
    """An engine on the scratch database, schema up to date."""
    engine = open_database(settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def demo(settings: Settings, database: Engine) -> Engine:
    """The scratch database with a small demo district in area ``demo``."""
    from blockdata.profile import load_profile
    from ingest.synthetic.load import build_district

    build_district(
        database, load_profile(settings.profile), area=settings.area, seed=1, scale=DEMO_SCALE
    )
    return database


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; tests that need it are skipped where it is not set."""
    folder = os.environ.get("BLOCKDATA_REAL_DATA")
    if not folder:
        pytest.skip("BLOCKDATA_REAL_DATA is not set")
    return Path(folder)


@pytest.fixture
def command_environment(settings: Settings) -> dict[str, str]:
    """The environment in which a test runs ``blockdata`` as its user would."""
    return os.environ | {
        "BLOCKDATA_VAR": str(settings.var),
        "BLOCKDATA_LANGUAGE": "en",
        "BLOCKDATA_DATABASE_URL": "",
    }


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A folder as ``tmp_path`` that every user can enter: a cluster stands within its ``var``."""
    top = open_folder(os.environ[watcher.RUN])
    top.mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=top))
    for path in (top, folder):
        path.chmod(0o755)
    yield folder
    watcher.delete_clusters(folder)
    shutil.rmtree(folder)
