"""Which polygon a point lies in, exactly, for millions of points.

``GridIndex`` lays a table of small cells over the layer. A cell wholly inside one polygon, or
outside all, answers at once; a cell with edges holds those edges, clipped, and settles the point
among them. What float arithmetic cannot decide there is decided on the whole polygons by exact
orientation tests, so that the answer is always the one of ``shapely.covers``.

The rule for edges: a point on an edge or corner belongs to the *lowest position* among the
polygons that touch it. The same rule decides where polygons overlap.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import BadFile, InputError
from blockdata.files import whole_folder
from blockdata.grid import _index_kernel as kernel
from blockdata.grid import tabulate
from blockdata.text import Text

FORMAT_VERSION = 1
OUTSIDE = kernel.OUTSIDE
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
        names = tabulate.layer_keys(polygons, keys)
        shapes = tabulate.layer_shapes(polygons, names)
        edges = tabulate.directed_edges(shapes)
        frame, columns, rows = tabulate.table_frame(edges, cells)
        table, words = tabulate.tabulate(edges, frame, columns, rows)
        arrays: dict[str, NDArray[Any]] = {
            "frame": frame, "table": table, "words": words, "starts": edges.starts,
            "ax": edges.ax, "ay": edges.ay, "bx": edges.bx, "by": edges.by,
        }  # fmt: skip
        return cls(names, columns, rows, tabulate.layer_hash(names, edges), **_frozen(arrays))

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
        """Write the index to a folder (replaced as a whole), to be mapped by ``load``.

        Raises:
            InputError: it cannot be written, or the folder holds something else.
        """
        target = Path(folder)
        head = {
            "format": FORMAT_VERSION,
            "content_hash": self.content_hash,
            "columns": self.columns,
            "rows": self.rows,
            "keys": list(self.keys),
        }
        with whole_folder(target, "out", mark="index.json") as scratch:
            for name in _ARRAYS:
                np.save(scratch / f"{name}.npy", getattr(self, name))
            said = json.dumps(head, ensure_ascii=False)
            (scratch / "index.json").write_text(said, encoding="utf-8")
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


def _frozen(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Plain read-only views: one compiled signature for built and for mapped indexes."""
    views = {name: np.ascontiguousarray(array).view(np.ndarray) for name, array in arrays.items()}
    for view in views.values():
        view.flags.writeable = False
    return views


def _parts(size: int) -> list[slice]:
    return [slice(i, min(i + _POINTS_PER_TASK, size)) for i in range(0, size, _POINTS_PER_TASK)]
