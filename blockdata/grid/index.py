"""Which polygon a point lies in, exactly, for millions of points.

``GridIndex`` lays a table of small cells over the layer. A cell wholly inside one polygon, or
outside all, answers at once; a cell with edges holds those edges, clipped, and settles the point
among them. What float arithmetic cannot decide there is decided on the whole polygons by exact
orientation tests, so that the answer is always the one of ``shapely.covers``.

The rule for edges: a point on an edge or corner belongs to the *lowest position* among the
polygons that touch it. The same rule decides where polygons overlap.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import BadFile, BadLayer, InputError
from blockdata.grid import _index_kernel as kernel
from blockdata.text import Text

FORMAT_VERSION = 1
OUTSIDE = kernel.OUTSIDE
CELLS_PER_EDGE = 4
LEAST_CELLS, MOST_CELLS = 1 << 12, 1 << 25
_ARRAYS = ("frame", "table", "words", "ax", "ay", "bx", "by", "starts")
_POINTS_PER_TASK = 1 << 16

Positions = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class GridIndex:
    """An index over polygons in WGS 84 longitude, latitude. Make it with ``build`` or ``load``."""

    keys: tuple[str, ...]
    columns: int
    rows: int
    content_hash: str
    frame: NDArray[np.float64]
    table: NDArray[np.int32]
    words: NDArray[np.int32]
    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    starts: NDArray[np.int64]

    @classmethod
    def build(
        cls, polygons: Any, keys: Sequence[Any] | None = None, *, cells: int | None = None
    ) -> "GridIndex":
        """Index a layer.

        Args:
            polygons: GeoSeries or array of shapely Polygons and MultiPolygons, degrees, longitude
                first. Holes, islands and overlaps are allowed, broken outlines are not.
            keys: one name per polygon; the GeoSeries' index, or 0, 1, …, where left out.
            cells: size of the table; 4 per edge where left out. More is faster up to the size
                of the processor's cache.

        Raises:
            BadLayer: no polygons, an empty, invalid or foreign geometry, coordinates that are not
                degrees, or keys that are missing or not unique. The first offender is named.
        """
        names = _keys(polygons, keys)
        shapes = _shapes(polygons, names)
        edges = _edges(shapes)
        frame, columns, rows = _frame(edges, cells)
        table, words = _tabulate(edges, frame, columns, rows)
        arrays: dict[str, NDArray[Any]] = {
            "frame": frame, "table": table, "words": words, "starts": edges.starts,
            "ax": edges.ax, "ay": edges.ay, "bx": edges.bx, "by": edges.by,
        }  # fmt: skip
        return cls(names, columns, rows, _digest(names, edges), **_frozen(arrays))

    @overload
    def locate(self, lon: float, lat: float, *, threads: int = 1) -> int: ...
    @overload
    def locate(self, lon: ArrayLike, lat: ArrayLike, *, threads: int = 1) -> Positions: ...
    def locate(self, lon: Any, lat: Any, *, threads: int = 1) -> int | Positions:
        """Position of the polygon that holds each point; -1 outside, or where a number is NaN.

        Args:
            lon: WGS 84 degrees, one number or an array of any shape.
            lat: the same shape.
            threads: how many threads share a long array.

        Returns:
            An int for one point, else int32 positions of the given shape. A point on an edge
            belongs to the lowest position that touches it.
        """
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if x.shape != y.shape:
            raise InputError(
                Text("经度与纬度的个数不同", "longitudes and latitudes differ in number"),
                field="lat",
                cure=Text("逐点给出一对经纬度", "give one pair per point"),
            )
        flat_x, flat_y = np.ascontiguousarray(x).reshape(-1), np.ascontiguousarray(y).reshape(-1)
        out = np.empty(x.size, dtype=np.int32)
        if threads <= 1 or x.size <= _POINTS_PER_TASK:
            self._locate(flat_x, flat_y, out)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda p: self._locate(flat_x[p], flat_y[p], out[p]), _parts(x.size)))
        return int(out[0]) if x.ndim == 0 else out.reshape(x.shape)

    def key_of(self, position: int) -> str | None:
        """The polygon's key; None for -1."""
        return None if position < 0 else self.keys[position]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def nbytes(self) -> int:
        """Memory of all arrays, in bytes."""
        return sum(int(getattr(self, name).nbytes) for name in _ARRAYS)

    @property
    def edge_cell_share(self) -> float:
        """Share of the table's cells that hold edges and so need a test."""
        return float(np.count_nonzero(self.table < OUTSIDE) / self.table.size)

    def save(self, folder: Path | str) -> Path:
        """Write the index to a folder (replaced as a whole), to be mapped by ``load``."""
        target = Path(folder)
        scratch = target.with_name(f"{target.name}.writing-{os.getpid()}")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        for name in _ARRAYS:
            np.save(scratch / f"{name}.npy", getattr(self, name))
        head = {
            "format": FORMAT_VERSION,
            "content_hash": self.content_hash,
            "columns": self.columns,
            "rows": self.rows,
            "keys": list(self.keys),
        }
        (scratch / "index.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        scratch.rename(target)
        return target

    @classmethod
    def load(cls, folder: Path | str) -> "GridIndex":
        """Map a saved index into memory; pages are read as they are touched.

        Raises:
            BadFile: not an index, one of another format version, or one that was cut short.
        """
        source = Path(folder)
        cure = Text("请用 blockdata grid index 重建", "rebuild it with blockdata grid index")
        try:
            head = json.loads((source / "index.json").read_text(encoding="utf-8"))
            version = head["format"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadFile(
                Text(f"{source} 不是网格索引", f"{source} is not a grid index"),
                field="index",
                cure=cure,
            ) from error
        if version != FORMAT_VERSION:
            raise BadFile(
                Text(
                    f"索引格式版本为 {version},本程序读取版本 {FORMAT_VERSION}",
                    f"the index has format {version}, this program reads {FORMAT_VERSION}",
                ),
                field="index",
                cure=cure,
            )
        try:
            arrays = {n: np.load(source / f"{n}.npy", mmap_mode="r") for n in _ARRAYS}
            whole = len(arrays["table"]) == head["columns"] * head["rows"]
            whole &= len(arrays["starts"]) == len(head["keys"]) + 1
        except (OSError, ValueError, KeyError) as error:
            raise BadFile(
                Text(f"索引不完整:{source}", f"the index is incomplete: {source}"),
                field="index",
                cure=cure,
            ) from error
        if not whole:
            raise BadFile(
                Text(f"索引不完整:{source}", f"the index is incomplete: {source}"),
                field="index",
                cure=cure,
            )
        return cls(
            tuple(head["keys"]), head["columns"], head["rows"], head["content_hash"],
            **_frozen(arrays),
        )  # fmt: skip

    def _locate(self, lon: NDArray[Any], lat: NDArray[Any], out: Positions) -> None:
        kernel.locate(
            lon, lat, self.frame, self.columns, self.rows, self.table,
            self.words, self.words.view(np.float32),
            self.ax, self.ay, self.bx, self.by, self.starts, out,
        )  # fmt: skip


@dataclass(frozen=True)
class _Edges:
    """Directed edges of all polygons, outer rings counter-clockwise, holes clockwise."""

    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    starts: NDArray[np.int64]  # first edge of each polygon, and the end


def _frozen(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Plain read-only views: one compiled signature for built and for mapped indexes."""
    views = {name: np.ascontiguousarray(array).view(np.ndarray) for name, array in arrays.items()}
    for view in views.values():
        view.flags.writeable = False
    return views


def _parts(size: int) -> list[slice]:
    return [slice(i, min(i + _POINTS_PER_TASK, size)) for i in range(0, size, _POINTS_PER_TASK)]


def _bad(zh: str, en: str, cure: Text, **facts: Any) -> BadLayer:
    return BadLayer(Text(zh, en), field="polygons", cure=cure, **facts)


def _keys(polygons: Any, keys: Sequence[Any] | None) -> tuple[str, ...]:
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


def _shapes(polygons: Any, names: tuple[str, ...]) -> NDArray[Any]:
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


def _edges(shapes: NDArray[Any]) -> _Edges:
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
    return _Edges(ax, ay, bx, by, starts)


def _frame(edges: _Edges, cells: int | None) -> tuple[NDArray[np.float64], int, int]:
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


def _tabulate(
    edges: _Edges, frame: NDArray[np.float64], columns: int, rows: int
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


def _twins(edges: _Edges) -> NDArray[np.int64]:
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


def _digest(names: tuple[str, ...], edges: _Edges) -> str:
    """A hash of the keys and of every coordinate: the version of the layer."""
    state = hashlib.blake2b(digest_size=16)
    state.update("\x1f".join(names).encode())
    for array in (edges.ax, edges.ay, edges.bx, edges.by, edges.starts):
        state.update(array.tobytes())
    return state.hexdigest()
