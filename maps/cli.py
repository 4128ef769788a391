"""``blockdata maps``: serve the page, write report maps, fetch the front end's assets."""

from pathlib import Path
from typing import Annotated

import typer

from blockdata.console import JsonOption, command_group, emit, language, say
from blockdata.text import Text

app = command_group(Text("地图:网页、专题图与前端资源", "maps: the page, report maps and assets"))


@app.command(help=Text("启动网页服务", "serve the page and the API").both)
def serve(
    port: Annotated[
        int | None, typer.Option(help=Text("端口", "port").both, min=1, max=65535)
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help=Text("在浏览器中打开", "open it in a browser").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Serve until interrupted, on the settings' host (loopback by default)."""
    from blockdata.logs import configure_logging
    from blockdata.settings import Settings
    from maps.server import run_server, show_page

    settings = Settings()
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    configure_logging(settings.log_level)

    def ready(url: str) -> None:
        words = Text(f"已启动:{url}(Ctrl-C 停止)", f"serving at {url} (Ctrl-C stops it)")
        emit({"url": url}, as_json=as_json, human=lambda: words.say(settings.language))
        if open_page:
            show_page(url)

    run_server(settings, tell=say, ready=ready)


@app.command(help=Text("写出一个网格的专题图(可离线打开)", "write one grid's report map").both)
def report(
    grid: Annotated[str, typer.Option(help=Text("网格编码", "grid code").both)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=Text("输出的 HTML 文件", "the HTML file").both)
    ],
    area: Annotated[str | None, typer.Option(help=Text("区域", "area").both)] = None,
    as_json: JsonOption = False,
) -> None:
    """Write one report map as a single file that opens from disk with no internet."""
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from maps.reports.grid_report import write_grid_report

    settings = Settings()
    engine = open_database(settings)
    with engine.connect() as connection:
        done = write_grid_report(connection, area or settings.area, grid, output)
    result = {"file": str(done.file), "bytes": done.size, "grid": grid, "area": done.area}
    emit(
        result,
        as_json=as_json,
        human=lambda: Text(
            f"已写出 {done.file}({done.size / 1e6:.1f} MB)",
            f"wrote {done.file} ({done.size / 1e6:.1f} MB)",
        ).say(settings.language),
    )


@app.command(help=Text("写出网格规划的前后对照图", "write a plan's map, before and after").both)
def plan(
    file: Annotated[Path, typer.Argument(help=Text("规划文件", "file by grid plan --out").both)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=Text("输出的 HTML 文件", "the HTML file").both)
    ],
    as_json: JsonOption = False,
) -> None:
    """Draw what ``blockdata grid plan --out`` wrote, as a single file that opens offline."""
    from blockdata.grid.planner.plan_file import read_plan
    from maps.reports.plan_report import write_plan_report

    size = write_plan_report(read_plan(file), output)
    said = Text(f"已写出 {output}({size / 1e6:.1f} MB)", f"wrote {output} ({size / 1e6:.1f} MB)")
    emit({"file": str(output), "bytes": size}, as_json=as_json, human=lambda: said.say(language()))


@app.command(help=Text("取得前端资源(构建时一次)", "fetch the front end's assets, once").both)
def assets(
    force: Annotated[bool, typer.Option(help=Text("重新取得", "fetch again").both)] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring ``maps/static/vendor`` to the locked versions; does nothing where they stand."""
    from maps.assets import VENDOR, fetch_assets

    build = VENDOR.parents[2] / "build"
    versions = fetch_assets(build, force=force)
    emit(
        {"folder": str(VENDOR), "versions": versions},
        as_json=as_json,
        human=lambda: "\n".join(f"{name} {number}" for name, number in versions.items()),
    )
