"""How real texts are matched among real estates; rows for bench_address_quality.

The library is ``estates_lianjia`` (names and addresses as a portal writes them, no buildings); the
queries are texts of other sources with their own positions: an answer is judged by how far it lies
from there. Nothing is learned from them. The peer is what anybody would write first: the longest
name of the library that stands in the text, where exactly one estate bears it.
"""

import csv
import gzip
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import LEVELS, MatchTable, match_many
from blockdata.address.normalise import normalise_many
from tests.benchmarks._harness import Report

LIBRARY = "estates_lianjia"
QUERIES = ("estates_second_portal", "parking_sample")
NEAR_M = (300.0, 500.0, 1000.0)
FAR_M, SURE, BANDS, SAME_M = 2000.0, 0.95, 10, 1000.0
METRES_PER_DEGREE = (102_800.0, 110_900.0)  # at 22.6° N
_SHORTEST_NAME = 3
_ROOM_COLUMNS = ("address_id", "level", "parent_id", "label_zh")


@dataclass(frozen=True)
class RealTexts:
    """Real texts, the matcher's answers and the peer's, and how far these lie from the truth.

    Attributes:
        texts: address and name, as their source writes them.
        table: the matcher's answers, explained.
        apart_m: (n,) metres from the matcher's answer (or its closest candidate).
        named: (n,) the library row that the peer answers, or -1; named_apart_m: metres from it.
    """

    texts: list[str]
    table: MatchTable
    apart_m: Any
    named: Any
    named_apart_m: Any

    @cached_property
    def of_estate(self) -> Any:
        """(n,) the matcher answers an estate, or something within one."""
        return self.table.level >= LEVELS.index("estate")

    @cached_property
    def known(self) -> Any:
        """(n,) the text carries the exact, unique name of an estate that lies within 1 km."""
        return (self.named >= 0) & (self.named_apart_m <= SAME_M)


def rows(report: Report, folder: Path) -> None:
    """Shares answered and right, calibration, and the peer's figures, for each set of queries."""
    estates = read(folder / "addresses" / f"{LIBRARY}.csv.gz")
    gazetteer = build_gazetteer(_as_places(estates), pd.DataFrame(columns=_ROOM_COLUMNS))
    for name in QUERIES:
        scored = score(gazetteer, estates, read(folder / "addresses" / f"{name}.csv.gz"))
        notes = f"{len(scored.texts)} texts ({name}) among {len(estates)} estates ({LIBRARY})"
        _answers(report, scored, name, notes)
        _known(report, scored, name, notes)
        _calibration(report, scored, name, notes)


def score(gazetteer: Gazetteer, estates: pd.DataFrame, queries: pd.DataFrame) -> RealTexts:
    """Match address + name of each query, and measure how far the answers lie from it."""
    texts = (queries["address"] + queries["name"]).tolist()
    table = match_many(gazetteer, texts, explained=True)
    node = np.maximum(table.node, 0)
    apart_m = _apart_m(queries, gazetteer.lon[node], gazetteer.lat[node])
    named = _named(estates, texts)
    at = estates.iloc[np.maximum(named, 0)]
    named_apart_m = _apart_m(
        queries, at["lon_wgs84"].astype(float).to_numpy(), at["lat_wgs84"].astype(float).to_numpy()
    )
    return RealTexts(texts, table, apart_m, named, named_apart_m)


def _answers(report: Report, scored: RealTexts, name: str, notes: str) -> None:
    chance, n = scored.table.probability, len(scored.texts)
    road = scored.table.level == LEVELS.index("road")
    for case, answered, apart_m in (
        ("estate-level", scored.of_estate, scored.apart_m),
        ("road-level", road, scored.apart_m),
        ("peer: longest unique name in the text", scored.named >= 0, scored.named_apart_m),
    ):
        _shares(report, f"{name}, {case}", answered, apart_m, notes)
    wrong = scored.of_estate & (chance > SURE) & (scored.apart_m > FAR_M)
    report.value("match-real", name, "above 0.95 and beyond 2 km", float(wrong.sum()) / n, notes)
    sure = float((chance[scored.table.level > 0] > SURE).mean())
    report.value("match-real", name, "share of answers above 0.95", sure, notes)


def _known(report: Report, scored: RealTexts, name: str, notes: str) -> None:
    known = scored.known
    within = f"{int(known.sum())} texts with the unique name of an estate within 1 km; {notes}"
    answered = float(scored.of_estate[known].mean())
    report.value("match-real", f"{name}, named exactly", "answered", answered, within)
    median = float(np.median(scored.table.probability[known & ~scored.of_estate]))
    report.value("match-real", f"{name}, named exactly", "median of the declined", median, within)


def _shares(report: Report, case: str, answered: Any, apart_m: Any, notes: str) -> None:
    report.value("match-real", case, "share answered", float(answered.mean()), notes)
    if not answered.any():
        return
    for near_m in NEAR_M:
        near = float((apart_m[answered] <= near_m).mean())
        report.value("match-real", case, f"within {near_m:.0f} m", near, notes)
    far = float((apart_m[answered] > FAR_M).mean())
    report.value("match-real", case, "beyond 2 km", far, notes)


def _calibration(report: Report, scored: RealTexts, name: str, notes: str) -> None:
    """Stated against seen, of candidates at estate level or below, given as answers or not."""
    reached = scored.table.found[:, 0] >= LEVELS.index("estate")
    chance = scored.table.probability
    band = np.minimum((chance * BANDS).astype(int), BANDS - 1)
    for b in range(BANDS):
        these = reached & (band == b)
        if not these.any():
            continue
        stated, seen = float(chance[these].mean()), float((scored.apart_m[these] <= 500.0).mean())
        said = f"stated {stated:.3f}, within 500 m {seen:.3f}, n {int(these.sum())}; {notes}"
        case = f"{name}, {b / BANDS:.1f}-{(b + 1) / BANDS:.1f}"
        report.value("match-real-band", case, "seen minus stated", seen - stated, said)


def _named(estates: pd.DataFrame, texts: list[str]) -> Any:
    """The row of the longest name that stands in each text, or -1 where several bear it."""
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(normalise_many(estates["name"].tolist())):
        rows_of.setdefault(name, []).append(row)
    longest = max(map(len, rows_of))
    out = np.full(len(texts), -1)
    for i, text in enumerate(normalise_many(texts)):
        spans = (
            text[start : start + length]
            for length in range(min(longest, len(text)), _SHORTEST_NAME - 1, -1)
            for start in range(len(text) - length + 1)
        )
        found = next((span for span in spans if span in rows_of), None)
        if found is not None and len(rows_of[found]) == 1:
            out[i] = rows_of[found][0]
    return out


def _apart_m(queries: pd.DataFrame, lon: Any, lat: Any) -> Any:
    east_m = (lon - queries["lon_wgs84"].astype(float).to_numpy()) * METRES_PER_DEGREE[0]
    north_m = (lat - queries["lat_wgs84"].astype(float).to_numpy()) * METRES_PER_DEGREE[1]
    return np.hypot(east_m, north_m)


def read(path: Path) -> pd.DataFrame:
    """All columns of a gzipped CSV file as text."""
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
