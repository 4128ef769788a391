"""Which rows of an address table are sound, which are refused and why, and which are duplicates."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.importing.columns import Columns
from blockdata.address.importing.datum import DatumWitness, inside_of, swapped
from blockdata.address.importing.duplicates import KnownPlaces
from blockdata.address.landmark_kinds import KINDS, kind_of_word
from blockdata.address.landmark_kinds import Kind as LandmarkKind
from blockdata.clean import folded
from blockdata.crs import Datum, to_wgs84
from blockdata.csv_table import Row
from blockdata.personal import Kind, strip_personal
from blockdata.text import Text

if TYPE_CHECKING:
    from shapely import Geometry

Floats = NDArray[np.float64]
CleanMany = Callable[[Sequence[str]], list[str]]

MAX_TEXT = 200
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters, halves of pairs
# A house code that a spreadsheet took for a number: its last digits are lost.
_ROUNDED = re.compile(r"[0-9]+(?:\.[0-9]+)?E\+[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")

REASONS: dict[str, Text] = {
    "ragged": Text("列数与表头不符", "the row has another number of cells than the header"),
    "no_text": Text("既无地址也无名称", "neither an address nor a name"),
    "too_long": Text(f"文字超过 {MAX_TEXT} 字", f"more than {MAX_TEXT} characters of text"),
    "not_text": Text("含有不是文字的字符", "it holds characters that are no text"),
    "rounded": Text(
        "编码被表格软件改成了数字,末尾已丢失", "a code that a spreadsheet rounded to a number"
    ),
    "unknown_kind": Text(
        f"没有这种地标;可用:{'、'.join(about.words.zh for about in KINDS.values())};不是地标则留空",
        f"no such kind of landmark; one of: {', '.join(KINDS)}; empty for what is none",
    ),
    "no_position": Text("坐标缺失或不是数字", "the position is missing or no number"),
    "bad_position": Text("坐标超出经纬度范围", "the position is no longitude and latitude"),
    "swapped": Text("经纬度写反了", "longitude and latitude are swapped"),
    "outside": Text("位置在辖区之外", "the position lies outside the area"),
}


class Refused(NamedTuple):
    """A row that is not stored, and the name of the reason."""

    row: Row
    reason: str


@dataclass
class CheckedRows:
    """Sound rows of a stretch of the file with WGS 84 positions, and what became of the others."""

    texts: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    kinds: list[LandmarkKind | None] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    duplicates: list[Row] = field(default_factory=list)

    def reasons(self) -> Counter[str]:
        """How many rows were refused for which reason."""
        return Counter(refused.reason for refused in self.refused)


class RowChecker:
    """Sorts the rows of one file, stretch by stretch; ``witness`` tells about the whole at the end.

    Args:
        header: of the file.
        columns: which column is what.
        datum: what the positions are in.
        clean: brings texts into their written normal form.
        outline: WGS 84 outline of the area, where it has one.
        known: places that the area already holds.
    """

    def __init__(
        self,
        header: Sequence[str],
        columns: Columns,
        datum: Datum,
        *,
        clean: CleanMany,
        outline: "Geometry | None" = None,
        known: KnownPlaces | None = None,
    ) -> None:
        places = {name: at for at, name in enumerate(header)}
        self._width = len(header)
        self._lon, self._lat = places[columns.lon], places[columns.lat]
        self._text = None if columns.text is None else places[columns.text]
        self._name = None if columns.name is None else places[columns.name]
        self._kind = None if columns.kind is None else places[columns.kind]
        self._datum, self._clean, self._outline = datum, clean, outline
        self._known = known or KnownPlaces()
        self.witness = DatumWitness(columns, datum, outline)
        self.stripped: Counter[Kind] = Counter()

    def check(self, rows: Sequence[Row]) -> CheckedRows:
        """What becomes of each row: it lands in exactly one of the three lists."""
        texts, names = self._words(rows)
        lon, lat = self._positions(rows)
        reversed_ = swapped(lon, lat)
        usable = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
        given = np.where(usable, lon, np.nan), np.where(usable, lat, np.nan)
        wgs_lon, wgs_lat = to_wgs84(*given, self._datum)
        inside = usable & inside_of(self._outline, wgs_lon, wgs_lat)
        self.witness.add(lon, lat, reversed_, usable, inside)
        checked = CheckedRows()
        for i, row in enumerate(rows):
            said = "" if self._kind is None else folded(_cell(row, self._kind)[:MAX_TEXT])
            kind = kind_of_word(said)
            reason = self._reason(row, texts[i], names[i])
            if reason is None and said and kind is None:
                reason = "unknown_kind"
            if reason is None and not inside[i]:
                reason = _position_reason(lon[i], lat[i], reversed_[i], usable[i])
            if reason is not None:
                checked.refused.append(Refused(row, reason))
                continue
            name = names[i] or None
            text = texts[i] or names[i]
            at = float(wgs_lon[i]), float(wgs_lat[i])
            if not self._known.is_new(text, name, *at):
                checked.duplicates.append(row)
                continue
            checked.texts.append(text)
            checked.names.append(name)
            checked.lon.append(at[0])
            checked.lat.append(at[1])
            checked.kinds.append(kind)
        return checked

    def _words(self, rows: Sequence[Row]) -> tuple[list[str], list[str]]:
        """Texts and names in normal form, without personal details; empty where there are none."""
        return self._column(rows, self._text), self._column(rows, self._name)

    def _column(self, rows: Sequence[Row], place: int | None) -> list[str]:
        if place is None:
            return [""] * len(rows)
        cells = [self._without_details(_cell(row, place)[: MAX_TEXT + 1]) for row in rows]
        # what a normal form puts together may be a detail again
        return [
            words if words == cell else self._without_details(words)
            for words, cell in zip(self._clean(cells), cells, strict=True)
        ]

    def _without_details(self, words: str) -> str:
        stripped = strip_personal(words)
        self.stripped.update(stripped.kinds)
        return stripped.text

    def _reason(self, row: Row, text: str, name: str) -> str | None:
        if len(row.cells) != self._width:
            return "ragged"
        given = [_cell(row, place) for place in (self._text, self._name) if place is not None]
        if max(map(len, given)) > MAX_TEXT:
            return "too_long"
        if not text and not name:
            return "no_text"
        if _UNFIT.search(text) or _UNFIT.search(name):
            return "not_text"
        if _ROUNDED.fullmatch(text or name):
            return "rounded"
        return None

    def _positions(self, rows: Sequence[Row]) -> tuple[Floats, Floats]:
        lon = np.array([_number(_cell(row, self._lon)) for row in rows], dtype=np.float64)
        lat = np.array([_number(_cell(row, self._lat)) for row in rows], dtype=np.float64)
        return lon, lat


def _cell(row: Row, place: int) -> str:
    return row.cells[place].strip() if place < len(row.cells) else ""


def _number(cell: str) -> float:
    """A decimal number; NaN for anything else, such as 1_000, inf or 113°."""
    cell = unicodedata.normalize("NFKC", cell)
    return float(cell) if _NUMBER.fullmatch(cell) else np.nan


def _position_reason(lon: float, lat: float, reversed_: bool, usable: bool) -> str:
    if np.isnan(lon) or np.isnan(lat):
        return "no_position"
    if reversed_:
        return "swapped"
    return "outside" if usable else "bad_position"
