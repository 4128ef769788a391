"""``blockdata roads``: road networks in named areas."""

from pathlib import Path
from typing import Annotated, Any

import typer

from blockdata.console import JsonOption, command_group, emit, language, progress, say
from blockdata.text import Text

app = command_group(Text("路网:导入与查看", "road networks: import and look"))

AreaOption = Annotated[
    str, typer.Option("--area", help=Text("区域名", "name of the area").both, show_default=False)
]
ReplaceOption = Annotated[
    bool,
    typer.Option(
        "--replace", help=Text("替换该区域已有的道路", "replace the roads the area has").both
    ),
]


@app.command(
    "import", help=Text("导入 OpenStreetMap 文件", "import an OpenStreetMap file (.osm.pbf)").both
)
def import_command(
    file: Annotated[Path, typer.Argument(help="FILE.osm.pbf", show_default=False)],
    area: AreaOption,
    *,
    replace: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read roads from a file into an area. Needs no network."""
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from dispatch.network.importing import import_roads

    settings = Settings()
    engine = open_database(settings)
    with (
        progress(Text(f"导入 {file.name}", f"importing {file.name}")),
        engine.begin() as connection,
    ):
        result = import_roads(
            connection, file, area=area, profile=settings.profile, replace=replace, tell=say
        )
    emit(result, as_json=as_json, human=lambda: _import_words(result))


@app.command(help=Text("按地名下载道路(需联网)", "download the roads of a place (internet)").both)
def download(
    place: Annotated[str, typer.Option("--place", help=Text("地名", "place name").both)],
    area: AreaOption,
    *,
    replace: ReplaceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch the roads of a place from OpenStreetMap's servers with OSMnx."""
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from dispatch.network.importing import download_roads

    settings = Settings()
    engine = open_database(settings)
    with progress(Text(f"下载 {place}", f"downloading {place}")), engine.begin() as connection:
        result = download_roads(connection, settings, place, area=area, replace=replace)
    emit(result, as_json=as_json, human=lambda: _import_words(result))


@app.command(help=Text("查看一个区域的路网", "show the road network of an area").both)
def show(area: AreaOption = "", *, as_json: JsonOption = False) -> None:
    """Counts, lengths, shares by mode and class, bounds."""
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from dispatch.network.importing import show_roads

    settings = Settings()
    with open_database(settings).connect() as connection:
        result = show_roads(connection, area or settings.area)
    emit(result, as_json=as_json, human=lambda: _network_words(result))


def _say(zh: str, en: str) -> str:
    return Text(zh, en).say(language())


def _import_words(result: dict[str, Any]) -> str:
    read = result["read"]
    reasons = ", ".join(f"{why} {n}" for why, n in sorted(read["ways_refused"].items()))
    turns = ", ".join(f"{why} {n}" for why, n in sorted(read["restrictions_refused"].items()))
    refused = read["ways_read"] - read["ways_kept"]
    left_turns = read["restrictions_read"] - read["restrictions_kept"]
    lines = [
        _say(
            f"道路(way):读入 {read['ways_read']},采用 {read['ways_kept']},"
            f"未用 {refused}({reasons})",
            f"ways: read {read['ways_read']}, kept {read['ways_kept']}, "
            f"refused {refused} ({reasons})",
        ),
        _say(
            f"缺失的节点引用:{read['node_references_missing']};"
            f"读不懂的限速:{read['maxspeed_not_understood']}",
            f"node references missing: {read['node_references_missing']}; "
            f"maxspeed without a number: {read['maxspeed_not_understood']}",
        ),
        _say(
            f"转向限制:读入 {read['restrictions_read']},采用 {read['restrictions_kept']},"
            f"未用 {left_turns}({turns})",
            f"turn restrictions: read {read['restrictions_read']}, "
            f"kept {read['restrictions_kept']}, refused {left_turns} ({turns})",
        ),
    ]
    return "\n".join([*lines, _network_words(result)])


def _network_words(result: dict[str, Any]) -> str:
    name = result["area"]
    if not result["segments"]:
        return _say(f"区域“{name}”还没有道路", f"the area {name!r} has no roads yet")
    made_up = _say("(合成数据)", " (synthetic)") if result.get("synthetic") else ""
    shares = ", ".join(f"{m} {share:.0%}" for m, share in result["length_share_by_mode"].items())
    return "\n".join(
        [
            _say(f"区域:{name}{made_up}", f"area: {name}{made_up}"),
            _say(
                f"路口 {result['nodes']},路段 {result['segments']},共 {result['length_km']} 公里",
                f"{result['nodes']} nodes, {result['segments']} segments, {result['length_km']} km",
            ),
            _say(f"可通行里程占比:{shares}", f"share of length open to: {shares}"),
            _say(f"范围:{result['bounds']}", f"bounds: {result['bounds']}"),
        ]
    )
