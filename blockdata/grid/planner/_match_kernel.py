"""Numbers only: the cheapest one-to-one assignment."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def assign(cost):
    """The cheapest one-to-one assignment of rows to columns (rows ≤ columns): (rows,) columns.

    The Hungarian method with potentials, O(rows² · columns) (Jonker and Volgenant's shortest
    augmenting paths).
    """
    rows, columns = cost.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, dtype=np.int64)
    way = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = np.full(columns + 1, np.inf)
        used = np.zeros(columns + 1, dtype=np.bool_)
        while True:
            used[column] = True
            at, step, following = row_of[column], np.inf, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                reduced = cost[at - 1, j - 1] - u[at] - v[j]
                if reduced < least[j]:
                    least[j] = reduced
                    way[j] = column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    u[row_of[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = following
            if row_of[column] == 0:
                break
        while column != 0:
            row_of[column] = row_of[way[column]]
            column = way[column]
    chosen = np.empty(rows, dtype=np.int64)
    for j in range(1, columns + 1):
        if row_of[j] > 0:
            chosen[row_of[j] - 1] = j - 1
    return chosen
