"""``blockdata address history|resolve|events|export|alias|doubt|review``: addresses over time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.console import JsonOption, command_group, emit, language, progress
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from blockdata.settings import Settings

AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]
SourceOption = Annotated[
    str, typer.Option("--source", help=Text("依据", "who or what says so").both)
]
AddressId = Annotated[int, typer.Argument(min=1, max=(1 << 53) - 1)]
_MOMENT = Text("日期或时刻", "a date or a moment")


def add_commands(app: typer.Typer) -> None:
    """Hang these commands on ``blockdata address``."""
    app.command("history", help=Text("查看一条地址的历史", "an address over time").both)(history)
    app.command("resolve", help=Text("按编码查地址,新旧皆可", "who held a code, old or new").both)(
        resolve
    )
    app.command("events", help=Text("变更流水", "the feed of changes").both)(events)
    app.command("export", help=Text("导出 CSV 或 GeoParquet", "write CSV or GeoParquet").both)(
        export
    )
    app.add_typer(alias, name="alias")
    app.add_typer(doubt, name="doubt")
    app.add_typer(review, name="review")


alias = command_group(Text("别名", "aliases"))
doubt = command_group(Text("存疑标记", "doubts"))
review = command_group(Text("待定队列", "the clerical queue"))


def history(
    address_id: AddressId,
    valid: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    known: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the history, or what the address said at VALID as it was known at KNOWN."""
    from blockdata.address.register import reading
    from blockdata.address.register.moments import moment_at

    at, as_known = moment_at(valid, "valid"), moment_at(known, "known")
    with _database() as (engine, _), engine.connect() as connection:
        if at or as_known:
            state = reading.as_of(connection, address_id, valid=at, known=as_known)
            emit(state, as_json=as_json, human=lambda: _lines(state))
            return
        found = reading.history(connection, address_id)
    emit(found, as_json=as_json, human=lambda: _history_words(found))


def resolve(
    code: Annotated[str, typer.Argument(help=Text("14、19 或 25 位", "14, 19 or 25 digits").both)],
    at: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print who held a code on a date; without one all holders with their periods."""
    from blockdata.address.register import reading
    from blockdata.address.register.moments import moment_at
    from blockdata.storage.areas import find_area

    with _database() as (engine, _), engine.connect() as connection:
        area_id = None if area is None else find_area(connection, area).area_id
        holders = reading.resolve(connection, code, at=moment_at(at, "at"), area_id=area_id)
    result = {"code": code, "holders": holders}
    emit(result, as_json=as_json, human=lambda: "\n".join(map(_holder_words, holders)))


def events(
    after: Annotated[int, typer.Option(min=0)] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print changes after a number, in order and without gaps."""
    from blockdata.address.register.events import read_events
    from blockdata.storage.areas import find_area

    with _database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        found = read_events(connection, area_id, after=after, limit=limit)
    emit(
        found,
        as_json=as_json,
        human=lambda: (
            "\n".join(
                f"{e['seq']}  {e['known_at']:%Y-%m-%d %H:%M}  {e['kind']}  {e['source']}"
                f"  ({len(e['changes'])}+{len(e['extras'])})"
                for e in found
            )
            or Text("没有变更", "no changes").say(language())
        ),
    )


def export(
    file: Annotated[Path, typer.Argument(help=".csv | .parquet")],
    area: AreaOption = None,
    valid: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    known: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    retired: Annotated[
        bool, typer.Option("--retired", help=Text("含已注销", "also retired ones").both)
    ] = False,
    *,
    as_json: JsonOption = False,
) -> None:
    """Write an area's addresses as they stand, or as they were."""
    from blockdata.address.register.export import export_addresses
    from blockdata.address.register.moments import moment_at
    from blockdata.storage.areas import find_area

    at, as_known = moment_at(valid, "valid"), moment_at(known, "known")
    with _database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        with progress(Text(f"导出 {file.name}", f"writing {file.name}")) as advance:
            rows = export_addresses(
                connection, area_id, file, valid=at, known=as_known, retired=retired,
                advance=advance,
            )  # fmt: skip
    result = {"file": str(file), "rows": rows}
    words = Text(f"{rows} 条写入 {file}", f"{rows} addresses in {file}")
    emit(result, as_json=as_json, human=lambda: words.say(language()))


@alias.command("add", help=Text("登记别名", "record an alias").both)
def alias_add(
    address_id: AddressId,
    words: Annotated[str, typer.Argument(help=Text("别名", "the alias").both)],
    source: SourceOption,
    confidence: Annotated[float, typer.Option()] = 1.0,
    since: Annotated[str | None, typer.Option(help=_MOMENT.both)] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record that words mean an address; matching knows it from then on."""
    from blockdata.address.register.moments import moment_from
    from blockdata.address.register.operations import Edit
    from blockdata.address.register.remarks import add_alias

    edit = Edit(source, moment_from(since, "since"))
    with _database() as (engine, _), engine.begin() as connection:
        seq = add_alias(connection, address_id, words, edit, confidence=confidence)
    _emit_seq(seq, as_json=as_json)


@alias.command("end", help=Text("停用别名", "end an alias").both)
def alias_end(
    address_id: AddressId,
    words: Annotated[str, typer.Argument()],
    source: SourceOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record that words no longer mean an address."""
    from blockdata.address.register.operations import Edit
    from blockdata.address.register.remarks import end_alias

    with _database() as (engine, _), engine.begin() as connection:
        seq = end_alias(connection, address_id, words, Edit(source))
    _emit_seq(seq, as_json=as_json)


@alias.command("list", help=Text("列出别名", "list aliases").both)
def alias_list(address_id: AddressId, *, as_json: JsonOption = False) -> None:
    """Print an address's aliases with source, confidence and validity."""
    from blockdata.address.register.reading import history as read_history

    with _database() as (engine, _), engine.connect() as connection:
        found = read_history(connection, address_id)["aliases"]
    emit(
        found,
        as_json=as_json,
        human=lambda: "\n".join(
            f"{a['text_zh']}  {a['confidence']:.2f}  {a['source']}  {_period(a)}" for a in found
        ),
    )


@doubt.command("set", help=Text("标为存疑", "flag an attribute").both)
def doubt_set(
    address_id: AddressId,
    attribute: Annotated[str, typer.Argument()],
    evidence: Annotated[str, typer.Argument()],
    source: SourceOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Flag an attribute (point, label, code …) as doubtful, with the evidence."""
    from blockdata.address.register.operations import Edit
    from blockdata.address.register.remarks import set_doubt

    with _database() as (engine, _), engine.begin() as connection:
        seq = set_doubt(connection, address_id, attribute, evidence, Edit(source))
    _emit_seq(seq, as_json=as_json)


@doubt.command("clear", help=Text("取消存疑", "take a flag back").both)
def doubt_clear(
    address_id: AddressId,
    attribute: Annotated[str, typer.Argument()],
    source: SourceOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take a flag back; it stays in the history."""
    from blockdata.address.register.operations import Edit
    from blockdata.address.register.remarks import clear_doubt

    with _database() as (engine, _), engine.begin() as connection:
        seq = clear_doubt(connection, address_id, attribute, Edit(source))
    _emit_seq(seq, as_json=as_json)


@review.command("add", help=Text("送入待定队列", "queue undecided texts").both)
def review_add(
    words: Annotated[list[str], typer.Argument(help=Text("文字", "the words").both)],
    area: AreaOption = None,
    source: SourceOption = "cli",
    *,
    as_json: JsonOption = False,
) -> None:
    """Match texts and queue those that are neither sure nor hopeless."""
    from blockdata.address.register.review import ask_for_review
    from blockdata.address.service import AddressService
    from blockdata.storage.areas import find_area

    with _database() as (engine, settings), engine.begin() as connection:
        name = area or settings.area
        service = AddressService(engine, settings)
        queued = ask_for_review(
            connection,
            find_area(connection, name).area_id,
            words,
            lambda text: service.match(name, text),
            source=source,
        )
    result = {"asked": len(words), "queued": [str(i) for i in queued]}
    said = Text(f"{len(queued)} 条待定", f"{len(queued)} queued")
    emit(result, as_json=as_json, human=lambda: said.say(language()))


@review.command("list", help=Text("列出待定文字", "list the queue").both)
def review_list(
    area: AreaOption = None,
    status: Annotated[str, typer.Option(help="open | matched | unmatched | skipped")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the texts with their candidates, the most often seen first."""
    from blockdata.address.register.review import list_reviews
    from blockdata.storage.areas import find_area

    with _database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        found = list_reviews(connection, area_id, status=status, limit=limit)  # type: ignore[arg-type]
    emit(found, as_json=as_json, human=lambda: "\n".join(map(_review_words, found)))


@review.command("decide", help=Text("作出结论", "decide one").both)
def review_decide(
    review_id: Annotated[int, typer.Argument(min=1)],
    address_id: Annotated[
        int | None, typer.Argument(help=Text("不写则表示无此地址", "none: no such address").both)
    ] = None,
    source: SourceOption = "cli",
    note: Annotated[str | None, typer.Option()] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which address a text means; matching knows it from then on."""
    from blockdata.address.register.review import decide

    with _database() as (engine, _), engine.begin() as connection:
        result = decide(connection, review_id, address_id, source=source, note=note)
    emit(result, as_json=as_json, human=lambda: _lines(result))


@review.command("skip", help=Text("暂不处理", "lay one aside").both)
def review_skip(
    review_id: Annotated[int, typer.Argument(min=1)],
    note: Annotated[str | None, typer.Option()] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Lay a text aside undecided."""
    from blockdata.address.register.review import skip

    with _database() as (engine, _), engine.begin() as connection:
        result = skip(connection, review_id, note=note)
    emit(result, as_json=as_json, human=lambda: _lines(result))


@contextmanager
def _database() -> "Iterator[tuple[Engine, Settings]]":
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database

    settings = Settings()
    engine = open_database(settings)
    try:
        yield engine, settings
    finally:
        engine.dispose()


def _emit_seq(seq: int, *, as_json: bool) -> None:
    said = Text(f"已记录,第 {seq} 号变更", f"recorded as change {seq}")
    emit({"seq": seq}, as_json=as_json, human=lambda: said.say(language()))


def _lines(result: dict[str, Any]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in result.items() if value is not None)


def _period(row: dict[str, Any]) -> str:
    until = row["valid_to"]
    return f"{row['valid_from']:%Y-%m-%d %H:%M} – {f'{until:%Y-%m-%d %H:%M}' if until else '…'}"


def _holder_words(holder: dict[str, Any]) -> str:
    if "grid_id" in holder:
        return f"{_period(holder)}  {holder['area']}  → {' '.join(holder['codes_now'])}"
    return (
        f"{_period(holder)}  {holder['address_id']}  {holder['text_now']}"
        f"  [{holder['level']} {holder['status']}]  → {holder['code_now'] or '-'}"
    )


def _history_words(found: dict[str, Any]) -> str:
    lines = [
        f"{_period(entry)}  [{entry['status']}]  {entry['text_zh']}  {entry['code'] or ''}".rstrip()
        for entry in found["timeline"]
    ]
    lines += [
        f"{step['kind']}  {step['from_text']} → {step['to_text']}" for step in found["lineage"]
    ]
    lines += [f"= {a['text_zh']}  {a['confidence']:.2f}  {a['source']}" for a in found["aliases"]]
    lines += [f"? {d['attribute']}  {d['evidence']}  {d['source']}" for d in found["doubts"]]
    lines += [f"→ {s['address_id']}  {s['text_zh']}" for s in found["successors"]]
    return "\n".join(lines)


def _review_words(row: dict[str, Any]) -> str:
    lines = [f"{row['review_id']}  {row['written']}  ×{row['times_seen']}  [{row['status']}]"]
    lines += [
        f"    {c['address_id']}  {c['text']}  {c['probability'] or ''}" for c in row["candidates"]
    ]
    return "\n".join(lines)
