"""Events: every change of the register is one, numbered without gaps in the order of commits."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import errors as pg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, IntegrityError

from blockdata.address.register.words import clean_words
from blockdata.address.sql import query
from blockdata.clock import SHIFT_SETTING
from blockdata.errors import BlockdataError, Conflict, InputError, NotPermitted
from blockdata.moments import DEFAULT_TIMEZONE
from blockdata.text import Text

_BEGIN = text(
    "SELECT register.begin_event(:area_id, :kind, :valid_from, :source, CAST(:details AS jsonb))"
)
_BACKWARDS = "22000"  # a period would end before it begins
_WHO = Text("说明依据,如 现场核实", "say who or what says so")
# History is written first, then held against the constraints: codes may change places in an event.
_CODES = "register.ex_address_version_building_code, register.ex_address_version_room_code"
_RECORD = text(
    "SET CONSTRAINTS register.record_address_history IMMEDIATE;"
    f"SET CONSTRAINTS {_CODES} IMMEDIATE;"
    f"SET CONSTRAINTS register.record_address_history, {_CODES} DEFERRED;"
    "SELECT set_config('register.event', '', true)"
)


@contextmanager
def event(
    connection: Connection,
    area_id: int,
    kind: str,
    *,
    source: str,
    valid_from: datetime | None = None,
    details: dict[str, Any] | None = None,
) -> Iterator[int]:
    """Everything done inside is one event; yields its number.

    Writers of one area take turns: the second waits until the first commits. What the database's
    constraints refuse becomes a ``Conflict``, after which the transaction can only be rolled back.

    Args:
        connection: in a transaction, which the caller commits.
        area_id: the area whose register changes.
        kind: rename, retire, split …
        source: who or what says so.
        valid_from: from when it holds; now where not given.
        details: more about it, for those who follow.

    Raises:
        InputError: no source; it would hold from a moment in the future, or from before the newest
            change of an address that it touches.
        Conflict: it contradicts what is known, or the clock stands before that.
        NotPermitted: the clock is shifted, and the area is not synthetic.
    """
    given = {
        "area_id": area_id,
        "kind": kind,
        "valid_from": valid_from,
        "source": clean_words(source, "source", _WHO),
        "details": json.dumps(details or {}, ensure_ascii=False, default=str),
    }
    try:
        seq = int(connection.execute(_BEGIN, given).scalar_one())
        yield seq
        connection.execute(_RECORD)
    except IntegrityError as error:
        raise _refusal(error, valid_from) from None
    except DataError as error:
        if getattr(error.orig, "sqlstate", None) != _BACKWARDS:
            raise
        raise _clock_behind() from None


def read_events(
    connection: Connection, area_id: int, *, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Events after a number, in order, each with all that it changed.

    A follower that applies ``changes`` (from ``valid_from`` on, this address says this) and
    ``extras`` in turn has the register's history; numbers rise by one, so a gap shows at once.
    """
    here = {"area_id": area_id, "after": after}
    rows = connection.execute(text(query("register/events")), here | {"limit": limit}).mappings()
    events = {row["seq"]: dict(row) | {"changes": [], "extras": []} for row in rows}
    if not events:
        return []
    span = here | {"until": max(events)}
    for row in connection.execute(text(query("register/event_changes")), span).mappings():
        change = with_text_ids(dict(row))
        events[change.pop("seq")]["changes"].append(change)
    for row in connection.execute(text(query("register/event_extras")), span).mappings():
        extra = with_text_ids(dict(row))
        events[extra.pop("seq")]["extras"].append(extra)
    return list(events.values())


def last_seq(connection: Connection, area_id: int) -> int:
    """The number of an area's newest event; 0 where nothing has changed since it was loaded."""
    found = connection.execute(
        text("SELECT last_seq FROM register.event_counter WHERE area_id = :area_id"),
        {"area_id": area_id},
    ).scalar()
    return int(found or 0)


def with_text_ids(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its ids as text, as browsers' numbers are floats."""
    return {
        key: str(value) if key.endswith("_id") and isinstance(value, int) else value
        for key, value in row.items()
    }


def _refusal(error: IntegrityError, valid_from: datetime | None) -> BlockdataError:
    cause = error.orig
    constraint = cause.diag.constraint_name if isinstance(cause, pg.Error) else None
    if constraint == "ck_event_by_the_real_clock":
        return NotPermitted(
            Text(
                "时钟已被拨动,不得写入真实区域的历史",
                "the clock is shifted: it may not write into the history of a real area",
            ),
            field=SHIFT_SETTING,
            cure=Text(f"取消 {SHIFT_SETTING}", f"unset {SHIFT_SETTING}"),
        )
    if constraint == "ck_event_not_ahead":
        return InputError(
            Text(f"{valid_from} 在将来", f"{valid_from} lies ahead"),
            field="valid_from",
            cure=Text("给出今天或更早的日期", "give today or an earlier day"),
        )
    if constraint == "ck_address_in_order" and isinstance(cause, pg.Error):
        return too_early(float(cause.diag.message_detail or 0))
    said = str(cause.diag.message_primary) if isinstance(cause, pg.Error) else str(cause)
    field, known = _SAID.get(
        str(constraint), (constraint or "address_id", Text(f"与已有记录矛盾:{said}", said))
    )
    return Conflict(
        known,
        field=field,
        cure=Text("查看该地址的历史后重试", "look at the address's history and try again"),
    )


def _clock_behind() -> Conflict:
    return Conflict(
        Text(
            "时钟早于该地址已有的记录(时钟被回拨,或数据在演练时钟下装入)",
            "the clock stands before what is recorded of the address: it was set back, or the "
            "data was loaded under the clock of an exercise",
        ),
        field=SHIFT_SETTING,
        cure=Text(
            "校准系统时钟;演练数据用 --replace 重新装入",
            "set the machine's clock right; load data of an exercise anew, with --replace",
        ),
    )


def too_early(begun: float) -> InputError:
    """The error that says from when on a change may hold, given when the newest one began."""
    # seconds as a float are exact to the microsecond or nearly so: the next one is safe
    at = datetime.fromtimestamp(begun, UTC) + timedelta(microseconds=1)
    first = at.astimezone(ZoneInfo(DEFAULT_TIMEZONE)).isoformat(timespec="microseconds")
    return InputError(
        Text(
            f"早于该地址(或其上级、后继地址)的最近一次变更;最早为 {first}",
            f"the address, its level above or a successor changed later; {first} is the earliest",
        ),
        field="valid_from",
        cure=Text(f"写 {first} 或更晚,或不写(即现在)", f"give {first} or later, or none (now)"),
        earliest=first,
    )


_SAID = {
    "uq_address_code": (
        "code", Text("编码已被另一地址使用", "another living address has this code")
    ),
    "ex_address_version_building_code": (
        "code", Text("该时段内编码属于另一楼栋", "another building held this code at that time")
    ),
    "ex_address_version_room_code": (
        "code", Text("该时段内编码属于另一房间", "another room held this code at that time")
    ),
    "ex_address_alias_one_at_a_time": (
        "text", Text("该别名已登记", "this alias is recorded already")
    ),
    "ex_address_doubt_one_at_a_time": (
        "attribute", Text("该项已标为存疑", "this attribute is in doubt already")
    ),
}  # fmt: skip
