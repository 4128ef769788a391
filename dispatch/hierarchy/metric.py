"""One set of travel times over a hierarchy, and the questions it answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dispatch._kernels import hierarchy_customise as customise_kernel
from dispatch._kernels import hierarchy_query as query
from dispatch._kernels import hierarchy_sweep as sweep
from dispatch.hierarchy.arrays import Int32, frozen, milliseconds, offsets, within
from dispatch.hierarchy.hierarchy import Hierarchy

if TYPE_CHECKING:
    from dispatch.hierarchy.targets import PinnedTargets

PARTIAL_SHARE = 8
"""A partial customisation that reaches more than one arc in so many gives way to a full one."""


class Journey(NamedTuple):
    """The quickest way between two places."""

    travel_time_ms: int
    """Time with the own times of both ends; ``UNREACHABLE`` if there is no way."""
    source: int
    """Which of the sources it starts from (a place in their list), -1 if there is no way."""
    target: int
    """Which of the targets it ends at, -1 if there is no way."""
    arcs: Int32
    """Input arcs in the order of travel."""


class NearestSource(NamedTuple):
    """For every node, who is nearest."""

    travel_time_ms: Int32
    """Least time, int32[n]; ``UNREACHABLE`` where nobody can come."""
    source: Int32
    """Whose time that is (a place in the list of sources, the first of equals), -1 for nobody."""


@dataclass(frozen=True, eq=False, slots=True)
class Metric:
    """Travel times of all arcs for one mode and hour; made by ``Hierarchy.customise``.

    Times are int32 milliseconds; what cannot be reached has ``UNREACHABLE``, and so has anything
    that would take as long or longer. Answers are exact. A metric never changes: ``update`` makes a
    new one and whoever still asks the old one gets the old answers, so that metrics can be shared
    between threads without locks. Nodes and arcs are those of the input graph.
    """

    hierarchy: Hierarchy
    travel_time_ms: Int32
    """Time of each input arc, int32[m]."""
    up_ms: Int32
    """Time of each arc of the hierarchy from its lower to its upper end, int32[m']."""
    down_ms: Int32
    """Time of each arc of the hierarchy from its upper to its lower end, int32[m']."""

    @staticmethod
    def customise(hierarchy: Hierarchy, travel_time_ms: ArrayLike) -> "Metric":
        """Give every arc of the hierarchy its time; see ``Hierarchy.customise``."""
        times = milliseconds(travel_time_ms, "travel_time_ms", size=hierarchy.n_arcs)
        return _in_full(hierarchy, times)

    def update(self, arcs: ArrayLike, travel_time_ms: ArrayLike) -> "Metric":
        """A metric in which these input arcs take these times: a closure, a new speed.

        Follows only the arcs whose time changes; equal to customising in full. Where an arc is
        given more than once the last time counts.
        """
        h = self.hierarchy
        which = within(arcs, h.n_arcs, "arcs")
        times = self.travel_time_ms.copy()
        times[which] = milliseconds(travel_time_ms, "travel_time_ms", size=which.size)
        changed = h.input_arc[which[times[which] != self.travel_time_ms[which]]]
        changed = changed[changed >= 0]
        budget = h.up_head.size // PARTIAL_SHARE
        if changed.size > budget:
            return _in_full(h, times)
        up_ms, down_ms = self.up_ms.copy(), self.down_ms.copy()
        recomputed = customise_kernel.recustomise(
            changed,
            *(h.up_first, h.up_head, h.up_tail, h.down_first, h.down_arc),
            *(h.triangle_first, h.triangle_arc, h.slot_first, h.slot_input),
            *(frozen(times), up_ms, down_ms, budget),
        )
        if recomputed < 0:
            return _in_full(h, times)
        return Metric(h, times, frozen(up_ms), frozen(down_ms))

    def journey(
        self,
        sources: ArrayLike,
        targets: ArrayLike,
        *,
        source_ms: ArrayLike | None = None,
        target_ms: ArrayLike | None = None,
    ) -> Journey:
        """The quickest way from any of a few sources to any of a few targets, with its arcs.

        ``source_ms`` and ``target_ms`` are times of their own to be added, as of the part of a
        street before its end. Ties go to the first source, then the first target.
        """
        h = self.hierarchy
        starts = h.rank[within(sources, h.n_nodes, "sources")]
        ends = h.rank[within(targets, h.n_nodes, "targets")]
        ms, source, target, ups, downs = query.journey(
            starts,
            offsets(source_ms, starts.size, "source_ms"),
            ends,
            offsets(target_ms, ends.size, "target_ms"),
            *(h.depth, h.up_first, h.up_level, h.parent, h.level, self.up_ms, self.down_ms),
        )
        arcs = query.unpack(
            *(ups, downs, h.up_tail, h.up_head, h.down_first, h.down_arc),
            *(h.slot_first, h.slot_input, self.travel_time_ms, self.up_ms, self.down_ms),
        )
        return Journey(int(ms), int(source), int(target), arcs)

    def from_sources(self, sources: ArrayLike, source_ms: ArrayLike | None = None) -> Int32:
        """Least time from any source to every node, int32[n] (one source: one-to-all)."""
        return self._all(sources, source_ms, (self.up_ms, self.down_ms))

    def to_targets(self, targets: ArrayLike, target_ms: ArrayLike | None = None) -> Int32:
        """Least time from every node to any target, int32[n] (one target: all-to-one)."""
        return self._all(targets, target_ms, (self.down_ms, self.up_ms))

    def nearest_source(
        self, sources: ArrayLike, source_ms: ArrayLike | None = None
    ) -> NearestSource:
        """For every node the source that reaches it soonest: how well responders cover it."""
        h = self.hierarchy
        starts = h.rank[within(sources, h.n_nodes, "nodes")]
        times = np.empty(h.n_nodes, np.int32)
        which = np.empty(h.n_nodes, np.int32)
        sweep.nearest_start(
            *(starts, offsets(source_ms, starts.size, "offsets_ms"), h.up_first, h.up_head),
            *(self.up_ms, self.down_ms, h.rank, np.empty(h.n_nodes, np.int64), times, which),
        )
        return NearestSource(times, which)

    def pin(self, targets: ArrayLike) -> "PinnedTargets":
        """Prepare a set of targets, for tables and one-to-many from any number of sources."""
        from dispatch.hierarchy.targets import PinnedTargets

        return PinnedTargets.pin(self, targets)

    def table(self, sources: ArrayLike, targets: ArrayLike) -> NDArray[np.int32]:
        """Time from each source to each target, int32[sources, targets]."""
        return self.pin(targets).table(sources)

    def _all(self, ends: ArrayLike, ms: ArrayLike | None, ways: tuple[Int32, Int32]) -> Int32:
        h = self.hierarchy
        starts = h.rank[within(ends, h.n_nodes, "nodes")]
        out = np.empty(h.n_nodes, np.int32)
        sweep.all_times(
            *(starts, offsets(ms, starts.size, "offsets_ms"), h.up_first, h.up_head, *ways),
            *(h.rank, np.empty(h.n_nodes, np.int32), out),
        )
        return out


def _in_full(hierarchy: Hierarchy, times: Int32) -> Metric:
    h = hierarchy
    up_ms = np.empty(h.up_head.size, np.int32)
    down_ms = np.empty(h.up_head.size, np.int32)
    frozen(times)
    customise_kernel.load_inputs(h.slot_first, h.slot_input, times, up_ms, down_ms)
    customise_kernel.relax_triangles(h.up_first, h.triangle_arc, up_ms, down_ms)
    return Metric(h, times, frozen(up_ms), frozen(down_ms))
