"""The register over HTTP and from the command line, as its users reach it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from blockdata.address.register.operations import Edit, rename
from blockdata.address.register.review import ask_for_review
from blockdata.address.service import AddressService
from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from blockdata.storage.database import migrate, newest_version, schema_version
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.register_area import COMMUNITY, build_register_area
from tests.serving import serving

AREA = "served"
CODE = f"{COMMUNITY}0100001"


@pytest.fixture(scope="module")
def ids(database: Engine) -> Iterator[dict[str, int]]:
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
    with database.begin() as connection:
        rows = connection.execute(
            text(
                "SELECT level, min(address_id) AS id FROM register.address WHERE area_id = :a"
                " GROUP BY level"
            ),
            {"a": area_id},
        )
        found = {row.level: int(row.id) for row in rows}
        rename(connection, found["estate"], Edit("公告"), label="新苑", name="新苑")
    yield found | {"area": area_id}
    with database.begin() as connection:
        drop_area(connection, AREA)


@pytest.fixture(scope="module")
def site(settings: Settings, ids: dict[str, int]) -> Iterator[httpx.Client]:
    fetch_assets(PROJECT / "build")
    with serving(settings) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


def test_by_id_as_of_history_and_neighbours(
    site: httpx.Client, ids: dict[str, int], clock: Clock
) -> None:
    path = f"/v1/addresses/{ids['building']}"
    now = site.get(path).json()
    assert now["text_zh"].endswith("新苑1栋")
    assert now["status"] == "current"
    today = clock.today("Asia/Shanghai").isoformat()
    assert site.get(path, params={"valid": today}).json()["text_zh"] == now["text_zh"]
    early = site.get(path, params={"valid": "2001-01-01"})
    assert (early.status_code, early.json()["field"]) == (404, "valid")
    assert site.get(path, params={"valid": "gestern"}).status_code == 422
    assert len(site.get(f"{path}/history").json()["timeline"]) == 2
    assert site.get(f"{path}/neighbours").json()["siblings"][0]["text_zh"].endswith("新苑2栋")
    assert site.get("/v1/addresses/7").status_code == 404
    assert site.get("/v1/addresses/7/history").status_code == 404


def test_by_code_and_events(site: httpx.Client, ids: dict[str, int]) -> None:
    (holder,) = site.get(f"/v1/addresses/by-code/{CODE}", params={"area": AREA}).json()["holders"]
    assert holder["address_id"] == str(ids["building"])
    assert site.get(f"/v1/addresses/by-code/{CODE}", params={"at": "2001-01-01"}).status_code == 404
    assert site.get("/v1/addresses/by-code/12").status_code == 422
    wide = CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for written in (wide, f"{CODE[:6]} {CODE[6:]}"):
        found = site.get(f"/v1/addresses/by-code/{written}", params={"area": AREA}).json()
        assert (found["code"], len(found["holders"])) == (CODE, 1)
    feed = site.get("/v1/addresses/events", params={"area": AREA}).json()
    assert feed["last_seq"] == feed["events"][-1]["seq"]
    later = site.get("/v1/addresses/events", params={"area": AREA, "after": feed["last_seq"]})
    assert later.json()["events"] == []


def test_no_answer_holds_a_person(site: httpx.Client, ids: dict[str, int]) -> None:
    for what in ("", "/history", "/neighbours"):
        answer = site.get(f"/v1/addresses/{ids['room']}{what}").text
        for word in ("person", "citizen", "credit", "birth"):
            assert word not in answer


def test_an_undecided_text_is_queued_decided_and_known(
    site: httpx.Client, ids: dict[str, int], database: Engine, settings: Settings
) -> None:
    service = AddressService(database, settings)
    words = "试验路1号旁边的蓝顶铁皮屋"
    with database.begin() as connection:
        given = connection.execute(
            text(
                "INSERT INTO register.address_review"
                " (area_id, text_zh, written, source, candidates)"
                " VALUES (:a, :t, :t, '夜间融合', '[]') RETURNING review_id"
            ),
            {"a": ids["area"], "t": words},
        ).scalar_one()
    listed = site.get("/v1/addresses/review", params={"area": AREA}).json()
    assert listed["counts"]["open"] == 1
    path = f"/v1/addresses/review/{given}"
    assert site.post(f"{path}/skip", json={}).json()["status"] == "skipped"
    site.post(f"{path}/skip", json={"note": "再问", "source": "李"})
    (laid,) = site.get("/v1/addresses/review", params={"area": AREA, "status": "skipped"}).json()[
        "reviews"
    ]
    assert (laid["decided_by"], laid["note"]) == ("李", "再问")
    for body in ({"address_id": "１"}, {"note": "长" * 501}, {"note": "a\x00"}, {"source": " "}):
        assert site.post(f"{path}/decide", json=body).status_code == 422
    bad = site.post(f"{path}/decide", json={"address_id": "7"})
    assert bad.status_code == 404
    done = site.post(f"{path}/decide", json={"address_id": str(ids["building"])})
    assert done.json()["status"] == "matched"
    again = site.post(f"{path}/decide", json={"address_id": None})
    assert again.status_code == 409
    match = site.get("/v1/addresses/match", params={"q": words, "area": AREA}).json()
    assert match["matched"]["address_id"] == str(ids["building"])
    assert match["probability"] == 1.0
    # what is known now is not queued again
    with database.begin() as connection:
        asked = ask_for_review(
            connection, ids["area"], [words], lambda w: service.match(AREA, w), source="t"
        )
    assert (asked.sure, asked.review_ids) == (1, [])
    posted = site.post("/v1/addresses/review", json={"text": "火星大道9号", "area": AREA})
    assert (posted.json()["hopeless"], posted.json()["review_ids"]) == (1, [])
    for body in ({"text": " "}, {"text": "长" * 201}, {"text": "a\x00"}, {"text": "x", "who": "y"}):
        asked_badly = site.post("/v1/addresses/review", json=body | {"area": AREA})
        assert asked_badly.status_code == 422


def test_a_running_server_learns_what_others_record(
    site: httpx.Client, ids: dict[str, int], settings: Settings
) -> None:
    """An alias that a command records is known to the server soon, and as soon forgotten."""
    words, building = "村口蓝顶楼", str(ids["building"])

    def knows(*, it: bool) -> bool:
        for _ in range(60):
            answer = site.get("/v1/addresses/match", params={"q": words, "area": AREA})
            if (answer.status_code == 200) == it:
                return not it or answer.json()["matched"]["address_id"] == building
            time.sleep(0.1)
        return False

    assert knows(it=False)
    command(settings, "address", "alias", "add", building, words, "--source", "居民")
    assert knows(it=True)
    command(settings, "address", "alias", "end", building, words, "--source", "居民")
    assert knows(it=False)


def test_an_estate_s_nickname_is_read_within_longer_words(
    site: httpx.Client, ids: dict[str, int], settings: Settings
) -> None:
    command(settings, "address", "alias", "add", str(ids["estate"]), "蓝月亮苑", "--source", "居民")
    fresh = command(settings, "address", "match", "蓝月亮苑2栋", "--area", AREA, "--json")
    assert json.loads(fresh)["matched"]["text"].endswith("新苑2栋")


def test_the_schema_goes_down_and_up_again(tmp_path: Path) -> None:
    from blockdata.storage.cluster import Cluster
    from blockdata.storage.database import open_database

    cluster = Cluster(tmp_path)
    try:
        engine = open_database(Settings(var=tmp_path, database_url=None))
        with engine.begin() as connection:
            build_register_area(connection, AREA)
        for version in ("0007", "0006", "0003"):
            migrate(engine, version)
            assert schema_version(engine) == version
        migrate(engine)
        assert schema_version(engine) == newest_version()
        with engine.connect() as connection:
            count = connection.execute(text("SELECT count(*) FROM register.address_period"))
            assert count.scalar_one() == 48
        engine.dispose()
    finally:
        cluster.destroy()


def command(settings: Settings, *words: str) -> str:
    environment: dict[str, Any] = os.environ | {
        "BLOCKDATA_VAR": str(settings.var), "BLOCKDATA_DATABASE_URL": "",
        "BLOCKDATA_LANGUAGE": "en",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "from blockdata.cli import main; main()", *words],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
