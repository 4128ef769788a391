"""Named areas: the demo district and every import stand beside each other."""

import re
from dataclasses import dataclass
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import Connection, delete, func, insert, select

from blockdata.clean import shown
from blockdata.errors import Conflict, InputError, NotFound
from blockdata.personal import refuse_personal, strip_personal
from blockdata.profile import profile_of_settings
from blockdata.settings import AREA_NAME
from blockdata.storage.keys import postpone_key_checks, resume_key_checks
from blockdata.storage.locks import lock_area
from blockdata.storage.tables import district, metadata
from blockdata.text import Text


@dataclass(frozen=True)
class Area:
    """One area: its id, names, where it comes from, and the version of what it has.

    ``version`` is another number after every change of the area's roads, grids, buildings, places
    or responders, and after it was loaded or made anew: what is kept in memory of an area holds as
    long as it is the same. Changes of addresses are events of the register instead, numbered by
    ``address.register.events.last_seq``.
    """

    area_id: int
    name: str
    title: Text
    synthetic: bool
    profile: str
    source: str
    seed: int | None
    scale: float | None
    version: int


def create_area(
    connection: Connection,
    *,
    name: str,
    title: Text,
    synthetic: bool,
    profile: str,
    source: str,
    seed: int | None = None,
    scale: float | None = None,
    outline: shapely.MultiPolygon | None = None,
    replace: bool = False,
) -> int:
    """Make an area and return its id; with ``replace`` an area of that name gives way.

    A synthetic area of the same name, profile and seed has the same id each time it is made, also
    after it was dropped. No other area is ever given an id that was given before.

    Raises:
        InputError: the name is not lower-case letters, digits, ``-`` and ``_``, or holds personal
            details.
        BadSetting: there is no such profile.
        Conflict: there is such an area already; or an imported one, which a synthetic one never
            replaces.
    """
    check_area_name(name)
    refuse_personal(name, "area")
    profile_of_settings(profile)  # a later question would find it missing
    lock_area(connection, name)
    if _is_synthetic(connection, name) is not None:
        if not replace:
            raise Conflict(
                Text(f"已有名为“{name}”的区域", f"there is an area {name!r} already"),
                field="area",
                cure=Text("换一个名字,或加 --replace", "choose another name, or add --replace"),
            )
        if synthetic:
            check_replaceable(connection, name)
        drop_area(connection, name)
    values: dict[str, Any] = {
        "area_id": _number(connection, name, profile, seed, synthetic=synthetic),
        "name": name,
        "title_zh": strip_personal(title.zh).text,
        "title_en": strip_personal(title.en).text,
        "synthetic": synthetic,
        "profile": profile,
        "source": strip_personal(source).text,
        "seed": seed,
        "scale": scale,
        "outline": None if outline is None else from_shape(outline, srid=4326),
    }
    made = connection.execute(
        insert(district.area).values(values).returning(district.area.c.area_id)
    )
    return int(made.scalar_one())


def check_replaceable(connection: Connection, name: str) -> None:
    """Say no before the long work starts: a synthetic area takes no imported one's name.

    Raises:
        InputError: it cannot be a name.
        Conflict: an imported area bears it.
    """
    check_area_name(name)
    if _is_synthetic(connection, name) is False:
        raise Conflict(
            Text(
                f"“{name}”是导入的区域,不会被合成数据替换",
                f"{name!r} is an imported area: synthetic data does not replace it",
            ),
            field="area",
            cure=Text(
                f"换一个区域名;或先 blockdata district drop --area {name} --imported",
                f"choose another name; or first: blockdata district drop --area {name} --imported",
            ),
        )


def find_area(connection: Connection, name: str) -> Area:
    """The area of a name.

    Raises:
        NotFound: there is none; the cure lists those there are.
    """
    for area in list_areas(connection):
        if area.name == name:
            return area
    known = ", ".join(area.name for area in list_areas(connection))
    raise NotFound(
        Text(f"没有名为“{shown(name)}”的区域", f"there is no area '{shown(name)}'"),
        field="area",
        cure=(
            Text(f"可用:{known}", f"use one of: {known}")
            if known
            else Text("先运行 blockdata district build", "run blockdata district build first")
        ),
    )


def list_areas(connection: Connection) -> list[Area]:
    """Every area, the oldest first."""
    table = district.area
    rows = connection.execute(
        select(
            table.c.area_id,
            table.c.name,
            table.c.title_zh,
            table.c.title_en,
            table.c.synthetic,
            table.c.profile,
            table.c.source,
            table.c.seed,
            table.c.scale,
            table.c.version,
        ).order_by(table.c.area_id)
    )
    return [
        Area(
            row.area_id,
            row.name,
            Text(row.title_zh, row.title_en),
            row.synthetic,
            row.profile,
            row.source,
            row.seed,
            row.scale,
            row.version,
        )
        for row in rows
    ]


def refuse_imported(area: Area) -> None:
    """Keep an imported area, which nothing can make again, from being dropped unasked.

    Raises:
        Conflict: it is one.
    """
    if not area.synthetic:
        raise Conflict(
            Text(
                f"“{area.name}”是导入的区域,删除后无法再生成",
                f"{area.name!r} is an imported area: nothing can make it again",
            ),
            field="area",
            cure=Text("确定删除的话加上 --imported", "add --imported if you mean it"),
        )


def drop_area(connection: Connection, name: str) -> None:
    """Delete an area with everything in it, of whatever kind; a person was asked before.

    Raises:
        NotFound: there is no such area.
    """
    lock_area(connection, name)
    area = find_area(connection, name)
    # Whoever is writing into it right now is waited for; whoever comes later finds it gone.
    connection.execute(
        select(district.area.c.area_id)
        .where(district.area.c.area_id == area.area_id)
        .with_for_update()
    )
    # The whole area goes, children first, and nothing outside it points into it: with the single
    # key checks off, a district of millions goes in seconds instead of minutes.
    postponed = postpone_key_checks(connection)
    # Addresses and old grids are kept for ever, but where the area goes as a whole.
    connection.execute(select(func.set_config("register.dropping", "on", True)))
    for table in reversed(metadata.sorted_tables):
        if "area_id" in table.c:
            connection.execute(delete(table).where(table.c.area_id == area.area_id))
    connection.execute(select(func.set_config("register.dropping", "", True)))
    if postponed:
        resume_key_checks(connection)


def _number(
    connection: Connection, name: str, profile: str, seed: int | None, *, synthetic: bool
) -> int:
    """The id of an area: the one it had where it is the same synthetic area, else a fresh one.

    Imported areas always get a fresh one: other rows may come under the same name.
    """
    table = district.synthetic_number
    if synthetic:
        known = connection.execute(
            select(table.c.number).where(
                table.c.name == name,
                table.c.profile == profile,
                table.c.seed.is_not_distinct_from(seed),
            )
        ).scalar()
        if known is not None:
            return int(known)
    # the lowest number never used keeps ids small
    number = int(connection.execute(select(func.nextval("district.area_number"))).scalar_one())
    if synthetic:
        row = {"number": number, "name": name, "profile": profile, "seed": seed}
        connection.execute(insert(table).values(row))
    return number


def _is_synthetic(connection: Connection, name: str) -> bool | None:
    """Whether the area of a name is synthetic; None where there is none."""
    found: bool | None = connection.execute(
        select(district.area.c.synthetic).where(district.area.c.name == name)
    ).scalar()
    return found


def check_area_name(name: str) -> None:
    """Refuse a name that no area may have.

    Raises:
        InputError: it is not lower-case letters, digits, ``-`` and ``_``.
    """
    if re.fullmatch(AREA_NAME, name) is None:
        raise InputError(
            Text(f"区域名“{shown(name)}”不合规", f"the area name '{shown(name)}' is not allowed"),
            field="area",
            cure=Text(
                "以小写字母开头,只用小写字母、数字、- 与 _,最多 40 个字符",
                "start with a lower-case letter; lower-case letters, digits, - and _; 40 at most",
            ),
        )
