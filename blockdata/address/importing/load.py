"""Import a CSV file of addresses: every row is stored, refused with a reason, or a duplicate."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from sqlalchemy import func, select, text

from blockdata.address.importing.checks import (
    REASONS,
    CheckedRows,
    RowKey,
    check_rows,
    refuse_if_roads_disagree,
    row_key,
)
from blockdata.address.importing.geoparquet import read_geoparquet
from blockdata.address.importing.table import Columns, RawTable, find_columns, read_csv
from blockdata.address.normalise import normalise, normalise_many
from blockdata.address.sql import query
from blockdata.address.written import road_of
from blockdata.crs import Datum, from_wgs84, to_metric
from blockdata.errors import Conflict, DataQualityGate, InputError
from blockdata.settings import Settings
from blockdata.storage.areas import Area, create_area, find_area, list_areas
from blockdata.storage.bulk import copy_rows
from blockdata.storage.locks import lock_area
from blockdata.storage.tables import register
from blockdata.storage.tables.base import first_id
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

DEFAULT_GATE = 0.95


@dataclass(frozen=True)
class ImportReport:
    """What became of each row: rows = accepted + quarantined + duplicates."""

    area: str
    file: str
    datum: Datum
    encoding: str
    columns: Columns
    rows: int
    accepted: int
    quarantined: int
    duplicates: int
    reasons: dict[str, int]
    quarantine_file: Path | None

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
            "reasons": self.reasons,
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
) -> ImportReport:
    """Load a CSV file (UTF-8, may be gzipped) or a GeoParquet file of points into an area.

    The area is made where missing.

    Refused rows go to a quarantine file under ``settings.var``. If fewer than ``gate`` of the rows
    are sound (duplicates count as sound) nothing is stored.

    Raises:
        BadFile, BadColumns, BadDatum: the file, its columns or its datum cannot be used.
        Conflict: the area is synthetic; real addresses live beside it.
        DataQualityGate: too few rows are sound; the report is in the error's facts.
    """
    if not 0 <= gate <= 1:
        raise InputError(
            Text(f"门槛 {gate} 不在 0 到 1 之间", f"the gate {gate} is not between 0 and 1"),
            field="gate",
        )
    parquet = path.suffix in (".parquet", ".geoparquet")
    table = read_geoparquet(path) if parquet else read_csv(path, encoding)
    columns = find_columns(
        table.header,
        datum,
        text=text_column,
        name=name_column,
        lon=lon_column,
        lat=lat_column,
        id_=id_column,
    )
    with engine.begin() as connection:
        area_id = _area_id(connection, settings, area, path)
        checked = _check(connection, area_id, table, columns, datum)
        report = _report(settings, path, area, datum, encoding, table, columns, checked)
        if (report.rows - report.quarantined) / report.rows < gate:
            raise _gate_error(report, gate)
        _store(connection, area_id, checked)
    return report


def _area_id(connection: "Connection", settings: Settings, name: str, path: Path) -> int:
    lock_area(connection, name)
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


def _check(
    connection: "Connection", area_id: int, table: RawTable, columns: Columns, datum: Datum
) -> CheckedRows:
    here = {"area_id": area_id}
    outline = connection.execute(text(query("area_outline")), here).scalar()
    known: set[RowKey] = {
        row_key(row[0], row[1], row[2], row[3])
        for row in connection.execute(text(query("imported_rows")), here)
    }
    checked = check_rows(
        table,
        columns,
        datum,
        clean=lambda written: normalise(written).text,
        outline=None if outline is None else shapely.from_wkb(bytes(outline)),
        known=known,
    )
    roads = _roads(connection, area_id)
    if roads and checked.texts:
        lon, lat = from_wgs84(checked.lon, checked.lat, datum)
        refuse_if_roads_disagree([road_of(t) for t in checked.texts], lon, lat, datum, roads)
    return checked


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


def _report(
    settings: Settings,
    path: Path,
    area: str,
    datum: Datum,
    encoding: str,
    table: RawTable,
    columns: Columns,
    checked: CheckedRows,
) -> ImportReport:
    quarantine = None
    if checked.refused:
        quarantine = settings.var / "areas" / area / "quarantine" / f"{path.name}.refused.csv"
        _write_quarantine(quarantine, table, checked)
    return ImportReport(
        area=area,
        file=str(path),
        datum=datum,
        encoding=encoding,
        columns=columns,
        rows=len(table.rows),
        accepted=len(checked.texts),
        quarantined=len(checked.refused),
        duplicates=len(checked.duplicates),
        reasons=checked.reasons(),
        quarantine_file=quarantine,
    )


def _write_quarantine(path: Path, table: RawTable, checked: CheckedRows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "reason_zh", "reason_en", *table.header])
        for row, reason in checked.refused:
            about = REASONS[reason]
            writer.writerow([table.line_numbers[row], reason, about.zh, about.en, *table.rows[row]])


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


def _store(connection: "Connection", area_id: int, checked: CheckedRows) -> None:
    if not checked.texts:
        return
    top = connection.execute(
        select(func.max(register.address.c.address_id)).where(register.address.c.area_id == area_id)
    ).scalar()
    start = first_id(area_id) if top is None else int(top) + 1
    count = len(checked.texts)
    points = list(shapely.to_wkb(shapely.points(checked.lon, checked.lat)))
    rows = pa.table(
        {
            "address_id": pa.array(np.arange(start, start + count, dtype=np.int64)),
            "area_id": pa.array(np.full(count, area_id, dtype=np.int32)),
            "level": pa.array(["place"] * count),
            "label_zh": pa.array(
                [n or t for n, t in zip(checked.names, checked.texts, strict=True)]
            ),
            "text_zh": pa.array(checked.texts),
            "name_zh": pa.array(checked.names, pa.string()),
            "point": pa.array(points, pa.binary()),
        }
    )
    # what a load does is no change of the register: it opens no history
    connection.execute(text("SELECT set_config('register.loading', 'on', true)"))
    copy_rows(connection, register.address, rows)
    connection.execute(text(query("place_in_grids")), {"area_id": area_id, "first": start})
    connection.execute(text("SELECT set_config('register.loading', '', true)"))
