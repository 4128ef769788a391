"""From evidence to probability: a logistic model whose parameters say what they learned from."""

import json
from functools import cache

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels.weighing import chances, fill_features
from blockdata.profile import data_folder

FEATURES = (
    "one", "number_agrees", "number_nearly", "number_lacks", "number_contradicts", "road_only",
    "estate_agrees", "estate_short", "estate_nearly", "estate_lacks", "estate_contradicts",
    "building_agrees", "building_lacks", "building_contradicts",
    "community_agrees", "community_contradicts", "street_agrees", "street_contradicts",
    "region_agrees", "region_contradicts", "unknown", "margin", "alone", "ties",
    "level_estate", "level_number", "level_building", "level_coarse", "level_none",
    "unknown_estate", "estate_alone", "nearly_alone", "short_alone", "region_contradicts_alone",
    "unknown_alone", "road_slip", "road_prefixed", "estate_slip", "estate_prefixed",
    "nearly_bare", "region_contradicts_bare", "number_contradicts_community_agrees",
    "number_contradicts_community_contradicts", "road_slip_estate_agrees",
    "region_contradicts_division_agrees", "same_road_other_number", "landmark", "landmark_alone",
    "strange_place", "strange_place_in_division", "clash_building_agrees", "clash_in_division",
    "number_agrees_division_contradicts", "estate_bare", "number_agrees_estate_prefixed",
    "division_contradicts_confirmed", "behind_alone", "behind_confirmed",
    "estate_bare_whole", "clash_more_said", "slip_division_contradicts",
)  # fmt: skip


def features(found: NDArray[np.int64], said: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the model looks at; float64 of shape (n, len(FEATURES)).

    Args:
        found: rows of the resolving kernel.
        said: rows of the reading kernel.
    """
    columns: NDArray[np.float64] = fill_features(found, said, len(FEATURES))
    return columns


@cache
def weights() -> NDArray[np.float64]:
    """The parameters shipped in ``data/address/matching.json``."""
    path = data_folder() / "address" / "matching.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    known = document["weights"]
    return np.array([known.get(name, 0.0) for name in FEATURES])  # newer than the fit: no weight


def probability(
    found: NDArray[np.int64], said: NDArray[np.int64], chance: NDArray[np.float64]
) -> None:
    """Fill ``chance``, of shape (n,): how likely each answer is right at the level it claims."""
    chances(found, said, weights(), chance)
