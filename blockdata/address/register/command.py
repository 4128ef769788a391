"""What the register's commands share: the database, their options, and how results are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.console import emit, language
from blockdata.ids import MAX_ID
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from blockdata.address.register.operations import Edit
    from blockdata.settings import Settings

MOMENT = Text("日期或时刻", "a date or a moment")
AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]
SourceOption = Annotated[
    str, typer.Option("--source", help=Text("依据", "who or what says so").both)
]
ValidFromOption = Annotated[
    str | None,
    typer.Option(
        "--valid-from",
        help=Text("生效日期或时刻;不写即现在", "from when it holds; now if left out").both,
    ),
]
SeenOption = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=MAX_ID,
        help=Text(
            "所见的最近变更号;之后有变则拒绝", "refuse if it has changed since this change"
        ).both,
    ),
]
AddressId = Annotated[int, typer.Argument(min=1, max=MAX_ID)]
ReviewId = Annotated[int, typer.Argument(min=1, max=MAX_ID)]


@contextmanager
def database() -> "Iterator[tuple[Engine, Settings]]":
    """The database and the settings that lead to it."""
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database

    settings = Settings()
    engine = open_database(settings)
    try:
        yield engine, settings
    finally:
        engine.dispose()


def edit_of(source: str, valid_from: str | None = None, seen: int | None = None) -> "Edit":
    """What every change states, from a command's options."""
    from blockdata.address.register.operations import Edit
    from blockdata.moments import moment_from

    return Edit(source, moment_from(valid_from, "valid_from"), seen)


def emit_seq(seq: int, *, as_json: bool) -> None:
    """Tell the number under which a change is recorded."""
    said = Text(f"已记录,第 {seq} 号变更", f"recorded as change {seq}")
    emit({"seq": seq}, as_json=as_json, human=lambda: said.say(language()))


def emit_rows(rows: list[Any], words: list[str], empty: Text, *, as_json: bool) -> None:
    """Tell a list, a line or more for each; ``empty`` says that it has none."""
    emit(rows, as_json=as_json, human=lambda: "\n".join(words) or empty.say(language()))


def lines(result: dict[str, Any]) -> str:
    """A result as ``key: value`` lines."""
    return "\n".join(f"{key}: {value}" for key, value in result.items() if value is not None)


def period(row: dict[str, Any]) -> str:
    """From when until when a row is valid."""
    until = row["valid_to"]
    return f"{when(row['valid_from'])} – {when(until) if until else '…'}"


def when(moment: datetime) -> str:
    """A moment as the clock on the wall said it; dates are read by the same clock."""
    from zoneinfo import ZoneInfo

    from blockdata.moments import DEFAULT_TIMEZONE

    return f"{moment.astimezone(ZoneInfo(DEFAULT_TIMEZONE)):%Y-%m-%d %H:%M}"
