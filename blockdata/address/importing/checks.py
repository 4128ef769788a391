"""Which rows of an address table are sound, and whether their datum can be what was declared."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from blockdata.address.importing.table import Columns, RawTable
from blockdata.crs import Datum, to_metric, to_wgs84
from blockdata.errors import BadDatum
from blockdata.text import Text

if TYPE_CHECKING:
    from shapely import Geometry

Floats = NDArray[np.float64]

MAX_TEXT = 200
EDGE_TOLERANCE_DEG = 0.005  # about 500 m: gates and car parks just beyond the outline are kept
SWAPPED_SHARE = 0.5
FEW_INSIDE = 0.05
MUCH_BETTER = 0.6  # another datum fits if it brings points this much closer to their own roads
WORTH_M = 100.0
MIN_WITNESSES = 20

REASONS: dict[str, Text] = {
    "ragged": Text("列数与表头不符", "the row has another number of cells than the header"),
    "no_text": Text("既无地址也无名称", "neither an address nor a name"),
    "too_long": Text(f"文字超过 {MAX_TEXT} 字", f"more than {MAX_TEXT} characters of text"),
    "no_position": Text("坐标缺失或不是数字", "the position is missing or no number"),
    "bad_position": Text("坐标超出经纬度范围", "the position is no longitude and latitude"),
    "swapped": Text("经纬度写反了", "longitude and latitude are swapped"),
    "outside": Text("位置在辖区之外", "the position lies outside the area"),
}


@dataclass
class CheckedRows:
    """Sound rows with WGS 84 positions, and the reasons of those refused."""

    texts: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    lon: Floats = field(default_factory=lambda: np.empty(0))
    lat: Floats = field(default_factory=lambda: np.empty(0))
    refused: list[tuple[int, str]] = field(default_factory=list)  # (row index, reason)
    duplicates: list[int] = field(default_factory=list)

    def reasons(self) -> dict[str, int]:
        """How many rows were refused for which reason."""
        return dict(Counter(reason for _, reason in self.refused))


RowKey = tuple[str, str, float, float]


def row_key(text: str, name: str | None, lon: float, lat: float) -> RowKey:
    """What makes two rows the same: words and place (to about a metre)."""
    return text, name or "", round(lon, 5), round(lat, 5)


def check_rows(
    table: RawTable,
    columns: Columns,
    datum: Datum,
    *,
    clean: Callable[[str], str],
    outline: "Geometry | None" = None,
    known: "set[RowKey] | None" = None,
) -> CheckedRows:
    """Sort rows into sound, refused and duplicate; every row lands in exactly one of the three.

    Args:
        table: the file.
        columns: which column is what.
        datum: what the positions are in.
        clean: brings a text into its written normal form.
        outline: WGS 84 outline of the area, where it has one.
        known: keys of rows the area already holds.

    Raises:
        BadDatum: longitude and latitude are swapped throughout, or another datum fits the outline.
    """
    lon, lat = _positions(table, columns)
    reasons = [_reason(row, table.header, columns) for row in table.rows]
    swapped = _swapped(lon, lat)
    if swapped.mean() > SWAPPED_SHARE:
        raise BadDatum(
            REASONS["swapped"],
            field="lon_column",
            cure=Text(
                f"用 --lon-column {columns.lat} --lat-column {columns.lon}",
                f"use --lon-column {columns.lat} --lat-column {columns.lon}",
            ),
        )
    usable = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    wgs_lon, wgs_lat = to_wgs84(np.where(usable, lon, np.nan), np.where(usable, lat, np.nan), datum)
    inside = usable.copy()
    if outline is not None:
        inside = usable & _inside(wgs_lon, wgs_lat, outline)
        _refuse_if_other_datum_fits(lon, lat, usable, inside, datum, outline)
    for row in np.flatnonzero(~inside).tolist():
        reasons[row] = reasons[row] or _position_reason(
            lon[row], lat[row], swapped[row], usable[row]
        )
    return _sort(table, columns, reasons, (wgs_lon, wgs_lat), clean, known or set())


def refuse_if_roads_disagree(
    road_names: list[str | None],
    lon: Floats,
    lat: Floats,
    datum: Datum,
    roads: "dict[str, Geometry]",
) -> None:
    """Check positions against the roads that their own addresses name.

    Args:
        road_names: the road each address names, or None.
        lon: positions as given in the file, degrees.
        lat: likewise.
        datum: what was declared.
        roads: road name → its line in EPSG:4547 metres.

    Raises:
        BadDatum: under another datum the addresses lie far closer to their roads.
    """
    import shapely

    rows = [i for i, name in enumerate(road_names) if name in roads]
    if len(rows) < MIN_WITNESSES:
        return
    lines = np.array([roads[str(road_names[i])] for i in rows])
    median_m: dict[Datum, float] = {}
    for candidate in get_args(Datum):
        x, y = to_metric(*to_wgs84(lon[rows], lat[rows], candidate))
        median_m[candidate] = float(np.nanmedian(shapely.distance(shapely.points(x, y), lines)))
    best = min(median_m, key=lambda candidate: median_m[candidate])
    gain = median_m[datum] - median_m[best]
    if best != datum and gain > WORTH_M and median_m[best] < MUCH_BETTER * median_m[datum]:
        raise _wrong_datum(
            datum,
            best,
            Text(
                f"按 {datum},地址离其所写道路的中位距离为 {median_m[datum]:.0f} 米;"
                f"按 {best} 为 {median_m[best]:.0f} 米",
                f"as {datum} the addresses lie a median {median_m[datum]:.0f} m from the roads they"
                f" name; as {best}, {median_m[best]:.0f} m",
            ),
        )


def _reason(row: list[str], header: tuple[str, ...], columns: Columns) -> str | None:
    if len(row) != len(header):
        return "ragged"
    cells = dict(zip(header, row, strict=True))
    text = cells.get(columns.text or "", "").strip()
    name = cells.get(columns.name or "", "").strip()
    if not text and not name:
        return "no_text"
    return "too_long" if max(len(text), len(name)) > MAX_TEXT else None


def _position_reason(lon: float, lat: float, swapped: bool, usable: bool) -> str:
    if np.isnan(lon) or np.isnan(lat):
        return "no_position"
    if swapped:
        return "swapped"
    return "outside" if usable else "bad_position"


def _positions(table: RawTable, columns: Columns) -> tuple[Floats, Floats]:
    at = (table.header.index(columns.lon), table.header.index(columns.lat))
    values = np.full((len(table.rows), 2), np.nan)
    for i, row in enumerate(table.rows):
        for j, column in enumerate(at):
            try:
                values[i, j] = float(row[column])
            except (ValueError, IndexError):
                continue
    values[~np.isfinite(values)] = np.nan
    return values[:, 0].copy(), values[:, 1].copy()


def _swapped(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    # within China longitude is always above 73 and latitude below 54
    flags: NDArray[np.bool_] = (np.abs(lon) < 54) & (np.abs(lat) > 73)
    return flags


def _inside(lon: Floats, lat: Floats, outline: "Geometry") -> NDArray[np.bool_]:
    import shapely

    wide = shapely.buffer(outline, EDGE_TOLERANCE_DEG)
    shapely.prepare(wide)
    flags: NDArray[np.bool_] = shapely.contains_xy(wide, lon, lat)
    return flags


def _refuse_if_other_datum_fits(
    lon: Floats,
    lat: Floats,
    usable: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    datum: Datum,
    outline: "Geometry",
) -> None:
    if not usable.any() or inside[usable].mean() >= 0.9:
        return
    shares: dict[Datum, float] = {}
    for candidate in get_args(Datum):
        points = to_wgs84(lon[usable], lat[usable], candidate)
        shares[candidate] = float(_inside(*points, outline).mean())
    best = max(shares, key=lambda candidate: shares[candidate])
    if best != datum and shares[best] - shares[datum] > 0.1:
        raise _wrong_datum(
            datum,
            best,
            Text(
                f"按 {datum} 有 {shares[datum]:.0%} 的点在辖区内,按 {best} 有 {shares[best]:.0%}",
                f"as {datum} {shares[datum]:.0%} of the points lie in the area;"
                f" as {best}, {shares[best]:.0%}",
            ),
        )
    if shares[datum] < FEW_INSIDE:
        raise BadDatum(
            Text(
                f"按 {datum} 只有 {shares[datum]:.0%} 的点在辖区内",
                f"as {datum} only {shares[datum]:.0%} of the points lie in the area",
            ),
            field="datum",
            cure=Text(
                "请核对坐标系、经纬度列和辖区名", "check the datum, the two columns and the area"
            ),
        )


def _wrong_datum(declared: Datum, fits: Datum, detail: Text) -> BadDatum:
    return BadDatum(
        detail,
        field="datum",
        cure=Text(
            f"声明的 {declared} 应为 --datum {fits}", f"use --datum {fits} instead of {declared}"
        ),
        fits=fits,
    )


def _sort(
    table: RawTable,
    columns: Columns,
    reasons: list[str | None],
    position: tuple[Floats, Floats],
    clean: Callable[[str], str],
    known: set[RowKey],
) -> CheckedRows:
    checked = CheckedRows()
    kept: list[int] = []
    seen = set(known)
    for i, row in enumerate(table.rows):
        reason = reasons[i]
        if reason is not None:
            checked.refused.append((i, reason))
            continue
        cells = dict(zip(table.header, row, strict=True))
        name = clean(cells.get(columns.name or "", "")) or None
        text = clean(cells.get(columns.text or "", "")) or str(name)
        key = row_key(text, name, float(position[0][i]), float(position[1][i]))
        if key in seen:
            checked.duplicates.append(i)
            continue
        seen.add(key)
        kept.append(i)
        checked.texts.append(text)
        checked.names.append(name)
    checked.lon, checked.lat = position[0][kept], position[1][kept]
    return checked
