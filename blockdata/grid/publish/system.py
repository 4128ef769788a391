"""Everything published so far as one system of sums, the way an attacker would write it down.

Unknowns are the counts of *spots* (a building, say) over the nights on which they stayed the same:
the attacker is granted to know which spots changed and when, and in which grid and H3 cell each
lies. A published count is the sum of the unknowns in its cell on its night; an unknown that lives
through several nights, or in grids of several versions, ties them together. Unknowns that are in
the same sums are one, and so are sums of the same unknowns.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
NO_CELL = -1


@dataclass(frozen=True)
class System:
    """Sums over unknowns.

    Attributes:
        sums: (sums, unknowns) zeros and ones; every row is different.
        unknowns: the true value of each unknown.
        sum_of: for each cell (one division's key on one night) the row of its sum.
    """

    sums: Any
    unknowns: NDArray[np.float64]
    sum_of: Ints

    @property
    def totals(self) -> NDArray[np.float64]:
        """The true value of each sum."""
        found: NDArray[np.float64] = self.sums @ self.unknowns
        return found


def build_system(cells_of: Ints, values: Ints, cells: int) -> System:
    """Write down the system.

    Args:
        cells_of: (unknowns, memberships) numbers of the cells that each unknown is counted in, on
            any night; -1 fills the rest.
        values: (unknowns,) their true counts.
        cells: how many cells there are; one that holds nothing is a sum of nothing.
    """
    ordered = np.sort(cells_of, axis=1)
    merged, which = _distinct(ordered)
    totals = np.zeros(len(merged))
    np.add.at(totals, which, values)
    row, column = merged.ravel(), np.repeat(np.arange(len(merged)), merged.shape[1])
    inside = row != NO_CELL
    matrix = sparse.csr_matrix(
        (np.ones(int(inside.sum())), (row[inside], column[inside])), shape=(cells, len(merged))
    )
    matrix.data[:] = 1.0
    keys = [matrix.indices[a:b].tobytes() for a, b in _spans(_sorted(matrix))]
    first: dict[bytes, int] = {}
    sum_of = np.array([first.setdefault(key, len(first)) for key in keys], dtype=np.int64)
    chosen = np.zeros(len(first), dtype=np.int64)
    chosen[sum_of[::-1]] = np.arange(cells)[::-1]
    return System(matrix[chosen], totals, sum_of)


def _distinct(rows: Ints) -> tuple[Ints, Ints]:
    """Different rows, and which of them each row is."""
    if not len(rows):
        return rows, np.zeros(0, dtype=np.int64)
    packed = np.ascontiguousarray(rows).view([("", rows.dtype)] * rows.shape[1]).reshape(-1)
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    return rows[first], which.reshape(-1)


def _sorted(matrix: Any) -> Any:
    matrix.sort_indices()
    return matrix


def _spans(matrix: Any) -> list[tuple[int, int]]:
    return list(zip(matrix.indptr[:-1].tolist(), matrix.indptr[1:].tolist(), strict=True))
