"""``blockdata grid``: index, locate, validate, count, redraw and publish grids."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.console import JsonOption, command_group, emit, language, progress
from blockdata.errors import InputError
from blockdata.grid import (
    count_commands,
    cover_command,
    life_commands,
    professional_command,
    publish_commands,
)
from blockdata.grid.planner import cli as planner
from blockdata.lonlat import read_lon_lat
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from blockdata.settings import Settings
    from blockdata.storage.areas import Area

app = command_group(Text("网格:定位、索引、检查、统计、发布", "grids: locate, count, publish"))

LayerArgument = Annotated[
    Path | None,
    typer.Argument(help=Text("面图层文件;不给则用区域的网格", "a layer's file, or none").both),
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help=Text("编码所在列", "column with the code").both)
]
AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]


@app.command(help=Text("为面图层或区域的网格建立索引", "index a layer, or an area's grids").both)
def index(
    layer: LayerArgument = None,
    out: Annotated[
        Path | None, typer.Option(help=Text("索引文件夹", "folder of the index").both)
    ] = None,
    key: KeyOption = None,
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Build an index and save it, to be mapped by ``locate``; an area's has a place of its own."""
    from blockdata.grid.area_grids import area_index
    from blockdata.grid.index import GridIndex
    from blockdata.grid.layer_file import read_layer

    with progress(Text("建立索引", "indexing")):
        if layer is None:
            with open_area(area) as (connection, settings, found):
                built, folder = area_index(connection, settings.var, found)
            if out is not None:
                folder = built.save(out)
        else:
            built = GridIndex.build(read_layer(layer, key))
            folder = built.save(_needed(out, "out"))
    result = {
        "polygons": len(built),
        "bytes": built.nbytes,
        "cells": built.columns * built.rows,
        "edge_cell_share": round(built.edge_cell_share, 4),
        "content_hash": built.content_hash,
        "folder": str(folder),
    }
    said = Text(
        f"{len(built)} 个面,{built.nbytes / 1e6:.1f} MB,已存入 {folder}",
        f"{len(built)} polygons, {built.nbytes / 1e6:.1f} MB, saved in {folder}",
    )
    emit(result, as_json=as_json, human=lambda: said.say(language()))


@app.command(help=Text("查询点所在的网格", "find the grid of a point or of a table").both)
def locate(
    at: Annotated[
        str | None, typer.Argument(help=Text("经度,纬度", "LON,LAT (or LON LAT)").both)
    ] = None,
    lat: Annotated[float | None, typer.Argument(help=Text("纬度", "latitude").both)] = None,
    area: AreaOption = None,
    *,
    saved: Annotated[
        Path | None, typer.Option("--index", help=Text("索引文件夹", "folder of an index").both)
    ] = None,
    layer: Annotated[
        Path | None, typer.Option(help=Text("或面图层文件", "or a file with polygons").both)
    ] = None,
    key: KeyOption = None,
    points: Annotated[
        Path | None,
        typer.Option(
            "--file",
            "--points",
            help=Text("点表 CSV(lon、lat 列)", "CSV of points (lon, lat)").both,
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=Text("结果 CSV", "CSV to write the result to").both)
    ] = None,
    datum: Annotated[str, typer.Option(help=Text("坐标系", "wgs84, gcj02 or bd09").both)] = "wgs84",
    as_json: JsonOption = False,
) -> None:
    """Say which grid each point lies in; a point on an edge belongs to the lowest code.

    Without ``--index`` or ``--layer`` the area's own grids answer.
    """
    from blockdata.grid.locating import locate_in_area, locate_one, locate_table, open_index

    if (at is None) == (points is None):
        raise InputError(
            Text("须给出一个点或一个点表", "a point or a table of points is needed"),
            field="at",
            cure=Text("给出 经度,纬度,或 --file 文件", "give LON,LAT, or --file FILE"),
        )
    point = None if at is None else read_lon_lat(at if lat is None else f"{at},{lat}")
    if saved is not None or layer is not None:
        found = open_index(saved, layer, key)
        one = None if point is None else locate_one(found, *point, datum)
        table = None if points is None else locate_table(found, points, out, datum)
    else:
        with open_area(area) as (connection, settings, here):
            one, table = locate_in_area(connection, settings.var, here, point, points, out, datum)
    if table is not None:
        said = Text(
            f"{table['points']} 个点,{table['outside']} 个在网格之外",
            f"{table['points']} points, {table['outside']} outside every polygon",
        )
        emit(table, as_json=as_json, human=lambda: said.say(language()))
    if one is not None:
        emit(one, as_json=as_json, human=lambda: _words_of(one))


@app.command(
    help=Text("检查绘制的图层或区域的网格", "check a drawn layer, or an area's grids").both
)
def validate(
    layer: LayerArgument = None,
    key: KeyOption = None,
    area: AreaOption = None,
    *,
    communities: Annotated[
        Path | None, typer.Option(help=Text("社区图层", "layer of the communities").both)
    ] = None,
    community_key: Annotated[
        str | None, typer.Option(help=Text("社区名称列", "column with its names").both)
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option(help=Text("已知点 CSV(lon、lat、grid)", "known points: lon, lat, grid").both),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List every fault with its polygons and cure; a layer with any is refused (exit 1).

    With ``--area`` a layer is held against the area's communities, outline and known addresses.
    """
    from blockdata.grid.layer_file import read_layer
    from blockdata.grid.locating import validate_files
    from blockdata.grid.validate import refuse

    with progress(Text("检查图层", "checking the layer")):
        if layer is not None and area is None:
            count, found = validate_files(layer, key, communities, community_key, known)
        else:
            from blockdata.grid.area_grids import validate_area

            with open_area(area) as (connection, _, here):
                drawn = None if layer is None else read_layer(layer, key)
                count, found = validate_area(connection, here, drawn)
    lines = [f"{f.detail.say(language())} → {f.cure.say(language())}" for f in found]
    sound = Text(f"{count} 个面,无问题", f"{count} polygons, no fault")
    emit(
        {"polygons": count, "findings": [f.as_dict() for f in found]},
        as_json=as_json,
        human=lambda: "\n".join(lines) or sound.say(language()),
    )
    refuse(found)


@contextmanager
def open_area(name: str | None) -> "Iterator[tuple[Connection, Settings, Area]]":
    """A transaction on the database, the settings, and the area (theirs where none is named)."""
    from blockdata.settings import Settings
    from blockdata.storage.areas import find_area
    from blockdata.storage.database import open_database

    settings = Settings()
    engine = open_database(settings)
    try:
        with engine.begin() as connection:
            yield connection, settings, find_area(connection, name or settings.area)
    finally:
        engine.dispose()


def _words_of(one: dict[str, Any]) -> str:
    if one["grid"] is None:
        return Text("不在任何网格内", "outside every polygon").say(language())
    if "street_zh" not in one:
        return str(one["grid"])
    names = Text(
        f"{one['street_zh']} {one['community_zh']}", f"{one['community_en']}, {one['street_en']}"
    )
    return f"{one['grid']} {names.say(language())}"


def _needed(out: Path | None, field: str) -> Path:
    if out is None:
        raise InputError(
            Text("没有给出索引文件夹", "no folder was given for the index"),
            field=field,
            cure=Text("用 --out 指明", "name it with --out"),
        )
    return out


app.command(help=planner.HELP.both)(planner.plan)
app.command(help=count_commands.HELP.both)(count_commands.aggregate)
app.command(help=cover_command.HELP.both)(cover_command.cover)
app.command(help=professional_command.HELP.both)(professional_command.professional)
for _command, _about in (*life_commands.COMMANDS, *publish_commands.COMMANDS):
    app.command(help=_about.both)(_command)
