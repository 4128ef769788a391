"""``blockdata dispatch recommend | assign | table | isochrone | closures``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.console import JsonOption, command_group, emit, language
from blockdata.ids import MAX_ID
from blockdata.text import Text

if TYPE_CHECKING:
    from dispatch.desk import Desks

engine = typer.Typer()
closures = command_group(Text("封路与缓行", "closures and slow stretches"))
engine.add_typer(closures, name="closures")

AreaOption = Annotated[
    str, typer.Option("--area", help=Text("区域名", "name of the area").both, show_default=False)
]
TimeOption = Annotated[
    str,
    typer.Option(
        "--at-time",
        help=Text("时刻(ISO 8601,默认现在)", "moment (ISO 8601, default now)").both,
        show_default=False,
    ),
]
ModeOption = Annotated[
    str, typer.Option("--mode", help=Text("出行方式", "foot | ebike | patrol").both)
]
PointOption = Annotated[
    str,
    typer.Option(
        "--at", help=Text("经度,纬度(WGS 84)", "LON,LAT (WGS 84)").both, show_default=False
    ),
]

ConfirmedOption = Annotated[
    bool,
    typer.Option(
        "--confirmed",
        help=Text(
            "只知大致范围时,确认按范围内一点派遣",
            "where only the surroundings are known: take a point within them",
        ).both,
    ),
]


@engine.command(help=Text("推荐派谁、为何、代价", "whom to send, why, and at what cost").both)
def recommend(
    address: Annotated[
        str, typer.Option("--address", help=Text("地址", "address").both, show_default=False)
    ] = "",
    at: PointOption = "",
    area: AreaOption = "",
    k: Annotated[
        int | None,
        typer.Option("--k", "-k", min=1, max=50, help=Text("每层级人数", "of each tier").both),
    ] = None,
    floor: Annotated[int | None, typer.Option("--floor", help=Text("楼层", "floor").both)] = None,
    why_not: Annotated[
        list[str] | None,
        typer.Option(
            "--why-not", help=Text("为何不选(呼号或编号)", "why not this call sign or id").both
        ),
    ] = None,
    at_time: TimeOption = "",
    *,
    confirmed: ConfirmedOption = False,
    as_json: JsonOption = False,
) -> None:
    """The k best of each tier with what speaks for and against them."""
    from dispatch.engine_words import recommend_words
    from dispatch.recommend_models import RecommendQuestion
    from dispatch.recommending import ask_recommend

    question = _question(
        RecommendQuestion,
        address=address or None,
        at=_point(at),
        area=area or None,
        k=k,
        floor=floor,
        why_not=why_not or [],
        at_time=at_time or None,
        confirmed=confirmed,
    )
    answer = ask_recommend(_desks(), question)
    emit(
        answer.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: recommend_words(answer, language()),
    )


@engine.command(help=Text("多起事件联合派遣(JSON 文件)", "joint assignment from a JSON file").both)
def assign(
    file: Annotated[Path, typer.Argument(help="FILE.json", show_default=False)],
    area: AreaOption = "",
    at_time: TimeOption = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """The best joint assignment; the file holds what ``POST /v1/dispatch/assign`` takes."""
    from blockdata.documents import read_json
    from dispatch.assign_models import AssignQuestion
    from dispatch.assigning import ask_assign
    from dispatch.engine_words import assign_words

    shape = '{"incidents": [{"id", "at", "needs"}]}'
    asked = read_json(file, "file", Text(f"写成 {shape}", f"write it as {shape}"))
    given = {"area": area, "at_time": at_time}
    if isinstance(asked, dict):
        asked |= {name: value for name, value in given.items() if value}
    answer = ask_assign(_desks(), _question(AssignQuestion, asked))
    emit(
        answer.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: assign_words(answer, language()),
    )


@engine.command(help=Text("点对点用时表", "travel times between points").both)
def table(
    points: Annotated[
        list[str], typer.Argument(help=Text("经度,纬度 …", "LON,LAT …").both, show_default=False)
    ],
    mode: ModeOption = "patrol",
    area: AreaOption = "",
    at_time: TimeOption = "",
    *,
    distances: Annotated[
        bool, typer.Option("--distances", help=Text("也给出距离", "distances too").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Seconds from every point to every other, as OSRM's table."""
    from dispatch.engine_words import table_words
    from dispatch.road_asking import ask_table
    from dispatch.road_models import TableQuestion

    question = _question(
        TableQuestion,
        coordinates=[_point(words) for words in points],
        mode=mode,
        annotations=["duration", "distance"] if distances else ["duration"],
        area=area or None,
        at_time=at_time or None,
    )
    answer = ask_table(_desks(), question)
    emit(answer.model_dump(mode="json"), as_json=as_json, human=lambda: table_words(answer))


@engine.command(help=Text("等时圈(GeoJSON)", "isochrone (GeoJSON)").both)
def isochrone(
    at: PointOption,
    mode: ModeOption = "patrol",
    minutes: Annotated[
        str, typer.Option("--minutes", help=Text("分钟,逗号分隔", "minutes, by commas").both)
    ] = "1,3,5",
    direction: Annotated[
        str, typer.Option("--direction", help=Text("从该点出发或到该点", "from | to").both)
    ] = "from",
    shape: Annotated[
        str, typer.Option("--shape", help=Text("道路或外廓", "roads | hull").both)
    ] = "roads",
    area: AreaOption = "",
    at_time: TimeOption = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """What of the roads lies within some minutes of a place."""
    from dispatch.engine_words import isochrone_words
    from dispatch.road_asking import ask_isochrone
    from dispatch.road_models import IsochroneQuestion

    question = _question(
        IsochroneQuestion,
        at=_point(at),
        mode=mode,
        minutes=minutes.replace(",", ",").split(","),
        direction=direction,
        shape=shape,
        area=area or None,
        at_time=at_time or None,
    )
    answer = ask_isochrone(_desks(), question)
    emit(
        answer.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: isochrone_words(answer, language()),
    )


@closures.command("list", help=Text("生效中的封路与缓行", "what is in force").both)
def list_command(area: AreaOption = "", *, as_json: JsonOption = False) -> None:
    """The closures of an area that are in force."""
    from dispatch.engine_words import closure_words
    from dispatch.road_asking import ask_closures

    answer = ask_closures(_desks(), area or None)
    emit(
        answer.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: closure_words(answer.closures, language()),
    )


@closures.command(help=Text("封路或缓行,立即生效", "close or slow down, live at once").both)
def add(
    road: Annotated[str, typer.Option("--road", help=Text("路名", "name of the road").both)] = "",
    at: PointOption = "",
    within: Annotated[
        float | None,
        typer.Option(
            "--within",
            help=Text(
                "只取 --road 在 --at 周围若干米内的一段",
                "of --road, only what is so many metres around --at",
            ).both,
        ),
    ] = None,
    segment: Annotated[
        list[int] | None,
        typer.Option(
            "--segment", min=0, max=(1 << 31) - 1, help=Text("路段号", "segment number").both
        ),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option("--mode", help=Text("出行方式(默认全部)", "modes (default all)").both),
    ] = None,
    speed_factor: Annotated[
        float,
        typer.Option("--speed-factor", help=Text("余速比例,0 为封闭", "speed left, 0 closed").both),
    ] = 0.0,
    reason: Annotated[str, typer.Option("--reason", help=Text("原因", "reason").both)] = "",
    until: Annotated[
        str, typer.Option("--until", help=Text("解除时间(ISO 8601)", "until (ISO 8601)").both)
    ] = "",
    area: AreaOption = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """Close a stretch of road, or slow it down; the next answer knows."""
    from dispatch.engine_words import closure_words
    from dispatch.road_asking import add_closure
    from dispatch.road_models import ClosureQuestion

    question = _question(
        ClosureQuestion,
        area=area or None,
        road=road or None,
        at=_point(at),
        within_m=within,
        segments=segment or None,
        modes=mode or None,
        speed_factor=speed_factor,
        reason=reason,
        until=until or None,
    )
    made = add_closure(_desks(), question)
    emit(
        made.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: closure_words([made], language()),
    )


@closures.command(help=Text("解除封路", "reopen").both)
def remove(
    closure_id: Annotated[int, typer.Argument(min=0, max=MAX_ID, help=Text("编号", "its id").both)],
    area: AreaOption = "",
    *,
    as_json: JsonOption = False,
) -> None:
    """Reopen what a closure closed."""
    from dispatch.road_asking import end_closure

    result = end_closure(_desks(), area or None, closure_id)
    emit(
        result,
        as_json=as_json,
        human=lambda: Text(f"已解除封路 {closure_id}", f"closure {closure_id} ended").say(
            language()
        ),
    )


def _desks() -> "Desks":
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from dispatch.desk import Desks

    settings = Settings()
    return Desks(open_database(settings), settings)


def _point(words: str) -> tuple[float, float] | None:
    from blockdata.lonlat import read_lon_lat

    return read_lon_lat(words) if words else None


def _question(kind: Any, asked: Any = None, **fields: Any) -> Any:
    from dispatch.questions import checked

    return checked(kind, asked if asked is not None else fields)
