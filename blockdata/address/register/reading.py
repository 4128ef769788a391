"""Read the register's history: as of two times, by any code ever valid, and around an address."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from blockdata.address.register.events import with_text_ids
from blockdata.address.sql import query
from blockdata.errors import NotFound
from blockdata.identifiers import (
    BUILDING_DIGITS,
    GRID_DIGITS,
    ROOM_DIGITS,
    parse_house_code,
)
from blockdata.text import Text

Row = dict[str, Any]


def as_of(
    connection: Connection,
    address_id: int,
    *,
    valid: datetime | None = None,
    known: datetime | None = None,
) -> Row:
    """What an address said at ``valid``, as it was known at ``known``; the newest where not given.

    Raises:
        NotFound: there is no such address, or nothing was known of it then.
    """
    found = as_of_many(connection, [address_id], valid=valid, known=known)
    if found:
        return found[0]
    if not _exists(connection, address_id):
        raise no_address(address_id)
    raise NotFound(
        Text(f"当时尚无地址 {address_id} 的记录", f"nothing was known of {address_id} then"),
        field="valid" if valid else "known",
        cure=Text("查看其历史中的起始时间", "see in its history when it begins"),
    )


def as_of_many(
    connection: Connection,
    address_ids: list[int],
    *,
    valid: datetime | None = None,
    known: datetime | None = None,
) -> list[Row]:
    """The same for many; those of which nothing was known are left out."""
    given = {"ids": address_ids, "valid": valid, "known": known}
    return _rows(connection, "as_of", given)


def resolve(
    connection: Connection, code: str, *, at: datetime | None = None, area_id: int | None = None
) -> list[Row]:
    """Who held a code of 14, 19 or 25 digits at ``at``; without it all holders, with periods.

    A 14-digit code names a grid: the answer carries the codes of the grids that lie there now.

    Raises:
        InputError: not such a code.
        NotFound: nobody held it (then).
    """
    digits = plain_code(code)
    if len(digits) not in (GRID_DIGITS, BUILDING_DIGITS, ROOM_DIGITS):
        raise NotFound(
            Text(f"编码 {digits} 不指地址", f"the code {digits} names no address"),
            field="code",
            cure=Text("给出 14、19 或 25 位编码", "give a code of 14, 19 or 25 digits"),
        )
    given: Row = {"at": at, "area_id": area_id}
    if len(digits) == GRID_DIGITS:
        found = _rows(connection, "resolve_grid", given | {"code": digits})
    else:
        given["building"] = digits[:BUILDING_DIGITS]
        given["room"] = digits[BUILDING_DIGITS:] or None
        found = _rows(connection, "resolve", given)
    if not found:
        raise NotFound(
            Text(f"编码 {digits} 当时无人使用", f"nobody held the code {digits}"),
            field="code",
            cure=Text("核对编码;或不带日期查询", "check the digits, or ask without a date"),
        )
    return found


def plain_code(code: str) -> str:
    """The digits of a code as people write it: full-width ones and blanks between them will do.

    Raises:
        InputError: not such a code.
    """
    return str(parse_house_code("".join(unicodedata.normalize("NFKC", code).split())))


def successors(connection: Connection, address_id: int, *, at: datetime | None = None) -> list[Row]:
    """The addresses that live at ``at`` and follow on a retired one, however many steps on."""
    given = {"address_id": address_id, "at": at}
    ids = [int(row["address_id"]) for row in _rows(connection, "successors", given)]
    return as_of_many(connection, ids, valid=at)


def history(connection: Connection, address_id: int) -> Row:
    """All that is known of an address over time.

    ``timeline`` is what it said, as known now, one entry for each period of the world; ``versions``
    are its own records on both axes; beside them lineage, aliases, doubts and successors.

    Raises:
        NotFound: there is no such address.
    """
    given = {"address_id": address_id}
    versions = _rows(connection, "versions", given)
    if not versions:
        raise no_address(address_id)
    status = next(v["status"] for v in versions if not v["valid_to"] and not v["known_to"])
    return {
        "address_id": str(address_id),
        "status": status,
        "timeline": _timeline(connection, address_id),
        "versions": versions,
        "lineage": _rows(connection, "lineage", given),
        "aliases": _rows(connection, "aliases", given),
        "doubts": _rows(connection, "doubts", given),
        "successors": successors(connection, address_id) if status == "retired" else [],
    }


def neighbours(connection: Connection, address_id: int, *, limit: int = 12) -> Row:
    """Addresses under the same parent, and the nearest ones with their distance in metres."""
    here = as_of(connection, address_id)
    given = {"address_id": address_id, "limit": limit}
    nearest: list[Row] = []
    if here["lon"] is not None:
        at = {"lon": here["lon"], "lat": here["lat"]}
        nearest = _rows(connection, "nearest", given | at)
    return {"siblings": _rows(connection, "siblings", given), "nearest": nearest}


def loaded_at(connection: Connection, area_id: int) -> datetime | None:
    """When an area was last loaded as a whole; its events begin there."""
    found: datetime | None = connection.execute(
        text("SELECT created_at FROM district.area WHERE area_id = :area_id"), {"area_id": area_id}
    ).scalar()
    return found


def no_address(address_id: int, field: str = "address_id") -> NotFound:
    """The error that says so."""
    return NotFound(
        Text(f"没有编号为 {address_id} 的地址", f"there is no address {address_id}"),
        field=field,
        cure=Text("用 blockdata address search 查找", "look with blockdata address search"),
    )


def _timeline(connection: Connection, address_id: int) -> list[Row]:
    told = ("status", "text_zh", "code", "grid_code", "name_zh")
    line: list[Row] = []
    for point in _rows(connection, "turning_points", {"address_id": address_id}):
        state = as_of(connection, address_id, valid=point["at"])
        entry = {key: state[key] for key in told}
        if line and all(line[-1][key] == entry[key] for key in told):
            continue
        if line:
            line[-1]["valid_to"] = point["at"]
        line.append(entry | {"valid_from": point["at"], "valid_to": None})
    return line


def _exists(connection: Connection, address_id: int) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM register.address WHERE address_id = :id"), {"id": address_id}
    )
    return found.scalar() is not None


def _rows(connection: Connection, name: str, given: Row) -> list[Row]:
    result = connection.execute(text(query(f"register/{name}")), given)
    return [with_text_ids(dict(row)) for row in result.mappings()]
