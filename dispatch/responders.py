"""Made-up responders on a network, real or made-up, and what an area has of them."""

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from sqlalchemy import Connection, delete, text

from blockdata.errors import Conflict, InputError
from blockdata.profile import TIERS, Profile, ShiftRules, Tier
from blockdata.storage.areas import Area
from blockdata.storage.bulk import copy_rows
from blockdata.storage.locks import lock_area
from blockdata.storage.tables import responders as tables
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.network.network import RoadNetwork
from dispatch.roster import query, shifts_on
from dispatch.routes import step_line
from dispatch.travel_time import Step

OFF_ROAD_M = (2.0, 15.0)  # how far from the middle of the road they stand
METRES_PER_DEGREE = 111_320.0
FIX_AGE_S = (5, 240)  # how old the fixes of most are
SLOW_SHARE = 0.03  # of devices that report so slowly that their fix is always stale

Floats = npt.NDArray[np.float64]


def place_responders(
    connection: Connection,
    area: Area,
    network: RoadNetwork,
    profile: Profile,
    counts: dict[Tier, int],
    *,
    seed: int,
    replace: bool,
) -> dict[str, Any]:
    """Put made-up responders on an area's roads, always the same from the same seed.

    They stand near roads that their mode may use, evenly by length; each has a shift of its tier,
    by the shares of the profile. Call signs begin with 模拟 (simulated).

    Raises:
        InputError: a count is negative, or a tier has no road that it could use.
        Conflict: the area has responders already and ``replace`` is not given.
    """
    lock_area(connection, area.name)
    _check(connection, area, counts, replace=replace)
    for table in (tables.position, tables.responder, tables.shift):
        connection.execute(delete(table).where(table.c.area_id == area.area_id))
    copy_rows(connection, tables.shift, _shift_rows(area.area_id, profile.shifts))
    rng = np.random.default_rng(seed)
    parts = [
        _tier_rows(area.area_id, network, profile, tier, counts[tier], rng)
        for tier in TIERS
        if counts.get(tier)
    ]
    if parts:
        rows = pa.concat_tables(parts)
        ids = first_id(area.area_id) + np.arange(rows.num_rows, dtype=np.int64)
        copy_rows(connection, tables.responder, rows.append_column("responder_id", [ids]))
    return {"area": area.name, "seed": seed, "synthetic": True, "placed": dict(counts)}


def list_responders(
    connection: Connection, area: Area, profile: Profile, moment: datetime
) -> dict[str, Any]:
    """How many responders an area has, by tier and shift, and which shifts are on."""
    on = set(shifts_on(connection, area.area_id, moment, profile))
    rows = connection.execute(text(query("responder_counts")), {"area_id": area.area_id})
    return {
        "area": area.name,
        "asked_at": moment.isoformat(),
        "shifts": [row._asdict() | {"on_duty": row.shift_id in on} for row in rows],
    }


def _check(connection: Connection, area: Area, counts: dict[Tier, int], *, replace: bool) -> None:
    for tier, count in counts.items():
        if count < 0:
            raise InputError(
                Text(f"人数不能为负:{count}", f"a count cannot be negative: {count}"), field=tier
            )
    if list_any(connection, area) and not replace:
        raise Conflict(
            Text(
                f"区域“{area.name}”已有处警力量", f"the area {area.name!r} has responders already"
            ),
            field="area",
            cure=Text("加 --replace 替换", "add --replace"),
        )


def list_any(connection: Connection, area: Area) -> bool:
    """Whether the area has any responder."""
    found = connection.execute(text(query("registered")), {"area_id": area.area_id, "on_duty": []})
    return found.first() is not None


def _shift_rows(area_id: int, shifts: tuple[ShiftRules, ...]) -> pa.Table:
    n = len(shifts)
    return pa.table(
        {
            "shift_id": first_id(area_id) + np.arange(n, dtype=np.int64),
            "area_id": np.full(n, area_id, np.int32),
            "name_zh": [shift.name_zh for shift in shifts],
            "name_en": [shift.name_en for shift in shifts],
            "weekday_mask": [shift.weekday_mask for shift in shifts],
            "start_minute": [shift.start_minute for shift in shifts],
            "duration_minutes": [shift.hours * 60 for shift in shifts],
        }
    )


def _tier_rows(
    area_id: int,
    network: RoadNetwork,
    profile: Profile,
    tier: Tier,
    count: int,
    rng: np.random.Generator,
) -> pa.Table:
    rules = profile.tiers[tier]
    mine = [i for i, shift in enumerate(profile.shifts) if shift.tier == tier]
    shares = np.array([profile.shifts[i].share for i in mine])
    shift = rng.choice(mine, count, p=shares / shares.sum())
    age_s = rng.integers(*FIX_AGE_S, count)
    slow = rng.random(count) < SLOW_SHARE
    age_s[slow] = profile.dispatch.fix_max_age_s + 1 + age_s[slow]
    points = shapely.points(_points(network, rules.mode, tier, count, rng))
    return pa.table(
        {
            "area_id": np.full(count, area_id, np.int32),
            "tier": [tier] * count,
            "mode": [rules.mode] * count,
            "call_sign": [f"模拟{rules.name_zh}{i + 1:05d}" for i in range(count)],
            "shift_id": first_id(area_id) + shift.astype(np.int64),
            "skills": pa.array([[]] * count, pa.list_(pa.string())),
            "duty_point": shapely.to_wkb(points),
            "synthetic_fix_age_s": age_s.astype(np.int16),
        }
    )


def _points(
    network: RoadNetwork, mode: Any, tier: Tier, count: int, rng: np.random.Generator
) -> Floats:
    """Points beside roads that a mode may use, evenly by length, float64[count, 2] (WGS 84)."""
    geometry = network.geometry
    weight = np.where(network.graphs[mode].usable, geometry.length_m, 0.0)
    if weight.sum() == 0:
        raise InputError(
            Text(f"没有“{mode}”可走的道路", f"no road is open to {mode!r}"),
            field=tier,
            cure=Text("导入含此类道路的路网", "import roads of that kind"),
        )
    segment = rng.choice(len(weight), count, p=weight / weight.sum())
    fraction = rng.random(count)
    on_road = np.array(
        [
            step_line(geometry, Step(s, 0, f, f))[0]
            for s, f in zip(segment.tolist(), fraction.tolist(), strict=True)
        ]
    ).reshape(-1, 2)
    away_m, bearing = rng.uniform(*OFF_ROAD_M, count), rng.uniform(0, 2 * np.pi, count)
    north = away_m * np.cos(bearing) / METRES_PER_DEGREE
    east = away_m * np.sin(bearing) / METRES_PER_DEGREE / np.cos(np.radians(on_road[:, 1]))
    points: Floats = np.round(on_road + np.stack([east, north], axis=1), 7)
    return points
