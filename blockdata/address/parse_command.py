"""``blockdata address parse``: the levels of one address, or of every line of a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from blockdata.clean import shown
from blockdata.console import (
    JsonOption,
    as_document,
    emit,
    language,
    print_result,
    progress,
)
from blockdata.errors import InputError
from blockdata.text import Text

if TYPE_CHECKING:
    from blockdata.address.parse import Parsed

_CHUNK = 2_000
MOST = 1_000
"""Characters of one address: longer is something else, and takes long to split."""

LEVEL_NAMES = {
    "country": "国家", "province": "省", "city": "市", "district": "区县", "zone": "开发区",
    "street": "街道", "community": "社区", "grid": "网格", "road": "道路", "number": "门牌",
    "estate": "小区", "poi": "地点", "subpoi": "分区", "building": "楼栋", "unit": "单元",
    "floor": "楼层", "room": "房间", "business": "单位", "lamp_post": "灯杆",
    "kilometre_post": "里程桩", "postcode": "邮编", "landmark": "方位", "remark": "备注",
}  # fmt: skip


def parse(
    text: Annotated[str | None, typer.Argument(help=Text("地址", "the address").both)] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help=Text(
                "每行一个地址的文件;每行输出一个对象",
                "one address a line; prints one object a line",
            ).both,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Split an address into its levels · 解析地址."""
    if (text is None) == (file is None):
        raise InputError(
            Text("请给出一个地址,或用 --file 给出文件", "give either one address or --file"),
            field="text",
            cure=Text(
                "blockdata address parse 固戍一路168号 或 --file 地址.txt",
                "blockdata address parse 固戍一路168号, or --file addresses.txt",
            ),
        )
    if text is not None:
        from blockdata.address.parse import parse as parse_one

        parsed = parse_one(_of_sane_length(text, "text"))
        emit(parsed.as_json(), as_json=as_json, human=lambda: _table(parsed))
    elif file is not None:
        _parse_file(file, as_json=as_json)


def _parse_file(file: Path, *, as_json: bool) -> None:
    from blockdata.address.parse import parse_many
    from blockdata.reading import read_lines

    names = _names()
    lines = [_of_sane_length(line, "file") for line in read_lines(file)]
    with progress(Text("解析地址", "parsing addresses"), total=len(lines)) as advance:
        for first in range(0, len(lines), _CHUNK):
            chunk = lines[first : first + _CHUNK]
            for parsed in parse_many(chunk):
                if as_json:
                    print_result(as_document(parsed.as_json()))
                else:
                    print_result(" ".join(f"{t.text}/{names[t.level]}" for t in parsed.tokens))
            advance(len(chunk))


def _of_sane_length(words: str, field: str) -> str:
    if len(words) > MOST:
        raise InputError(
            Text(f"“{shown(words)}”超过 {MOST} 字", f"'{shown(words)}' has over {MOST} characters"),
            field=field,
            cure=Text("每行只写一个地址", "write one address a line"),
        )
    return words


def _names() -> dict[str, str]:
    """What each level is called in the language of the messages; to be asked for once."""
    return LEVEL_NAMES if language() == "zh" else {level: level for level in LEVEL_NAMES}


def _table(parsed: "Parsed") -> str:
    names = _names()
    rows = [f"{names[t.level]}\t{t.text}\t{t.value or ''}\t{t.rule}" for t in parsed.tokens]
    rows += [f"({r.rule}: {r.before} → {r.after})" for r in parsed.rewrites]
    return "\n".join([parsed.text, *rows])
