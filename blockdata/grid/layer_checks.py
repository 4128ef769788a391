"""The single checks of a drawn layer; ``validate`` runs them in order.

Faults are measured on a local plane: degrees times metres per degree, so that an edge which is
straight as drawn stays straight. In EPSG:4547 a five-kilometre edge would bow by 0.2 m, and
neighbours with different corners along it would seem to overlap.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.crs import to_metric
from blockdata.grid.findings import Finding, named
from blockdata.text import Text

Shapes = NDArray[Any]


@dataclass(frozen=True)
class Plane:
    """A flat piece of ground about a middle point; true to 0.2% over a district."""

    lon: float
    lat: float
    east_m_per_degree: float
    north_m_per_degree: float

    @classmethod
    def about(cls, shapes: Shapes) -> "Plane":
        """The plane about the middle of the shapes (degrees)."""
        west, south, east, north = shapely.total_bounds(shapes)
        lon, lat = (west + east) / 2, (south + north) / 2
        step = 1e-3
        x, y = to_metric([lon - step, lon + step, lon, lon], [lat, lat, lat - step, lat + step])
        across, up = np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[3] - x[2], y[3] - y[2])
        return cls(lon, lat, float(across) / (2 * step), float(up) / (2 * step))

    def lay(self, shapes: Shapes) -> Shapes:
        """Shapes in degrees as metres from the middle."""
        middle = np.array([self.lon, self.lat])
        scale = np.array([self.east_m_per_degree, self.north_m_per_degree])
        laid: Shapes = shapely.transform(shapes, lambda xy: (xy - middle) * scale)
        return laid

    def place(self, shape: Any) -> dict[str, float]:
        """A point inside a shape of the plane, in degrees, so that a fault is found on the map."""
        point = shapely.point_on_surface(shape)
        if point.is_empty:
            return {}
        lon = self.lon + point.x / self.east_m_per_degree
        lat = self.lat + point.y / self.north_m_per_degree
        return {"lon": round(lon, 7), "lat": round(lat, 7)}


def find_emptiness(shapes: Shapes, keys: list[str]) -> list[Finding]:
    """No polygons at all, missing or empty shapes, and shapes that are lines or points."""
    if len(shapes) == 0:
        return [
            Finding(
                "empty-layer",
                (),
                Text("图层中没有任何面", "the layer has no polygons"),
                Text("检查导出的图层与筛选条件", "check which layer and filter was exported"),
            )
        ]
    void = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    found = [
        Finding(
            "empty",
            (keys[position],),
            Text(f"面 {keys[position]} 没有形状", f"polygon {keys[position]} has no shape"),
            Text("补绘该面或删除该行", "draw the polygon or delete its row"),
        )
        for position in np.flatnonzero(void)
    ]
    for position in np.flatnonzero(~void & ~np.isin(shapely.get_type_id(shapes), (3, 6))):
        kind = shapes[position].geom_type
        found.append(
            Finding(
                "not-polygon",
                (keys[position],),
                Text(f"{keys[position]} 是 {kind},不是面", f"{keys[position]} is a {kind}"),
                Text("只保留面要素", "keep polygons only"),
            )
        )
    return found


def find_wrong_crs(shapes: Shapes, crs: Any) -> list[Finding]:
    """A declared system that is not WGS 84, numbers that are not degrees, or latitude first."""
    west, south, east, north = shapely.total_bounds(shapes)
    box = {"west": west, "south": south, "east": east, "north": north}
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    swapped = max(abs(west), abs(east)) <= 90 < max(abs(south), abs(north)) <= 180
    if crs is not None and not _is_wgs84(crs):
        detail = Text(f"图层声明的坐标系为 {crs.name}", f"the layer declares {crs.name}")
    elif swapped:
        return [
            Finding(
                "swapped-axes",
                (),
                Text("经纬度次序颠倒(纬度在前)", "latitude stands before longitude"),
                Text("交换 x 与 y 后重新导出", "swap x and y and export again"),
                box,
            )
        ]
    elif not degrees:
        detail = Text(
            f"坐标不是经纬度(x 最大 {east:.0f})", f"the numbers are not degrees (x to {east:.0f})"
        )
    else:
        return []
    cure = Text("转换为 WGS 84(EPSG:4326)后再导入", "convert it to WGS 84 (EPSG:4326) first")
    return [Finding("wrong-crs", (), detail, cure, box)]


def _is_wgs84(crs: Any) -> bool:
    """WGS 84 or CGCS2000 in degrees: alike to a decimetre here."""
    return bool(crs.is_geographic) and (
        crs.to_epsg(min_confidence=20) in {4326, 4490, 4979} or "CRS84" in str(crs)
    )


def find_duplicate_keys(keys: list[str]) -> list[Finding]:
    """Keys that stand more than once."""
    return [
        Finding(
            "duplicate-key",
            (key,),
            Text(f"编码 {key} 出现 {count} 次", f"key {key} stands {count} times"),
            Text("改正编码,或合并为一个多部件面", "correct the key, or merge into one multi-part"),
            {"count": count},
        )
        for key, count in Counter(keys).items()
        if count > 1
    ]


def find_self_intersections(shapes: Shapes, keys: list[str]) -> list[Finding]:
    """Outlines that cross or touch themselves wrongly, with the place."""
    found = []
    for position in np.flatnonzero(~shapely.is_valid(shapes)):
        reason = shapely.is_valid_reason(shapes[position])
        key = keys[position]
        found.append(
            Finding(
                "self-intersection",
                (key,),
                Text(f"面 {key} 边界无效:{reason}", f"polygon {key} is invalid: {reason}"),
                Text("在该处修正边界(QGIS“修复几何”)", "mend the outline there (fix geometries)"),
                {"reason": reason},
            )
        )
    return found


def find_overlaps(plane: Plane, metric: Shapes, keys: list[str], least_m2: float) -> list[Finding]:
    """Pairs of polygons that share ground."""
    first, second = shapely.STRtree(metric).query(metric, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    common = shapely.intersection(metric[first], metric[second])
    area_m2 = shapely.area(common)
    found = []
    for k in np.flatnonzero(area_m2 >= least_m2):
        a, b, size = keys[first[k]], keys[second[k]], float(area_m2[k])
        found.append(
            Finding(
                "overlap",
                (a, b),
                Text(f"面 {a} 与 {b} 重叠 {size:.1f} m²", f"{a} and {b} overlap by {size:.1f} m²"),
                Text("把重叠部分划给其中一个", "give the common ground to one of them"),
                {"area_m2": size, **plane.place(common[k])},
            )
        )
    return found


def find_gaps(
    plane: Plane, metric: Shapes, keys: list[str], least_m2: float, outline: Any = None
) -> list[Finding]:
    """Ground inside the layer (or inside ``outline``) that belongs to no polygon."""
    whole = shapely.union_all(metric)
    if outline is None:
        rings = [hole for part in shapely.get_parts(whole) for hole in part.interiors]
        holes = shapely.polygons(rings) if rings else np.empty(0, dtype=object)
    else:
        holes = shapely.get_parts(shapely.difference(outline, whole))
    tree = shapely.STRtree(metric)
    found = []
    for hole in holes:
        if hole.area < least_m2:
            continue
        around = tuple(keys[k] for k in sorted(tree.query(hole, predicate="dwithin", distance=0.5)))
        names, size = named(around), hole.area
        found.append(
            Finding(
                "gap",
                around,
                Text(f"{names} 之间有 {size:.1f} m² 空隙", f"{size:.1f} m² free between {names}"),
                Text("把空隙划给相邻的面", "give the gap to a neighbour"),
                {"area_m2": size, "width_m": _width_m(hole), **plane.place(hole)},
            )
        )
    return found


def find_slivers(
    plane: Plane, metric: Shapes, keys: list[str], least_width_m: float
) -> list[Finding]:
    """Polygons, or parts of polygons, thinner than a lane: slips of the drawing hand."""
    parts, owner = shapely.get_parts(metric, return_index=True)
    found = []
    for part, position in zip(parts, owner, strict=True):
        width, key = _width_m(part), keys[position]
        if width >= least_width_m:
            continue
        found.append(
            Finding(
                "sliver",
                (key,),
                Text(
                    f"面 {key} 有宽仅 {width:.2f} m 的碎片({part.area:.1f} m²)",
                    f"polygon {key} has a sliver {width:.2f} m wide ({part.area:.1f} m²)",
                ),
                Text("并入相邻的面", "merge it into a neighbour"),
                {"area_m2": part.area, "width_m": width, **plane.place(part)},
            )
        )
    return found


def find_community_crossings(
    metric: Shapes, keys: list[str], communities: Shapes, names: list[str], least_m2: float
) -> list[Finding]:
    """Grids that lie in more than one community; one grid lies in exactly one."""
    grid, community = shapely.STRtree(communities).query(metric, predicate="intersects")
    area_m2 = shapely.area(shapely.intersection(metric[grid], communities[community]))
    found = []
    for position in np.unique(grid):
        mine = np.flatnonzero((grid == position) & (area_m2 >= least_m2))
        if mine.size < 2:
            continue
        shares = {names[community[k]]: float(area_m2[k]) for k in mine}
        listed = ", ".join(f"{name} {size:.1f} m²" for name, size in shares.items())
        key = keys[position]
        found.append(
            Finding(
                "crosses-community",
                (key,),
                Text(f"网格 {key} 跨社区:{listed}", f"grid {key} crosses communities: {listed}"),
                Text("沿社区边界切开", "cut it along the communities' boundary"),
                {"area_m2_by_community": shares},
            )
        )
    return found


def _width_m(shape: Any) -> float:
    """Mean width of a long thin shape: twice its area over its perimeter."""
    return float(2 * shape.area / shape.length) if shape.length else 0.0
