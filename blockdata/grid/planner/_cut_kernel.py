"""Numbers only: where a straight line best parts the buildings of a block."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def best_cut(x, y, reach, load):
    """The straight line that best parts a block's buildings: (angle, offset, clear width).

    Of 12 directions and every gap between buildings that leaves 30–70% of the load on a side (any
    gap where there is none), the one with the shortest crossing, the widest gap, and fair halves.
    The line is all points with x·cos(angle) + y·sin(angle) = offset.

    Args:
        x, y: (m,) metres, m ≥ 2.
        reach: (m,) half the width of each building, metres.
        load: (m,) load of each.
    """
    total = load.sum()
    best, best_angle, best_offset, best_gap = np.inf, 0.0, 0.0, 0.0
    for narrow in (True, False):
        for turn in range(12):
            angle = np.pi * turn / 12
            along = x * np.cos(angle) + y * np.sin(angle)
            across = -x * np.sin(angle) + y * np.cos(angle)
            span = across.max() - across.min() + 1.0
            order = np.argsort(along)
            front, share = -np.inf, 0.0
            for i in range(order.size - 1):
                here, after = order[i], order[i + 1]
                front = max(front, along[here] + reach[here])
                share += load[here] / total if total > 0 else 1.0 / order.size
                if narrow and (share < 0.3 or share > 0.7):
                    continue
                if along[after] - along[here] < 0.01:
                    continue
                gap = along[after] - reach[after] - front
                score = span * (1.0 + 2.0 * abs(share - 0.5)) + 20.0 * max(0.0, 2.0 - gap)
                if score < best:
                    best, best_angle, best_gap = score, angle, gap
                    low, high = along[here] + reach[here], along[after] - reach[after]
                    if high <= low:
                        low, high = along[here], along[after]
                    best_offset = (low + high) / 2
        if best < np.inf:
            break
    return best_angle, best_offset, best_gap
