"""Which buildings stand where in one community: villages, estates and single houses."""

from dataclasses import dataclass

import numpy as np
import shapely

from blockdata.profile import BuildingKind, Profile
from ingest.synthetic.arrays import Floats, Ints, points
from ingest.synthetic.plots import Ground, Layout, Plots, joined
from ingest.synthetic.quotas import draw_span

_ESTATE_BUILDINGS = 5
_VILLAGE_HOUSES = 350
_LANDMARK_BUILDINGS = 6
_MINOR = ("residential", "living_street", "service", "footway", "path", "pedestrian")


@dataclass(frozen=True)
class Hub:
    """Where an estate or a village has its gate: a road, a point on it and a side."""

    kind: str
    road: int
    x: float
    y: float
    side: float


@dataclass(frozen=True)
class Settlement:
    """The buildings of one community, one row each, and the hubs around which they stand.

    Attributes:
        plots: where they stand.
        kind: (n,) row of the profile's building kinds.
        hub: (n,) row of ``hubs``, -1 for a building by itself.
        floors, rooms_per_floor, units: (n,); no building has fewer units than one.
        hubs: gates of estates and villages.
        landmark: row of ``hubs`` that is the profile's landmark, None in other communities.
    """

    plots: Plots
    kind: Ints
    hub: Ints
    floors: Ints
    rooms_per_floor: Ints
    units: Ints
    hubs: list[Hub]
    landmark: int | None


def settle(
    profile: Profile,
    ground: Ground,
    counts: dict[str, int],
    *,
    skew: float,
    has_landmark: bool,
    rng: np.random.Generator,
) -> Settlement:
    """Put ``counts`` buildings of each kind on the ground, the largest first."""
    layout = Layout(ground)
    kinds = list(profile.building_kinds)
    hubs: list[Hub] = []
    parts: list[tuple[int, Plots, Ints]] = []
    left = dict(counts)
    landmark = None
    if has_landmark:
        landmark, kind = 0, _landmark_kind(profile)
        hubs.append(_landmark_hub(profile, ground, kind))
        roads = _by_distance(ground, _usable(ground), hubs)
        plots = _fill(layout, roads, profile.building_kinds[kind], _LANDMARK_BUILDINGS)
        parts.append((kinds.index(kind), plots, np.zeros(len(plots), dtype=np.int64)))
        left[kind] = max(0, left[kind] - len(plots))
    for name in sorted(kinds, key=lambda k: -profile.building_kinds[k].footprint_m[0]):
        kind_rules = profile.building_kinds[name]
        if kind_rules.stands == "single":
            roads = rng.permutation(_named(ground))
            others = np.setdiff1d(_usable(ground), roads)
            roads = np.concatenate([roads, rng.permutation(others)])
            plots = _fill(layout, roads, kind_rules, left[name])
            parts.append((kinds.index(name), plots, np.full(len(plots), -1)))
            continue
        own = _draw_hubs(ground, name, kind_rules, left[name], rng)
        roads = _by_distance(ground, _usable(ground, minor=kind_rules.stands == "village"), own)
        others = np.setdiff1d(_usable(ground), roads)
        plots = _fill(layout, np.concatenate([roads, others]), kind_rules, left[name])
        if kind_rules.stands == "village":
            own, group = _sectors(name, plots)
        else:
            group = _nearest(own, plots)
        parts.append((kinds.index(name), plots, group + len(hubs)))
        hubs.extend(own)
    return _measure(profile, parts, hubs, landmark, skew, rng)


def _measure(
    profile: Profile,
    parts: list[tuple[int, Plots, Ints]],
    hubs: list[Hub],
    landmark: int | None,
    skew: float,
    rng: np.random.Generator,
) -> Settlement:
    kind = np.concatenate([np.full(len(plots), k) for k, plots, _ in parts])
    hub = np.concatenate([h for _, _, h in parts])
    floors, per_floor, units = (np.ones(len(kind), dtype=np.int64) for _ in range(3))
    for k, rules in enumerate(profile.building_kinds.values()):
        rows = np.flatnonzero(kind == k)
        floors[rows] = draw_span(rules.floors, skew, len(rows), rng)
        per_floor[rows] = draw_span(rules.rooms_per_floor, skew, len(rows), rng)
        if rules.stands == "estate" and rules.homes:
            split = (per_floor[rows] >= 4) & (rng.random(len(rows)) < 0.6)
            units[rows[split]] = 2
    if landmark is not None:
        rows = hub == landmark
        floors[rows] = np.maximum(floors[rows], 11)
        per_floor[rows] = 4
        units[rows] = 2
    return Settlement(
        joined([plots for _, plots, _ in parts]),
        kind,
        hub,
        floors,
        per_floor,
        units,
        hubs,
        landmark,
    )


def _fill(layout: Layout, roads: Ints, rules: BuildingKind, wanted: int) -> Plots:
    """As many as asked for: at the road, then in second and third rows, then smaller and closer."""
    front, depth = rules.footprint_m
    parts: list[Plots] = []
    for size, back, gap in (
        (1.0, 2.0, 3.0),
        (1.0, 5.0 + depth, 3.0),
        (0.8, 1.5, 2.0),
        (0.8, 4.0 + 0.8 * depth, 2.0),
        (0.65, 1.5, 1.5),
        (0.65, 4.0 + 0.6 * depth, 1.5),
        (0.5, 1.5, 1.5),
        (0.5, 4.0 + 0.5 * depth, 1.5),
        (0.5, 10.0 + 2.2 * depth, 1.5),
        (0.4, 1.3, 1.3),
        (0.4, 3.0 + 0.4 * depth, 1.3),
        (0.4, 5.0 + 0.9 * depth, 1.3),
        (0.3, 1.3, 1.3),
        (0.3, 3.0 + 0.3 * depth, 1.3),
        (0.3, 5.0 + 0.7 * depth, 1.3),
    ):
        missing = wanted - sum(len(part) for part in parts)
        if missing <= 0 and parts:
            break
        parts.append(layout.lay(roads, (front * size, depth * size), gap, back, max(missing, 0)))
    return joined(parts)


def _usable(ground: Ground, *, minor: bool = False) -> Ints:
    usable = ground.fronted
    if minor:
        narrow = usable & np.isin(ground.road_class.astype(str), _MINOR)
        usable = narrow if narrow.any() else usable
    return np.flatnonzero(usable)


def _named(ground: Ground) -> Ints:
    named = np.flatnonzero(ground.fronted & (ground.name_zh != ""))
    return named if len(named) else _usable(ground)


def _middle(ground: Ground, roads: Ints) -> Floats:
    return np.asarray(
        shapely.get_coordinates(
            shapely.line_interpolate_point(ground.paths[roads], 0.5, normalized=True)
        )
    )


def _draw_hubs(
    ground: Ground, name: str, rules: BuildingKind, buildings: int, rng: np.random.Generator
) -> list[Hub]:
    size = _VILLAGE_HOUSES if rules.stands == "village" else _ESTATE_BUILDINGS
    roads = rng.choice(_named(ground), size=max(1, round(buildings / size)))
    at = _middle(ground, roads)
    sides = rng.choice([-1.0, 1.0], size=len(roads))
    return [
        Hub(name, int(road), float(x), float(y), float(side))
        for road, (x, y), side in zip(roads, at, sides, strict=True)
    ]


def _sectors(name: str, plots: Plots) -> tuple[list[Hub], Ints]:
    """Villages of equal size around the community's middle, the first due east, then leftwards."""
    count = max(1, round(len(plots) / _VILLAGE_HOUSES))
    if not len(plots):
        return [], np.zeros(0, dtype=np.int64)
    east, north = plots.x - np.median(plots.x), plots.y - np.median(plots.y)
    angle = (np.arctan2(north, east) + np.pi / count) % (2 * np.pi)
    sector = np.empty(len(plots), dtype=np.int64)
    sector[np.argsort(angle, kind="stable")] = np.arange(len(plots)) * count // len(plots)
    hubs = []
    for k in range(count):
        rows = np.flatnonzero(sector == k)
        away = np.hypot(plots.x[rows] - plots.x[rows].mean(), plots.y[rows] - plots.y[rows].mean())
        gate = plots.take(rows[[int(np.argmin(away))]])
        x, y = gate.road_points()
        hubs.append(Hub(name, int(gate.road[0]), float(x[0]), float(y[0]), float(gate.side[0])))
    return hubs, sector


def _landmark_kind(profile: Profile) -> str:
    """The kind of building that the landmark estate consists of: the tallest that has homes."""
    homes = {k: v for k, v in profile.building_kinds.items() if v.homes and v.stands == "estate"}
    return max(homes, key=lambda k: homes[k].floors[1])


def _landmark_hub(profile: Profile, ground: Ground, kind: str) -> Hub:
    """The gate of the landmark: on its road, about half-way, on the even side."""
    roads = np.flatnonzero(ground.fronted & (ground.name_zh == profile.landmark.road_zh))
    if not len(roads):
        raise RuntimeError(f"the landmark's road {profile.landmark.road_zh} has no frontage")
    at = _middle(ground, roads)
    chosen = int(np.argmin(np.hypot(*(at - np.median(at, axis=0)).T)))
    return Hub(kind, int(roads[chosen]), float(at[chosen, 0]), float(at[chosen, 1]), 1.0)


def _by_distance(ground: Ground, roads: Ints, hubs: list[Hub]) -> Ints:
    middles = points(*_middle(ground, roads).T)
    tree = shapely.STRtree(points([hub.x for hub in hubs], [hub.y for hub in hubs]))
    (rows, _), distance = tree.query_nearest(middles, all_matches=False, return_distance=True)
    ordered: Ints = roads[rows][np.argsort(distance, kind="stable")]
    return ordered


def _nearest(hubs: list[Hub], plots: Plots) -> Ints:
    tree = shapely.STRtree(points([hub.x for hub in hubs], [hub.y for hub in hubs]))
    found = tree.query_nearest(points(plots.x, plots.y), all_matches=False)
    return np.asarray(found[1], dtype=np.int64)
