"""``blockdata address review``: the clerical queue, from the texts to what was decided."""

from pathlib import Path
from typing import Annotated, Any

import typer

from blockdata.address.register.command import (
    AreaOption,
    ReviewId,
    database,
    emit_rows,
    lines,
)
from blockdata.console import JsonOption, command_group, emit, language, progress
from blockdata.errors import BadFile, InputError
from blockdata.ids import MAX_ID
from blockdata.text import Text

review = command_group(Text("待定队列", "the clerical queue"))
_NONE = {
    "open": Text("没有等待决定的地址文字", "nothing waits for a decision"),
    "skipped": Text("没有搁置的地址文字", "nothing is laid aside"),
    "matched": Text("还没有匹配到地址的文字", "nothing has been matched to an address yet"),
    "unmatched": Text("还没有定为无此地址的文字", "nothing has been found to be no address yet"),
}
WhoOption = Annotated[
    str, typer.Option("--source", help=Text("谁或哪个系统", "who, or which system").both)
]


@review.command("add", help=Text("送入待定队列", "queue undecided texts").both)
def review_add(
    words: Annotated[
        list[str] | None, typer.Argument(help=Text("文字,可多条", "the texts").both)
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help=Text("或每行一条的文件", "or a file with one a line").both),
    ] = None,
    area: AreaOption = None,
    source: WhoOption = "cli",
    *,
    as_json: JsonOption = False,
) -> None:
    """Match texts and queue those that are neither sure nor hopeless."""
    from blockdata.address.register.review import ask_for_review
    from blockdata.address.service import AddressService
    from blockdata.personal import words_for
    from blockdata.storage.areas import find_area

    texts = _texts(words, file)
    with database() as (engine, settings), engine.begin() as connection:
        name = area or settings.area
        area_id = find_area(connection, name).area_id
        service = AddressService(engine, settings)
        with progress(Text("匹配", "matching"), total=len(texts)) as advance:
            asked = ask_for_review(
                connection, area_id, texts, lambda text: service.match(name, text),
                source=source, advance=advance,
            )  # fmt: skip
    taken = words_for(tuple(asked.stripped))
    said = Text(
        f"{len(texts)} 条:{asked.sure} 条有把握,{asked.hopeless} 条无从判断,"
        f"{asked.queued} 条待定,{asked.decided} 条已有结论",
        f"{len(texts)} texts: {asked.sure} sure, {asked.hopeless} hopeless,"
        f" {asked.queued} queued, {asked.decided} decided before",
    )
    if asked.stripped:
        said = Text(
            f"{said.zh};未保存其中的个人信息:{taken.zh}",
            f"{said.en}; personal details in them were not kept: {taken.en}",
        )
    emit(asked.as_dict(), as_json=as_json, human=lambda: said.say(language()))


@review.command("list", help=Text("列出待定文字", "list the queue").both)
def review_list(
    area: AreaOption = None,
    status: Annotated[str, typer.Option(help="open | matched | unmatched | skipped")] = "open",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the texts with their candidates, the most often seen first."""
    from blockdata.address.register.review import list_reviews, read_status
    from blockdata.storage.areas import find_area

    wanted = read_status(status)
    with database() as (engine, settings), engine.connect() as connection:
        area_id = find_area(connection, area or settings.area).area_id
        found = list_reviews(connection, area_id, status=wanted, limit=limit)
    none = _NONE[wanted]
    emit_rows(found, [_review_words(row) for row in found], none, as_json=as_json)


@review.command("decide", help=Text("作出结论", "decide one").both)
def review_decide(
    review_id: ReviewId,
    address_id: Annotated[
        int | None,
        typer.Argument(
            min=1,
            max=MAX_ID,
            help=Text("不写则表示无此地址", "none: no such address").both,
        ),
    ] = None,
    source: WhoOption = "cli",
    note: Annotated[str | None, typer.Option()] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which address a text means; matching knows it from then on."""
    from blockdata.address.register.review import decide

    with database() as (engine, _), engine.begin() as connection:
        result = decide(connection, review_id, address_id, source=source, note=note)
    emit(result, as_json=as_json, human=lambda: lines(result))


@review.command("skip", help=Text("暂不处理", "lay one aside").both)
def review_skip(
    review_id: ReviewId,
    source: WhoOption = "cli",
    note: Annotated[str | None, typer.Option()] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Lay a text aside undecided."""
    from blockdata.address.register.review import skip

    with database() as (engine, _), engine.begin() as connection:
        result = skip(connection, review_id, source=source, note=note)
    emit(result, as_json=as_json, human=lambda: lines(result))


@review.command("forget", help=Text("删除逾期未决的文字", "delete texts long undecided").both)
def review_forget(
    area: AreaOption = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=3650,
            help=Text("超过几天;默认按辖区配置", "older than; default: profile").both,
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Delete texts that nobody decided within some days; the running server does so as well."""
    from blockdata.address.register.retention import forget_undecided
    from blockdata.storage.areas import find_area

    with database() as (engine, settings), engine.begin() as connection:
        found = find_area(connection, area or settings.area)
        gone = forget_undecided(connection, found, settings.clock.now(), days=days)
    said = Text(f"已删除 {gone} 条未决文字", f"{gone} undecided texts deleted")
    emit({"area": found.name, "forgotten": gone}, as_json=as_json,
         human=lambda: said.say(language()))  # fmt: skip


def _texts(words: list[str] | None, file: Path | None) -> list[str]:
    """The texts of the command line, or of the file's lines that are not blank."""
    if bool(words) == (file is not None):
        raise InputError(
            Text("请给出文字,或用 --file 给出文件", "give either texts or --file"),
            field="words",
            cure=Text(
                "blockdata address review add 海裕花圆3栋,或 --file 文件.txt",
                "blockdata address review add 海裕花圆3栋, or --file texts.txt",
            ),
        )
    if file is None:
        return list(words or [])
    from blockdata.reading import read_lines

    lines = read_lines(file)
    found = [line for line in lines if line.strip()]
    if not found:
        raise BadFile(
            Text(f"{file} 是空的", f"{file} is empty"),
            field="file",
            cure=Text("每行写一条地址文字", "write one text a line"),
        )
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _check_line(number, line)
    return found


def _check_line(number: int, line: str) -> None:
    """Name the line that cannot be queued before any is."""
    from blockdata.address.register.review import check_text

    try:
        check_text(line)
    except InputError as error:
        raise InputError(
            Text(f"第 {number} 行:{error.detail.zh}", f"line {number}: {error.detail.en}"),
            field="file",
            cure=error.cure,
        ) from None


def _review_words(row: dict[str, Any]) -> str:
    head = f"{row['review_id']}  {row['written']}  ×{row['times_seen']}  [{row['status']}]"
    by = f"  {row['decided_id'] or ''} {row['decided_by']}" if row["decided_by"] else ""
    candidates = [
        f"    {c['address_id']}  {c['text']}  {c['probability'] or ''}".rstrip()
        for c in row["candidates"]
    ]
    return "\n".join([head + by, *candidates])
