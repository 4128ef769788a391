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


@njit(cache=True, nogil=True)
def metres_per_degree(lat):
    """Metres per degree of longitude and of latitude at a latitude, on the WGS 84 ellipsoid."""
    phi = np.radians(lat)
    w = 1.0 - _E2 * np.sin(phi) ** 2
    per_lon = np.radians(1.0) * _A_M * np.cos(phi) / np.sqrt(w)
    per_lat = np.radians(1.0) * _A_M * (1.0 - _E2) / (w * np.sqrt(w))
    return per_lon, per_lat


@njit(cache=True, nogil=True)
def _cells_of(path, segment_of, v, west, south, step_lon, step_lat, n_lon, n_lat, out):
    """Write the cells that piece v touches into ``out``; returns how many (may repeat)."""
    if v + 1 >= segment_of.size or segment_of[v] != segment_of[v + 1]:
        return 0
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
def lattice(path, segment_of, west, south, step_lon, step_lat, n_lon, n_lat):
    """CSR of pieces by cell: ``first`` int32[cells + 1], ``piece`` int32[...]."""
    first = np.zeros(n_lon * n_lat + 1, np.int32)
    out = np.empty(1 << 16, np.int64)
    for v in range(segment_of.size):
        n = _cells_of(path, segment_of, v, west, south, step_lon, step_lat, n_lon, n_lat, out)
        for c in range(n):
            first[out[c] + 1] += 1
    for c in range(n_lon * n_lat):
        first[c + 1] += first[c]
    fill = first[:-1].copy()
    piece = np.empty(first[-1], np.int32)
    for v in range(segment_of.size):
        n = _cells_of(path, segment_of, v, west, south, step_lon, step_lat, n_lon, n_lat, out)
        for c in range(n):
            piece[fill[out[c]]] = v
            fill[out[c]] += 1
    return first, piece


@njit(cache=True, nogil=True)
def snap(
    lon, lat, usable, path, so_far_m, segment_of, first, piece,
    west, south, step_lon, step_lat, n_lon, n_lat, max_distance_m,
):  # fmt: skip
    """Nearest point on the nearest usable segment for every asked point (lon, lat float64[q]).

    ``usable`` bool[m] by segment. Returns ``segment`` int32[q] (-1 where none is within
    ``max_distance_m``), metres along its path, distance in metres, and the point's lon and lat.
    Of segments equally near the one with the lowest number is taken.
    """
    q = lon.size
    segment = np.full(q, -1, np.int32)
    along_m = np.zeros(q)
    distance_m = np.full(q, np.inf)
    at_lon = lon.copy()
    at_lat = lat.copy()
    for p in range(q):
        per_lon, per_lat = metres_per_degree(lat[p])
        cell_m = min(step_lon * per_lon, step_lat * per_lat)
        ci = int(np.floor((lon[p] - west) / step_lon))
        cj = int(np.floor((lat[p] - south) / step_lat))
        rings = int(max_distance_m / cell_m) + 1
        best = np.inf
        for r in range(rings + 1):
            if best <= (r - 1) * cell_m:
                break
            for j in range(max(0, cj - r), min(n_lat - 1, cj + r) + 1):
                inner = abs(j - cj) < r
                i = ci - r
                while i <= ci + r:
                    if 0 <= i < n_lon:
                        c = j * n_lon + i
                        for e in range(first[c], first[c + 1]):
                            v = piece[e]
                            s = segment_of[v]
                            if not usable[s]:
                                continue
                            ax = (path[v, 0] - lon[p]) * per_lon
                            ay = (path[v, 1] - lat[p]) * per_lat
                            bx = (path[v + 1, 0] - lon[p]) * per_lon
                            by = (path[v + 1, 1] - lat[p]) * per_lat
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
                            if d < best or (d == best and s < segment[p]):
                                best = d
                                segment[p] = s
                                along_m[p] = so_far_m[v] + t * (so_far_m[v + 1] - so_far_m[v])
                                at_lon[p] = path[v, 0] + t * (path[v + 1, 0] - path[v, 0])
                                at_lat[p] = path[v, 1] + t * (path[v + 1, 1] - path[v, 1])
                    i += 2 * r if inner else 1
        if best > max_distance_m:
            segment[p] = -1
            at_lon[p] = lon[p]
            at_lat[p] = lat[p]
        else:
            distance_m[p] = best
    return segment, along_m, distance_m, at_lon, at_lat


@njit(cache=True, nogil=True)
def split(through_ms, segment, fraction):
    """Times from the tail of each arc to a place on it, and from there to its head, int64[q, 2].

    ``through_ms`` int32[m, 2] by segment and direction, -1 where closed; so are the answers there.
    The rule of rounding stands in ``dispatch.network.costs``.
    """
    to_ms = np.full((segment.size, 2), -1, np.int64)
    from_ms = np.full((segment.size, 2), -1, np.int64)
    for p in range(segment.size):
        if segment[p] < 0:
            continue
        for side in range(2):
            whole = np.int64(through_ms[segment[p], side])
            if whole < 0:
                continue
            ahead = fraction[p] if side == 0 else 1.0 - fraction[p]
            to_ms[p, side] = np.int64(np.floor(whole * ahead + 0.5))
            from_ms[p, side] = whole - to_ms[p, side]
    return to_ms, from_ms


@njit(cache=True, nogil=True)
def put_on_network(
    lon, lat, usable, path, so_far_m, segment_of, first, piece,
    west, south, step_lon, step_lat, n_lon, n_lat, max_distance_m,
    length_m, through_ms, access_mps,
):  # fmt: skip
    """``snap`` and what follows from it for points float64[q]; all columns of a place.

    Returns segment, metres along it, fraction, distance, ms to the road (0 where there is none),
    lon and lat on the road, and the two of ``split``.
    """
    segment, along_m, distance_m, at_lon, at_lat = snap(
        lon, lat, usable, path, so_far_m, segment_of, first, piece,
        west, south, step_lon, step_lat, n_lon, n_lat, max_distance_m,
    )  # fmt: skip
    fraction = np.zeros(segment.size)
    access_ms = np.zeros(segment.size, np.int64)
    for p in range(segment.size):
        if segment[p] < 0:
            continue
        if length_m[segment[p]] > 0.0:
            fraction[p] = min(max(along_m[p] / length_m[segment[p]], 0.0), 1.0)
        access_ms[p] = np.int64(np.floor(distance_m[p] / access_mps * 1000.0 + 0.5))
    to_ms, from_ms = split(through_ms, segment, fraction)
    return segment, along_m, fraction, distance_m, access_ms, at_lon, at_lat, to_ms, from_ms
