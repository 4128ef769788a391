"""The road network of Auckland from the JEMSS simulator (Apache-2.0; roads ODbL), as arrays."""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Auckland:
    """54,370 nodes and 90,638 arcs with the travel times of emergency vehicles, rounded once."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    tails: NDArray[np.int32]
    heads: NDArray[np.int32]
    length_m: NDArray[np.float64]
    emergency_ms: NDArray[np.int32]

    @property
    def n_nodes(self) -> int:
        return self.lon.size


def read_auckland(real_data: Path) -> Auckland:
    """Read ``roads/jemss_auckland/roads.zip``; node numbers begin at 1 there, times are in days."""
    with zipfile.ZipFile(real_data / "roads" / "jemss_auckland" / "roads.zip") as archive:
        nodes = _table(archive, "nodes.csv", 3)
        arcs = _table(archive, "arcs.csv", 6)
    ends = arcs[:, 1:3].astype(np.int32) - 1
    ms = np.rint(arcs[:, 4] * DAY_MS).astype(np.int32)
    columns = (nodes[:, 1], nodes[:, 2], *ends.T, 1_000 * arcs[:, 3], ms)
    return Auckland(*(np.ascontiguousarray(column) for column in columns))


def _table(archive: zipfile.ZipFile, name: str, columns: int) -> NDArray[np.float64]:
    text = io.TextIOWrapper(archive.open(name), encoding="utf-8")
    rows = csv.reader(text)
    for row in rows:
        if row[:1] == ["index"]:
            break
    return np.array([row[:columns] for row in rows if row and row[0]], np.float64)
