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
    """Make an area and return its id; with ``replace`` an area of that name gives way, id kept.

    Raises:
        InputError: the name is not lower-case letters, digits, ``-`` and ``_``, or holds personal
            details.
        BadSetting: there is no such profile.
        Conflict: there is such an area already.
    """
    check_area_name(name)
    refuse_personal(name, "area")
    profile_of_settings(profile)  # a later question would find it missing
    values: dict[str, Any] = {
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
    known = connection.execute(
        select(district.area.c.area_id).where(district.area.c.name == name)
    ).scalar()
    if known is not None:
        if not replace:
            raise Conflict(
                Text(f"已有名为“{name}”的区域", f"there is an area {name!r} already"),
                field="area",
                cure=Text("换一个名字,或加 --replace", "choose another name, or add --replace"),
            )
        drop_area(connection, name)
        values["area_id"] = known
    else:
        # The lowest number never used keeps ids small; a dropped area's number comes back only
        # with its name, so that its permanent ids are never another's.
        values["area_id"] = _next_area_id(connection)
    made = connection.execute(
        insert(district.area).values(values).returning(district.area.c.area_id)
    )
    return int(made.scalar_one())


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


def drop_area(connection: Connection, name: str) -> None:
    """Delete an area with everything in it.

    Raises:
        NotFound: there is no such area.
    """
    area = find_area(connection, name)
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


def _next_area_id(connection: Connection) -> int:
    sequence = func.nextval("district.area_number")
    return int(connection.execute(select(sequence)).scalar_one())


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
