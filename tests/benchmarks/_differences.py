"""Where a peer's answers differ from ours, and why: build/bench/dispatch-differences.json."""

import json
from typing import Any

from tests.benchmarks._harness import REPORTS

PATH = REPORTS / "dispatch-differences.json"


def write_differences(peer: str, network: str, found: dict[str, Any]) -> None:
    """Put what was found beside a peer on a network in the list; what stood there goes."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    listed = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else []
    kept = [row for row in listed if (row["peer"], row["network"]) != (peer, network)]
    rows = [*kept, {"peer": peer, "network": network, **found}]
    PATH.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
