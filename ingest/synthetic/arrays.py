"""Types of arrays, and geometries and codes as columns to load."""

from typing import Any, cast

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Shapes = NDArray[np.object_]
Dates = NDArray[np.datetime64]
Codes = NDArray[np.bytes_]


def points(x: ArrayLike, y: ArrayLike) -> Shapes:
    """(n,) Points."""
    return cast("Shapes", shapely.points(np.asarray(x, dtype=np.float64), np.asarray(y)))


def wkb(shapes: Shapes) -> pa.Array:
    """(n,) geometries as a column of WKB bytes."""
    return pa.array(shapely.to_wkb(shapes), pa.binary())


def text(codes: Codes) -> pa.Array:
    """(n,) ASCII bytes of one width as a column of text."""
    return pa.array(codes, pa.binary()).cast(pa.string())


def constant(value: int, count: int) -> NDArray[np.int32]:
    """(n,) one number again and again, as an area's id in its rows."""
    return np.full(count, value, dtype=np.int32)


def multipolygon(shape: Any) -> shapely.MultiPolygon:
    """A Polygon or MultiPolygon as a MultiPolygon."""
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
