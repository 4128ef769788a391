"""Dispatch: how fast the exact answers come, beside those who answer the same.

``make bench NAME=dispatch`` writes build/bench/dispatch.json. One thread; medians; every peer's
answer is compared with ours before its time is told. Networks without data at hand are left out.
"""

import os

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import _dispatch_fleet as fleet
from tests.benchmarks import _dispatch_sweeps as sweeps
from tests.benchmarks._harness import Report
from tests.benchmarks._road_networks import growing, networks

PARTS = [
    sweeps.customise,
    sweeps.one_to_many,
    sweeps.nearest_for_every_node,
    sweeps.nearest_beside_pandana,
    fleet.three_tier_nearest,
    fleet.position_updates,
    fleet.closure,
]
GROWTH_PARTS = [
    sweeps.customise,
    sweeps.nearest_for_every_node,
    fleet.three_tier_nearest,
    fleet.closure,
]


def main() -> None:
    """Measure every part on every network, the growing ones last."""
    report = Report("dispatch")
    for source, parts in ((networks(), PARTS), (growing(), GROWTH_PARTS)):
        for network in source:
            for part in parts:
                part(report, network)
    report.write()


if __name__ == "__main__":
    main()
