"""Closures and slower stretches of road: made, listed, ended, and live with the next question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from blockdata.address.register.words import clean_words
from blockdata.errors import Conflict, InputError, NotFound
from blockdata.text import Text

ALL_MODES = 7
MAX_REASON = 500
_WHY = Text("写明封路原因", "say why")
MAX_SEGMENTS = 20_000
MAX_IN_FORCE = 1_000  # in one area: every question about its roads reads them all
NEAR_ROAD_M = 100.0  # a point closes the road nearest to it, if that is as near as this


@cache
def query(name: str) -> str:
    """The text of a query that stands in ``queries``."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Closure:
    """Segments on which modes (bits) travel at ``speed_factor`` of their speed; 0 is closed."""

    closure_id: int
    segments: tuple[int, ...]
    bound_modes: int
    speed_factor: float


@dataclass(frozen=True)
class ClosureOrder:
    """What to close: exactly one of ``segments``, ``road`` and ``at``.

    ``road`` is a whole name, or a part of it, in either language; with ``at`` only the stretch
    within ``within_m`` metres of that point. ``at`` alone (WGS 84) is the segment nearest to it.
    """

    segments: tuple[int, ...] = ()
    road: str | None = None
    at: tuple[float, float] | None = None
    within_m: float | None = None
    bound_modes: int = ALL_MODES
    speed_factor: float = 0.0
    reason: str = ""
    until: datetime | None = None


def close(
    connection: Connection, area_id: int, order: ClosureOrder, moment: datetime
) -> dict[str, Any]:
    """Close, or slow down, from a moment on; returns the closure as ``list_closures`` has it.

    Raises:
        InputError: no segment, too many, an end that lies in the past, or a reason that is no text
            or holds personal details.
        NotFound: no such segment or road in the area.
        Conflict: as many are in force as may be.
    """
    if order.until is not None and order.until <= moment:
        raise InputError(
            Text("解除时间早于开始时间", "it ends before it begins"),
            field="until",
            cure=Text("给出之后的时间,或不写", "give a later time, or none"),
        )
    reason = order.reason.strip() and clean_words(order.reason, "reason", _WHY, most=MAX_REASON)
    if len(closures_at(connection, area_id, moment)) >= MAX_IN_FORCE:
        raise Conflict(
            Text(
                f"该区域已有 {MAX_IN_FORCE} 处封路生效",
                f"{MAX_IN_FORCE} closures are in force already",
            ),
            field="area",
            cure=Text("先解除不再需要的", "reopen those that are not needed any more"),
        )
    segments = _segments(connection, area_id, order)
    row = connection.execute(
        text(query("close")),
        {
            "area_id": area_id,
            "segments": segments,
            "bound_modes": order.bound_modes,
            "speed_factor": order.speed_factor,
            "reason": reason,
            "starts_at": moment,
            "until": order.until,
        },
    )
    closure_id = row.scalar_one()
    return next(
        one for one in list_closures(connection, area_id, moment) if one["id"] == str(closure_id)
    )


def reopen(connection: Connection, area_id: int, closure_id: int, moment: datetime) -> None:
    """End a closure at a moment.

    Raises:
        NotFound: the area has no such closure, or it has ended.
    """
    ask = {"area_id": area_id, "closure_id": closure_id, "moment": moment}
    if connection.execute(text(query("reopen")), ask).first() is None:
        raise NotFound(
            Text(f"没有生效中的封路 {closure_id}", f"no closure {closure_id} is in force"),
            field="closure_id",
            cure=Text(
                "运行 blockdata dispatch closures list", "see blockdata dispatch closures list"
            ),
        )


def closures_at(connection: Connection, area_id: int, moment: datetime) -> tuple[Closure, ...]:
    """The closures in force at a moment, as they bear on travel times."""
    rows = connection.execute(text(query("closures_at")), {"area_id": area_id, "moment": moment})
    return tuple(Closure(row[0], tuple(row[1]), row[2], row[3]) for row in rows)


def list_closures(connection: Connection, area_id: int, moment: datetime) -> list[dict[str, Any]]:
    """The closures in force at a moment or later, for people: roads, lengths, since, until, why."""
    ask = {"area_id": area_id, "moment": moment}
    return [
        {
            "id": str(row.closure_id),
            "segments": list(row.segments),
            "roads": [name for name in row.roads if name],
            "length_m": round(row.length_m or 0.0, 1),
            "modes": modes_of(row.bound_modes),
            "speed_factor": row.speed_factor,
            "reason": row.reason,
            "since": row.starts_at.astimezone(moment.tzinfo).isoformat(timespec="seconds"),
            "until": row.until
            and row.until.astimezone(moment.tzinfo).isoformat(timespec="seconds"),
        }
        for row in connection.execute(text(query("list_closures")), ask)
    ]


def modes_of(bits: int) -> list[str]:
    """Names of the modes of some bits."""
    from dispatch.network.tags import MODE_BITS

    return [mode for mode, bit in MODE_BITS.items() if bits & bit]


def _segments(connection: Connection, area_id: int, order: ClosureOrder) -> list[int]:
    ask: dict[str, Any] = {"area_id": area_id}
    found: Sequence[int]
    if order.segments:
        ask["segments"] = list(order.segments)
        found = list(connection.execute(text(query("segments_known")), ask).scalars())
        missing = sorted(set(order.segments) - set(found))
        if missing:
            raise NotFound(
                Text(f"没有路段 {missing[0]}", f"there is no segment {missing[0]}"),
                field="segments",
            )
    elif order.road is not None:
        lon, lat = order.at or (None, None)
        ask |= {"road": order.road, "lon": lon, "lat": lat, "within_m": order.within_m}
        found = list(connection.execute(text(query("segments_of_road")), ask).scalars())
        if not found:
            raise NotFound(
                Text(f"这里没有名为“{order.road}”的路", f"no road named {order.road!r} there"),
                field="road",
                cure=Text("检查路名与位置", "check the name and the place"),
            )
    elif order.at is not None:
        ask |= {"lon": order.at[0], "lat": order.at[1], "near_m": order.within_m or NEAR_ROAD_M}
        found = list(connection.execute(text(query("segment_at")), ask).scalars())
        if not found:
            raise NotFound(Text("附近没有道路", "no road is near"), field="at")
    else:
        raise InputError(
            Text("请给出路段、路名或位置", "name segments, a road or a point"), field="segments"
        )
    if len(found) > MAX_SEGMENTS:
        raise InputError(
            Text(f"一次最多 {MAX_SEGMENTS} 个路段", f"at most {MAX_SEGMENTS} segments at a time"),
            field="road",
            cure=Text("加上位置与范围", "add a point and a distance"),
        )
    return sorted(set(found))
