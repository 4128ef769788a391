"""Fit the matcher's probabilities on degraded synthetic addresses.

Writes ``data/address/matching.json``.

Run at development time: ``python -m tests.benchmarks.fit_address_matching AREA``.
"""

import json
import sys
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from blockdata.address._kernels import resolving as k
from blockdata.address.calibration import FEATURES, features
from blockdata.address.service import AddressService
from blockdata.profile import data_folder
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.database import open_database
from tests.benchmarks._address_truth import library_of, score
from tests.benchmarks._fit_constraints import steps

QUERIES = 600_000
SEED = 20_001
RIDGE = 0.3
LEAST = 1e-3  # of a step, so that weights of four digits obey as well


def main() -> None:
    """Fit with a ridge; what is said and agrees makes no answer less sure."""
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
    """The ridge's logistic weights among those that obey ``steps``; they are convex, so is this."""
    rows, counts, right = _grouped(x, y)
    obeyed = steps()

    def loss(weights: Any) -> tuple[float, Any]:
        logit = rows @ weights
        value = counts @ np.logaddexp(0.0, logit) - right @ logit + RIDGE / 2 * weights @ weights
        slope = rows.T @ (counts * expit(logit) - right) + RIDGE * weights
        return float(value) / len(y), slope / len(y)

    found = minimize(
        loss,
        np.zeros(x.shape[1]),
        jac=True,
        method="SLSQP",
        constraints={
            "type": "ineq",
            "fun": lambda w: obeyed @ w - LEAST,
            "jac": lambda _: obeyed,
        },
        options={"maxiter": 2000, "ftol": 1e-12},
    )
    if not found.success:
        raise SystemExit(f"the weights were not found: {found.message}")
    return found.x


def _grouped(x: Any, y: Any) -> tuple[Any, Any, Any]:
    """Distinct rows, how many there are of each, and how many of those are right."""
    rows, at = np.unique(x, axis=0, return_inverse=True)
    return rows, np.bincount(at).astype(float), np.bincount(at, weights=y)


if __name__ == "__main__":
    main()
