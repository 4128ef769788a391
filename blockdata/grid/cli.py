"""``blockdata grid``: index a layer, find the grid of points, check a drawn layer."""

from pathlib import Path
from typing import Annotated

import typer

from blockdata.console import JsonOption, command_group, emit, language, progress
from blockdata.errors import InputError
from blockdata.text import Text

app = command_group(Text("网格:定位、索引与检查", "grids: locate, index and validate"))

LayerArgument = Annotated[
    Path, typer.Argument(help=Text("面图层文件", "file with the polygons").both)
]
KeyOption = Annotated[
    str | None, typer.Option("--key", help=Text("编码所在列", "column with the code").both)
]


@app.command(help=Text("为面图层建立索引", "index a polygon layer").both)
def index(
    layer: LayerArgument,
    out: Annotated[Path, typer.Option(help=Text("索引文件夹", "folder of the index").both)],
    key: KeyOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Build the index of a layer and save it, to be mapped by ``locate``."""
    from blockdata.grid.index import GridIndex
    from blockdata.grid.layer_file import read_layer

    with progress(Text("建立索引", "indexing")):
        built = GridIndex.build(read_layer(layer, key))
        built.save(out)
    result = {
        "polygons": len(built),
        "bytes": built.nbytes,
        "cells": built.columns * built.rows,
        "edge_cell_share": round(built.edge_cell_share, 4),
        "content_hash": built.content_hash,
        "folder": str(out),
    }
    said = Text(
        f"{len(built)} 个面,{built.nbytes / 1e6:.1f} MB,已存入 {out}",
        f"{len(built)} polygons, {built.nbytes / 1e6:.1f} MB, saved in {out}",
    )
    emit(result, as_json=as_json, human=lambda: said.say(language()))


@app.command(help=Text("查询点所在的网格", "find the grid of a point or of a table").both)
def locate(
    lon: Annotated[float | None, typer.Argument(help=Text("经度", "longitude").both)] = None,
    lat: Annotated[float | None, typer.Argument(help=Text("纬度", "latitude").both)] = None,
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
        typer.Option(help=Text("点表 CSV(lon、lat 列)", "CSV of points (lon, lat)").both),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=Text("结果 CSV", "CSV to write the result to").both)
    ] = None,
    datum: Annotated[str, typer.Option(help=Text("坐标系", "wgs84, gcj02 or bd09").both)] = "wgs84",
    as_json: JsonOption = False,
) -> None:
    """Say which polygon each point lies in; a point on an edge belongs to the lowest position."""
    from blockdata.grid.locating import locate_one, locate_table, open_index

    found = open_index(saved, layer, key)
    if points is not None:
        result = locate_table(found, points, out, datum)
        said = Text(
            f"{result['points']} 个点,{result['outside']} 个在网格之外",
            f"{result['points']} points, {result['outside']} outside every polygon",
        )
        emit(result, as_json=as_json, human=lambda: said.say(language()))
        return
    if lon is None or lat is None:
        raise InputError(
            Text("没有给出点", "no point was given"),
            field="lon",
            cure=Text(
                "给出经度与纬度,或 --points 文件", "give a longitude and latitude, or --points"
            ),
        )
    one = locate_one(found, lon, lat, datum)
    outside = Text("不在任何网格内", "outside every polygon")
    emit(one, as_json=as_json, human=lambda: one["grid"] or outside.say(language()))


@app.command(help=Text("检查绘制的图层", "check a drawn layer").both)
def validate(
    layer: LayerArgument,
    key: KeyOption = None,
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
    """List every fault with its polygons and cure; a layer with any is refused (exit 1)."""
    from blockdata.grid.layer_file import read_layer, read_points
    from blockdata.grid.validate import KnownPoints, refuse, validate_layer

    polygons = read_layer(layer, key)
    around = None if communities is None else read_layer(communities, community_key)
    anchors = None
    if known is not None:
        table = read_points(known, ["lon", "lat", "grid"])
        anchors = KnownPoints.of(table["lon"], table["lat"], table["grid"])
    with progress(Text("检查图层", "checking the layer")):
        found = validate_layer(polygons, communities=around, known=anchors)
    lines = [f"{f.detail.say(language())} → {f.cure.say(language())}" for f in found]
    sound = Text(f"{len(polygons)} 个面,无问题", f"{len(polygons)} polygons, no fault")
    emit(
        {"polygons": len(polygons), "findings": [f.as_dict() for f in found]},
        as_json=as_json,
        human=lambda: "\n".join(lines) or sound.say(language()),
    )
    refuse(found)
