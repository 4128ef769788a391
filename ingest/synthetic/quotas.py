"""How the figures of the district profile fall on its communities, to the last one."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from blockdata.address.landmark_kinds import CountedKind
from blockdata.errors import InputError
from blockdata.profile import TIERS, Profile
from blockdata.text import Text
from ingest.synthetic.arrays import Floats, Ints

MAX_GRIDS = 99
"""Two digits number the grids of a community."""

# How many more of each kind of building stand where a community has a character; 1 where unnamed.
_LEANING: dict[str, dict[str, float]] = {
    "village": {"village_house": 1.4, "tower": 0.5, "factory": 0.6, "office": 0.4},
    "residential": {"village_house": 0.8, "tower": 2.2, "factory": 0.3, "office": 0.8},
    "industrial": {"village_house": 0.8, "tower": 0.4, "factory": 2.5, "dormitory": 2.5},
    "centre": {"village_house": 0.6, "tower": 1.6, "shop": 2.0, "office": 4.0, "factory": 0.2},
    "hills": {"office": 0.3, "tower": 0.6},
}


@dataclass(frozen=True)
class Quota:
    """What one community gets."""

    people: int
    legal_entities: int
    buildings: dict[str, int]
    grids: int
    responders: dict[str, int]
    key_sites: int
    posts: int
    landmarks: dict[CountedKind, int]


def apportion(total: int, weights: Floats) -> Ints:
    """``total`` split in whole numbers by weight (largest remainder; ties to the first).

    Args:
        total: what there is.
        weights: (n,) not negative, not all zero.

    Returns:
        (n,) int64 that add up to ``total``.
    """
    exact = total * weights / weights.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def quotas(profile: Profile, shares: Floats, characters: list[str]) -> list[Quota]:
    """What each community of the *whole* district gets; they add up to the profile's figures.

    Args:
        profile: the district.
        shares: (n,) share of the district's people.
        characters: (n,) each a ``geography.model.Character``.

    Raises:
        InputError: the profile asks for more grids than the codes can number.
    """
    figures = profile.figures
    kinds = _buildings(profile, shares, characters)
    responders: dict[str, Ints] = {}
    for tier, total in zip(
        TIERS, (figures.volunteers, figures.auxiliaries, figures.officers), strict=True
    ):
        responders[tier] = apportion(total, shares)
    landmarks = {
        kind: apportion(round(figures.people / rules.people_to_one), shares)
        for kind, rules in profile.landmark_kinds.items()
    }
    columns: dict[str, Any] = {
        "people": apportion(figures.people, shares),
        "legal_entities": apportion(figures.legal_entities, shares),
        "grids": _grids(figures.grids, shares),
        "key_sites": apportion(figures.key_sites, shares),
        "posts": apportion(figures.posts, shares),
    }
    return [
        Quota(
            buildings={kind: int(counts[i]) for kind, counts in kinds.items()},
            responders={tier: int(counts[i]) for tier, counts in responders.items()},
            landmarks={kind: int(counts[i]) for kind, counts in landmarks.items()},
            **{name: int(counts[i]) for name, counts in columns.items()},
        )
        for i in range(len(shares))
    ]


def _buildings(profile: Profile, shares: Floats, characters: list[str]) -> dict[str, Ints]:
    kinds = list(profile.building_kinds)
    totals = apportion(
        profile.figures.buildings,
        np.array([profile.building_kinds[kind].share for kind in kinds]),
    )
    return {
        kind: apportion(
            int(total),
            shares * np.array([_LEANING.get(c, {}).get(kind, 1.0) for c in characters]),
        )
        for kind, total in zip(kinds, totals, strict=True)
    }


def _grids(total: int, shares: Floats) -> Ints:
    """At least one and at most 99 for each community; what is over the top goes to the others."""
    if not len(shares) <= total <= MAX_GRIDS * len(shares):
        raise InputError(
            Text(
                f"{len(shares)} 个社区分不了 {total} 个网格(每社区 1–{MAX_GRIDS} 个)",
                f"{total} grids do not fit {len(shares)} communities (1 to {MAX_GRIDS} each)",
            ),
            field="figures.grids",
            cure=Text("更正辖区配置中的网格数", "mend the number of grids in the profile"),
        )
    counts = np.maximum(apportion(total, shares), 1)
    while (over := int(counts.sum()) - total) != 0 or counts.max() > MAX_GRIDS:
        counts = np.minimum(counts, MAX_GRIDS)
        over = int(counts.sum()) - total
        movable = (counts > 1) if over > 0 else (counts < MAX_GRIDS)
        give = np.minimum(
            apportion(abs(over), shares * movable), (counts - 1) if over > 0 else MAX_GRIDS - counts
        )
        counts = counts - np.sign(over) * give
    return counts


def room_skew(profile: Profile) -> float:
    """Where between least and most a building's size lies on average, to reach all the rooms.

    Floors and rooms to a floor are both drawn as ``low + floor((high - low + 1) · u**(1/skew))``;
    this finds the ``skew`` at which the expected number of rooms is the profile's.
    """
    low, high = 0.02, 20.0
    for _ in range(60):
        skew = math.sqrt(low * high)
        expected = sum(
            profile.figures.buildings
            * kind.share
            * _mean(kind.floors, skew)
            * _mean(kind.rooms_per_floor, skew)
            for kind in profile.building_kinds.values()
        )
        low, high = (skew, high) if expected < profile.figures.rooms else (low, skew)
    return skew


def _mean(span: tuple[int, int], skew: float) -> float:
    width = span[1] - span[0] + 1
    # P(floor(width·u^(1/skew)) >= k) = 1 - (k/width)^skew
    return span[0] + math.fsum(1.0 - math.pow(k / width, skew) for k in range(1, width))


def draw_span(span: tuple[int, int], skew: float, count: int, rng: np.random.Generator) -> Ints:
    """``count`` whole numbers of ``span``, skewed as ``room_skew`` says."""
    width = span[1] - span[0] + 1
    drawn = np.minimum((width * rng.random(count) ** (1.0 / skew)).astype(np.int64), width - 1)
    return np.asarray(drawn + span[0], dtype=np.int64)
