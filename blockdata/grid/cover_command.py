"""``blockdata grid cover``: the H3 cells of grids, keys that other systems join on."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.console import JsonOption, emit, language, progress
from blockdata.text import Text

if TYPE_CHECKING:
    import geopandas as gpd

    from blockdata.grid.h3_cover import H3Cover

HELP = Text("网格的 H3 覆盖(供其他系统关联)", "the H3 cells of grids, for others to join on")


def cover(
    layer: Annotated[
        Path | None,
        typer.Argument(help=Text("面图层文件;不给则用区域的网格", "a layer's file, or none").both),
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help=Text("编码所在列", "column with the code").both)
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
    ] = None,
    resolution: Annotated[int, typer.Option(help=Text("H3 级别", "H3 resolution").both)] = 11,
    output: Annotated[
        Path | None, typer.Option(help=Text("文件 .parquet/.csv", "file: .parquet or .csv").both)
    ] = None,
    cell: Annotated[
        str | None, typer.Option(help=Text("查一个 H3 单元", "look up one H3 cell").both)
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Count or write the cells inside each grid (compacted) and on its edge; or look one up.

    Whoever holds a cell inside a grid knows the grid; on an edge the polygons decide.
    """
    from blockdata.grid.h3_cover import H3Cover
    from blockdata.grid.layer_file import read_layer, write_table

    with progress(Text("计算 H3 覆盖", "covering with H3 cells")):
        drawn = _grids_of(area) if layer is None else read_layer(layer, key)
        shapes = drawn if drawn.crs is None else drawn.to_crs(4326)
        made = H3Cover.build(shapes, resolution, [str(code) for code in shapes.index])
    if cell is not None:
        found = _look_up(made, cell)
        said = " ".join(found["grids"]) or Text("不在任何网格内", "in no grid").say(language())
        emit(found, as_json=as_json, human=lambda: said)
        return
    result: dict[str, Any] = {
        "grids": len(made.keys),
        "resolution": resolution,
        "interior_cells": sum(map(len, made.interior)),
        "edge_cells": sum(map(len, made.edge)),
        "file": None if output is None else str(output),
    }
    if output is not None:
        write_table(made.table(), output)
    words = Text(
        f"{result['grids']} 个网格:内部 {result['interior_cells']} 个单元(已合并),"
        f"边界 {result['edge_cells']} 个",
        f"{result['grids']} grids: {result['interior_cells']} cells inside (compacted), "
        f"{result['edge_cells']} on edges",
    )
    emit(result, as_json=as_json, human=lambda: words.say(language()))


def _grids_of(area: str | None) -> "gpd.GeoSeries":
    from blockdata.grid.area_grids import read_grids
    from blockdata.grid.cli import open_area

    with open_area(area) as (connection, _, here):
        return read_grids(connection, here).set_index("code").geometry


def _look_up(made: "H3Cover", cell: str) -> dict[str, Any]:
    """The grids in which a point with this cell can lie; one that holds the cell whole is sure."""
    import h3.api.basic_int as h3

    from blockdata.clean import shown
    from blockdata.errors import InputError

    number = h3.str_to_int(cell) if re.fullmatch("[0-9a-f]{15}", cell) else 0
    if not h3.is_valid_cell(number) or h3.get_resolution(number) != made.resolution:
        raise InputError(
            Text(
                f"“{shown(cell)}”不是 {made.resolution} 级的 H3 单元",
                f"'{shown(cell)}' is no H3 cell of resolution {made.resolution}",
            ),
            field="cell",
            cure=Text(
                "给出 15 位十六进制的单元,或改 --resolution",
                "give its 15 hexadecimal digits, or another --resolution",
            ),
        )
    lookup = made.lookup()
    return {
        "cell": cell,
        "whole": lookup.interior_of(number) >= 0,
        "grids": [made.keys[position] for position in lookup.candidates(number)],
    }
