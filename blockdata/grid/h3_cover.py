"""The published face of the grids: their H3 cells, keys that any other system can join on.

A cell in a grid's *interior* lies wholly inside it: whoever holds that cell knows the grid. A cell
on its *edge* overlaps it: the exact answer needs the polygon (``GridIndex``). Interior cells are
compacted: seven children that are all there stand as their parent. A compacted cover is read by
walking up a cell's parents in the hierarchy, never by geometry, because in H3 a parent does not
contain its children's ground.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import InputError
from blockdata.grid.tabulate import layer_shapes
from blockdata.text import Text

if TYPE_CHECKING:
    import pandas as pd

Cells = NDArray[np.uint64]
FINEST_USEFUL = 13  # a cell of 44 m²; finer covers of a district would be hundreds of millions
MOST_CELLS = 30_000_000

_EARTH_RADIUS_M = 6_371_000.0
_DEGREE_M = 111_195.0


@dataclass(frozen=True, eq=False)
class H3Cover:
    """Interior (compacted) and edge cells of each polygon, by position, as uint64 indexes."""

    keys: tuple[str, ...]
    resolution: int
    interior: tuple[Cells, ...]
    edge: tuple[Cells, ...]

    @classmethod
    def build(
        cls, polygons: Iterable[Any], resolution: int, keys: Sequence[Any] | None = None
    ) -> "H3Cover":
        """Cover every polygon (shapely, WGS 84 degrees, longitude first) at one resolution.

        Raises:
            InputError: a resolution that H3 does not have, finer than 13, or so fine that the cells
                would be too many.
            BadLayer: a polygon is none, is empty, or is not in degrees.
        """
        _check(resolution)
        given = list(polygons)
        names = tuple(str(k) for k in (range(len(given)) if keys is None else keys))
        shapes = layer_shapes(given, names)
        _refuse_too_many(shapes, resolution)
        covers = [_cover(shape, resolution) for shape in shapes]
        return cls(names, resolution, tuple(c[0] for c in covers), tuple(c[1] for c in covers))

    def table(self) -> "pd.DataFrame":
        """One row per grid and cell: ``grid``, ``cell`` (hexadecimal text), ``kind``."""
        import h3.api.numpy_int as h3
        import pandas as pd

        kinds = (("interior", self.interior), ("edge", self.edge))
        rows = [
            (key, h3.int_to_str(cell), kind)
            for kind, cells in kinds
            for key, own in zip(self.keys, cells, strict=True)
            for cell in own
        ]
        return pd.DataFrame(rows, columns=["grid", "cell", "kind"])

    def lookup(self) -> "CoverLookup":
        """The cover turned round: from a cell to the grids it can lie in."""
        within = {int(c): p for p, cells in enumerate(self.interior) for c in cells}
        touching: dict[int, list[int]] = defaultdict(list)
        for position, cells in enumerate(self.edge):
            for cell in cells:
                touching[int(cell)].append(position)
        return CoverLookup(self.resolution, within, dict(touching))


@dataclass(frozen=True)
class CoverLookup:
    """What a cell of the cover's resolution says about the grid."""

    resolution: int
    within: dict[int, int]
    touching: dict[int, list[int]]

    def interior_of(self, cell: int) -> int:
        """Position of the polygon that holds the whole cell, or -1."""
        import h3.api.numpy_int as h3

        for resolution in range(self.resolution, -1, -1):
            position = self.within.get(int(h3.cell_to_parent(cell, resolution)))
            if position is not None:
                return position
        return -1

    def candidates(self, cell: int) -> list[int]:
        """Positions of all polygons that a point with this cell can lie in."""
        inside = self.interior_of(cell)
        touched = self.touching.get(int(cell), [])
        return sorted({*touched, inside} - {-1})


def cells_of(lon: ArrayLike, lat: ArrayLike, resolution: int) -> Cells:
    """The H3 cell of each point (WGS 84 degrees), uint64; 0 where a number is not finite.

    About a microsecond a point: for the grid of a point use ``GridIndex``, for keys this.
    """
    import h3.api.numpy_int as h3

    _check(resolution, finest=15)
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    sound = np.isfinite(x) & np.isfinite(y)
    out = np.zeros(x.shape, dtype=np.uint64)
    pairs = zip(y[sound].tolist(), x[sound].tolist(), strict=True)
    to_cell = h3.latlng_to_cell
    out[sound] = np.fromiter(
        (to_cell(b, a, resolution) for b, a in pairs), np.uint64, int(sound.sum())
    )
    return out


def _check(resolution: int, finest: int = FINEST_USEFUL) -> None:
    if not 0 <= resolution <= finest:
        raise InputError(
            Text(f"H3 级别 {resolution} 不可用", f"H3 resolution {resolution} cannot be used"),
            field="resolution",
            cure=Text(f"使用 0 到 {finest}", f"use 0 to {finest}"),
        )


def _refuse_too_many(shapes: NDArray[Any], resolution: int) -> None:
    import h3.api.numpy_int as h3

    west, south, east, north = shapely.bounds(shapes).T
    km2 = float(((east - west) * (north - south)).sum()) * (_DEGREE_M / 1000) ** 2
    if km2 / h3.average_hexagon_area(resolution, unit="km^2") > MOST_CELLS:
        raise InputError(
            Text(
                f"{resolution} 级的单元会超过 {MOST_CELLS} 个",
                f"there would be more than {MOST_CELLS} cells of resolution {resolution}",
            ),
            field="resolution",
            cure=Text("用较小的级别", "use a lower resolution"),
        )


def _cover(shape: Any, resolution: int) -> tuple[Cells, Cells]:
    """Interior (compacted) and edge cells.

    H3 compares outlines as straight in longitude and latitude, while the true border of a cell
    bows by a hair: the shape is shrunk for the interior and grown for the edge by that much.
    """
    import h3.api.numpy_int as h3

    hair = _hair_deg(shape, resolution)
    inner = _fill(shape.buffer(-hair, join_style="mitre"), resolution, "full")
    outer = _fill(shape.buffer(hair, join_style="mitre"), resolution, "overlap")
    edge = np.array(sorted(outer - inner), dtype=np.uint64)
    compact = h3.compact_cells(np.array(sorted(inner), dtype=np.uint64)) if inner else []
    return np.sort(np.asarray(compact, dtype=np.uint64)), edge


def _hair_deg(shape: Any, resolution: int) -> float:
    """How far a cell's side can bow from the straight line: L² tan φ / 8R, and 0.1 mm."""
    import h3.api.numpy_int as h3

    side_m = 2 * h3.average_hexagon_edge_length(resolution, unit="m")
    latitude = np.radians(min(max(np.abs(shape.bounds[1::2])) + 1.0, 85.0))
    bow_m = side_m**2 * np.tan(latitude) / (8 * _EARTH_RADIUS_M)
    return float((bow_m + 1e-4) / (_DEGREE_M * np.cos(latitude)))


def _fill(shape: Any, resolution: int, contain: str) -> set[int]:
    import h3.api.numpy_int as h3

    found: set[int] = set()
    for part in shapely.get_parts(shape):
        if part.is_empty or part.geom_type != "Polygon":
            continue
        rings = [
            [(y, x) for x, y in shapely.get_coordinates(ring)]
            for ring in (part.exterior, *part.interiors)
        ]
        cells = h3.h3shape_to_cells_experimental(h3.LatLngPoly(*rings), resolution, contain)
        found.update(int(cell) for cell in cells)
    return found
