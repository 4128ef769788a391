"""What the tests hold against the hierarchy: SciPy's Dijkstra on a graph of their own making."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

FORBIDDEN = (1 << 30) - 1
HOPS = 1 << 12


@dataclass(frozen=True)
class Roads:
    """A directed graph with times in ms; ``FORBIDDEN`` arcs are closed."""

    n_nodes: int
    tails: NDArray[np.int64]
    heads: NDArray[np.int64]
    ms: NDArray[np.int64]

    @property
    def n_arcs(self) -> int:
        return self.tails.size

    def times(self) -> NDArray[np.int64]:
        """Least time between every two nodes, ``FORBIDDEN`` where there is no way.

        SciPy adds parallel arcs up and may drop arcs of length zero, so the least of parallel arcs
        is taken here, and an arc of t ms is given the length t·HOPS + 1: the whole part of a
        distance over HOPS is the time, as long as no way has more than HOPS arcs.
        """
        assert self.n_nodes < HOPS
        least: dict[tuple[int, int], int] = {}
        for tail, head, ms in zip(
            self.tails.tolist(), self.heads.tolist(), self.ms.tolist(), strict=True
        ):
            if ms < FORBIDDEN and ms < least.get((tail, head), FORBIDDEN):
                least[tail, head] = ms
        keys = np.array(list(least), np.int64).reshape(-1, 2)
        lengths = np.array(list(least.values()), np.float64) * HOPS + 1
        graph = scipy.sparse.csr_matrix(
            (lengths, (keys[:, 0], keys[:, 1])), (self.n_nodes, self.n_nodes)
        )
        distance = dijkstra(graph)
        times = np.full(distance.shape, FORBIDDEN, np.int64)
        finite = np.isfinite(distance)
        times[finite] = distance[finite] // HOPS
        return times


def roads_of(n_nodes: int, arcs: list[tuple[int, int, int]]) -> Roads:
    table = np.array(arcs, np.int64).reshape(-1, 3)
    return Roads(n_nodes, table[:, 0], table[:, 1], table[:, 2])


# Few different times, so that ties and arcs of no length are common.
TIMES = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 40, 1_000, FORBIDDEN])


@st.composite
def roads(draw: st.DrawFn, max_nodes: int = 12) -> Roads:
    """A small graph: one-ways, parallel arcs, self loops, islands, closed and zero-length arcs."""
    n_nodes = draw(st.integers(1, max_nodes))
    node = st.integers(0, n_nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, TIMES), max_size=4 * n_nodes))
    return roads_of(n_nodes, arcs)


@st.composite
def towns(draw: st.DrawFn) -> Roads:
    """A larger graph, sparse like streets: a ring of lanes, some short cuts, some one-way."""
    n_nodes = draw(st.integers(20, 120))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    near = rng.integers(0, n_nodes, 2 * n_nodes)
    far = (near + rng.geometric(0.3, near.size)) % n_nodes
    both = rng.random(near.size) < 0.7
    tails = np.concatenate((near, far[both]))
    heads = np.concatenate((far, near[both]))
    ms = rng.integers(0, draw(st.sampled_from([3, 100, 60_000])), tails.size)
    ms[rng.random(tails.size) < 0.05] = FORBIDDEN
    return Roads(n_nodes, tails, heads, ms)
