"""Split and merge: ids retire for good and lead to those that follow on them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, text

from blockdata.address.register.creation import (
    BUILDING,
    GRID,
    add,
    free_building_code,
    free_room_number,
    place_at,
)
from blockdata.address.register.events import event
from blockdata.address.register.operations import (
    NAMES_BELOW,
    Edit,
    area_of,
    derived_name,
    follow,
    living,
    refuse_twin,
    set_status,
)
from blockdata.address.register.words import clean_label
from blockdata.errors import Conflict, InputError
from blockdata.text import Text

_CHILDREN = text(
    "SELECT * FROM register.address WHERE parent_id = :id AND status <> 'retired'"
    " ORDER BY address_id"
)
_MOVE = text("""
    UPDATE register.address
    SET parent_id = :parent_id,
        text_zh = :prefix || label_zh
    WHERE address_id = :id
""")
# The rest of a text below a moved level; rooms two levels down follow their unit.
_MOVE_BELOW = text("""
    WITH RECURSIVE below AS (
        SELECT a.address_id, CAST(:text AS text) || a.label_zh AS text_zh, a.level
        FROM register.address AS a WHERE a.parent_id = :id
        UNION ALL
        SELECT a.address_id, below.text_zh || a.label_zh, a.level
        FROM below JOIN register.address AS a ON a.parent_id = below.address_id
    )
    UPDATE register.address AS a SET text_zh = below.text_zh
    FROM below WHERE a.address_id = below.address_id
      AND (a.level IN ('unit', 'room') OR a.status <> 'retired')
""")
_RECODE = text("UPDATE register.address SET code = :code WHERE address_id = :id")
SPLIT_LEVELS = ("building", "unit", "room")
_PARTS = Text("例如 501A房 与 501B房", "as in 501A房 and 501B房")


@dataclass(frozen=True)
class Part:
    """One of the addresses that a split makes; ``at`` is lon, lat (WGS 84)."""

    label: str
    name: str | None = None
    at: tuple[float, float] | None = None


def split(
    connection: Connection,
    address_id: int,
    edit: Edit,
    parts: list[Part],
    *,
    children: dict[int, int] | None = None,
) -> list[int]:
    """Retire an address and put two or more in its place; returns their ids.

    Args:
        connection: in a transaction.
        address_id: a building, unit or room.
        edit: source, date and what was seen.
        parts: the new addresses, at its level and below its parent.
        children: address below it → row of ``parts`` that it goes to; the others go to the first.

    Raises:
        InputError: fewer than two parts, equal labels, or a level that cannot be split.
        NotFound, Conflict: as for every change.
    """
    parts = [
        replace(
            part,
            label=clean_label(part.label, "parts", _PARTS),
            name=None if part.name is None else clean_label(part.name, "parts", _PARTS),
        )
        for part in parts
    ]
    labels = [part.label for part in parts]
    if len(set(labels)) < 2 or len(set(labels)) != len(labels):
        raise InputError(
            Text("拆分至少要有两个不同的部分", "a split needs two or more different parts"),
            field="parts",
            cure=_PARTS,
        )
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "parts": labels}
    with event(
        connection, area_id, "split", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        old = living(connection, address_id, edit.seen)
        if old.level not in SPLIT_LEVELS:
            raise InputError(
                Text(f"{old.level} 级不能拆分", f"a {old.level} cannot be split"),
                field="address_id",
                cure=Text("拆分楼栋、单元或房间", "split a building, a unit or a room"),
            )
        below = connection.execute(_CHILDREN, {"id": address_id}).fetchall()
        _check_children(children or {}, [child.address_id for child in below], len(parts))
        set_status(connection, [address_id], "retired")
        made = [_add_part(connection, seq, old, part) for part in parts]
        for child in below:
            to = made[(children or {}).get(child.address_id, 0)]
            _move(connection, child, to)
        follow(connection, seq, area_id, "split", [(address_id, new) for new in made])
    return made


def merge(connection: Connection, address_ids: list[int], into: int, edit: Edit) -> int:
    """Retire addresses in favour of one that goes on, which takes over what is below them.

    Returns the event's number.

    Raises:
        InputError: nothing to merge, or the addresses are not of one level and area.
        NotFound, Conflict: as for every change; labels below would stand twice.
    """
    gone = sorted(set(address_ids) - {into})
    if not gone:
        raise _unlike()
    area_id = area_of(connection, into)
    details = {"address_ids": [str(i) for i in gone], "into": str(into)}
    with event(
        connection, area_id, "merge", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        kept = living(connection, into, edit.seen)
        olds = [living(connection, i, edit.seen, field="address_ids") for i in gone]
        if any((o.level, o.area_id) != (kept.level, kept.area_id) for o in olds):
            raise _unlike()
        below = [connection.execute(_CHILDREN, {"id": i}).fetchall() for i in gone]
        stay = connection.execute(_CHILDREN, {"id": into}).fetchall()
        _refuse_twins([child for children in [stay, *below] for child in children])
        set_status(connection, gone, "retired")
        for old, children in zip(olds, below, strict=True):
            for child in children:
                _move(connection, child, into)
            if old.name_zh and kept.name_zh:
                names = {"id": into, "old": old.name_zh, "new": kept.name_zh}
                connection.execute(NAMES_BELOW, names)
        follow(connection, seq, area_id, "merge", [(i, into) for i in gone])
    return seq


def _check_children(children: dict[int, int], below: list[int], parts: int) -> None:
    for child, row in children.items():
        if child not in below or not 0 <= row < parts:
            raise InputError(
                Text(f"地址 {child} 不在其下一级", f"address {child} is not next below it"),
                field="children",
                cure=Text("给出其下一级的现行地址", "give living addresses next below it"),
            )


def _refuse_twins(children: list[Row[Any]]) -> None:
    counts = Counter(child.label_zh for child in children)
    twins = sorted(label for label, count in counts.items() if count > 1)
    if twins:
        told = "、".join(twins[:5])
        raise Conflict(
            Text(
                f"下级地址中有 {len(twins)} 个重名,如 {told}",
                f"{len(twins)} labels below would stand twice, as {told}",
            ),
            field="address_ids",
            cure=Text("先把其中一方更名", "rename those on one side first"),
        )


def _unlike() -> InputError:
    return InputError(
        Text("只能合并同一区域同一级的地址", "only addresses of one level and area merge"),
        field="address_ids",
        cure=Text("给出两个以上同级地址", "give two or more of one level"),
    )


def _add_part(connection: Connection, seq: int, old: Row[Any], part: Part) -> int:
    refuse_twin(connection, old.parent_id, part.label)
    if part.at is not None and old.level != "building":
        raise InputError(
            Text(f"{old.level} 的位置随楼栋", f"a {old.level} lies where its building does"),
            field="at",
            cure=Text("不写位置", "leave it out"),
        )
    code, grid_id = old.code, old.grid_id
    if old.code and old.level == "room":
        code = old.code[:BUILDING] + free_room_number(connection, old)
    elif old.code and old.level == "building":
        grid_id, grid = place_at(connection, old, part.at)
        code = free_building_code(connection, old.area_id, grid or old.code[:GRID])
    prefix = old.text_zh
    if old.name_zh and not prefix.endswith(old.label_zh):
        prefix = prefix.removesuffix(old.name_zh)
    content = {
        "level": old.level, "parent_id": old.parent_id, "label_zh": part.label,
        "text_zh": prefix.removesuffix(old.label_zh) + part.label, "grid_id": grid_id,
        "name_zh": part.name or derived_name(connection, old, part.label), "code": code,
        "floor": old.floor, "point": old.point, "status": old.status,
        "lon": part.at and part.at[0], "lat": part.at and part.at[1],
    }  # fmt: skip
    return add(connection, seq, old, content)


def _move(connection: Connection, child: Row[Any], to: int) -> None:
    """Put an address with all below it under another parent; its code follows the new building."""
    parent = connection.execute(
        text("SELECT * FROM register.address WHERE address_id = :id"), {"id": to}
    ).one()
    given = {"id": child.address_id, "parent_id": to, "prefix": parent.text_zh}
    connection.execute(_MOVE, given)
    below = {"id": child.address_id, "text": parent.text_zh + child.label_zh}
    connection.execute(_MOVE_BELOW, below)
    if child.level not in ("unit", "room") or not parent.code:
        return
    rooms = connection.execute(
        text(
            "SELECT * FROM register.address WHERE level = 'room'"
            " AND (address_id = :id OR parent_id = :id) ORDER BY address_id"
        ),
        {"id": child.address_id},
    ).fetchall()
    _give_codes(connection, rooms, parent)
    if child.level == "unit":
        _set_code(connection, child.address_id, parent.code[:BUILDING], parent)


def _give_codes(connection: Connection, rooms: Sequence[Row[Any]], parent: Row[Any]) -> None:
    """Rooms take the building's first 19 digits; a number that is taken there is given anew."""
    for room in rooms:
        if not room.code:
            continue
        code = parent.code[:BUILDING] + room.code[BUILDING:]
        if room.status == "retired":  # it says nothing new itself, but stands below another code
            connection.execute(_RECODE, {"id": room.address_id, "code": code})
            continue
        taken = connection.execute(
            text(
                "SELECT 1 FROM register.address WHERE code = :code AND area_id = :area_id"
                " AND level = 'room' AND status <> 'retired' AND address_id <> :id"
            ),
            {"code": code, "area_id": room.area_id, "id": room.address_id},
        ).scalar()
        if taken or room.building_id != parent.building_id:
            suffix = free_room_number(connection, parent) if taken else code[BUILDING:]
            code = parent.code[:BUILDING] + suffix
        _set_code(connection, room.address_id, code, parent)


def _set_code(connection: Connection, address_id: int, code: str, parent: Row[Any]) -> None:
    connection.execute(
        text(
            "UPDATE register.address SET code = :code, building_id = :building_id,"
            " grid_id = :grid_id WHERE address_id = :id"
        ),
        {
            "id": address_id, "code": code, "building_id": parent.building_id,
            "grid_id": parent.grid_id,
        },
    )  # fmt: skip
