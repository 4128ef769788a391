"""A current layer changed as little as its loads allow: the re-plan of one community."""

import numpy as np

from blockdata.grid.planner import _planner_kernel as kernel
from blockdata.grid.planner.blocks import Blocks
from blockdata.grid.planner.partition import KEPT, Graph, graph_of, improve, split_heaviest
from blockdata.grid.planner.problem import Flags, Floats, Ints, Sizing, size_of
from blockdata.profile import GridRules

_REACHES = (1, 2, 4, 99)


def kept_size(each: Floats, current: int, rules: GridRules) -> Sizing:
    """Today's number of grids while they still come near the standard load 1; else as drawn anew.

    Near is within the profile's tolerance, the same that a single grid is held to.
    """
    if 0 < current <= rules.most_per_community:
        as_today = size_of(each, rules, current)
        if abs(as_today.standard - 1) <= rules.tolerance:
            return as_today
    return size_of(each, rules)


def redraw(
    blocks: Blocks, old: int, sizing: Sizing, biggest: Floats, rules: GridRules, seed: int
) -> Ints:
    """The grid of each block, as today wherever loads allow.

    Labels 0 … old − 1 are the grids of today; those that are dissolved stay empty, new ones follow.
    """
    part, count = blocks.current.copy(), min(sizing.count, len(blocks))
    graph = graph_of(blocks, count, KEPT.border)
    kernel.settle_strays(graph.starts, graph.ends, graph.cost, blocks.load, part, old)
    present = len(np.unique(part))
    labels = old
    while present > count:
        _dissolve_lightest(graph, blocks, part)
        present -= 1
    while present < count and split_heaviest(graph, blocks, part, labels):
        labels, present = labels + 1, present + 1
    return cure(blocks, part, blocks.current, sizing, biggest, rules, seed)


def cure(
    blocks: Blocks,
    part: Ints,
    home: Ints,
    sizing: Sizing,
    biggest: Floats,
    rules: GridRules,
    seed: int,
) -> Ints:
    """The grouping with fewer grids out of tolerance, the fewest blocks away from ``home``.

    Only grids out of tolerance give or take first; then their neighbours, then theirs. Moves that
    cure nothing are not worth a single building: then the grouping comes back as it was.
    """
    labels, start = int(part.max()) + 1, part
    graph = graph_of(blocks, min(sizing.count, len(blocks)), KEPT.border)
    faults = int(_out_of_tolerance(blocks, part, sizing, biggest, rules).sum())
    for turn, reach in enumerate(_REACHES):
        wrong = _out_of_tolerance(blocks, part, sizing, biggest, rules)
        if not wrong.any():
            break
        free, part = _around(graph, part, wrong, reach), part.copy()
        target = np.full(labels, sizing.standard)
        improve(graph, blocks, part, target, rules, KEPT, seed + turn, home=home, free=free)
    left = int(_out_of_tolerance(blocks, part, sizing, biggest, rules).sum())
    return part if left < faults else start


def _out_of_tolerance(
    blocks: Blocks, part: Ints, sizing: Sizing, biggest: Floats, rules: GridRules
) -> Flags:
    """(labels,) the grids whose load is off, but for those that one building rules."""
    load = np.bincount(part, weights=blocks.load)
    largest = np.zeros(len(load))
    np.maximum.at(largest, part, biggest)
    there = np.bincount(part) > 0
    ruled = largest > sizing.standard * (1 + rules.tolerance)
    off: Flags = np.abs(load / sizing.standard - 1) > rules.tolerance
    return there & ~ruled & off


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
