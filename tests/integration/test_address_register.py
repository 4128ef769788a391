"""The register over time: operations, their errors, and what the database itself refuses."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from blockdata.address.importing.geoparquet import open_geoparquet
from blockdata.address.register import reading
from blockdata.address.register.creation import create
from blockdata.address.register.events import last_seq, read_events
from blockdata.address.register.export import export_addresses
from blockdata.address.register.lineage import Part, merge, split
from blockdata.address.register.operations import Edit, activate, rename, retire
from blockdata.address.register.redraw import DrawnGrid, redraw_grids
from blockdata.address.register.remarks import (
    add_alias,
    clear_doubt,
    end_alias,
    living_aliases,
    set_doubt,
)
from blockdata.errors import BlockdataError, Conflict, InputError, NotFound
from blockdata.storage.areas import drop_area
from blockdata.storage.database import database_now
from tests.register_area import COMMUNITY, build_register_area, strip

WALK = Edit("现场核实")


@pytest.fixture
def area(database: Engine) -> Iterator[int]:
    with database.begin() as connection:
        area_id = build_register_area(connection, "register")
    yield area_id
    with database.begin() as connection:
        drop_area(connection, "register")


@pytest.fixture
def here(database: Engine, area: int) -> Iterator[Connection]:
    """A connection whose changes are undone."""
    with database.connect() as connection:
        yield connection
        connection.rollback()


def one(connection: Connection, area_id: int, label: str, level: str = "building") -> int:
    return int(
        connection.execute(
            text(
                "SELECT min(address_id) FROM register.address"
                " WHERE area_id = :a AND level = :level AND label_zh = :label"
            ),
            {"a": area_id, "level": level, "label": label},
        ).scalar_one()
    )


def row(connection: Connection, address_id: int) -> dict[str, object]:
    found = connection.execute(
        text("SELECT * FROM register.address WHERE address_id = :i"), {"i": address_id}
    )
    return dict(found.mappings().one())


def same_as_stored(connection: Connection, area_id: int) -> None:
    """The newest state read from the history is the table that everything else reads."""
    stored = connection.execute(
        text("SELECT * FROM register.address WHERE area_id = :a ORDER BY address_id"),
        {"a": area_id},
    ).fetchall()
    told = reading.as_of_many(connection, [r.address_id for r in stored])
    assert [(t["address_id"], t["text_zh"], t["code"], t["status"]) for t in told] == [
        (str(r.address_id), r.text_zh, None if r.status == "retired" else r.code, r.status)
        for r in stored
    ]


def test_a_rename_reaches_below_and_the_old_words_stay_known(here: Connection, area: int) -> None:
    estate, room = one(here, area, "花园1", "estate"), one(here, area, "101房", "room")
    before = database_now(here)
    seq = rename(here, estate, WALK, label="新苑", name="新苑")
    assert reading.as_of(here, room)["text_zh"] == "试验街道试验社区试验路1号新苑1栋101房"
    assert reading.as_of(here, room, known=before)["text_zh"].endswith("花园11栋101房")
    same_as_stored(here, area)
    timeline = reading.history(here, room)["timeline"]
    assert [entry["text_zh"][-8:-6] for entry in timeline] == ["园1", "新苑"]
    event = read_events(here, area)[-1]
    assert (event["seq"], event["kind"], event["source"]) == (seq, "rename", "现场核实")
    # only what says it itself has a version: the estate and its two buildings
    assert len(event["changes"]) == 3


def test_both_times_are_kept_apart(here: Connection, area: int) -> None:
    """A change learnt today that held since last week: last week's readers did not know."""
    estate = one(here, area, "花园2", "estate")
    here.execute(
        text(
            "UPDATE register.address SET since = district.transaction_now() - interval '30 days'"
            " WHERE area_id = :a"
        ),
        {"a": area},
    )
    learnt = database_now(here)
    rename(here, estate, Edit("公告", valid_from=learnt - timedelta(days=7)), label="新苑")

    def said(valid_days: float, known_days: float) -> str:
        state = reading.as_of(
            here,
            estate,
            valid=learnt - timedelta(days=valid_days),
            known=learnt - timedelta(days=known_days),
        )
        return str(state["label_zh"])

    assert said(3, -1) == "新苑"
    assert said(10, -1) == "花园2"
    assert said(3, 3) == "花园2"
    with pytest.raises(NotFound):
        said(40, -1)


def test_a_split_room_leads_to_its_parts_and_its_code_to_the_past(
    here: Connection, area: int
) -> None:
    room = one(here, area, "101房", "room")
    code = str(row(here, room)["code"])
    made = split(here, room, WALK, [Part("101A房"), Part("101B房")])
    assert row(here, room)["status"] == "retired"
    assert [s["address_id"] for s in reading.successors(here, room)] == [str(m) for m in made]
    assert reading.successors(here, room, at=datetime(2020, 1, 1, tzinfo=UTC)) == []
    (holder,) = reading.resolve(here, code, area_id=area)
    assert holder["address_id"] == str(room)
    assert holder["valid_to"] is not None
    with pytest.raises(NotFound):
        reading.resolve(here, code, area_id=area, at=database_now(here) + timedelta(hours=1))
    assert len({str(row(here, m)["code"]) for m in made} | {code}) == 3
    # and on: the parts are merged again, the first id leads to the end of the way
    merge(here, made, made[1], WALK)
    assert [s["address_id"] for s in reading.successors(here, room)] == [str(made[1])]
    same_as_stored(here, area)


def test_a_split_building_keeps_the_ids_of_its_rooms(here: Connection, area: int) -> None:
    building = one(here, area, "2栋")
    rooms = "SELECT address_id FROM register.address WHERE building_id = :b AND level = 'room'"
    given = {"b": row(here, building)["building_id"]}
    before = set(here.execute(text(rooms), given).scalars())
    units = (
        here.execute(
            text("SELECT address_id FROM register.address WHERE parent_id = :p ORDER BY 1"),
            {"p": building},
        )
        .scalars()
        .all()
    )
    made = split(here, building, WALK, [Part("2A栋"), Part("2B栋")], children={units[1]: 1})
    assert set(here.execute(text(rooms), given).scalars()) == before
    assert [row(here, unit)["parent_id"] for unit in units] == made
    same_as_stored(here, area)
    old = str(row(here, building)["code"])
    assert reading.resolve(here, old + "010101", area_id=area)


def test_merged_buildings_keep_their_rooms_apart(here: Connection, area: int) -> None:
    first, second = one(here, area, "1栋"), one(here, area, "2栋")
    merge(here, [second], first, WALK)
    same_as_stored(here, area)
    codes = (
        here.execute(
            text(
                "SELECT code FROM register.address WHERE area_id = :a AND level = 'room'"
                " AND status <> 'retired'"
            ),
            {"a": area},
        )
        .scalars()
        .all()
    )
    assert len(codes) == len(set(codes)) == 24
    assert reading.history(here, second)["successors"][0]["address_id"] == str(first)


def test_retiring_reaches_below_and_is_for_ever(here: Connection, area: int) -> None:
    building, other = one(here, area, "1栋"), one(here, area, "2栋")
    retire(here, building, WALK, successors=(other,))
    rooms = here.execute(
        text("SELECT status FROM register.address WHERE parent_id = :p"), {"p": building}
    ).scalars()
    assert set(rooms) == {"retired"}
    assert [s["address_id"] for s in reading.successors(here, building)] == [str(other)]
    same_as_stored(here, area)
    for change in (
        lambda: rename(here, building, WALK, label="9栋"),
        lambda: retire(here, building, WALK),
        lambda: split(here, building, WALK, [Part("A"), Part("B")]),
        lambda: add_alias(here, building, "老楼", WALK),
    ):
        with pytest.raises(Conflict):
            change()


def test_a_planned_address_becomes_current(here: Connection, area: int) -> None:
    estate = one(here, area, "花园1", "estate")
    planned = create(here, estate, WALK, level="building", label="3栋", status="planned")
    assert reading.as_of(here, planned)["status"] == "planned"
    activate(here, planned, WALK)
    assert reading.as_of(here, planned)["status"] == "current"
    with pytest.raises(Conflict):
        activate(here, planned, WALK)
    same_as_stored(here, area)


def test_grids_change_places_and_every_code_resolves_by_date(here: Connection, area: int) -> None:
    coded = here.execute(
        text(
            "SELECT code, address_id FROM register.address WHERE area_id = :a"
            " AND level IN ('building', 'room')"
        ),
        {"a": area},
    )
    before = {row.code: row.address_id for row in coded}
    first, second = f"{COMMUNITY}01", f"{COMMUNITY}02"
    moment = database_now(here)
    done = redraw_grids(
        here, area, [first, second],
        [
            DrawnGrid(second, shapely.from_wkt(strip(0))),
            DrawnGrid(first, shapely.from_wkt(strip(1))),
        ],
        WALK,
    )  # fmt: skip
    assert done.relabelled == 8
    for code, address_id in before.items():
        (held,) = reading.resolve(here, code, area_id=area, at=moment)
        assert held["address_id"] == str(address_id)
    # given again: two holders with periods that meet
    code = next(c for c in before if c.startswith(first) and len(c) == 25)
    past, now = reading.resolve(here, code, area_id=area)
    assert past["valid_to"] == now["valid_from"]
    assert past["address_id"] != now["address_id"]
    # 14 digits name a grid, and say which grids lie there now
    old, new = reading.resolve(here, first, area_id=area)
    assert old["codes_now"] == [second]
    assert new["valid_to"] is None
    same_as_stored(here, area)
    assert (
        here.execute(
            text(
                "SELECT count(*) FROM register.building b JOIN district.grid g USING (grid_id)"
                " WHERE b.area_id = :a AND left(b.code, 14) <> g.code"
            ),
            {"a": area},
        ).scalar_one()
        == 0
    )


def test_a_redraw_that_leaves_ground_uncovered_is_refused(here: Connection, area: int) -> None:
    code = f"{COMMUNITY}01"
    with pytest.raises(InputError) as refused:
        redraw_grids(here, area, [code], [DrawnGrid(code, shapely.from_wkt(strip(0, 32)))], WALK)
    assert "4 addresses lie in no new grid" in refused.value.detail.en
    here.rollback()
    with pytest.raises(NotFound):
        redraw_grids(here, area, ["44030699900199"], [], WALK)


def test_aliases_have_validity_source_and_confidence(here: Connection, area: int) -> None:
    building = one(here, area, "1栋")
    add_alias(here, building, "蓝顶楼", Edit("居民", None), confidence=0.8)
    (alias,) = reading.history(here, building)["aliases"]
    assert (alias["text_zh"], alias["source"]) == ("蓝顶楼", "居民")
    assert living_aliases(here, area)["蓝顶楼"][0].address_id == building
    end_alias(here, building, "蓝顶楼", WALK)
    assert living_aliases(here, area) == {}
    (alias,) = reading.history(here, building)["aliases"]
    assert alias["valid_to"] is not None
    with pytest.raises(NotFound):
        end_alias(here, building, "蓝顶楼", WALK)
    for confidence in (0.0, 1.5):
        with pytest.raises(InputError):
            add_alias(here, building, "红顶楼", WALK, confidence=confidence)
    add_alias(here, building, "红顶楼", WALK)
    with pytest.raises(Conflict) as refused:
        add_alias(here, building, "红顶楼", WALK)
    assert "recorded already" in refused.value.detail.en


def test_doubts_carry_their_evidence(here: Connection, area: int) -> None:
    building = one(here, area, "1栋")
    set_doubt(here, building, "point", "离道路 80 米", WALK)
    (doubt,) = reading.history(here, building)["doubts"]
    assert (doubt["attribute"], doubt["evidence"]) == ("point", "离道路 80 米")
    clear_doubt(here, building, "point", WALK)
    assert reading.history(here, building)["doubts"] == []
    with pytest.raises(NotFound):
        clear_doubt(here, building, "point", WALK)
    with pytest.raises(InputError):
        set_doubt(here, building, "colour", "?", WALK)
    with pytest.raises(InputError):
        set_doubt(here, building, "point", " ", WALK)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda c, i: rename(c, i, WALK), "label"),
        (lambda c, i: rename(c, i, Edit(" "), label="x"), "source"),
        (lambda c, i: split(c, i, WALK, [Part("A")]), "parts"),
        (lambda c, i: merge(c, [], i, WALK), "address_ids"),
        (lambda c, i: create(c, i, WALK, level="planet", label="x"), "level"),
        (lambda c, _: rename(c, 7, WALK, label="x"), "address_id"),
        (
            lambda c, i: rename(
                c, i, Edit("x", valid_from=database_now(c) + timedelta(days=1)), label="x"
            ),
            "valid_from",
        ),
        (lambda c, _: reading.as_of(c, 7), "address_id"),
        (lambda c, _: reading.history(c, 7), "address_id"),
        (lambda c, _: reading.resolve(c, "123"), "code"),
        (lambda c, _: reading.resolve(c, "4" * 19), "code"),
    ],
)
def test_errors_name_the_field(here: Connection, area: int, change: object, field: str) -> None:
    with pytest.raises(BlockdataError) as refused:
        change(here, one(here, area, "1栋"))  # type: ignore[operator]
    assert refused.value.field == field


def test_the_database_itself_holds_it(here: Connection, area: int) -> None:
    """What plain SQL tries around the operations."""
    building, other = one(here, area, "1栋"), one(here, area, "2栋")
    forbidden = [
        "DELETE FROM register.address WHERE address_id = :i",
        "UPDATE register.address SET address_id = 5 WHERE address_id = :i",
        "UPDATE register.address SET status = 'gone' WHERE address_id = :i",
        "UPDATE register.address SET code = '4403069990010100002' WHERE address_id = :i",
        (
            "INSERT INTO register.address_lineage"
            " VALUES (:o, :i, :a, 'split', district.transaction_now(), 1)"
        ),
    ]
    for statement in forbidden:
        given = {"i": building, "o": other, "a": area}
        named = {k: v for k, v in given.items() if f":{k}" in statement}
        savepoint = here.begin_nested()
        with pytest.raises(IntegrityError):
            here.execute(text(statement), named)
        savepoint.rollback()


def test_an_edit_by_hand_is_an_event_too(database: Engine, area: int) -> None:
    with database.begin() as connection:
        building = one(connection, area, "1栋")
        connection.execute(
            text("UPDATE register.address SET name_zh = '手改' WHERE address_id = :i"),
            {"i": building},
        )
    with database.connect() as connection:
        (event,) = read_events(connection, area)
        assert event["kind"] == "edit"
        assert event["changes"][0]["name_zh"] == "手改"
        assert len(reading.history(connection, building)["versions"]) == 3
        same_as_stored(connection, area)


def test_writers_take_turns_and_the_feed_has_no_gap(database: Engine, area: int) -> None:
    """The second waits for the first; a transaction that is undone leaves no number behind."""
    with database.connect() as look:
        building = one(look, area, "1栋")
    first = database.connect()
    begun = first.begin()
    rename(first, building, WALK, label="甲栋")
    done: list[object] = []

    def second() -> None:
        with database.begin() as connection:
            done.append(rename(connection, building, Edit("另一人"), label="乙栋"))

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(timeout=0.5)
    assert thread.is_alive()
    begun.commit()
    first.close()
    thread.join(timeout=30)
    assert done == [2]
    with database.connect() as connection:
        undone = connection.begin()
        assert rename(connection, building, WALK, label="丙栋") == 3
        undone.rollback()
        assert last_seq(connection, area) == 2
        events = read_events(connection, area)
        assert [event["seq"] for event in events] == [1, 2]
        assert events[0]["known_at"] < events[1]["known_at"]
        labels = [e["text_zh"][-2:] for e in reading.history(connection, building)["timeline"]]
        assert labels == ["1栋", "甲栋", "乙栋"]


def test_of_many_who_want_one_address_one_has_it(database: Engine, area: int) -> None:
    """Eight at once split, retire, merge or rename the same building: one ending, no overlap."""
    with database.connect() as look:
        building, other = one(look, area, "1栋"), one(look, area, "2栋")
    changes = (
        lambda c, n: split(c, building, Edit(f"{n}"), [Part(f"甲{n}"), Part(f"乙{n}")]),
        lambda c, n: retire(c, building, Edit(f"{n}"), successors=(other,)),
        lambda c, n: merge(c, [building], other, Edit(f"{n}")),
        lambda c, n: rename(c, building, Edit(f"{n}"), label=f"新{n}"),
    )
    done: list[int] = []
    refused: list[BlockdataError] = []
    start = threading.Barrier(8)

    def clerk(n: int) -> None:
        start.wait()
        try:
            with database.begin() as connection:
                changes[n % 4](connection, n)
            done.append(n % 4)
        except BlockdataError as error:
            refused.append(error)

    threads = [threading.Thread(target=clerk, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(done) + len(refused) == 8
    assert {type(error) for error in refused} <= {Conflict}
    assert sum(kind != 3 for kind in done) == 1
    with database.connect() as connection:
        assert [e["seq"] for e in read_events(connection, area)] == list(range(1, len(done) + 1))
        same_as_stored(connection, area)
        assert reading.history(connection, building)["successors"]
        overlapping = connection.execute(
            text(
                "SELECT count(*) FROM register.address_version AS a"
                " JOIN register.address_version AS b USING (address_id)"
                " WHERE a.area_id = :a AND a.version_id < b.version_id"
                " AND a.valid && b.valid AND a.known && b.known"
            ),
            {"a": area},
        )
        assert overlapping.scalar_one() == 0


def test_what_was_below_leads_on_too(here: Connection, area: int) -> None:
    """A room of a building that another replaces leads to that building."""
    building, other = one(here, area, "1栋"), one(here, area, "2栋")
    room = one(here, area, "101房", "room")
    assert row(here, room)["parent_id"] == building
    retire(here, building, WALK, successors=(other, other))
    assert [s["address_id"] for s in reading.successors(here, room)] == [str(other)]
    assert reading.history(here, room)["successors"][0]["address_id"] == str(other)


def test_a_code_told_by_the_levels_above_is_not_lost(here: Connection, area: int) -> None:
    """A room retired as of a day before its building got another code: refused, by the database."""
    now = database_now(here)
    for table in ("register.address", "district.grid"):
        here.execute(
            text(
                f"UPDATE {table} SET since = district.transaction_now() - interval '30 days'"
                " WHERE area_id = :a"
            ),
            {"a": area},
        )
    codes = [f"{COMMUNITY}01", f"{COMMUNITY}02"]
    drawn = [DrawnGrid(c, shapely.from_wkt(strip(n))) for n, c in enumerate(reversed(codes))]
    with pytest.raises(InputError) as refused:
        redraw_grids(here, area, codes, drawn, Edit("方案", now - timedelta(days=31)))
    assert refused.value.field == "valid_from"
    redraw_grids(here, area, codes, drawn, Edit("方案", now - timedelta(days=5)))
    room = one(here, area, "101房", "room")
    told = str(row(here, room)["code"])
    with pytest.raises(InputError) as refused:
        retire(here, room, Edit("现场核实", now - timedelta(days=6)))
    assert refused.value.field == "valid_from"
    here.rollback()
    assert told.startswith(codes[1])


def test_an_edit_of_what_has_changed_meanwhile_is_refused(here: Connection, area: int) -> None:
    building = one(here, area, "1栋")
    seen = rename(here, building, WALK, label="甲栋")
    rename(here, building, Edit("另一人", seen=seen), label="乙栋")
    with pytest.raises(Conflict) as refused:
        rename(here, building, Edit("第三人", seen=seen), label="丙栋")
    assert refused.value.facts["last_seq"] == seen + 1


def test_two_connections_cannot_write_overlapping_versions(database: Engine, area: int) -> None:
    """The exclusion constraint itself, past all functions: one of two racers is refused."""
    version = text(
        "INSERT INTO register.address_version (address_id, area_id, level, status, label_zh,"
        " valid, known) VALUES (:i, :a, 'building', 'current', '1栋',"
        " tstzrange('2026-01-01', NULL), tstzrange('2026-01-01', NULL))"
    )
    with database.connect() as look:
        given = {"i": one(look, area, "1栋"), "a": area}
    first, refused = database.connect(), []
    begun = first.begin()
    first.execute(version, given)

    def second() -> None:
        try:
            with database.begin() as connection:
                connection.execute(version, given)
        except IntegrityError as error:
            refused.append(error.orig.diag.constraint_name)  # type: ignore[union-attr]

    thread = threading.Thread(target=second)
    thread.start()
    thread.join(timeout=0.3)
    begun.commit()
    first.close()
    thread.join(timeout=30)
    assert refused == ["ex_address_version_one_at_a_time"]


def test_export_and_import_speak_the_same_files(
    here: Connection, area: int, tmp_path: Path
) -> None:
    building = one(here, area, "1栋")
    before = database_now(here)
    retire(here, building, WALK)
    csv, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    rows = export_addresses(here, area, csv)
    assert rows == export_addresses(here, area, parquet) == 48 - 3
    assert export_addresses(here, area, tmp_path / "b.csv", retired=True) == 48
    assert export_addresses(here, area, tmp_path / "c.csv", known=before) == 48
    lines = csv.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith('"address_id","level","status"')
    assert len(lines) == rows + 1
    table = pq.read_table(parquet)
    assert shapely.from_wkb(table["geometry"][0].as_py()).x == table["longitude"][0].as_py()
    assert len(table["code"][20].as_py()) in (14, 19, 25)
    with open_geoparquet(parquet) as raw:
        first = next(raw.rows)
    assert first.cells[raw.header.index("address")] == "试验街道试验社区试验路1号"
    with pytest.raises(InputError):
        export_addresses(here, area, tmp_path / "a.xlsx")


def test_neighbours_are_the_nearest(here: Connection, area: int) -> None:
    building = one(here, area, "1栋")
    found = reading.neighbours(here, building, limit=3)
    assert [s["text_zh"][-2:] for s in found["siblings"]] == ["2栋"]
    distances = [n["distance_m"] for n in found["nearest"]]
    assert distances == sorted(distances)
