"""How well addresses are parsed and matched; writes build/bench/address-quality.json.

Matching is scored on a synthetic district degraded by ``ingest/synthetic/address_noise.py`` (area
``BLOCKDATA_AREA``, the demo by default; figures of a larger scale mean more) and, where
``BLOCKDATA_REAL_DATA`` is set, on car parks sought among housing estates.
"""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import LEVELS, match_many
from blockdata.address.normalise import normalise_many
from blockdata.address.service import AddressService
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.database import open_database
from ingest.synthetic.cli import ensure
from tests.benchmarks import bench_address_quality_parsing as parsing
from tests.benchmarks._address_truth import (
    Scored,
    area_under_curve,
    calibration_error,
    library_of,
    score,
)
from tests.benchmarks._harness import REPORTS, Report

QUERIES = 200_000
SEED = 7  # not the one that the probabilities were fitted on
WRONG_LISTED = 20
WRONG_FILE = "address-wrong.csv"
BAND = (0.05, 0.95)
CLOSE_M, FAR_M, SURE = 500.0, 2000.0, 0.95
METRES_PER_DEGREE = (102_800.0, 110_900.0)  # at 22.6° N


def main() -> None:
    """Parsing and matching, one report."""
    settings = Settings()
    ensure(area=settings.area)
    report = Report("address-quality")
    synthetic(report, settings)
    if settings.real_data is not None:
        report.rows.extend(parsing.rows(settings.real_data))
        real_text(report, settings.real_data)
    report.write()


def synthetic(report: Report, settings: Settings) -> None:
    """Precision, recall and calibration on degraded synthetic addresses."""
    engine = open_database(settings)
    gazetteer = AddressService(engine, settings).gazetteer(settings.area)
    with engine.connect() as connection:
        area = find_area(connection, settings.area)
        library = library_of(connection, area.area_id)
    engine.dispose()
    scored = score(gazetteer, library, QUERIES, SEED)
    notes = (
        f"synthetic district, scale {area.scale}, seed {area.seed}, {len(library.parts)} buildings,"
        f" {len(gazetteer.room_id)} units and rooms; {QUERIES} queries, noise seed {SEED}"
    )
    _accuracy(report, scored, notes)
    _calibration(report, scored, notes)
    _rooms(report, scored, notes)
    _list_wrong(report, scored, gazetteer)


def _accuracy(report: Report, scored: Scored, notes: str) -> None:
    queries, built, right = scored.queries, scored.built, scored.right
    told = queries["determinable"].to_numpy(bool)
    lost = ~told & (queries["address_id"] >= 0).to_numpy()
    for metric, value in (
        ("share-nonexistent", (queries["address_id"] < 0).mean()),
        ("share-ambiguous", lost.mean()),
        ("precision", right[built].mean()),
        ("recall", (right & built)[told].mean()),
    ):
        report.value("match-building", "all", metric, float(value), notes)
    for kind in sorted(set(queries["kind"])):
        rows = (queries["kind"] == kind).to_numpy()
        if (rows & built).any():
            value = float(right[rows & built].mean())
            report.value("match-building", kind, "precision", value, notes)
        if (rows & told).any():
            value = float((right & built)[rows & told].mean())
            report.value("match-building", kind, "recall", value, notes)


def _calibration(report: Report, scored: Scored, notes: str) -> None:
    # also what is less sure than an answer needs: "none" is said of it, with that probability
    chance, rows = scored.table.probability, scored.table.found[:, k.A_LEVEL] != k.NOTHING
    sure_of = scored.right_if_said
    band = rows & (chance > BAND[0]) & (chance < BAND[1])
    report.value(
        "match-probability", "all", "auc", area_under_curve(chance[rows], sure_of[rows]), notes
    )
    error = calibration_error(chance[band], sure_of[band])
    within = f"{int(band.sum())} answers between {BAND[0]} and {BAND[1]}; {notes}"
    report.value("match-probability", "band 0.05-0.95", "calibration-error", error, within)
    for kind in sorted(set(scored.queries["kind"])):
        these = rows & (scored.queries["kind"] == kind).to_numpy()
        error = calibration_error(chance[these], sure_of[these])
        report.value("match-probability", kind, "calibration-error", error, notes)


def _rooms(report: Report, scored: Scored, notes: str) -> None:
    asked = (scored.queries["has_room"] & scored.queries["determinable"]).to_numpy(bool)
    reached = scored.table.level == k.L_ROOM
    report.value("match-room", "all", "recall", float(reached[asked].mean()), notes)
    if (reached & asked).any():
        value = float(scored.right[reached & asked].mean())
        report.value("match-room", "all", "precision of the building", value, notes)


def _list_wrong(report: Report, scored: Scored, gazetteer: Any) -> None:
    wrong = np.flatnonzero(scored.built & ~scored.right)
    listed = scored.queries.iloc[wrong].assign(
        answer=[gazetteer.text(int(node)) for node in scored.table.node[wrong]],
        probability=scored.table.probability[wrong],
    )
    REPORTS.mkdir(parents=True, exist_ok=True)
    listed.to_csv(REPORTS / WRONG_FILE, index=False)
    for row in wrong[:WRONG_LISTED].tolist():
        query = scored.queries.iloc[row]
        got = gazetteer.text(int(scored.table.node[row]))
        chance = float(scored.table.probability[row])
        report.value(
            "match-wrong", query["kind"], "probability", chance, f"{query['text']} → {got}"
        )
    report.value("match-wrong", "all", "count", float(len(wrong)), f"all in {WRONG_FILE}")


def real_text(report: Report, folder: Path) -> None:
    """Car parks sought among housing estates: how far the answer lies from the car park."""
    estates = _read(folder / "addresses" / "estates_lianjia.csv.gz")
    parks = _read(folder / "addresses" / "parking_sample.csv.gz")
    gazetteer = build_gazetteer(_as_places(estates), pd.DataFrame(columns=_ROOM_COLUMNS))
    table = match_many(gazetteer, (parks["address"] + parks["name"]).tolist())
    lon, lat = parks["lon_wgs84"].astype(float), parks["lat_wgs84"].astype(float)
    node = np.maximum(table.node, 0)
    apart_m = np.hypot(
        (gazetteer.lon[node] - lon) * METRES_PER_DEGREE[0],
        (gazetteer.lat[node] - lat) * METRES_PER_DEGREE[1],
    )
    notes = (
        f"{len(parks)} car parks (parking_sample) among {len(estates)} estates (estates_lianjia)"
    )
    estate = table.level >= LEVELS.index("estate")
    for case, rows in (
        ("estate-level", estate),
        ("road-level", table.level == LEVELS.index("road")),
        ("estate-level, above 0.95", estate & (table.probability > SURE)),
    ):
        report.value("match-real", case, "answers", float(rows.sum()), notes)
        near, far = (apart_m[rows] <= CLOSE_M).mean(), (apart_m[rows] > FAR_M).mean()
        report.value("match-real", case, "within 500 m", float(near), notes)
        report.value("match-real", case, "beyond 2 km", float(far), notes)
    sure = float((table.probability[table.level > 0] > SURE).mean())
    report.value("match-real", "all answers", "share above 0.95", sure, notes)


_ROOM_COLUMNS = ("address_id", "level", "parent_id", "label_zh")


def _read(path: Path) -> pd.DataFrame:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def _as_places(estates: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "address_id": range(1, len(estates) + 1),
            "level": "place",
            "parent_id": np.nan,
            "code": None,
            "text_zh": normalise_many(estates["address"].tolist()),
            "name_zh": normalise_many(estates["name"].tolist()),
            "lon": estates["lon_wgs84"].astype(float),
            "lat": estates["lat_wgs84"].astype(float),
            "grid_code": None,
            "community_zh": None,
            "street_zh": None,
        }
    )


if __name__ == "__main__":
    main()
