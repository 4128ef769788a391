"""New addresses: where they may stand, which code they get, and how they are written."""

from typing import Any

from sqlalchemy import Connection, Row, text

from blockdata.address.register.events import event
from blockdata.address.register.operations import Edit, area_of, living, refuse_twin
from blockdata.address.register.words import clean_label
from blockdata.errors import InputError, OutsideArea
from blockdata.text import Text

PARENTS = {
    "estate": ("number",),
    "building": ("number", "estate"),
    "unit": ("building",),
    "room": ("building", "unit"),
}
"""Level of a new address → levels under which it may stand."""
GRID, BUILDING, ROOM = 14, 19, 6
_LABEL = Text("写出牌上的字,如 501房", "write what the sign says, as in 501房")

_INSERT = text("""
    INSERT INTO register.address (address_id, area_id, level, parent_id, building_id, grid_id, code,
        label_zh, text_zh, name_zh, floor, point, status, since)
    SELECT (SELECT max(address_id) + 1 FROM register.address WHERE area_id = :area_id), :area_id,
        :level, :parent_id, :building_id, :grid_id, :code, :label_zh, :text_zh, :name_zh, :floor,
        CASE WHEN CAST(:lon AS float8) IS NULL THEN CAST(:point AS geometry)
             ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END,
        :status, e.valid_from
    FROM register.event AS e WHERE e.area_id = :area_id AND e.seq = :seq
    RETURNING address_id
""")
# A new address is written with its first version: it is known from its event on, not before.
_FIRST_VERSION = text("""
    INSERT INTO register.address_version (address_id, area_id, level, status, parent_id,
        building_id, grid_code, code, label_zh, text_zh, name_zh, floor, point, valid, known,
        opened_by)
    SELECT v.address_id, v.area_id, v.level, v.status, v.parent_id, v.building_id, v.grid_code,
        v.code, v.label_zh, v.text_zh, v.name_zh, v.floor, v.point,
        tstzrange(e.valid_from, NULL), tstzrange(e.known_at, NULL), e.seq
    FROM register.address AS a
    CROSS JOIN LATERAL register.own_version(a) AS v
    JOIN register.event AS e ON e.area_id = a.area_id AND e.seq = :seq
    WHERE a.address_id = :id
""")
_GRID_AT = text("""
    SELECT g.grid_id, g.code FROM district.grid AS g
    WHERE g.area_id = :area_id
      AND ST_Covers(g.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY g.code LIMIT 1
""")
# A building that came after the load has no footprint yet, and so no id of its own.
_FREE_ROOM = text("""
    SELECT to_char(coalesce(max(n), 0) + 1, 'FM000000') FROM (
        SELECT right(code, 6)::int AS n FROM register.address
        WHERE building_id = :building_id AND level = 'room' AND code IS NOT NULL
        UNION ALL
        SELECT code::int FROM register.address_version
        WHERE building_id = :building_id AND level = 'room' AND code IS NOT NULL
        UNION ALL
        SELECT right(code, 6)::int FROM register.address
        WHERE CAST(:building_id AS bigint) IS NULL AND building_id IS NULL AND level = 'room'
          AND area_id = :area_id AND starts_with(code, :building)
    ) AS used
""")
_FREE_BUILDING = text("""
    SELECT CAST(:grid AS text) || to_char(coalesce(max(n), 0) + 1, 'FM00000') FROM (
        SELECT right(code, 5)::int AS n FROM register.address
        WHERE level = 'building' AND area_id = :area_id AND starts_with(code, :grid)
        UNION ALL
        SELECT right(code, 5)::int FROM register.address_version
        WHERE level = 'building' AND area_id = :area_id AND starts_with(code, :grid)
    ) AS used
""")


def create(
    connection: Connection,
    parent_id: int,
    edit: Edit,
    *,
    level: str,
    label: str,
    name: str | None = None,
    status: str = "current",
    at: tuple[float, float] | None = None,
    room_code: str | None = None,
) -> int:
    """Add an address below another; returns its id.

    Its code is the next free one of the grid or building; a room's last 6 digits may be given.
    ``at`` is lon, lat (WGS 84) of an estate or a building.

    Raises:
        InputError: the level, status, label or code is not such; OutsideArea: ``at`` is.
        NotFound, Conflict: no such parent, it is retired, or the label or code is another's.
    """
    _check_kind(level, status, at, room_code)
    label = clean_label(label, "label", _LABEL)
    name = None if name is None else clean_label(name, "name", _LABEL)
    area_id = area_of(connection, parent_id)
    details = {"parent_id": str(parent_id), "level": level, "label_zh": label}
    with event(
        connection, area_id, "create", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        parent = living(connection, parent_id, edit.seen)
        if parent.level not in PARENTS[level]:
            raise InputError(
                Text(
                    f"{level} 不能直接属于 {parent.level}",
                    f"the level {level} cannot stand under {parent.level}",
                ),
                field="parent_id",
                cure=Text(
                    f"上级须为 {'、'.join(PARENTS[level])}",
                    f"the level above is {' or '.join(PARENTS[level])}",
                ),
            )
        refuse_twin(connection, parent_id, label)
        grid_id, grid = place_at(connection, parent, at)
        return add(
            connection, seq, parent,
            {
                "level": level, "parent_id": parent_id, "label_zh": label, "status": status,
                "text_zh": parent.text_zh + label, "name_zh": name, "grid_id": grid_id,
                "code": _code(connection, parent, level, grid, room_code),
                "lon": at and at[0], "lat": at and at[1],
            },
        )  # fmt: skip


def add(connection: Connection, seq: int, like: Row[Any], content: dict[str, Any]) -> int:
    """Insert an address that takes what ``content`` does not say from ``like``; returns its id."""
    given = {
        "area_id": like.area_id, "building_id": like.building_id, "grid_id": like.grid_id,
        "floor": None, "point": None, "lon": None, "lat": None, "name_zh": None,
        "status": "current", "seq": seq,
    }  # fmt: skip
    made = int(connection.execute(_INSERT, given | content).scalar_one())
    connection.execute(_FIRST_VERSION, {"id": made, "seq": seq})
    return made


def place_at(
    connection: Connection, like: Row[Any], at: tuple[float, float] | None
) -> tuple[int | None, str | None]:
    """Id and code of the grid at lon, lat; those of ``like`` where no place is given.

    Raises:
        OutsideArea: no grid lies there, though ``like`` lies in one.
    """
    here = like.grid_id, like.code and like.code[:GRID]
    if at is None or like.grid_id is None:
        return here
    given = {"area_id": like.area_id, "lon": at[0], "lat": at[1]}
    found = connection.execute(_GRID_AT, given).one_or_none()
    if found is None:
        raise OutsideArea(
            Text(f"{at[0]},{at[1]} 不在任何网格内", f"{at[0]},{at[1]} lies in no grid"),
            field="at",
            cure=Text("写成 经度,纬度(WGS 84)", "write LON,LAT in WGS 84"),
        )
    return found.grid_id, found.code


def free_building_code(connection: Connection, area_id: int, grid: str) -> str:
    """The next code of 19 digits in a grid, which no building ever had."""
    given = {"area_id": area_id, "grid": grid}
    return str(connection.execute(_FREE_BUILDING, given).scalar_one())


def free_room_number(connection: Connection, inside: Row[Any]) -> str:
    """The next 6 digits in the building of ``inside``, which no room there ever had."""
    given = {
        "building_id": inside.building_id, "area_id": inside.area_id,
        "building": (inside.code or "")[:BUILDING],
    }  # fmt: skip
    return str(connection.execute(_FREE_ROOM, given).scalar_one())


def _code(
    connection: Connection, parent: Row[Any], level: str, grid: str | None, room_code: str | None
) -> str | None:
    if not parent.code or grid is None:
        return None
    if level == "estate":
        return grid
    if level == "building":
        return free_building_code(connection, parent.area_id, grid)
    building: str = parent.code[:BUILDING]
    if level == "unit":
        return building
    return building + (room_code or free_room_number(connection, parent))


def _check_kind(
    level: str, status: str, at: tuple[float, float] | None, room_code: str | None
) -> None:
    if level not in PARENTS:
        raise InputError(
            Text(f"不能新建 {level}", f"cannot make a {level}"),
            field="level",
            cure=Text(f"可用:{'、'.join(PARENTS)}", f"one of: {', '.join(PARENTS)}"),
        )
    if status not in ("planned", "current"):
        raise InputError(
            Text(f"不能新建 {status} 的地址", f"cannot make an address that is {status}"),
            field="status",
            cure=Text("planned 或 current", "planned or current"),
        )
    if at is not None and level not in ("estate", "building"):
        raise InputError(
            Text(f"{level} 的位置随楼栋", f"a {level} lies where its building does"),
            field="at",
            cure=Text("不写位置", "leave it out"),
        )
    digits = room_code is None or (room_code.isascii() and room_code.isdigit())
    if room_code is not None and not (level == "room" and digits and len(room_code) == ROOM):
        raise InputError(
            Text(f"“{room_code}”不是房间编码", f"{room_code!r} is no room's code"),
            field="room_code",
            cure=Text("房间编码为 6 位数字", "a room has 6 digits of its own"),
        )
