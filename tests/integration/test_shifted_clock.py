"""A shifted clock: one for Python and the database, told to people, kept from what is real."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from blockdata.address.register.events import read_events
from blockdata.address.register.operations import Edit, rename
from blockdata.address.register.remarks import add_alias
from blockdata.clock import Clock
from blockdata.errors import Conflict, NotFound, NotPermitted
from blockdata.settings import Settings
from blockdata.storage.areas import create_area, drop_area
from blockdata.storage.database import (
    database_now,
    database_url,
    migrate,
    newest_version,
    open_database,
    schema_version,
)
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestQuestion
from dispatch.network.storage import write_roads
from tests.clocks import settings_at
from tests.command import BLOCKDATA
from tests.register_area import build_register_area
from tests.roads_by_hand import make_roads
from tests.serving import serving

DAY_S = 86_400
SECOND = timedelta(seconds=1)
AREA = "exercised"
VOLUNTEER = (113.8505, 22.58)


@pytest.fixture(scope="module")
def ahead(settings: Settings) -> Settings:
    """Settings of an exercise a hundred days ahead of the clock of the other tests."""
    return settings.model_copy(update={"clock_shift_s": settings.clock_shift_s + 100 * DAY_S})


@pytest.fixture
def exercise(ahead: Settings, database: Engine) -> Iterator[Engine]:
    engine = open_database(ahead)
    yield engine
    engine.dispose()


@pytest.fixture
def register(database: Engine) -> Iterator[int]:
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
    yield area_id
    with database.begin() as connection:
        drop_area(connection, AREA)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < 60 * SECOND


def test_the_database_tells_the_same_time(exercise: Engine, ahead: Settings, clock: Clock) -> None:
    with exercise.connect() as connection:
        assert near(database_now(connection), ahead.clock.now())
        assert not near(database_now(connection), clock.now())
        begun = connection.execute(text("SELECT district.transaction_now()")).scalar_one()
        assert begun <= database_now(connection) <= database_now(connection)
        assert connection.execute(text("SELECT district.transaction_now()")).scalar_one() == begun
        connection.execute(text("RESET ALL"))
        assert near(database_now(connection), ahead.clock.now())


def test_a_connection_of_another_kind_has_the_real_clock(settings: Settings, demo: Engine) -> None:
    engine = create_engine(database_url(settings))
    with engine.connect() as connection:
        assert near(database_now(connection), Clock().now())
        connection.execute(text("SET blockdata.clock_shift_s = ''"))
        assert near(database_now(connection), Clock().now())
    engine.dispose()


def test_options_of_a_given_url_are_kept(ahead: Settings, database: Engine) -> None:
    url = f"{database_url(ahead)}&options=-csearch_path%3Droads"
    engine = open_database(ahead.model_copy(update={"database_url": url}))
    with engine.connect() as connection:
        assert connection.execute(text("SHOW search_path")).scalar_one() == "roads"
        assert near(database_now(connection), ahead.clock.now())
    engine.dispose()


def test_defaults_and_events_are_by_it_and_rise_whatever_it_tells(
    exercise: Engine, ahead: Settings, database: Engine, register: int
) -> None:
    with exercise.begin() as connection:
        area_id = build_register_area(connection, "exercised-too")
        made = text(
            "SELECT created_at FROM district.area WHERE area_id = :a"
            " UNION SELECT since FROM register.address WHERE area_id = :a"
            " UNION SELECT since FROM district.grid WHERE area_id = :a"
        )
        (moment,) = connection.execute(made, {"a": area_id}).scalars()  # one for the whole load
        assert near(moment, ahead.clock.now())
        drop_area(connection, "exercised-too")
        rename(connection, first_id(register), Edit("演练"), label="9号")
    with database.begin() as connection:  # back a hundred days, and still after it
        rename(connection, first_id(register), Edit("现场核实"), label="8号")
        first, second = (event["known_at"] for event in read_events(connection, register))
    assert near(first, ahead.clock.now())
    assert first < second < first + SECOND


@pytest.mark.parametrize("shift_s", [-DAY_S, 0, DAY_S])
def test_the_history_of_a_real_area_is_closed_to_it(
    database: Engine, settings: Settings, shift_s: int
) -> None:
    engine = open_database(settings.model_copy(update={"clock_shift_s": shift_s}))
    try:
        with engine.connect() as connection:
            area_id = build_register_area(connection, "exercised-real")
            real = text("UPDATE district.area SET synthetic = false WHERE area_id = :a")
            connection.execute(real, {"a": area_id})
            if shift_s == 0:
                assert rename(connection, first_id(area_id), Edit("现场核实"), label="9号") == 1
                return
            with pytest.raises(NotPermitted) as refused:
                rename(connection, first_id(area_id), Edit("现场核实"), label="9号")
        assert refused.value.field == "BLOCKDATA_CLOCK_SHIFT_S"
        assert refused.value.cure is not None
    finally:
        engine.dispose()


def test_a_clock_that_stands_before_the_data_is_told(exercise: Engine, database: Engine) -> None:
    """What an exercise loaded a hundred days ahead cannot be changed today, and that is said."""
    with exercise.begin() as connection:
        area_id = build_register_area(connection, "exercised-ahead")
    with database.connect() as connection, pytest.raises(Conflict) as refused:
        rename(connection, first_id(area_id), Edit("现场核实"), label="9号")
    assert refused.value.cure is not None
    with database.begin() as connection:
        drop_area(connection, "exercised-ahead")


def _street(connection: Connection, *, synthetic: bool, age_s: int | None) -> None:
    """A street with one volunteer, on duty all day, whose position is known."""
    with suppress(NotFound):  # a real one gives way to no synthetic one
        drop_area(connection, "exercise-street")
    area_id = create_area(
        connection, name="exercise-street", title=Text("演练路", "Exercise street"),
        synthetic=synthetic, profile="baoan", source="made by the tests",
    )  # fmt: skip
    points = [(113.85, 22.58), (113.851, 22.58)]
    write_roads(connection, area_id, make_roads(points, [(0, 1, 102.8, "residential", 0, 7, 0)]))
    given = {"a": area_id, "i": first_id(area_id), "age": age_s, "lon": VOLUNTEER[0],
             "lat": VOLUNTEER[1]}  # fmt: skip
    point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
    for statement in (
        "INSERT INTO dispatch.shift VALUES (:i, :a, '全天', 'all day', 127, 0, 1440)",
        (
            "INSERT INTO dispatch.responder VALUES"
            f" (:i, :a, 'volunteer', 'foot', 'V', :i, '{{}}', {point}, :age)"
        ),
        (
            "INSERT INTO dispatch.position VALUES"
            f" (:i, :a, 'available', {point}, 5, district.transaction_now())"
        ),
    ):
        named = {name: value for name, value in given.items() if f":{name}" in statement}
        connection.execute(text(statement), named)


@pytest.mark.parametrize(
    ("synthetic", "age_s", "located"), [(False, None, False), (False, 10, True), (True, None, True)]
)
def test_real_volunteers_are_not_located_by_it(
    exercise: Engine, ahead: Settings, *, synthetic: bool, age_s: int | None, located: bool
) -> None:
    with exercise.begin() as connection:
        _street(connection, synthetic=synthetic, age_s=age_s)
    question = NearestQuestion(at=(113.8502, 22.58), area="exercise-street", k=1)
    if located:
        (volunteers,) = [
            tier
            for tier in ask_nearest(Desks(exercise, ahead), question).tiers
            if tier.tier == "volunteer"
        ]
        assert volunteers.pool.available == 1
    else:
        with pytest.raises(NotPermitted) as refused:
            ask_nearest(Desks(exercise, ahead), question)
        assert refused.value.field == "BLOCKDATA_CLOCK_SHIFT_S"


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BLOCKDATA, *words], env=environment, capture_output=True, text=True, check=True
    )


def test_a_command_says_so_once_and_its_result_stays_clean(
    demo: Engine, command_environment: dict[str, str], ahead: Settings
) -> None:
    words = ("dispatch", "responders", "list", "--area", "demo", "--json")
    shifted = run(
        command_environment | {"BLOCKDATA_CLOCK_SHIFT_S": str(ahead.clock_shift_s)}, *words
    )
    assert shifted.stderr.count("exercise clock") == 1
    asked_at = datetime.fromisoformat(json.loads(shifted.stdout)["asked_at"])
    assert near(asked_at, ahead.clock.now())
    for real in ("0", ""):
        plain = run(command_environment | {"BLOCKDATA_CLOCK_SHIFT_S": real}, *words)
        assert plain.stderr == ""


def test_the_server_tells_the_time_the_day_and_the_shift(demo: Engine, settings: Settings) -> None:
    midnight = datetime.fromisoformat("2028-02-29T00:00:00+08:00")
    exercise = settings_at(settings, midnight)
    with serving(exercise) as address, httpx.Client(base_url=address, timeout=60) as client:
        told: dict[str, Any] = client.get("/v1/clock", params={"area": "demo"}).json()
        assert near(datetime.fromisoformat(told["now"]), midnight)
        assert (told["shift_s"], told["timezone"], told["today"]) == (
            exercise.clock_shift_s, "Asia/Shanghai", "2028-02-29",
        )  # fmt: skip
        assert client.get("/v1/clock").json().keys() == {"now", "shift_s"}
        assert client.get("/v1/clock", params={"area": "nowhere"}).status_code == 404
        listed = client.get("/v1/closures", params={"area": "demo"}).json()
        assert listed["asked_at"].startswith("2028-02-29T00:0")


def test_the_schema_goes_down_to_the_database_s_own_clock_and_up_again(
    tmp_path: Any, ahead: Settings
) -> None:
    from blockdata.storage.cluster import Cluster

    cluster = Cluster(tmp_path)
    try:
        own_clock = open_database(ahead.model_copy(update={"var": tmp_path, "clock_shift_s": 0}))
        with own_clock.begin() as connection:
            area_id = build_register_area(connection, AREA)
        own_clock.dispose()
        engine = open_database(ahead.model_copy(update={"var": tmp_path}))
        migrate(engine, "0008")
        with engine.begin() as connection:
            add_alias(connection, first_id(area_id), "老牌坊", Edit("现场核实"))
            (event,) = read_events(connection, area_id)
            assert near(event["known_at"], Clock().now())
        migrate(engine)
        assert schema_version(engine) == newest_version()
        with engine.begin() as connection:
            rename(connection, first_id(area_id), Edit("现场核实"), label="8号")
            assert near(read_events(connection, area_id)[-1]["known_at"], ahead.clock.now())
        engine.dispose()
    finally:
        cluster.destroy()
