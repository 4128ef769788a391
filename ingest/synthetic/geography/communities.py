"""What communities are like, how many people they have, and which are built at a scale."""

import math

import numpy as np
from numpy.typing import NDArray

from blockdata.profile import Profile
from ingest.synthetic.geography.drawing import Drawing
from ingest.synthetic.geography.model import Character
from ingest.synthetic.geography.tessellate import OUTSIDE, PlanarMap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# People to an area, relative (ours), and how often a community outside hills and centres is so.
_DENSITY: dict[Character, float] = {
    "village": 2.6, "residential": 2.0, "industrial": 1.0, "centre": 2.3, "hills": 0.12,
}  # fmt: skip
_OFTEN: dict[Character, float] = {"village": 0.42, "residential": 0.30, "industrial": 0.28}


def landmark_community(plan: PlanarMap, drawing: Drawing, profile: Profile) -> int:
    """The community of the landmark's street whose middle is nearest to the drawn landmark."""
    row = next(i for i, s in enumerate(profile.streets) if s.name_zh == profile.landmark.street_zh)
    away = np.hypot(*(plan.seeds - drawing.landmark).T)
    return int(np.where(plan.seed_street == row, away, np.inf).argmin())


def characters(
    plan: PlanarMap, drawing: Drawing, landmark: int, rng: np.random.Generator
) -> list[Character]:
    """What each community is mostly like; the landmark's is an urban village."""
    draw = rng.random(len(plan.seeds))
    kinds = list(_OFTEN)
    drawn = np.searchsorted(np.cumsum(list(_OFTEN.values())), draw).clip(max=len(kinds) - 1)
    found: list[Character] = []
    for k, seed in enumerate(plan.seeds):
        kind = kinds[int(drawn[k])]
        if _within(seed, drawing.hills):
            kind = "hills"
        elif _within(seed, drawing.centres):
            kind = "centre"
        found.append("village" if k == landmark else kind)
    return found


def _within(at: Floats, discs: Floats) -> bool:
    return bool((np.hypot(*(discs[:, :2] - at).T) < discs[:, 2]).any())


def people_shares(
    land_m2: Floats, street: Ints, kinds: list[Character], profile: Profile
) -> Floats:
    """Share of the district's people in each community; a street's add up to its profile share."""
    weight = land_m2 * np.array([_DENSITY[kind] for kind in kinds])
    total = np.bincount(street, weight, len(profile.streets))
    share = np.array([s.share for s in profile.streets])
    shares: Floats = weight / total[street] * (share / share.sum())[street]
    return shares


def choose(plan: PlanarMap, shares: Floats, landmark: int, scale: float) -> NDArray[np.bool_]:
    """Communities built at a scale: from the landmark outwards, always joined, while they fit."""
    chosen = np.zeros(len(shares), dtype=np.bool_)
    if scale >= 1.0:
        return ~chosen
    inner = (plan.left != OUTSIDE) & (plan.right != OUTSIDE)
    pairs = np.unique(
        np.column_stack(
            [plan.face_community[plan.left[inner]], plan.face_community[plan.right[inner]]]
        ),
        axis=0,
    )
    neighbours: dict[int, set[int]] = {}
    for a, b in pairs.tolist():
        neighbours.setdefault(a, set()).add(b)
        neighbours.setdefault(b, set()).add(a)
    away = np.hypot(*(plan.seeds - plan.seeds[landmark]).T)
    taken, people, edge = {landmark}, float(shares[landmark]), neighbours[landmark] - {landmark}
    while edge:
        following = min(edge, key=lambda c: (away[c], c))
        people += float(shares[following])
        if people > scale and not math.isclose(people, scale):
            break
        taken.add(following)
        edge = (edge | neighbours[following]) - taken
    chosen[sorted(taken)] = True
    return chosen
