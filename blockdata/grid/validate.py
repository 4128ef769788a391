"""Is a drawn layer of grids fit for use? Every fault with its polygon, its size and its cure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.grid import layer_checks as checks
from blockdata.grid.datum_check import KnownPoints, find_wrong_datum
from blockdata.grid.findings import Finding, refuse

__all__ = ["Finding", "KnownPoints", "Tolerances", "refuse", "validate_layer"]


@dataclass(frozen=True)
class Tolerances:
    """What is still let pass."""

    overlap_m2: float = 1.0
    gap_m2: float = 1.0
    sliver_width_m: float = 3.0
    crossing_m2: float = 10.0


@dataclass(frozen=True)
class _Layer:
    shapes: NDArray[Any]
    keys: list[str]
    crs: Any


def validate_layer(
    polygons: Any,
    keys: Sequence[Any] | None = None,
    *,
    communities: Any = None,
    community_names: Sequence[Any] | None = None,
    outline: Any = None,
    known: KnownPoints | None = None,
    tolerances: Tolerances | None = None,
) -> list[Finding]:
    """All faults of a layer, the ones that hide others first.

    Args:
        polygons: GeoSeries (its CRS is checked) or array of shapely shapes, in degrees.
        keys: the grids' codes; the series' index or 0, 1, … where left out.
        communities: polygons of the communities; grids that cross them are found.
        community_names: their names.
        outline: one polygon that the grids must fill; without it only enclosed gaps are found.
        known: address points with the grid each lies in; a layer in GCJ-02 or BD-09 is found.
        tolerances: areas and widths that are let pass.

    Returns:
        Findings; empty where the layer is sound. ``refuse(findings)`` raises BadLayer.
    """
    layer, allowed = _read(polygons, keys), tolerances or Tolerances()
    found = checks.find_emptiness(layer.shapes, layer.keys)
    drawn = ~(shapely.is_missing(layer.shapes) | shapely.is_empty(layer.shapes))
    drawn &= np.isin(shapely.get_type_id(layer.shapes), (3, 6))
    shapes, names = layer.shapes[drawn], [layer.keys[k] for k in np.flatnonzero(drawn)]
    if not len(shapes):
        return found
    misplaced = checks.find_wrong_crs(shapes, layer.crs)
    if misplaced:  # nothing can be measured before this is mended
        return found + misplaced
    found += checks.find_duplicate_keys(layer.keys)
    found += checks.find_self_intersections(shapes, names)
    sound = shapely.is_valid(shapes)
    shapes, names = shapes[sound], [names[k] for k in np.flatnonzero(sound)]
    if not len(shapes):
        return found
    if known is not None:
        found += find_wrong_datum(shapes, names, known)
    plane = checks.Plane.about(shapes)
    metric = plane.lay(shapes)
    found += checks.find_overlaps(plane, metric, names, allowed.overlap_m2)
    edge = None if outline is None else plane.lay(np.array([outline], dtype=object))[0]
    found += checks.find_gaps(plane, metric, names, allowed.gap_m2, edge)
    found += checks.find_slivers(plane, metric, names, allowed.sliver_width_m)
    if communities is not None:
        around = _read(communities, community_names)
        found += checks.find_community_crossings(
            metric, names, plane.lay(around.shapes), around.keys, allowed.crossing_m2
        )
    return found


def _read(polygons: Any, keys: Sequence[Any] | None) -> _Layer:
    shapes = np.empty(len(polygons), dtype=object)
    shapes[:] = list(polygons)
    if keys is None:
        own = getattr(polygons, "index", None)
        keys = range(len(shapes)) if own is None or callable(own) else list(own)
    return _Layer(shapes, [str(key) for key in keys], getattr(polygons, "crs", None))
