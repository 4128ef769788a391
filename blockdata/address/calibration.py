"""From evidence to probability: a logistic model whose parameters say what they learned from."""

import json
from functools import cache

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels import resolving as k
from blockdata.address._kernels.reading import EDIT, PREFIXED
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
    "region_contradicts_division_agrees",
)  # fmt: skip

_FULL_MARGIN = 8.0


def features(found: NDArray[np.int64], said: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the model looks at; float64 of shape (n, len(FEATURES)).

    Args:
        found: rows of the resolving kernel.
        said: rows of the reading kernel.
    """
    number, estate, building = found[:, k.A_NUMBER], found[:, k.A_ESTATE], found[:, k.A_BUILDING]
    community, street, region = (found[:, c] for c in (k.A_COMMUNITY, k.A_STREET, k.A_REGION))
    level = found[:, k.A_LEVEL]
    margin = (found[:, k.A_SCORE] - found[:, k.A_RUNNER_SCORE]) / 10.0
    agrees = (k.AGREES, k.SHORT)
    # the estate's name, with no road and number to confirm it
    alone = (estate != k.SILENT) & ~np.isin(number, (*agrees, k.NEARLY))
    # a road and number with neither estate nor community beside them
    bare = (estate == k.SILENT) & (number != k.SILENT) & (community == k.SILENT)
    columns = [
        np.ones(len(found)),
        np.isin(number, agrees),
        number == k.NEARLY,
        number == k.LACKS,
        number == k.CONTRADICTS,
        number > 10,
        estate == k.AGREES,
        estate == k.SHORT,
        estate == k.NEARLY,
        estate == k.LACKS,
        estate == k.CONTRADICTS,
        building == k.AGREES,
        building == k.LACKS,
        building == k.CONTRADICTS,
        np.isin(community, agrees),
        community == k.CONTRADICTS,
        np.isin(street, agrees),
        street == k.CONTRADICTS,
        np.isin(region, agrees),
        region == k.CONTRADICTS,
        np.minimum(found[:, k.A_UNKNOWN], 6) / 2.0,
        np.clip(margin, 0, _FULL_MARGIN) / _FULL_MARGIN,
        margin >= _FULL_MARGIN,
        np.log(np.maximum(found[:, k.A_TIES], 1)),
        level == k.L_ESTATE,
        level == k.L_NUMBER,
        level >= k.L_BUILDING,
        (level > k.NOTHING) & (level <= k.L_ROAD),
        level == k.NOTHING,
        np.minimum(said[:, k.S_UNKNOWN_ESTATE], 6) / 2.0,
        alone,
        alone & (estate == k.NEARLY),
        alone & (estate == k.SHORT),
        alone & (region == k.CONTRADICTS),
        alone * np.minimum(found[:, k.A_UNKNOWN], 6) / 2.0,
        (number == k.NEARLY) & (said[:, k.S_ROAD_EDIT] == EDIT),
        (number == k.NEARLY) & (said[:, k.S_ROAD_EDIT] == PREFIXED),
        (estate == k.NEARLY) & (said[:, k.S_ESTATE_EDIT] == EDIT),
        (estate == k.NEARLY) & (said[:, k.S_ESTATE_EDIT] == PREFIXED),
        bare & (number == k.NEARLY),
        bare & (region == k.CONTRADICTS),
        (number == k.CONTRADICTS) & np.isin(community, agrees),
        (number == k.CONTRADICTS) & (community == k.CONTRADICTS),
        (number == k.NEARLY) & (said[:, k.S_ROAD_EDIT] == EDIT) & np.isin(estate, agrees),
        (region == k.CONTRADICTS) & (np.isin(community, agrees) | np.isin(street, agrees)),
    ]
    return np.column_stack(columns).astype(np.float64)


@cache
def weights() -> NDArray[np.float64]:
    """The parameters shipped in ``data/address/matching.json``."""
    path = data_folder() / "address" / "matching.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    known = document["weights"]
    return np.array([known.get(name, 0.0) for name in FEATURES])  # newer than the fit: no weight


def probability(found: NDArray[np.int64], said: NDArray[np.int64]) -> NDArray[np.float64]:
    """How likely each answer is right at the level it claims; float64 of shape (n,)."""
    logit = features(found, said) @ weights()
    chance: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30)))
    chance[found[:, k.A_LEVEL] == k.NOTHING] = 0.0
    return chance
