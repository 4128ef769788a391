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
    "unknown", "margin", "margin_full", "ties",
    "level_estate", "level_number", "level_building", "level_coarse", "level_none",
    "unknown_estate", "estate_alone", "nearly_alone", "short_alone", "unknown_alone",
    "road_slip", "road_prefixed", "estate_slip", "estate_prefixed", "road_slip_estate_agrees",
    "same_road_other_number", "landmark", "landmark_alone", "strange_place",
    "clash_building_agrees", "number_agrees_estate_prefixed", "behind_alone", "behind_confirmed",
    "clash_more_said", "area_alone", "area_confirmed", "road_prefixed_area",
    "road_prefixed_estate_agrees", "unknown_road_only", "unknown_road_estate",
    "unknown_road_short", "beside_road", "road_prefixed_short_area",
    "road_prefixed_area_apart",
    # those of the divisions stand last, see ``weighing``
    "community_agrees", "community_contradicts", "street_agrees", "street_contradicts",
    "region_agrees", "region_contradicts", "region_contradicts_alone", "nearly_bare",
    "region_contradicts_bare", "number_contradicts_community_agrees",
    "number_contradicts_community_contradicts", "region_contradicts_division_agrees",
    "strange_place_in_division", "clash_in_division", "number_agrees_division_contradicts",
    "estate_bare", "division_contradicts_confirmed", "estate_bare_whole",
    "slip_division_contradicts", "unknown_road_in_division",
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
