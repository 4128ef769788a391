"""``blockdata district``: build, list, show and drop areas."""

from typing import Annotated

import typer

from blockdata.console import JsonOption, command_group, emit, progress, say
from blockdata.ids import MAX_SEED
from blockdata.text import Text

app = command_group(
    Text("演示区:生成、查看与删除(合成数据)", "demo district: build, look at and drop (synthetic)")
)

# What builds and opens in about a minute; `make run` begins with it.
DEFAULT_SCALE = 0.2

AreaOption = Annotated[
    str | None, typer.Option("--area", help=Text("区域名", "name of the area").both)
]


@app.command()
def build(
    scale: Annotated[
        float,
        typer.Option(help=Text("规模,人口占比(0–1]", "share of the people, above 0 to 1").both),
    ] = DEFAULT_SCALE,
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            max=MAX_SEED,
            help=Text("随机种子,相同则结果相同", "the same seed, the same result").both,
        ),
    ] = 1,
    profile: Annotated[
        str | None, typer.Option(help=Text("辖区配置", "district profile").both)
    ] = None,
    area: AreaOption = None,
    as_json: JsonOption = False,
) -> None:
    """生成合成区并装入数据库(同名区域被替换) · make a synthetic district and load it as an area"""
    from ingest.synthetic.scale import check_scale

    check_scale(scale)
    from blockdata.profile import load_profile, profile_of_settings
    from blockdata.settings import Settings
    from blockdata.storage.areas import check_area_name
    from blockdata.storage.database import open_database
    from ingest.synthetic.load import build_district
    from ingest.synthetic.report import built_as_json, built_as_text

    settings = Settings()
    name = area or settings.area
    check_area_name(name)
    rules = load_profile(profile) if profile else profile_of_settings(settings.profile)
    engine = open_database(settings)
    with progress(Text("生成合成区", "building the synthetic district"), 1000) as advance:
        built = build_district(
            engine,
            rules,
            area=name,
            seed=seed,
            scale=scale,
            tell=say,
            advance=advance,
        )
    emit(built_as_json(built), as_json=as_json, human=lambda: built_as_text(built))


@app.command()
def ensure(
    scale: Annotated[
        float | None,
        typer.Option(help=Text("规模;缺省时已有的即可", "share; left out, any will do").both),
    ] = None,
    area: AreaOption = None,
    as_json: JsonOption = False,
) -> None:
    """没有演示区(或规模不符)时才生成 · build the demo only where it is missing or of other scale"""
    from blockdata.errors import Conflict
    from blockdata.settings import Settings
    from blockdata.storage.areas import list_areas
    from blockdata.storage.database import open_database
    from blockdata.storage.locks import alone
    from ingest.synthetic.report import area_as_json

    settings = Settings()
    name = area or settings.area
    engine = open_database(settings)
    with alone(engine, name):  # of two commands at once one builds, and the other finds it built
        with engine.connect() as connection:
            found = next((a for a in list_areas(connection) if a.name == name), None)
        if found is None or (scale is not None and found.synthetic and found.scale != scale):
            build(scale=scale or DEFAULT_SCALE, seed=1, profile=None, area=name, as_json=as_json)
            return
    if scale is not None and not found.synthetic:
        raise Conflict(
            Text(f"“{name}”不是合成区,不会被替换", f"{name!r} is no synthetic area: it stays"),
            field="area",
            cure=Text("换一个区域名", "choose another area"),
        )
    there = Text(f"{found.title.zh}已就绪(规模 {found.scale})", f"{found.title.en} is there")
    emit(area_as_json(found), as_json=as_json, human=lambda: there.say(settings.language))


@app.command("list")
def list_all(as_json: JsonOption = False) -> None:
    """列出所有区域 · list all areas"""
    from blockdata.settings import Settings
    from blockdata.storage.areas import list_areas
    from blockdata.storage.database import open_database
    from ingest.synthetic.report import area_as_json, areas_as_text

    with open_database(Settings()).connect() as connection:
        areas = list_areas(connection)
    emit([area_as_json(a) for a in areas], as_json=as_json, human=lambda: areas_as_text(areas))


@app.command()
def show(area: AreaOption = None, as_json: JsonOption = False) -> None:
    """查看一个区域有什么 · what an area holds"""
    from blockdata.settings import Settings
    from blockdata.storage.areas import find_area
    from blockdata.storage.database import open_database
    from ingest.synthetic.report import area_as_json, area_as_text, count_rows

    settings = Settings()
    with open_database(settings).connect() as connection:
        found = find_area(connection, area or settings.area)
        rows = count_rows(connection, found.area_id)
    emit(
        area_as_json(found) | {"rows": rows},
        as_json=as_json,
        human=lambda: area_as_text(found, rows),
    )


@app.command()
def drop(
    area: Annotated[str, typer.Option("--area", help=Text("区域名", "name of the area").both)],
    *,
    imported: Annotated[
        bool,
        typer.Option(
            "--imported",
            help=Text("确认删除导入的区域", "yes, also if it holds imported data").both,
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """删除一个合成区域及其全部内容 · delete a synthetic area with everything in it"""
    from blockdata.settings import Settings
    from blockdata.storage.areas import drop_area, find_area, refuse_imported
    from blockdata.storage.database import open_database
    from blockdata.storage.locks import lock_area
    from blockdata.storage.serving import servers
    from ingest.synthetic.report import dropped_as_text

    settings = Settings()
    with open_database(settings).begin() as connection:
        lock_area(connection, area)
        found = find_area(connection, area)
        if not imported:
            refuse_imported(found)
        drop_area(connection, area)
    urls = [server.url for server in servers(settings.var)]
    result = {"dropped": area, "synthetic": found.synthetic, "served_by": urls}
    emit(result, as_json=as_json, human=lambda: dropped_as_text(area, urls))
