"""``blockdata grid aggregate``: counts and densities, brought up to date first."""

from pathlib import Path
from typing import Annotated

import typer

from blockdata.console import JsonOption, emit, language, progress
from blockdata.text import Text

HELP = Text(
    "统计人口、法人、楼栋等(内部使用)", "count people, entities, buildings … (internal use)"
)


def aggregate(
    area: Annotated[
        str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
    ] = None,
    by: Annotated[
        str, typer.Option(help=Text("统计单元", "grid, community, street, district or h3").both)
    ] = "grid",
    resolution: Annotated[
        int | None, typer.Option(help=Text("H3 级别 7–11", "H3 resolution, 7 to 11").both)
    ] = None,
    at: Annotated[
        str | None, typer.Option(help=Text("历史时刻或日期", "a date or moment in the past").both)
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(help=Text("图层文件 .parquet/.geojson", "layer: .parquet or .geojson").both),
    ] = None,
    *,
    recount: Annotated[
        bool, typer.Option("--recount", help=Text("全部重新统计", "count everything anew").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print or write counts and densities; what the register changed is counted first."""
    from typing import cast

    from blockdata.grid.cli import open_area
    from blockdata.grid.counts.kinds import KINDS
    from blockdata.grid.counts.refresh import refresh_counts
    from blockdata.grid.counts.report import By, check_division, counts_report, write_layer
    from blockdata.moments import moment_at

    check_division(by, resolution)
    moment = moment_at(at, "at")
    with open_area(area) as (connection, _, here):
        with progress(Text("统计", "counting")):
            refreshed = refresh_counts(connection, here, whole=recount)
        document, layer = counts_report(
            connection,
            here,
            cast("By", by),
            resolution=resolution,
            at=moment or refreshed.counted_at,
        )
    if output is not None:
        write_layer(layer, output)
        document = {k: v for k, v in document.items() if k != "rows"} | {"file": str(output)}
    words = language()
    totals = [f"{KINDS[k].say(words)} {n:,}" for k, n in document["total"].items()]
    rows = Text(f"{len(layer)} 个单元", f"{len(layer)} rows").say(words)
    emit(document, as_json=as_json, human=lambda: " · ".join([rows, *totals]))
