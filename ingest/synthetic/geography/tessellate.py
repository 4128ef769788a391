"""The planar map of a district: communities as perturbed Voronoi cells, cut by its water.

Everything is one set of noded chains, so that neighbours share their borders vertex for vertex.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.errors import InputError
from blockdata.profile import Profile
from blockdata.text import Text
from ingest.synthetic.geography.bends import displace
from ingest.synthetic.geography.drawing import Drawing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]

OUTSIDE = -1
_GRID_M = 0.01  # vertices are snapped to this, so that noding is exact
_STEP_M = 40.0
_ATTEMPTS = 50


@dataclass(frozen=True)
class PlanarMap:
    """Chains (polylines between junctions) and the faces between them; metres, not yet warped.

    Attributes:
        seeds: (communities, 2), the middle of each community.
        seed_street: row of the profile's streets, for each community.
        chains: (n_i, 2) vertices of each chain.
        left, right: face on each side of each chain; ``OUTSIDE`` beyond the district.
        faces: polygons without holes.
        face_community: row of the community a face lies in.
        face_water: whether it is water.
    """

    seeds: Floats
    seed_street: Ints
    chains: list[Floats]
    left: Ints
    right: Ints
    faces: Geometries
    face_community: Ints
    face_water: NDArray[np.bool_]


def make_planar_map(
    drawing: Drawing, profile: Profile, water: Geometries, rng: np.random.Generator
) -> PlanarMap:
    """Communities within the drawn streets, and the water (polygons, metres) cut out of them.

    Borders bend at random, and some bends leave a community without land: then all is drawn anew.

    Raises:
        InputError: however it is drawn, some community has none.
    """
    for _ in range(_ATTEMPTS):
        plan = _draw(drawing, profile, water, rng)
        if len(np.unique(plan.face_community[~plan.face_water])) == len(plan.seeds):
            return plan
    raise InputError(
        Text(
            f"画了 {_ATTEMPTS} 次,总有社区没有陆地",
            f"{_ATTEMPTS} drawings left a community without land",
        ),
        field="seed",
        cure=Text(
            "换一个种子,或减少配置中的社区数",
            "take another seed, or fewer communities in the profile",
        ),
    )


def _draw(
    drawing: Drawing, profile: Profile, water: Geometries, rng: np.random.Generator
) -> PlanarMap:
    borders = _street_borders(drawing, rng)
    streets = _street_polygons(borders, drawing, profile)
    counts = _community_counts(profile, shapely.area(streets))
    seeds = [_spread(s, n, drawing, rng) for s, n in zip(streets, counts, strict=True)]
    cells = [
        shapely.voronoi_polygons(
            shapely.multipoints(points), extend_to=shapely.buffer(street, 3e3), only_edges=True
        )
        for street, points in zip(streets, seeds, strict=True)
    ]
    inner = shapely.intersection(np.array(cells), streets)
    chains = _noded([*borders, *inner])
    # junctions stay; what lies between them bends
    bent = [shapely.linestrings(displace(c, rng, 0.06, 60.0)) for c in _vertices(chains)]
    bent = [shapely.segmentize(line, _STEP_M) for line in bent]
    district = shapely.union_all(_polygons(bent))
    banks = shapely.intersection(shapely.segmentize(shapely.boundary(water), _STEP_M), district)
    noded, faces = _without_holes(_noded([*bent, *banks]))
    cell = _polygons(bent)
    owner = _owners(cell, np.concatenate(seeds))
    middle = shapely.point_on_surface(faces)
    face_community = owner[shapely.STRtree(cell).nearest(middle)]
    left, right = _sides(noded, faces)
    return PlanarMap(
        seeds=np.concatenate(seeds),
        seed_street=np.repeat(np.arange(len(counts)), counts),
        chains=_vertices(noded),
        left=left,
        right=right,
        faces=faces,
        face_community=face_community,
        face_water=shapely.contains(shapely.union_all(water), middle),
    )


def _vertices(lines: Geometries) -> list[Floats]:
    return [shapely.get_coordinates(line) for line in lines]


def _polygons(lines: Any) -> Geometries:
    """Faces between lines, sorted by position so that their order never hangs on the library."""
    faces = shapely.get_parts(shapely.polygonize(np.asarray(lines)))
    return _sorted(faces[shapely.area(faces) > 1.0])


def _sorted(shapes: Geometries) -> Geometries:
    box = shapely.bounds(shapes)
    return shapes[np.lexsort((shapely.length(shapes), *box.T))]


def _noded(lines: Any) -> Geometries:
    """Chains between junctions of everything in ``lines``."""
    union = shapely.union_all(np.asarray(lines), grid_size=_GRID_M)
    return _sorted(shapely.get_parts(shapely.line_merge(union)))


def _street_borders(drawing: Drawing, rng: np.random.Generator) -> list[Any]:
    edges = {
        (min(a, b), max(a, b))
        for ring in drawing.street_rings.values()
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
    }
    return [
        shapely.linestrings(displace(drawing.points[[a, b]], rng, 0.06, 500.0))
        for a, b in sorted(edges)
    ]


def _street_polygons(borders: list[Any], drawing: Drawing, profile: Profile) -> Geometries:
    faces = _polygons(borders)
    drawn = [
        shapely.polygons(drawing.points[drawing.street_rings[s.code]]) for s in profile.streets
    ]
    overlap = shapely.area(shapely.intersection(np.array(drawn)[:, None], faces[None, :]))
    found: Geometries = faces[overlap.argmax(axis=1)]
    return found


def _community_counts(profile: Profile, areas: Floats) -> Ints:
    """How many communities each street has: between its share of the people and of the land."""
    share = np.array([s.share for s in profile.streets])
    want = (0.6 * share / share.sum() + 0.4 * areas / areas.sum()) * profile.figures.communities
    counts: Ints = np.maximum(np.floor(want).astype(np.int64), 1)
    left_over = profile.figures.communities - int(counts.sum())
    counts[np.argsort(counts - want, kind="stable")[: max(left_over, 0)]] += 1
    return counts


def _spread(street: Any, count: int, drawing: Drawing, rng: np.random.Generator) -> Floats:
    """Seeds of communities, spread by a few rounds of Lloyd's algorithm; wider apart in hills."""
    west, south, east, north = shapely.bounds(street)
    x, y = np.meshgrid(np.arange(west, east, 120.0), np.arange(south, north, 120.0))
    at = np.column_stack([x.ravel(), y.ravel()])
    at = at[shapely.contains_xy(street, at[:, 0], at[:, 1])]
    weight = np.where(_within(at, drawing.hills), 0.35, 1.0)
    seeds = at[rng.choice(len(at), count, replace=False, p=weight / weight.sum())]
    for _ in range(6):
        nearest = ((at[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        total = np.bincount(nearest, weight, count)
        for axis in (0, 1):
            seeds[:, axis] = np.bincount(nearest, weight * at[:, axis], count) / total
    spread: Floats = seeds + rng.normal(0.0, 120.0, seeds.shape)
    return spread


def _within(at: Floats, discs: Floats) -> NDArray[np.bool_]:
    gap = np.hypot(at[:, None, 0] - discs[None, :, 0], at[:, None, 1] - discs[None, :, 1])
    near: NDArray[np.bool_] = np.any(gap < discs[None, :, 2], axis=1)
    return near


def _owners(cells: Geometries, seeds: Floats) -> Ints:
    """The community of each cell: the seed in it, else (a cut-off corner) the nearest seed."""
    tree = shapely.STRtree([shapely.Point(seed) for seed in seeds])
    owner: Ints = tree.nearest(shapely.point_on_surface(cells)).astype(np.int64)
    held = tree.query(cells, predicate="contains")
    owner[held[0]] = held[1]
    return owner


def _without_holes(chains: Geometries) -> tuple[Geometries, Geometries]:
    """Chains and faces after every hole was joined to its surroundings by a level line."""
    while True:
        faces = _polygons(chains)
        holed = faces[shapely.get_num_interior_rings(faces) > 0]
        if not len(holed):
            return chains, faces
        cuts = []
        for face in holed:
            west, _, east, _ = shapely.bounds(face)
            y = shapely.get_y(shapely.centroid(shapely.get_interior_ring(face, 0)))
            level = shapely.linestrings([[west - 1, y], [east + 1, y]])
            cuts.append(shapely.segmentize(shapely.intersection(level, face), _STEP_M))
        chains = _noded([*chains, *cuts])


def _sides(chains: Geometries, faces: Geometries) -> tuple[Ints, Ints]:
    """The face left and right of each chain, found beside the middle of its longest piece."""
    at = np.empty((len(chains), 2, 2))
    for k, line in enumerate(_vertices(chains)):
        piece = np.diff(line, axis=0)
        length = np.hypot(piece[:, 0], piece[:, 1])
        i = int(length.argmax())
        aside = np.array([-piece[i, 1], piece[i, 0]]) / length[i] * 0.1
        at[k, 0] = line[i] + piece[i] / 2 + aside
        at[k, 1] = line[i] + piece[i] / 2 - aside
    found = np.full((2, len(chains)), OUTSIDE)
    for side in (0, 1):
        hit = shapely.STRtree(faces).query(shapely.points(at[:, side]), predicate="intersects")
        found[side, hit[0]] = hit[1]
    return found[0], found[1]
