"""Addresses of all areas for commands and the web: gazetteers opened once, renewed when stale."""

import gc
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text as sql_text
from sqlalchemy.exc import SQLAlchemyError

from blockdata.address.corners import match_corner, names_corner
from blockdata.address.gazetteer import Gazetteer, load_gazetteer, save_gazetteer
from blockdata.address.match import Match, match_one
from blockdata.address.register.alias_match import match_alias
from blockdata.address.register.events import last_seq
from blockdata.address.register.remarks import Alias, living_aliases
from blockdata.address.sql import query
from blockdata.errors import BlockdataError, NotFound
from blockdata.settings import Settings
from blockdata.storage.areas import Area, find_area
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from blockdata.address.search import Suggester, Suggestion

CHECK_EVERY_S = 30.0
FOLLOW_EVERY_S = 2.0


@dataclass
class _Open:
    """An area's gazetteer in use."""

    area: Area
    fingerprint: str
    gazetteer: Gazetteer
    aliases: dict[str, list[Alias]]
    seq: int
    checked_at: float
    followed_at: float
    checking: threading.Lock = field(default_factory=threading.Lock)
    looking: bool = False

    @cached_property
    def suggester(self) -> "Suggester":
        """Made when first asked for."""
        from blockdata.address.search import Suggester

        made = Suggester(self.gazetteer)
        # What is loaded by now stays. A full collection that walks over it holds up whoever asks at
        # that moment for a fifth of a second.
        gc.freeze()
        return made


class AddressService:
    """Match, search and look up addresses of any area.

    Gazetteers are kept under ``settings.var / "areas" / <name> / "addresses"`` and built anew when
    the area's rows have changed; that is looked at every half minute at most. Aliases follow the
    register's events within two seconds, whoever taught them.
    """

    def __init__(self, engine: "Engine", settings: Settings) -> None:
        self._engine = engine
        self._var = settings.var
        self._open: dict[str, _Open] = {}
        self._opening = threading.Lock()
        self._looks: set[threading.Thread] = set()

    def close(self) -> None:
        """Wait for looks at the database that are still going on; before its engine is disposed."""
        for look in list(self._looks):
            look.join()

    def match(self, area: str, text: str) -> Match:
        """The address that a text means, by a recorded alias or by its words; or a corner.

        See ``match_one`` for errors.
        """
        opened = self._current(area)
        if time.monotonic() - opened.followed_at > FOLLOW_EVERY_S:
            self._follow(opened)
        taught = match_alias(opened.gazetteer, opened.aliases, text)
        return taught or self._corner(opened, text) or match_one(opened.gazetteer, text)

    def _corner(self, opened: _Open, text: str) -> Match | None:
        roads = names_corner(text)
        if roads is None:
            return None
        with self._engine.connect() as connection:
            return match_corner(connection, opened.area.area_id, opened.gazetteer, text, roads)

    def look_again(self, area: str) -> None:
        """Let the next question see what has just changed."""
        if area in self._open:
            self._open[area].checked_at = -CHECK_EVERY_S  # that looks at everything

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

    def is_ready(self, area: str) -> bool:
        """Whether ``suggest`` answers within milliseconds, with no look at the database.

        A look that is due is begun in the background; until it ends, answers are as they were.
        """
        opened = self._open.get(area)
        if opened is None or "suggester" not in opened.__dict__:
            return False
        due = time.monotonic() - opened.checked_at > CHECK_EVERY_S
        if due and not opened.looking:
            opened.looking = True
            look = threading.Thread(target=self._look, args=(area, opened), daemon=True)
            self._looks.add(look)
            look.start()
        return True

    def _look(self, area: str, opened: _Open) -> None:
        try:
            fresh = self._current(area)
            fresh.suggester  # noqa: B018  # made here, so that no caller waits for it
        except (BlockdataError, SQLAlchemyError):
            # the next question that needs the database will say so
            opened.checked_at = time.monotonic()
        finally:
            opened.looking = False
            self._looks.discard(threading.current_thread())

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
            with self._opening:
                return self._open.get(name) or self._renew(name, None)
        if time.monotonic() - opened.checked_at > CHECK_EVERY_S and opened.checking.acquire(
            blocking=False
        ):
            # one caller looks; the others go on with what they have
            try:
                return self._renew(name, opened)
            finally:
                opened.checking.release()
        return opened

    def _follow(self, opened: _Open) -> None:
        """Learn the aliases anew if the register has had an event; one row says whether."""
        opened.followed_at = time.monotonic()
        try:
            with self._engine.connect() as connection:
                seq = last_seq(connection, opened.area.area_id)
                if seq != opened.seq:
                    opened.aliases = living_aliases(connection, opened.area.area_id)
                    opened.seq = seq
        except (BlockdataError, SQLAlchemyError):
            return  # what is known goes on answering; the next look will say so

    def _renew(self, name: str, opened: _Open | None) -> _Open:
        with self._engine.connect() as connection:
            area = find_area(connection, name)
            fingerprint = f"{area.area_id}-" + str(
                connection.execute(
                    sql_text(query("fingerprint")), {"area_id": area.area_id}
                ).scalar_one()
            )
            seq = last_seq(connection, area.area_id)  # before them: what comes between is seen next
            aliases = living_aliases(connection, area.area_id)
            if opened is not None and opened.fingerprint == fingerprint:
                opened.aliases, opened.seq = aliases, seq
                opened.checked_at = opened.followed_at = time.monotonic()
                return opened
            folder = gazetteer_folder(self._var, name)
            gazetteer = load_gazetteer(folder, fingerprint)
            if gazetteer is None:
                from blockdata.address.gazetteer_rows import read_gazetteer

                gazetteer = read_gazetteer(connection, area.area_id)
                save_gazetteer(gazetteer, folder, fingerprint)
                gazetteer = load_gazetteer(folder, fingerprint) or gazetteer
        now = time.monotonic()
        self._open[name] = _Open(area, fingerprint, gazetteer, aliases, seq, now, now)
        return self._open[name]


def gazetteer_folder(var: Path, area: str) -> Path:
    """Where an area's gazetteer is kept."""
    return var / "areas" / area / "addresses"


def _rows(connection: "Connection", name: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql_text(query(name)), parameters)
    return [dict(row) for row in result.mappings()]
