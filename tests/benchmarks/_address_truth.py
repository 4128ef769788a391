"""Degraded addresses with what they mean, and whether an answer is right."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import MatchTable, match_many
from ingest.synthetic.address_noise import Library, degrade, read_library


@dataclass(frozen=True)
class Scored:
    """Queries, the matcher's answers, and whether each is right at the level it claims."""

    queries: pd.DataFrame
    table: MatchTable
    right: Any  # (n,) bool; False where no answer is given
    right_if_said: Any  # (n,) bool; also of answers too unsure to be given

    @property
    def built(self) -> Any:
        """(n,) the answer claims a building."""
        return self.table.level >= k.L_BUILDING

    @property
    def answered(self) -> Any:
        """(n,) there is an answer at all."""
        return self.table.level != k.NOTHING


def score(gazetteer: Gazetteer, library: Library, count: int, seed: int) -> Scored:
    """Degrade ``count`` addresses, match them, and mark what is right."""
    queries = degrade(library, count, seed)
    table = match_many(gazetteer, queries["text"].tolist(), explained=True)
    right = _right(gazetteer, queries, table)
    return Scored(queries, table, right & (table.level != k.NOTHING), right)


def library_of(connection: Connection, area_id: int) -> Library:
    """The synthetic library of an area."""
    return read_library(connection, area_id)


def _right(gazetteer: Gazetteer, queries: pd.DataFrame, table: MatchTable) -> Any:
    """Right: the building meant; or above it, what that building belongs to."""
    source = np.searchsorted(gazetteer.address_id, queries["source_id"].to_numpy(np.int64))
    exists = queries["address_id"].to_numpy() >= 0
    node, level = table.node, table.found[:, k.A_LEVEL]
    name = table.found[:, k.A_NAME]
    right = np.zeros(len(queries), bool)
    built = level >= k.L_BUILDING
    right[built] = (node == source)[built] & exists[built]
    for reached, column in ((k.L_NUMBER, "number_node"), (k.L_ESTATE, "estate_node")):
        rows = level == reached
        right[rows] = ((node == source) | (node == getattr(gazetteer, column)[source]))[rows]
        same_number = (gazetteer.road[node] == gazetteer.road[source]) & (
            gazetteer.number[node] == gazetteer.number[source]
        )
        same_estate = (gazetteer.estate[node] == gazetteer.estate[source]) & (
            gazetteer.community[node] == gazetteer.community[source]
        )
        right[rows] |= (same_number if reached == k.L_NUMBER else same_estate)[rows]
        if reached == k.L_NUMBER:
            right[rows] &= exists[rows] | same_estate[rows]
    right[level > k.L_ROAD] &= ~queries["elsewhere"].to_numpy(bool)[level > k.L_ROAD]
    for reached, column in (
        (k.L_ROAD, "road"),
        (k.L_COMMUNITY, "community"),
        (k.L_STREET, "street"),
    ):
        rows = level == reached
        right[rows] = (name == getattr(gazetteer, column)[source])[rows]
    return right


def calibration_error(chance: Any, right: Any, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    if not len(chance):
        return 0.0
    at = np.minimum((chance * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        rows = at == b
        if rows.any():
            error += rows.mean() * abs(float(chance[rows].mean()) - float(right[rows].mean()))
    return error


def area_under_curve(chance: Any, right: Any) -> float:
    """Probability that a right answer ranks above a wrong one; ties count half."""
    ranks = pd.Series(chance).rank().to_numpy()
    positive = int(right.sum())
    negative = len(right) - positive
    if not positive or not negative:
        return 1.0
    return float((ranks[right].sum() - positive * (positive + 1) / 2) / (positive * negative))
