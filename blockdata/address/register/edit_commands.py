"""``blockdata address edit``: rename, move, split, merge, retire, create, activate.

Grids are redrawn by ``blockdata grid apply``, which checks the drawn layer first.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.address.register.command import (
    AddressId,
    SeenOption,
    SourceOption,
    ValidFromOption,
    database,
    edit_of,
)
from blockdata.console import JsonOption, command_group, emit, language
from blockdata.errors import InputError
from blockdata.ids import MAX_ID, read_id
from blockdata.lonlat import read_lon_lat
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from blockdata.address.register.lineage import Part

edit = command_group(
    Text(
        "变更地址:更名、移位、拆分、合并、注销、新建、启用",
        "change addresses: rename, move, split …",
    )
)
NameOption = Annotated[str | None, typer.Option(help=Text("名称", "its name").both)]


@edit.command(help=Text("更名", "give another label or name").both)
def rename(
    address_id: AddressId,
    source: SourceOption,
    label: Annotated[
        str | None, typer.Argument(help=Text("新门牌,如 502房", "new label, as in 502房").both)
    ] = None,
    name: NameOption = None,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Change what an address is called; what lies below follows."""
    from blockdata.address.register import operations

    edit = edit_of(source, valid_from, seen)
    with database() as (engine, _), engine.begin() as connection:
        operations.rename(connection, address_id, edit, label=label, name=name)
        told = _outcome(connection, [address_id])
    _emit(told, as_json=as_json)


@edit.command(help=Text("改正位置", "put its position right").both)
def move(
    address_id: AddressId,
    at: Annotated[str, typer.Argument(help=Text("经度,纬度", "LON,LAT in WGS 84").both)],
    source: SourceOption,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Correct where an address lies; in another grid it gets a code of that grid."""
    from blockdata.address.register import positions

    edit, point = edit_of(source, valid_from, seen), read_lon_lat(at)
    with database() as (engine, _), engine.begin() as connection:
        positions.move(connection, address_id, edit, point)
        told = _outcome(connection, [address_id])
    _emit(told, as_json=as_json)


@edit.command(help=Text("拆分为两个以上", "put two or more in its place").both)
def split(
    address_id: AddressId,
    parts: Annotated[
        list[str],
        typer.Argument(
            help=Text(
                "各部分的门牌,如 2A栋 或 2A栋@经度,纬度", "labels, as in 2A栋 or 2A栋@LON,LAT"
            ).both
        ),
    ],
    source: SourceOption,
    move: Annotated[
        list[str] | None,
        typer.Option(
            help=Text(
                "下级地址归哪部分:编号=门牌;其余归第一个",
                "which part takes what is below: ID=LABEL; the first takes the rest",
            ).both
        ),
    ] = None,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Retire a building, unit or room; its parts follow on it and take what is below."""
    from blockdata.address.register import lineage

    edit = edit_of(source, valid_from, seen)
    made = [_part(words) for words in parts]
    children = dict(_moved(words, made) for words in move or [])
    with database() as (engine, _), engine.begin() as connection:
        ids = lineage.split(connection, address_id, edit, made, children=children)
        told = _outcome(connection, [address_id, *ids])
    _emit(told, as_json=as_json)


@edit.command(help=Text("合并到一个地址", "let one take the place of others").both)
def merge(
    address_ids: Annotated[
        list[int],
        typer.Argument(min=1, max=MAX_ID, help=Text("被并入的地址", "those that are retired").both),
    ],
    into: Annotated[
        int, typer.Option(min=1, max=MAX_ID, help=Text("保留的地址", "the one kept").both)
    ],
    source: SourceOption,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Retire addresses in favour of one that takes over what is below them."""
    from blockdata.address.register import lineage

    edit = edit_of(source, valid_from, seen)
    with database() as (engine, _), engine.begin() as connection:
        lineage.merge(connection, address_ids, into, edit)
        told = _outcome(connection, [*dict.fromkeys([*address_ids, into])])
    _emit(told, as_json=as_json)


@edit.command(help=Text("注销", "retire for good").both)
def retire(
    address_id: AddressId,
    source: SourceOption,
    successor: Annotated[
        list[int] | None,
        typer.Option(min=1, max=MAX_ID, help=Text("后继地址,可多个", "what follows on it").both),
    ] = None,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Retire an address with all below it; its id is never given again."""
    from blockdata.address.register import operations

    edit = edit_of(source, valid_from, seen)
    with database() as (engine, _), engine.begin() as connection:
        operations.retire(connection, address_id, edit, successors=tuple(successor or ()))
        told = _outcome(connection, [address_id])
    _emit(told, as_json=as_json)


@edit.command(help=Text("新建", "add an address below another").both)
def create(
    parent_id: AddressId,
    level: Annotated[str, typer.Argument(help="estate | building | unit | room")],
    label: Annotated[str, typer.Argument(help=Text("门牌,如 3栋", "label, as in 3栋").both)],
    source: SourceOption,
    name: NameOption = None,
    at: Annotated[
        str | None, typer.Option(help=Text("经度,纬度", "LON,LAT in WGS 84").both)
    ] = None,
    room_code: Annotated[
        str | None, typer.Option(help=Text("房间编码 6 位", "a room's own 6 digits").both)
    ] = None,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    planned: Annotated[
        bool, typer.Option("--planned", help=Text("规划中", "not in use yet").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add an address; its code is the next free one."""
    from blockdata.address.register import creation

    edit, point = edit_of(source, valid_from, seen), None if at is None else read_lon_lat(at)
    with database() as (engine, _), engine.begin() as connection:
        made = creation.create(
            connection, parent_id, edit, level=level, label=label, name=name, at=point,
            room_code=room_code, status="planned" if planned else "current",
        )  # fmt: skip
        told = _outcome(connection, [made])
    _emit(told, as_json=as_json)


@edit.command(help=Text("启用规划中的地址", "put a planned address into use").both)
def activate(
    address_id: AddressId,
    source: SourceOption,
    valid_from: ValidFromOption = None,
    seen: SeenOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Let a planned address become current."""
    from blockdata.address.register import operations

    edit = edit_of(source, valid_from, seen)
    with database() as (engine, _), engine.begin() as connection:
        operations.activate(connection, address_id, edit)
        told = _outcome(connection, [address_id])
    _emit(told, as_json=as_json)


def _part(words: str) -> "Part":
    from blockdata.address.register.lineage import Part

    label, at, place = words.partition("@")
    return Part(label, at=read_lon_lat(place, "parts") if at else None)


def _moved(words: str, parts: "list[Part]") -> tuple[int, int]:
    child, _, label = words.partition("=")
    labels = [part.label for part in parts]
    if label not in labels:
        raise InputError(
            Text(f"“{words}”不是 编号=门牌", f"{words!r} is not ID=LABEL of a part"),
            field="move",
            cure=Text(f"写成 编号={labels[-1]}", f"write as in ID={labels[-1]}"),
        )
    return read_id(child, "move"), labels.index(label)


def _outcome(connection: "Connection", address_ids: list[int]) -> dict[str, Any]:
    """The event's number, and what the addresses say now."""
    from blockdata.address.register.events import last_seq
    from blockdata.address.register.operations import area_of
    from blockdata.address.register.reading import as_of_many

    rows = as_of_many(connection, address_ids)
    return {
        "seq": last_seq(connection, area_of(connection, address_ids[0])),
        "addresses": [
            {key: row[key] for key in ("address_id", "status", "text_zh", "code")} for row in rows
        ],
    }


def _emit(told: dict[str, Any], *, as_json: bool) -> None:
    seq = told["seq"]
    said = Text(f"已记录,第 {seq} 号变更", f"recorded as change {seq}")
    rows = [
        f"{row['address_id']}  [{row['status']}]  {row['text_zh']}  {row['code'] or ''}".rstrip()
        for row in told["addresses"]
    ]
    emit(told, as_json=as_json, human=lambda: "\n".join([said.say(language()), *rows]))
