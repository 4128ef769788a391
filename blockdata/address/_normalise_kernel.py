"""Which characters stand in which address: what lets the batch skip rules that cannot match."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_NEWLINE = 10


@njit(cache=True, nogil=True)
def said_twice(points: NDArray[np.uint32], start: int, at: int) -> bool:
    """Whether what ends at ``at`` (exclusive) is said twice in a row, a mark between at most.

    Looks no further back than ``start``; something is two characters or more.
    """
    for length in range(2, (at - start) // 2 + 1):
        for gap in range(2):
            first = at - 2 * length - gap
            if first < start or points[first] != points[at - length]:
                continue
            same = True
            for k in range(1, length):
                if points[first + k] != points[at - length + k]:
                    same = False
                    break
            if same:
                return True
    return False


@njit(cache=True, nogil=True)
def presence(
    points: NDArray[np.uint32],
    rows: int,
    single: NDArray[np.uint64],
    before: NDArray[np.uint64],
    after: NDArray[np.uint64],
    repeated: np.uint64,
    ends: NDArray[np.uint64],
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """What stands in each line of ``points`` (code points, one address a line).

    The first array, of shape (rows,), is the OR of ``single`` over the line's characters, with the
    bit ``repeated`` where something is said twice in a row up to a character for which ``ends`` is
    not 0 or before one such. The second is the OR of ``before[a] & after[b]`` over all neighbours,
    the line break at both ends included.
    """
    out = np.zeros(rows, dtype=np.uint64)
    pairs = np.zeros(rows, dtype=np.uint64)
    row = 0
    start = 0
    last = np.uint32(_NEWLINE)
    for i in range(len(points)):
        point = points[i]
        pairs[row] |= before[last] & after[point]
        last = point
        if point == _NEWLINE:
            row += 1
            start = i + 1
            continue
        out[row] |= single[point]
        if (
            ends[point]
            and (out[row] & repeated) == 0
            and (said_twice(points, start, i + 1) or said_twice(points, start, i))
        ):
            out[row] |= repeated
    if row < rows:
        pairs[row] |= before[last] & after[np.uint32(_NEWLINE)]
    return out, pairs
