"""Who is on duty in an area, as the database has them: tier, skills, position."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from blockdata.profile import MODES, TIERS, Profile, Tier
from dispatch.availability import Shift, on_duty_shifts, reason_codes

MAX_SKILLS = 62  # bits of an int64

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@cache
def query(name: str) -> str:
    """The text of a query that stands in ``queries``."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


class Duty(NamedTuple):
    """Ids of the shifts on at the moment asked about, and of those on now by the clock."""

    then: tuple[int, ...]
    now: tuple[int, ...]

    @property
    def both(self) -> tuple[int, ...]:
        """Shifts on at both: whenever is asked about, only those on duty now may be located."""
        return tuple(sorted({*self.then} & {*self.now}))


class Registered(NamedTuple):
    """How many a tier has on its books, how many are on duty then, and whether any is made up."""

    registered: int
    on_duty: int
    synthetic: bool


@dataclass
class Roster:
    """Responders on duty by ascending id, arrays of one length; nobody off duty is among them.

    ``tier`` and ``mode`` are places in ``TIERS`` and ``MODES``; ``skills`` int64 are bits by the
    place in ``skill_names``. ``lon``, ``lat`` are WGS 84 degrees (NaN: no position), ``accuracy_m``
    the radius of the fix. ``fixed_at_s`` is the time of the fix (Unix seconds; NaN: none);
    ``constant_age_s`` stands in for it where the fix is a made-up one at the duty point. ``counts``
    goes by tier, those off duty included. Positions are the ones that count from ``holds_from_s``
    to ``holds_until_s``.
    """

    responder_id: npt.NDArray[np.int64]
    tier: Codes
    mode: Codes
    call_sign: npt.NDArray[np.object_]
    skills: npt.NDArray[np.int64]
    skill_names: tuple[str, ...]
    busy: Bools
    lon: Floats
    lat: Floats
    accuracy_m: Floats
    fixed_at_s: Floats
    constant_age_s: Floats
    counts: dict[Tier, Registered]
    holds_from_s: float
    holds_until_s: float

    def __len__(self) -> int:
        return len(self.responder_id)

    def book_of(self, tier: Tier) -> Registered:
        """How many a tier has in the area."""
        return self.counts.get(tier, Registered(0, 0, synthetic=False))

    @property
    def made_up(self) -> bool:
        """Whether any responder of the area, on duty or not, is synthetic."""
        return any(book.synthetic for book in self.counts.values())

    def holds_at(self, moment: datetime) -> bool:
        """Whether everybody's position is still the one that counts at a moment."""
        return self.holds_from_s <= moment.timestamp() <= self.holds_until_s

    def states(self, moment: datetime, fix_max_age_s: float) -> Codes:
        """Why each may not be asked at a moment: places in ``availability.STATES``, 0 it may."""
        age_s = np.maximum(moment.timestamp() - self.fixed_at_s, 0.0)
        age_s = np.where(np.isnan(self.fixed_at_s), self.constant_age_s, age_s)
        return reason_codes(self.busy, age_s, fix_max_age_s)


def roster_state(connection: Connection, area_id: int) -> tuple[Any, ...]:
    """A value that changes whenever the responders of an area or their positions change."""
    return tuple(connection.execute(text(query("fleet_state")), {"area_id": area_id}).one())


def read_shifts(connection: Connection, area_id: int) -> list[Shift]:
    """The shifts of an area."""
    rows = connection.execute(text(query("shifts")), {"area_id": area_id})
    return [Shift(*row) for row in rows]


def duty_at(
    connection: Connection, area_id: int, moment: datetime, now: datetime, profile: Profile
) -> Duty:
    """The shifts of an area that are on at a moment, and those on now."""
    shifts, zone = read_shifts(connection, area_id), profile.district.timezone
    return Duty(*(on_duty_shifts(shifts, at, zone) for at in (moment, now)))


def shifts_on(
    connection: Connection, area_id: int, moment: datetime, profile: Profile
) -> tuple[int, ...]:
    """Ids of an area's shifts that are on at a moment."""
    return on_duty_shifts(read_shifts(connection, area_id), moment, profile.district.timezone)


def load_roster(
    connection: Connection,
    area_id: int,
    duty: Duty,
    moment: datetime,
    profile: Profile,
) -> Roster:
    """Read the responders of an area on duty at a moment and now, as they stood at that moment.

    A fix of the position feed counts while it is fresh, one from after the moment not at all. A
    made-up responder without one stands at its duty point, with a fix as old as its made-up device
    is slow.
    """
    ask: dict[str, Any] = {"area_id": area_id, "on_duty": list(duty.both)}
    result = connection.execute(text(query("fleet")), ask)
    names, found = list(result.keys()), result.all()
    rows = dict(zip(names, zip(*found, strict=True) if found else ((),) * len(names), strict=True))
    fixed_at_s = np.array(rows["fixed_at_s"], np.float64)
    constant_age_s = np.array(rows["synthetic_fix_age_s"], np.float64)
    synthetic = ~np.isnan(constant_age_s)
    then_s, max_age_s = moment.timestamp(), profile.dispatch.fix_max_age_s
    later = fixed_at_s > then_s
    fresh = (then_s - fixed_at_s <= max_age_s) & ~later
    fed = fresh | ~(synthetic | later)  # what the feed says counts
    column = {name: np.array(rows[name], np.float64) for name in ("lon", "lat")}
    post = {name: np.array(rows[f"duty_{name}"], np.float64) for name in ("lon", "lat")}
    accuracy_m = np.nan_to_num(np.array(rows["accuracy_m"], np.float64))
    # Read anew once a made-up fix is stale, or a fix from after the moment has come to count.
    ends_s = np.append(
        fixed_at_s[fresh & synthetic] + max_age_s, np.nextafter(fixed_at_s[later], 0)
    )
    names_of_skills = connection.execute(text(query("skills")), ask).scalars().all()
    skill_names = tuple(names_of_skills[:MAX_SKILLS])
    return Roster(
        responder_id=np.array(rows["responder_id"], np.int64),
        tier=_codes(rows["tier"], TIERS),
        mode=_codes(rows["mode"], MODES),
        call_sign=np.array(rows["call_sign"], object),
        skills=_skill_bits(rows["skills"], skill_names),
        skill_names=skill_names,
        busy=np.array([status == "busy" for status in rows["status"]], np.bool_) & fed,
        lon=np.where(fed, column["lon"], post["lon"]),
        lat=np.where(fed, column["lat"], post["lat"]),
        accuracy_m=np.where(fed, accuracy_m, 0.0),
        fixed_at_s=np.where(fed, fixed_at_s, np.nan),
        constant_age_s=constant_age_s,
        counts=_counts(connection, ask | {"on_duty": list(duty.then)}),
        holds_from_s=then_s if np.isfinite(fixed_at_s).any() else -np.inf,
        holds_until_s=float(ends_s.min(initial=np.inf)),
    )


def _codes(values: Sequence[str], names: tuple[str, ...]) -> Codes:
    code = {name: i for i, name in enumerate(names)}
    return np.array([code[value] for value in values], np.int8)


def _skill_bits(
    values: Sequence[Sequence[str] | None], names: tuple[str, ...]
) -> npt.NDArray[np.int64]:
    """Skills as bits, in the order of their names."""
    each = [tuple(skills or ()) for skills in values]
    bit = {name: 1 << i for i, name in enumerate(names)}
    mask = {key: sum(bit.get(skill, 0) for skill in set(key)) for key in set(each)}
    return np.array([mask[skills] for skills in each], np.int64)


def _counts(connection: Connection, ask: dict[str, Any]) -> dict[Tier, Registered]:
    rows = connection.execute(text(query("registered")), ask)
    return {row.tier: Registered(*row[1:]) for row in rows}
