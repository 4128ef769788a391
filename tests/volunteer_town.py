"""A made-up town of 2.4 by 2.6 km with volunteers all over it, to see what answers tell of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import h3
import numpy as np
from sqlalchemy import Connection, Engine, text

from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import create_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.network.storage import write_roads
from tests.desks_at import DesksAt
from tests.roads_by_hand import make_roads

NAME = "volunteer-town"
WEST, SOUTH, STEP, SIDE = 113.85, 22.58, 0.001, 24
PER_DEGREE = np.array([102_800.0, 110_700.0])  # metres, of longitude and latitude
NOW = datetime(2026, 1, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
DAY, NIGHT = 480, 1200  # minutes at which the two shifts begin
VOLUNTEERS, AUXILIARIES, OFFICERS = 100, 16, 6
OFF_DUTY = 10  # every so-manieth is of the night shift
RARE = "diving"  # a skill that one volunteer has
PROFILE = load_profile("baoan")
RESOLUTION = PROFILE.dispatch.coarse_cell_h3_resolution


@dataclass(frozen=True)
class Town:
    """The area's id, and where (WGS 84, float64[n, 2]) each of its volunteers is to begin with."""

    engine: Engine
    settings: Settings
    area_id: int
    volunteers: np.ndarray

    def desks(self) -> DesksAt:
        """Desks that have seen nothing yet, at ten in the morning."""
        return DesksAt(self.engine, self.settings, NOW)

    @property
    def on_duty(self) -> np.ndarray:
        """Which volunteers are on duty at that time."""
        return np.arange(VOLUNTEERS) % OFF_DUTY != 0

    def move(self, lonlat: np.ndarray) -> None:
        """Put the volunteers elsewhere, those known by a fix and those by their duty point."""
        with self.engine.begin() as connection:
            _put(connection, self.area_id, lonlat)


def cells(lonlat: np.ndarray) -> list[str]:
    """The coarse cell of each point."""
    return [h3.latlng_to_cell(lat, lon, RESOLUTION) for lon, lat in lonlat.tolist()]


def random_places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Points in the town."""
    return rng.uniform((WEST, SOUTH), (WEST + STEP * (SIDE - 1), SOUTH + STEP * (SIDE - 1)),
                       (count, 2))  # fmt: skip


def beside_streets(rng: np.random.Generator, count: int) -> np.ndarray:
    """Points some metres from a street: along one axis anywhere, along the other near a line."""
    at = rng.uniform(0, SIDE - 1, (count, 2))
    axis = rng.integers(0, 2, count)
    off = rng.uniform(2, 12, count) * rng.choice([-1, 1], count) / 105
    at[np.arange(count), axis] = np.round(at[np.arange(count), axis]) + off
    return np.array([WEST, SOUTH]) + STEP * at


def within_cells(rng: np.random.Generator, lonlat: np.ndarray) -> np.ndarray:
    """Each point moved to anywhere else in its own cell, on a street or far from any."""
    moved = np.empty_like(lonlat)
    for n, cell in enumerate(cells(lonlat)):
        corners = np.array(h3.cell_to_boundary(cell))[:, ::-1]
        while True:
            point = rng.uniform(corners.min(axis=0), corners.max(axis=0))
            if cells(point[None])[0] == cell:
                break
        moved[n] = point
    return moved


def build_town(engine: Engine, settings: Settings) -> Town:
    """Make the town anew, always the same."""
    rng = np.random.default_rng(20261128)
    volunteers = beside_streets(rng, VOLUNTEERS)
    others = beside_streets(rng, AUXILIARIES + OFFICERS)
    with engine.begin() as connection:
        area_id = create_area(
            connection, name=NAME, title=Text("义警镇", "Volunteer town"), synthetic=True,
            profile="baoan", source="made by the tests", replace=True,
        )  # fmt: skip
        write_roads(connection, area_id, _roads(rng))
        _add_grids(connection, area_id)
        _add_people(connection, area_id, np.vstack([volunteers, others]), rng)
    return Town(engine, settings, area_id, volunteers)


def _roads(rng: np.random.Generator):
    points = [(WEST + STEP * i, SOUTH + STEP * j) for j in range(SIDE) for i in range(SIDE)]
    kinds = ("residential", "residential", "secondary", "service", "footway")
    segments = []
    for j in range(SIDE):
        for i in range(SIDE):
            here = j * SIDE + i
            for ahead, length_m, there in ((i, 102.8, here + 1), (j, 110.7, here + SIDE)):
                if ahead + 1 < SIDE and rng.random() < 0.93:
                    kind = kinds[rng.integers(len(kinds))]
                    oneway = int(rng.choice([0, 0, 0, 1, -1]))
                    segments.append((here, there, length_m, kind, oneway, 7, 0))
    return make_roads(points, segments)


def _add_grids(connection: Connection, area_id: int) -> None:
    n, whole = first_id(area_id), STEP * (SIDE - 1)
    box = "ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4326))"
    everything = {"w": WEST, "s": SOUTH, "e": WEST + whole, "n": SOUTH + whole}
    for table, code, keys in (
        ("street (street_id", "440306001", ":id"),
        ("community (street_id, community_id", "440306001001", ":id, :id"),
    ):
        connection.execute(
            text(
                f"INSERT INTO district.{table}, area_id, code, name_zh, name_en, outline)"
                f" VALUES ({keys}, :area, '{code}', '镇', 'Town', {box})"
            ),
            {"id": n, "area": area_id} | everything,
        )
    side = whole / 5
    rows = [
        {
            "id": n + k, "area": area_id, "community": n, "code": f"440306001001{k + 1:02}",
            "w": WEST + side * (k % 5), "s": SOUTH + side * (k // 5),
            "e": WEST + side * (k % 5 + 1), "n": SOUTH + side * (k // 5 + 1),
        }
        for k in range(25)
    ]  # fmt: skip
    connection.execute(
        text(
            "INSERT INTO district.grid (grid_id, area_id, community_id, code, outline)"
            f" VALUES (:id, :area, :community, :code, {box})"
        ),
        rows,
    )


def _add_people(
    connection: Connection, area_id: int, at: np.ndarray, rng: np.random.Generator
) -> None:
    first = first_id(area_id)
    for n, start in enumerate((DAY, NIGHT)):
        connection.execute(
            text("INSERT INTO dispatch.shift VALUES (:id, :area, '班', 'shift', 127, :start, 720)"),
            {"id": first + n, "area": area_id, "start": start},
        )
    tiers = ["volunteer"] * VOLUNTEERS + ["auxiliary"] * AUXILIARIES + ["officer"] * OFFICERS
    skilled = {1: [RARE], VOLUNTEERS: ["first_aid"]}
    # every second volunteer is a real one, known by a fix; all else is made up
    real = [n for n in range(VOLUNTEERS) if n % 2]
    connection.execute(
        text(
            "INSERT INTO dispatch.responder VALUES (:id, :area, :tier, :mode, :sign, :shift,"
            " :skills, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :age)"
        ),
        [
            {
                "id": first + n, "area": area_id, "tier": tier,
                "mode": PROFILE.tiers[tier].mode, "sign": f"{tier[0].upper()}{n:03}",
                "shift": first + (n % OFF_DUTY == 0), "skills": skilled.get(n, []),
                "lon": float(at[n, 0]), "lat": float(at[n, 1]),
                "age": None if n in real else int(rng.integers(5, 240)),
            }
            for n, tier in enumerate(tiers)
        ],
    )  # fmt: skip
    connection.execute(
        text(
            "INSERT INTO dispatch.position VALUES (:id, :area, :status,"
            " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :accuracy, :fixed)"
        ),
        [
            {
                "id": first + n, "area": area_id, "status": "busy" if n == 3 else "available",
                "lon": float(at[n, 0]), "lat": float(at[n, 1]),
                "accuracy": float(rng.uniform(3, 30)),
                "fixed": NOW - timedelta(seconds=int(rng.integers(1, 320))),
            }
            for n in real
        ],
    )  # fmt: skip


def _put(connection: Connection, area_id: int, lonlat: np.ndarray) -> None:
    first = first_id(area_id)
    rows = [
        {"id": first + n, "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(lonlat.tolist())
    ]
    point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
    for statement in (
        f"UPDATE dispatch.responder SET duty_point = {point} WHERE responder_id = :id",
        f"UPDATE dispatch.position SET point = {point} WHERE responder_id = :id",
    ):
        connection.execute(text(statement), rows)
