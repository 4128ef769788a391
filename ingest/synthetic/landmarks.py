"""Landmarks of one community: police stations, hospitals, schools, metro stations, stops, parks.

All are made up by rule. How many there are follows from the people of the community, at the ratios
of the profile (``landmark_kinds``; ours, as the district published none: DOMAIN gives 5,382,900
people in 124 communities, so that one police station to 40,000 people is about one a community).
Names are the community's with the kind's word, numbered where there are several (固戍第二小学); a
bus stop has the name of the estate or village at whose gate it stands.

They are addresses of the level ``place``, and come after all others, so that no other row has
another id or other words because of them. A landmark stands beside a building that has a number
and no name, at its sub-number (12-1号), so that the number alone goes on meaning that building. A
stop has no number, only its road. The exits of a metro station lie around it on both sides of its
road, under the station's address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
import pyarrow as pa
import shapely

from blockdata.address.landmark_kinds import KINDS, CountedKind, Kind
from blockdata.crs import from_metric
from blockdata.profile import Profile
from ingest.synthetic.addresses import Register, Site
from ingest.synthetic.arrays import Floats, Ints, Shapes, constant, points, wkb
from ingest.synthetic.geography.names import numeral
from ingest.synthetic.names import Names, offset_points
from ingest.synthetic.plots import Ground
from ingest.synthetic.settlement import Settlement

_EXIT_ALONG_M, _EXIT_BESIDE_M = 45.0, 4.0
_NEARER = (1.0, 0.5, 0.2, 0.0)  # an exit is drawn in until it lies within the community


@dataclass(frozen=True)
class _Landmark:
    """One row to be: ``above`` is the row of its station, -1 for what is no exit."""

    kind: Kind
    label: str
    name: str
    text: str
    lon: float
    lat: float
    above: int = -1


def landmark_rows(
    profile: Profile,
    site: Site,
    base_zh: str,
    ground: Ground,
    settlement: Settlement,
    names: Names,
    register: Register,
    grids: Shapes,
    counts: dict[CountedKind, int],
    rng: np.random.Generator,
) -> pa.Table:
    """Rows of ``register.address`` for the landmarks of one community.

    Args:
        profile: the district.
        site: what the community's rows have in common.
        base_zh: the community's name without 社区.
        ground: the community's ground and roads.
        settlement: what stands on it.
        names: what that is called.
        register: the community's other rows, whose ids come first.
        grids: outlines of the community's grids (WGS 84).
        counts: how many of each kind; fewer where there are not as many buildings to stand at.
        rng: the stream of this stage.
    """
    spots = iter(_spots(ground, settlement, names, rng))
    made: list[_Landmark] = []
    for kind, count in counts.items():
        if kind == "bus_stop":
            made += _stops(site, ground, settlement, names, base_zh, count, rng)
            continue
        titles = _titles(base_zh, kind, count)
        for title, building in zip(titles, spots, strict=False):  # buildings may run out
            at = (float(register.lon[building]), float(register.lat[building]))
            text = site.prefix_zh + names.label[building].removesuffix("号") + f"-1号{title}"
            made.append(_Landmark(kind, title, title, text, *at))
            if kind == "metro_station":
                exits = profile.landmark_kinds[kind].exits
                made += _exits(ground, settlement, building, made[-1], len(made) - 1, exits)
    return _table(site, made, register, grids)


def _spots(
    ground: Ground, settlement: Settlement, names: Names, rng: np.random.Generator
) -> list[int]:
    """Buildings beside which a landmark may stand, in a drawn order: nameless ones first."""
    single = np.flatnonzero((settlement.hub < 0) & (ground.name_zh[settlement.plots.road] != ""))
    single = rng.permutation(single)
    named = np.array([names.name[b] != names.label[b] for b in single.tolist()], dtype=bool)
    ordered: list[int] = single[np.argsort(named, kind="stable")].tolist()
    return ordered


def _titles(base_zh: str, kind: CountedKind, count: int) -> list[str]:
    """固戍小学, 固戍中学, 固戍第二小学 …"""
    words = KINDS[kind].endings[:2] if kind == "school" else KINDS[kind].endings[:1]
    titles = []
    for n in range(count):
        turn, word = divmod(n, len(words))
        titles.append(base_zh + (f"第{numeral(turn + 1)}" if turn else "") + words[word])
    return titles


def _exits(
    ground: Ground,
    settlement: Settlement,
    building: int,
    station: _Landmark,
    above: int,
    count: int,
) -> Iterator[_Landmark]:
    """The exits of a station, A, B, C …: ahead and behind, on both sides of its road."""
    plots = settlement.plots
    x, y = (float(v[0]) for v in plots.take([building]).road_points())
    tx, ty, side = (float(v[building]) for v in (plots.tx, plots.ty, plots.side))
    beside = float(ground.half_width_m[plots.road[building]]) + _EXIT_BESIDE_M
    for n in range(count):
        along = _EXIT_ALONG_M * (1 + n // 4) * (1 if n % 4 < 2 else -1)
        across = beside * side * (1 if n % 2 else -1)
        for nearer in _NEARER:
            u, v = along * nearer, across * min(1.0, 2 * nearer)
            at_x, at_y = x + u * tx - v * ty, y + u * ty + v * tx
            if shapely.contains_xy(ground.outline, at_x, at_y):
                break
        lon, lat = from_metric(at_x, at_y)
        label = f"{ascii_uppercase[n]}出口"
        yield _Landmark(
            "metro_exit", label, station.name + label, station.text + label, float(lon), float(lat),
            above,
        )  # fmt: skip


def _stops(
    site: Site,
    ground: Ground,
    settlement: Settlement,
    names: Names,
    base_zh: str,
    count: int,
    rng: np.random.Generator,
) -> Iterator[_Landmark]:
    """Stops at the gates of estates and villages, then along roads."""
    word = KINDS["bus_stop"].endings[0]
    used = np.flatnonzero(np.bincount(settlement.hub[settlement.hub >= 0], minlength=1))
    chosen = rng.permutation(used)[:count]
    lon, lat = from_metric(*offset_points(ground, [settlement.hubs[h] for h in chosen.tolist()]))
    for hub, at_lon, at_lat in zip(chosen.tolist(), lon.tolist(), lat.tolist(), strict=True):
        title = names.hubs[hub].name + word
        road = ground.name_zh[settlement.hubs[hub].road]
        yield _Landmark("bus_stop", title, title, site.prefix_zh + road + title, at_lon, at_lat)
    rows = np.flatnonzero(ground.fronted & (ground.name_zh != ""))
    along = rng.permutation(rows)[: count - len(chosen)]
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(ground.lines[along], 0.5, normalized=True)
    )
    seen: dict[str, int] = {}
    for segment, (at_lon, at_lat) in zip(along.tolist(), middles.tolist(), strict=True):
        road = ground.name_zh[segment]
        seen[road] = seen.get(road, 0) + 1
        turn = f"第{numeral(seen[road])}" if seen[road] > 1 else ""
        title = base_zh + road + turn + word
        yield _Landmark("bus_stop", title, title, site.prefix_zh + road + title, at_lon, at_lat)


def _table(site: Site, made: list[_Landmark], register: Register, grids: Shapes) -> pa.Table:
    before = len(register.addresses) + len(register.rooms)
    ids = site.ids.ids(before + len(made))[before:]
    lon = np.array([one.lon for one in made], dtype=np.float64)
    lat = np.array([one.lat for one in made], dtype=np.float64)
    above = np.array([one.above for one in made], dtype=np.int64)
    grid = _grid_of(grids, lon, lat)
    codes = [site.grid_codes[g].decode() for g in grid.tolist()]
    return pa.table(
        {
            "address_id": ids,
            "area_id": constant(site.area_id, len(made)),
            "level": pa.array(["place"] * len(made), pa.string()),
            "parent_id": pa.array(ids[above], mask=above < 0) if made else pa.array([], pa.int64()),
            "grid_id": site.grid_ids[grid],
            "code": pa.array(codes, pa.string()),
            "label_zh": pa.array([one.label for one in made], pa.string()),
            "text_zh": pa.array([one.text for one in made], pa.string()),
            "name_zh": pa.array([one.name for one in made], pa.string()),
            "point": wkb(points(lon, lat)),
            "kind": pa.array([one.kind for one in made], pa.string()),
        }
    )


def _grid_of(grids: Shapes, lon: Floats, lat: Floats) -> Ints:
    """(n,) the grid in which each point lies: the nearest, which of one within is that."""
    found = shapely.STRtree(grids).query_nearest(points(lon, lat), all_matches=False)
    return np.asarray(found[1], dtype=np.int64)
