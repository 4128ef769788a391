"""A community cut into the smallest pieces that a plan moves: road blocks, and cuts of them.

Everything is cut in degrees on a lattice of 1e-9° (0.1 mm): borders that are straight as drawn
stay straight, and pieces share their vertices exactly, so that unions of them leave no gap.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.grid.layer_checks import Plane
from blockdata.grid.planner._cut_kernel import best_cut
from blockdata.grid.planner.problem import Community, Floats, Ints, Shapes
from blockdata.profile import GridRules

LATTICE_DEG = 1e-9
FINEST = 0.15  # a block heavier than this share of a grid is cut, if it has two buildings
_OVERHANG_DEG = 1e-7  # a cut reaches 1 cm past its block, so that it surely meets the border
_ON_ROAD_DEG = 1e-7
_SPLITS = 14  # rounds of halving, enough for 16,384 buildings in one block


@dataclass(frozen=True)
class Blocks:
    """The pieces of one community and how they touch.

    Attributes:
        shape: (n,) polygons in WGS 84 that tile the community.
        of_building: (buildings,) the block of each building.
        load: (n,) load of each.
        buildings: (n,) number of buildings in each.
        current: (n,) row of the current grid in which each lies, −1 for none.
        pairs: (m, 2) blocks that share a border, the lower first.
        shared_m: (m,) length of that border in metres.
        on_road_m: (m,) how much of it runs along a road.
        cost_m: (m,) metres weighted by what it costs to cut there (profile, by road class).
    """

    shape: Shapes
    of_building: Ints
    load: Floats
    buildings: Ints
    current: Ints
    pairs: Ints
    shared_m: Floats
    on_road_m: Floats
    cost_m: Floats
    area_m2: Floats

    def __len__(self) -> int:
        return len(self.shape)


def cut_blocks(given: Community, rules: GridRules, standard: float, *, keep: bool) -> Blocks:
    """Cut a community into blocks.

    Args:
        given: the community.
        rules: cost of cutting by road class.
        standard: load of one grid; blocks heavier than a part of it are cut between buildings.
        keep: whether borders of the current grids are cut lines too, so that they can be kept.
    """
    plane = Plane.about(np.array([given.outline], dtype=object))
    load = given.buildings.load(rules)
    lines = [shapely.boundary(given.outline), *given.roads.path]
    if keep:
        lines.extend(shapely.boundary(given.current.outline))
    faces = _faces(given, lines)
    cuts = _cut_heavy(given, plane, faces, load, FINEST * standard)
    if cuts:
        faces = _faces(given, [*shapely.boundary(faces), *cuts])
    of_building = _holder(faces, _points(given.buildings.lon, given.buildings.lat))
    current = np.full(len(faces), -1, dtype=np.int64)
    if keep:
        current = _holder(given.current.outline, shapely.point_on_surface(faces))
    pairs, shared_m, on_road_m, cost_m = _borders(faces, plane, given, rules)
    return Blocks(
        faces,
        of_building,
        np.bincount(of_building, weights=load, minlength=len(faces)).astype(np.float64),
        np.bincount(of_building, minlength=len(faces)),
        current,
        pairs,
        shared_m,
        on_road_m,
        cost_m,
        shapely.area(plane.lay(faces)),
    )


def _faces(given: Community, lines: list[shapely.Geometry]) -> Shapes:
    """The faces between the lines that lie in the community."""
    noded = shapely.union_all(np.array(lines, dtype=object), grid_size=LATTICE_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.contains(given.outline, shapely.point_on_surface(faces))
    kept: Shapes = faces[inside]
    return kept


def _points(lon: Floats, lat: Floats) -> Shapes:
    points: Any = shapely.points(lon, lat)
    made: Shapes = points
    return made


def _holder(polygons: Shapes, points: Shapes) -> Ints:
    """The row of the polygon that holds each point, the lowest on a border, else the nearest."""
    found = np.full(len(points), -1, dtype=np.int64)
    tree = shapely.STRtree(polygons)
    row, holder = tree.query(points, predicate="intersects")
    order = np.argsort(-holder, kind="stable")
    found[row[order]] = holder[order]
    lost = np.flatnonzero(found < 0)
    if len(lost):
        row, holder = tree.query_nearest(points[lost])
        order = np.argsort(-holder, kind="stable")
        found[lost[row[order]]] = holder[order]
    return found


def _cut_heavy(
    given: Community, plane: Plane, faces: Shapes, load: Floats, most: float
) -> list[shapely.Geometry]:
    """Straight cuts between buildings, until no face with two of them is heavier than ``most``."""
    at = given.buildings
    xy = np.column_stack(
        [
            (at.lon - plane.lon) * plane.east_m_per_degree,
            (at.lat - plane.lat) * plane.north_m_per_degree,
        ]
    )
    reach = np.sqrt(at.footprint_m2) / 2
    holder = _holder(faces, _points(at.lon, at.lat))
    order = np.argsort(holder, kind="stable")
    first = np.searchsorted(holder[order], np.arange(len(faces) + 1))
    cuts: list[shapely.Geometry] = []
    todo = [(face, order[first[f] : first[f + 1]], 0) for f, face in enumerate(faces)]
    while todo:
        face, rows, depth = todo.pop()
        if len(rows) < 2 or load[rows].sum() <= most or depth >= _SPLITS:
            continue
        angle, offset, _ = best_cut(xy[rows, 0], xy[rows, 1], reach[rows], load[rows])
        line = _line_across(plane, face, angle, offset)
        pieces = _halves(face, line)
        if len(pieces) < 2:
            continue
        cuts.extend(_overhung(shapely.intersection(line, face)))
        side = _holder(pieces, _points(at.lon[rows], at.lat[rows]))
        todo.extend((piece, rows[side == p], depth + 1) for p, piece in enumerate(pieces))
    return cuts


def _line_across(
    plane: Plane, face: shapely.Geometry, angle: float, offset: float
) -> shapely.LineString:
    """The line x·cos + y·sin = offset of the plane, across the face, in degrees."""
    scale = np.array([plane.east_m_per_degree, plane.north_m_per_degree])
    low = (shapely.bounds(face)[:2] - (plane.lon, plane.lat)) * scale
    high = (shapely.bounds(face)[2:] - (plane.lon, plane.lat)) * scale
    middle, reach = (low + high) / 2, float(np.hypot(*(high - low))) + 1.0
    normal = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-normal[1], normal[0]])
    foot = middle + normal * (offset - middle @ normal)
    ends = np.array([foot - along * reach, foot + along * reach]) / scale + (plane.lon, plane.lat)
    return shapely.LineString(ends)


def _halves(face: shapely.Geometry, line: shapely.LineString) -> Shapes:
    noded = shapely.union(shapely.boundary(face), line)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    kept: Shapes = pieces[shapely.contains(face, shapely.point_on_surface(pieces))]
    return kept


def _overhung(crossing: shapely.Geometry) -> list[shapely.Geometry]:
    """Each piece of a cut, a little longer at both ends."""
    pieces = shapely.get_parts(crossing)
    longer: list[shapely.Geometry] = []
    for piece in pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]:
        ends = shapely.get_coordinates(piece)[[0, -1]]
        step = ends[1] - ends[0]
        size = float(np.hypot(*step))
        if size > LATTICE_DEG:
            step *= _OVERHANG_DEG / size
            longer.append(shapely.LineString([ends[0] - step, ends[1] + step]))
    return longer


def _borders(
    faces: Shapes, plane: Plane, given: Community, rules: GridRules
) -> tuple[Ints, Floats, Floats, Floats]:
    """Which faces touch along a line, how long, how much on a road, and the cost of cutting."""
    rings, owner = shapely.get_parts(shapely.boundary(faces), return_index=True)
    at, ring = shapely.get_coordinates(rings, return_index=True)
    same = np.flatnonzero(ring[1:] == ring[:-1])
    _, vertex = np.unique(at[:, 0] + 1j * at[:, 1], return_inverse=True)
    ends = np.sort(np.stack([vertex[same], vertex[same + 1]], axis=1), axis=1)
    side = owner[ring[same]]
    order = np.lexsort((side, ends[:, 1], ends[:, 0]))
    twice = (ends[order[1:]] == ends[order[:-1]]).all(axis=1)
    twice &= side[order[1:]] != side[order[:-1]]
    one, other = order[:-1][twice], order[1:][twice]
    scale = np.array([plane.east_m_per_degree, plane.north_m_per_degree])
    length_m = np.hypot(*((at[same[one] + 1] - at[same[one]]) * scale).T)
    factor, on_road = _cost_of(
        shapely.points((at[same[one]] + at[same[one] + 1]) / 2), given, rules
    )
    pairs, which = np.unique(
        np.stack([side[one], side[other]], axis=1), axis=0, return_inverse=True
    )
    which = which.ravel()
    total: list[Floats] = [
        np.bincount(which, weights=values, minlength=len(pairs)).astype(np.float64)
        for values in (length_m, length_m * on_road, length_m * factor)
    ]
    return pairs.astype(np.int64).reshape(-1, 2), total[0], total[1], total[2]


def _cost_of(
    middles: Shapes, given: Community, rules: GridRules
) -> tuple[Floats, NDArray[np.bool_]]:
    """What a metre of border costs where it runs, and whether that is along a road."""
    factor = np.full(len(middles), rules.off_road_cost)
    if not len(given.roads.path) or not len(middles):
        return factor, np.zeros(len(middles), dtype=bool)
    classes, which = np.unique(given.roads.road_class, return_inverse=True)
    by_class = np.array([rules.cost_of(str(name)) for name in classes])
    tree = shapely.STRtree(given.roads.path)
    row, road = tree.query(middles, predicate="dwithin", distance=_ON_ROAD_DEG)
    np.minimum.at(factor, row, by_class[which.ravel()[road]])
    on_road = np.zeros(len(middles), dtype=bool)
    on_road[row] = True
    return factor, on_road
