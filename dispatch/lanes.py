"""The pools of a fleet side by side, asked in one go.

What a question costs is mostly memory that is not in the cache and the way to the kernel, so that
all is laid out beforehand.
"""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from blockdata.profile import MODES, TIERS, Mode, Tier
from dispatch._kernels import fleet_search
from dispatch.network.snapping import Places
from dispatch.pool import Pool
from dispatch.travel_time import TravelTimes

Lane = tuple[Tier, Mode]
"""Those of one tier who travel by one mode."""
LANES: Final = tuple(product(TIERS, MODES))
"""Every lane, in the order of tiers and modes; a lane without a pool is empty."""


class Lanes:
    """Pools under the travel times of their modes. Whoever asks holds the pools still meanwhile."""

    def __init__(self, travel: Mapping[Mode, TravelTimes], pools: Mapping[Lane, Pool]) -> None:
        """Lay the arrays out as the kernel takes them; every mode of a pool has travel times."""
        n_nodes = max(times.graph.n_nodes for times in travel.values())
        self._scratch = np.empty((2, n_nodes), np.int64)
        self._best = np.empty((2, 1), np.int32)
        self._arrays = {
            lane: (*_streets(travel[lane[1]]), *pools[lane].index.arrays, self._scratch)
            for lane in LANES
            if lane in pools
        }

    def nearest(
        self,
        places: Mapping[Mode, Places],
        k: int,
        limit_ms: int,
        *,
        tiers: Collection[Tier] = TIERS,
        needs: Mapping[Tier, int] | None = None,
        now: int = 0,
    ) -> list[tuple[Lane, int, list[int], list[int]]]:
        """The k of every lane who reach each place soonest, by whole travel time, within a limit.

        Everything counts: from where each stands to the road, the road, and from the road to the
        place; of equal times the lower name wins. ``places`` are on the network of every mode.
        ``needs`` are bits that those of a tier must have, ``now`` the moment at which a position
        must hold.

        Returns lane, place, names and times in ms, soonest first, where there is somebody.
        """
        if self._best.shape[1] < k:
            self._best = np.empty((2, k), np.int32)
        best, answers = self._best, []
        for lane, arrays in self._arrays.items():
            tier, mode = lane
            if tier not in tiers or k < 1:
                continue
            bits = needs.get(tier, 0) if needs else 0
            for at, (segment, after_ms, *to_ms, _, _) in enumerate(places[mode].whole.tolist()):
                count = fleet_search.nearest_to_place(
                    *(segment, *to_ms, after_ms, k, limit_ms, bits, now),
                    *arrays,
                    best,
                )
                if count:
                    names, times_ms = best[:, :count].tolist()
                    answers.append((lane, at, names, times_ms))
        return answers


def _streets(times: TravelTimes) -> tuple[NDArray[Any], ...]:
    graph, metric, h = times.graph, times.metric, times.metric.hierarchy
    ways = (graph.segment_first, graph.segment_way, h.rank, metric.travel_time_ms)
    return (*ways, h.tree, h.up_head, metric.up_ms, metric.down_ms)
