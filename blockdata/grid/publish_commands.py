"""``blockdata grid publish|export``: layers for others."""

from pathlib import Path
from typing import Annotated

import typer

from blockdata.console import JsonOption, emit, language, progress
from blockdata.text import Text

AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]


def publish(
    output: Annotated[Path, typer.Option(help=Text("输出文件夹", "folder to write to").both)],
    area: AreaOption = None,
    h3: Annotated[
        list[int] | None, typer.Option(help=Text("H3 级别(可多次)", "H3 resolutions").both)
    ] = None,
    suffix: Annotated[
        str, typer.Option("--format", help=Text("格式", "parquet or geojson").both)
    ] = "parquet",
    *,
    as_json: JsonOption = False,
) -> None:
    """Publish people and entities by grid, community, street and H3, small counts suppressed."""
    from blockdata.grid.cli import open_area
    from blockdata.grid.publish.layers import published_layer, write_publication
    from blockdata.grid.publish.ledger import SUBJECTS
    from blockdata.grid.publish.publication import DEFAULT_RESOLUTIONS
    from blockdata.grid.publish.publication import publish as make

    with open_area(area) as (connection, _, here):
        with progress(Text("隐去小数并核验", "suppressing small counts")):
            made = make(connection, here, resolutions=h3 or DEFAULT_RESOLUTIONS)
        files = write_publication(connection, here, made, output, suffix)
        layers = {}
        for division in made.issue.divisions:
            layer = published_layer(connection, here, made, division)
            hidden = {s: int(layer[f"{s}_suppressed"].sum()) for s in SUBJECTS}
            layers[division] = {"cells": len(layer), "suppressed": hidden}
    result = {
        "area": here.name,
        "publication": made.number,
        "counted_at": made.counted_at.isoformat(),
        "layers": layers,
        "files": [str(file) for file in files],
    }
    said = Text(
        f"第 {made.number} 次发布,{len(files)} 个图层,已存入 {output}",
        f"publication {made.number}, {len(files)} layers, in {output}",
    )
    emit(result, as_json=as_json, human=lambda: said.say(language()))


def export(
    output: Annotated[Path, typer.Option(help=Text("文件 .parquet/.geojson", "the file").both)],
    area: AreaOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Write the grids with their communities and streets, without counts."""
    from blockdata.grid.area_grids import read_grids
    from blockdata.grid.cli import open_area
    from blockdata.grid.counts.report import write_layer

    with open_area(area) as (connection, _, here):
        grids = read_grids(connection, here).drop(columns=["grid_id", "community_id", "street_id"])
    write_layer(grids, output)
    said = Text(f"{len(grids)} 个网格,已存入 {output}", f"{len(grids)} grids in {output}")
    emit({"area": here.name, "grids": len(grids), "file": str(output)}, as_json=as_json,
         human=lambda: said.say(language()))  # fmt: skip


COMMANDS = (
    (publish, Text("发布统计图层(小数隐去)", "publish layers, small counts suppressed")),
    (export, Text("导出网格图层", "export the grids as a layer")),
)
