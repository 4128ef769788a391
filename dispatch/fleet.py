"""The responders of an area in arrays: tier, mode, duty, status, position and its age."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, text

from blockdata.profile import MODES, TIERS, Mode, Profile, Tier
from blockdata.storage.bulk import read_frame
from dispatch.availability import Shift, on_duty_shifts, reason_codes
from dispatch.network.network import RoadNetwork
from dispatch.network.snapping import Places, snap
from dispatch.travel_time import Pool

LEFT_OUT_SHOWN = 5  # of each tier, the nearest

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@cache
def query(name: str) -> str:
    """The text of a query that stands in ``queries``."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


@dataclass
class Fleet:
    """Responders by ascending id, arrays of one length; volunteers off duty are not among them.

    ``tier`` and ``mode`` are places in ``TIERS`` and ``MODES``.
    ``lon``, ``lat`` are WGS 84 degrees (NaN: no position). ``fixed_at_s`` is the time of the fix
    (Unix seconds; NaN: none); ``constant_age_s`` stands in for it where the fix is a made-up one
    at the duty point. ``counts`` has registered and on duty by tier, volunteers off duty included.
    """

    responder_id: npt.NDArray[np.int64]
    tier: Codes
    mode: Codes
    call_sign: npt.NDArray[np.object_]
    on_duty: Bools
    busy: Bools
    synthetic: Bools
    lon: Floats
    lat: Floats
    fixed_at_s: Floats
    constant_age_s: Floats
    counts: dict[Tier, tuple[int, int]]
    holds_from_s: float
    holds_until_s: float
    _places: dict[Mode, tuple[npt.NDArray[np.int64], Places]] = field(default_factory=dict)
    _pools: dict[tuple[Tier, Mode], tuple[Bools, npt.NDArray[np.int64], Pool]] = field(
        default_factory=dict
    )

    def holds_at(self, moment: datetime) -> bool:
        """Whether everybody's position is still the one that counts at a moment."""
        return self.holds_from_s <= moment.timestamp() <= self.holds_until_s

    def fix_age_s(self, moment: datetime) -> Floats:
        """Age of every fix in seconds at a moment; NaN where there is none."""
        age = np.maximum(moment.timestamp() - self.fixed_at_s, 0.0)
        return np.where(np.isnan(self.fixed_at_s), self.constant_age_s, age)

    def states(self, moment: datetime, fix_max_age_s: float) -> Codes:
        """Why each may not be asked at a moment: places in ``availability.STATES``, 0 it may."""
        return reason_codes(self.on_duty, self.busy, self.fix_age_s(moment), fix_max_age_s)

    def pool(
        self, tier: Tier, mode: Mode, chosen: Bools, network: RoadNetwork, profile: Profile
    ) -> tuple[npt.NDArray[np.int64], Pool]:
        """Those marked of a tier and mode: their rows, and the pool on the network.

        The last pool of each tier and mode is kept, since most questions ask the same people.
        """
        chosen = chosen & self.is_tier(tier) & (self.mode == MODES.index(mode))
        kept = self._pools.get((tier, mode))
        if kept is not None and np.array_equal(kept[0], chosen):
            return kept[1], kept[2]
        rows, places = self._placed(mode, network, profile)
        at = np.flatnonzero(chosen[rows])
        pool = Pool(network.graphs[mode], _take(places, at))
        if kept is None or len(at) > LEFT_OUT_SHOWN:
            self._pools[tier, mode] = (chosen, rows[at], pool)
        return rows[at], pool

    def is_tier(self, tier: Tier) -> Bools:
        """Who is of a tier."""
        found: Bools = self.tier == TIERS.index(tier)
        return found

    def off_road_m(self, mode: Mode, row: int) -> float:
        """Metres from a responder who was put on the network to the road."""
        rows, places = self._places[mode]
        return float(places.distance_m[np.searchsorted(rows, row)])

    def _placed(
        self, mode: Mode, network: RoadNetwork, profile: Profile
    ) -> tuple[npt.NDArray[np.int64], Places]:
        """Everyone of a mode who is on duty and has a position, put on the network once."""
        if mode not in self._places:
            here = (self.mode == MODES.index(mode)) & ~np.isnan(self.lon)
            rows = np.flatnonzero(self.on_duty & here)
            graph, rules = network.graphs[mode], profile.modes[mode]
            places = snap(network.geometry, graph, rules, self.lon[rows], self.lat[rows])
            self._places[mode] = (rows, places)
        return self._places[mode]


def _take(places: Places, at: npt.NDArray[np.int64]) -> Places:
    return Places(**{part.name: getattr(places, part.name)[at] for part in fields(Places)})


def fleet_state(connection: Connection, area_id: int) -> tuple[Any, ...]:
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


def load_fleet(
    connection: Connection,
    area_id: int,
    on_duty: tuple[int, ...],
    moment: datetime,
    profile: Profile,
) -> Fleet:
    """Read the responders of an area as they stand at a moment.

    A fix of the position feed counts while it is fresh. A made-up responder without one stands at
    its duty point, with a fix as old as its made-up device is slow.
    """
    ask: dict[str, Any] = {"area_id": area_id, "on_duty": list(on_duty)}
    rows = read_frame(connection, query("fleet"), **ask)
    fixed_at_s = rows["fixed_at_s"].to_numpy(np.float64)
    constant_age_s = rows["synthetic_fix_age_s"].to_numpy(np.float64)
    synthetic = ~np.isnan(constant_age_s)
    now_s, max_age_s = moment.timestamp(), profile.dispatch.fix_max_age_s
    fresh = now_s - fixed_at_s <= max_age_s
    fed = fresh | ~synthetic  # what the feed says counts
    column = {name: rows[name].to_numpy(np.float64) for name in ("lon", "lat")}
    duty = {name: rows[f"duty_{name}"].to_numpy(np.float64) for name in ("lon", "lat")}
    holds = fixed_at_s[fresh & synthetic]
    return Fleet(
        responder_id=rows["responder_id"].to_numpy(np.int64),
        tier=_codes(rows["tier"], TIERS),
        mode=_codes(rows["mode"], MODES),
        call_sign=rows["call_sign"].to_numpy(object),
        on_duty=rows["on_duty"].to_numpy(np.bool_),
        busy=(rows["status"] == "busy").to_numpy(np.bool_) & fed,
        synthetic=synthetic,
        lon=np.where(fed, column["lon"], duty["lon"]),
        lat=np.where(fed, column["lat"], duty["lat"]),
        fixed_at_s=np.where(fed, fixed_at_s, np.nan),
        constant_age_s=constant_age_s,
        counts=_counts(connection, ask),
        holds_from_s=now_s if np.isfinite(fixed_at_s).any() else -np.inf,
        holds_until_s=float(holds.min()) + max_age_s if len(holds) else np.inf,
    )


def _codes(values: pd.Series, names: tuple[str, ...]) -> Codes:
    return pd.Categorical(values, categories=list(names)).codes.astype(np.int8)


def _counts(connection: Connection, ask: dict[str, Any]) -> dict[Tier, tuple[int, int]]:
    rows = connection.execute(text(query("registered")), ask)
    return {row.tier: (row.registered, row.on_duty) for row in rows}
