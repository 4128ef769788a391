"""``blockdata grid apply|history|officers|assign|relieve|absence``: versions, who serves a grid."""

from pathlib import Path
from typing import Annotated, Any

import typer

from blockdata.console import JsonOption, emit, language, progress
from blockdata.text import Text

AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help=Text("生效日期或时刻", "from when; now if left out").both),
]


def apply(
    layer: Annotated[Path, typer.Argument(help=Text("网格图层", "layer of drawn grids").both)],
    source: Annotated[str, typer.Option(help=Text("依据", "who or what decided it").both)],
    key: Annotated[
        str, typer.Option(help=Text("编码所在列", "column with the code").both)
    ] = "code",
    area: AreaOption = None,
    since: FromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Check a drawn layer and make it the area's next version; one with a fault is refused."""
    from blockdata.grid.cli import open_area
    from blockdata.grid.layer_file import read_layer
    from blockdata.grid.redraw import apply_layer
    from blockdata.moments import moment_from

    drawn = read_layer(layer, key)
    with progress(Text("应用新网格", "applying the new grids")), open_area(area) as (db, _, here):
        done = apply_layer(db, here, drawn, source=source, at=moment_from(since, "from"))
    said = Text(
        f"第 {done.layer.number} 版:{done.kept} 个不变,{len(done.drawn)} 个新画,"
        f"{done.recoded} 个地址换码,{len(done.duty.unserved)} 个网格无网格员",
        f"version {done.layer.number}: {done.kept} stay, {len(done.drawn)} drawn, {done.recoded} "
        f"addresses have other codes, {len(done.duty.unserved)} grids have no officer",
    )
    emit(done.as_dict(), as_json=as_json, human=lambda: said.say(language()))


def history(
    code: Annotated[str | None, typer.Argument(help=Text("网格编码", "a grid's code").both)] = None,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """The versions of the layer, or those in which a code named a grid, with its counts."""
    from blockdata.grid.cli import open_area
    from blockdata.grid.layers import current_layer, grid_periods, list_layers

    with open_area(area) as (connection, _, here):
        current_layer(connection, here)
        if code is None:
            rows = [version.as_dict() for version in list_layers(connection, here)]
        else:
            rows = grid_periods(connection, here, code)
    emit({"area": here.name, "code": code, "versions": rows}, as_json=as_json,
         human=lambda: "\n".join(_version_line(row) for row in rows))  # fmt: skip


def officers(
    grid: Annotated[str | None, typer.Argument(help=Text("网格编码", "a grid's code").both)] = None,
    area: AreaOption = None,
    at: Annotated[str | None, typer.Option(help=Text("时刻", "at this moment").both)] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Who serves each grid: the officer, or the deputy while that one is away."""
    from blockdata.grid.cli import open_area
    from blockdata.grid.duty import who_serves
    from blockdata.grid.layers import current_layer
    from blockdata.moments import moment_at

    asked = moment_at(at, "at")
    with open_area(area) as (connection, settings, here):
        current_layer(connection, here)
        rows = who_serves(connection, here, asked or settings.clock.now(), grid)
    nobody = Text("无人", "nobody").say(language())
    lines = [f"{row['grid']} {row['serves'] or nobody}" for row in rows]
    emit({"area": here.name, "grids": rows}, as_json=as_json, human=lambda: "\n".join(lines))


def assign(
    grid: Annotated[str, typer.Argument(help=Text("网格编码", "the grid's code").both)],
    officer: Annotated[str, typer.Argument(help=Text("工号", "the officer's staff code").both)],
    area: AreaOption = None,
    since: FromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Give a grid to an officer; what stood before ends. An unknown staff code is enrolled."""
    from blockdata.grid import duty
    from blockdata.grid.cli import open_area
    from blockdata.grid.layers import current_layer
    from blockdata.moments import moment_from

    begins = moment_from(since, "from")
    with open_area(area) as (connection, settings, here):
        moment = begins or settings.clock.now()
        current_layer(connection, here)
        duty.enrol_officers(connection, here, [officer])
        duty.assign(connection, here, grid, officer, moment)
    result = {"grid": grid, "officer": officer, "since": moment.isoformat()}
    emit(result, as_json=as_json, human=lambda: f"{grid} ← {officer}")


def relieve(
    officer: Annotated[str, typer.Argument(help=Text("工号", "staff code").both)],
    area: AreaOption = None,
    since: FromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """End an officer's duty in a grid; the grid has nobody until it is given to another."""
    from blockdata.grid import duty
    from blockdata.grid.cli import open_area
    from blockdata.moments import moment_from

    begins = moment_from(since, "from")
    with open_area(area) as (connection, settings, here):
        moment = begins or settings.clock.now()
        duty.relieve(connection, here, officer, moment)
    said = Text(f"{officer} 不再负责网格", f"{officer} has no grid any more")
    result = {"officer": officer, "from": moment.isoformat()}
    emit(result, as_json=as_json, human=lambda: said.say(language()))


def absence(
    officer: Annotated[str, typer.Argument(help=Text("工号", "staff code").both)],
    deputy: Annotated[str, typer.Option(help=Text("代班人工号", "the deputy's code").both)],
    until: Annotated[str, typer.Option(help=Text("结束", "until when").both)],
    area: AreaOption = None,
    since: FromOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Record that an officer is away for a while and another stands in."""
    from blockdata.grid import duty
    from blockdata.grid.cli import open_area
    from blockdata.moments import moment_at, moment_from

    begins, end = moment_from(since, "from"), moment_at(until, "until")
    assert end is not None
    with open_area(area) as (connection, settings, here):
        start = begins or settings.clock.now()
        duty.record_absence(connection, here, officer, deputy, start, end)
    result = {"officer": officer, "deputy": deputy, "from": start.isoformat()}
    result["until"] = end.isoformat()
    emit(result, as_json=as_json, human=lambda: f"{officer} → {deputy}")


COMMANDS = (
    (apply, Text("检查并启用新网格图层", "check a drawn layer and put it in force")),
    (history, Text("网格各版本", "versions of the grids")),
    (officers, Text("各网格由谁负责", "who serves each grid")),
    (assign, Text("指派网格员", "give a grid to an officer")),
    (relieve, Text("免去网格员", "end an officer's duty in a grid")),
    (absence, Text("登记缺勤与代班", "record an absence and its deputy")),
)


def _version_line(row: dict[str, Any]) -> str:
    until = row["valid_to"] or "…"
    more = f" {row['grids']}" if "grids" in row else f" {row['people']} / {row['units']}"
    return f"{row['number']} {row['valid_from']} – {until}{more}"
