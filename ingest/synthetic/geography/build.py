"""The geography of a synthetic district, from its profile and a seed."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from blockdata.crs import WGS84_CRS, from_metric
from blockdata.errors import InputError
from blockdata.profile import Profile
from blockdata.text import Text
from ingest.synthetic.geography.arterials import Arterials, lay_arterials
from ingest.synthetic.geography.assemble import Roads, assemble
from ingest.synthetic.geography.bends import warp
from ingest.synthetic.geography.communities import (
    characters,
    choose,
    landmark_community,
    people_shares,
)
from ingest.synthetic.geography.drawing import load_drawing
from ingest.synthetic.geography.expressways import lay_expressways
from ingest.synthetic.geography.fill import fill_community
from ingest.synthetic.geography.finish import bend, join_corners, scatter
from ingest.synthetic.geography.model import Character, Geography
from ingest.synthetic.geography.names import both, make_stems
from ingest.synthetic.geography.tessellate import PlanarMap, make_planar_map
from ingest.synthetic.geography.traffic import Traffic, regulate, turn_bans
from ingest.synthetic.geography.waters import as_multipolygon, water_frame, water_polygons
from ingest.synthetic.geography.web import NO_ROAD, Face, Side, Web

Floats = NDArray[np.float64]

# Stages of the randomness; each draws from its own stream, so that none disturbs another.
_PLAN, _NAMES, _KINDS, _ARTERIALS, _EXPRESSWAYS, _COMMUNITY, _TURNS = range(7)


def build_geography(profile: Profile, seed: int, scale: float) -> Geography:
    """Streets, communities, water and roads of the synthetic district.

    Args:
        profile: the district; its drawn outlines are read from ``data/outlines``.
        seed: any non-negative integer; the same seed gives the same district.
        scale: 0 … 1. Whole, contiguous communities are built, up to that share of the people; the
            community of the profile's landmark is always among them.

    Raises:
        InputError: ``scale`` or ``seed`` is out of range.
        NotFound: no outlines are drawn for this profile.
    """
    _check(seed, scale)
    drawing = load_drawing(profile)
    water = water_polygons(drawing, _stream(seed, _PLAN, 0))
    plan = make_planar_map(drawing, profile, water, _stream(seed, _PLAN, 1))
    landmark = landmark_community(plan, drawing, profile)
    kinds = characters(plan, drawing, landmark, _stream(seed, _KINDS))
    land_m2 = _land_m2(plan)
    shares = people_shares(land_m2, plan.seed_street, kinds, profile)
    chosen = choose(plan, shares, landmark, scale)
    stems = _stems(profile, len(kinds), landmark, _stream(seed, _NAMES))
    arterials = lay_arterials(plan, drawing.avenue, stems[len(kinds) :], _stream(seed, _ARTERIALS))
    webs = _fill(plan, arterials, kinds, stems, chosen, landmark, profile, seed)
    expressways = lay_expressways(drawing, plan, arterials, _stream(seed, _EXPRESSWAYS))
    roads = assemble(plan, arterials, webs, expressways, chosen)
    roads = join_corners(bend(roads, seed))
    traffic = regulate(
        roads,
        profile,
        _core_node(roads, profile.landmark.road_zh),
        scatter(roads.line_start, seed + 2),
    )
    communities = _community_frame(plan, kinds, shares, stems, profile)
    streets = _street_frame(plan, chosen, profile)
    district = shapely.transform(shapely.coverage_union_all(plan.faces), warp)
    renumbered = np.cumsum(chosen) - 1
    segments, lon, lat, xy = _segment_frame(roads, traffic, renumbered)
    return Geography(
        streets=streets,
        communities=communities[chosen].reset_index(drop=True),
        district_communities=communities.sort_values("code", ignore_index=True),
        water=water_frame(drawing, water, district),
        node_lon=lon,
        node_lat=lat,
        segments=segments,
        turn_restrictions=turn_bans(segments, xy, _stream(seed, _TURNS)),
        landmark_community=int(renumbered[landmark]),
    )


def _check(seed: int, scale: float) -> None:
    if not 0.0 <= scale <= 1.0:
        raise InputError(
            Text(f"规模 {scale} 超出范围", f"the scale {scale} is out of range"),
            field="scale",
            cure=Text("请给 0 到 1 之间的数", "give a number from 0 to 1"),
        )
    if seed < 0:
        raise InputError(
            Text(f"种子 {seed} 为负数", f"the seed {seed} is negative"),
            field="seed",
            cure=Text("请给非负整数", "give a whole number from 0"),
        )


def _stream(seed: int, *key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def _stems(
    profile: Profile, communities: int, landmark: int, rng: np.random.Generator
) -> list[str]:
    """Stems of names: one for each community, then plenty for roads."""
    own = profile.landmark.community_zh.removesuffix("社区")
    taken = {own} | {street.name_zh.removesuffix("街道") for street in profile.streets}
    stems = make_stems(communities + 1000, rng, taken)
    stems[landmark] = own
    return stems


def _land_m2(plan: PlanarMap) -> Floats:
    dry = ~plan.face_water
    area = shapely.area(plan.faces[dry])
    return np.bincount(plan.face_community[dry], area, len(plan.seeds)).astype(np.float64)


def _fill(
    plan: PlanarMap,
    arterials: Arterials,
    kinds: list[Character],
    stems: list[str],
    chosen: NDArray[np.bool_],
    landmark: int,
    profile: Profile,
    seed: int,
) -> dict[int, Web]:
    """Roads within each chosen community."""
    sides = _chain_sides(plan, arterials)
    road = profile.landmark.road_zh
    faces: dict[int, list[Face]] = {int(c): [] for c in np.flatnonzero(chosen)}
    for k, polygon in enumerate(plan.faces):
        community = int(plan.face_community[k])
        if chosen[community] and not plan.face_water[k]:
            faces[community].append(_face(polygon, sides))
    return {
        c: fill_community(
            faces[c],
            kinds[c],
            stems[c],
            both(road) if c == landmark else None,
            len(plan.chains),
            _stream(seed, _COMMUNITY, c),
        )
        for c in faces
    }


Place = tuple[float, float]


def _chain_sides(
    plan: PlanarMap, arterials: Arterials
) -> dict[tuple[Place, Place], tuple[int, float, float]]:
    """For each piece of a chain with a road, either way round: the chain, from where, to where."""
    sides = {}
    for c, way in enumerate(arterials.ways):
        if way is None:
            continue
        points = [(float(x), float(y)) for x, y in plan.chains[c]]
        reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(plan.chains[c], axis=0).T))])
        for i, (a, b) in enumerate(pairwise(points)):
            t0, t1 = float(reach[i]), float(reach[i + 1])
            sides[a, b] = (c, t0, t1)
            sides[b, a] = (c, t1, t0)
    return sides


def _face(
    polygon: shapely.Polygon, sides: dict[tuple[Place, Place], tuple[int, float, float]]
) -> Face:
    ring = [(float(x), float(y)) for x, y in shapely.get_coordinates(polygon)]
    return [
        Side(a[0], a[1], line, t0, t1)
        for a, b in pairwise(ring)
        for line, t0, t1 in [sides.get((a, b), (NO_ROAD, 0.0, 0.0))]
    ]


def _core_node(roads: Roads, road_zh: str) -> int:
    """A node of the landmark road: what is connected to it is the network."""
    on = [way.name is not None and way.name.zh == road_zh for way in roads.line_way]
    return int(roads.from_node[np.array(on)[roads.line]][0])


def _street_frame(plan: PlanarMap, chosen: NDArray[np.bool_], profile: Profile) -> gpd.GeoDataFrame:
    rows = [row for row in range(len(profile.streets)) if chosen[plan.seed_street == row].any()]
    built = chosen[plan.face_community]
    of_face = plan.seed_street[plan.face_community]
    return gpd.GeoDataFrame(
        {
            "code": [profile.district.code + profile.streets[row].code for row in rows],
            "name_zh": [profile.streets[row].name_zh for row in rows],
            "name_en": [profile.streets[row].name_en for row in rows],
        },
        geometry=[_outline(plan.faces[built & (of_face == row)]) for row in rows],
        crs=WGS84_CRS,
    ).rename_geometry("outline")


def _community_frame(
    plan: PlanarMap,
    kinds: list[Character],
    shares: Floats,
    stems: list[str],
    profile: Profile,
) -> gpd.GeoDataFrame:
    """All communities of the district, whatever is built of it."""
    street = [profile.district.code + profile.streets[row].code for row in plan.seed_street]
    within = pd.Series(street).groupby(street).cumcount() + 1
    return gpd.GeoDataFrame(
        {
            "street_code": street,
            "code": [f"{code}{number:03d}" for code, number in zip(street, within, strict=True)],
            "name_zh": [f"{stem}社区" for stem in stems[: len(kinds)]],
            "name_en": [both(f"{stem}社区").en for stem in stems[: len(kinds)]],
            "people_share": shares,
            "character": kinds,
        },
        geometry=[_outline(plan.faces[plan.face_community == c]) for c in range(len(kinds))],
        crs=WGS84_CRS,
    ).rename_geometry("outline")


def _outline(faces: NDArray[np.object_]) -> shapely.MultiPolygon:
    return as_multipolygon(shapely.transform(shapely.coverage_union_all(faces), warp))


def _segment_frame(
    roads: Roads, traffic: Traffic, renumbered: NDArray[np.int64]
) -> tuple[gpd.GeoDataFrame, Floats, Floats, Floats]:
    """Kept segments, and longitude, latitude and metres of the nodes they use."""
    kept = traffic.kept
    ends = np.concatenate([roads.from_node[kept], roads.to_node[kept]])
    used, compact = np.unique(ends, return_inverse=True)
    count = int(kept.sum())
    xy = roads.xy[used]
    lon, lat = from_metric(xy[:, 0], xy[:, 1])
    metric = roads.paths[kept]
    line = roads.line[kept]
    ways = [roads.line_way[k] for k in line]
    a, b = compact[:count], compact[count:]
    at = shapely.get_coordinates(metric)
    degrees = np.column_stack(from_metric(at[:, 0], at[:, 1]))
    paths = shapely.set_coordinates(metric.copy(), degrees)
    segments = gpd.GeoDataFrame(
        {
            "from_node": a.astype(np.int32),
            "to_node": b.astype(np.int32),
            "length_m": shapely.length(roads.paths[kept]),
            "road_class": [way.road_class for way in ways],
            "name_zh": [way.name.zh if way.name else None for way in ways],
            "name_en": [way.name.en if way.name else None for way in ways],
            "oneway": traffic.oneway[kept],
            "access_modes": traffic.access[kept],
            "maxspeed_kph": pd.array(
                np.where(traffic.limit[kept] > 0, traffic.limit[kept], -1), dtype="Int16"
            ),
            "bridge": roads.line_bridge[line],
            "tunnel": np.zeros(count, dtype=np.bool_),
            "community": renumbered[roads.line_community[line]].astype(np.int32),
        },
        geometry=paths,
        crs=WGS84_CRS,
    ).rename_geometry("path")
    segments["maxspeed_kph"] = segments["maxspeed_kph"].where(segments["maxspeed_kph"] > 0)
    return segments, lon, lat, xy
