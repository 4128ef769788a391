"""Room for buildings along the roads of one community, in metres (EPSG:4547)."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
import shapely

from blockdata.crs import to_metric
from ingest.synthetic.arrays import Bools, Floats, Ints, Shapes, Texts
from ingest.synthetic.geography.model import Geography

# Half the width of a road with its pavement, metres, and what stands at none of them.
_HALF_WIDTH_M = {"trunk": 16.0, "primary": 13.0, "secondary": 9.0, "tertiary": 6.5}
_HALF_WIDTH_M |= {"residential": 4.0, "unclassified": 4.5, "living_street": 2.5, "service": 2.5}
_NARROW_M = 1.8
_NO_FRONTAGE = ("motorway", "trunk")
# Roads on a community's border belong to one side only, and to which depends on what is built
# around it. Only what lies farther in counts, so that a community is the same at every scale.
_BORDER_M = 1.0
_MARGIN_M = 12.0
_CORNER_M = 4.0
_APART_M = 1.2


@dataclass(frozen=True)
class Ground:
    """One community's ground: what may be built on, and its inner roads.

    Attributes:
        outline: the community, metres.
        free: where buildings may stand: away from the border and from water.
        paths: (m,) inner roads, LineStrings in metres.
        lines: (m,) the same in WGS 84.
        length_m, half_width_m: (m,).
        fronted: (m,) whether buildings may stand at it.
        road_class, name_zh: (m,) text; the name is "" where there is none.
    """

    outline: shapely.Geometry
    free: shapely.Geometry
    paths: Shapes
    lines: Shapes
    length_m: Floats
    half_width_m: Floats
    fronted: Bools
    road_class: Texts
    name_zh: Texts


@dataclass(frozen=True)
class Plots:
    """Rectangles along roads, one row each; metres.

    Attributes:
        x, y: centre of the rectangle.
        tx, ty: unit vector along the road.
        side: +1 left of the road as drawn, -1 right.
        road: row of ``Ground.paths``.
        front_m, depth_m: size along and away from the road.
        away_m: from the road's axis to the centre.
    """

    x: Floats
    y: Floats
    tx: Floats
    ty: Floats
    side: Floats
    road: Ints
    front_m: Floats
    depth_m: Floats
    away_m: Floats

    def __len__(self) -> int:
        return len(self.x)

    def take(self, rows: Any) -> Self:
        """Some of the rows."""
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))

    def rectangles(self) -> Shapes:
        """(n,) Polygons, counter-clockwise or clockwise by side."""
        corners = np.stack([np.stack(self.at(a, b), -1) for a, b in _CORNERS], axis=1)
        return np.asarray(shapely.polygons(corners), dtype=object)

    def at(self, along: Any, outward: Any) -> tuple[Floats, Floats]:
        """Points in the rectangle's own frame: half fronts along, half depths off the road."""
        u = np.asarray(along) * self.front_m / 2
        v = np.asarray(outward) * self.depth_m / 2 * self.side
        return self.x + u * self.tx - v * self.ty, self.y + u * self.ty + v * self.tx

    def road_points(self) -> tuple[Floats, Floats]:
        """The points of the road's axis in front of each plot."""
        v = self.away_m * self.side
        return self.x + v * self.ty, self.y - v * self.tx


_CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


def joined(parts: list[Plots]) -> Plots:
    """All the rows of several, in order."""
    return Plots(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Plots)))


def metric(shapes: Any) -> Any:
    """Geometries of WGS 84 degrees in metres."""

    def project(points: Floats) -> Floats:
        return np.column_stack(to_metric(points[:, 0], points[:, 1]))

    return shapely.transform(shapes, project)


def ground_of(geography: Geography, row: int) -> Ground:
    """The ground of the community in one row of ``geography.communities``."""
    outline = metric(geography.communities["outline"].iloc[row])
    free = outline.buffer(-_MARGIN_M)
    water = geography.water["outline"].to_numpy()
    if len(water):
        near = shapely.intersects(water, geography.communities["outline"].iloc[row])
        free = shapely.difference(free, shapely.union_all(metric(water[near])).buffer(3.0))
    roads = geography.segments[geography.segments["community"].to_numpy() == row]
    paths = metric(roads["path"].to_numpy())
    middle = shapely.line_interpolate_point(paths, 0.5, normalized=True)
    inner = shapely.distance(middle, outline.boundary) > _BORDER_M
    roads, paths = roads[inner], paths[inner]
    road_class = roads["road_class"].to_numpy(dtype=object)
    open_air = ~(roads["bridge"].to_numpy(dtype=bool) | roads["tunnel"].to_numpy(dtype=bool))
    fronted = np.array([not (c.endswith("_link") or c in _NO_FRONTAGE) for c in road_class], bool)
    return Ground(
        outline=outline,
        free=free,
        paths=paths,
        lines=roads["path"].to_numpy(),
        length_m=shapely.length(paths),
        half_width_m=np.array([_HALF_WIDTH_M.get(c, _NARROW_M) for c in road_class]),
        fronted=fronted & open_air,
        road_class=road_class,
        name_zh=roads["name_zh"].fillna("").to_numpy(dtype=object),
    )


class Layout:
    """Plots taken so far on one ground; hands out more that touch neither them nor a road."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._roads = shapely.STRtree(ground.paths)
        self._taken: list[Shapes] = []
        shapely.prepare(ground.free)

    def lay(
        self, roads: Ints, size_m: tuple[float, float], gap_m: float, back_m: float, wanted: int
    ) -> Plots:
        """Up to ``wanted`` plots along ``roads``, those first that come first.

        Args:
            roads: (k,) rows of the ground's paths, the best first.
            size_m: front and depth of each plot.
            gap_m: between neighbours.
            back_m: from the road's edge to the plot.
            wanted: how many.
        """
        plots = self._candidates(roads, size_m, gap_m, back_m)
        shapes = plots.rectangles()
        sound = shapely.contains_properly(self.ground.free, shapes)
        plots, shapes = plots.take(sound), shapes[sound]
        # About half fall away on corners and neighbours: look at several times as many.
        plots, shapes = plots.take(slice(6 * wanted + 60)), shapes[: 6 * wanted + 60]
        clear = np.ones(len(plots), dtype=bool)
        clear[self._roads.query(shapes, predicate="dwithin", distance=_APART_M)[0]] = False
        if self._taken:
            taken = shapely.STRtree(np.concatenate(self._taken))
            clear[taken.query(shapes, predicate="dwithin", distance=_APART_M)[0]] = False
        plots, shapes = plots.take(clear), shapes[clear]
        kept = _first_come(shapes)[:wanted]
        self._taken.append(shapes[kept])
        return plots.take(kept)

    def _candidates(
        self, roads: Ints, size_m: tuple[float, float], gap_m: float, back_m: float
    ) -> Plots:
        ground = self.ground
        step = size_m[0] + gap_m
        room = ground.length_m[roads] - 2 * _CORNER_M + gap_m
        fitting = np.maximum(np.floor(room / step).astype(np.int64), 0)
        road = np.repeat(roads, fitting)
        index = np.arange(fitting.sum()) - np.repeat(np.cumsum(fitting) - fitting, fitting)
        start = (ground.length_m[road] - np.repeat(fitting, fitting) * step + gap_m) / 2
        at = start + index * step + size_m[0] / 2
        before = shapely.get_coordinates(
            shapely.line_interpolate_point(ground.paths[road], at - size_m[0] / 2)
        )
        behind = shapely.get_coordinates(
            shapely.line_interpolate_point(ground.paths[road], at + size_m[0] / 2)
        )
        centre = (before + behind) / 2
        along = behind - before
        length = np.hypot(along[:, 0], along[:, 1])
        tangent = along / np.where(length > 0, length, 1.0)[:, None]
        away = ground.half_width_m[road] + back_m + size_m[1] / 2
        sides = [
            Plots(
                x=centre[:, 0] - tangent[:, 1] * away * side,
                y=centre[:, 1] + tangent[:, 0] * away * side,
                tx=tangent[:, 0],
                ty=tangent[:, 1],
                side=np.full(len(road), side),
                road=road,
                front_m=np.full(len(road), size_m[0]),
                depth_m=np.full(len(road), size_m[1]),
                away_m=away,
            )
            for side in (1.0, -1.0)
        ]
        both = joined(sides)
        order = np.argsort(np.tile(np.arange(len(road)), 2), kind="stable")
        return both.take(order[np.tile(length > 0, 2)[order]])


def _first_come(shapes: Shapes) -> Ints:
    """Rows of a largest-first-come set of shapes that keep their distance from each other."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_APART_M)
    earlier = second < first
    order = np.lexsort((second[earlier], first[earlier]))
    kept = [True] * len(shapes)
    pairs = zip(first[earlier][order].tolist(), second[earlier][order].tolist(), strict=True)
    for late, early in pairs:
        if kept[early]:
            kept[late] = False
    return np.flatnonzero(kept)
