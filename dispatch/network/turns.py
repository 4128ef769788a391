"""Turn restrictions, at the price of the junctions that have them.

An arc with forbidden turns at its end leads to a copy of the junction of its own, from which only
the allowed arcs leave. Every arc keeps one head; an arc that leaves an expanded junction has one
more copy for each such junction copy. The graph stays a plain graph of nodes and arcs.

Geisberger, Vetter: Efficient Routing in Road Networks with Turn Costs. SEA 2011 (arc-based and
node-based models).
"""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from dispatch.network.costs import Arcs

Ints = npt.NDArray[np.int64]


def forbidden_turns(arcs: Arcs, restrictions: Ints, mode_bit: int) -> dict[int, set[int]]:
    """For each arc with forbidden turns at its head, the arcs it must not go on to.

    ``restrictions`` int64[r, 5]: from segment, via node, to segment, only (1) or no (0), modes.
    A restriction whose arcs are closed to the mode says nothing.
    """
    arriving: dict[tuple[int, int], list[int]] = defaultdict(list)
    leaving: dict[tuple[int, int], list[int]] = defaultdict(list)
    out: dict[int, list[int]] = defaultdict(list)
    vias = set(restrictions[:, 1].tolist())
    near = np.isin(arcs.tail, list(vias)) | np.isin(arcs.head, list(vias))
    for arc in np.flatnonzero(near).tolist():
        segment, tail, head = int(arcs.segment[arc]), int(arcs.tail[arc]), int(arcs.head[arc])
        arriving[segment, head].append(arc)
        leaving[segment, tail].append(arc)
        out[tail].append(arc)
    forbidden: dict[int, set[int]] = defaultdict(set)
    for from_segment, via, to_segment, only, modes in restrictions.tolist():
        onto = leaving[to_segment, via]
        if not modes & mode_bit or not onto:
            continue
        banned = set(out[via]) - set(onto) if only else set(onto)
        for arc in arriving[from_segment, via]:
            forbidden[arc] |= banned
    return {arc: banned for arc, banned in forbidden.items() if banned}


def expand(arcs: Arcs, n_nodes: int, forbidden: dict[int, set[int]]) -> tuple[Arcs, Ints]:
    """The arcs over junctions and their copies, and the junction of every node, int64[n'].

    Arcs keep their numbers; the copies follow after them.
    """
    head = arcs.head.copy()
    base = list(range(n_nodes))
    copies: list[tuple[int, int]] = []
    out: dict[int, list[int]] = defaultdict(list)
    junctions = {int(arcs.head[arc]) for arc in forbidden}
    for arc in np.flatnonzero(np.isin(arcs.tail, list(junctions))).tolist():
        out[int(arcs.tail[arc])].append(arc)
    for arc in sorted(forbidden):
        junction = int(arcs.head[arc])
        head[arc] = len(base)
        copies += [(len(base), onto) for onto in out[junction] if onto not in forbidden[arc]]
        base.append(junction)
    source = np.array([onto for _, onto in copies], np.int64)
    tails = np.array([node for node, _ in copies], np.int32)
    expanded = Arcs(
        tail=np.concatenate([arcs.tail, tails]),
        head=np.concatenate([head, head[source]]),
        time_ms=np.concatenate([arcs.time_ms, arcs.time_ms[source]]),
        segment=np.concatenate([arcs.segment, arcs.segment[source]]),
        direction=np.concatenate([arcs.direction, arcs.direction[source]]),
    )
    return expanded, np.array(base, np.int64)
