"""Those of one tier and mode who may be asked, on the network, ready for nearest queries."""

import numpy as np
import numpy.typing as npt

from dispatch.hierarchy.fleet_index import FleetIndex, Nearest
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.network.snapping import Places
from dispatch.travel_time import TravelTimes

NOBODY = Nearest(np.empty(0, np.int32), np.empty(0, np.int32))


class Pool:
    """A fleet index fed with places. Members are 0 … capacity − 1; of equal times the lower wins.

    Its index may be asked under any travel times whose partial times its places were made with.
    """

    def __init__(self, hierarchy: Hierarchy, capacity: int) -> None:
        self.index = FleetIndex(hierarchy, capacity)

    def put(self, times: TravelTimes, members: npt.ArrayLike, places: Places) -> None:
        """Put members at places (one each); a place on no segment takes its member out."""
        self.index.move(members, *times.ways_out(places), places.access_ms)

    def remove(self, members: npt.ArrayLike) -> None:
        """Take members out."""
        self.index.remove(members)

    def nearest(
        self,
        times: TravelTimes,
        place: Places,
        k: int,
        limit_ms: int,
        *,
        at: int = 0,
        needs: int = 0,
        now: int = 0,
    ) -> Nearest:
        """The k members who reach a place soonest, by whole travel time, within a limit.

        Everything counts: from where each stands to the road, the road, and from the road to the
        place. Nobody is found if the place is on no road. ``needs`` are bits that a member's
        ``index.attributes`` must have, ``now`` the moment at which its position must be valid.
        """
        from_road_ms = int(place.access_ms[at])
        if k < 1 or place.segment[at] < 0 or limit_ms < from_road_ms:
            return NOBODY
        found = self.index.nearest(
            times.metric,
            k,
            *times.ways_in(place, at),
            limit_ms=limit_ms - from_road_ms,
            needs=needs,
            now=now,
        )
        return Nearest(found.ids, found.travel_time_ms + np.int32(from_road_ms))
