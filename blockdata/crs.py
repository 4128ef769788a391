"""Coordinate systems: WGS 84, the shifted GCJ-02 and BD-09, and metres in EPSG:4547.

Everything is stored and served as WGS 84 longitude, latitude. Feeds declare their datum; here
GCJ-02 lies about 600 m off, so a missing or doubled shift gives plausible nonsense.

The GCJ-02 and BD-09 formulas are the ones published with the open implementations
(coordtransform, eviltransform); GCJ-02 uses the Krasovsky 1940 ellipsoid. Both inverses are
iterated to a fixed point: a single step errs by 1.3 m (GCJ-02) and up to 0.1 m (BD-09).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blockdata.errors import BadDatum
from blockdata.text import Text

if TYPE_CHECKING:
    from pyproj import Transformer

Datum = Literal["wgs84", "gcj02", "bd09"]
Floats = NDArray[np.float64]
LonLat = tuple[Floats, Floats]

METRIC_CRS = "EPSG:4547"
"""CGCS2000, three-degree zone at 114° E, in metres. Declared north first: always use always_xy."""
WGS84_CRS = "EPSG:4326"

_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_ANGLE = np.pi * 3000.0 / 180.0
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)  # outside this box GCJ-02 equals WGS 84
_MAX_ROUNDS = 20
_SETTLED_DEG = 2e-14  # about 2 nm, one unit in the last place of a longitude here


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> LonLat:
    """WGS 84 longitude and latitude of points given in ``datum``.

    Args:
        lon: degrees, any shape.
        lat: degrees, same shape.
        datum: what the numbers are in: ``wgs84``, ``gcj02`` or ``bd09``.

    Returns:
        Two float64 arrays of the given shape, degrees; NaN stays NaN.

    Raises:
        BadDatum: ``datum`` is none of the three.
    """
    points = _floats(lon, lat)
    _check(datum)
    if datum == "bd09":
        points = _inverse(_bd09_from_gcj02, points)
    if datum in {"bd09", "gcj02"}:
        points = _inverse(_gcj02_from_wgs84, points)
    return points


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> LonLat:
    """The reverse of ``to_wgs84``: WGS 84 points expressed in ``datum``."""
    points = _floats(lon, lat)
    _check(datum)
    if datum in {"bd09", "gcj02"}:
        points = _gcj02_from_wgs84(*points)
    if datum == "bd09":
        points = _bd09_from_gcj02(*points)
    return points


@lru_cache(maxsize=8)
def metric_transformer(crs: str = METRIC_CRS) -> "Transformer":
    """Transformer from WGS 84 longitude, latitude to metres east, north (x, y order always).

    ``direction="INVERSE"`` in its ``transform`` goes back. Made once per process and system.
    """
    from pyproj import Transformer

    return Transformer.from_crs(WGS84_CRS, crs, always_xy=True)


def to_metric(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """Metres east and north (EPSG:4547) of WGS 84 degrees; arrays of the given shape."""
    return _project(lon, lat, "FORWARD")


def from_metric(x_m: ArrayLike, y_m: ArrayLike) -> LonLat:
    """WGS 84 longitude, latitude in degrees of EPSG:4547 metres; arrays of the given shape."""
    return _project(x_m, y_m, "INVERSE")


def _project(x: ArrayLike, y: ArrayLike, direction: Any) -> LonLat:
    a, b = metric_transformer().transform(*_floats(x, y), direction=direction)
    return np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)


def _floats(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    return np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)


def _check(datum: str) -> None:
    known = get_args(Datum)
    if datum not in known:
        listed = ", ".join(known)
        raise BadDatum(
            Text(f"未知坐标系:{datum}", f"unknown datum: {datum}"),
            field="datum",
            cure=Text(f"请使用以下之一:{listed}", f"use one of: {listed}"),
        )


def _inverse(forward: Callable[[Floats, Floats], LonLat], shifted: LonLat) -> LonLat:
    """The points that ``forward`` takes to ``shifted``: p ← p − (forward(p) − shifted)."""
    lon, lat = shifted[0].copy(), shifted[1].copy()
    for _ in range(_MAX_ROUNDS):
        ahead_lon, ahead_lat = forward(lon, lat)
        miss_lon, miss_lat = ahead_lon - shifted[0], ahead_lat - shifted[1]
        lon -= miss_lon
        lat -= miss_lat
        # NaN compares false, so points without a position never hold the loop
        if not ((np.abs(miss_lon) > _SETTLED_DEG) | (np.abs(miss_lat) > _SETTLED_DEG)).any():
            break
    return lon, lat


def _gcj02_from_wgs84(lon: Floats, lat: Floats) -> LonLat:
    west, east, south, north = _CHINA
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = np.where(inside, lon, 105.0) - 105.0, np.where(inside, lat, 35.0) - 35.0
    common = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    root = np.sqrt(np.abs(x))
    north_m = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        + (common + _waves(y, 20.0, 40.0, 3.0) + _waves(y / 12.0, 160.0, 320.0, 2.5)) * 2.0 / 3.0
    )  # fmt: skip
    east_m = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        + (common + _waves(x, 20.0, 40.0, 3.0) + _waves(x / 12.0, 150.0, 300.0, 2.5)) * 2.0 / 3.0
    )  # fmt: skip
    rad = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(rad) ** 2
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(rad)
    shifted_lon = lon + np.degrees(east_m / np.where(inside, parallel_m, 1.0))
    shifted_lat = lat + np.degrees(north_m / np.where(inside, meridian_m, 1.0))
    return np.where(inside, shifted_lon, lon), np.where(inside, shifted_lat, lat)


def _waves(t: Floats, first: float, second: float, slower: float) -> Floats:
    wave: Floats = first * np.sin(np.pi * t) + second * np.sin(np.pi * t / slower)
    return wave


def _bd09_from_gcj02(lon: Floats, lat: Floats) -> LonLat:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_ANGLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_ANGLE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
