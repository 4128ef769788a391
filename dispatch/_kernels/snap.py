"""Kernels that find the nearest point on the nearest usable segment.

Pieces are the straight runs between consecutive vertices of the segments' paths: piece v joins
vertex v to v + 1 of the same segment. A lattice over longitude and latitude lists the pieces that
touch each cell. Distances are metres in the plane tangent at the asked point (WGS 84 radii of
curvature there), which errs by less than 1 mm within the kilometre that a snap may span.
"""

import numpy as np
from numba import njit

_A_M = 6378137.0
_E2 = 0.00669437999014
_HAIR_M = 1e-6  # distances to cells are rounded


@njit(cache=True, nogil=True)
def metres_per_degree(lat):
    """Metres per degree of longitude and of latitude at a latitude, on the WGS 84 ellipsoid."""
    phi = np.radians(lat)
    w = 1.0 - _E2 * np.sin(phi) ** 2
    per_lon = np.radians(1.0) * _A_M * np.cos(phi) / np.sqrt(w)
    per_lat = np.radians(1.0) * _A_M * (1.0 - _E2) / (w * np.sqrt(w))
    return per_lon, per_lat


@njit(cache=True, nogil=True)
def _cells_of(path, segment_of, v, lattice, out):
    """Write the cells that piece v touches into ``out``; returns how many (may repeat)."""
    if v + 1 >= segment_of.size or segment_of[v] != segment_of[v + 1]:
        return 0
    west, south, step_lon, step_lat = lattice[0], lattice[1], lattice[2], lattice[3]
    n_lon, n_lat = int(lattice[4]), int(lattice[5])
    ax = (path[v, 0] - west) / step_lon
    ay = (path[v, 1] - south) / step_lat
    bx = (path[v + 1, 0] - west) / step_lon
    by = (path[v + 1, 1] - south) / step_lat
    parts = int(max(abs(bx - ax), abs(by - ay))) + 1
    n = 0
    for p in range(parts):
        px = ax + (bx - ax) * p / parts
        py = ay + (by - ay) * p / parts
        qx = ax + (bx - ax) * (p + 1) / parts
        qy = ay + (by - ay) * (p + 1) / parts
        # a hair wider than the piece, so that rounding never leaves a touched cell out
        low_i = max(0, int(np.floor(min(px, qx) - 1e-9)))
        high_i = min(n_lon - 1, int(np.floor(max(px, qx) + 1e-9)))
        low_j = max(0, int(np.floor(min(py, qy) - 1e-9)))
        high_j = min(n_lat - 1, int(np.floor(max(py, qy) + 1e-9)))
        for j in range(low_j, high_j + 1):
            for i in range(low_i, high_i + 1):
                if n < out.size:
                    out[n] = j * n_lon + i
                n += 1
    return n


@njit(cache=True, nogil=True)
def lattice(path, segment_of, frame):
    """CSR of pieces by cell: ``first`` int32[cells + 1], ``piece`` int32[...].

    ``frame`` is west, south, steps in degrees, and cells along each axis.
    """
    n_cells = int(frame[4]) * int(frame[5])
    first = np.zeros(n_cells + 1, np.int32)
    out = np.empty(1 << 16, np.int64)
    for v in range(segment_of.size):
        n = _cells_of(path, segment_of, v, frame, out)
        for c in range(n):
            first[out[c] + 1] += 1
    for c in range(n_cells):
        first[c + 1] += first[c]
    fill = first[:-1].copy()
    piece = np.empty(first[-1], np.int32)
    for v in range(segment_of.size):
        n = _cells_of(path, segment_of, v, frame, out)
        for c in range(n):
            piece[fill[out[c]]] = v
            fill[out[c]] += 1
    return first, piece


@njit(cache=True, nogil=True)
def _beyond_m(x, low, high, per_degree):
    """Metres from a coordinate to a run of coordinates, 0 inside it."""
    return max(low - x, x - high, 0.0) * per_degree


@njit(cache=True, nogil=True)
def _to_edge(x, low, high, step):
    """From within cells ``low`` up to ``high`` to the nearer edge of them, along one axis."""
    return min(x - low * step, high * step - x)


@njit(cache=True, nogil=True)
def _cell(x, step, n):
    """The cell of a coordinate, or the one of the ``n`` that is nearest to it."""
    return int(min(max(np.floor(x / step), 0.0), n - 1.0))


@njit(cache=True, nogil=True)
def _ends(low, high, n):
    """``low`` and ``high``, those of them that are in 0 … n - 1, as a range with its step."""
    if low < 0:
        return (high, high, 1) if high < n else (0, -1, 1)
    return (low, high, high - low) if high < n else (low, low, 1)


@njit(cache=True, nogil=True)
def _snap_one(
    lon, lat, usable, path, segment_of, first, piece, lattice, max_distance_m,
    segment, vertex, share, distance_m,
):  # fmt: skip
    """The nearest of one point for every mode, into the last four arrays.

    A point out of reach of the whole lattice is done with at once. Else cells are looked at ring by
    ring, those farther than what all modes have found already not at all: each cell once at most,
    wherever the point lies (near a pole a degree of longitude has no length, and the rings would
    have no end). ``vertex`` and ``share`` say where on the piece the nearest point lies.
    """
    west, south, step_lon, step_lat = lattice[0], lattice[1], lattice[2], lattice[3]
    n_lon, n_lat = int(lattice[4]), int(lattice[5])
    per_lon, per_lat = metres_per_degree(lat)
    n_modes = len(usable)
    reach = max(max_distance_m)  # nothing beyond this matters to any mode
    off_lon_m = _beyond_m(lon, west, west + n_lon * step_lon, per_lon)
    off_lat_m = _beyond_m(lat, south, south + n_lat * step_lat, per_lat)
    if not off_lon_m * off_lon_m + off_lat_m * off_lat_m <= (reach + _HAIR_M) ** 2:  # NaN too
        return
    ci = _cell(lon - west, step_lon, n_lon)
    cj = _cell(lat - south, step_lat, n_lat)
    rings = max(ci, n_lon - 1 - ci, cj, n_lat - 1 - cj)  # to the farthest cell
    for r in range(rings + 1):
        if r > 0:  # the edge of what the rings so far have covered
            edge_lon = _to_edge(lon - west, ci - r + 1, ci + r, step_lon)
            edge_lat = _to_edge(lat - south, cj - r + 1, cj + r, step_lat)
            if reach < min(edge_lon * per_lon, edge_lat * per_lat) - _HAIR_M:
                break
        for j in range(max(0, cj - r), min(n_lat - 1, cj + r) + 1):
            off_lat_m = _beyond_m(lat, south + j * step_lat, south + (j + 1) * step_lat, per_lat)
            first_i, last_i, step = max(0, ci - r), min(n_lon - 1, ci + r), 1
            if abs(j - cj) != r:  # of the rows between only the two ends belong to the ring
                first_i, last_i, step = _ends(ci - r, ci + r, n_lon)
            for i in range(first_i, last_i + 1, step):
                off_lon_m = _beyond_m(lon, west + i * step_lon, west + (i + 1) * step_lon, per_lon)
                if off_lon_m * off_lon_m + off_lat_m * off_lat_m > (reach + _HAIR_M) ** 2:
                    continue
                c = j * n_lon + i
                for e in range(first[c], first[c + 1]):
                    v = piece[e]
                    ax = (path[v, 0] - lon) * per_lon
                    ay = (path[v, 1] - lat) * per_lat
                    bx = (path[v + 1, 0] - lon) * per_lon
                    by = (path[v + 1, 1] - lat) * per_lat
                    dx = bx - ax
                    dy = by - ay
                    square = dx * dx + dy * dy
                    t = 0.0
                    if square > 0.0:
                        t = -(ax * dx + ay * dy) / square
                    if t <= 0.0:
                        t, x, y = 0.0, ax, ay
                    elif t >= 1.0:
                        t, x, y = 1.0, bx, by
                    else:
                        x, y = ax + t * dx, ay + t * dy
                    d = np.sqrt(x * x + y * y)
                    if d > reach:
                        continue
                    s = segment_of[v]
                    for m in range(n_modes):
                        nearer = d < distance_m[m] or (d == distance_m[m] and s < segment[m])
                        if nearer and d <= max_distance_m[m] and usable[m][s]:
                            segment[m], vertex[m], share[m], distance_m[m] = s, v, t, d
                    reach = min(distance_m[0], max_distance_m[0])
                    for m in range(1, n_modes):
                        reach = max(reach, min(distance_m[m], max_distance_m[m]))


@njit(cache=True, nogil=True)
def _part(whole, fraction, side):
    """Time from the tail of an arc to a place on it; the rule stands in ``network.costs``."""
    ahead = fraction if side == 0 else 1.0 - fraction
    return np.int64(np.floor(np.int64(whole) * ahead + 0.5))


@njit(cache=True, nogil=True)
def put_on_network(
    lon, lat, usable, through_ms, max_distance_m, access_mps,
    path, so_far_m, segment_of, length_m, first, piece, lattice,
):  # fmt: skip
    """Points (lon, lat float64[q]) on the networks of some modes, in one look at the streets.

    ``usable`` bool[m] and ``through_ms`` int32[m, 2] by segment are tuples of one per mode,
    ``max_distance_m`` and ``access_mps`` numbers. For each mode the nearest point on the
    nearest usable segment; of segments equally near the one with the lowest number.

    Returns by mode and point ``whole`` int64[modes, q, 6]: segment (-1 where none is within reach),
    ms to the road (0 where none), by direction ms from the arc's tail, by direction ms to its head
    (-1 where closed); and ``spot`` float64[modes, q, 4]: fraction of the segment, distance (inf
    where none), lon and lat on the road (the point's own where none).
    """
    shape = (len(usable), lon.size)
    whole = np.full((*shape, 6), -1, np.int64)
    spot = np.zeros((*shape, 4))
    segment = np.empty(len(usable), np.int64)
    vertex = np.zeros(len(usable), np.int64)
    share = np.zeros(len(usable))
    distance_m = np.empty(len(usable))
    for p in range(lon.size):
        segment[:] = -1
        distance_m[:] = np.inf
        _snap_one(
            lon[p], lat[p], usable, path, segment_of, first, piece, lattice, max_distance_m,
            segment, vertex, share, distance_m,
        )  # fmt: skip
        for m in range(len(usable)):
            times, at = whole[m, p], spot[m, p]
            times[1] = 0
            at[1], at[2], at[3] = distance_m[m], lon[p], lat[p]
            s, v, t = segment[m], vertex[m], share[m]
            if s < 0:
                continue
            times[0] = s
            times[1] = np.int64(np.floor(distance_m[m] / access_mps[m] * 1000.0 + 0.5))
            along_m = so_far_m[v] + t * (so_far_m[v + 1] - so_far_m[v])
            if length_m[s] > 0.0:
                at[0] = min(max(along_m / length_m[s], 0.0), 1.0)
            at[2] = path[v, 0] + t * (path[v + 1, 0] - path[v, 0])
            at[3] = path[v, 1] + t * (path[v + 1, 1] - path[v, 1])
            for side in range(2):
                ms = through_ms[m][s, side]
                if ms >= 0:
                    times[2 + side] = _part(ms, at[0], side)
                    times[4 + side] = ms - times[2 + side]
    return whole, spot
