"""Whether a layer is in the datum it claims: it must hold the known points it should hold.

A GCJ-02 layer taken for WGS 84 looks right on every map, only some two grids away. Known address
points whose polygon is known give it away: moved by the same shift, they fall back into place.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from blockdata.crs import Datum, from_wgs84, to_metric, to_wgs84
from blockdata.grid.findings import Finding, named
from blockdata.text import Text

FEWEST_POINTS = 5
SOUND_SHARE = 0.9
"""A layer that holds this share of its known points where it should is taken as it is."""
CLEAR_GAIN = 0.2
"""Another datum must hold this much more of them to be named as the cause."""


@dataclass(frozen=True)
class KnownPoints:
    """Address points that are known to be right (WGS 84), and the key of each one's polygon."""

    lon: NDArray[np.float64] = field(repr=False)
    lat: NDArray[np.float64] = field(repr=False)
    polygon: list[str] = field(repr=False)

    @classmethod
    def of(cls, lon: ArrayLike, lat: ArrayLike, polygon: Any) -> "KnownPoints":
        """From any array-likes of one length."""
        names = [str(key) for key in polygon]
        return cls(np.asarray(lon, np.float64), np.asarray(lat, np.float64), names)


@dataclass(frozen=True)
class _Guess:
    """One way a layer may have been shifted, and how the known points move with it."""

    name: str
    share: float
    east_m: float
    north_m: float


def find_wrong_datum(shapes: NDArray[Any], keys: list[str], known: KnownPoints) -> list[Finding]:
    """A finding where another datum explains the layer clearly better than WGS 84.

    Args:
        shapes: polygons as given, degrees.
        keys: their keys.
        known: points with the key of the polygon that must hold each; unknown keys are passed over.

    Returns:
        No finding, or one ``wrong-datum`` with the share of points in place as the layer stands
        and as it would be after the cure, the expected shift at these points and the shift that
        is measured against the polygons' middles (median, metres).
    """
    at = {key: position for position, key in enumerate(keys)}
    used = np.array([k for k, key in enumerate(known.polygon) if key in at], dtype=np.intp)
    if used.size < FEWEST_POINTS:
        return []
    lon, lat = known.lon[used], known.lat[used]
    own = shapes[[at[known.polygon[k]] for k in used]]
    as_is = _share(own, lon, lat)
    if as_is >= SOUND_SHARE:
        return []
    best = max(_guesses(own, lon, lat), key=lambda guess: guess.share)
    if best.share < as_is + CLEAR_GAIN:
        return []
    astray = sorted({keys[at[known.polygon[k]]] for k in used[~_held(own, lon, lat)]})
    return [_finding(best, as_is, astray, _measured(own, lon, lat))]


def _guesses(own: NDArray[Any], lon: NDArray[Any], lat: NDArray[Any]) -> list[_Guess]:
    here = to_metric(lon, lat)
    guesses = []
    datums: tuple[Datum, ...] = ("gcj02", "bd09")
    for datum in datums:
        for name, there in (
            (datum, from_wgs84(lon, lat, datum)),
            (f"unshifted-{datum}", to_wgs84(lon, lat, datum)),
        ):
            metric = to_metric(*there)
            east, north = (float(np.median(metric[a] - here[a])) for a in (0, 1))
            guesses.append(_Guess(name, _share(own, *there), east, north))
    return guesses


def _finding(
    best: _Guess, as_is: float, astray: list[str], measured: tuple[float, float]
) -> Finding:
    datum = {"gcj02": "GCJ-02", "bd09": "BD-09"}[best.name.removeprefix("unshifted-")]
    shift = f"{best.east_m:+.0f} m E, {best.north_m:+.0f} m N"
    if best.name.startswith("unshifted-"):
        detail = Text(
            f"图层被多做了一次 {datum} 纠偏({shift}):{named(astray)}",
            f"the layer was corrected from {datum} once too often ({shift}): {named(astray)}",
        )
        cure = Text("使用未经纠偏的原始图层", "use the layer as it was before the correction")
    else:
        detail = Text(
            f"图层坐标是 {datum} 而非 WGS 84(偏移 {shift}):{named(astray)}",
            f"the layer is in {datum}, not WGS 84 (shifted {shift}): {named(astray)}",
        )
        cure = Text(
            f"声明坐标系为 {datum},导入时换算为 WGS 84",
            f"declare it as {datum}, so that it is converted to WGS 84",
        )
    measures = {
        "datum": best.name,
        "in_place": round(as_is, 4),
        "in_place_after": round(best.share, 4),
        "expected_east_m": round(best.east_m, 1),
        "expected_north_m": round(best.north_m, 1),
        "measured_east_m": round(measured[0], 1),
        "measured_north_m": round(measured[1], 1),
    }
    return Finding("wrong-datum", tuple(astray), detail, cure, measures)


def _held(own: NDArray[Any], lon: NDArray[Any], lat: NDArray[Any]) -> NDArray[np.bool_]:
    held: NDArray[np.bool_] = shapely.covers(own, shapely.points(lon, lat))
    return held


def _share(own: NDArray[Any], lon: NDArray[Any], lat: NDArray[Any]) -> float:
    return float(_held(own, lon, lat).mean())


def _measured(own: NDArray[Any], lon: NDArray[Any], lat: NDArray[Any]) -> tuple[float, float]:
    """Median way from each point to the middle of its polygon: the shift, blurred by a grid."""
    middle = shapely.centroid(own)
    there = to_metric(shapely.get_x(middle), shapely.get_y(middle))
    here = to_metric(lon, lat)
    return float(np.median(there[0] - here[0])), float(np.median(there[1] - here[1]))
