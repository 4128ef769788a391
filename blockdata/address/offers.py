"""What lies in a division, on a road or in an estate: some of it, to go on asking with."""

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels import resolving as k
from blockdata.address.estimate import whole_number
from blockdata.address.gazetteer import NODE_LEVELS, Gazetteer
from blockdata.address.match import Place, place_of, spell_label

MOST_OFFERS = 8
MOST_BUILDINGS = 24
_ROADS_OF_COMMUNITY = 5

Nodes = NDArray[np.int64]


def next_level(gazetteer: Gazetteer, level: str, nodes: Nodes, number: int) -> tuple[Place, ...]:
    """Some of what ``nodes`` are, a level further down: the most used, in order of their labels.

    Those of a division or road have no address of their own: their words are asked about next.
    ``number`` is the code of a number that was said of a road that lacks it: what is closest.
    """
    match level:
        case "street":
            return tuple(_by_name(gazetteer, nodes, k.C_COMMUNITY, MOST_OFFERS))
        case "community":
            roads = _by_name(gazetteer, nodes, k.C_ROAD, _ROADS_OF_COMMUNITY)
            return tuple(roads + _estates(gazetteer, nodes, MOST_OFFERS - len(roads)))
        case "road":
            return tuple(_numbers(gazetteer, nodes, number))
        case _:
            ordered = nodes[np.argsort(gazetteer.building[nodes], kind="stable")]
            return tuple(place_of(gazetteer, node) for node in ordered[:MOST_BUILDINGS].tolist())


def _by_name(gazetteer: Gazetteer, nodes: Nodes, column: int, most: int) -> list[Place]:
    """The communities or roads of nodes, the most used first, as words to ask about."""
    g = gazetteer
    names = g.contexts[g.context[nodes], column].astype(np.int64)
    used = np.bincount(names[names >= 0], weights=1.0 + g.weight[nodes][names >= 0])
    level = {k.C_COMMUNITY: "community", k.C_ROAD: "road"}[column]
    above = [g.street] if column == k.C_COMMUNITY else [g.street, g.community]
    found = []
    for name in np.argsort(-used, kind="stable")[:most].tolist():
        if used[name] <= 0:
            break
        one = int(nodes[np.flatnonzero(names == name)[0]])
        words = [g.name(int(n[one])) for n in above if n[one] >= 0] + [g.name(name)]
        found.append(Place(None, "".join(words), g.name(name), level, None, None, None))
    return found


def _estates(gazetteer: Gazetteer, nodes: Nodes, most: int) -> list[Place]:
    estates = nodes[gazetteer.level[nodes] == NODE_LEVELS.index("estate")]
    ordered = estates[np.argsort(-gazetteer.weight[estates], kind="stable")]
    return [place_of(gazetteer, node) for node in ordered[:most].tolist()]


def _numbers(gazetteer: Gazetteer, nodes: Nodes, number: int) -> list[Place]:
    """One address for each number, in order: closest to the one that was said, or most used."""
    g = gazetteer
    numbered = nodes[g.number[nodes] > 0]
    coarse = np.where(g.level[numbered] == NODE_LEVELS.index("number"), 0, 1)
    order = np.lexsort((coarse, g.number[numbered]))
    _, first = np.unique(g.number[numbered][order], return_index=True)
    ones = numbered[order][first]
    whole = np.array([whole_number(spell_label(int(n))) or 0 for n in g.number[ones]], np.int64)
    wanted = whole_number(spell_label(number))
    rank = -g.weight[ones].astype(np.int64) if wanted is None else np.abs(whole - wanted)
    kept = np.argsort(rank, kind="stable")[:MOST_OFFERS]
    return [place_of(g, node) for node in ones[kept[np.argsort(whole[kept])]].tolist()]
