"""Batch matching beside the build before the matcher learnt to say how far a text reaches."""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_rows import read_rows
from blockdata.address.match import match_many
from tests.benchmarks._before import build_of
from tests.benchmarks._harness import Report, median_seconds

COMMIT = "9642bad04c86"
REPEATS = 9
_THERE = """
import json, time
import pandas as pd
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import match_many

def open_rows(folder):
    global gazetteer, texts
    frames = [pd.read_pickle(f"{folder}/{name}.pickle") for name in ("nodes", "rooms", "nicknames")]
    gazetteer = build_gazetteer(*frames)
    texts = json.load(open(f"{folder}/texts.json", encoding="utf-8"))
    table = match_many(gazetteer, texts)
    found = (table.level > 0) & (table.node >= 0)
    return [int(gazetteer.address_id[n]) if f else -1 for n, f in zip(table.node, found)]

def seconds():
    start = time.perf_counter()
    match_many(gazetteer, texts)
    return time.perf_counter() - start
"""


def beside_before(
    report: Report,
    engine: Engine,
    area_id: int,
    gazetteer: Gazetteer,
    texts: list[str],
    notes: str,
) -> None:
    """Both builds match the same texts against the same rows, in turn."""
    said = f"commit {COMMIT[:7]}, in turn, {REPEATS} times each; {notes}"
    with tempfile.TemporaryDirectory(prefix="rows-") as folder:
        _hand_over(engine, area_id, texts, Path(folder))
        try:
            with build_of(COMMIT, _THERE) as before:
                theirs = np.array(before.call("open_rows", folder))
                answers = _answers(gazetteer, texts)
                ours_s, theirs_s = [], []
                for _ in range(REPEATS):
                    start = time.perf_counter()
                    match_many(gazetteer, texts)
                    ours_s.append(time.perf_counter() - start)
                    theirs_s.append(before.call("seconds"))
        except subprocess.CalledProcessError as error:
            alone_s = median_seconds(lambda: match_many(gazetteer, texts))
            report.beside(
                "batch-match", "against the build before", len(texts), alone_s, "before", None,
                f"{said}; it could not be set up: {error}",
            )  # fmt: skip
            return
    other = float((answers != theirs).mean())
    report.beside(
        "batch-match", "against the build before", len(texts), median(ours_s), "before",
        median(theirs_s), f"{said}; answers that differ: {other:.4%}",
    )  # fmt: skip


def _answers(gazetteer: Gazetteer, texts: list[str]) -> NDArray[np.int64]:
    """The address of each text, -1 for none; as the script has it there."""
    table = match_many(gazetteer, texts)
    found = (table.level > 0) & (table.node >= 0)
    return np.where(found, gazetteer.address_id[np.maximum(table.node, 0)], -1)


def _hand_over(engine: Engine, area_id: int, texts: list[str], folder: Path) -> None:
    with engine.connect() as connection:
        rows = read_rows(connection, area_id)
    for name, frame in rows._asdict().items():
        frame.to_pickle(folder / f"{name}.pickle")
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
