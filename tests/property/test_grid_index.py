"""The index answers as shapely's ``covers`` does, at edges and corners too."""

from fractions import Fraction

import numpy as np
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blockdata.grid._index_kernel import orientation
from blockdata.grid.index import GridIndex

STEP = 1 / 1024  # a power of two: lattice coordinates and midpoints are exact
calm = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def lowest(polygons, lon, lat):
    """The rule, spelled out: the lowest position whose polygon covers the point."""
    points = shapely.points(lon, lat)
    out = np.full(len(lon), -1)
    for position in range(len(polygons) - 1, -1, -1):
        out[shapely.covers(polygons[position], points)] = position
    return out


def degrees(xy):
    return np.array([113.75, 22.5]) + np.asarray(xy, dtype=float) * STEP


@st.composite
def shapes(draw):
    """Unions of lattice boxes and triangles: holes, parts, touching corners, slanted edges."""
    box = st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 7)] * 2)
    corner = st.tuples(st.integers(0, 16), st.integers(0, 16))
    parts = [
        shapely.box(x, y, x + w, y + h)
        for x, y, w, h in draw(st.lists(box, min_size=1, max_size=4))
    ]
    parts += [
        t
        for t in (shapely.Polygon(c) for c in draw(st.lists(st.tuples(*[corner] * 3), max_size=2)))
        if t.area > 0
    ]
    cut = [shapely.box(x, y, x + w, y + h) for x, y, w, h in draw(st.lists(box, max_size=2))]
    shape = shapely.difference(shapely.union_all(parts), shapely.union_all(cut))
    shape = shapely.transform(shape, degrees)
    kept = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(kept)


layers = st.lists(shapes(), min_size=1, max_size=4).map(
    lambda found: [s for s in found if not s.is_empty and s.is_valid]
)


def telling_points(polygons, rng):
    """Corners, edge midpoints, their nearest neighbours in floating point, and anything else."""
    xy = shapely.get_coordinates(polygons)
    middle = (xy[:-1] + xy[1:]) / 2
    exact = np.concatenate([xy, middle])
    nudged = [
        np.nextafter(exact, exact + np.array([dx, dy])) for dx, dy in [(1, 0), (-1, 1), (0, -1)]
    ]
    anywhere = degrees(rng.uniform(-2, 20, (200, 2)))
    lattice = degrees(
        np.stack(np.meshgrid(np.arange(-1, 20), np.arange(-1, 20)), -1).reshape(-1, 2)
    )
    return np.concatenate([exact, *nudged, anywhere, lattice]).T


@calm
@given(layers, st.sampled_from([4, 60, 900, 20_000]), st.integers(0, 2**32 - 1))
def test_equals_covers_everywhere(polygons, cells, seed):
    if not polygons:
        return
    lon, lat = telling_points(polygons, np.random.default_rng(seed))
    index = GridIndex.build(polygons, cells=cells)
    expected = lowest(polygons, lon, lat)
    got = index.locate(lon, lat)
    wrong = np.flatnonzero(got != expected)
    assert not wrong.size, [(lon[w], lat[w], got[w], expected[w]) for w in wrong[:5]]


@calm
@given(st.integers(0, 2**32 - 1), st.sampled_from([30, 400, 5_000]))
def test_slanted_star_polygons_with_points_on_edges(seed, cells):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 40))
    radius = rng.uniform(0.3, 1.0, 40)
    ring = np.stack([113.9 + radius * np.cos(angle), 22.7 + radius * np.sin(angle)], axis=1)
    star = shapely.Polygon(ring)
    polygons = [p for p in (star, shapely.box(113.6, 22.4, 114.3, 22.8)) if p.is_valid]
    t = rng.random((39, 1))
    near = ring[:-1] + t * (ring[1:] - ring[:-1])  # within a rounding of the edge, on either side
    lon, lat = np.concatenate([near, ring]).T
    got = GridIndex.build(polygons, cells=cells).locate(lon, lat)
    assert (got == lowest(polygons, lon, lat)).all()


coordinate = st.floats(-180, 180, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-100)


@calm
@given(st.tuples(*[coordinate] * 4), st.floats(0, 1), st.integers(-2, 2), st.integers(-2, 2))
def test_orientation_is_never_wrong(ends, t, up, right):
    ax, ay, bx, by = ends
    cx, cy = ax + t * (bx - ax), ay + t * (by - ay)
    for _ in range(abs(right)):
        cx = float(np.nextafter(cx, cx + right))
    for _ in range(abs(up)):
        cy = float(np.nextafter(cy, cy + up))
    if (cx and abs(cx) < 1e-100) or (cy and abs(cy) < 1e-100):
        return
    f = [Fraction(v) for v in (ax, ay, bx, by, cx, cy)]
    det = (f[0] - f[4]) * (f[3] - f[5]) - (f[1] - f[5]) * (f[2] - f[4])
    assert orientation(ax, ay, bx, by, cx, cy) == (det > 0) - (det < 0)
