"""Import a file of addresses: every row is stored, refused with a reason, or a duplicate."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import text

from blockdata.address.importing.checks import CheckedRows, RowChecker
from blockdata.address.importing.columns import Columns, find_columns
from blockdata.address.importing.datum import RoadWitness
from blockdata.address.importing.duplicates import KnownPlaces
from blockdata.address.importing.geoparquet import open_geoparquet
from blockdata.address.importing.quarantine import quarantine
from blockdata.address.importing.staging import Staging
from blockdata.address.normalise import normalise_many
from blockdata.address.sql import query
from blockdata.address.written import road_of
from blockdata.crs import Datum, to_metric
from blockdata.csv_table import Row, Table, open_csv
from blockdata.errors import Conflict, DataQualityGate, InputError
from blockdata.reading import PARQUET
from blockdata.settings import Settings
from blockdata.storage.areas import Area, create_area, find_area, list_areas
from blockdata.storage.locks import lock_area
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

DEFAULT_GATE = 0.95
_CHUNK_ROWS = 20_000


@dataclass
class ImportReport:
    """What became of each row: rows = accepted + quarantined + duplicates.

    ``blank`` lines are no rows. ``stripped`` counts the personal details, by kind, that were taken
    out of texts and names.
    """

    area: str
    file: str
    datum: Datum
    encoding: str
    columns: Columns
    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    blank: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    stripped: dict[str, int] = field(default_factory=dict)
    quarantine_file: Path | None = None

    def count(self, rows: int, checked: CheckedRows) -> None:
        """Add a stretch of the file."""
        self.rows += rows
        self.accepted += len(checked.texts)
        self.quarantined += len(checked.refused)
        self.duplicates += len(checked.duplicates)
        self.reasons += checked.reasons()

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "area": self.area,
            "file": self.file,
            "datum": self.datum,
            "encoding": self.encoding,
            "columns": self.columns.as_dict(),
            "rows": self.rows,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "duplicates": self.duplicates,
            "blank": self.blank,
            "reasons": dict(self.reasons),
            "stripped": self.stripped,
            "quarantine_file": self.quarantine_file and str(self.quarantine_file),
        }


def import_addresses(
    engine: "Engine",
    settings: Settings,
    path: Path,
    *,
    area: str,
    datum: Datum,
    encoding: str = "utf-8",
    gate: float = DEFAULT_GATE,
    text_column: str | None = None,
    name_column: str | None = None,
    lon_column: str | None = None,
    lat_column: str | None = None,
    id_column: str | None = None,
    kind_column: str | None = None,
    advance: Callable[[int], None] = lambda _n: None,
    tell: Callable[[Text], None] = lambda _words: None,
) -> ImportReport:
    """Load a CSV file (UTF-8, may be gzipped) or a GeoParquet file of points into an area.

    The area is made where missing. The file is read once, in stretches; memory grows with the
    places that it adds, not with its size. Everything is stored at the end, or nothing: whoever
    interrupts an import can run it again. Two imports into an area take turns.

    Refused rows go to a quarantine file under ``settings.var``. If fewer than ``gate`` of the rows
    are sound (duplicates count as sound) nothing is stored.

    Args:
        engine: the database.
        settings: where the quarantine goes; the profile of a new area.
        path: the file.
        area: the area's name.
        datum: what the positions are in.
        encoding: of a CSV file.
        gate: least share of sound rows, 0 to 1.
        text_column: header of the addresses; guessed where not given, as are the others.
        name_column: header of the names.
        lon_column: header of the longitudes.
        lat_column: header of the latitudes.
        id_column: header of the source's own ids.
        kind_column: header of the kinds of landmark: a kind's name or its word in either language,
            empty for what is no landmark.
        advance: is told of progress, in bytes of the file.
        tell: is told when this has to wait for another import.

    Raises:
        BadFile, BadColumns, BadDatum: the file, its columns or its datum cannot be used.
        Conflict: the area is synthetic; real addresses live beside it.
        DataQualityGate: too few rows are sound; the report is in the error's facts.
        SetupError: the quarantine file cannot be written.
    """
    if not 0 <= gate <= 1:
        raise InputError(
            Text(f"门槛 {gate} 不在 0 到 1 之间", f"the gate {gate} is not between 0 and 1"),
            field="gate",
            cure=Text("给 0 到 1 之间的数,如 0.95", "give a number from 0 to 1, as in 0.95"),
        )
    with _opened(path, encoding, advance) as table:
        columns = find_columns(
            table.header,
            datum,
            text=text_column,
            name=name_column,
            lon=lon_column,
            lat=lat_column,
            id_=id_column,
            kind=kind_column,
        )
        report = ImportReport(area, str(path), datum, encoding, columns)
        with engine.begin() as connection:
            lock_area(connection, area, tell)
            area_id = _area_id(connection, settings, area, path)
            staging = Staging(connection)
            _read(connection, area_id, table, report, staging, settings)
            if (report.rows - report.quarantined) / report.rows < gate:
                raise _gate_error(report, gate)
            staging.store(area_id)
    return report


def _opened(
    path: Path, encoding: str, advance: Callable[[int], None]
) -> AbstractContextManager[Table]:
    if path.suffix.lower() in PARQUET:
        return open_geoparquet(path, advance=advance)
    return open_csv(path, encoding, option=True, advance=advance)


def _area_id(connection: "Connection", settings: Settings, name: str, path: Path) -> int:
    known: dict[str, Area] = {area.name: area for area in list_areas(connection)}
    if name not in known:
        return create_area(
            connection,
            name=name,
            title=Text(name, name),
            synthetic=False,
            profile=settings.profile,
            source=path.name,
        )
    area = find_area(connection, name)
    if area.synthetic:
        raise Conflict(
            Text(f"“{name}”是合成数据区域", f"{name!r} is a synthetic area"),
            field="area",
            cure=Text("用 --area 另取一个名字", "choose another name with --area"),
        )
    return area.area_id


def _read(
    connection: "Connection",
    area_id: int,
    table: Table,
    report: ImportReport,
    staging: Staging,
    settings: Settings,
) -> None:
    """Sort all rows of the file into staging, quarantine and duplicates, and count them."""
    here = {"area_id": area_id}
    outline = connection.execute(text(query("area_outline")), here).scalar()
    known = KnownPlaces()
    known.add_all(tuple(row) for row in connection.execute(text(query("imported_rows")), here))
    checker = RowChecker(
        table.header,
        report.columns,
        report.datum,
        clean=normalise_many,
        outline=None if outline is None else shapely.from_wkb(bytes(outline)),
        known=known,
    )
    roads = RoadWitness(_roads(connection, area_id))
    name = f"{Path(report.file).name}.refused.csv"
    refused = settings.var / "areas" / report.area / "quarantine" / name
    with quarantine(refused, table.header, report.columns) as keep:
        for rows in _stretches(table.rows):
            checked = checker.check(rows)
            report.count(len(rows), checked)
            staging.add(checked)
            keep(checked.refused)
            roads.add([road_of(words) for words in checked.texts], checked.lon, checked.lat)
        checker.witness.refuse_another()
        roads.refuse_another(report.datum)
    report.blank = table.blank
    report.stripped = {str(kind): count for kind, count in checker.stripped.items()}
    report.quarantine_file = refused if report.quarantined else None


def _stretches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while stretch := list(islice(waiting, _CHUNK_ROWS)):
        yield stretch


def _roads(connection: "Connection", area_id: int) -> "dict[str, shapely.Geometry]":
    """Named roads of the area: name in normal form → lines in EPSG:4547 metres."""
    rows = connection.execute(text(query("named_roads")), {"area_id": area_id}).fetchall()
    if not rows:
        return {}
    names = normalise_many([row[0] for row in rows])
    lines = shapely.transform(
        shapely.from_wkb([bytes(row[1]) for row in rows]),
        lambda xy: np.column_stack(to_metric(xy[:, 0], xy[:, 1])),
    )
    return dict(zip(names, lines, strict=True))


def _gate_error(report: ImportReport, gate: float) -> DataQualityGate:
    share = (report.rows - report.quarantined) / report.rows
    return DataQualityGate(
        Text(
            f"{report.rows} 行中只有 {share:.1%} 可用,低于 {gate:.1%};未写入任何数据",
            f"only {share:.1%} of {report.rows} rows are sound, below {gate:.1%}; nothing stored",
        ),
        field="gate",
        cure=Text(
            f"查看 {report.quarantine_file} 中的原因并更正,或用 --gate 放宽",
            f"see the reasons in {report.quarantine_file} and mend them, or lower --gate",
        ),
        report=report.as_dict(),
    )
