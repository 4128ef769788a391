"""Targets prepared for many questions: one-to-many and tables."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dispatch._kernels import hierarchy_sweep as sweep
from dispatch.hierarchy.arrays import Int32, offsets, within
from dispatch.hierarchy.metric import Metric


@dataclass(frozen=True, eq=False, slots=True)
class PinnedTargets:
    """The part of a metric that matters for a set of targets, laid out for sweeping.

    RPHAST (Delling, Goldberg, Werneck: Faster batched shortest paths in road networks. ATMOS 2011)
    on the elimination tree: the ancestors of the targets. Bound to the metric it was made from.
    """

    metric: Metric
    place: Int32
    """Where each target lies in the selected part, int32[targets]."""
    local: Int32
    """Number in the selected part by rank, -1 outside, int32[n]."""
    first: Int32
    """Where the arcs of a selected node begin, int32[selected+1]."""
    head: Int32
    """Upper end of each arc, a number in the selected part."""
    down_ms: Int32
    """Time of each arc downwards."""

    @classmethod
    def pin(cls, metric: Metric, targets: ArrayLike) -> Self:
        """Prepare targets (nodes; repeated ones are allowed)."""
        h = metric.hierarchy
        ends = h.rank[within(targets, h.n_nodes, "targets")]
        local, first, head, arc = sweep.select(ends, h.parent, h.up_first, h.up_head)
        return cls(metric, local[ends], local, first, head, metric.down_ms[arc])

    def from_sources(self, sources: ArrayLike, source_ms: ArrayLike | None = None) -> Int32:
        """Least time from any of the sources to each target, int32[targets]."""
        h = self.metric.hierarchy
        starts = h.rank[within(sources, h.n_nodes, "sources")]
        out = np.empty(self.place.size, np.int32)
        sweep.one_to_many(
            *(starts, offsets(source_ms, starts.size, "source_ms"), self.place),
            *(self.local, self.first, self.head, self.down_ms),
            *(h.depth, h.up_first, h.up_level, h.parent, h.level, self.metric.up_ms, out),
        )
        return out

    def table(self, sources: ArrayLike) -> NDArray[np.int32]:
        """Time from each source to each target, int32[sources, targets]."""
        h = self.metric.hierarchy
        starts = h.rank[within(sources, h.n_nodes, "sources")]
        out = np.empty((starts.size, self.place.size), np.int32)
        sweep.many_to_many(
            *(starts, self.place, self.local, self.first, self.head, self.down_ms),
            *(h.depth, h.up_first, h.up_level, h.parent, h.level, self.metric.up_ms, out),
        )
        return out
