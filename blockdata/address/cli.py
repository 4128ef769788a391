"""``blockdata address``: match, search, look up and import addresses."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.address.landmark_command import landmarks
from blockdata.address.landmark_kinds import KIND_NAMES
from blockdata.address.parse_command import parse
from blockdata.address.register.cli import add_commands
from blockdata.address.register.command import AddressId, AreaOption, database
from blockdata.console import JsonOption, command_group, emit, language, progress, say
from blockdata.files import is_file
from blockdata.lonlat import read_lon_lat
from blockdata.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blockdata.address.service import AddressService
    from blockdata.settings import Settings

NearOption = Annotated[
    str | None, typer.Option("--near", help=Text("靠近 经度,纬度", "near LON,LAT").both)
]
app = command_group(
    Text(
        "地址:解析、匹配、搜索、反查、历史、导入导出",
        "addresses: parse, match, search, look up, history, files",
    )
)
app.command("parse", help=Text("把地址拆成各级", "split addresses into their levels").both)(parse)
app.command(help=Text("地标:按种类、名称、远近查找", "landmarks by kind, name and nearness").both)(
    landmarks
)
add_commands(app)


@app.command("match", help=Text("把一句话匹配到地址", "match words to an address").both)
def match_(
    text: Annotated[str, typer.Argument(help=Text("地址文字", "the words").both)],
    area: AreaOption = None,
    near: NearOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the address meant, the level reached, how sure that is, why, and the runner-up."""
    at = None if near is None else read_lon_lat(near, "near")
    with _service() as (service, settings):
        answer = service.match(area or settings.area, text, near=at)
    emit(answer.as_dict(), as_json=as_json, human=lambda: _match_words(answer.as_dict()))


@app.command(help=Text("边输入边搜索", "search with half-typed words").both)
def search(
    text: Annotated[str, typer.Argument(help=Text("已输入的字", "what was typed so far").both)],
    area: AreaOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 8,
    near: NearOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the likeliest addresses, best first."""
    at = None if near is None else read_lon_lat(near, "near")
    with _service() as (service, settings):
        found = service.suggest(area or settings.area, text, limit=limit, near=at)
    result = {"suggestions": [suggestion.as_dict() for suggestion in found]}
    emit(
        result,
        as_json=as_json,
        human=lambda: (
            "\n".join(_place_words(s) for s in result["suggestions"])
            or Text("没有相符的地址", "nothing fits").say(language())
        ),
    )


@app.command(
    help=Text("由坐标反查地址", "what lies at a point").both,
    context_settings={"ignore_unknown_options": True},
)
def reverse(
    at: Annotated[str, typer.Argument(metavar="LON,LAT")],
    area: AreaOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the nearest addresses, the building's entrances and the grid of a WGS 84 point."""
    lon, lat = read_lon_lat(at)
    with _service() as (service, settings):
        found = service.reverse(area or settings.area, lon, lat, limit=limit)
    emit(found, as_json=as_json, human=lambda: _reverse_words(found))


@app.command(help=Text("查看一条地址", "show one address").both)
def show(
    address_id: AddressId,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print an address with the levels above it and its building's entrances."""
    with _service() as (service, _):
        found = service.show(address_id)
    emit(found, as_json=as_json, human=lambda: _address_words(found))


@app.command("import", help=Text("导入 CSV 地址", "import addresses from CSV").both)
def import_(
    file: Annotated[Path, typer.Argument(help=Text("CSV 或 .csv.gz", "CSV or .csv.gz").both)],
    area: Annotated[str, typer.Option("--area", help=Text("存入的区域", "area to fill").both)],
    datum: Annotated[
        str, typer.Option("--datum", help=Text("坐标系", "datum").both + ": wgs84 | gcj02 | bd09")
    ],
    encoding: Annotated[str, typer.Option(help=Text("文字编码", "text encoding").both)] = "utf-8",
    gate: Annotated[
        float, typer.Option(help=Text("可用行的最低比例", "least share of sound rows").both)
    ] = 0.95,
    text_column: Annotated[str | None, typer.Option()] = None,
    name_column: Annotated[str | None, typer.Option()] = None,
    lon_column: Annotated[str | None, typer.Option()] = None,
    lat_column: Annotated[str | None, typer.Option()] = None,
    id_column: Annotated[str | None, typer.Option()] = None,
    kind_column: Annotated[
        str | None,
        typer.Option(
            help=Text("地标种类的列", "column of kinds of landmark").both
            + ": "
            + " | ".join(KIND_NAMES)
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Load a file's addresses; every row is stored, refused with a reason, or a duplicate."""
    from blockdata.address.importing.load import import_addresses
    from blockdata.crs import to_wgs84

    to_wgs84([], [], datum)  # type: ignore[arg-type]  # an unknown datum is refused before any work
    size = file.stat().st_size if is_file(file) else None
    with (
        database() as (engine, settings),
        progress(Text(f"导入 {file.name}", f"importing {file.name}"), total=size) as advance,
    ):
        report = import_addresses(
            engine,
            settings,
            file,
            area=area,
            datum=datum,  # type: ignore[arg-type]
            encoding=encoding,
            gate=gate,
            text_column=text_column,
            name_column=name_column,
            lon_column=lon_column,
            lat_column=lat_column,
            id_column=id_column,
            kind_column=kind_column,
            advance=advance,
            tell=say,
        )
    emit(report.as_dict(), as_json=as_json, human=lambda: _report_words(report.as_dict()))


@contextmanager
def _service() -> "Iterator[tuple[AddressService, Settings]]":
    from blockdata.address.service import AddressService

    with database() as (engine, settings):
        yield AddressService(engine, settings), settings


def _place_words(place: dict[str, Any]) -> str:
    at = "" if place["lon"] is None else f"  {place['lon']:.6f},{place['lat']:.6f}"
    kind = place.get("kind")
    level = kind["zh" if language() == "zh" else "en"] if kind else place["level"]
    grid = f"  {place['grid_code']}" if place["grid_code"] else ""
    known = place["name"] and place["name"] not in place["text"]
    name = f" ({place['name']})" if known else ""
    return f"{place['text']}{name}  [{level}]{at}{grid}  {place['address_id'] or ''}".rstrip()


def _address_words(found: dict[str, Any]) -> str:
    lists = ("above", "entrances")
    lines = [f"{k}: {v}" for k, v in found.items() if v is not None and k not in lists]
    lines += [f"{a['level']}: {a['label_zh']}  {a['address_id']}" for a in found["above"]]
    door = Text("出入口", "entrance").say(language())
    lines += [f"{door}: {e['kind']}  {e['lon']:.6f},{e['lat']:.6f}" for e in found["entrances"]]
    return "\n".join(lines)


def _match_words(answer: dict[str, Any]) -> str:
    zh = language() == "zh"
    lines = [
        _place_words(answer["matched"]),
        f"{'把握' if zh else 'probability'}: {answer['probability']:.3f}",
        f"{'依据' if zh else 'why'}: {answer['why']['zh' if zh else 'en']}",
    ]
    if answer["confirm_needed"]:
        missing = answer["missing"]["zh" if zh else "en"]
        lines.append(f"{'不是一个点' if zh else 'no point'}: {missing}")
        lines += [f"  {_place_words(offer)}" for offer in answer["offers"]]
    if answer["runner_up"]:
        lines.append(f"{'其次' if zh else 'runner-up'}: {_place_words(answer['runner_up'])}")
    return "\n".join(lines)


def _reverse_words(found: dict[str, Any]) -> str:
    lines = [f"{a['distance_m']:.0f} m  {_place_words(a)}" for a in found["addresses"]]
    lines += [
        f"{e['kind']}  {e['lon']:.6f},{e['lat']:.6f}  {e['distance_m']:.0f} m"
        for e in found["entrances"]
    ]
    if found["grid"]:
        lines.append(
            f"{found['grid']['code']}  {found['grid']['street_zh']}{found['grid']['community_zh']}"
        )
    return "\n".join(lines) or Text("附近没有地址", "no address nearby").say(language())


def _report_words(report: dict[str, Any]) -> str:
    from blockdata.personal import words_for

    columns = ", ".join(f"{k}={v}" for k, v in report["columns"].items() if v)
    words = Text(
        f"{report['rows']} 行 = {report['accepted']} 写入 + {report['quarantined']} 拒收"
        f" + {report['duplicates']} 重复(列:{columns};坐标系:{report['datum']})",
        f"{report['rows']} rows = {report['accepted']} stored + {report['quarantined']} refused"
        f" + {report['duplicates']} duplicates (columns: {columns}; datum: {report['datum']})",
    ).say(language())
    if report["stripped"]:
        kinds = words_for(tuple(report["stripped"]))
        taken = Text(f"未保存其中的个人信息:{kinds.zh}", f"personal details not kept: {kinds.en}")
        words += "\n" + taken.say(language())
    if report["quarantine_file"]:
        reasons = ", ".join(f"{k} {v}" for k, v in report["reasons"].items())
        words += f"\n{reasons}: {report['quarantine_file']}"
    return words
