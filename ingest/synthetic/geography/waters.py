"""Rivers, reservoirs and the sea of a synthetic district."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.crs import WGS84_CRS, from_metric
from ingest.synthetic.geography.bends import displace, warp
from ingest.synthetic.geography.drawing import Drawing

_SEA_M = 4000.0  # how far the sea is drawn off the coast


def water_polygons(drawing: Drawing, rng: np.random.Generator) -> NDArray[np.object_]:
    """Rivers and reservoirs in drawn order; metres, not yet warped."""
    shapes: list[Any] = []
    for water in drawing.waters:
        if water.width_m is None:
            ring = np.vstack([water.points, water.points[:1]])
            shapes.append(_without_crossings(shapely.Polygon(displace(ring, rng, 0.12, 60.0))))
        else:
            line = shapely.linestrings(displace(water.points, rng, 0.10, 90.0))
            shapes.append(shapely.buffer(line, water.width_m / 2, quad_segs=4, cap_style="flat"))
    return np.array(shapes)


def water_frame(
    drawing: Drawing, polygons: NDArray[np.object_], district: shapely.Geometry
) -> gpd.GeoDataFrame:
    """The ``water`` of a ``Geography``: inland water of the district, and the sea off its coast.

    Args:
        drawing: names, and the drawn coast.
        polygons: of ``water_polygons``.
        district: outline of the whole district, warped, metres.
    """
    inland = [shapely.intersection(_warped(p), district) for p in polygons]
    coast = drawing.points[drawing.coast]
    run = coast[-1] - coast[0]
    off = np.array([-run[1], run[0]]) / np.hypot(*run)
    middle = np.array([shapely.centroid(district).x, shapely.centroid(district).y])
    if off @ (middle - coast.mean(axis=0)) > 0:
        off = -off
    # the band reaches inland, and the district is taken out of it
    ring = np.vstack([coast - 1500.0 * off, coast[::-1] + _SEA_M * off])
    sea = shapely.difference(shapely.make_valid(shapely.polygons(ring)), district)
    parts = shapely.get_parts(sea)
    sea = parts[shapely.area(parts).argmax()]
    names = [water.name for water in drawing.waters]
    kinds = ["reservoir" if water.width_m is None else "river" for water in drawing.waters]
    return gpd.GeoDataFrame(
        {
            "name_zh": [name.zh for name in names] + [drawing.sea.zh],
            "name_en": [name.en for name in names] + [drawing.sea.en],
            "kind": [*kinds, "sea"],
        },
        geometry=[as_multipolygon(shape) for shape in [*inland, sea]],
        crs=WGS84_CRS,
    ).rename_geometry("outline")


def as_multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """A polygonal geometry in metres as a MultiPolygon in WGS 84."""
    parts = shapely.get_parts(shape)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    lonlat = shapely.transform(parts, lambda xy: np.column_stack(from_metric(xy[:, 0], xy[:, 1])))
    return shapely.MultiPolygon(list(lonlat))


def _without_crossings(polygon: shapely.Geometry) -> shapely.Geometry:
    """The largest part of a polygon whose bent border may cross itself."""
    if shapely.is_valid(polygon):
        return polygon
    parts = shapely.get_parts(shapely.make_valid(polygon))
    largest: shapely.Geometry = parts[shapely.area(parts).argmax()]
    return largest


def _warped(polygon: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shapely.segmentize(polygon, 40.0), warp)
