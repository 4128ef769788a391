"""``blockdata grid professional``: a department's grids, one to one on the base grids."""

from pathlib import Path
from typing import Annotated, Any

import typer

from blockdata.console import JsonOption, emit, language
from blockdata.text import Text

HELP = Text("专业网格与基础网格的一一对应", "a department's grids, one to one on base grids")


def professional(
    kind: Annotated[str, typer.Argument(help=Text("类别", "such as fire, work_safety").both)],
    file: Annotated[
        Path | None,
        typer.Argument(help=Text("对应表 CSV(code、base 列)", "CSV of code and base").both),
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help=Text("生效日期或时刻", "from when; now if left out").both),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Put a mapping in force from a file, or check the one that stands.

    The check ends with exit code 3 where a base grid has no professional grid, or one stands on a
    grid that is no more.
    """
    from blockdata.errors import DataQualityGate
    from blockdata.grid.cli import open_area
    from blockdata.grid.professional import check_professional, map_professional
    from blockdata.moments import moment_from

    begins = moment_from(since, "from")
    with open_area(area) as (connection, settings, here):
        moment = begins or settings.clock.now()
        result: dict[str, Any] = {"kind": kind, "at": moment.isoformat()}
        if file is not None:
            bases = _bases(file)
            result["mapped"] = map_professional(connection, here, kind, bases, moment)
        result |= check_professional(connection, here, kind, moment)
    without, dangling = len(result["without"]), len(result["dangling"])
    sound = Text("与基础网格一一对应", "one to one with the base grids")
    faults = Text(
        f"{without} 个基础网格没有专业网格,{dangling} 个专业网格所在的网格已不存在",
        f"{without} base grids have none, {dangling} stand on grids that are no more",
    )
    said = faults if without or dangling else sound
    emit(result, as_json=as_json, human=lambda: f"{kind}: {said.say(language())}")
    if without or dangling:
        raise DataQualityGate(
            faults,
            field="base",
            cure=Text("用新的对应表重新启用", "put a new mapping in force from a file"),
        )


def _bases(file: Path) -> dict[str, str]:
    from blockdata.errors import BadColumns
    from blockdata.grid.layer_file import read_table

    table = read_table(file, ["code", "base"], "file")
    for column in ("code", "base"):
        lines = table.index[table[column].str.strip() == ""]
        if len(lines):
            raise BadColumns(
                Text(f"第 {lines[0] + 2} 行缺 {column}", f"line {lines[0] + 2} has no {column}"),
                field=column,
                cure=Text("每行给出两个编码", "give both codes in every line"),
            )
    twice = table["code"][table["code"].duplicated()]
    if len(twice):
        raise BadColumns(
            Text(f"编码 {twice.iloc[0]} 重复", f"the code {twice.iloc[0]} comes twice"),
            field="code",
            cure=Text("每个专业网格一行", "give each professional grid one line"),
        )
    return dict(zip(table["code"], table["base"], strict=True))
