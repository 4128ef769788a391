"""``blockdata address landmarks``: those of a kind, of a name, near to a place."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.address.landmark_kinds import KIND_NAMES, kind_of_word
from blockdata.address.register.command import AreaOption, database
from blockdata.console import JsonOption, emit, language
from blockdata.errors import InputError
from blockdata.lonlat import read_lon_lat
from blockdata.text import Text

if TYPE_CHECKING:
    from blockdata.address.landmark_kinds import Kind

_NUMBERS = re.compile(r"[-+.,，\s\deE]*\d[-+.,，\s\deE]*")


def landmarks(
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            help=Text("种类,可多个", "of which kind; may be given again").both
            + ": "
            + " | ".join(KIND_NAMES),
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            "--near",
            help=Text("靠近 经度,纬度 或一处地方", "near LON,LAT, or near a place in words").both,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", help=Text("名称或其一部分", "its name, or a part of it").both),
    ] = None,
    area: AreaOption = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    *,
    as_json: JsonOption = False,
) -> None:
    """Print the landmarks of an area, the nearest first where a place is said."""
    from blockdata.address.service import AddressService

    kinds = tuple(read_kind(one) for one in kind) if kind else None
    place = read_near(near)
    with database() as (engine, settings):
        service = AddressService(engine, settings)
        found = service.landmarks(area or settings.area, kinds=kinds, near=place, name=name)
    result = found.as_dict(limit)
    emit(result, as_json=as_json, human=lambda: _words(result))


def read_kind(word: str) -> "Kind":
    """A kind by its name, or by its word in either language.

    Raises:
        InputError: there is no such kind.
    """
    kind = kind_of_word(word)
    if kind is not None:
        return kind
    raise InputError(
        Text(f"没有种类“{word}”的地标", f"there is no kind of landmark {word!r}"),
        field="kind",
        cure=Text(f"可用:{'、'.join(KIND_NAMES)}", f"one of: {', '.join(KIND_NAMES)}"),
    )


def read_near(words: str | None) -> tuple[float, float] | str | None:
    """Where something is to be near to: lon, lat where numbers are given, else the words."""
    if words is None or not _NUMBERS.fullmatch(words):
        return words
    return read_lon_lat(words, "near")


def _words(result: dict[str, Any]) -> str:
    zh = language() == "zh"
    lines = []
    for one in result["landmarks"]:
        name = f"{one['name']}  " if one["name"] else ""  # an imported one may have none
        away = "" if one["distance_m"] is None else f"{one['distance_m']:.0f} m  "
        kind = one["kind"]["zh" if zh else "en"]
        lines.append(
            f"{away}{name}[{kind}]  {one['text']}  {one['lon']:.6f},{one['lat']:.6f}"
            f"  {one['address_id']}"
        )
    if result["left_off"]:
        more = Text(f"还有 {result['left_off']} 处", f"{result['left_off']} more")
        lines.append(more.say(language()))
    if lines:
        return "\n".join(lines)
    if not any(kind["count"] for kind in result["kinds"]):
        return Text(
            f"区域“{result['area']}”没有登记地标", f"the area {result['area']!r} has no landmarks"
        ).say(language())
    return Text("没有相符的地标", "no landmark fits").say(language())
