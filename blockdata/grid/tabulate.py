"""From a polygon layer to an index: checked shapes, directed edges, table and records."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.errors import BadLayer
from blockdata.grid import _index_kernel as kernel
from blockdata.text import Text

CELLS_PER_EDGE = 4
LEAST_CELLS, MOST_CELLS = 1 << 12, 1 << 25


@dataclass(frozen=True)
class Edges:
    """Directed edges of all polygons, outer rings counter-clockwise, holes clockwise."""

    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    starts: NDArray[np.int64]  # first edge of each polygon, and the end


def _bad(zh: str, en: str, cure: Text, **facts: Any) -> BadLayer:
    return BadLayer(Text(zh, en), field="polygons", cure=cure, **facts)


def layer_keys(polygons: Any, keys: Sequence[Any] | None) -> tuple[str, ...]:
    """One distinct key per polygon, or BadLayer."""
    if keys is None:  # a GeoSeries brings its own; the index of a list is a method
        own = getattr(polygons, "index", None)
        keys = range(len(polygons)) if own is None or callable(own) else list(own)
    names = tuple(str(key) for key in keys)
    if len(names) != len(polygons):
        raise _bad(
            f"{len(polygons)} 个面,{len(names)} 个编码",
            f"{len(polygons)} polygons but {len(names)} keys",
            Text("每个面给出一个编码", "give one key per polygon"),
        )
    if len(set(names)) != len(names):
        seen: set[str] = set()
        twice = next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise _bad(
            f"编码重复:{twice}",
            f"key given twice: {twice}",
            Text("合并为一个多部件面,或改正编码", "merge the parts into one, or correct the key"),
            polygon=twice,
        )
    return names


def layer_shapes(polygons: Any, names: tuple[str, ...]) -> NDArray[Any]:
    """The polygons as an array of valid shapely shapes in degrees, or BadLayer."""
    crs = getattr(polygons, "crs", None)
    if crs is not None and not crs.is_geographic:
        raise _bad(
            f"图层坐标系为 {crs.name},不是经纬度",
            f"the layer is in {crs.name}, not in longitude and latitude",
            Text("先转换为 EPSG:4326", "convert it to EPSG:4326 first"),
        )
    shapes = np.asarray(polygons, dtype=object)
    if shapes.size == 0:
        raise _bad("图层为空", "the layer is empty", Text("给出至少一个面", "give a polygon"))
    kinds = shapely.get_type_id(shapes)
    _refuse(~np.isin(kinds, (3, 6)), names, "不是面", "is not a polygon")
    _refuse(shapely.is_empty(shapes), names, "为空", "is empty")
    _refuse(~shapely.is_valid(shapes), names, "边界自相交或无效", "has a broken outline")
    bounds = shapely.bounds(shapes)
    beyond = (np.abs(bounds) > np.array([180, 90, 180, 90])).any(axis=1)
    _refuse(beyond, names, "坐标不是经纬度", "is not in degrees of longitude and latitude")
    shaped: NDArray[Any] = shapely.orient_polygons(shapely.force_2d(shapes), exterior_cw=False)
    return shaped


def _refuse(bad: Any, names: tuple[str, ...], zh: str, en: str) -> None:
    if not bad.any():
        return
    name, count = names[int(np.argmax(bad))], int(bad.sum())
    raise _bad(
        f"面 {name} {zh}(共 {count} 个)",
        f"polygon {name} {en} ({count} in all)",
        Text("用 blockdata grid validate 查看并修正", "see blockdata grid validate, and repair"),
        polygon=name,
        count=count,
    )


def directed_edges(shapes: NDArray[Any]) -> Edges:
    """All edges of oriented polygons, in the order of the polygons; none of zero length."""
    _, xy, offsets = shapely.to_ragged_array(shapes)
    rings, *upper = offsets
    polygon_rings = upper[0] if len(upper) == 1 else upper[0][upper[1]]
    keep = np.ones(len(xy), dtype=bool)
    keep[rings[1:] - 1] = False  # the last point of a ring starts no edge
    here = np.flatnonzero(keep)
    moved = (xy[here] != xy[here + 1]).any(axis=1)
    here = here[moved]
    starts = np.searchsorted(here, rings[polygon_rings]).astype(np.int64)
    (ax, ay), (bx, by) = (xy[here].T.copy(), xy[here + 1].T.copy())
    return Edges(ax, ay, bx, by, starts)


def table_frame(edges: Edges, cells: int | None) -> tuple[NDArray[np.float64], int, int]:
    """West, south, columns and rows per degree, with a ring of empty cells all round."""
    west, east = edges.ax.min(), edges.ax.max()
    south, north = edges.ay.min(), edges.ay.max()
    wanted = cells or int(np.clip(CELLS_PER_EDGE * edges.ax.size, LEAST_CELLS, MOST_CELLS))
    squeeze = np.cos(np.radians((south + north) / 2))  # a degree of longitude is this much shorter
    width, height = max(east - west, 1e-9) * squeeze, max(north - south, 1e-9)
    side = max(np.sqrt(width * height / wanted), max(width, height) / (1 << 14))
    per_lon, per_lat = squeeze / side, 1.0 / side
    columns = int(np.ceil((east - west) * per_lon)) + 3
    rows = int(np.ceil((north - south) * per_lat)) + 3
    frame = np.array([west - 1.5 / per_lon, south - 1.5 / per_lat, per_lon, per_lat])
    return frame, columns, rows


def tabulate(
    edges: Edges, frame: NDArray[np.float64], columns: int, rows: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The table of cells and the packed records of the cells that hold edges."""
    west, south, per_lon, per_lat = frame
    line = (
        (edges.ax - west) * per_lon, (edges.ay - south) * per_lat,
        (edges.bx - west) * per_lon, (edges.by - south) * per_lat,
    )  # fmt: skip
    stamp = np.full(columns * rows, -1, dtype=np.int32)
    full = np.full(columns * rows, kernel.NO_POLYGON, dtype=np.int32)
    whole, none = np.empty(0, np.int64), np.empty(0, np.float64)
    count = kernel.trace(*line, edges.starts, columns, rows, stamp, full, whole, whole, none, none)
    stamp[:] = -1
    cell, edge = np.empty(count, np.int64), np.empty(count, np.int64)
    ends = np.zeros(count), np.zeros(count)
    kernel.trace(*line, edges.starts, columns, rows, stamp, full, cell, edge, *ends)
    owner = np.repeat(np.arange(edges.starts.size - 1, dtype=np.int32), np.diff(edges.starts))
    holder = np.where(edge < 0, -1 - edge, owner[edge])
    order = np.argsort(cell * np.int64(edges.starts.size) + holder, kind="stable")
    items = cell[order], edge[order], ends[0][order], ends[1][order]
    table = stamp  # its work is done
    twins = _twins(edges)
    empty = np.empty(0, np.int32)
    fixed = (*line, owner, twins, columns, *items, full, table)
    size = kernel.pack(*fixed, empty, empty.view(np.float32))
    if size > np.iinfo(np.int32).max - 2:
        raise _bad(
            "图层过大,索引放不下",
            "the layer is too large for one index",
            Text("分区建立索引", "index it in parts"),
        )
    words = np.zeros(max(size, 1), dtype=np.int32)
    kernel.pack(*fixed, words, words.view(np.float32))
    return table, words


def _twins(edges: Edges) -> NDArray[np.int64]:
    """A number per undirected edge (from 1), negative where it runs from the higher end."""
    back = (edges.ax > edges.bx) | ((edges.ax == edges.bx) & (edges.ay > edges.by))
    low = np.where(back, edges.bx, edges.ax), np.where(back, edges.by, edges.ay)
    high = np.where(back, edges.ax, edges.bx), np.where(back, edges.ay, edges.by)
    columns = np.stack([*low, *high])
    order = np.lexsort(columns)
    new = np.ones(order.size, dtype=np.int64)
    ordered = columns[:, order]
    new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    number = np.empty(order.size, dtype=np.int64)
    number[order] = np.cumsum(new)
    return np.where(back, -number, number)


def layer_hash(names: tuple[str, ...], edges: Edges) -> str:
    """A hash of the keys and of every coordinate: the version of the layer."""
    state = hashlib.blake2b(digest_size=16)
    state.update("\x1f".join(names).encode())
    for array in (edges.ax, edges.ay, edges.bx, edges.by, edges.starts):
        state.update(array.tobytes())
    return state.hexdigest()
