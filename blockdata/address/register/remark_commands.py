"""``blockdata address alias|doubt``: what is said about an address beside its own words."""

from typing import Annotated

import typer

from blockdata.address.register.command import (
    AddressId,
    SourceOption,
    ValidFromOption,
    database,
    edit_of,
    emit_rows,
    emit_seq,
    period,
)
from blockdata.console import JsonOption, command_group
from blockdata.text import Text

alias = command_group(Text("别名", "aliases"))
doubt = command_group(Text("存疑标记", "doubts"))
Words = Annotated[str, typer.Argument(help=Text("别名", "the alias").both)]
Attribute = Annotated[
    str, typer.Argument(help="status | parent | label | text | name | code | floor | point")
]


@alias.command("add", help=Text("登记别名", "record an alias").both)
def alias_add(
    address_id: AddressId,
    words: Words,
    source: SourceOption,
    confidence: Annotated[
        float, typer.Option(help=Text("置信度,大于 0 至 1", "above 0 and up to 1").both)
    ] = 1.0,
    valid_from: ValidFromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record that words mean an address; matching knows it from then on."""
    from blockdata.address.register.remarks import add_alias

    edit = edit_of(source, valid_from)
    with database() as (engine, _), engine.begin() as connection:
        seq = add_alias(connection, address_id, words, edit, confidence=confidence)
    emit_seq(seq, as_json=as_json)


@alias.command("end", help=Text("停用别名", "end an alias").both)
def alias_end(
    address_id: AddressId,
    words: Words,
    source: SourceOption,
    valid_from: ValidFromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record that words no longer mean an address."""
    from blockdata.address.register.remarks import end_alias

    edit = edit_of(source, valid_from)
    with database() as (engine, _), engine.begin() as connection:
        seq = end_alias(connection, address_id, words, edit)
    emit_seq(seq, as_json=as_json)


@alias.command("list", help=Text("列出别名", "list aliases").both)
def alias_list(address_id: AddressId, *, as_json: JsonOption = False) -> None:
    """Print an address's aliases with source, confidence and validity."""
    from blockdata.address.register.reading import history

    with database() as (engine, _), engine.connect() as connection:
        found = history(connection, address_id)["aliases"]
    words = [f"{a['text_zh']}  {a['confidence']:.2f}  {a['source']}  {period(a)}" for a in found]
    emit_rows(found, words, Text("没有别名", "no aliases"), as_json=as_json)


@doubt.command("set", help=Text("标为存疑", "flag an attribute").both)
def doubt_set(
    address_id: AddressId,
    attribute: Attribute,
    evidence: Annotated[str, typer.Argument(help=Text("为何存疑", "why it is in doubt").both)],
    source: SourceOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Flag an attribute (point, label, code …) as doubtful, with the evidence."""
    from blockdata.address.register.remarks import set_doubt

    with database() as (engine, _), engine.begin() as connection:
        seq = set_doubt(connection, address_id, attribute, evidence, edit_of(source))
    emit_seq(seq, as_json=as_json)


@doubt.command("clear", help=Text("取消存疑", "take a flag back").both)
def doubt_clear(
    address_id: AddressId,
    attribute: Attribute,
    source: SourceOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Take a flag back; it stays in the history."""
    from blockdata.address.register.remarks import clear_doubt

    with database() as (engine, _), engine.begin() as connection:
        seq = clear_doubt(connection, address_id, attribute, edit_of(source))
    emit_seq(seq, as_json=as_json)


@doubt.command("list", help=Text("列出存疑项", "list what is in doubt").both)
def doubt_list(address_id: AddressId, *, as_json: JsonOption = False) -> None:
    """Print which of an address's attributes are in doubt, with the evidence."""
    from blockdata.address.register.reading import history

    with database() as (engine, _), engine.connect() as connection:
        found = history(connection, address_id)["doubts"]
    words = [f"{d['attribute']}  {d['evidence']}  {d['source']}" for d in found]
    emit_rows(found, words, Text("没有存疑项", "nothing is in doubt"), as_json=as_json)
