"""Which column of an address table is what: as named, else guessed from the header."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from blockdata.clean import folded
from blockdata.crs import Datum
from blockdata.errors import BadColumns, BadDatum
from blockdata.text import Text

# Headers seen in practice, in the order of preference; compared in lower case.
TEXT_HEADERS = ("address", "地址", "详细地址", "addr", "text", "text_zh", "full_address", "住址")
NAME_HEADERS = ("name", "名称", "name_zh", "title", "单位名称", "小区名称")
LON_HEADERS = ("lon", "lng", "longitude", "经度", "x", "long")
LAT_HEADERS = ("lat", "latitude", "纬度", "y")
ID_HEADERS = ("id", "source_id", "uid", "编号", "code")
# In most tables a column called kind, 种类 or 类型 says something else (of company, of road), and
# each of their rows would be refused. So these are no guesses, but for ``kind`` where the header is
# that of our own export.
KIND_HEADERS = ("landmark_kind", "地标种类")
_OF_OUR_EXPORT = frozenset({"address_id", "level", "status", "parent_id", "grid_code", "kind"})


@dataclass(frozen=True)
class Columns:
    """Which header holds what; ``text`` or ``name`` may be missing, not both.

    ``kind`` is of landmarks.
    """

    lon: str
    lat: str
    text: str | None = None
    name: str | None = None
    id: str | None = None
    kind: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """For reports."""
        return {
            "text": self.text,
            "name": self.name,
            "lon": self.lon,
            "lat": self.lat,
            "id": self.id,
            "kind": self.kind,
        }


def find_columns(
    header: Sequence[str],
    datum: Datum,
    *,
    text: str | None = None,
    name: str | None = None,
    lon: str | None = None,
    lat: str | None = None,
    id_: str | None = None,
    kind: str | None = None,
) -> Columns:
    """The columns to read: as given, else guessed from the header.

    A coordinate column may say its datum (``lon_bd09``); the one of ``datum`` is preferred.

    Raises:
        BadColumns: a named column is missing, none could be guessed, or one stands there twice.
        BadDatum: the coordinate columns say another datum than ``datum``.
    """
    names = [column for column in header if column]
    given = {"text": text, "name": name, "lon": lon, "lat": lat, "id": id_, "kind": kind}
    for option, column in given.items():
        if column is not None and column not in names:
            raise _no_column(f"{option}_column", column, names)
    found = Columns(
        lon=lon or _coordinate(names, LON_HEADERS, datum, "lon_column"),
        lat=lat or _coordinate(names, LAT_HEADERS, datum, "lat_column"),
        text=text or _first(names, TEXT_HEADERS),
        name=name or _first(names, NAME_HEADERS),
        id=id_ or _first(names, ID_HEADERS),
        kind=kind or _first(names, KIND_HEADERS) or _kind_of_our_export(names),
    )
    if found.text is None and found.name is None:
        raise _no_column("text_column", "address", names)
    for option, column in found.as_dict().items():
        exact = given[option] is not None
        if column is not None:
            _refuse_twins(header, column, f"{option}_column", exact=exact)
    if found.lon == found.lat:
        raise BadColumns(
            Text(f"经度和纬度是同一列 {found.lon}", f"{found.lon} is both longitude and latitude"),
            field="lat_column",
            cure=Text("用 --lat-column 指明纬度列", "name the latitude with --lat-column"),
        )
    _refuse_other_datum(found, datum)
    return found


def declared_by_header(column: str) -> Datum | None:
    """The datum that a coordinate column's header says, as in ``lon_bd09``."""
    for datum in get_args(Datum):
        if column.lower().replace("-", "").endswith(datum):
            known: Datum = datum
            return known
    return None


def _first(names: list[str], wanted: tuple[str, ...]) -> str | None:
    by_lower = {folded(name): name for name in names}
    return next((by_lower[want] for want in wanted if want in by_lower), None)


def _kind_of_our_export(names: list[str]) -> str | None:
    there = {folded(name) for name in names}
    return _first(names, ("kind",)) if there >= _OF_OUR_EXPORT else None


def _coordinate(names: list[str], wanted: tuple[str, ...], datum: Datum, option: str) -> str:
    by_lower = {folded(name).replace("-", ""): name for name in names}
    with_datum = [f"{want}_{datum}" for want in wanted]
    others = [f"{want}_{other}" for want in wanted for other in get_args(Datum)]
    for want in (*with_datum, *wanted, *others):
        if want in by_lower:
            return by_lower[want]
    raise _no_column(option, wanted[0], names)


def _refuse_twins(header: Sequence[str], column: str, option: str, *, exact: bool) -> None:
    """Two columns of one name: nobody can say which is meant."""
    fold = str if exact else folded
    twins = Counter(fold(name) for name in header)[fold(column)]
    if twins > 1:
        flag = "--" + option.replace("_", "-")
        raise BadColumns(
            Text(f"表头中有 {twins} 个“{column}”列", f"the header has {twins} columns {column!r}"),
            field=option,
            cure=Text(
                f"删去或改名,只留一个;或用 {flag} 指定别的列",
                f"leave one, or give the others other names; or name another with {flag}",
            ),
        )


def _refuse_other_datum(columns: Columns, datum: Datum) -> None:
    for option, column in (("lon", columns.lon), ("lat", columns.lat)):
        says = declared_by_header(column)
        if says is not None and says != datum:
            raise BadDatum(
                Text(
                    f"列 {column} 标明为 {says},而声明的是 {datum}",
                    f"column {column} says {says}, but {datum} was declared",
                ),
                field="datum",
                cure=Text(
                    f"用 --datum {says},或用 --{option}-column 指定别的列",
                    f"use --datum {says}, or name another column with --{option}-column",
                ),
            )


def _no_column(option: str, column: str, names: list[str]) -> BadColumns:
    listed = ", ".join(names[:30])
    flag = "--" + option.replace("_", "-")
    return BadColumns(
        Text(f"没有列“{column}”;表头为:{listed}", f"no column {column!r}; the header is: {listed}"),
        field=option,
        cure=Text(f"用 {flag} 指明列名", f"name the column with {flag}"),
    )
