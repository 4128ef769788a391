"""Counts and densities by grid, by anything that holds grids, and by H3 cell; kept incrementally.

Counts stand as one array by position, the last entry for what lies in no grid, so that sums always
tally with what was put in. A move from one grid to another is one subtraction and one addition:
the register's changes are applied as they come, without counting again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from blockdata.crs import to_metric
from blockdata.errors import Conflict, InputError
from blockdata.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from blockdata.grid.index import Positions

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class GridCounts:
    """How many things lie in each grid; ``outside`` counts those in none."""

    by_grid: Counts
    outside: int = 0

    @classmethod
    def of(cls, positions: ArrayLike, grids: int) -> "GridCounts":
        """Count positions as ``GridIndex.locate`` gives them (-1 outside) over so many grids."""
        at = _positions(positions, grids)
        counts = np.bincount(at + 1, minlength=grids + 1).astype(np.int64)
        return cls(counts[1:], int(counts[0]))

    @property
    def total(self) -> int:
        """Everything counted, inside and outside."""
        return int(self.by_grid.sum()) + self.outside

    def changed(self, left: ArrayLike, entered: ArrayLike) -> "GridCounts":
        """The counts after a night's changes.

        Args:
            left: position before of everything that moved away or ended (-1 from outside).
            entered: position after of everything that moved or began (-1 to outside).

        Raises:
            Conflict: more left a grid than were counted there: the changes are not of this state.
        """
        grids = len(self.by_grid)
        gone, come = GridCounts.of(left, grids), GridCounts.of(entered, grids)
        after = self.by_grid - gone.by_grid + come.by_grid
        outside = self.outside - gone.outside + come.outside
        if outside < 0 or (after < 0).any():
            raise Conflict(
                Text("迁出多于现有,变更与当前状态不符", "more left than were there"),
                field="left",
                cure=Text("从登记库重新计数", "count again from the register"),
            )
        return GridCounts(after, outside)

    def rolled_up(self, parents: Sequence[Any]) -> "pd.Series[int]":
        """Sums by the parent of each grid: its community, street or district."""
        import pandas as pd

        if len(parents) != len(self.by_grid):
            raise InputError(
                Text("上级个数与网格个数不同", "parents and grids differ in number"),
                field="parents",
                cure=Text("每个网格给出一个上级", "give one parent per grid"),
            )
        sums: pd.Series[int] = pd.Series(self.by_grid).groupby(np.asarray(parents)).sum()
        return sums

    def density_per_km2(self, areas_m2: ArrayLike) -> NDArray[np.float64]:
        """Things per square kilometre of each grid."""
        density: NDArray[np.float64] = self.by_grid / (np.asarray(areas_m2, np.float64) / 1e6)
        return density


def areas_m2(polygons: Any) -> NDArray[np.float64]:
    """Areas of polygons in WGS 84 degrees, square metres of EPSG:4547."""
    shapes = np.asarray(polygons, dtype=object)
    metric = shapely.transform(shapes, lambda xy: np.column_stack(to_metric(*xy.T)))
    sizes: NDArray[np.float64] = shapely.area(metric)
    return sizes


def counts_by_cell(cells: ArrayLike) -> "pd.Series[int]":
    """Counts by H3 cell (uint64, as ``cells_of`` gives them; 0 is left out)."""
    import pandas as pd

    found, counts = np.unique(np.asarray(cells, dtype=np.uint64), return_counts=True)
    return pd.Series(counts[found > 0], index=found[found > 0], name="count")


def _positions(positions: "ArrayLike | Positions", grids: int) -> NDArray[np.int64]:
    at = np.asarray(positions, dtype=np.int64).reshape(-1)
    if at.size and (at.min() < -1 or at.max() >= grids):
        raise InputError(
            Text(f"网格位置超出 0–{grids - 1}", f"a grid position is not within 0–{grids - 1}"),
            field="positions",
            cure=Text("使用同一版本网格的定位结果", "use positions of the same grid version"),
        )
    return at
