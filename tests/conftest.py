"""What all tests share: a scratch database, a small demo district, and the real data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import open_database

PROJECT = Path(__file__).resolve().parent.parent
DEMO_SCALE = 0.01


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings of the test run: a private cluster of its own, made anew and deleted at the end.

    ``BLOCKDATA_TEST_VAR`` names another folder for it, so that two runs can go on side by side.
    """
    var = Path(os.environ.get("BLOCKDATA_TEST_VAR") or PROJECT / "build" / "test-var")
    cluster = Cluster(var)
    cluster.destroy()
    yield Settings(var=var, database_url=None, area="demo", language="zh")
    cluster.destroy()


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
