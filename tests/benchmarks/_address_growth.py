"""How matching grows from 10,000 to 3 million rooms: the area's own rows, cut or said again.

A copy of the area bears other names (every community's name gets one more character), so that each
address stays one of its kind.
"""

import time

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.gazetteer_rows import _frame
from blockdata.address.match import match_many
from tests.benchmarks._harness import Report

SIZES = (10_000, 100_000, 1_000_000, 3_000_000)
QUERIES = 50_000
_FIRST = 0x4E00


def growth(report: Report, engine: Engine, area_id: int, notes: str) -> None:
    """Time to build, bytes, and microseconds to match one written address, by rooms."""
    with engine.connect() as connection:
        nodes, rooms = _frame(connection, "nodes", area_id), _frame(connection, "rooms", area_id)
    for size in SIZES:
        some, inside = _sized(nodes, rooms, size)
        start = time.perf_counter()
        gazetteer = build_gazetteer(some, inside)
        built_s = time.perf_counter() - start
        texts = some.loc[some["level"] == "building", "text_zh"].sample(
            QUERIES, replace=True, random_state=1
        )
        match_many(gazetteer, texts.tolist()[:1000])
        start = time.perf_counter()
        table = match_many(gazetteer, texts.tolist())
        each_us = (time.perf_counter() - start) / QUERIES * 1e6
        case = f"{len(inside)} rooms"
        said = f"{len(gazetteer)} nodes; rows of {notes}, said again under other names"
        report.value("growth", case, "match_us", each_us, said)
        report.value("growth", case, "build_s", built_s, said)
        report.value("growth", case, "megabytes", gazetteer.bytes / 1e6, said)
        report.value("growth", case, "answered", float((table.level > 0).mean()), said)


def _sized(
    nodes: pd.DataFrame, rooms: pd.DataFrame, size: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    if size <= len(rooms):
        return nodes, rooms.iloc[:size]
    copies = round(size / len(rooms))
    step = int(max(nodes["address_id"].max(), rooms["address_id"].max())) + 1
    return (
        pd.concat([_copy(nodes, c, step) for c in range(copies)], ignore_index=True),
        pd.concat([_copy(rooms, c, step) for c in range(copies)], ignore_index=True),
    )


def _copy(rows: pd.DataFrame, copy: int, step: int) -> pd.DataFrame:
    out = rows.assign(
        address_id=rows["address_id"] + copy * step, parent_id=rows["parent_id"] + copy * step
    )
    if "community_zh" not in rows or copy == 0:
        return out
    mark = chr(_FIRST + 100 + copy)
    for name in rows["community_zh"].dropna().unique():
        stem = str(name).removesuffix("社区")
        here = np.asarray(rows["community_zh"] == name)
        out.loc[here, "community_zh"] = stem + mark + "社区"
        out.loc[here, "text_zh"] = out.loc[here, "text_zh"].str.replace(stem, stem + mark)
    return out
