"""Base grids of one community: groups of road blocks that tile it and share its load evenly.

The community is cut along its own roads into blocks; blocks too heavy for a grid are cut once more
by a straight line. METIS groups the blocks, contiguous and balanced. All cuts are made in degrees,
where borders are straight, so that grids, blocks and community share their vertices exactly.
"""

from dataclasses import dataclass

import numpy as np
import pymetis
import shapely

from ingest.synthetic.arrays import Floats, Ints, Shapes, multipolygon, points

_HEAVIEST = 0.5
_BLOCKS_PER_GRID = 4
_ROUNDS = 12
_LAND_WEIGHT = (
    0.15  # share of a grid's load that is mere land, so that empty land is shared out too
)
_BEYOND = 1.0e-6  # degrees by which a cut reaches past its block, about 0.1 m; the rest dangles off


@dataclass(frozen=True)
class Grids:
    """Grids of one community.

    Attributes:
        outlines: (k,) MultiPolygons, WGS 84; numbered from the north-west in rows.
        of_point: (n,) row of ``outlines`` for each point that was given.
    """

    outlines: Shapes
    of_point: Ints


def draw_grids(
    outline: shapely.MultiPolygon, roads: Shapes, lon: Floats, lat: Floats, load: Floats, count: int
) -> Grids:
    """Cut ``outline`` into ``count`` grids along ``roads``, of about the same load.

    Args:
        outline: the community, WGS 84.
        roads: LineStrings, WGS 84.
        lon: (n,) where the load is, degrees, inside the outline.
        lat: (n,) likewise.
        load: (n,) rooms or people there.
        count: how many grids.
    """
    blocks, block_of = _blocks(outline, roads, points(lon, lat), load, count)
    weight = _block_weights(blocks, block_of, load)
    pairs, shared = _neighbours(blocks)
    part = _contiguous(
        _grouped(len(blocks), pairs, shared, weight, count), pairs, shared, weight, count
    )
    outlines = np.array(
        [multipolygon(shapely.coverage_union_all(blocks[part == k])) for k in range(count)],
        dtype=object,
    )
    order = _reading_order(outlines)
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return Grids(outlines[order], rank[part[block_of]])


def _blocks(
    outline: shapely.MultiPolygon, roads: Shapes, at: Shapes, load: Floats, count: int
) -> tuple[Shapes, Ints]:
    """Faces between the roads, none of them too heavy; and the face of each point."""
    lines = [*shapely.get_parts(outline.boundary), *roads]
    shapely.prepare(outline)
    for turn in range(_ROUNDS):
        noded = shapely.union_all(np.array(lines, dtype=object))
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        blocks = faces[shapely.contains(outline, shapely.point_on_surface(faces))]
        block_of = _block_of(blocks, at)
        weight = _block_weights(blocks, block_of, load)
        heavy = np.flatnonzero(weight > _HEAVIEST * weight.sum() / count)
        if len(blocks) < _BLOCKS_PER_GRID * count:
            heavy = np.union1d(heavy, np.argsort(-shapely.area(blocks), kind="stable")[:count])
        if not len(heavy) or turn == _ROUNDS - 1:
            break
        for b in heavy:
            lines.extend(_cut(blocks[b], at[block_of == b], load[block_of == b]))
    return blocks, block_of


def _cut(block: shapely.Polygon, places: Shapes, load: Floats) -> list[shapely.LineString]:
    """A straight line across the block, in pieces, that halves its load (or its land)."""
    at = shapely.get_coordinates(places)
    if len(at) < 2:
        at, load = shapely.get_coordinates(block), np.ones(len(shapely.get_coordinates(block)))
    wide = at - np.average(at, axis=0, weights=load)
    axis = 0 if np.ptp(wide[:, 0]) >= np.ptp(wide[:, 1]) else 1
    order = np.argsort(at[:, axis], kind="stable")
    middle = int(np.searchsorted(np.cumsum(load[order]), load.sum() / 2))
    middle = min(max(middle, 1), len(at) - 1)
    here = float(at[order[middle - 1 : middle + 1], axis].mean())
    low_x, low_y, high_x, high_y = block.bounds
    if axis == 0:
        line = shapely.LineString([(here, low_y - _BEYOND), (here, high_y + _BEYOND)])
    else:
        line = shapely.LineString([(low_x - _BEYOND, here), (high_x + _BEYOND, here)])
    # All pieces, not the longest: one that ends at a hole would part nothing.
    pieces = shapely.get_parts(shapely.intersection(line, block))
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]
    cuts = []
    for piece in pieces:
        ends = shapely.get_coordinates(piece)[[0, -1]]
        ends = ends[np.argsort(ends[:, 1 - axis])]
        ends[0, 1 - axis] -= _BEYOND
        ends[1, 1 - axis] += _BEYOND
        cuts.append(shapely.LineString(ends))
    return cuts


def _block_of(blocks: Shapes, at: Shapes) -> Ints:
    """The block of each point; the lowest-numbered where it lies on a border."""
    found = np.full(len(at), -1, dtype=np.int64)
    rows, block = shapely.STRtree(blocks).query(at, predicate="intersects")
    order = np.argsort(-block, kind="stable")
    found[rows[order]] = block[order]
    lost = np.flatnonzero(found < 0)
    if len(lost):
        found[lost] = shapely.STRtree(blocks).query_nearest(at[lost], all_matches=False)[1]
    return found


def _block_weights(blocks: Shapes, block_of: Ints, load: Floats) -> Floats:
    area = shapely.area(blocks)
    weight = np.bincount(block_of, weights=load, minlength=len(blocks))
    total = max(float(weight.sum()), 1.0)
    return np.asarray(weight + _LAND_WEIGHT * total * area / area.sum())


def _neighbours(blocks: Shapes) -> tuple[Ints, Floats]:
    """Pairs of blocks (m, 2), each once with the lower first, and the length they share."""
    rings, owner = shapely.get_parts(shapely.boundary(blocks), return_index=True)
    at, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    _, vertex = np.unique(at[:, 0] + 1j * at[:, 1], return_inverse=True)
    ends = np.sort(np.stack([vertex[:-1][same], vertex[1:][same]], axis=1), axis=1)
    side = owner[ring[:-1][same]]
    length = np.hypot(*(at[1:] - at[:-1])[same].T)
    order = np.lexsort((side, ends[:, 1], ends[:, 0]))
    ends, side, length = ends[order], side[order], length[order]
    twin = np.flatnonzero((ends[1:] == ends[:-1]).all(axis=1) & (side[1:] != side[:-1]))
    pairs = np.stack([side[twin], side[twin + 1]], axis=1)
    unique, which = np.unique(pairs, axis=0, return_inverse=True)
    shared = np.bincount(which.ravel(), weights=length[twin], minlength=len(unique))
    return unique.astype(np.int64), shared.astype(np.float64)


def _grouped(blocks: int, pairs: Ints, shared: Floats, weight: Floats, count: int) -> Ints:
    """The grid of each block by METIS: contiguous, balanced, with short borders."""
    if count == 1:
        return np.zeros(blocks, dtype=np.int64)
    # A block heavier than a grid (one oversized building) would leave METIS with empty parts.
    whole = np.minimum(weight / weight.sum(), 1.0 / count)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    lengths = np.tile(shared, 2)
    order = np.lexsort((both[:, 1], both[:, 0]))
    starts = np.searchsorted(both[order, 0], np.arange(blocks + 1))
    _, part = pymetis.part_graph(
        count,
        pymetis.CSRAdjacency(starts.tolist(), both[order, 1].tolist()),
        vweights=np.maximum(np.round(whole * 1e6), 1).astype(int).tolist(),
        eweights=np.maximum(np.round(lengths[order] * 1e5), 1).astype(int).tolist(),
        recursive=False,
    )
    return np.asarray(part, dtype=np.int64)


def _contiguous(part: Ints, pairs: Ints, shared: Floats, weight: Floats, count: int) -> Ints:
    """Every grid in one piece and none empty: stray pieces go to a neighbour, big grids halve."""
    links: list[list[tuple[int, float]]] = [[] for _ in part]
    for (a, b), length in zip(pairs.tolist(), shared.tolist(), strict=True):
        links[a].append((b, length))
        links[b].append((a, length))
    for _ in range(count):
        piece = _pieces(part, links)
        load = np.bincount(piece, weights=weight)
        grid_of = np.zeros(len(load), dtype=np.int64)
        grid_of[piece] = part
        main = {int(grid_of[p]): int(p) for p in np.argsort(load, kind="stable")}
        stray = [p for p in range(len(load)) if main[int(grid_of[p])] != p]
        moved = False
        for p in stray:
            border: dict[int, float] = {}
            for a in np.flatnonzero(piece == p).tolist():
                for b, length in links[a]:
                    if piece[b] != p and part[b] != part[a]:
                        border[int(part[b])] = border.get(int(part[b]), 0.0) + length
            if border:
                part[piece == p] = max(border, key=lambda g: (border[g], -g))
                moved = True
        if not moved:
            break
    return _none_empty(part, links, weight, count)


def _none_empty(
    part: Ints, links: list[list[tuple[int, float]]], weight: Floats, count: int
) -> Ints:
    for empty in np.setdiff1d(np.arange(count), part).tolist():
        sizes = np.bincount(part, minlength=count)
        loads = np.where(sizes > 1, np.bincount(part, weights=weight, minlength=count), -1.0)
        members = np.flatnonzero(part == int(np.argmax(loads)))
        # Half of the heaviest grid, grown from one of its ends, becomes the empty one.
        seen, queue = {int(members[0])}, [int(members[0])]
        home = set(members.tolist())
        for a in queue:
            for b, _ in links[a]:
                if b in home and b not in seen:
                    seen.add(b)
                    queue.append(b)
        part[queue[len(queue) // 2 :] if len(queue) > 1 else queue] = empty
        part = part if len(queue) == 1 else _settle_strays(part, links, empty)
    return part


def _settle_strays(part: Ints, links: list[list[tuple[int, float]]], grid: int) -> Ints:
    """After a halving, pieces of the new grid that hang off its largest go back next door."""
    piece = _pieces(part, links)
    members = np.flatnonzero(part == grid)
    largest = int(np.argmax(np.bincount(piece[members])))
    for a in members[piece[members] != largest].tolist():
        around = [int(part[b]) for b, _ in links[a] if part[b] != grid]
        if around:
            part[a] = around[0]
    return part


def _pieces(part: Ints, links: list[list[tuple[int, float]]]) -> Ints:
    """The connected piece of each block within its grid."""
    piece = np.full(len(part), -1, dtype=np.int64)
    found = 0
    for start in range(len(part)):
        if piece[start] >= 0:
            continue
        piece[start], queue = found, [start]
        while queue:
            a = queue.pop()
            for b, _ in links[a]:
                if piece[b] < 0 and part[b] == part[a]:
                    piece[b] = found
                    queue.append(b)
        found += 1
    return piece


def _reading_order(outlines: Shapes) -> Ints:
    centre = shapely.get_coordinates(shapely.centroid(outlines))
    rows = max(1, round(len(outlines) ** 0.5))
    band = np.empty(len(outlines), dtype=np.int64)
    band[np.argsort(-centre[:, 1], kind="stable")] = (
        np.arange(len(outlines)) * rows // len(outlines)
    )
    return np.asarray(np.lexsort((centre[:, 0], band)), dtype=np.int64)
