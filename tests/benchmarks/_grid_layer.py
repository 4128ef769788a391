"""A made-up layer of base grids and points clustered on it, for the grid benchmark and tests.

The grids are Voronoi cells clipped to a box; every shared boundary is densified and bent once, so
that neighbours keep identical coordinates, as a well-drawn layer has.
"""

import numpy as np
import shapely
from scipy.spatial import Voronoi

WEST, SOUTH = 113.76, 22.56
KM_LON, KM_LAT = 1 / 102.8, 1 / 110.75  # degrees per kilometre here
SIDE_KM = 19.925  # 397 km² in a square


def make_layer(polygons=4866, vertices=40, seed=1):
    """Polygons (array of shapely Polygon, degrees) that tile 397 km².

    Every polygon has at least ``vertices`` vertices; a few hundredths have many more.
    """
    rng = np.random.default_rng(seed)
    seeds = _seeds(rng, polygons)
    mirrored = [seeds]
    for axis in range(2):  # mirror images make every cell finite and the outline a square
        for wall in (0.0, 1.0):
            image = seeds.copy()
            image[:, axis] = 2 * wall - image[:, axis]
            mirrored.append(image)
    diagram = Voronoi(np.concatenate(mirrored))
    corners = np.round(np.clip(diagram.vertices, 0.0, 1.0), 12)
    bends = _Bends(rng, corners)
    shapes = np.empty(polygons, dtype=object)
    for k in range(polygons):
        ring = diagram.regions[diagram.point_region[k]]
        shapes[k] = (ring, corners[ring])
    return np.array([_outline(ring, xy, bends, vertices) for ring, xy in shapes], dtype=object)


def make_points(n=5_380_000, polygons_seed=1, seed=2, shuffled=True):
    """Distinct points (lon, lat float64 [n]) as people live: 31 around each of many buildings.

    Buildings gather in towns; one point in a hundred lies anywhere, some of them outside.
    """
    rng = np.random.default_rng((polygons_seed, seed))
    buildings = max(n // 31, 1)
    towns = rng.random((60, 2))
    town = rng.choice(60, size=buildings, p=rng.dirichlet(np.full(60, 1.5)))
    place = np.clip(towns[town] + rng.normal(0, 0.035, (buildings, 2)), 0.0, 1.0)
    at = place[np.sort(rng.integers(0, buildings, n))] + rng.normal(0, 8e-3 / SIDE_KM, (n, 2))
    anywhere = rng.random(n) < 0.01
    at[anywhere] = rng.random((int(anywhere.sum()), 2)) * 1.04 - 0.02
    if shuffled:
        rng.shuffle(at)
    return _degrees(at)


def _seeds(rng, n):
    """Seeds evened out twice (Lloyd on a sample), so that cells are alike in size but not equal."""
    seeds = rng.random((n, 2))
    sample = rng.random((n * 40, 2))
    from scipy.spatial import cKDTree

    for _ in range(2):
        nearest = cKDTree(seeds).query(sample)[1]
        count = np.bincount(nearest, minlength=n)
        mean = np.stack([np.bincount(nearest, sample[:, a], n) for a in (0, 1)], axis=1)
        seeds = np.where(count[:, None] > 0, mean / np.maximum(count, 1)[:, None], seeds)
    return seeds


class _Bends:
    """One bent line per shared boundary, made on first use and reused in reverse."""

    def __init__(self, rng, corners):
        self.rng, self.corners, self.lines = rng, corners, {}

    def line(self, i, j, steps):
        low, high = min(i, j), max(i, j)
        if (low, high) not in self.lines:
            a, b = self.corners[low], self.corners[high]
            t = np.linspace(0, 1, steps + 1)[1:-1, None]
            across = np.array([a[1] - b[1], b[0] - a[0]])
            wave = np.cumsum(self.rng.normal(0, 0.35 / steps, steps - 1))[:, None]
            wave = (wave - t * wave[-1] if len(wave) else wave) * 0.5
            on_wall = bool(((a == b) & ((a == 0.0) | (a == 1.0))).any())
            inner = a + t * (b - a) + (0 if on_wall else np.sin(np.pi * t) * wave) * across
            self.lines[low, high] = np.clip(inner, 0.0, 1.0)
        inner = self.lines[low, high]
        return inner if i < j else inner[::-1]


def _outline(ring, xy, bends, vertices):
    steps = -(-vertices // 3)  # a cell has three corners or more
    parts = []
    for k, i in enumerate(ring):
        j = ring[(k + 1) % len(ring)]
        parts.append(xy[k : k + 1])
        parts.append(bends.line(i, j, steps))
    return shapely.Polygon(np.column_stack(_degrees(np.concatenate(parts))))


def _degrees(at):
    return WEST + at[:, 0] * SIDE_KM * KM_LON, SOUTH + at[:, 1] * SIDE_KM * KM_LAT
