"""Dispatch: how fast the exact answers come, beside those who answer the same.

``make bench NAME=dispatch`` writes build/bench/dispatch.json, and dispatch-differences.json where a
peer differs. One thread on one core; medians; every peer's answer is compared with ours before its
time is told. Networks without data at hand and peers that are not installed are said and left out.
"""

import os

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import _dispatch_fleet as fleet
from tests.benchmarks import _dispatch_sweeps as sweeps
from tests.benchmarks._dispatch_assignment import joint_assignment
from tests.benchmarks._dispatch_pgrouting import beside_pgrouting
from tests.benchmarks._dispatch_valhalla import beside_valhalla
from tests.benchmarks._harness import Report
from tests.benchmarks._road_networks import GROWTH, RoadNetwork, auckland, demo, town

Part = Callable[[Report, RoadNetwork], None]
PARTS: list[Part] = [
    sweeps.customise,
    sweeps.one_to_many,
    sweeps.nearest_for_every_node,
    sweeps.nearest_beside_pandana,
    fleet.three_tier_nearest,
    fleet.position_updates,
    fleet.closure,
    fleet.memory,
    joint_assignment,
    beside_pgrouting,
]
GROWTH_PARTS: list[Part] = [
    sweeps.customise,
    sweeps.one_to_many,
    sweeps.nearest_for_every_node,
    fleet.three_tier_nearest,
    fleet.closure,
]
NAMES = ["demo", "auckland", *(f"town-{n // 1000}k" for n in GROWTH), "valhalla"]


def network_of(name: str) -> RoadNetwork | None:
    """A network by its name; None where its data is not at hand."""
    if name == "demo":
        return demo()
    if name == "auckland":
        return auckland()
    return town(1_000 * int(name.removeprefix("town-").removesuffix("k")))


def measure(report: Report, name: str, only: list[str]) -> None:
    """Every part on one network."""
    if name == "valhalla":
        beside_valhalla(report)
        return
    network = network_of(name)
    if network is None:
        report.value("skipped", name, "networks", 0, "BLOCKDATA_REAL_DATA is not set")
        return
    for part in GROWTH_PARTS if name.startswith("town") else PARTS:
        if only and part.__name__ not in only:
            continue
        began = time.perf_counter()
        part(report, network)
        took = time.perf_counter() - began
        print(f"· {name}: {part.__name__} took {took:.0f} s", file=sys.stderr, flush=True)


def main() -> None:
    """Measure every part on every network, the growing ones last but for Valhalla."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", nargs="*", default=NAMES, choices=NAMES)
    parser.add_argument("--parts", nargs="*", default=[], help="names of functions")
    asked = parser.parse_args()
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    report = Report("dispatch")
    report.value("machine", "all", "cores", 1, f"pinned to core {core}, one thread")
    for name in asked.networks:
        measure(report, name, asked.parts)
        if not asked.parts and asked.networks == NAMES:
            report.write()


if __name__ == "__main__":
    main()
