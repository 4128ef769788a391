"""Who is on the books of an area, as the database has them: tier, duty, skills, position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from blockdata.profile import MODES, TIERS, Profile, Tier
from dispatch.availability import Shift, on_duty_shifts

MAX_SKILLS = 62  # bits of an int64

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@cache
def query(name: str) -> str:
    """The text of a query that stands in ``queries``."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


@dataclass
class Roster:
    """Responders by ascending id, arrays of one length; volunteers off duty are not among them.

    ``tier`` and ``mode`` are places in ``TIERS`` and ``MODES``; ``skills`` int64 are bits by the
    place in ``skill_names``. ``lon``, ``lat`` are WGS 84 degrees (NaN: no position), ``accuracy_m``
    the radius of the fix. ``fixed_at_s`` is the time of the fix (Unix seconds; NaN: none);
    ``constant_age_s`` stands in for it where the fix is a made-up one at the duty point. ``counts``
    has registered and on duty by tier, volunteers off duty included. Positions are the ones that
    count from ``holds_from_s`` to ``holds_until_s``.
    """

    responder_id: npt.NDArray[np.int64]
    tier: Codes
    mode: Codes
    call_sign: npt.NDArray[np.object_]
    skills: npt.NDArray[np.int64]
    skill_names: tuple[str, ...]
    on_duty: Bools
    busy: Bools
    synthetic: Bools
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    fixed_at_s: Floats
    constant_age_s: Floats
    counts: dict[Tier, tuple[int, int]]
    holds_from_s: float
    holds_until_s: float

    def __len__(self) -> int:
        return len(self.responder_id)

    def holds_at(self, moment: datetime) -> bool:
        """Whether everybody's position is still the one that counts at a moment."""
        return self.holds_from_s <= moment.timestamp() <= self.holds_until_s


def roster_state(connection: Connection, area_id: int) -> tuple[Any, ...]:
    """A value that changes whenever the responders of an area or their positions change."""
    return tuple(connection.execute(text(query("fleet_state")), {"area_id": area_id}).one())


def read_shifts(connection: Connection, area_id: int) -> list[Shift]:
    """The shifts of an area."""
    rows = connection.execute(text(query("shifts")), {"area_id": area_id})
    return [Shift(*row) for row in rows]


def shifts_on(
    connection: Connection, area_id: int, moment: datetime, profile: Profile
) -> tuple[int, ...]:
    """Ids of an area's shifts that are on at a moment."""
    return on_duty_shifts(read_shifts(connection, area_id), moment, profile.district.timezone)


def load_roster(
    connection: Connection,
    area_id: int,
    on_duty: tuple[int, ...],
    moment: datetime,
    profile: Profile,
) -> Roster:
    """Read the responders of an area as they stand at a moment.

    A fix of the position feed counts while it is fresh. A made-up responder without one stands at
    its duty point, with a fix as old as its made-up device is slow.
    """
    ask: dict[str, Any] = {"area_id": area_id, "on_duty": list(on_duty)}
    result = connection.execute(text(query("fleet")), ask)
    names, found = list(result.keys()), result.all()
    rows = dict(zip(names, zip(*found, strict=True) if found else ((),) * len(names), strict=True))
    fixed_at_s = np.array(rows["fixed_at_s"], np.float64)
    constant_age_s = np.array(rows["synthetic_fix_age_s"], np.float64)
    synthetic = ~np.isnan(constant_age_s)
    now_s, max_age_s = moment.timestamp(), profile.dispatch.fix_max_age_s
    fresh = now_s - fixed_at_s <= max_age_s
    fed = fresh | ~synthetic  # what the feed says counts
    column = {name: np.array(rows[name], np.float64) for name in ("lon", "lat")}
    duty = {name: np.array(rows[f"duty_{name}"], np.float64) for name in ("lon", "lat")}
    accuracy_m = np.nan_to_num(np.array(rows["accuracy_m"], np.float64))
    holds = fixed_at_s[fresh & synthetic]
    skills, skill_names = _skill_bits(rows["skills"])
    return Roster(
        responder_id=np.array(rows["responder_id"], np.int64),
        tier=_codes(rows["tier"], TIERS),
        mode=_codes(rows["mode"], MODES),
        call_sign=np.array(rows["call_sign"], object),
        skills=skills,
        skill_names=skill_names,
        on_duty=np.array(rows["on_duty"], np.bool_),
        busy=np.array([status == "busy" for status in rows["status"]], np.bool_) & fed,
        synthetic=synthetic,
        lon=np.where(fed, column["lon"], duty["lon"]),
        lat=np.where(fed, column["lat"], duty["lat"]),
        accuracy_m=np.where(fed, accuracy_m, 0.0),
        fixed_at_s=np.where(fed, fixed_at_s, np.nan),
        constant_age_s=constant_age_s,
        counts=_counts(connection, ask),
        holds_from_s=now_s if np.isfinite(fixed_at_s).any() else -np.inf,
        holds_until_s=float(holds.min()) + max_age_s if len(holds) else np.inf,
    )


def _codes(values: Sequence[str], names: tuple[str, ...]) -> Codes:
    code = {name: i for i, name in enumerate(names)}
    return np.array([code[value] for value in values], np.int8)


def _skill_bits(
    values: Sequence[Sequence[str] | None],
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Skills as bits, and their names in the order of the bits (the first 62 by name)."""
    each = [tuple(skills or ()) for skills in values]
    names = sorted({skill for skills in set(each) for skill in skills})[:MAX_SKILLS]
    bit = {name: 1 << i for i, name in enumerate(names)}
    mask = {key: sum(bit.get(skill, 0) for skill in set(key)) for key in set(each)}
    return np.array([mask[skills] for skills in each], np.int64), tuple(names)


def _counts(connection: Connection, ask: dict[str, Any]) -> dict[Tier, tuple[int, int]]:
    rows = connection.execute(text(query("registered")), ask)
    return {row.tier: (row.registered, row.on_duty) for row in rows}
