"""``blockdata dispatch``: who can be there soonest."""

from typing import Annotated

import typer

from blockdata.console import JsonOption, command_group, emit, language, progress
from blockdata.ids import MAX_SEED
from blockdata.text import Text
from dispatch.engine_cli import ConfirmedOption, engine

app = command_group(Text("派遣:最近的处警力量", "dispatch: the nearest responders"))
responders = command_group(Text("处警力量", "responders"))
app.add_typer(responders, name="responders")
app.add_typer(engine)

MOST_OF_A_TIER = 200_000

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


@app.command(help=Text("查找各层级最近的可用力量", "the nearest available of each tier").both)
def nearest(
    address: Annotated[
        str, typer.Option("--address", help=Text("地址", "address").both, show_default=False)
    ] = "",
    at: Annotated[
        str, typer.Option("--at", help=Text("经度,纬度(WGS 84)", "LON,LAT (WGS 84)").both)
    ] = "",
    area: AreaOption = "",
    k: Annotated[
        int | None,
        typer.Option(
            "--k",
            "-k",
            min=1,
            max=50,
            help=Text(
                "每个层级的人数(默认按配置)", "how many of each tier (default: profile)"
            ).both,
        ),
    ] = None,
    at_time: TimeOption = "",
    *,
    confirmed: ConfirmedOption = False,
    as_json: JsonOption = False,
) -> None:
    """The k nearest auxiliaries and officers by road, and how many volunteers are around."""
    from blockdata.errors import InputError
    from blockdata.lonlat import read_lon_lat
    from blockdata.settings import Settings
    from blockdata.storage.database import open_database
    from dispatch.asking import ask_nearest
    from dispatch.desk import Desks
    from dispatch.models import NearestQuestion
    from dispatch.questions import checked
    from dispatch.words import nearest_words

    if bool(address) == bool(at):
        raise InputError(
            Text("请给出 --address 或 --at 之一", "give one of --address and --at"),
            field="address",
            cure=Text(
                "如 --address 西乡街道固戍一路168号", "such as --address 西乡街道固戍一路168号"
            ),
        )
    asked = {
        "address": address or None,
        "at": read_lon_lat(at) if at else None,
        "area": area or None,
        "k": k,
        "at_time": at_time or None,
        "confirmed": confirmed,
    }
    question = checked(NearestQuestion, asked)
    settings = Settings()
    answer = ask_nearest(Desks(open_database(settings), settings), question)
    emit(
        answer.model_dump(mode="json"),
        as_json=as_json,
        human=lambda: nearest_words(answer, language()),
    )


def _count(tier: Text) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(min=0, max=MOST_OF_A_TIER, help=tier.both)
    return option


@responders.command(
    help=Text("在路网上放置合成处警力量", "put synthetic responders on a road network").both
)
def place(
    area: AreaOption,
    volunteers: Annotated[int, _count(Text("义警人数", "number of volunteers"))] = 500,
    auxiliaries: Annotated[int, _count(Text("辅警人数", "number of auxiliaries"))] = 70,
    officers: Annotated[int, _count(Text("民警人数", "number of officers"))] = 20,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help=Text("随机种子", "seed").both)] = 1,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help=Text("替换已有的", "replace those there are").both)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Made-up responders, always the same from the same seed, with the profile's shifts."""
    from blockdata.profile import load_profile
    from blockdata.settings import Settings
    from blockdata.storage.areas import find_area
    from blockdata.storage.database import open_database
    from dispatch.network.storage import open_network
    from dispatch.responders import place_responders

    settings = Settings()
    with (
        progress(Text("放置处警力量", "placing responders")),
        open_database(settings).begin() as connection,
    ):
        found = find_area(connection, area)
        profile = load_profile(found.profile)
        result = place_responders(
            connection,
            found,
            open_network(connection, settings, found, profile),
            profile,
            {"volunteer": volunteers, "auxiliary": auxiliaries, "officer": officers},
            seed=seed,
            replace=replace,
        )
    emit(
        result,
        as_json=as_json,
        human=lambda: Text(
            f"已放置合成力量:义警 {volunteers},辅警 {auxiliaries},民警 {officers}",
            f"placed (synthetic): {volunteers} volunteers, {auxiliaries} auxiliaries, "
            f"{officers} officers",
        ).say(language()),
    )


@responders.command("list", help=Text("按层级与班次统计", "counts by tier and shift").both)
def list_command(
    area: AreaOption = "", at_time: TimeOption = "", *, as_json: JsonOption = False
) -> None:
    """How many responders an area has by tier and shift; no positions."""
    from blockdata.profile import load_profile
    from blockdata.settings import Settings
    from blockdata.storage.areas import find_area
    from blockdata.storage.database import open_database
    from dispatch.availability import moment_or_now
    from dispatch.responders import list_responders
    from dispatch.words import responder_words

    settings = Settings()
    with open_database(settings).connect() as connection:
        found = find_area(connection, area or settings.area)
        profile = load_profile(found.profile)
        moment = moment_or_now(at_time or None, profile.district.timezone, settings.clock.now())
        result = list_responders(connection, found, profile, moment)
    emit(result, as_json=as_json, human=lambda: responder_words(result, language()))
