"""``blockdata address history|resolve|events|export|alias|doubt|review`` over a small register."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from blockdata.address.normalise import normalise
from blockdata.address.register.lineage import Part, split
from blockdata.address.register.operations import Edit, rename
from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from tests.register_area import COMMUNITY, build_register_area
from tests.running import Run, runner

AREA, COPY = "commands", "commands-copy"
CODE = f"{COMMUNITY}0100001"
ROWS = 48
SAID = ("--source", "居民")


@pytest.fixture(scope="module")
def ids(database: Engine) -> Iterator[dict[str, str]]:
    """An area with two estates renamed and one room split; ids by the text as loaded."""
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
        rows = connection.execute(
            text("SELECT text_zh, address_id FROM register.address WHERE area_id = :a"),
            {"a": area_id},
        )
        found = {row.text_zh.removeprefix("试验街道试验社区"): str(row.address_id) for row in rows}
    with database.begin() as connection:
        rename(connection, int(found["试验路1号花园1"]), Edit("公告"), label="新苑")
        # so many letters that a misspelling can be told
        rename(connection, int(found["试验路2号花园2"]), Edit("公告"), label="康弘公寓")
        room = int(found["试验路1号花园11栋101房"])
        split(connection, room, Edit("现场核实"), [Part("101A房"), Part("101B房")])
    yield found
    with database.begin() as connection:
        for name in (AREA, COPY):
            drop_area(connection, name)


@pytest.fixture
def address(
    settings: Settings,
    ids: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    run = runner(settings, monkeypatch, capsys)
    return lambda *words, **more: run("address", *words, **more)


def field_of(output: str) -> str:
    problem = json.loads(output.splitlines()[-1])
    assert problem["cure"]
    return str(problem["field"])


def test_a_code_of_old_is_found_as_people_write_it(
    address: Run, ids: dict[str, str], clock: Clock
) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for written in (CODE, f" {CODE[:6]} {CODE[6:]}", CODE.translate(wide)):
        found = json.loads(address("resolve", written, "--area", AREA, "--json"))
        assert found["code"] == CODE
        assert found["holders"][0]["address_id"] == ids["试验路1号花园11栋"]
    room = f"{CODE}000101"
    (held,) = json.loads(address("resolve", room, "--area", AREA, "--json"))["holders"]
    assert (held["address_id"], held["status"]) == (ids["试验路1号花园11栋101房"], "retired")
    assert held["valid_to"] is not None
    # on a date: while it held the code, and after
    began = held["valid_from"].replace(" ", "T")
    assert json.loads(address("resolve", room, "--at", began, "--area", AREA, "--json"))["holders"]
    now = clock.now().isoformat()
    assert field_of(address("resolve", room, "--at", now, "--json", expect=1)) == "code"
    # 14 digits are a grid
    assert f"→ {COMMUNITY}01" in address("resolve", f"{COMMUNITY}01", "--area", AREA)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("resolve", ""), "code"),
        (("resolve", "4403"), "code"),
        (("resolve", f"{CODE}x"), "code"),
        (("resolve", COMMUNITY), "code"),
        (("resolve", CODE, "--at", "gestern"), "at"),
        (("resolve", CODE, "--at", "0001-01-01"), "at"),
        (("resolve", CODE, "--at", "1900-01-01"), "code"),
        (("resolve", CODE, "--area", "nowhere"), "area"),
        (("history", "7"), "address_id"),
        (("history", "BUILDING", "--valid", "0001-01-01"), "valid"),
        (("history", "BUILDING", "--known", "2001-01-01"), "known"),
        (("history", "BUILDING", "--valid", "2026-13-01"), "valid"),
        (("events", "--area", "nowhere"), "area"),
        (("export", "x.xlsx", "--area", AREA), "file"),
        (("export", "/proc/x.csv", "--area", AREA), "file"),
        (("export", "x.csv", "--area", "nowhere"), "area"),
        (("alias", "list", "7"), "address_id"),
        (("alias", "add", "7", "老楼", *SAID), "address_id"),
        (("alias", "add", "BUILDING", " ", *SAID), "text"),
        (("alias", "add", "BUILDING", "长" * 201, *SAID), "text"),
        (("alias", "add", "BUILDING", "老\x1b楼", *SAID), "text"),
        (("alias", "add", "BUILDING", "老楼", *SAID, "--confidence", "0"), "confidence"),
        (("alias", "add", "BUILDING", "老楼", *SAID, "--valid-from", "2999-01-01"), "valid_from"),
        (("alias", "end", "BUILDING", "没有的", *SAID), "text"),
        (("doubt", "list", "7"), "address_id"),
        (("doubt", "set", "BUILDING", "colour", "?", *SAID), "attribute"),
        (("doubt", "set", "BUILDING", "point", " ", *SAID), "evidence"),
        (("doubt", "set", "BUILDING", "point", "长" * 501, *SAID), "evidence"),
        (("doubt", "clear", "BUILDING", "point", *SAID), "attribute"),
        (("review", "list", "--status", "nope"), "status"),
        (("review", "add", "--area", AREA), "words"),
        (("review", "add", " ", "--area", AREA), "text"),
        (("review", "add", "长" * 201, "--area", AREA), "text"),
        (("review", "add", "--file", "/nowhere.txt", "--area", AREA), "file"),
        (("review", "decide", "999999"), "review_id"),
        (("review", "skip", "999999"), "review_id"),
    ],
)
def test_slips_are_answered(address: Run, ids: dict[str, str], words: Any, field: str) -> None:
    building = ids["试验路1号花园12栋"]
    given = [building if word == "BUILDING" else word for word in words]
    assert field_of(address(*given, "--json", expect=1)) == field


def test_empty_lists_say_so(address: Run, ids: dict[str, str]) -> None:
    building = ids["试验路3号花园31栋"]
    for words, zh in (
        (("alias", "list", building), "没有别名"),
        (("doubt", "list", building), "没有存疑项"),
        (("review", "list", "--area", AREA, "--status", "skipped"), "没有搁置的地址文字"),
        (("events", "--area", AREA, "--after", "1000"), "没有变更"),
    ):
        assert address(*words, language="zh").strip() == zh
        assert json.loads(address(*words, "--json")) == []
    for words in (("history",), ("history", "x"), ("resolve",), ("alias", "add", building, "x"),
                  ("events", "--limit", "0"), ("review", "decide", "9" * 17)):  # fmt: skip
        address(*words, expect=2)


def test_history_and_events_tell_the_same_story(address: Run, ids: dict[str, str]) -> None:
    room = ids["试验路1号花园11栋101房"]
    told = json.loads(address("history", room, "--json"))
    assert [entry["status"] for entry in told["timeline"]] == ["current", "current", "retired"]
    assert [s["text_zh"][-5:] for s in told["successors"]] == ["101A房", "101B房"]
    words = address("history", room)
    assert "[retired]" in words
    assert "split" in words
    began = told["timeline"][0]["valid_from"].replace(" ", "T")
    then = json.loads(address("history", room, "--valid", began, "--json"))
    assert then["text_zh"].endswith("花园11栋101房")
    events = json.loads(address("events", "--area", AREA, "--json"))
    assert [event["kind"] for event in events[:3]] == ["rename", "rename", "split"]
    assert json.loads(address("events", "--area", AREA, "--after", "2", "--limit", "1", "--json"))[
        0
    ]["details"] == {"address_id": room, "parts": ["101A房", "101B房"]}
    assert "split" in address("events", "--area", AREA)


def test_aliases_and_doubts_come_and_go(address: Run, ids: dict[str, str]) -> None:
    building = ids["试验路3号花园32栋"]
    sure = ("--confidence", "0.8")
    seq = json.loads(address("alias", "add", building, "红 顶　楼", *SAID, *sure, "--json"))["seq"]
    (alias,) = json.loads(address("alias", "list", building, "--json"))
    assert (alias["source"], alias["confidence"], alias["seq"]) == ("居民", pytest.approx(0.8), seq)
    assert "0.80  居民" in address("alias", "list", building)
    again = address("alias", "add", building, "红 顶 楼", *SAID, "--json", expect=1)
    assert field_of(again) == "text"
    match = json.loads(address("match", "红 顶 楼", "--area", AREA, "--json"))
    assert match["matched"]["address_id"] == building
    assert match["probability"] == pytest.approx(0.8)
    assert "recorded as change" in address("alias", "end", building, "红 顶 楼", *SAID)
    (alias,) = json.loads(address("alias", "list", building, "--json"))
    assert alias["valid_to"] is not None
    address("match", "红 顶 楼", "--area", AREA, expect=1)

    address("doubt", "set", building, "point", "离道路 80 米", *SAID)
    (doubt,) = json.loads(address("doubt", "list", building, "--json"))
    assert (doubt["attribute"], doubt["evidence"]) == ("point", "离道路 80 米")
    assert "point  离道路 80 米  居民" in address("doubt", "list", building)
    twice = address("doubt", "set", building, "point", "又", *SAID, "--json", expect=1)
    assert field_of(twice) == "attribute"
    address("doubt", "clear", building, "point", *SAID)
    assert json.loads(address("doubt", "list", building, "--json")) == []


def test_what_is_exported_comes_back_the_same(
    address: Run, ids: dict[str, str], tmp_path: Path
) -> None:
    """Both kinds of file hold the same rows, and an import accounts for each of them."""
    seen = []
    for kind in ("csv", "parquet"):
        target = tmp_path / f"out.{kind}"
        written = json.loads(address("export", str(target), "--area", AREA, "--json"))
        assert written == {"file": str(target), "rows": ROWS + 1}  # one retired, two in its place
        seen.append(_cells(target))
        report = json.loads(
            address("import", str(target), "--area", COPY, "--datum", "wgs84", "--json")
        )
        stored = {"csv": (ROWS + 1, 0), "parquet": (0, ROWS + 1)}[kind]
        assert (report["accepted"], report["duplicates"]) == stored
        assert report["rows"] == sum(report[k] for k in ("accepted", "duplicates", "quarantined"))
    assert seen[0] == seen[1]
    back = tmp_path / "back.csv"
    address("export", str(back), "--area", COPY)
    keys = ("name", "longitude", "latitude")

    def places(rows: list[dict[str, Any]]) -> list[list[str]]:
        # an import keeps texts in their normal form
        return sorted([normalise(row["address"]).text, *(row[k] for k in keys)] for row in rows)

    assert places(_cells(back)) == places(seen[0])
    # with the retired, and as it was before anything happened
    everything = address("export", str(back), "--area", AREA, "--retired")
    assert everything == f"{ROWS + 2} addresses in {back}\n"
    address("export", str(back), "--area", AREA, "--known", "2001-01-01")
    assert _cells(back) == []
    assert list(tmp_path.glob("*.part")) == []


def test_the_queue_teaches_and_asks_again(
    address: Run, ids: dict[str, str], tmp_path: Path
) -> None:
    """What is between goes to a clerk, whose word holds until it is taken back."""
    building, words = ids["试验路2号花园22栋"], "康弘公遇2栋"
    texts = tmp_path / "texts.txt"
    texts.write_text(f"\ufeff{words}\n\n康弘公寓2栋\n火星大道99号\n {words} \n", encoding="utf-8")
    add = ("review", "add", "--file", str(texts), "--area", AREA, "--source", "夜间融合")
    asked = json.loads(address(*add, "--json"))
    (review_id,) = asked.pop("review_ids")
    assert asked.pop("stripped") == {}
    assert asked == {"asked": 4, "sure": 1, "hopeless": 1, "queued": 2, "decided": 0}
    (row,) = json.loads(address("review", "list", "--area", AREA, "--json"))
    assert (row["review_id"], row["written"], row["times_seen"]) == (review_id, words, 2)
    assert row["candidates"][0]["address_id"] == building
    assert words in address("review", "list", "--area", AREA)

    laid = json.loads(address("review", "skip", review_id, "--source", "李", "--json"))
    assert laid["status"] == "skipped"
    who = ("--source", "王", "--note", "电话核实")
    assert field_of(address("review", "decide", review_id, "7", *who, "--json", expect=1)) == (
        "address_id"
    )
    done = json.loads(address("review", "decide", review_id, building, *who, "--json"))
    assert (done["status"], done["decided_id"]) == ("matched", building)
    address("review", "decide", review_id, expect=1)
    (row,) = json.loads(address("review", "list", "--area", AREA, "--status", "matched", "--json"))
    assert (row["decided_by"], row["note"]) == ("王", "电话核实")
    match = json.loads(address("match", words, "--area", AREA, "--json"))
    assert (match["matched"]["address_id"], match["probability"]) == (building, 1.0)
    assert json.loads(address(*add, "--json"))["sure"] == 3

    # the alias is taken back: the text waits again
    address("alias", "end", building, words, "--source", "王")
    assert json.loads(address(*add, "--json"))["review_ids"] == [review_id]
    nothing = json.loads(address("review", "decide", review_id, *who, "--json"))
    assert (nothing["status"], nothing["seq"]) == ("unmatched", None)
    assert json.loads(address(*add, "--json"))["decided"] == 2

    for content, about in ((b"", "empty"), ("宋家".encode("gbk"), "UTF-8")):
        texts.write_bytes(content)
        assert about in address(*add, expect=1)


def _cells(path: Path) -> list[dict[str, Any]]:
    """A file's rows as text, geometry left out."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    rows = pq.read_table(path).drop_columns(["geometry"]).to_pylist()
    return [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in rows
    ]
