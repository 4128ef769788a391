"""Complementary suppression, certified sum by sum.

A suppressed sum is safe when another truth, which agrees with everything published, has it larger
(or smaller) by ``WIDTH``. Such a truth is looked for near the sum by a linear program that may buy
further suppressions: each published sum has a price, and the sums that the cheapest other truth
moves are suppressed too. What was published on earlier nights has no price: it cannot be taken
back. The program's answer changes only unknowns near the sum and keeps every published sum of the
whole system, so that it is a proof against an attack on all of it. Later suppressions take
nothing from it: they only leave the attacker with less.

The programs are those of Kelly, Golden & Assad, "Cell suppression: disclosure protection for
sensitive tabular data" (Networks 22, 1992), on sums of any shape in the place of a table.
"""

from collections import deque
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from blockdata.errors import Conflict
from blockdata.grid.publish.system import System
from blockdata.text import Text

SMALLEST_TOLD: Final = 10
WIDTH: Final = 5.0
"""Every suppressed count keeps an interval at least this wide."""
_TARGET = WIDTH + 0.01  # beyond the solver's tolerance
_MOVED = 1e-6
_LOCAL_SUM = 600  # sums of more unknowns do not lead the search on
_REACHES = (2, 4, None)  # steps from sum to sum; at last the whole system
_PRICE_OF_ZERO = 1e5

FREE, SUPPRESSED, TOLD = 0, 1, 2
"""A sum that is to be published, one that must not be, one that was published before."""

Status = NDArray[np.int8]


def protect(system: System, status: Status) -> Status:
    """Suppress as much more as it takes; returns the status of every sum.

    Args:
        system: everything published so far, and what is to be published now.
        status: of each sum: ``SUPPRESSED`` for small counts and for what was suppressed before,
            ``TOLD`` for what was published before, ``FREE`` for the rest.

    Raises:
        Conflict: what was published before gives a suppressed sum away already, as after a redraw
            that cuts out what two old sums differ by. Nothing is published then.
    """
    now = status.copy()
    columns = system.sums.tocsc()
    waiting = deque(np.flatnonzero(now == SUPPRESSED).tolist())
    safe = np.zeros(len(now), dtype=bool)
    while waiting:
        row = waiting.popleft()
        if safe[row]:
            continue
        change, bought = _cheapest_other_truth(system, columns, now, row)
        now[bought] = SUPPRESSED
        waiting.extend(bought.tolist())
        moved = np.abs(system.sums @ change)
        safe |= (moved >= WIDTH) & (now == SUPPRESSED)
    return now


def _cheapest_other_truth(
    system: System, columns: Any, status: Status, row: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A change of the unknowns that moves the sum by enough, and the sums it costs."""
    for reach in _REACHES:
        near = _near(system, columns, row, reach)
        found = [
            answer
            for sign in (1.0, -1.0)
            if (answer := _solve(system, columns, status, row, near, sign)) is not None
        ]
        if found:
            _, change, bought = min(found, key=lambda answer: answer[0])
            return change, bought
    raise Conflict(
        Text(
            "以往发布的数据已能推出一个应隐去的小数,本次不发布",
            "what was published before tells a count that has to stay hidden: nothing is published",
        ),
        field="grids",
        cure=Text(
            "不要启用切出该小格的网格版本,或将它并入相邻网格后再发布",
            "redraw the small grid together with a neighbour, then publish",
        ),
        unknowns=int(np.diff(system.sums.indptr)[row]),
    )


def _near(system: System, columns: Any, row: int, reach: int | None) -> NDArray[np.int64]:
    """The unknowns within so many steps of a sum."""
    if reach is None:
        return np.arange(system.sums.shape[1])
    sizes = np.diff(system.sums.indptr)
    own = np.zeros(system.sums.shape[1])
    own[system.sums.indices[system.sums.indptr[row] : system.sums.indptr[row + 1]]] = 1
    for _ in range(reach):
        touched = (system.sums @ own > 0) & (sizes <= _LOCAL_SUM)
        own = np.maximum(own, columns.T @ touched.astype(np.float64))
        own = (own > 0).astype(np.float64)
    return np.flatnonzero(own)


def _solve(
    system: System, columns: Any, status: Status, row: int, near: NDArray[np.int64], sign: float
) -> tuple[float, NDArray[np.float64], NDArray[np.int64]] | None:
    """The cheapest change near a sum in one direction: its price, itself, and what it buys."""
    local = columns[:, near].tocsr()
    touched = np.flatnonzero(np.diff(local.indptr))
    priced = touched[(status[touched] == FREE) & (touched != row)]
    fixed = touched[status[touched] == TOLD]
    slack = sparse.identity(len(priced), format="csr")
    none = sparse.csr_matrix
    equal = sparse.vstack([
        sparse.hstack([local[priced], -slack, slack]),
        sparse.hstack([local[fixed], none((len(fixed), 2 * len(priced)))]),
        sparse.hstack([local[[row]], none((1, 2 * len(priced)))]),
    ])  # fmt: skip
    right = np.zeros(equal.shape[0])
    right[-1] = sign * _TARGET
    price = _prices(system, priced)
    cost = np.concatenate([np.zeros(len(near)), price, price])
    bounds = np.full((len(cost), 2), [0.0, np.inf])
    bounds[: len(near), 0] = -system.unknowns[near]
    done = linprog(cost, A_eq=equal.tocsr(), b_eq=right, bounds=bounds, method="highs")
    if not done.success:
        return None
    change = np.zeros(system.sums.shape[1])
    change[near] = done.x[: len(near)]
    paid = done.x[len(near) : len(near) + len(priced)] + done.x[len(near) + len(priced) :]
    return float(done.fun), change, priced[paid > _MOVED]


def _prices(system: System, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """What it costs to suppress each sum: its count, so that the least is lost; zeros last."""
    values = system.sums[rows] @ system.unknowns
    prices: NDArray[np.float64] = np.where(values == 0, _PRICE_OF_ZERO, 1.0 + values)
    return prices
