"""Dispatch desks: for each area its roads and responders, kept ready between questions."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, Engine, Row, text

from blockdata.clock import Clock
from blockdata.deadline import holding
from blockdata.errors import NotFound, OutsideArea
from blockdata.makings import Makings
from blockdata.profile import Mode, Profile, load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import Area, find_area
from blockdata.storage.patience import unhurried
from blockdata.text import Text
from dispatch.availability import moment_or_now
from dispatch.cells import CellCounts, count_by_cell
from dispatch.chance import CellStreets
from dispatch.coverage import GridPoints
from dispatch.exercise import refuse_real_volunteers
from dispatch.fleet import Fleet
from dispatch.nearest import snap_incident
from dispatch.network.closures import closures_at
from dispatch.network.hierarchies import open_hierarchies
from dispatch.network.live import LiveRoads
from dispatch.network.network import RoadNetwork
from dispatch.network.snapping import Places
from dispatch.network.storage import network_folder, open_network
from dispatch.roster import Duty, duty_at, load_roster, query, roster_state
from dispatch.travel_time import TravelTimes

if TYPE_CHECKING:
    from blockdata.address.service import AddressService


@dataclass(frozen=True)
class Incident:
    """Where it is (WGS 84), its grid where the area has grids, and its place on the network."""

    lon: float
    lat: float
    grid: dict[str, str] | None
    places: Mapping[Mode, Places]


@dataclass
class Desk:
    """One version of an area, ready to answer: its roads, and the responders as last read."""

    area: Area
    profile: Profile
    network: RoadNetwork
    roads: LiveRoads
    clock: Clock
    _fleet: tuple[Any, Fleet] | None = None
    _counted: CellCounts | None = None
    _grids: GridPoints | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asking: threading.RLock = field(default_factory=threading.RLock)

    def moment(self, words: str | None, now: datetime, field: str = "at_time") -> datetime:
        """The moment that a question is about, local to the district: now where it names none.

        Raises:
            InputError: the words are no moment.
        """
        return moment_or_now(words, self.profile.district.timezone, now, field)

    def fleet(self, connection: Connection, moment: datetime, now: datetime) -> Fleet:
        """The responders as they stand at a moment; read again only if something changed.

        Of those on duty then, whoever is on duty ``now`` too: nobody else is located. They are
        under the travel times that hold then. Hold ``fleet.lock`` from before asking for it
        (``standing`` does) where others ask about other moments.

        Raises:
            NotFound: the area has no responders.
            NotPermitted: the clock is shifted, and the area has real volunteers.
        """
        if self.clock.shifted:
            refuse_real_volunteers(connection, self.area)
        travel = self.travel(connection, moment)
        duty = duty_at(connection, self.area.area_id, moment, now, self.profile)
        state = (duty, roster_state(connection, self.area.area_id))
        with holding(self._lock):
            kept = self._fleet
            if kept is None or kept[0] != state or not kept[1].roster.holds_at(moment):
                roster = load_roster(connection, self.area.area_id, duty, moment, self.profile)
                if kept is None or not kept[1].follow(roster):
                    kept = (state, Fleet(roster, self.network, travel, self.profile))
                self._fleet = kept = (state, kept[1])
            kept[1].retime(travel)
        if not kept[1].roster.counts:
            raise NotFound(
                Text(
                    f"区域“{self.area.name}”还没有处警力量",
                    f"the area {self.area.name!r} has no responders yet",
                ),
                field="area",
                cure=Text(
                    f"运行 blockdata dispatch responders place --area {self.area.name} --seed 1",
                    f"run blockdata dispatch responders place --area {self.area.name} --seed 1",
                ),
            )
        return kept[1]

    def travel(self, connection: Connection, moment: datetime) -> Mapping[Mode, TravelTimes]:
        """The travel times that hold at a moment: its time slot, and the closures in force."""
        return self.roads.at(moment, closures_at(connection, self.area.area_id, moment))

    def cell_counts(
        self, connection: Connection, moment: datetime, now: datetime
    ) -> CellCounts | None:
        """How many of the masked tiers are in which coarse cell, counted now or a while ago.

        None where the moment asked about is another than now: its shifts are others, or it lies
        before the counting or beyond the time for which that stands.
        """
        asked = duty_at(connection, self.area.area_id, moment, now, self.profile)
        duty = Duty(asked.now, asked.now)
        with holding(self._lock):
            kept = self._counted
            if kept is None or not kept.stand_at(now, duty):
                roster = load_roster(connection, self.area.area_id, duty, now, self.profile)
                self._counted = kept = count_by_cell(roster, self.profile, now, duty, kept)
            earlier = moment < min(kept.counted_at, now)  # another caller may just have counted
            return None if earlier or not kept.stand_at(moment, asked) else kept

    def renewed(
        self, area: Area, profile: Profile, network: RoadNetwork, roads: LiveRoads
    ) -> "Desk":
        """The desk of a later version of the area, which goes on with the counts of this one.

        They stand as long as they would have: whoever changes the area must not see by them who
        crossed from one cell into the next.
        """
        with holding(self._lock):
            return Desk(area, profile, network, roads, self.clock, _counted=self._counted)

    @cached_property
    def streets(self) -> CellStreets:
        """The streets of the area by coarse cell."""
        return CellStreets(self.network)

    def grid_points(self, connection: Connection) -> GridPoints:
        """A point in every grid of the area; read once, and none where it has no grids."""
        with holding(self._lock):
            if self._grids is None:
                ask = {"area_id": self.area.area_id}
                rows = connection.execute(text(query("grid_points")), ask).all()
                lon, lat = (np.array([row[i] for row in rows], np.float64) for i in (1, 2))
                self._grids = GridPoints([row.code for row in rows], lon, lat)
            return self._grids

    def is_on(self, network: RoadNetwork, profile: Profile) -> bool:
        """Whether the desk's roads are these, under these rules."""
        return self.network.version == network.version and self.profile == profile

    @contextmanager
    def standing(self, connection: Connection, moment: datetime, now: datetime) -> Iterator[Fleet]:
        """The fleet as it stands at a moment, held still until the question is answered."""
        with holding(self._asking):
            fleet = self.fleet(connection, moment, now)
            with fleet.lock:
                yield fleet

    def incident(
        self,
        connection: Connection,
        lon: float,
        lat: float,
        travel: Mapping[Mode, TravelTimes],
        doors: Sequence[tuple[float, float]] = (),
    ) -> Incident:
        """Where an incident is: grid, and place on the network of each mode as ``travel`` has it.

        ``doors`` are the entrances of the building, where it has any.

        Raises:
            OutsideArea: the point lies beyond the area's outline.
            OutsideNetwork: no road is within reach.
        """
        ask = {"area_id": self.area.area_id, "lon": lon, "lat": lat}
        row = connection.execute(text(query("incident")), ask).one()
        if not row.inside:
            raise OutsideArea(
                Text(
                    f"({lon:.6f}, {lat:.6f}) 不在“{self.area.title.zh}”内",
                    f"({lon:.6f}, {lat:.6f}) lies outside {self.area.title.en}",
                ),
                field="at",
                cure=Text(
                    "核对经纬度次序(经度在前)与所选区域", "check the order (lon, lat) and the area"
                ),
            )
        places = snap_incident(self.network, travel, self.profile, doors or [(lon, lat)])
        return Incident(lon, lat, _grid(row), places)


class Desks:
    """The desks of all areas; each is opened when first asked for, anew when its area changed."""

    def __init__(
        self, engine: Engine, settings: Settings, addresses: "AddressService | None" = None
    ) -> None:
        self.engine = engine
        self.settings = settings
        self._addresses = addresses
        self._open: dict[str, Desk] = {}
        self._opening: Makings[Desk] = Makings()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The moment by the one clock: it decides whose position may be used."""
        return self.settings.clock.now()

    def desk(self, connection: Connection, name: str | None) -> Desk:
        """The desk of an area (the settings' own where none is named).

        Raises:
            NotFound: there is no such area, or it has no roads.
            Busy: it is still being opened when the deadline is near.
        """
        name = name or self.settings.area
        try:
            area = find_area(connection, name)
        except NotFound:
            self._open.pop(name, None)
            raise
        kept = self._open.get(name)
        if kept is not None and kept.area == area:
            return kept
        return self._opening.made(name, lambda: self._renew(name))

    @property
    def addresses(self) -> "AddressService":
        """The addresses of all areas; opened when first asked for, where none were given."""
        with self._lock:
            if self._addresses is None:
                from blockdata.address.service import AddressService

                self._addresses = AddressService(self.engine, self.settings)
            return self._addresses

    def _renew(self, name: str) -> Desk:
        """Open the desk of an area as it is now; roads that are the same stay open."""
        with self.engine.connect() as connection:
            unhurried(connection)
            area = find_area(connection, name)
            kept = self._open.get(name)
            if kept is not None and kept.area == area:
                return kept
            profile = load_profile(area.profile)
            network = open_network(connection, self.settings, area, profile)
        if kept is not None and kept.is_on(network, profile):
            network, roads = kept.network, kept.roads
        else:
            hierarchies = open_hierarchies(network, network_folder(self.settings, area))
            roads = LiveRoads(network, hierarchies, profile)
        if kept is not None and kept.area.area_id == area.area_id:
            made = kept.renewed(area, profile, network, roads)
        else:
            made = Desk(area, profile, network, roads, self.settings.clock)
        self._open[name] = made
        return made


def _grid(row: Row[Any]) -> dict[str, str] | None:
    if row.code is None:
        return None
    names = ("code", "community_zh", "community_en", "street_zh", "street_en")
    return {name: getattr(row, name) for name in names}
