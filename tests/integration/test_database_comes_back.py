"""The private database goes down under a running server: it comes back by itself, and says so."""

import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from blockdata.errors import Unavailable
from blockdata.settings import Settings
from blockdata.storage import revival
from blockdata.storage.cluster import Cluster
from blockdata.storage.connecting import make_engine
from blockdata.storage.database import open_database
from blockdata.storage.postmaster import orphans, running_on
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.serving import serving

READY = "database system is ready to accept connections"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings with a database of their own, to be ill-treated."""
    fetch_assets(PROJECT / "build")
    settings = Settings(var=tmp_path_factory.mktemp("own"), database_url=None)
    open_database(settings).dispose()
    yield settings
    Cluster(settings.var).destroy()


@pytest.fixture
def site(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr(revival, "FIRST_PAUSE_S", 0.0)
    Cluster(own.var).ensure_running()
    with serving(own) as url, httpx.Client(base_url=url, timeout=120) as client:
        assert client.get("/v1/health").status_code == 200
        yield client


def kill(settings: Settings) -> None:
    placement, _ = Cluster(settings.var).status()
    assert placement is not None
    server = running_on(placement.data)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    while orphans(placement.data):  # each notices for itself that its postmaster is gone
        time.sleep(0.01)


def starts(settings: Settings) -> int:
    placement, _ = Cluster(settings.var).status()
    assert placement is not None
    return placement.log.read_text(encoding="utf-8").count(READY)


def test_killed_it_is_started_again_by_the_next_question(
    own: Settings,
    site: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    kill(own)
    with caplog.at_level(logging.WARNING):
        assert site.get("/v1/health").status_code == 200
    assert any("started again" in record.getMessage() for record in caplog.records)
    assert "已重新启动" in capfd.readouterr().err
    assert site.get("/v1/areas").status_code == 200


def test_many_who_ask_at_once_start_it_once(own: Settings, site: httpx.Client) -> None:
    before = starts(own)
    kill(own)
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: site.get("/v1/areas").status_code, range(36)))
    assert set(answers) == {200}
    assert starts(own) == before + 1


def test_it_is_found_on_another_port(own: Settings, site: httpx.Client) -> None:
    cluster = Cluster(own.var)
    before, _ = cluster.status()
    assert before is not None
    cluster.stop()
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", before.port))
        squatter.listen()
        assert cluster.ensure_running().port != before.port
    assert site.get("/v1/health").status_code == 200


def test_stopped_by_hand_it_stays_down_until_it_is_started(
    own: Settings, site: httpx.Client
) -> None:
    cluster = Cluster(own.var)
    cluster.stop()
    refused = site.get("/v1/health")
    assert refused.status_code == 503
    assert refused.json()["cure"] == "run blockdata db start"
    assert cluster.status()[1] is False
    cluster.ensure_running()
    assert site.get("/v1/health").status_code == 200


def test_one_that_goes_down_again_and_again_is_not_started_in_a_circle(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revival, "FIRST_PAUSE_S", 60.0)
    Cluster(own.var).ensure_running()
    engine = make_engine(own)
    before = starts(own)
    kill(own)
    ask(engine)  # the first time at once
    kill(own)
    for _ in range(2):  # then not for a minute
        with pytest.raises(Unavailable) as refused:
            ask(engine)
        assert refused.value.cure is not None
    assert starts(own) == before + 1
    Cluster(own.var).ensure_running()  # a person may, and then it is found
    ask(engine)
    engine.dispose()


def test_a_transaction_that_is_cut_is_told_and_the_next_one_works(own: Settings) -> None:
    Cluster(own.var).ensure_running()
    engine = make_engine(own)

    def be_cut() -> None:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE half (a int)"))
            kill(own)
            connection.execute(text("SELECT 1"))

    with pytest.raises(Unavailable) as cut:
        be_cut()
    assert "undone" in cut.value.detail.en
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('half')")).scalar() is None
    engine.dispose()


def test_a_database_that_was_deleted_is_not_made_anew_under_a_server(
    tmp_path: Path, own: Settings
) -> None:
    cluster = Cluster(tmp_path)
    cluster.ensure_running()
    engine = make_engine(Settings(var=tmp_path, database_url=None))
    cluster.destroy()
    with pytest.raises(Unavailable):
        ask(engine)
    assert cluster.status() == (None, False)


def test_a_given_server_is_only_said_not_to_answer(own: Settings) -> None:
    placement = Cluster(own.var).ensure_running()
    settings = own.model_copy(update={"database_url": placement.url()})
    engine = make_engine(settings)
    ask(engine)
    kill(own)
    for _ in range(2):
        with pytest.raises(Unavailable) as refused:
            ask(engine)
        assert refused.value.field == "BLOCKDATA_DATABASE_URL"
    assert Cluster(own.var).status()[1] is False
    engine.dispose()


def ask(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
