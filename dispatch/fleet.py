"""The moving fleet of an area: every responder on the network, ready for nearest queries."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from blockdata.deadline import keep_time
from blockdata.errors import InputError
from blockdata.profile import MODES, TIERS, Mode, Profile, Tier
from blockdata.text import Text
from blockdata.units import MS_PER_S, kph_to_mps
from dispatch.lanes import LANES, Lane, Lanes
from dispatch.network.network import RoadNetwork
from dispatch.network.snapping import Places, snap
from dispatch.pool import Pool
from dispatch.roster import Roster
from dispatch.travel_time import Found, TravelTimes

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
ALWAYS_MS, NEVER_MS = 2.0**62, -1.0


class Hit(NamedTuple):
    """One who can come: whole travel time, row of the fleet, mode, and to which of the places.

    Hits sort as they rank.
    """

    travel_time_ms: int
    row: int
    mode: Mode
    at: int


class Fleet:
    """The responders of a roster on a network, one index for every tier and mode.

    A row is a responder's place in the roster, in ascending order of ids, so that of equals the
    lower id wins. Who is busy or on no road is in no index; whose fix has grown too old is passed
    over by every query. ``lock`` holds still what several calls must see alike.
    """

    def __init__(
        self,
        roster: Roster,
        network: RoadNetwork,
        travel: Mapping[Mode, TravelTimes],
        profile: Profile,
    ) -> None:
        self.roster = roster
        self.travel = travel
        self.places = Places.nowhere(len(roster))
        self.lock = threading.RLock()
        self._network = network
        self._profile = profile
        self._kind = roster.tier.astype(np.int64) * len(MODES) + roster.mode
        self._member = np.zeros(len(roster), np.int64)
        self._pools: dict[Lane, Pool] = {}
        for kind in np.unique(self._kind).tolist():
            rows = np.flatnonzero(self._kind == kind)
            self._member[rows] = np.arange(len(rows))
            lane = LANES[kind]
            pool = self._pools[lane] = Pool(travel[lane[1]].metric.hierarchy, len(rows))
            pool.index.attributes[:] = roster.skills[rows]
            pool.index.names[:] = rows
        self._lanes = Lanes(travel, self._pools)
        self._put_on_network(np.flatnonzero(~np.isnan(roster.lon)))

    def move(
        self,
        rows: npt.ArrayLike,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        fixed_at_s: npt.ArrayLike,
        accuracy_m: npt.ArrayLike = 0.0,
    ) -> None:
        """Take in new positions (WGS 84 degrees) of some rows; each row at most once."""
        at = np.atleast_1d(np.asarray(rows, np.int64))
        with self.lock:
            book = self.roster
            book.lon[at], book.lat[at] = lon, lat
            book.fixed_at_s[at], book.accuracy_m[at] = fixed_at_s, accuracy_m
            self._put_on_network(at)

    def follow(self, roster: Roster) -> bool:
        """Become a newer roster by moving only who moved; False if it is of other people."""
        old = self.roster
        alike = ("responder_id", "tier", "mode", "skills")
        if not all(np.array_equal(getattr(old, n), getattr(roster, n)) for n in alike):
            return False
        differs = ("lon", "lat", "busy", "fixed_at_s", "accuracy_m", "constant_age_s")
        changed = np.zeros(len(old), np.bool_)
        for name in differs:
            before, after = (np.asarray(getattr(r, name), np.float64) for r in (old, roster))
            changed |= (before != after) & ~(np.isnan(before) & np.isnan(after))
        with self.lock:
            self.roster = roster
            self._put_on_network(np.flatnonzero(changed))
        return True

    def retime(self, travel: Mapping[Mode, TravelTimes]) -> None:
        """Go on under other travel times of the same network: closures, a new time slot.

        Who stands on a segment whose times changed is timed anew; who stands on one now closed, or
        near one opened again, is put on the network anew.
        """
        with self.lock:
            for mode, times in travel.items():
                before, after = self.travel[mode].graph, times.graph
                if before is after:
                    continue
                changed = (before.through_ms != after.through_ms).any(axis=1)
                opened = after.usable & ~before.usable
                mine = self._on_network(mode)
                on = mine[changed[np.maximum(self.places.segment[mine], 0)]]
                near = self._near(mine, opened, self._profile.modes[mode].max_snap_m)
                self.travel = {**self.travel, mode: times}
                self._put_on_network(np.union1d(on, near))
            self._lanes = Lanes(self.travel, self._pools)

    def states(self, moment: datetime) -> npt.NDArray[np.int8]:
        """Why each may not be asked at a moment: places in ``availability.STATES``, 0 it may."""
        return self.roster.states(moment, self._profile.dispatch.fix_max_age_s)

    def slack_ms(self, row: int, moment: datetime) -> int:
        """How much sooner or later one may be there than its fix says, in ms.

        Since the fix it may have moved min(age x roaming speed, ``moved_at_most_m``), and the fix
        itself is as uncertain as its accuracy; both at the mode's roaming speed, either way.
        """
        book = self.roster
        fixed_at_s = float(book.fixed_at_s[row])
        constant = float(book.constant_age_s[row])
        age_s = constant if np.isnan(fixed_at_s) else max(moment.timestamp() - fixed_at_s, 0.0)
        if np.isnan(age_s):
            return 0
        speed_mps = kph_to_mps(self._profile.modes[self.mode_of(row)].roaming_speed_kph)
        moved_m = min(age_s * speed_mps, self._profile.dispatch.moved_at_most_m)
        return int((moved_m + float(book.accuracy_m[row])) / speed_mps * MS_PER_S)

    def told_row(self, name: str) -> int | None:
        """The row of a call sign or an id on duty, if its tier may be told of by name.

        None alike for a name that nobody has, for one off duty and for one of a masked tier, so
        that nobody can find out by asking which of these it is.
        """
        book = self.roster
        found = np.flatnonzero(book.call_sign == name)
        if not len(found) and name.isdecimal() and len(name) < 19:
            found = np.flatnonzero(book.responder_id == int(name))
        told = [row for row in found.tolist() if TIERS[book.tier[row]] in self._profile.told]
        return told[0] if told else None

    def skill_bits(self, skills: Iterable[str]) -> int:
        """Skills as bits for ``needs``.

        Raises:
            InputError: nobody in the area has such a skill.
        """
        bits = 0
        for skill in skills:
            if skill not in self.roster.skill_names:
                known = "、".join(self.roster.skill_names) or "–"
                raise InputError(
                    Text(f"没有人有技能“{skill}”", f"nobody has the skill {skill!r}"),
                    field="skills",
                    cure=Text(f"可用:{known}", f"known skills: {known}"),
                )
            bits |= 1 << self.roster.skill_names.index(skill)
        return bits

    def sources(self, tier: Tier, mode: Mode, moment: datetime) -> Rows:
        """Rows of a tier and mode who may be asked at a moment and stand on the network."""
        mine = self.is_tier(tier) & (self.roster.mode == MODES.index(mode))
        return np.flatnonzero(mine & (self.states(moment) == 0) & self.places.on_network)

    def is_tier(self, tier: Tier) -> npt.NDArray[np.bool_]:
        """Who is of a tier."""
        found: npt.NDArray[np.bool_] = self.roster.tier == TIERS.index(tier)
        return found

    def has_skills(self, bits: int) -> npt.NDArray[np.bool_]:
        """Who has all of some skills."""
        found: npt.NDArray[np.bool_] = (self.roster.skills & bits) == bits
        return found

    def mode_of(self, row: int) -> Mode:
        """The mode by which a responder travels."""
        return MODES[int(self.roster.mode[row])]

    def nearest(
        self,
        tier: Tier,
        places: Mapping[Mode, Places],
        k: int,
        limit_ms: int,
        moment: datetime,
        *,
        needs: int = 0,
    ) -> list[Hit]:
        """The k of one tier who reach a place soonest; see ``nearest_by_tier``."""
        return self.nearest_by_tier([tier], places, k, limit_ms, moment, {tier: needs})[tier]

    def nearest_by_tier(
        self,
        tiers: Iterable[Tier],
        places: Mapping[Mode, Places],
        k: int,
        limit_ms: int,
        moment: datetime,
        needs: Mapping[Tier, int] | None = None,
    ) -> dict[Tier, list[Hit]]:
        """For each tier the k who reach a place soonest, over all modes they travel by.

        ``places`` are on the network of each mode; of several (the entrances of a building) each
        goes to the one it reaches soonest. ``needs`` are bits of skills.
        """
        keep_time()  # others ask this over and over: for every slot, for every grid
        hits: dict[Tier, list[Hit]] = {tier: [] for tier in tiers}
        now = int(moment.timestamp() * MS_PER_S)
        with self.lock:
            answers = self._lanes.nearest(
                places, k, limit_ms, tiers=hits.keys(), needs=needs, now=now
            )
        for (tier, mode), at, rows, times in answers:
            ranked = list(map(Hit, times, rows, repeat(mode), repeat(at)))
            hits[tier] = _merged(hits[tier], ranked)[:k] if hits[tier] else ranked
        return hits

    def journey(self, row: int, places: Mapping[Mode, Places]) -> tuple[Found, int] | None:
        """The way of one responder, whoever may be asked, and to which place; None: no way."""
        keep_time()
        mode = self.mode_of(row)
        with self.lock:
            ways = [
                (found.travel_time_ms, at, found)
                for at in range(len(places[mode]))
                if (found := self.travel[mode].journey(self.places, row, places[mode], at))
            ]
        if not ways:
            return None
        _, at, found = min(ways, key=lambda way: way[:2])
        return found, at

    def _on_network(self, mode: Mode) -> Rows:
        of_mode = self.roster.mode == MODES.index(mode)
        return np.flatnonzero(of_mode & ~np.isnan(self.roster.lon))

    def _near(self, rows: Rows, segments: npt.NDArray[np.bool_], reach_m: float) -> Rows:
        """Those of ``rows`` within reach of the box around some segments."""
        if not segments.any():
            return rows[:0]
        geometry, book = self._network.geometry, self.roster
        west, south = (box := geometry.path[segments[geometry.segment_of]]).min(axis=0)
        east, north = box.max(axis=0)
        pad_lat = reach_m / 110_000.0
        pad_lon = pad_lat / max(np.cos(np.radians(max(abs(south), abs(north)))), 0.01)
        lon, lat = book.lon[rows], book.lat[rows]
        inside = (lon > west - pad_lon) & (lon < east + pad_lon)
        near: Rows = rows[inside & (lat > south - pad_lat) & (lat < north + pad_lat)]
        return near

    def _put_on_network(self, rows: Rows) -> None:
        book, known = self.roster, ~np.isnan(self.roster.lon[rows])
        if not known.all():
            self.places.segment[rows[~known]] = -1
        codes = book.mode[rows]
        for code in np.unique(codes).tolist():
            mode = MODES[code]
            mine = rows[known & (codes == code)]
            found = snap(
                self._network.geometry,
                self.travel[mode].graph,
                self._profile.modes[mode],
                book.lon[mine],
                book.lat[mine],
            )
            self.places.put(mine, found)
        self._settle(rows)

    def _settle(self, rows: Rows) -> None:
        """Put rows into the index of their tier and mode, or take them out of it."""
        book, kinds, here = self.roster, self._kind[rows], self.places.take(rows)
        gone = book.busy[rows] | ~here.on_network
        until_ms, member = self._valid_until_ms(rows), self._member[rows]
        for kind in np.unique(kinds).tolist():
            lane, mine = LANES[kind], kinds == kind
            pool = self._pools[lane]
            pool.index.valid_until[member[mine]] = until_ms[mine]
            if (out := mine & gone).any():
                pool.remove(member[out])
            if (into := mine & ~gone).any():
                pool.put(self.travel[lane[1]], member[into], here.take(into))

    def _valid_until_ms(self, rows: Rows) -> Rows:
        """The last moment at which the fix of each may be used."""
        book, max_age_s = self.roster, self._profile.dispatch.fix_max_age_s
        until_ms = np.floor((book.fixed_at_s[rows] + max_age_s) * MS_PER_S)
        timeless = np.isnan(until_ms)
        if timeless.any():
            constant = book.constant_age_s[rows] <= max_age_s
            until_ms = np.where(timeless, np.where(constant, ALWAYS_MS, NEVER_MS), until_ms)
        return until_ms.astype(np.int64)


def _merged(some: list[Hit], more: list[Hit]) -> list[Hit]:
    """Hits in the order in which they rank, each responder once, at its best."""
    best: dict[int, Hit] = {}
    for hit in sorted(some + more):
        best.setdefault(hit.row, hit)
    return list(best.values())
