"""Made-up responders of one community: where they do their duty, when, and what they can do."""

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from blockdata.profile import TIERS, Profile, Tier
from blockdata.storage.tables.base import first_id
from ingest.synthetic.addresses import Register, Site
from ingest.synthetic.arrays import Floats, Ints, Shapes, Texts, points, wkb
from ingest.synthetic.geography.model import EBIKE, PATROL
from ingest.synthetic.quotas import apportion

_ARTERIAL = ("trunk", "primary", "secondary", "tertiary")
_AT_POST: dict[Tier, float] = {"volunteer": 0.0, "auxiliary": 0.3, "officer": 0.3}
_SKILLS: dict[Tier, dict[str, float]] = {
    "volunteer": {"first_aid": 0.15, "fire": 0.25, "mediation": 0.2},
    "auxiliary": {"first_aid": 0.4, "fire": 0.3, "traffic": 0.5, "crowd": 0.4},
    "officer": {"arrest": 1.0, "first_aid": 0.6, "mediation": 0.4, "traffic": 0.4, "crowd": 0.5},
}
_FIX_MEAN_S = {"volunteer": 60.0, "auxiliary": 20.0, "officer": 10.0}
_STALE_SHARE, _STALE_S = 0.03, (400, 3600)
_AT_WORK_BUILDING = 3.0  # how much rather a volunteer stands at a shop or office than at a home


def shift_rows(profile: Profile, area_id: int) -> pa.Table:
    """The profile's shifts as rows of ``dispatch.shift``."""
    shifts = profile.shifts
    return pa.table(
        {
            "shift_id": first_id(area_id) + np.arange(len(shifts), dtype=np.int64),
            "area_id": np.full(len(shifts), area_id, dtype=np.int32),
            "name_zh": [profile.tiers[s.tier].name_zh + s.name_zh for s in shifts],
            "name_en": [f"{profile.tiers[s.tier].name_en} {s.name_en}" for s in shifts],
            "weekday_mask": np.array([s.weekday_mask for s in shifts], dtype=np.int16),
            "start_minute": np.array([s.start_minute for s in shifts], dtype=np.int16),
            "duration_minutes": np.array([s.hours * 60 for s in shifts], dtype=np.int16),
        }
    )


def responder_rows(
    profile: Profile,
    site: Site,
    base_zh: str,
    roads: "Beats",
    register: Register,
    building_kind: Ints,
    posts: Floats,
    counts: dict[str, int],
    rng: np.random.Generator,
) -> pa.Table:
    """All responders of one community as rows of ``dispatch.responder``."""
    at = {
        "volunteer": _doors(profile, register, building_kind, counts["volunteer"], rng),
        "auxiliary": _beat(roads, "auxiliary", posts, counts["auxiliary"], rng),
        "officer": _beat(roads, "officer", posts, counts["officer"], rng),
    }
    tables, start = [], 0
    ids = site.ids.ids(sum(counts.values()))
    for tier in TIERS:
        count, rules = counts[tier], profile.tiers[tier]
        signs = [f"{base_zh}{rules.name_zh}{n:03d}" for n in range(1, count + 1)]
        table = {
            "responder_id": ids[start : start + count],
            "area_id": np.full(count, site.area_id, dtype=np.int32),
            "tier": pa.repeat(pa.scalar(tier), count),
            "mode": pa.repeat(pa.scalar(rules.mode), count),
            "call_sign": pa.array(signs, pa.string()),
            "shift_id": _shifts(profile, tier, site.area_id, count, rng),
            "skills": _skills(tier, count, rng),
            "duty_point": wkb(points(*at[tier].T)),
            "synthetic_fix_age_s": _fix_age(tier, count, rng),
        }
        tables.append(pa.table(table))
        start += count
    return pa.concat_tables(tables)


class Beats:
    """The roads of one community on which auxiliaries and officers are out.

    Args:
        lines: (m,) LineStrings, WGS 84.
        length_m: (m,).
        road_class: (m,) text.
        access_modes: (m,) bits.
    """

    def __init__(
        self,
        lines: Shapes,
        length_m: Floats,
        road_class: Texts,
        access_modes: Ints,
    ) -> None:
        arterial = np.isin(road_class.astype(str), _ARTERIAL)
        slow = (access_modes & EBIKE) > 0
        fast = (access_modes & PATROL) > 0
        self.lines = lines
        self.weights = {
            "auxiliary": length_m * slow,
            "officer": length_m * fast * (arterial if (fast & arterial).any() else 1.0),
        }

    def draw(self, tier: str, count: int, rng: np.random.Generator) -> Floats:
        """(count, 2) lon, lat along the tier's roads, by length."""
        weight = self.weights[tier]
        weight = weight if weight.any() else np.ones(len(self.lines))
        rows = rng.choice(len(self.lines), size=count, p=weight / weight.sum())
        at = shapely.line_interpolate_point(self.lines[rows], rng.random(count), normalized=True)
        return np.asarray(shapely.get_coordinates(at), dtype=np.float64).reshape(count, 2)


def _doors(
    profile: Profile, register: Register, building_kind: Ints, count: int, rng: np.random.Generator
) -> Floats:
    """Main doors of different buildings (as long as there are enough), work places rather."""
    homes = np.array([kind.homes for kind in profile.building_kinds.values()])[building_kind]
    weight = np.where(homes, 1.0, _AT_WORK_BUILDING)
    chosen = rng.choice(
        len(weight), size=count, replace=count > len(weight), p=weight / weight.sum()
    )
    return np.column_stack([register.lon[chosen], register.lat[chosen]])


def _beat(roads: Beats, tier: Tier, posts: Floats, count: int, rng: np.random.Generator) -> Floats:
    at = roads.draw(tier, count, rng)
    standing = (rng.random(count) < _AT_POST[tier]) & (len(posts) > 0)
    if standing.any():
        at[standing] = posts[rng.integers(0, len(posts), int(standing.sum()))]
    return at


def _shifts(
    profile: Profile, tier: Tier, area_id: int, count: int, rng: np.random.Generator
) -> Ints:
    rows = np.array([i for i, shift in enumerate(profile.shifts) if shift.tier == tier])
    shares = np.array([profile.shifts[i].share for i in rows])
    drawn = np.repeat(rows, apportion(count, shares))
    return first_id(area_id) + rng.permutation(drawn)


def _skills(tier: Tier, count: int, rng: np.random.Generator) -> pa.Array:
    names = list(_SKILLS[tier])
    has = rng.random((count, len(names))) < np.array(list(_SKILLS[tier].values()))
    lists = [[name for name, own in zip(names, row, strict=True) if own] for row in has.tolist()]
    return pa.array(lists, pa.list_(pa.string()))


def _fix_age(tier: Tier, count: int, rng: np.random.Generator) -> NDArray[np.int16]:
    age = np.minimum(1 + rng.exponential(_FIX_MEAN_S[tier], count), 290.0)
    stale = rng.random(count) < _STALE_SHARE
    return np.where(stale, rng.uniform(*_STALE_S, count), age).astype(np.int16)
