"""What else draws grids: load-weighted k-means, on its own cells and on road blocks, and max-p."""

import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.grid.layer_checks import Plane
from blockdata.grid.planner.blocks import Blocks
from blockdata.grid.planner.problem import Community

NEAR_ROAD_M = 3.0
STEP_M = 5.0


def k_means(
    xy: NDArray[np.float64], weight: NDArray[np.float64], count: int, seed: int, rounds: int = 100
) -> NDArray[np.float64]:
    """Centres of weighted k-means: k-means++ start, Lloyd's rounds until nothing moves."""
    rng = np.random.default_rng(seed)
    weight = weight + 1e-6
    centres = np.empty((count, 2))
    away = np.full(len(xy), np.inf)
    chosen = rng.choice(len(xy), p=weight / weight.sum())
    for k in range(count):
        centres[k] = xy[chosen]
        away = np.minimum(away, ((xy - centres[k]) ** 2).sum(axis=1))
        chance = weight * away
        total = chance.sum()
        chosen = rng.choice(len(xy), p=chance / total) if total > 0 else rng.integers(len(xy))
    own = nearest(xy, centres)
    for _ in range(rounds):
        mass = np.bincount(own, weights=weight, minlength=count)
        moved = np.stack(
            [np.bincount(own, weights=weight * xy[:, k], minlength=count) for k in (0, 1)], axis=1
        )
        held = mass > 0
        centres[held] = moved[held] / mass[held, None]
        again = nearest(xy, centres)
        if (again == own).all():
            break
        own = again
    return centres


def nearest(xy: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """The nearest centre of each point."""
    return ((xy[:, None, :] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)


def cells(given: Community, plane: Plane, centres: NDArray[np.float64]) -> NDArray[np.object_]:
    """The Voronoi cells of the centres (metres) within the community (degrees)."""
    outline = plane.lay(np.array([given.outline], dtype=object))[0]
    if len(centres) == 1:
        return np.array([outline], dtype=object)
    drawn = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=outline.buffer(500))
    )
    return shapely.intersection(drawn, outline)


def road_share(given: Community, plane: Plane, grids: NDArray[np.object_]) -> tuple[float, float]:
    """Length of borders inside the community (m), and of the part within 3 m of a road.

    Measured alike for every way of drawing: pieces of at most 5 m, by their middles.
    """
    borders = shapely.union_all(shapely.boundary(grids))
    edge = shapely.boundary(plane.lay(np.array([given.outline], dtype=object)))[0]
    at, line = shapely.get_coordinates(
        shapely.get_parts(shapely.segmentize(borders, STEP_M)), return_index=True
    )
    same = line[1:] == line[:-1]
    middle = shapely.points((at[1:] + at[:-1])[same] / 2)
    length = np.hypot(*(at[1:] - at[:-1])[same].T)
    shapely.prepare(edge)
    inner = ~shapely.dwithin(edge, middle, 1.0)
    middle, length = middle[inner], length[inner]
    if not len(middle):
        return 0.0, 0.0
    roads = shapely.STRtree(plane.lay(given.roads.path))
    near = np.zeros(len(middle), dtype=bool)
    near[roads.query(middle, predicate="dwithin", distance=NEAR_ROAD_M)[0]] = True
    return float(length.sum()), float(length[near].sum())


@contextmanager
def within_seconds(limit: int) -> Iterator[None]:
    """Raise TimeoutError where the work takes longer."""

    def stop(*_: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def max_p(blocks: Blocks, least: float, seed: int) -> NDArray[np.int64]:
    """spopt's max-p regions of the blocks: as many as can be, each with a load of at least so much.

    Blocks are alike where they are near, so that regions are compact. Places are told in whole
    steps of a metre or so: with fractions its search takes rounding for progress and never ends.
    """
    import geopandas
    from libpysal.weights import W
    from spopt.region import MaxPHeuristic

    centre = np.round(shapely.get_coordinates(shapely.centroid(blocks.shape)) * 1e5)
    frame = geopandas.GeoDataFrame(
        {"x": centre[:, 0], "y": centre[:, 1], "load": blocks.load}, geometry=blocks.shape
    )
    neighbours: dict[int, list[int]] = {k: [] for k in range(len(blocks))}
    for a, b in blocks.pairs.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    np.random.seed(seed)  # noqa: NPY002 -- what spopt draws from
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MaxPHeuristic(frame, W(neighbours), ["x", "y"], "load", least, 2)
        model.solve()
    return np.unique(np.asarray(model.labels_), return_inverse=True)[1].ravel()
