"""Which grid keeps which code: matched to old ones so that the fewest buildings change."""

import numpy as np
from numpy.typing import NDArray

from blockdata.errors import Conflict
from blockdata.grid.planner._match_kernel import assign
from blockdata.grid.planner.problem import Ints
from blockdata.text import Text

Codes = NDArray[np.str_]
MOST = 99


def match_codes(community: str, part: Ints, count: int, old_code: Codes, held: Codes) -> Codes:
    """Codes of grids drawn anew: each keeps the code of the old grid it shares most buildings with.

    All pairs together are chosen best (Hungarian method), not one after another.

    Args:
        community: 12 digits.
        part: (n,) new grid of each building.
        count: number of new grids.
        old_code: (n,) code of each building's grid today, empty for none.
        held: codes that the community uses today.

    Returns:
        (count,) codes, all different.
    """
    known = np.unique(held)
    size = max(count, len(known))
    shared = np.zeros((size, size))
    had = np.isin(old_code, known)
    np.add.at(shared, (part[had], np.searchsorted(known, old_code[had])), 1.0)
    column = assign(-shared)[:count]
    kept = [
        str(known[c]) if c < len(known) and shared[row, c] > 0 else ""
        for row, c in enumerate(column.tolist())
    ]
    return fill_codes(community, kept, known)


def fill_codes(community: str, kept: list[str], held: Codes) -> Codes:
    """Give the empty places the lowest numbers never used here, then ones no longer used.

    Raises:
        Conflict: more than 99 grids: two digits number them.
    """
    in_use = {code for code in kept if code}
    every = [f"{community}{number:02d}" for number in range(1, MOST + 1)]
    fresh = [code for code in every if code not in set(held.tolist()) | in_use]
    again = [code for code in every if code in set(held.tolist()) - in_use]
    free = iter(fresh + again)
    try:
        return np.array([code or next(free) for code in kept], dtype=np.str_)
    except StopIteration:
        raise Conflict(
            Text(
                f"社区 {community} 的网格超过 {MOST} 个", f"{community} has more than {MOST} grids"
            ),
            field="most_per_community",
            cure=Text("拆分社区,或调低上限", "divide the community, or lower the limit"),
        ) from None
