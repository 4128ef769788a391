"""Whether the positions of a file can be in the datum that was declared, told by all its rows."""

from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from blockdata.address.importing.columns import Columns
from blockdata.crs import Datum, from_wgs84, to_metric, to_wgs84
from blockdata.errors import BadDatum
from blockdata.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import Geometry

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EDGE_TOLERANCE_DEG = 0.005  # about 500 m: gates and car parks just beyond the outline are kept
SWAPPED_SHARE = 0.5
FEW_INSIDE = 0.05
MUCH_BETTER = 0.6  # another datum fits if it brings points this much closer to their own roads
WORTH_M = 100.0
MIN_WITNESSES, MOST_WITNESSES = 20, 20_000


class DatumWitness:
    """Keeps the positions of a file, to tell at its end what they can be in."""

    def __init__(self, columns: Columns, datum: Datum, outline: "Geometry | None") -> None:
        self._columns, self._datum, self._outline = columns, datum, outline
        self._points: list[Floats] = []
        self._rows = self._swapped = self._usable = self._inside = 0

    def add(self, lon: Floats, lat: Floats, reversed_: Bools, usable: Bools, inside: Bools) -> None:
        """Take in a stretch of rows: positions as given, and what was found about each."""
        self._rows += len(lon)
        self._swapped += int(reversed_.sum())
        self._usable += int(usable.sum())
        self._inside += int(inside.sum())
        if self._outline is not None:
            self._points.append(np.stack([lon[usable], lat[usable]]))

    def refuse_another(self) -> None:
        """See that the positions fit.

        Raises:
            BadDatum: longitude and latitude are swapped throughout, or another datum fits the
                outline.
        """
        if self._rows and self._swapped / self._rows > SWAPPED_SHARE:
            lon, lat = self._columns.lat, self._columns.lon
            raise BadDatum(
                Text("经纬度写反了", "longitude and latitude are swapped"),
                field="lon_column",
                cure=Text(
                    f"用 --lon-column {lon} --lat-column {lat}",
                    f"use --lon-column {lon} --lat-column {lat}",
                ),
            )
        if self._outline is None or not self._usable or self._inside / self._usable >= 0.9:
            return
        self._refuse_if_another_fits(np.concatenate(self._points, axis=1))

    def _refuse_if_another_fits(self, given: Floats) -> None:
        declared = self._datum
        shares: dict[Datum, float] = {}
        for candidate in get_args(Datum):
            points = to_wgs84(given[0], given[1], candidate)
            shares[candidate] = float(inside_of(self._outline, *points).mean())
        best = max(shares, key=lambda candidate: shares[candidate])
        if best != declared and shares[best] - shares[declared] > 0.1:
            here, there = shares[declared], shares[best]
            said = Text(
                f"按 {declared} 有 {here:.0%} 的点在辖区内,按 {best} 有 {there:.0%}",
                f"as {declared} {here:.0%} of the points lie in the area; as {best}, {there:.0%}",
            )
            raise _wrong_datum(declared, best, said)
        if shares[declared] < FEW_INSIDE:
            here = shares[declared]
            raise BadDatum(
                Text(
                    f"按 {declared} 只有 {here:.0%} 的点在辖区内",
                    f"as {declared} only {here:.0%} of the points lie in the area",
                ),
                field="datum",
                cure=Text(
                    "请核对坐标系、经纬度列和辖区名", "check the datum, the columns and the area"
                ),
            )


class RoadWitness:
    """Sound rows that name a road of the area, to hold their positions against it.

    Args:
        roads: road name in normal form → its line in EPSG:4547 metres.
    """

    def __init__(self, roads: "Mapping[str, Geometry]") -> None:
        self._roads = roads
        self._named: list[str] = []
        self._points: list[tuple[float, float]] = []

    def add(
        self, road_names: "Sequence[str | None]", lon: "Sequence[float]", lat: "Sequence[float]"
    ) -> None:
        """Take in rows: the road that each names, and its position in WGS 84."""
        for name, x, y in zip(road_names, lon, lat, strict=True):
            if name in self._roads and len(self._named) < MOST_WITNESSES:
                self._named.append(str(name))
                self._points.append((x, y))

    def refuse_another(self, declared: Datum) -> None:
        """See that the positions lie at the roads that their own addresses name.

        Raises:
            BadDatum: under another datum they lie far closer.
        """
        import shapely

        if len(self._named) < MIN_WITNESSES:
            return
        lines = np.array([self._roads[name] for name in self._named])
        lon, lat = np.array(self._points).T
        given = from_wgs84(lon, lat, declared)
        median_m: dict[Datum, float] = {}
        for candidate in get_args(Datum):
            x, y = to_metric(*to_wgs84(*given, candidate))
            median_m[candidate] = float(np.nanmedian(shapely.distance(shapely.points(x, y), lines)))
        best = min(median_m, key=lambda candidate: median_m[candidate])
        here, there = median_m[declared], median_m[best]
        if best != declared and here - there > WORTH_M and there < MUCH_BETTER * here:
            said = Text(
                f"按 {declared},地址离其所写道路的中位距离为 {here:.0f} 米;"
                f"按 {best} 为 {there:.0f} 米",
                f"as {declared} the addresses lie a median {here:.0f} m from the roads they name;"
                f" as {best}, {there:.0f} m",
            )
            raise _wrong_datum(declared, best, said)


def swapped(lon: Floats, lat: Floats) -> Bools:
    """Which positions can only be latitude, longitude.

    Within China longitude is always above 73 and latitude below 54.
    """
    flags: Bools = (np.abs(lon) < 54) & (np.abs(lat) > 73)
    return flags


def inside_of(outline: "Geometry | None", lon: Floats, lat: Floats) -> Bools:
    """Which points (WGS 84) lie in an outline or just beyond it; all where there is none."""
    import shapely

    if outline is None:
        return np.ones(len(lon), dtype=np.bool_)
    wide = shapely.buffer(outline, EDGE_TOLERANCE_DEG)
    shapely.prepare(wide)
    flags: Bools = shapely.contains_xy(wide, lon, lat)
    return flags


def _wrong_datum(declared: Datum, fits: Datum, detail: Text) -> BadDatum:
    return BadDatum(
        detail,
        field="datum",
        cure=Text(
            f"声明的 {declared} 应为 --datum {fits}", f"use --datum {fits} instead of {declared}"
        ),
        fits=fits,
    )
