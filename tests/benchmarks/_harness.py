"""How every benchmark times, compares and reports.

A report is a list of rows: ``{"name", "case", "n", "seconds", "peer", "peer_seconds", "ratio",
"notes"}`` beside a peer, or ``{"name", "case", "metric", "value", "notes"}``. A peer that is not
installed gets a row that says so, with no time.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

PROJECT = Path(__file__).resolve().parents[2]
REPORTS = PROJECT / "build" / "bench"


def median_seconds(work: Callable[[], Any], *, repeats: int = 9, least: float = 0.0) -> float:
    """Median time of one call, after one to warm up; goes on until ``least`` seconds are spent."""
    work()
    times = []
    began = time.perf_counter()
    while len(times) < repeats or time.perf_counter() - began < least:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def same_answer(ours: ArrayLike, theirs: ArrayLike, what: str, *, tolerance: float = 0) -> None:
    """Stop the benchmark if the two do not agree: a time for another answer is worth nothing."""
    a, b = np.asarray(ours), np.asarray(theirs)
    if a.shape != b.shape:
        raise AssertionError(f"{what}: {a.shape} against {b.shape}")
    differs = np.abs(a.astype(np.float64) - b.astype(np.float64)) > tolerance
    if differs.any():
        at = np.flatnonzero(differs.ravel())[0]
        raise AssertionError(
            f"{what}: {int(differs.sum())} of {a.size} differ, first {a.ravel()[at]} "
            f"against {b.ravel()[at]}"
        )


def installed(module: str) -> Any | None:
    """The module of a peer, or None where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        return None


@dataclass
class Report:
    """The rows of one benchmark."""

    bench: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def beside(
        self,
        name: str,
        case: str,
        n: int,
        seconds: float,
        peer: str,
        peer_seconds: float | None,
        notes: str = "",
    ) -> None:
        """A time of ours beside a peer's (None: the peer did not run; ``notes`` says why)."""
        ratio = None if peer_seconds is None else round(peer_seconds / seconds, 2)
        self._add(
            name=name,
            case=case,
            n=n,
            seconds=seconds,
            peer=peer,
            peer_seconds=peer_seconds,
            ratio=ratio,
            notes=notes,
        )

    def absent(self, name: str, case: str, n: int, seconds: float, peer: str) -> None:
        """The row of a peer that is not installed here."""
        self.beside(
            name, case, n, seconds, peer, None, "peer not installed: the bench extra has it"
        )

    def value(self, name: str, case: str, metric: str, value: float, notes: str = "") -> None:
        """A figure that has no peer."""
        self._add(name=name, case=case, metric=metric, value=value, notes=notes)

    def write(self) -> Path:
        """Write ``build/bench/<bench>.json`` and return its path."""
        REPORTS.mkdir(parents=True, exist_ok=True)
        path = REPORTS / f"{self.bench}.json"
        path.write_text(json.dumps(self.rows, indent=1, ensure_ascii=False), encoding="utf-8")
        print(f"{path}: {len(self.rows)} rows", file=sys.stderr)
        return path

    def _add(self, **row: Any) -> None:
        self.rows.append(row)
        if "metric" in row:
            said = f"{row['metric']} = {row['value']:g}"
        else:
            theirs = "–" if row["peer_seconds"] is None else f"{row['peer_seconds'] * 1e3:.3f} ms"
            said = f"{row['seconds'] * 1e3:.4f} ms · {row['peer']} {theirs} · ×{row['ratio']}"
        print(f"{row['name']:24} {row['case']:34} {said}  {row['notes']}", file=sys.stderr)
