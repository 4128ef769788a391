"""Where a road, community or street leads to when no address on it fits."""

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels.resolving import L_COMMUNITY, L_ROAD, L_STREET, whole_numbers
from blockdata.address.arrays import Ints

_LEVELS = (("road", L_ROAD), ("community", L_COMMUNITY), ("street", L_STREET))


def leads(
    columns: dict[str, NDArray[np.int32]], number: Ints, names: int
) -> dict[str, NDArray[np.generic]]:
    """The arrays ``lead_…`` of the gazetteer.

    Args:
        columns: name ids of each node's region, community, street and road.
        number: codes of the nodes' numbers, of shape (n,).
        names: how many names there are.
    """
    rows = np.concatenate([_rows(columns, number, *at) for at in _LEVELS])
    name, level, region, community, whole, node = rows.T
    rows = rows[np.lexsort((node, whole, community, region, level, name))]
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = (rows[1:, :4] != rows[:-1, :4]).any(axis=1)
    kept = fresh | (rows[:, 1] == L_ROAD)  # all of a community or street are as good as its first
    rows, fresh = rows[kept], fresh[kept]
    name, level, region, community, whole, node = rows.T
    first = np.flatnonzero(fresh)
    starts = np.zeros(names + 1, np.int64)
    np.cumsum(np.bincount(name[first], minlength=names), out=starts[1:])
    return {
        "lead_starts": starts,
        "lead_level": level[first].astype(np.int8),
        "lead_region": region[first].astype(np.int32),
        "lead_community": community[first].astype(np.int32),
        "lead_rows": np.append(first, len(rows)),
        "lead_number": np.ascontiguousarray(whole),
        "lead_node": node.astype(np.int32),
    }


def _rows(columns: dict[str, NDArray[np.int32]], number: Ints, part: str, level: int) -> Ints:
    """Name, level, region, community, whole number and node of each node that bears such a name."""
    node = np.flatnonzero(columns[part] >= 0)
    nothing = np.full(len(node), -1)
    road = level == L_ROAD
    return np.column_stack(
        (
            columns[part][node],
            np.full(len(node), level),
            columns["region"][node],
            columns["community"][node] if road else nothing,
            whole_numbers(number[node]) if road else nothing,
            node,
        )
    ).astype(np.int64)
