"""No way into the database keeps a caller's name or number."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, inspect, text

from blockdata.address.register.operations import Edit, rename
from blockdata.address.register.retention import forget_undecided
from blockdata.clock import Clock
from blockdata.errors import InputError
from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import create_area, drop_area, find_area
from blockdata.text import Text
from dispatch.network.closures import ClosureOrder, close
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.register_area import build_register_area
from tests.running import Run, runner
from tests.serving import serving

AREA = "personal"
PHONE = "13800138000"
PERSON = f"联系人:张三 {PHONE}"
# so many letters that a misspelling is neither sure nor hopeless
ESTATE, MISSPELT = "康弘公寓", "康弘公遇2栋"


@pytest.fixture(scope="module")
def ids(database: Engine) -> Iterator[dict[str, str]]:
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
        rows = connection.execute(
            text("SELECT text_zh, address_id FROM register.address WHERE area_id = :a"),
            {"a": area_id},
        )
        found = {row.text_zh.removeprefix("试验街道试验社区"): str(row.address_id) for row in rows}
    with database.begin() as connection:
        rename(connection, int(found["试验路2号花园2"]), Edit("公告"), label=ESTATE)
    yield found
    with database.begin() as connection:
        drop_area(connection, AREA)


@pytest.fixture
def run(
    settings: Settings,
    ids: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    return runner(settings, monkeypatch, capsys)


def _everything_stored(engine: Engine) -> str:
    """All text of all tables that hold words, as PostgreSQL writes it."""
    parts = []
    with engine.connect() as connection:
        for schema in ("register", "district", "roads", "responders"):
            for table in inspect(connection).get_table_names(schema=schema):
                rows = connection.execute(
                    text(
                        f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {schema}.{table} t"
                    )
                )
                parts.append(str(rows.scalar_one()))
    return "\n".join(parts)


def test_the_queue_keeps_the_address_only(run: Run, ids: dict[str, str], database: Engine) -> None:
    words = f"{MISSPELT} {PERSON}"
    add = ("address", "review", "add", words, "--area", AREA)
    assert "个人信息:电话号码、姓名" in run(*add, language="zh")
    asked = json.loads(run(*add, "--json"))
    assert asked["stripped"] == {"phone": 1, "name": 1}
    (review_id,) = asked["review_ids"]
    (row,) = json.loads(run("address", "review", "list", "--area", AREA, "--json"))
    assert (row["written"], row["text_zh"], row["times_seen"]) == (MISSPELT, MISSPELT, 2)
    # a note that names somebody is refused, and the decision teaches an alias without the person
    note = ("--note", f"已致电 {PHONE}")
    decide = ("address", "review", "decide", review_id, ids["试验路2号花园22栋"])
    assert json.loads(run(*decide, *note, "--json", expect=1))["field"] == "note"
    run(*decide, "--note", "电话核实")
    (alias,) = json.loads(run("address", "alias", "list", ids["试验路2号花园22栋"], "--json"))
    assert alias["text_zh"] == MISSPELT
    assert PHONE not in _everything_stored(database)
    only_a_person = json.loads(run("address", "review", "add", PERSON, "--area", AREA, "--json"))
    assert (only_a_person["hopeless"], only_a_person["queued"]) == (1, 0)


def test_what_was_queued_before_is_stripped_when_it_is_decided(
    run: Run, ids: dict[str, str], database: Engine
) -> None:
    words = f"蓝顶铁皮屋{PERSON}"
    with database.begin() as connection:
        review_id = connection.execute(
            text(
                "INSERT INTO register.address_review"
                " (area_id, text_zh, written, source, candidates)"
                " VALUES (:a, :t, :t, '旧版', '[]') RETURNING review_id"
            ),
            {"a": find_area(connection, AREA).area_id, "t": words},
        ).scalar_one()
    run("address", "review", "decide", str(review_id), ids["试验路3号花园31栋"])
    (alias,) = json.loads(run("address", "alias", "list", ids["试验路3号花园31栋"], "--json"))
    assert alias["text_zh"] == "蓝顶铁皮屋"
    assert PHONE not in _everything_stored(database)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("address", "alias", "add", "BUILDING", f"老楼 {PHONE}", "--source", "居民"), "text"),
        (("address", "alias", "add", "BUILDING", "老楼王先生家", "--source", "居民"), "text"),
        (("address", "alias", "add", "BUILDING", "老楼", "--source", PERSON), "source"),
        (
            ("address", "doubt", "set", "BUILDING", "point", PERSON, "--source", "居民"),
            "evidence",
        ),
        (("address", "edit", "rename", "BUILDING", PERSON, "--source", "居民"), "label"),
        (
            ("address", "edit", "rename", "BUILDING", "--name", PERSON, "--source", "居民"),
            "name",
        ),
        (
            ("address", "edit", "create", "BUILDING", "room", PERSON, "--source", "居民"),
            "label",
        ),
        (("address", "edit", "split", "BUILDING", PERSON, "2B栋", "--source", "居民"), "parts"),
        (("address", "edit", "retire", "BUILDING", "--source", PERSON), "source"),
        (("address", "review", "add", "火星路", "--area", AREA, "--source", PERSON), "source"),
        (("grid", "assign", "44030699900101", PHONE, "--area", AREA), "officer"),
        (("grid", "assign", "44030699900101", " ", "--area", AREA), "officer"),
    ],
)
def test_what_is_written_for_good_is_refused(
    run: Run, ids: dict[str, str], database: Engine, words: tuple[str, ...], field: str
) -> None:
    building = ids["试验路1号花园12栋"]
    given = [building if word == "BUILDING" else word for word in words]
    problem = json.loads(run(*given, "--json", expect=1).splitlines()[-1])
    assert problem["field"] == field
    assert PHONE not in _everything_stored(database)


def test_an_alias_with_a_person_in_it_can_still_be_ended(
    run: Run, ids: dict[str, str], database: Engine
) -> None:
    building = ids["试验路4号花园42栋"]
    run("address", "alias", "add", building, "红顶楼", "--source", "居民")
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE register.address_alias SET text_zh = '红顶楼王先生' WHERE address_id = :id"
            ),
            {"id": building},
        )
    run("address", "alias", "end", building, "红顶楼王先生", "--source", "居民")
    with database.begin() as connection:
        connection.execute(
            text("DELETE FROM register.address_alias WHERE address_id = :id"), {"id": building}
        )


def test_names_and_sources_of_areas(database: Engine) -> None:
    with database.begin() as connection:
        about = {"synthetic": False, "profile": "baoan"}
        with pytest.raises(InputError) as error:
            create_area(connection, name="x-13800138000", title=Text("x", "x"), source="", **about)
        assert error.value.field == "area"
        create_area(
            connection,
            name="personal-source",
            title=Text("x", "x"),
            source="张三13800138000.csv",
            **about,
        )
        assert find_area(connection, "personal-source").source == "csv"
        drop_area(connection, "personal-source")


@pytest.mark.parametrize("reason", [PERSON, "施工\0"])
def test_a_closure_says_nothing_about_a_person(database: Engine, clock: Clock, reason: str) -> None:
    order = ClosureOrder(at=(113.8, 22.6), reason=reason)
    with database.begin() as connection, pytest.raises(InputError) as error:
        close(connection, find_area(connection, AREA).area_id, order, clock.now())
    assert error.value.field == "reason"


def test_over_http_the_person_is_taken_out_and_told(
    settings: Settings, ids: dict[str, str], database: Engine
) -> None:
    fetch_assets(PROJECT / "build")
    with serving(settings) as address, httpx.Client(base_url=address, timeout=120) as site:
        text_ = f"康弘公遇1栋 {PERSON}"
        asked = site.post("/v1/addresses/review", json={"area": AREA, "text": text_}).json()
        assert asked["stripped"] == {"phone": 1, "name": 1}
        (review_id,) = asked["review_ids"]
        route = f"/v1/addresses/review/{review_id}"
        for body in ({"note": PERSON}, {"source": PERSON}):
            answer = site.post(f"{route}/skip", json=body)
            assert (answer.status_code, answer.json()["field"]) == (422, next(iter(body)))
    assert PHONE not in _everything_stored(database)


def test_undecided_texts_are_forgotten_in_time(
    run: Run, database: Engine, settings: Settings, clock: Clock
) -> None:
    days = load_profile("baoan").review.keep_undecided_days
    now = clock.now()
    ages = {"open": days + 1, "skipped": days + 1, "unmatched": days + 1, "young": days - 1}
    with database.begin() as connection:
        area = find_area(connection, AREA)
        connection.execute(
            text("DELETE FROM register.address_review WHERE area_id = :a"), {"a": area.area_id}
        )
        for words, age in ages.items():
            connection.execute(
                text(
                    "INSERT INTO register.address_review"
                    " (area_id, text_zh, written, source, candidates, status, asked_at)"
                    " VALUES (:a, :t, :t, '夜间融合', '[]', :s, :at)"
                ),
                {
                    "a": area.area_id, "t": words, "at": now - timedelta(days=age),
                    "s": "open" if words == "young" else words,
                },
            )  # fmt: skip

    def left() -> set[str]:
        with database.connect() as connection:
            rows = connection.execute(
                text("SELECT text_zh FROM register.address_review WHERE area_id = :a"),
                {"a": area.area_id},
            )
            return set(rows.scalars())

    with database.begin() as connection:
        assert forget_undecided(connection, area, now - timedelta(days=2)) == 0
    # the server's look
    fetch_assets(PROJECT / "build")
    with serving(settings) as address, httpx.Client(base_url=address, timeout=120) as site:
        for _ in range(600):
            site.get("/v1/health").raise_for_status()
            if "open" not in left():
                break
            time.sleep(0.05)
    assert left() == {"unmatched", "young"}  # what was decided stays
    # the command's, by other days
    forgotten = run("address", "review", "forget", "--area", AREA, "--days", "0", "--json")
    assert json.loads(forgotten.splitlines()[-1]) == {"area": AREA, "forgotten": 1}
    assert left() == {"unmatched"}
