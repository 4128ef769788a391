"""Those of one tier and mode who may be asked, on the network, ready for nearest queries."""

import numpy.typing as npt

from dispatch.hierarchy.fleet_index import FleetIndex
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.network.snapping import Places
from dispatch.travel_time import TravelTimes


class Pool:
    """A fleet index fed with places. Members are 0 … capacity − 1; ``Lanes`` asks it.

    It may be asked under any travel times whose partial times its places were made with.
    """

    def __init__(self, hierarchy: Hierarchy, capacity: int) -> None:
        self.index = FleetIndex(hierarchy, capacity)

    def put(self, times: TravelTimes, members: npt.ArrayLike, places: Places) -> None:
        """Put members at places (one each); a place on no segment takes its member out."""
        self.index.move(members, *times.ways_out(places), places.access_ms)

    def remove(self, members: npt.ArrayLike) -> None:
        """Take members out."""
        self.index.remove(members)
