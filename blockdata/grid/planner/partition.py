"""Blocks grouped into grids: METIS for the first draft, then moves of single blocks."""

from dataclasses import dataclass

import numpy as np
import pymetis
import shapely

from blockdata.grid.planner import _planner_kernel as kernel
from blockdata.grid.planner.blocks import Blocks
from blockdata.grid.planner.problem import Flags, Floats, Ints
from blockdata.profile import GridRules

_METIS_UNIT = 1000.0  # METIS weighs in whole numbers: thousandths of a grid, decimetres of border


@dataclass(frozen=True)
class Graph:
    """Blocks as a graph in CSR form, with the cost of cutting each link.

    ``cost`` is in the objective's unit: 1 is the border of a round grid of mean size, off the road.
    """

    starts: Ints
    ends: Ints
    cost: Floats


@dataclass(frozen=True)
class Weights:
    """What the objective weighs against each other; see ``_planner_kernel.improve``."""

    even: float = 1.0
    hinge: float = 80.0
    border: float = 1.0
    stay: float = 0.0
    heat: float = 0.2
    cold: float = 0.002
    moves_per_link: int = 300


DRAWN_ANEW = Weights()
KEPT = Weights(even=0.02, border=0.05, stay=1.0, heat=0.05, moves_per_link=200)
_SAFETY = 0.8  # aim within this part of the tolerance


def graph_of(blocks: Blocks, count: int, border: float) -> Graph:
    """The blocks' graph; pieces of a community in several parts are linked to the nearest."""
    pairs, cost_m = _linked(blocks)
    mean_border = 2.0 * np.sqrt(np.pi * blocks.area_m2.sum() / count)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    cost = np.tile(cost_m, 2)
    order = np.lexsort((both[:, 1], both[:, 0]))
    starts = np.searchsorted(both[order, 0], np.arange(len(blocks) + 1)).astype(np.int64)
    return Graph(starts, both[order, 1].copy(), border * cost[order] / mean_border)


def _linked(blocks: Blocks) -> tuple[Ints, Floats]:
    """Pairs and costs of cutting them, with a free link from each island to the main body."""
    pairs, cost_m = blocks.pairs, blocks.cost_m
    while True:
        piece = _components(len(blocks), pairs)
        if piece.max(initial=0) == 0:
            return pairs, cost_m
        main = int(np.argmax(np.bincount(piece, weights=blocks.area_m2)))
        body, island = np.flatnonzero(piece == main), np.flatnonzero(piece != main)
        tree = shapely.STRtree(blocks.shape[body])
        (here, there), away = tree.query_nearest(
            blocks.shape[island], return_distance=True, all_matches=False
        )
        nearest = int(np.argmin(away))
        link = np.sort([island[here[nearest]], body[there[nearest]]])
        pairs, cost_m = np.vstack([pairs, link]), np.append(cost_m, 0.0)


def _components(n: int, pairs: Ints) -> Ints:
    both = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort((both[:, 1], both[:, 0]))
    starts = np.searchsorted(both[order, 0], np.arange(n + 1)).astype(np.int64)
    piece: Ints
    piece, _ = kernel.label_pieces(starts, both[order, 1].copy(), np.zeros(n, dtype=np.int64))
    return piece


def draw_anew(
    blocks: Blocks, count: int, aim: float, rules: GridRules, seed: int, tries: int = 2
) -> Ints:
    """Group the blocks into ``count`` grids: the best of a few drafts, each improved by moves."""
    if count == 1:
        return np.zeros(len(blocks), dtype=np.int64)
    graph = graph_of(blocks, count, DRAWN_ANEW.border)
    best: tuple[float, Ints] | None = None
    for attempt in range(tries):
        part = _metis(blocks, graph, count, aim, seed + attempt, recursive=attempt % 2 == 1)
        _mend(graph, blocks, part, count)
        improve(graph, blocks, part, np.full(count, aim), rules, DRAWN_ANEW, seed + attempt)
        worth = objective(graph, blocks, part, aim, rules)
        if best is None or worth < best[0]:
            best = worth, part
    assert best is not None
    return best[1]


def _metis(
    blocks: Blocks, graph: Graph, count: int, aim: float, seed: int, *, recursive: bool
) -> Ints:
    options = pymetis.Options(seed=seed, contig=int(not recursive))
    _, part = pymetis.part_graph(
        count,
        pymetis.CSRAdjacency(graph.starts.tolist(), graph.ends.tolist()),
        # A block heavier than a grid (one oversized building) would leave METIS with empty parts.
        vweights=np.maximum(np.minimum(blocks.load / aim, 1.0) * _METIS_UNIT, 1)
        .astype(int)
        .tolist(),
        eweights=np.maximum(graph.cost * _METIS_UNIT, 1).astype(int).tolist(),
        recursive=recursive,
        options=options,
    )
    return np.asarray(part, dtype=np.int64)


def _mend(graph: Graph, blocks: Blocks, part: Ints, count: int) -> None:
    """Every grid in one piece and none empty; in place."""
    kernel.settle_strays(graph.starts, graph.ends, graph.cost, blocks.load, part, count)
    for empty in np.setdiff1d(np.arange(count), part).tolist():
        split_heaviest(graph, blocks, part, empty)


def split_heaviest(graph: Graph, blocks: Blocks, part: Ints, new: int) -> bool:
    """Half of the heaviest grid that can be halved becomes grid ``new``; in place."""
    for old in np.argsort(-np.bincount(part, weights=blocks.load), kind="stable").tolist():
        if kernel.halve(graph.starts, graph.ends, blocks.load, part, old, new):
            kernel.settle_strays(
                graph.starts, graph.ends, graph.cost, blocks.load, part, int(part.max()) + 1
            )
            return True
    return False


def improve(
    graph: Graph,
    blocks: Blocks,
    part: Ints,
    target: Floats,
    rules: GridRules,
    weights: Weights,
    seed: int,
    *,
    home: Ints | None = None,
    free: Flags | None = None,
) -> int:
    """Move blocks between grids, in place; returns how many moves were made.

    Args:
        graph: as from ``graph_of`` with the same border weight.
        blocks: the blocks.
        part: (n,) the grid of each block.
        target: (k,) load that each grid should have.
        rules: the tolerance.
        weights: the objective and the schedule.
        seed: any integer; the same gives the same result.
        home: (n,) grid of today; a block elsewhere costs its share of a mean grid's buildings.
        free: (k,) grids that may give and take; all where left out.
    """
    count = len(target)
    mean_buildings = max(blocks.buildings.sum() / count, 1.0)
    return int(
        kernel.improve(
            graph.starts,
            graph.ends,
            graph.cost,
            blocks.load,
            part,
            target,
            np.full(len(blocks), -1, dtype=np.int64) if home is None else home,
            weights.stay * (blocks.buildings / mean_buildings + 1e-4),
            np.ones(count, dtype=bool) if free is None else free.astype(bool),
            np.array([weights.even, weights.hinge, _SAFETY * rules.tolerance]),
            weights.moves_per_link * len(graph.ends),
            weights.heat,
            weights.cold,
            seed,
        )
    )


def objective(graph: Graph, blocks: Blocks, part: Ints, aim: float, rules: GridRules) -> float:
    """What ``improve`` makes small, for a plan drawn anew."""
    off = np.bincount(part, weights=blocks.load) / aim - 1
    beyond = np.maximum(np.abs(off) - _SAFETY * rules.tolerance, 0)
    source = np.repeat(np.arange(len(blocks)), np.diff(graph.starts))
    cut = graph.cost[part[source] != part[graph.ends]].sum() / 2
    return float((DRAWN_ANEW.even * off**2 + DRAWN_ANEW.hinge * beyond**2).sum() + cut)
