"""One grid, one officer: assignments, absences with a deputy, and who serves at a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from blockdata.address.register.words import clean_words
from blockdata.errors import Conflict, InputError, NotFound
from blockdata.grid.area_grids import no_such_grid
from blockdata.grid.layers import Layer, layer_at
from blockdata.grid.sql import query
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

_REFUSALS = {
    "ex_grid_assignment_one_officer": Text("该网格此时已有网格员", "the grid has an officer then"),
    "ex_grid_assignment_one_grid": Text(
        "该网格员此时已负责另一网格", "the officer has another grid then"
    ),
    "ex_grid_absence_one_at_a_time": Text(
        "该网格员此时已登记缺勤", "the officer is absent already then"
    ),
    "ex_grid_absence_deputy_there": Text(
        "代班人此时缺勤,或缺勤人此时代班",
        "the deputy is absent then, or the absent officer is a deputy",
    ),
    "ck_grid_absence_other": Text("不能由本人代班", "nobody stands in for oneself"),
}

_STAFF_CODE = Text("给出工号", "give the staff code")


@dataclass(frozen=True)
class Followed:
    """Who serves on after a redraw, by staff code; who is free; codes of grids with nobody."""

    kept: tuple[str, ...]
    free: tuple[str, ...]
    unserved: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kept": len(self.kept), "free": list(self.free), "unserved": list(self.unserved)}


def enrol_officers(connection: Connection, area: Area, staff_codes: list[str]) -> int:
    """Make officers known by their staff codes; returns how many are new.

    Raises:
        InputError: a code is blank or no text, or is a telephone or citizen number.
    """
    for code in staff_codes:
        clean_words(code, "officer", _STAFF_CODE, most=40)
    made = connection.execute(
        text(
            "INSERT INTO district.grid_officer (area_id, staff_code)"
            " SELECT :area_id, unnest(CAST(:codes AS text[]))"
            " ON CONFLICT (area_id, staff_code) DO NOTHING"
        ),
        {"area_id": area.area_id, "codes": staff_codes},
    )
    return int(made.rowcount)


def assign(connection: Connection, area: Area, code: str, staff_code: str, since: datetime) -> None:
    """Give a grid to an officer from a moment on; an assignment that stands then ends.

    The officer's own grid before, too, is given up at that moment.

    Raises:
        NotFound: no such officer; no grid of this code at that moment.
        Conflict: a later assignment of the grid or of the officer stands against it.
    """
    officer, grid = _officer(connection, area, staff_code), _grid(connection, area, code, since)
    given = {"area_id": area.area_id, "grid": grid, "officer": officer, "since": since}
    with _refused():
        connection.execute(
            text(
                "UPDATE district.grid_assignment SET valid = tstzrange(lower(valid), :since)"
                " WHERE (grid_id = :grid OR officer_id = :officer) AND lower(valid) < :since"
                " AND valid @> CAST(:since AS timestamptz)"
            ),
            given,
        )
        connection.execute(
            text(
                "INSERT INTO district.grid_assignment (area_id, grid_id, officer_id, valid)"
                " VALUES (:area_id, :grid, :officer, tstzrange(:since, NULL))"
            ),
            given,
        )


def relieve(connection: Connection, area: Area, staff_code: str, at: datetime) -> None:
    """End an officer's assignment at a moment.

    Raises:
        NotFound: no such officer, or no grid is this officer's then.
    """
    ended = connection.execute(
        text(
            "UPDATE district.grid_assignment SET valid = tstzrange(lower(valid), :at)"
            " WHERE officer_id = :officer AND lower(valid) < :at"
            " AND valid @> CAST(:at AS timestamptz)"
        ),
        {"officer": _officer(connection, area, staff_code), "at": at},
    )
    if not ended.rowcount:
        raise NotFound(
            Text(f"{staff_code} 此时没有网格", f"{staff_code} has no grid then"), field="officer"
        )


def record_absence(
    connection: Connection,
    area: Area,
    staff_code: str,
    deputy: str,
    start: datetime,
    end: datetime,
) -> None:
    """Another officer stands in for one who is away.

    Raises:
        InputError: it ends before it begins.
        NotFound: no such officer.
        Conflict: absent already then, or the deputy is away too.
    """
    if end <= start:
        raise InputError(
            Text("结束不晚于开始", "it ends before it begins"),
            field="end",
            cure=Text("给出较晚的结束时刻", "give a later end"),
        )
    given = {
        "area_id": area.area_id,
        "officer": _officer(connection, area, staff_code),
        "deputy": _officer(connection, area, deputy),
        "start": start,
        "end": end,
    }
    with _refused():
        connection.execute(
            text(
                "INSERT INTO district.grid_absence (area_id, officer_id, deputy_id, valid)"
                " VALUES (:area_id, :officer, :deputy, tstzrange(:start, :end))"
            ),
            given,
        )


def who_serves(
    connection: Connection, area: Area, at: datetime, code: str | None = None
) -> list[dict[str, Any]]:
    """Officer, deputy and who serves, of one grid or of all that were valid at a moment.

    Raises:
        NotFound: no grid of this code at that moment.
    """
    rows = connection.execute(
        text(query("serves")), {"area_id": area.area_id, "at": at, "code": code}
    )
    found = [dict(row) for row in rows.mappings()]
    if not found and code is not None:
        raise no_such_grid(area, code)
    return found


def follow_grids(
    connection: Connection, area: Area, layer: Layer, replaced: dict[str, int]
) -> Followed:
    """After a redraw, let officers and professional grids go on where their grid's code does.

    Args:
        connection: in the transaction of the redraw.
        area: the area.
        layer: the new version.
        replaced: codes of the grids that are no more, with their ids.
    """
    given = {
        "layer_id": layer.layer_id,
        "at": layer.valid_from,
        "olds": list(replaced.values()),
        "codes": list(replaced),
    }
    kept, free = [], []
    for row in connection.execute(text(query("duty_follow")), given).all():
        if row.grid_id is None:
            free.append(row.staff_code)
            continue
        kept.append(row.staff_code)
        connection.execute(
            text(
                "INSERT INTO district.grid_assignment (area_id, grid_id, officer_id, valid)"
                " VALUES (:area_id, :grid, :officer, tstzrange(:at, NULL))"
            ),
            {"area_id": area.area_id, "grid": row.grid_id, "officer": row.officer_id}
            | {"at": layer.valid_from},
        )
    for row in connection.execute(text(query("professional_follow")), given).all():
        connection.execute(
            text(
                "INSERT INTO district.professional_grid (area_id, kind, code, grid_id, valid)"
                " VALUES (:area_id, :kind, :code, :grid, tstzrange(:at, NULL))"
            ),
            {"area_id": area.area_id, "kind": row.kind, "code": row.code, "grid": row.grid_id}
            | {"at": layer.valid_from},
        )
    nobody = read_frame(
        connection, query("serves"), area_id=area.area_id, at=layer.valid_from, code=None
    )
    unserved = nobody[nobody["officer"].isna()]["grid"].tolist()
    return Followed(tuple(sorted(kept)), tuple(sorted(free)), tuple(unserved))


def _grid(connection: Connection, area: Area, code: str, at: datetime) -> int:
    found = connection.execute(
        text("SELECT grid_id FROM district.grid_of_layer WHERE layer_id = :id AND code = :code"),
        {"id": layer_at(connection, area, at).layer_id, "code": code},
    ).scalar()
    if found is None:
        raise no_such_grid(area, code)
    return int(found)


def _officer(connection: Connection, area: Area, staff_code: str) -> int:
    found = connection.execute(
        text(
            "SELECT officer_id FROM district.grid_officer"
            " WHERE area_id = :area_id AND staff_code = :code"
        ),
        {"area_id": area.area_id, "code": staff_code},
    ).scalar()
    if found is None:
        raise NotFound(
            Text(f"没有工号为 {staff_code} 的网格员", f"there is no grid officer {staff_code}"),
            field="officer",
            cure=Text("先登记该工号", "enrol this staff code first"),
        )
    return int(found)


@contextmanager
def _refused() -> Iterator[None]:
    """What a constraint refuses is a Conflict that says why."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.orig, "diag", None)
        why = _REFUSALS.get(getattr(diagnosis, "constraint_name", None) or "")
        if why is None:
            raise
        raise Conflict(
            why,
            field="valid",
            cure=Text("先结束与之冲突的安排", "end what stands against it first"),
        ) from None
