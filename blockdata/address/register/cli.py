"""``blockdata address history|resolve|events|export``: addresses over time."""

from pathlib import Path
from typing import Annotated, Any

import typer

from blockdata.address.register.command import (
    MOMENT,
    AddressId,
    AreaOption,
    database,
    emit_rows,
    lines,
    period,
    when,
)
from blockdata.address.register.edit_commands import edit
from blockdata.address.register.remark_commands import alias, doubt
from blockdata.address.register.review_commands import review
from blockdata.console import JsonOption, emit, language, progress
from blockdata.ids import MAX_ID
from blockdata.text import Text


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
    app.add_typer(edit, name="edit")
    app.add_typer(alias, name="alias")
    app.add_typer(doubt, name="doubt")
    app.add_typer(review, name="review")


def history(
    address_id: AddressId,
    valid: Annotated[str | None, typer.Option(help=MOMENT.both)] = None,
    known: Annotated[str | None, typer.Option(help=MOMENT.both)] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the history, or what the address said at VALID as it was known at KNOWN."""
    from blockdata.address.register import reading
    from blockdata.moments import moment_at

    at, as_known = moment_at(valid, "valid"), moment_at(known, "known")
    with database() as (engine, _), engine.connect() as connection:
        if at or as_known:
            state = reading.as_of(connection, address_id, valid=at, known=as_known)
            emit(state, as_json=as_json, human=lambda: lines(state))
            return
        found = reading.history(connection, address_id)
    emit(found, as_json=as_json, human=lambda: _history_words(found))


def resolve(
    code: Annotated[str, typer.Argument(help=Text("14、19 或 25 位", "14, 19 or 25 digits").both)],
    at: Annotated[str | None, typer.Option(help=MOMENT.both)] = None,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print who held a code on a date; without one all holders with their periods."""
    from blockdata.address.register import reading
    from blockdata.moments import moment_at
    from blockdata.storage.areas import find_area

    with database() as (engine, _), engine.connect() as connection:
        area_id = None if area is None else find_area(connection, area).area_id
        digits = reading.plain_code(code)
        holders = reading.resolve(connection, digits, at=moment_at(at, "at"), area_id=area_id)
    result = {"code": digits, "holders": holders}
    emit(result, as_json=as_json, human=lambda: "\n".join(map(_holder_words, holders)))


def events(
    after: Annotated[int, typer.Option(min=0, max=MAX_ID)] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print changes after a number, in order and without gaps."""
    from blockdata.address.register.events import read_events
    from blockdata.storage.areas import find_area

    with database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        found = read_events(connection, area_id, after=after, limit=limit)
    words = [
        f"{e['seq']}  {when(e['known_at'])}  {e['kind']}  {e['source']}"
        f"  ({len(e['changes'])}+{len(e['extras'])})"
        for e in found
    ]
    emit_rows(found, words, Text("没有变更", "no changes"), as_json=as_json)


def export(
    file: Annotated[Path, typer.Argument(help=".csv | .parquet")],
    area: AreaOption = None,
    valid: Annotated[str | None, typer.Option(help=MOMENT.both)] = None,
    known: Annotated[str | None, typer.Option(help=MOMENT.both)] = None,
    retired: Annotated[
        bool, typer.Option("--retired", help=Text("含已注销", "also retired ones").both)
    ] = False,
    *,
    as_json: JsonOption = False,
) -> None:
    """Write an area's addresses as they stand, or as they were."""
    from blockdata.address.register.export import export_addresses
    from blockdata.moments import moment_at
    from blockdata.storage.areas import find_area

    at, as_known = moment_at(valid, "valid"), moment_at(known, "known")
    with database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        with progress(Text(f"导出 {file.name}", f"writing {file.name}")) as advance:
            rows = export_addresses(
                connection, area_id, file, valid=at, known=as_known, retired=retired,
                advance=advance,
            )  # fmt: skip
    result = {"file": str(file), "rows": rows}
    words = Text(f"{rows} 条写入 {file}", f"{rows} addresses in {file}")
    emit(result, as_json=as_json, human=lambda: words.say(language()))


def _holder_words(holder: dict[str, Any]) -> str:
    if "grid_id" in holder:
        return f"{period(holder)}  {holder['area']}  → {' '.join(holder['codes_now'])}"
    return (
        f"{period(holder)}  {holder['address_id']}  {holder['text_now']}"
        f"  [{holder['level']} {holder['status']}]  → {holder['code_now'] or '-'}"
    )


def _history_words(found: dict[str, Any]) -> str:
    lines = [
        f"{period(entry)}  [{entry['status']}]  {entry['text_zh']}  {entry['code'] or ''}".rstrip()
        for entry in found["timeline"]
    ]
    lines += [
        f"{step['kind']}  {step['from_text']} → {step['to_text']}" for step in found["lineage"]
    ]
    lines += [f"= {a['text_zh']}  {a['confidence']:.2f}  {a['source']}" for a in found["aliases"]]
    lines += [f"? {d['attribute']}  {d['evidence']}  {d['source']}" for d in found["doubts"]]
    lines += [f"→ {s['address_id']}  {s['text_zh']}" for s in found["successors"]]
    return "\n".join(lines)
