"""``blockdata grid plan``: propose grids, tell the impact; only ``--apply`` changes anything."""

from pathlib import Path
from typing import Annotated

import typer

from blockdata.console import JsonOption, emit, language, progress
from blockdata.ids import MAX_SEED
from blockdata.text import Text

HELP = Text("规划网格并报告影响", "propose grids and tell the impact; --apply puts them in force")


def plan(
    area: Annotated[
        str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
    ] = None,
    community: Annotated[
        str | None, typer.Option(help=Text("只规划一个社区", "code of one community only").both)
    ] = None,
    seed: Annotated[
        int, typer.Option(help=Text("随机种子", "random seed").both, min=0, max=MAX_SEED)
    ] = 1,
    *,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help=Text("全部重画,不沿用现有网格", "draw anew, keep no grid").both
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help=Text("规划文件 JSON", "file of the plan (JSON)").both)
    ] = None,
    layer: Annotated[
        Path | None, typer.Option(help=Text("规划图层 GeoJSON", "proposed grids (GeoJSON)").both)
    ] = None,
    osm: Annotated[
        Path | None,
        typer.Option(help=Text("改用 OSM 数据试划", "try it on an OpenStreetMap extract").both),
    ] = None,
    admin_level: Annotated[
        str, typer.Option(help=Text("OSM 行政级别", "admin level of its communities").both)
    ] = "10",
    apply: Annotated[
        bool, typer.Option("--apply", help=Text("应用为新版网格", "make it the new grids").both)
    ] = False,
    source: Annotated[
        str | None, typer.Option(help=Text("应用的依据", "who decided it, to apply").both)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose grids by load, roads and least disruption, and report the impact."""
    from blockdata.grid.planner.command import Order, run_plan
    from blockdata.grid.planner.summary import plan_as_text

    with progress(Text("规划网格", "planning grids"), 1000) as advance:
        result = run_plan(
            Order(area, community, seed, fresh, out, layer, osm, admin_level, apply, source),
            lambda total: lambda n: advance(1000 * n // max(total, 1)),
        )
    emit(result, as_json=as_json, human=lambda: plan_as_text(result, language()))
