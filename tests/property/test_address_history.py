"""Whatever is done to the register: no id changes, every code resolves, as-of equals a replay."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from blockdata.address.register import reading
from blockdata.address.register.creation import create
from blockdata.address.register.events import read_events
from blockdata.address.register.lineage import Part, merge, split
from blockdata.address.register.operations import Edit, rename, retire
from blockdata.address.register.positions import move
from blockdata.address.register.redraw import DrawnGrid, redraw_grids
from blockdata.errors import Conflict, InputError
from blockdata.storage.areas import drop_area
from blockdata.storage.database import database_now
from tests.register_area import COMMUNITY, GRIDS, SIDE, SOUTH, WEST, build_register_area, strip

EDIT = Edit("性质测试")
OPERATIONS = ("rename", "move", "split", "merge", "retire", "create", "redraw")
CODED = text(
    "SELECT code, address_id FROM register.address WHERE area_id = :a AND status <> 'retired'"
    " AND level IN ('building', 'room')"
)
ALL = text("SELECT * FROM register.address WHERE area_id = :a ORDER BY address_id")


@pytest.fixture(scope="module")
def area(database: Engine) -> Iterator[int]:
    with database.begin() as connection:
        area_id = build_register_area(connection, "replayed")
    yield area_id
    with database.begin() as connection:
        drop_area(connection, "replayed")


@dataclass
class Seen:
    """What the table showed at a moment."""

    at: datetime
    rows: dict[int, tuple[Any, ...]]
    codes: dict[str, int]


@dataclass
class Replica:
    """A copy that knows the first state and the events only, and applies them one by one."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def apply(self, event: dict[str, Any]) -> None:
        for change in event["changes"]:
            self.rows[change["address_id"]] = change

    def told(self, address_id: str) -> tuple[Any, ...]:
        own = top = self.rows[address_id]
        words = own["text_zh"] or own["label_zh"]
        while top["level"] in ("unit", "room"):
            top = self.rows[top["parent_id"]]
            words = (top["text_zh"] or top["label_zh"]) + words
        code = top["code"] + own["code"] if own["level"] == "room" else top["code"]
        return own["status"], words, None if own["status"] == "retired" else code


def look(connection: Connection, area_id: int) -> Seen:
    rows = {
        r.address_id: (r.status, r.text_zh, None if r.status == "retired" else r.code)
        for r in connection.execute(ALL, {"a": area_id})
    }
    codes = {r.code: r.address_id for r in connection.execute(CODED, {"a": area_id})}
    return Seen(database_now(connection), rows, codes)


def first_replica(connection: Connection, area_id: int) -> Replica:
    """The state as loaded, as its file would say it."""
    replica = Replica()
    for r in connection.execute(ALL, {"a": area_id}):
        inherits = r.level in ("unit", "room")
        own_code = {"room": r.code[19:], "unit": None}.get(r.level, r.code)
        replica.rows[str(r.address_id)] = {
            "level": r.level, "status": r.status, "label_zh": r.label_zh, "code": own_code,
            "parent_id": r.parent_id and str(r.parent_id),
            "text_zh": None if inherits else r.text_zh,
        }  # fmt: skip
    return replica


def do(
    connection: Connection, area_id: int, operation: str, pick: random.Random, edit: Edit = EDIT
) -> None:
    living = connection.execute(
        text(
            "SELECT address_id, level, parent_id FROM register.address WHERE area_id = :a"
            " AND status <> 'retired' ORDER BY address_id"
        ),
        {"a": area_id},
    ).fetchall()
    if operation == "redraw":
        return _redraw(connection, area_id, pick, edit)
    if operation == "move":
        one = pick.choice([r for r in living if r.level in ("estate", "building")] or [None])
        if one is not None:
            at = WEST + SIDE * GRIDS * pick.random(), SOUTH + SIDE * pick.random()
            move(connection, one.address_id, edit, at)
        return None
    level = pick.choice(
        ["building", "unit", "room"] + ["estate"] * (operation in ("rename", "create"))
    )
    fitting = [r for r in living if r.level == level]
    if not fitting:
        return None
    one = pick.choice(fitting)
    tag = f"{pick.randrange(10**6)}"
    if operation == "rename":
        rename(connection, one.address_id, edit, label=f"新{tag}")
    elif operation == "split":
        split(connection, one.address_id, edit, [Part(f"甲{tag}"), Part(f"乙{tag}")])
    elif operation == "retire":
        retire(connection, one.address_id, edit, successors=_successor(fitting, one, pick))
    elif operation == "create":
        if one.level != "room":
            level = {"estate": "building", "building": "unit", "unit": "room"}[one.level]
            create(connection, one.address_id, edit, level=level, label=f"增{tag}")
    else:
        others = [r.address_id for r in fitting if r.parent_id == one.parent_id][:3]
        if len(others) > 1:
            with suppress(Conflict), connection.begin_nested():  # both have a room 101, say
                merge(connection, others, others[pick.randrange(len(others))], edit)
    return None


def _successor(fitting: list[Any], one: Any, pick: random.Random) -> tuple[int, ...]:
    others = [r.address_id for r in fitting if r.address_id != one.address_id]
    return (pick.choice(others),) if others and pick.random() < 0.5 else ()


def _redraw(connection: Connection, area_id: int, pick: random.Random, edit: Edit) -> None:
    """All strips drawn anew, three to five of them, with codes that were used before."""
    old = (
        connection.execute(
            text("SELECT code FROM district.grid WHERE area_id = :a"), {"a": area_id}
        )
        .scalars()
        .all()
    )
    count = pick.randint(GRIDS - 1, GRIDS + 1)
    codes = pick.sample([f"{COMMUNITY}{n + 1:02d}" for n in range(GRIDS + 1)], count)
    drawn = [DrawnGrid(c, shapely.from_wkt(strip(n, count))) for n, c in enumerate(codes)]
    redraw_grids(connection, area_id, list(old), drawn, edit)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operations=st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=8),
    seed=st.integers(0, 2**32 - 1),
)
def test_as_of_agrees_with_a_replay_and_with_what_was_seen(
    database: Engine, area: int, operations: list[str], seed: int
) -> None:
    pick = random.Random(seed)
    with database.connect() as connection:
        replica = first_replica(connection, area)
        seen = [look(connection, area)]
        for operation in operations:
            do(connection, area, operation, pick)
            seen.append(look(connection, area))
        events = iter(read_events(connection, area, limit=1000))
        event = next(events, None)
        for moment in seen:
            while event is not None and event["known_at"] <= moment.at:
                replica.apply(event)
                event = next(events, None)
            ids = list(moment.rows)
            for known in (moment.at, None):
                told = reading.as_of_many(connection, ids, valid=moment.at, known=known)
                assert {
                    int(t["address_id"]): (t["status"], t["text_zh"], t["code"]) for t in told
                } == moment.rows
            assert {i: replica.told(str(i)) for i in ids} == moment.rows
            for code, address_id in moment.codes.items():
                (holder,) = reading.resolve(connection, code, at=moment.at, area_id=area)
                assert holder["address_id"] == str(address_id)
        # no id is ever lost, and every retired one that has followers leads to living ones
        assert set(seen[0].rows) <= set(seen[-1].rows)
        followed = connection.execute(
            text("SELECT DISTINCT from_id FROM register.address_lineage WHERE area_id = :a"),
            {"a": area},
        ).scalars()
        for from_id in followed:
            for successor in reading.successors(connection, from_id):
                assert successor["status"] != "retired"
        connection.rollback()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operations=st.lists(st.sampled_from(OPERATIONS), min_size=2, max_size=8),
    seed=st.integers(0, 2**32 - 1),
)
def test_whatever_date_a_change_is_given_codes_resolve_and_beliefs_stay(
    database: Engine, area: int, operations: list[str], seed: int
) -> None:
    """Changes learnt late, in any order: refused, or nothing that was ever said is lost."""
    pick = random.Random(seed)
    with database.connect() as connection:
        for table in ("register.address", "district.grid"):
            connection.execute(
                text(
                    f"UPDATE {table} SET since = district.transaction_now() - interval '30 days'"
                    " WHERE area_id = :a"
                ),
                {"a": area},
            )
        replica = first_replica(connection, area)
        seen = [look(connection, area)]
        for operation in operations:
            # a few dates only, so that some are the same
            at = database_now(connection) - timedelta(days=pick.randrange(0, 35, 5), hours=1)
            edit = Edit("性质测试", at if pick.random() < 0.8 else None)
            with suppress(InputError, Conflict), connection.begin_nested():
                do(connection, area, operation, pick, edit)
            seen.append(look(connection, area))
        for event in read_events(connection, area, limit=1000):
            replica.apply(event)
        now = seen[-1].rows
        assert {i: replica.told(str(i)) for i in now} == now
        for moment in seen:
            told = reading.as_of_many(
                connection, list(moment.rows), valid=moment.at, known=moment.at
            )
            assert {
                int(t["address_id"]): (t["status"], t["text_zh"], t["code"]) for t in told
            } == moment.rows
            for code, address_id in moment.codes.items():
                holders = reading.resolve(connection, code, area_id=area)
                assert str(address_id) in {holder["address_id"] for holder in holders}
                for holder in holders:
                    # on a date within its period nobody else answers
                    (then,) = reading.resolve(
                        connection, code, at=holder["valid_from"], area_id=area
                    )
                    assert then["address_id"] == holder["address_id"]
        connection.rollback()


def test_redrawing_a_twentieth_of_the_grids_changes_no_id(demo: Engine, settings: Any) -> None:
    """On the demo district: three of its grids exchange their codes; all old codes resolve."""
    with demo.connect() as connection:
        area_id = connection.execute(
            text("SELECT area_id FROM district.area WHERE name = :n"), {"n": settings.area}
        ).scalar_one()
        grids = connection.execute(
            text(
                "SELECT code, ST_AsBinary(outline) AS outline FROM district.grid"
                " WHERE area_id = :a ORDER BY code"
            ),
            {"a": area_id},
        ).fetchall()
        some = grids[: max(3, len(grids) // 20)]
        before = look(connection, area_id)
        now = database_now(connection)
        turned = [*some[1:], some[0]]
        redraw_grids(
            connection, area_id, [g.code for g in some],
            [
                DrawnGrid(g.code, shapely.from_wkb(bytes(old.outline)))
                for g, old in zip(turned, some, strict=True)
            ],
            EDIT,
        )  # fmt: skip
        after = look(connection, area_id)
        assert after.rows.keys() == before.rows.keys()
        changed = [c for c, i in before.codes.items() if after.rows[i][2] != c]
        assert changed
        for code in changed[::7]:
            (then,) = reading.resolve(connection, code, at=now, area_id=area_id)
            assert then["address_id"] == str(before.codes[code])
            holders = reading.resolve(connection, code, area_id=area_id)
            assert len(holders) == (2 if code in after.codes else 1)
        sample = list(after.rows)[::97]
        told = reading.as_of_many(connection, sample)
        assert [(t["status"], t["text_zh"], t["code"]) for t in told] == [
            after.rows[i] for i in sample
        ]
        connection.rollback()
