"""``blockdata address edit``: what a register's keeper does, and how each slip is answered."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from blockdata.address.register import reading
from blockdata.address.register.events import read_events
from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from tests.register_area import COMMUNITY, SIDE, SOUTH, WEST, build_register_area
from tests.running import Run, runner

AREA = "edited"
SAID = ("--source", "现场核实")
ROAD = "试验街道试验社区试验路1号"


@pytest.fixture
def area(database: Engine) -> Iterator[int]:
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
    yield area_id
    with database.begin() as connection:
        drop_area(connection, AREA)


@pytest.fixture
def edit(
    settings: Settings,
    area: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    run = runner(settings, monkeypatch, capsys)
    return lambda *words, **more: run("address", "edit", *words, **more)


@pytest.fixture
def ids(database: Engine, area: int) -> dict[str, str]:
    """The first address of each level and label, by its text."""
    with database.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT text_zh, address_id FROM register.address WHERE area_id = :a"
                " ORDER BY address_id DESC"
            ),
            {"a": area},
        )
        return {row.text_zh.removeprefix(ROAD): str(row.address_id) for row in rows}


def told(output: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(output)["addresses"]
    return found


def field_of(output: str) -> str:
    """The field that a refusal names; each says what to do about it, in both languages."""
    problem = json.loads(output.splitlines()[-1])
    assert problem["cure"]
    assert problem["cure_zh"] != problem["cure"]
    return str(problem["field"])


def test_a_keeper_s_day(edit: Run, ids: dict[str, str], database: Engine, area: int) -> None:
    """Each command once, then the history of it all: ids stay, codes resolve, events have all."""
    estate, building, room = ids["花园1"], ids["花园11栋"], ids["花园11栋101房"]
    (row,) = told(edit("rename", estate, "新苑", *SAID, "--json"))
    # the label and the name of an estate are one word
    assert row["text_zh"] == f"{ROAD}新苑"
    old, *made = told(edit("split", room, "101A房", "101Ｂ房", *SAID, "--json"))
    assert (old["status"], old["code"]) == ("retired", None)
    assert [part["text_zh"][-5:] for part in made] == ["101A房", "101B房"]
    (planned,) = told(
        edit("create", estate, "building", "3栋", "--planned", *SAID, "--json",
             "--at", f"{WEST + SIDE * 1.5},{SOUTH + SIDE / 2}")
    )  # fmt: skip
    # it stands in the second grid, and has its next number
    assert (planned["status"], planned["code"]) == ("planned", f"{COMMUNITY}0200003")
    assert told(edit("activate", planned["address_id"], *SAID, "--json"))[0]["status"] == "current"
    (unit,) = told(edit("create", planned["address_id"], "unit", "1单元", *SAID, "--json"))
    rooms = [
        told(edit("create", unit["address_id"], "room", label, *SAID, "--json"))[0]
        for label in ("101房", "102房")
    ]
    assert [room["code"][-6:] for room in rooms] == ["000001", "000002"]
    other = ids["花园12栋"]
    edit("merge", other, "--into", building, *SAID)
    edit("retire", planned["address_id"], "--successor", building, *SAID)
    with database.connect() as connection:
        for gone in (other, planned["address_id"], unit["address_id"], rooms[0]["address_id"]):
            (successor,) = reading.successors(connection, int(gone))
            assert successor["address_id"] == building
        for code in (rooms[1]["code"], f"{COMMUNITY}0100002", f"{COMMUNITY}0100001000101"):
            (holder,) = reading.resolve(connection, code, area_id=area)
            assert holder["valid_to"] is not None
        events = read_events(connection, area)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert {event["source"] for event in events} == {"现场核实"}
        kinds = [event["kind"] for event in events]
    assert kinds == ["rename", "split", "create", "activate", *["create"] * 3, "merge", "retire"]


def test_a_position_put_right(edit: Run, ids: dict[str, str], database: Engine, area: int) -> None:
    building, room = ids["花园12栋"], ids["花园12栋1单元101房"]
    near, there = (f"{WEST + SIDE * east},{SOUTH + SIDE / 3}" for east in (0.7, 1.5))
    (row,) = told(edit("move", building, near, *SAID, "--json"))
    assert row["code"] == f"{COMMUNITY}0100002"  # still in the first grid
    (row,) = told(edit("move", building, there, *SAID, "--json"))
    assert row["code"] == f"{COMMUNITY}0200003"  # the next number of the second
    with database.connect() as connection:
        inside = reading.as_of(connection, int(room))
        assert (inside["code"][:19], inside["grid_code"]) == (row["code"], f"{COMMUNITY}02")
        assert (inside["lon"], inside["lat"]) == tuple(map(float, there.split(",")))
        (holder,) = reading.resolve(connection, f"{COMMUNITY}0100002", area_id=area)
        assert holder["address_id"] == building
        assert holder["valid_to"] is not None
        assert [event["kind"] for event in read_events(connection, area)] == ["move", "move"]
    assert field_of(edit("move", building, there, *SAID, "--json", expect=1)) == "at"
    assert field_of(edit("move", building, "113.0,22.0", *SAID, "--json", expect=1)) == "at"
    assert field_of(edit("move", room, near, *SAID, "--json", expect=1)) == "address_id"


def test_a_split_says_which_part_takes_what(edit: Run, ids: dict[str, str]) -> None:
    building, unit = ids["花园12栋"], ids["花园12栋2单元"]
    said = edit("split", building, "2A栋", "2B栋", "--move", f"{unit}=2B栋", *SAID)
    assert said.startswith("recorded as change 1\n")
    words = [line.split()[2] for line in said.splitlines()[1:]]
    assert words == [f"{ROAD}花园1{b}" for b in ("2栋", "2A栋", "2B栋")]
    (row,) = told(edit("rename", unit, "乙单元", *SAID, "--json"))
    assert row["text_zh"] == f"{ROAD}花园12B栋乙单元"


def test_names_follow_what_they_are_made_of(
    edit: Run, ids: dict[str, str], database: Engine, area: int
) -> None:
    """海裕花园5栋 is the name of an estate with a label: it follows both; another name stays."""
    with database.begin() as connection:
        for building, name in (("花园11栋", "花园11栋"), ("花园12栋", "蓝顶大厦")):
            connection.execute(
                text("UPDATE register.address SET name_zh = :n WHERE address_id = :i"),
                {"n": name, "i": ids[building]},
            )

    def names() -> list[str]:
        with database.connect() as connection:
            found = [int(ids["花园11栋"]), int(ids["花园12栋"])]
            return [str(row["name_zh"]) for row in reading.as_of_many(connection, found)]

    edit("rename", ids["花园1"], "--name", "新苑", *SAID)
    assert names() == ["新苑1栋", "蓝顶大厦"]
    edit("rename", ids["花园11栋"], "7栋", *SAID)
    assert names() == ["新苑7栋", "蓝顶大厦"]
    (row,) = told(edit("rename", ids["花园12栋"], "--name", "红顶大厦", *SAID, "--json"))
    assert row["text_zh"] == f"{ROAD}新苑2栋"


def test_changes_are_dated_in_order(
    edit: Run, ids: dict[str, str], database: Engine, area: int, clock: Clock
) -> None:
    """What is dated before the newest change would write over it; the earliest moment is told."""
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE register.address SET since = district.transaction_now() - interval '9 days'"
                " WHERE area_id = :a"
            ),
            {"a": area},
        )
    today = clock.today("Asia/Shanghai")
    ago = [(today - timedelta(days=n)).isoformat() for n in range(30)]
    building, estate = ids["花园11栋"], ids["花园1"]
    edit("rename", building, "甲栋", *SAID, "--valid-from", ago[3])
    # a slip of the same day is put right under the same date
    edit("rename", building, "乙栋", *SAID, "--valid-from", ago[3])
    refused = edit("rename", building, "丙栋", *SAID, "--valid-from", ago[5], "--json", expect=1)
    assert field_of(refused) == "valid_from"
    earliest = json.loads(refused.splitlines()[-1])["earliest"]
    edit("retire", building, *SAID, "--valid-from", earliest)
    # nor may anything begin before what it stands under, or follow on before it began
    (new,) = told(
        edit("create", estate, "building", "5栋", *SAID, "--valid-from", ago[2], "--json")
    )
    for words in (
        ("create", new["address_id"], "unit", "1单元", "--valid-from", ago[4]),
        ("retire", ids["花园12栋"], "--successor", new["address_id"], "--valid-from", ago[4]),
        ("merge", ids["花园12栋"], "--into", new["address_id"], "--valid-from", ago[4]),
        ("create", estate, "building", "6栋", "--valid-from", ago[29]),
        ("rename", estate, "x", "--valid-from", "2999-01-01"),
        ("rename", estate, "x", "--valid-from", "昨天"),
    ):
        assert field_of(edit(*words, *SAID, "--json", expect=1)) == "valid_from"
    with database.connect() as connection:
        labels = [e["text_zh"][-2:] for e in reading.history(connection, int(building))["timeline"]]
    assert labels == ["1栋", "乙栋", "乙栋"]


SLIPS: list[tuple[tuple[str, ...], str]] = [
    (("rename", "7", "x"), "address_id"),
    (("rename", "BUILDING"), "label"),
    (("rename", "BUILDING", "  "), "label"),
    (("rename", "BUILDING", "1栋"), "label"),
    (("rename", "BUILDING", "2栋"), "label"),
    (("rename", "BUILDING", "长" * 201), "label"),
    (("rename", "BUILDING", "乙\x1b栋"), "label"),
    (("rename", "BUILDING", "3栋", "--source", " "), "source"),
    (("split", "BUILDING", "1A栋"), "parts"),
    (("split", "BUILDING", "1A栋", "1Ａ栋"), "parts"),
    (("split", "BUILDING", "1A栋", "1B栋@x"), "parts"),
    (("split", "BUILDING", "1A栋", "1B栋@0,0"), "at"),
    (("split", "BUILDING", "1A栋", "2栋"), "label"),
    (("split", "BUILDING", "1A栋", "1B栋", "--move", "1"), "move"),
    (("split", "BUILDING", "1A栋", "1B栋", "--move", "7=1B栋"), "children"),
    (("split", "ESTATE", "东园", "西园"), "address_id"),
    (("merge", "BUILDING", "--into", "BUILDING"), "address_ids"),
    (("merge", "BUILDING", "--into", "ESTATE"), "address_ids"),
    (("merge", "UNIT1", "--into", "UNIT2"), "address_ids"),
    (("retire", "BUILDING", "--successor", "7"), "successors"),
    (("retire", "ESTATE", "--successor", "BUILDING"), "successors"),
    (("activate", "BUILDING"), "address_id"),
    (("create", "ESTATE", "planet", "x"), "level"),
    (("create", "ESTATE", "room", "101房"), "parent_id"),
    (("create", "ESTATE", "building", "1栋"), "label"),
    (("create", "ESTATE", "building", "9栋", "--at", "0,0"), "at"),
    (("create", "BUILDING", "room", "9房", "--at", "0,0"), "at"),
    (("create", "BUILDING", "room", "9房", "--room-code", "１２３４５６"), "room_code"),
    (("create", "BUILDING", "room", "9房", "--room-code", "000101"), "code"),
]


def test_slips_are_answered(edit: Run, ids: dict[str, str], database: Engine, area: int) -> None:
    """Each names its field and the cure, and nothing is changed."""
    known = {
        "BUILDING": ids["花园11栋"], "ESTATE": ids["花园1"],
        "UNIT1": ids["花园12栋1单元"], "UNIT2": ids["花园12栋2单元"],
    }  # fmt: skip
    for words, field in SLIPS:
        given = [known.get(word, word) for word in words]
        source = () if "--source" in words else SAID
        assert field_of(edit(*given, *source, "--json", expect=1)) == field, words
    with database.connect() as connection:
        assert read_events(connection, area) == []


def test_how_it_is_used_is_told(edit: Run, ids: dict[str, str]) -> None:
    building = ids["花园11栋"]
    for words in ((), ("rename",), ("rename", "x", "y", *SAID), ("rename", building, "3栋"),
                  ("merge", building, *SAID), ("rename", "0", "3栋", *SAID),
                  ("rename", "9" * 17, "3栋", *SAID)):  # fmt: skip
        edit(*words, expect=2)
    seen = json.loads(edit("rename", building, "3栋", *SAID, "--json"))["seq"]
    edit("rename", building, "4栋", *SAID, "--seen", str(seen))
    refused = edit("rename", building, "5栋", *SAID, "--seen", str(seen), expect=1, language="zh")
    assert "状态已变化 [seen]" in refused
    edit("retire", building, *SAID)
    assert "retired" in edit("rename", building, "6栋", *SAID, expect=1)
