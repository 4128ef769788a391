"""How well addresses are parsed and matched; writes build/bench/address-quality.json.

Matching is scored on a synthetic district degraded by ``ingest/synthetic/address_noise.py`` (area
``BLOCKDATA_AREA``, the demo by default; figures of a larger scale mean more) and, where
``BLOCKDATA_REAL_DATA`` is set, on real texts among real estates.
"""

from typing import Any

import numpy as np

from blockdata.address._kernels import resolving as k
from blockdata.address.service import AddressService
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.database import open_database
from ingest.synthetic.cli import ensure
from tests.benchmarks import bench_address_quality_parsing as parsing
from tests.benchmarks import bench_address_quality_real as real
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


def main() -> None:
    """Parsing and matching, one report."""
    settings = Settings()
    ensure(area=settings.area)
    report = Report("address-quality")
    synthetic(report, settings)
    if settings.real_data is not None:
        report.rows.extend(parsing.rows(settings.real_data))
        real.rows(report, settings.real_data)
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


if __name__ == "__main__":
    main()
