"""What buildings, estates and villages of one community are called, and their house numbers."""

from dataclasses import dataclass

import numpy as np

from blockdata.profile import BuildingKind, Profile
from ingest.synthetic.arrays import Floats, Ints
from ingest.synthetic.geography.names import numeral
from ingest.synthetic.numbering import Frontages, house_numbers
from ingest.synthetic.plots import Ground
from ingest.synthetic.settlement import Hub, Settlement
from ingest.synthetic.words import (
    COMPASS,
    DORMITORY_SUFFIXES,
    HOME_SUFFIXES,
    OFFICE_SUFFIXES,
    PUBLIC_SUFFIXES,
    WORKS_SUFFIXES,
    stems,
)

_TALL_FLOORS = 10


@dataclass(frozen=True)
class HubNames:
    """One estate or village: the words before a building's own, and what it is called.

    Attributes:
        road_number: as in 固戍一路168号; None for a village or at a road without a name.
        name: as in 海裕花园 or 固戍东区.
    """

    road_number: str | None
    name: str


@dataclass(frozen=True)
class Names:
    """Names of one community's buildings.

    Attributes:
        hubs: one for each hub of the settlement.
        label: (n,) a building's own part of the address, as in 3栋, 177号 or 固戍一路12号.
        name: (n,) what the building is called.
        number: (n,) the whole number in ``label``.
    """

    hubs: list[HubNames]
    label: list[str]
    name: list[str]
    number: Ints


def name_everything(
    profile: Profile,
    ground: Ground,
    settlement: Settlement,
    community_zh: str,
    rng: np.random.Generator,
) -> Names:
    """Names and numbers of everything in one community, each once."""
    base = community_zh.removesuffix("社区")
    kinds = list(profile.building_kinds.values())
    single = np.flatnonzero(settlement.hub < 0)
    hub_number, single_number = _numbers(profile, ground, settlement, single)
    hubs = _hub_names(profile, ground, settlement.hubs, settlement.landmark, hub_number, base, rng)
    count = len(settlement.kind)
    label, name = [""] * count, [""] * count
    number = np.zeros(count, dtype=np.int64)
    for h, hub in enumerate(settlement.hubs):
        rows = np.flatnonzero(settlement.hub == h)
        village = profile.building_kinds[hub.kind].stands == "village"
        rows = rows[_walk(settlement, rows) if village else np.argsort(settlement.plots.x[rows])]
        number[rows] = np.arange(1, len(rows) + 1)
        for n, row in enumerate(rows.tolist(), 1):
            label[row] = f"{n}号" if village else f"{n}栋"
            name[row] = hubs[h].name + label[row]
    own_stems = stems(len(single), rng)
    roads = ground.name_zh[settlement.plots.road]
    unnamed = 0
    for row, n, stem in zip(single.tolist(), single_number.tolist(), own_stems, strict=True):
        if roads[row]:
            number[row], label[row] = n, f"{roads[row]}{n}号"
        else:
            unnamed += 1
            number[row], label[row] = unnamed, f"{base}散户{unnamed}号"
        name[row] = _single_name(kinds[settlement.kind[row]], stem, base, rng) or label[row]
    return Names(hubs, label, name, number)


def _numbers(
    profile: Profile, ground: Ground, settlement: Settlement, single: Ints
) -> tuple[Ints, Ints]:
    """House numbers of the estates' gates (0 for villages) and of buildings by themselves."""
    estates = np.array(
        [
            h
            for h, hub in enumerate(settlement.hubs)
            if profile.building_kinds[hub.kind].stands == "estate"
        ],
        dtype=np.int64,
    )
    gates = [settlement.hubs[h] for h in estates]
    plots = settlement.plots.take(single)
    x, y = plots.road_points()
    fronts = Frontages(
        road=np.concatenate([np.array([g.road for g in gates], dtype=np.int64), plots.road]),
        x=np.concatenate([np.array([g.x for g in gates]), x]),
        y=np.concatenate([np.array([g.y for g in gates]), y]),
        side=np.concatenate([np.array([g.side for g in gates]), plots.side]),
    )
    landmark = None
    if settlement.landmark is not None:
        landmark = int(np.flatnonzero(estates == settlement.landmark)[0])
    numbers = house_numbers(profile, ground, fronts, landmark)
    of_hub = np.zeros(len(settlement.hubs), dtype=np.int64)
    of_hub[estates] = numbers[: len(estates)]
    return of_hub, numbers[len(estates) :]


def _hub_names(
    profile: Profile,
    ground: Ground,
    hubs: list[Hub],
    landmark: int | None,
    numbers: Ints,
    base: str,
    rng: np.random.Generator,
) -> list[HubNames]:
    own_stems = stems(len(hubs), rng, taken=(profile.landmark.estate_zh[:2],))
    villages = [
        h for h, hub in enumerate(hubs) if profile.building_kinds[hub.kind].stands == "village"
    ]
    named = []
    for h, hub in enumerate(hubs):
        kind = profile.building_kinds[hub.kind]
        if kind.stands == "village":
            part = _village_part(villages.index(h), len(villages))
            named.append(HubNames(None, f"{base}{part}区"))
            continue
        road = ground.name_zh[hub.road]
        number = f"{road}{numbers[h]}号" if road else None
        name = own_stems[h] + str(rng.choice(_estate_suffixes(kind)))
        named.append(HubNames(number, profile.landmark.estate_zh if h == landmark else name))
    return named


def _village_part(index: int, count: int) -> str:
    """What tells a community's villages apart: directions, or numbers where there are many."""
    if count > len(COMPASS):
        return numeral(index + 1)
    return COMPASS[round(index * len(COMPASS) / count) % len(COMPASS)]


def _estate_suffixes(kind: BuildingKind) -> tuple[str, ...]:
    if not kind.homes:
        return WORKS_SUFFIXES
    return HOME_SUFFIXES if kind.floors[1] > _TALL_FLOORS else DORMITORY_SUFFIXES


def _single_name(kind: BuildingKind, stem: str, base: str, rng: np.random.Generator) -> str | None:
    """A name for an office block or a public building; None for a shop, which has a number only."""
    if kind.floors[1] > _TALL_FLOORS:
        return stem + str(rng.choice(OFFICE_SUFFIXES))
    if kind.floors[1] > 4:
        return base + stem + str(rng.choice(PUBLIC_SUFFIXES))
    return None


def _walk(settlement: Settlement, rows: Ints) -> Ints:
    """The order in which a village is numbered: lane by lane, both sides as one goes along."""
    plots = settlement.plots.take(rows)
    lanes, first, lane = np.unique(plots.road, return_index=True, return_inverse=True)
    along = plots.x * plots.tx[first][lane] + plots.y * plots.ty[first][lane]
    band = np.floor(plots.y[first] / 60.0)
    sweep = np.where(band % 2 == 0, plots.x[first], -plots.x[first])
    rank = np.empty(len(lanes), dtype=np.int64)
    rank[np.lexsort((sweep, -band))] = np.arange(len(lanes))
    return np.asarray(np.lexsort((plots.side, along, rank[lane])), dtype=np.int64)


def offset_points(ground: Ground, hubs: list[Hub]) -> tuple[Floats, Floats]:
    """Where each hub's gate stands: at the edge of its road, metres."""
    import shapely

    roads = np.array([hub.road for hub in hubs], dtype=np.int64)
    ends = [shapely.get_coordinates(shapely.get_point(ground.paths[roads], i)) for i in (0, -1)]
    along = ends[1] - ends[0]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    away = np.array([hub.side for hub in hubs]) * (ground.half_width_m[roads] + 1.0)
    x = np.array([hub.x for hub in hubs]) - along[:, 1] * away
    y = np.array([hub.y for hub in hubs]) + along[:, 0] * away
    return x, y
