"""A moving fleet over a hierarchy: position updates, and the nearest responders to a place."""

from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from blockdata.errors import InputError
from blockdata.text import Text
from dispatch._kernels import fleet_move, fleet_search
from dispatch.hierarchy.arrays import UNREACHABLE, Int32, Int64, as_int32, offsets, within
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.hierarchy.metric import Metric

FOREVER = (1 << 63) - 1


class Nearest(NamedTuple):
    """The nearest responders to one place, soonest first, the lower id first among equals."""

    ids: Int32
    travel_time_ms: Int32


class FleetIndex:
    """Where the responders of a tier are, for exact nearest queries while they move.

    Responders are numbered from 0 to ``capacity`` - 1 by the caller. Each stands at up to two
    *entries*: a node it can reach first, the time to it, and the input arc it is on. On a two-way
    street these are both ends of the street, on a one-way street the head of the arc. One without
    entries is out of the pool. Moving takes a fraction of a microsecond and no travel times, so
    one index serves every metric of its hierarchy, with closures or without.

    A query climbs the elimination tree from the place and descends into subtrees that hold
    responders, best bound first; after Buchhold, Wagner: Nearest-Neighbor Queries in Customizable
    Contraction Hierarchies and Applications. SEA 2021. Times are from responder to place.

    A lock makes moves and queries from several threads safe. Per responder 72 bytes, per node 16.
    """

    def __init__(self, hierarchy: Hierarchy, capacity: int) -> None:
        n_nodes = hierarchy.n_nodes
        self.hierarchy = hierarchy
        self.capacity = capacity
        self._terms = np.array([[0, FOREVER, 0, 0]]).repeat(capacity, axis=0)
        self.attributes: Int64 = self._terms[:, fleet_search.ATTRIBUTES]
        """Bits of what each responder has (skills, equipment), for ``needs``; write into it."""
        self.valid_until: Int64 = self._terms[:, fleet_search.UNTIL]
        """Last moment at which a position may be used, in the clock of ``now``; write into it."""
        self.names: Int64 = self._terms[:, fleet_search.NAME]
        """What each is called in the answers of ``dispatch.lanes``, ascending; write into it."""
        self.names[:] = np.arange(capacity)
        self._live = np.array([[-1, 0, 0, 0]], np.int32).repeat(n_nodes, axis=0)
        self._entries = np.array([[-1, -1, 0, -1]], np.int32).repeat(2 * capacity, axis=0)
        self._node = np.full(2 * capacity, -1, np.int32)
        self._lock = Lock()

    @property
    def arrays(self) -> tuple[Int32, Int32, Int64]:
        """The fleet as the search kernels take it, written to by every move."""
        return self._live, self._entries, self._terms

    def __len__(self) -> int:
        """Number of responders in the pool."""
        return int((self._node.reshape(-1, 2) >= 0).any(axis=1).sum())

    def move(
        self,
        ids: ArrayLike,
        nodes: ArrayLike,
        offsets_ms: ArrayLike,
        arcs: ArrayLike | None = None,
        access_ms: ArrayLike | None = None,
    ) -> None:
        """Put responders at new positions; those not yet in the pool enter it.

        ``nodes`` int32[count, 2] are the entries (-1 for none), ``offsets_ms`` the time from where
        the responder is on the street to each, ``arcs`` the input arc on which it gets there (-1 or
        left out: it stands at the node itself), ``access_ms`` int32[count] the time that it takes
        to the street first. Nothing is moved if a row is wrong (``InputError``).
        """
        who = as_int32(ids, "ids")
        at = as_int32(nodes, "nodes", ndim=2)
        after = as_int32(offsets_ms, "offsets_ms", ndim=2)
        on = np.full(at.shape, -1, np.int32) if arcs is None else as_int32(arcs, "arcs", ndim=2)
        access = offsets(access_ms, who.size, "access_ms")
        if not at.shape == after.shape == on.shape == (who.size, 2):
            raise InputError(
                Text("每名力量应各有两个入口", "each responder needs two entries"),
                field="nodes",
                cure=Text("没有的入口填 -1", "give -1 for an entry that it does not have"),
            )
        h = self.hierarchy
        bad = fleet_move.first_bad_move(
            who, at, after, on, access, self.capacity, h.n_nodes, h.n_arcs
        )
        if bad >= 0:
            raise InputError(
                Text(
                    f"第 {bad} 行(编号 {who[bad]})不在队伍或路网之内",
                    f"row {bad} (id {who[bad]}) is outside the fleet or the network",
                ),
                field="ids",
                cure=Text("请检查编号、节点、弧和时间", "check its id, nodes, arcs and times"),
                row=int(bad),
            )
        with self._lock:
            fleet_move.move(
                *(who, at, after, on, access, h.rank, h.tree),
                *(self._live, self._entries, self._terms, self._node),
            )

    def remove(self, ids: ArrayLike) -> None:
        """Take responders out of the pool: busy, off duty, stale."""
        who = within(ids, self.capacity, "ids")
        nowhere = np.full((who.size, 2), -1, np.int32)
        self.move(who, nowhere, nowhere, nowhere)

    def nearest(
        self,
        metric: Metric,
        k: int,
        nodes: ArrayLike,
        offsets_ms: ArrayLike | None = None,
        arcs: ArrayLike | None = None,
        *,
        limit_ms: int = UNREACHABLE - 1,
        needs: int = 0,
        now: int = 0,
    ) -> Nearest:
        """The ``k`` responders that reach a place soonest, of those within ``limit_ms``.

        The place is given by the nodes from which it is entered, the time from each, and the input
        arc it lies on (-1 for none: it is at the node). A responder on the same arc that has not
        passed it goes straight on. Of responders whose ``attributes`` lack a bit of ``needs``, or
        that are ``valid_until`` before ``now``, none is given.
        """
        h = self.hierarchy
        if metric.hierarchy is not h:
            raise InputError(
                Text("走行时间属于另一个路网", "the metric belongs to another hierarchy"),
                field="metric",
                cure=Text("请用同一路网的走行时间", "customise the hierarchy of this index"),
            )
        if k < 1:
            raise InputError(
                Text("至少要一名", "at least one responder must be asked for"),
                field="k",
                cure=Text("请给出 1 以上的数", "ask for 1 or more"),
            )
        at = within(nodes, h.n_nodes, "nodes", low=-1)
        before = offsets(offsets_ms, at.size, "offsets_ms")
        on = np.full_like(at, -1) if arcs is None else within(arcs, h.n_arcs, "arcs", low=-1)
        if on.size != at.size:
            raise InputError(
                Text("入口与弧的数目不同", "there are not as many arcs as entries"),
                field="arcs",
                cure=Text("每个入口各给一项", "give one per entry"),
            )
        best = np.empty((2, k), np.int32)
        with self._lock:
            found = fleet_search.nearest(
                *(_at(h.rank, at), before, on, _at(h.rank, _at(h.heads, on))),
                *(k, min(limit_ms, UNREACHABLE - 1), needs, now),
                *(metric.travel_time_ms, h.tree, h.up_head, metric.up_ms, metric.down_ms),
                *(*self.arrays, np.empty((2, h.n_nodes), np.int64), *best),
            )
        return Nearest(*best[:, :found])


def _at(values: Int32, numbers: Int32) -> Int32:
    """The values at some numbers, -1 where the number is -1."""
    found, there = np.full_like(numbers, -1), numbers >= 0
    found[there] = values[numbers[there]]
    return found
