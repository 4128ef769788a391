"""Which characters stand in which address: what lets the batch skip rules that cannot match."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_NEWLINE = 10


@njit(cache=True, nogil=True)
def presence(
    points: NDArray[np.uint32],
    rows: int,
    table: NDArray[np.uint64],
    repeated: np.uint64,
) -> NDArray[np.uint64]:
    """OR of ``table`` over each line of ``points`` (code points, one address a line).

    A line in which some pair of neighbouring characters occurs twice gets the bit ``repeated`` too.
    Returns uint64 of shape (rows,).
    """
    out = np.zeros(rows, dtype=np.uint64)
    row = 0
    start = 0
    n = len(points)
    for i in range(n):
        point = points[i]
        if point == _NEWLINE:
            row += 1
            start = i + 1
            continue
        out[row] |= table[point]
        if i > start and (out[row] & repeated) == 0:
            before = points[i - 1]
            for j in range(start + 1, i - 1):
                if points[j] == point and points[j - 1] == before:
                    out[row] |= repeated
                    break
    return out
