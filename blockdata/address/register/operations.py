"""Changes of single addresses: create, rename, move on to another status; each is one event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from blockdata.address.register.events import event
from blockdata.address.register.reading import no_address
from blockdata.address.sql import query
from blockdata.errors import Conflict, InputError
from blockdata.text import Text

_LOCKED = text("SELECT * FROM register.address WHERE address_id = :id FOR UPDATE")
_AREA = text("SELECT area_id FROM register.address WHERE address_id = :id")
_LAST_CHANGE = text(
    "SELECT coalesce(max(opened_by), 0) FROM register.address_version WHERE address_id = :id"
)
_RETEXT = text("""
    UPDATE register.address
    SET text_zh = :new || substr(text_zh, length(:old) + 1)
    WHERE address_id = ANY(:ids) AND starts_with(text_zh, :old)
""")
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


@dataclass(frozen=True)
class Edit:
    """What every change states.

    Attributes:
        source: who or what says so.
        valid_from: from when it holds in the world; now where not given.
        seen: number of the last event of the address that the editor saw; the change is refused
            if the address has changed since. Not given: no such check.
    """

    source: str
    valid_from: datetime | None = None
    seen: int | None = None


def rename(
    connection: Connection,
    address_id: int,
    edit: Edit,
    *,
    label: str | None = None,
    name: str | None = None,
) -> int:
    """Give an address another label (501房, 海裕花园) or name; texts below it follow.

    Returns the event's number.

    Raises:
        InputError: nothing to change.
        NotFound, Conflict: no such address; it is retired, or changed since it was seen.
    """
    if not (label or name):
        raise InputError(
            Text("没有给出新的名称", "no new label or name is given"),
            field="label",
            cure=Text("给出 label 或 name", "give a label or a name"),
        )
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "label_zh": label, "name_zh": name}
    with event(
        connection, area_id, "rename", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        old = living(connection, address_id, edit.seen)
        new_text = _renamed_text(old, label, name)
        below = ids_below(connection, [address_id])
        connection.execute(
            text(
                "UPDATE register.address SET label_zh = coalesce(:label, label_zh),"
                " name_zh = coalesce(:name, name_zh) WHERE address_id = :id"
            ),
            {"id": address_id, "label": label, "name": name},
        )
        connection.execute(_RETEXT, {"ids": below, "old": old.text_zh, "new": new_text})
    return seq


def activate(connection: Connection, address_id: int, edit: Edit) -> int:
    """Let a planned address become current; returns the event's number.

    Raises:
        NotFound, Conflict: no such address, or it is not planned.
    """
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id)}
    with event(
        connection, area_id, "activate", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        if living(connection, address_id, edit.seen).status != "planned":
            raise Conflict(
                Text(f"地址 {address_id} 不是规划中", f"address {address_id} is not planned"),
                field="address_id",
            )
        set_status(connection, [address_id], "current")
    return seq


def retire(
    connection: Connection, address_id: int, edit: Edit, *, successors: tuple[int, ...] = ()
) -> int:
    """Retire an address and all below it; ``successors`` follow on it. Returns the event's number.

    Raises:
        NotFound, Conflict: no such address; it is retired already; a successor does not live.
    """
    area_id = area_of(connection, address_id)
    details = {"address_id": str(address_id), "successors": [str(s) for s in successors]}
    with event(
        connection, area_id, "retire", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        living(connection, address_id, edit.seen)
        set_status(connection, ids_below(connection, [address_id]), "retired")
        follow(connection, seq, area_id, "replace", [(address_id, s) for s in successors])
    return seq


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
    """Add an address below another; returns its id. ``at`` is lon, lat (WGS 84).

    Raises:
        InputError: the level or status is not known.
        NotFound, Conflict: no such parent, it is retired, or the code is another's.
    """
    if level not in ("estate", "building", "unit", "room") or status not in ("planned", "current"):
        raise InputError(
            Text(f"不能新建 {level}/{status}", f"cannot make a {level} that is {status}"),
            field="level",
            cure=Text(
                "estate、building、unit 或 room;planned 或 current",
                "estate, building, unit or room; planned or current",
            ),
        )
    area_id = area_of(connection, parent_id)
    details = {"parent_id": str(parent_id), "level": level, "label_zh": label}
    with event(
        connection, area_id, "create", source=edit.source, valid_from=edit.valid_from,
        details=details,
    ) as seq:  # fmt: skip
        parent = living(connection, parent_id, edit.seen)
        return add(
            connection, seq, parent,
            {
                "level": level, "parent_id": parent_id, "label_zh": label, "status": status,
                "text_zh": parent.text_zh + label, "name_zh": name,
                "code": parent.code and room_code and parent.code[:19] + room_code,
                "lon": at and at[0], "lat": at and at[1],
            },
        )  # fmt: skip


# --- used by the other operations too ---------------------------------------------------------


def area_of(connection: Connection, address_id: int) -> int:
    """The area of an address.

    Raises:
        NotFound: there is no such address.
    """
    area_id = connection.execute(_AREA, {"id": address_id}).scalar()
    if area_id is None:
        raise no_address(address_id)
    return int(area_id)


def living(connection: Connection, address_id: int, seen: int | None = None) -> Row[Any]:
    """The row of an address, locked until commit.

    Raises:
        NotFound, Conflict: no such address; it is retired, or has changed since event ``seen``.
    """
    row = connection.execute(_LOCKED, {"id": address_id}).one_or_none()
    if row is None:
        raise no_address(address_id)
    if row.status == "retired":
        raise Conflict(
            Text(f"地址 {address_id} 已注销", f"address {address_id} is retired"),
            field="address_id",
            cure=Text("改用其后继地址", "use the addresses that follow on it"),
        )
    last = int(connection.execute(_LAST_CHANGE, {"id": address_id}).scalar_one())
    if seen is not None and last > seen:
        raise Conflict(
            Text(f"地址 {address_id} 刚被他人修改", f"address {address_id} was changed meanwhile"),
            field="seen",
            cure=Text("重新读取后再改", "read it again, then change it"),
            last_seq=last,
        )
    return row


def ids_below(connection: Connection, address_ids: list[int]) -> list[int]:
    """Addresses and those below them that a change of words or status reaches."""
    rows = connection.execute(text(query("register/below")), {"ids": address_ids})
    return [int(row.address_id) for row in rows]


def set_status(connection: Connection, address_ids: list[int], status: str) -> None:
    """Give living addresses another status."""
    connection.execute(
        text(
            "UPDATE register.address SET status = :status"
            " WHERE address_id = ANY(:ids) AND status <> 'retired'"
        ),
        {"ids": address_ids, "status": status},
    )


def follow(
    connection: Connection, seq: int, area_id: int, kind: str, pairs: list[tuple[int, int]]
) -> None:
    """Record that the second of each pair follows on the first, which is retired."""
    for from_id, to_id in pairs:
        connection.execute(
            text(
                "INSERT INTO register.address_lineage (from_id, to_id, area_id, kind, valid_from,"
                " seq) SELECT :from_id, :to_id, e.area_id, :kind, e.valid_from, e.seq"
                " FROM register.event AS e WHERE e.area_id = :area_id AND e.seq = :seq"
            ),
            {"from_id": from_id, "to_id": to_id, "area_id": area_id, "kind": kind, "seq": seq},
        )


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


def _renamed_text(old: Row[Any], label: str | None, name: str | None) -> str:
    """The whole text with the new words in the place of the old ones at its end."""
    words: str = old.text_zh
    if name and old.name_zh and old.name_zh != old.label_zh and words.endswith(old.name_zh):
        words = words.removesuffix(old.name_zh)
        tail = name
    elif old.name_zh and words.endswith(old.label_zh + old.name_zh):
        words, tail = words.removesuffix(old.name_zh), old.name_zh
    else:
        tail = ""
    if label and words.endswith(old.label_zh):
        words = words.removesuffix(old.label_zh) + label
    return words + tail
