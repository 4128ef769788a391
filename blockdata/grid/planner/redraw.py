"""A current layer changed as little as its loads allow: the re-plan of one community."""

import numpy as np

from blockdata.grid.planner import _planner_kernel as kernel
from blockdata.grid.planner.blocks import Blocks
from blockdata.grid.planner.partition import KEPT, Graph, graph_of, improve, split_heaviest
from blockdata.grid.planner.problem import Flags, Floats, Ints
from blockdata.profile import GridRules

_REACHES = (1, 2, 4, 99)


def kept_count(load: float, current: int, wanted: int, rules: GridRules) -> int:
    """Today's number of grids while a mean grid stays within tolerance of the standard load 1."""
    if current and abs(load / current - 1) <= rules.tolerance:
        return min(current, rules.most_per_community)
    return wanted


def redraw(
    blocks: Blocks, old: int, count: int, aim: float, biggest: Floats, rules: GridRules, seed: int
) -> Ints:
    """The grid of each block, as today wherever loads allow.

    Labels 0 … old − 1 are the grids of today; those that are dissolved stay empty, new ones follow.
    Only grids out of tolerance give or take first; then their neighbours, then theirs.
    """
    part = blocks.current.copy()
    graph = graph_of(blocks, count, KEPT.border)
    kernel.settle_strays(graph.starts, graph.ends, graph.cost, blocks.load, part, old)
    present = len(np.unique(part))
    labels = old
    while present > count:
        _dissolve_lightest(graph, blocks, part)
        present -= 1
    while present < count and split_heaviest(graph, blocks, part, labels):
        labels, present = labels + 1, present + 1
    for turn, reach in enumerate(_REACHES):
        wrong = _out_of_tolerance(blocks, part, labels, aim, biggest, rules)
        if not wrong.any():
            break
        free = _around(graph, part, wrong, reach)
        improve(
            graph,
            blocks,
            part,
            np.full(labels, aim),
            rules,
            KEPT,
            seed + turn,
            home=blocks.current,
            free=free,
        )
    return part


def _out_of_tolerance(
    blocks: Blocks, part: Ints, labels: int, aim: float, biggest: Floats, rules: GridRules
) -> Flags:
    load = np.bincount(part, weights=blocks.load, minlength=labels)
    largest = np.zeros(labels)
    np.maximum.at(largest, part, biggest)
    there = np.bincount(part, minlength=labels) > 0
    ruled = largest > aim * (1 + rules.tolerance)
    return there & ~ruled & (np.abs(load / aim - 1) > rules.tolerance)


def _around(graph: Graph, part: Ints, grids: Flags, reach: int) -> Flags:
    """The grids and all within so many borders of them."""
    source = part[np.repeat(np.arange(len(part)), np.diff(graph.starts))]
    target = part[graph.ends]
    near = grids.copy()
    for _ in range(reach):
        wider = near.copy()
        wider[target[near[source]]] = True
        if (wider == near).all():
            break
        near = wider
    return near


def _dissolve_lightest(graph: Graph, blocks: Blocks, part: Ints) -> None:
    """The blocks of the lightest grid go one by one to the lightest grid beside them; in place."""
    load = np.bincount(part, weights=blocks.load)
    there = np.bincount(part) > 0
    gone = int(np.argmin(np.where(there, load, np.inf)))
    left = np.flatnonzero(part == gone).tolist()
    while left:
        placed = False
        for block in list(left):
            beside = part[graph.ends[graph.starts[block] : graph.starts[block + 1]]]
            beside = beside[beside != gone]
            if len(beside):
                chosen = int(beside[np.argmin(load[beside])])
                part[block] = chosen
                load[chosen] += blocks.load[block]
                left.remove(block)
                placed = True
        if not placed:
            return
