"""Kernels of the point → polygon index: tracing edges through cells, packing cells, locating.

Everything runs in *cell units*: longitude and latitude minus the table's origin, times cells per
degree; column = floor(x), row = floor(y). Cells are treated as a hair wider than they are
(``SKIRT``), so that rounding never decides which cell sees an edge.

A cell that needs a test is a *record* of 32-bit words, read as int32 or float32::

    number of tested polygons, answer if none holds the point,
    then per tested polygon: its position, number of segments,
    then per segment: x from, x to, y at x from, dy/dx      (within the cell, 0 … 1)

A point is inside when an odd number of a polygon's segments lie straight below it. Where the
outline of the polygon leaves through the bottom of the cell, the inside stretch of the bottom
closes it as one more segment, so nothing outside the cell is ever read. A point closer than
``DOUBT`` to a segment or to the end of one is settled on the whole polygons with exact arithmetic.
"""

import numpy as np
from numba import njit

SKIRT = 2e-6  # cell units; segments are kept this far beyond the cell
MARK = 3e-6  # cell units; an edge this near to a cell is seen by the cell
DOUBT = 1e-6  # cell units; ten float32 roundings, so a hundredth of a millimetre
OUTSIDE = -1
BLOCK = 1024
NO_POLYGON = 2147483647
MOST_COMPARED = 512  # edges of one cell that are compared pair by pair

_SPLIT = 134217729.0  # 2**27 + 1
_FILTER = 3.3306690738754716e-16  # Shewchuk's bound (3 + 16ε)ε of the two-product orientation test


@njit(cache=True, nogil=True)
def _x_at(x0, y0, x1, y1, y):
    """Where the line meets y; ends in one fixed order so that a twin edge gives the same number."""
    if y0 > y1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    return x0 + (y - y0) * ((x1 - x0) / (y1 - y0))


@njit(cache=True, nogil=True)
def trace(x0, y0, x1, y1, starts, columns, rows, stamp, full, out_cell, out_edge, out_from, out_to):
    """Follow every polygon's edges and interior through the cells.

    Args:
        x0, y0, x1, y1: float64 [edges], cell units, edges of one polygon together.
        starts: int64 [polygons + 1], first edge of each polygon.
        columns, rows: size of the table.
        stamp: int32 [cells], scratch, filled with -1.
        full: int32 [cells], receives the lowest polygon that holds the whole cell.
        out_cell, out_edge, out_from, out_to: receive one item per edge and cell (edge ≥ 0) or per
            inside stretch of a cell's bottom (edge = -1 - polygon, with its two ends); arrays of
            length 0 only count.

    Returns:
        Number of items.
    """
    fill = out_cell.size > 0
    items = 0
    row_first = np.zeros(rows + 2, np.int64)
    for polygon in range(starts.size - 1):
        first, last = starts[polygon], starts[polygon + 1]
        low_row, high_row = rows, 0
        crossings = 0
        for e in range(first, last):
            ylo, yhi = min(y0[e], y1[e]), max(y0[e], y1[e])
            r0, r1 = int(np.floor(ylo - MARK)), int(np.floor(yhi + MARK))
            low_row, high_row = min(low_row, r0), max(high_row, r1)
            for r in range(r0, r1 + 1):
                if ylo == yhi:
                    xa, xb = x0[e], x1[e]
                else:
                    xa = _x_at(x0[e], y0[e], x1[e], y1[e], max(ylo, r - MARK))
                    xb = _x_at(x0[e], y0[e], x1[e], y1[e], min(yhi, r + 1 + MARK))
                c0 = int(np.floor(min(xa, xb) - MARK))
                c1 = int(np.floor(max(xa, xb) + MARK))
                for c in range(c0, c1 + 1):
                    cell = r * columns + c
                    stamp[cell] = polygon
                    if fill:
                        out_cell[items] = cell
                        out_edge[items] = e
                    items += 1
                if (y0[e] <= r - SKIRT) != (y1[e] <= r - SKIRT):
                    crossings += 1
        # the bottoms of the rows: where each line enters and leaves the polygon
        row_first[low_row : high_row + 2] = 0
        for e in range(first, last):
            ylo, yhi = min(y0[e], y1[e]), max(y0[e], y1[e])
            for r in range(int(np.floor(ylo - MARK)), int(np.floor(yhi + MARK)) + 1):
                if (y0[e] <= r - SKIRT) != (y1[e] <= r - SKIRT):
                    row_first[r + 1] += 1
        for r in range(low_row, high_row + 1):
            row_first[r + 1] += row_first[r]
        at = np.empty(crossings, np.float64)
        used = np.zeros(high_row - low_row + 1, np.int64)
        for e in range(first, last):
            ylo, yhi = min(y0[e], y1[e]), max(y0[e], y1[e])
            for r in range(int(np.floor(ylo - MARK)), int(np.floor(yhi + MARK)) + 1):
                if (y0[e] <= r - SKIRT) != (y1[e] <= r - SKIRT):
                    at[row_first[r] + used[r - low_row]] = _x_at(
                        x0[e], y0[e], x1[e], y1[e], r - SKIRT
                    )
                    used[r - low_row] += 1
        for r in range(low_row, high_row + 1):
            line = np.sort(at[row_first[r] : row_first[r + 1]])
            for k in range(0, line.size - 1, 2):
                xa, xb = line[k], line[k + 1]
                for c in range(int(np.floor(xa - SKIRT)), int(np.floor(xb + SKIRT)) + 1):
                    cell = r * columns + c
                    if stamp[cell] != polygon:
                        full[cell] = min(full[cell], polygon)
                        continue
                    if fill:
                        out_cell[items] = cell
                        out_edge[items] = -1 - polygon
                        out_from[items] = max(xa - c, -SKIRT)
                        out_to[items] = min(xb - c, 1.0 + SKIRT)
                    items += 1
    return items


@njit(cache=True, nogil=True)
def _clip(x0, y0, x1, y1, seg, k):
    """Clip an edge (cell-local) to the skirted cell; writes x from, x to, y from, slope."""
    if x0 > x1 or (x0 == x1 and y0 > y1):
        x0, y0, x1, y1 = x1, y1, x0, y0
    low, high = -SKIRT, 1.0 + SKIRT
    dx, dy = x1 - x0, y1 - y0
    t0, t1 = 0.0, 1.0
    for axis in range(2):
        start, step = (x0, dx) if axis == 0 else (y0, dy)
        if step == 0.0:
            if start < low or start > high:
                return False
            continue
        ta, tb = (low - start) / step, (high - start) / step
        if ta > tb:
            ta, tb = tb, ta
        t0, t1 = max(t0, ta), min(t1, tb)
    if t0 > t1:
        return False
    seg[k, 0] = x0 if t0 == 0.0 else x0 + t0 * dx
    seg[k, 1] = x1 if t1 == 1.0 else x0 + t1 * dx
    seg[k, 2] = y0 if t0 == 0.0 else y0 + t0 * dy
    seg[k, 3] = dy / dx if dx > 0.0 else 0.0
    return True


@njit(cache=True, nogil=True)
def _is_partition(seg, owner, twin, n):
    """Whether the cell's polygons share it out without gap or overlap.

    True when every edge runs once in each direction, from two polygons, and the stretches of the
    bottom add up to one width: then the number of polygons over any point is one everywhere.
    """
    if n > MOST_COMPARED:
        return False
    width = 0.0
    for i in range(n):
        if twin[i] == 0:
            width += seg[i, 1] - seg[i, 0]
            continue
        met = 0
        for j in range(n):
            if j != i and abs(twin[j]) == abs(twin[i]):
                if twin[j] == twin[i] or owner[j] == owner[i]:
                    return False
                met += 1
        if met != 1:
            return False
    return abs(width - 1.0) < 0.01


@njit(cache=True, nogil=True)
def pack(
    x0, y0, x1, y1, polygon_of, twin_of, columns,
    cell, edge, x_from, x_to, full, table, words, reals,
):  # fmt: skip
    """Turn sorted items into the table and the packed records.

    Args:
        x0, y0, x1, y1: float64 [edges], cell units.
        polygon_of: int32 [edges].
        twin_of: int64 [edges], signed number of the undirected edge (never 0), sign = direction.
        columns: columns of the table.
        cell, edge, x_from, x_to: items of ``trace`` sorted by cell, then polygon.
        full: int32 [cells], lowest polygon that holds the whole cell, or ``NO_POLYGON``.
        table: int32 [cells], receives the answer, or -2 - word offset of the record.
        words, reals: the same buffer as int32 and float32; length 0 only counts.

    Returns:
        Number of words.
    """
    fill = words.size > 0
    end = 0
    for c in range(full.size):
        table[c] = OUTSIDE if full[c] == NO_POLYGON else full[c]
    i = 0
    while i < cell.size:
        here = cell[i]
        j = i
        while j < cell.size and cell[j] == here:
            j += 1
        seg = np.empty((j - i, 4), np.float64)
        owner = np.empty(j - i, np.int32)
        twin = np.zeros(j - i, np.int64)
        cx, cy = float(here % columns), float(here // columns)
        n = 0
        for k in range(i, j):
            e = edge[k]
            if e < 0:
                polygon = np.int32(-1 - e)
                seg[n, 0], seg[n, 1], seg[n, 2], seg[n, 3] = x_from[k], x_to[k], -SKIRT, 0.0
                kept, mark = True, np.int64(0)
            else:
                polygon, mark = polygon_of[e], twin_of[e]
                kept = _clip(x0[e] - cx, y0[e] - cy, x1[e] - cx, y1[e] - cy, seg, n)
            if kept and polygon < full[here]:
                owner[n], twin[n] = polygon, mark
                n += 1
        default = OUTSIDE if full[here] == NO_POLYGON else full[here]
        dropped = np.int32(-1)
        if default == OUTSIDE and n > 0 and _is_partition(seg, owner, twin, n):
            heaviest = 0
            a = 0
            while a < n:
                b = a
                while b < n and owner[b] == owner[a]:
                    b += 1
                if b - a > heaviest:
                    heaviest, dropped = b - a, owner[a]
                a = b
            default = dropped
        head = end
        end += 2
        tested = 0
        a = 0
        while a < n:
            b = a
            while b < n and owner[b] == owner[a]:
                b += 1
            if owner[a] != dropped:
                if fill:
                    words[end], words[end + 1] = owner[a], b - a
                    for k in range(a, b):
                        for w in range(4):
                            reals[end + 2 + 4 * (k - a) + w] = seg[k, w]
                end += 2 + 4 * (b - a)
                tested += 1
            a = b
        if tested == 0:
            end = head
            table[here] = default
        else:
            if fill:
                words[head], words[head + 1] = tested, default
            table[here] = -2 - head
        i = j
    return end


@njit(cache=True, nogil=True)
def _two_product(a, b):
    p = a * b
    c = _SPLIT * a
    ah = c - (c - a)
    al = a - ah
    c = _SPLIT * b
    bh = c - (c - b)
    bl = b - bh
    return p, al * bl - (((p - ah * bh) - al * bh) - ah * bl)


@njit(cache=True, nogil=True)
def _exact_orientation(ax, ay, bx, by, cx, cy):
    """Sign of the determinant summed without any rounding (six exact products, one expansion)."""
    parts = np.zeros(13, np.float64)
    size = 0
    for k in range(6):
        if k == 0:
            high, low = _two_product(ax, by)
        elif k == 1:
            high, low = _two_product(-ax, cy)
        elif k == 2:
            high, low = _two_product(-cx, by)
        elif k == 3:
            high, low = _two_product(-ay, bx)
        elif k == 4:
            high, low = _two_product(ay, cx)
        else:
            high, low = _two_product(cy, bx)
        for half in range(2):
            q = low if half == 0 else high
            for s in range(size):  # grow the expansion: exact sum and roundoff of each addition
                total = q + parts[s]
                virtual = total - q
                parts[s] = (q - (total - virtual)) + (parts[s] - virtual)
                q = total
            parts[size] = q
            size += 1
    for s in range(size - 1, -1, -1):
        if parts[s] != 0.0:
            return 1 if parts[s] > 0.0 else -1
    return 0


@njit(cache=True, nogil=True)
def orientation(ax, ay, bx, by, cx, cy):
    """1 where c lies left of a → b, -1 right, 0 exactly on the line; never wrong (Shewchuk)."""
    left = (ax - cx) * (by - cy)
    right = (ay - cy) * (bx - cx)
    det = left - right
    bound = _FILTER * (abs(left) + abs(right))
    if det > bound:
        return 1
    if -det > bound:
        return -1
    return _exact_orientation(ax, ay, bx, by, cx, cy)


@njit(cache=True, nogil=True)
def covers(ax, ay, bx, by, first, last, x, y):
    """Whether the polygon of edges first … last - 1 holds the point, its outline included."""
    inside = False
    for e in range(first, last):
        y0, y1 = ay[e], by[e]
        if y < min(y0, y1) or y > max(y0, y1) or x > max(ax[e], bx[e]):
            continue
        if x < min(ax[e], bx[e]):
            if (y0 > y) != (y1 > y):
                inside = not inside
            continue
        side = orientation(ax[e], y0, bx[e], y1, x, y)
        if side == 0:
            return True
        if (y0 > y) != (y1 > y) and (side > 0) == (y1 > y0):
            inside = not inside
    return inside


@njit(cache=True, nogil=True)
def _settle(words, p, ax, ay, bx, by, starts, x, y):
    """The lowest polygon of a record that holds the point, by the exact test."""
    best = NO_POLYGON
    default = words[p + 1]
    if default >= 0 and covers(ax, ay, bx, by, starts[default], starts[default + 1], x, y):
        best = default
    q = p + 2
    for _ in range(words[p]):
        owner = words[q]
        if owner < best and covers(ax, ay, bx, by, starts[owner], starts[owner + 1], x, y):
            best = owner
        q += 2 + 4 * words[q + 1]
    return np.int32(OUTSIDE) if best == NO_POLYGON else np.int32(best)


@njit(cache=True, nogil=True)
def _in_record(words, reals, p, x, y):
    """The polygon at (x, y) within the cell of record p, or -2 where it is too close to call."""
    q = p + 2
    for _ in range(words[p]):
        owner = words[q]
        count = words[q + 1]
        q += 2
        odd = False
        doubt = False
        for _s in range(count):
            left = x - reals[q]
            right = reals[q + 1] - x
            slope = reals[q + 3]
            above = y - (reals[q + 2] + slope * left)
            spans = (left >= 0.0) & (right > 0.0)
            odd ^= spans & (above > 0.0)
            doubt |= (abs(left) < DOUBT) | (abs(right) < DOUBT)
            doubt |= spans & (abs(above) < DOUBT * (1.0 + abs(slope)))
            q += 4
        if doubt:
            return np.int32(-2)
        if odd:
            return owner
    return words[p + 1]


@njit(cache=True, nogil=True)
def locate(
    lon, lat, frame, columns, rows, table, words, reals, ax, ay, bx, by, starts, out
):  # fmt: skip
    """Position of the polygon that holds each point, -1 outside or not a number.

    Args:
        lon, lat: float64 [points], degrees.
        frame: float64 [4]: west, south, columns per degree, rows per degree.
        columns, rows: size of the table, whose cell 0 is outside every polygon.
        table: int32 [cells]; words, reals: the packed records.
        ax, ay, bx, by, starts: whole polygons in degrees, for the exact test.
        out: int32 [points], receives the positions.

    Returns:
        Number of points that needed the exact test.
    """
    west, south, per_lon, per_lat = frame[0], frame[1], frame[2], frame[3]
    todo = np.empty(BLOCK, np.int64)
    exact = 0
    for start in range(0, lon.size, BLOCK):
        stop = min(start + BLOCK, lon.size)
        waiting = 0
        # first all look-ups of a block without a branch, so that the loads overlap …
        for i in range(start, stop):
            x = (lon[i] - west) * per_lon
            y = (lat[i] - south) * per_lat
            known = (x >= 0.0) & (x < columns) & (y >= 0.0) & (y < rows)
            column = np.uint64(x if known else 0.0)
            row = np.uint64(y if known else 0.0)
            code = table[row * np.uint64(columns) + column]
            out[i] = code
            todo[waiting] = i
            waiting += np.int64(code < -1)
        # … then the points whose cell has edges
        for k in range(waiting):
            i = todo[k]
            x = (lon[i] - west) * per_lon
            y = (lat[i] - south) * per_lat
            p = np.int64(-2) - np.int64(out[i])
            answer = _in_record(words, reals, p, x - np.floor(x), y - np.floor(y))
            if answer == -2:
                answer = _settle(words, p, ax, ay, bx, by, starts, lon[i], lat[i])
                exact += 1
            out[i] = answer
    return exact
