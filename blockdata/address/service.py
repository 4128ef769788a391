"""Addresses of all areas for commands and the web: gazetteers opened once, renewed when stale."""

import gc
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text as sql_text
from sqlalchemy.exc import SQLAlchemyError

from blockdata.address.corners import match_corner, names_corner
from blockdata.address.extent import COARSE, Reach, reach_of_estate, reach_of_match
from blockdata.address.gazetteer import Gazetteer, load_gazetteer, save_gazetteer
from blockdata.address.landmark_kinds import Kind, kind_as_dict, kind_from
from blockdata.address.landmark_list import Landmarks, list_landmarks
from blockdata.address.landmarks import match_kind, reach_of_station
from blockdata.address.match import Match, match_one, with_closest
from blockdata.address.register.alias_match import match_alias
from blockdata.address.register.events import last_seq
from blockdata.address.register.remarks import Alias, living_aliases
from blockdata.address.sql import query
from blockdata.errors import NotFound, Unavailable, UnknownAddress
from blockdata.folders import keep
from blockdata.makings import Makings
from blockdata.settings import Settings
from blockdata.storage.areas import Area, find_area
from blockdata.storage.patience import unhurried
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from blockdata.address.search import Suggester, Suggestion

LOOK_EVERY_S = 1.0
REST = 2.0
"""A gazetteer that took so long to make is left as it is for so many times as long."""
_CLOSE_S = 2.0
_CLOSEST = 3  # so many are named where nothing fits


@dataclass
class _Open:
    """An area's gazetteer in use, and the state of the area that it was last held against."""

    area: Area
    seq: int
    fingerprint: str
    gazetteer: Gazetteer
    aliases: dict[str, list[Alias]]
    looked_at: float
    rest_until: float = 0.0
    behind: bool = False
    """The area has changed since; whether in what the gazetteer is made of is not known yet."""
    looking: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def suggester(self) -> "Suggester":
        """Made when first asked for."""
        from blockdata.address.search import Suggester

        made = Suggester(self.gazetteer)
        # What is loaded by now stays. A full collection that walks over it holds up whoever asks at
        # that moment for a fifth of a second.
        gc.freeze()
        return made

    @property
    def due(self) -> bool:
        """Whether it is time to look what has changed."""
        return time.monotonic() - self.looked_at > LOOK_EVERY_S


class AddressService:
    """Match, search and look up addresses of any area.

    Gazetteers are kept under ``settings.var / "areas" / <name> / "addresses"``. What changes is
    followed within seconds: an area's version and the number of its newest event are looked at
    every second at most; aliases are learnt anew at once, and a gazetteer whose rows have changed
    is made anew beside the old one, which answers until then. A large one takes long to make, so
    that it follows a row of edits at the pace of its making. An area that is gone is not known.
    """

    def __init__(self, engine: "Engine", settings: Settings) -> None:
        self._engine = engine
        self._var = settings.var
        self._open: dict[str, _Open] = {}
        self._makings: Makings[_Open] = Makings()
        self._looks: Makings[None] = Makings()

    def close(self) -> None:
        """Wait for looks at the database that are going on, not long; before its engine goes."""
        self._looks.close(_CLOSE_S)
        self._makings.close(_CLOSE_S)

    def match(self, area: str, text: str, *, near: tuple[float, float] | None = None) -> Match:
        """The address that a text means, by a recorded alias or by its words; or a corner.

        What is no point says how far it reaches, and what lies there. Words that ask for a kind of
        landmark are answered with those there are, the nearest to the place that is said first, or
        to ``near`` (WGS 84). See ``match_one`` for errors; where it knows nothing close, what the
        words begin like is named.
        """
        opened = self._current(area)
        found = (
            match_alias(opened.gazetteer, opened.aliases, text)
            or match_kind(opened.gazetteer, text, near)
            or self._corner(opened, text)
            or self._by_words(opened, text)
        )
        if found.level == "place" and found.matched.address_id is not None:
            node = opened.gazetteer.node_of(found.matched.address_id)
            return replace(found, reach=reach_of_station(opened.gazetteer, node))
        if found.level not in COARSE:
            return found
        with self._engine.connect() as connection:
            reach = reach_of_match(connection, opened.area.area_id, opened.gazetteer, found)
        if reach is None or found.matched.address_id is not None:
            return replace(found, reach=reach)
        nowhere = replace(found.matched, lon=None, lat=None)  # it was one of all that lies there
        return replace(found, matched=nowhere, reach=reach)

    def reach(self, area: str, address_id: int) -> Reach | None:
        """How far a known address reaches; None where it is a point."""
        opened = self._current(area)
        station = reach_of_station(opened.gazetteer, opened.gazetteer.node_of(address_id))
        if station is not None:
            return station
        with self._engine.connect() as connection:
            return reach_of_estate(connection, opened.gazetteer, address_id)

    def landmarks(
        self,
        area: str,
        *,
        kinds: tuple[Kind, ...] | None = None,
        near: tuple[float, float] | str | None = None,
        name: str | None = None,
    ) -> Landmarks:
        """An area's landmarks, the nearest first to ``near``: WGS 84 lon, lat, or words.

        Raises:
            NotFound: there is no such area.
            UnknownAddress: the words say no place that is known.
        """
        opened = self._current(area)
        return list_landmarks(
            opened.area, opened.gazetteer, opened.aliases, kinds=kinds, near=near, name=name
        )

    def _by_words(self, opened: _Open, text: str) -> Match:
        try:
            return match_one(opened.gazetteer, text)
        except UnknownAddress as error:
            if error.facts["closest"]:
                raise
            begun = opened.suggester.suggest(text, limit=_CLOSEST)
            raise with_closest(error, [one.place for one in begun]) from None

    def _corner(self, opened: _Open, text: str) -> Match | None:
        roads = names_corner(text)
        if roads is None:
            return None
        with self._engine.connect() as connection:
            return match_corner(connection, opened.area.area_id, opened.gazetteer, text, roads)

    def look_again(self, area: str) -> None:
        """Let the next question see what has just changed."""
        if area in self._open:
            self._open[area].looked_at = -LOOK_EVERY_S

    def suggest(
        self,
        area: str,
        text: str,
        *,
        limit: int = 8,
        near: tuple[float, float] | None = None,
    ) -> "list[Suggestion]":
        """Addresses that half-typed words may become, the likeliest first."""
        return self._current(area).suggester.suggest(text, limit=limit, near=near)

    def ready(self, area: str) -> "Suggester | None":
        """What suggests within milliseconds, with no look at the database; None if that is needed.

        A look that is due is begun in the background; until it ends, answers are as they were.
        """
        opened = self._open.get(area)
        if opened is None or "suggester" not in opened.__dict__:
            return None
        if opened.due:
            opened.looked_at = time.monotonic()
            self._looks.begin(area, lambda: self._look(area, opened))
        return opened.suggester

    def gazetteer(self, area: str) -> Gazetteer:
        """An area's gazetteer.

        Raises:
            NotFound: there is no such area.
        """
        return self._current(area).gazetteer

    def reverse(self, area: str, lon: float, lat: float, *, limit: int = 5) -> dict[str, Any]:
        """What lies at a WGS 84 point: nearest addresses, the building's entrances, the grid."""
        with self._engine.connect() as connection:
            here = {"area_id": find_area(connection, area).area_id, "lon": lon, "lat": lat}
            rows = _rows(connection, "reverse", here | {"limit": limit})
            grid = _rows(connection, "grid_at", here)
            entrances: list[dict[str, Any]] = []
            if rows:
                at = {"address_id": rows[0]["address_id"], "lon": lon, "lat": lat}
                entrances = _rows(connection, "entrances_near", at)
        for row in rows:
            row["address_id"] = str(row["address_id"])
        return {"addresses": rows, "entrances": entrances, "grid": grid[0] if grid else None}

    def show(self, address_id: int) -> dict[str, Any]:
        """One address of any level with the addresses above it and its building's entrances.

        Raises:
            NotFound: there is no such address.
        """
        with self._engine.connect() as connection:
            rows = _rows(connection, "address_by_id", {"address_id": address_id})
            if not rows:
                raise NotFound(
                    Text(f"没有编号为 {address_id} 的地址", f"there is no address {address_id}"),
                    field="address_id",
                )
            above = _rows(connection, "ancestors", {"address_id": address_id})
            address = rows[0]
            inside = {"building_id": address["building_id"]}
            entrances = _rows(connection, "entrances", inside)
        address["kind"] = kind_as_dict(kind_from(address["kind"]))
        for key in ("address_id", "parent_id", "building_id"):
            address[key] = None if address[key] is None else str(address[key])
        for row in above:
            row["address_id"] = str(row["address_id"])
        for row in entrances:
            row["entrance_id"] = str(row["entrance_id"])
        return address | {"above": above, "entrances": entrances}

    def _current(self, name: str) -> _Open:
        opened = self._open.get(name)
        if opened is None:
            with self._engine.connect() as connection:
                find_area(connection, name)  # an unknown one is said so at once
            return self._makings.made(name, lambda: self._make(name))
        # one caller looks; the others go on with what they have
        if opened.due and opened.looking.acquire(blocking=False):
            try:
                self._look(name, opened)
            finally:
                opened.looking.release()
        return self._open.get(name) or self._current(name)

    def _look(self, name: str, opened: _Open) -> None:
        """See whether the area is still as it was, and learn what is quickly learnt."""
        opened.looked_at = time.monotonic()
        try:
            with self._engine.connect() as connection:
                area = find_area(connection, name)
                seq = last_seq(connection, area.area_id)
                if area.area_id != opened.area.area_id:
                    self._forget(name, opened)
                    return
                if (area, seq) != (opened.area, opened.seq):
                    opened.aliases = living_aliases(connection, area.area_id)
                    opened.area, opened.seq, opened.behind = area, seq, True
        except NotFound:
            self._forget(name, opened)
            raise
        except (Unavailable, SQLAlchemyError):
            return  # what is known goes on answering; what needs the database will say so
        if opened.behind and time.monotonic() > opened.rest_until:
            self._makings.begin(name, lambda: self._make(name))

    def _forget(self, name: str, opened: _Open) -> None:
        if self._open.get(name) is opened:
            del self._open[name]

    def _make(self, name: str) -> _Open:
        """The area's gazetteer as its rows are now: the one that is open, if they are the same."""
        begun = time.monotonic()
        with self._engine.connect() as connection:
            unhurried(connection)
            area = find_area(connection, name)
            seq = last_seq(connection, area.area_id)  # before the rows, not to miss what is new
            aliases = living_aliases(connection, area.area_id)
            fingerprint = _fingerprint(connection, area)
            before = self._open.get(name)
            if before is not None and before.fingerprint == fingerprint:
                before.behind = (before.area, before.seq) != (area, seq)
                before.rest_until = _rest(begun)
                return before
            folder = gazetteer_folder(self._var, name)
            gazetteer = load_gazetteer(folder, fingerprint)
            if gazetteer is None:
                from blockdata.address.gazetteer_rows import read_gazetteer

                read = read_gazetteer(connection, area.area_id)
                keep(lambda: save_gazetteer(read, folder, fingerprint))
                gazetteer = load_gazetteer(folder, fingerprint) or read
        made = _Open(area, seq, fingerprint, gazetteer, aliases, begun)
        if before is not None:  # the first time much is loaded that stays
            if "suggester" in before.__dict__:
                made.suggester  # noqa: B018  # made here, so that no caller waits for it
            made.rest_until = _rest(begun)
        self._open[name] = made
        return made


def gazetteer_folder(var: Path, area: str) -> Path:
    """Where an area's gazetteer is kept."""
    return var / "areas" / area / "addresses"


def _rest(begun: float) -> float:
    now = time.monotonic()
    return now + REST * (now - begun)


def _fingerprint(connection: "Connection", area: Area) -> str:
    rows = connection.execute(sql_text(query("fingerprint")), {"area_id": area.area_id})
    return f"{area.area_id}-{rows.scalar_one()}"


def _rows(connection: "Connection", name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql_text(query(name)), parameters)
    return [dict(row) for row in result.mappings()]
