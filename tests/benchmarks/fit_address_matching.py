"""Fit the matcher's probabilities on degraded synthetic addresses.

Writes ``data/address/matching.json``.

Run at development time: ``python -m tests.benchmarks.fit_address_matching AREA``.
"""

import json
import sys
from typing import Any

import numpy as np

from blockdata.address._kernels import resolving as k
from blockdata.address.calibration import FEATURES, features
from blockdata.address.service import AddressService
from blockdata.profile import data_folder
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.database import open_database
from tests.benchmarks._address_truth import library_of, score

QUERIES = 600_000
SEED = 20_001
RIDGE = 0.3


def main() -> None:
    """Fit by iteratively reweighted least squares with a ridge."""
    area = sys.argv[1] if len(sys.argv) > 1 else "demo"
    settings = Settings()
    engine = open_database(settings)
    gazetteer = AddressService(engine, settings).gazetteer(area)
    with engine.connect() as connection:
        found = find_area(connection, area)
        library = library_of(connection, found.area_id)
    scored = score(gazetteer, library, QUERIES, SEED)
    rows = scored.table.found[:, k.A_LEVEL] != k.NOTHING
    x = features(scored.table.found[rows], scored.table.said[rows])
    learned = _fit(x, scored.right_if_said[rows].astype(float)).tolist()
    weights = dict(zip(FEATURES, learned, strict=True))
    document = {
        "about": "Parameters of the logistic model that turns the evidence for an address into a"
        " probability. Made by tests/benchmarks/fit_address_matching.py.",
        "learned_from": f"{QUERIES} addresses of a synthetic district (profile {found.profile},"
        f" seed {found.seed}, scale {found.scale}), degraded by ingest/synthetic/address_noise.py"
        f" with seed {SEED}; no real address",
        "weights": {name: round(w, 4) for name, w in weights.items()},
    }
    path = data_folder() / "address" / "matching.json"
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(document["weights"]))


def _fit(x: Any, y: Any) -> Any:
    weights = np.zeros(x.shape[1])
    ridge = RIDGE * np.eye(x.shape[1])
    for _ in range(60):
        chance = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = np.maximum(chance * (1 - chance), 1e-6)
        gradient = x.T @ (y - chance) - ridge @ weights
        move = np.linalg.solve((x * slope[:, None]).T @ x + ridge, gradient)
        weights += np.clip(move, -1, 1)
        if np.abs(move).max() < 1e-6:
            break
    return weights


if __name__ == "__main__":
    main()
