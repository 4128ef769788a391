"""Rows of the register for one community: buildings, entrances and addresses of every level."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from blockdata.crs import from_metric
from blockdata.identifiers import numbered_codes
from blockdata.profile import Profile
from ingest.synthetic.arrays import Bools, Codes, Floats, Ints, Shapes, constant, points, text, wkb
from ingest.synthetic.ids import IdBlock
from ingest.synthetic.names import Names, offset_points
from ingest.synthetic.plots import Ground
from ingest.synthetic.settlement import Settlement

_SIDE_DOOR_FRONT_M = 20.0


@dataclass(frozen=True)
class Site:
    """What the rows of one community have in common."""

    area_id: int
    ids: IdBlock
    prefix_zh: str
    grid_ids: Ints
    grid_codes: Codes


@dataclass(frozen=True)
class Register:
    """One community's rows, ready to load, and its rooms for those who move in.

    Attributes:
        buildings, entrances, addresses, rooms: tables of ``register``; rooms are addresses too.
        room_address: (r,) address ids.
        room_building: (r,) row of ``buildings``.
        room_floor: (r,) from 1.
        lon, lat: (n,) main door of each building, degrees.
    """

    buildings: pa.Table
    entrances: pa.Table
    addresses: pa.Table
    rooms: pa.Table
    room_address: Ints
    room_building: Ints
    room_floor: Ints
    lon: Floats
    lat: Floats


def register_rows(
    profile: Profile,
    site: Site,
    ground: Ground,
    settlement: Settlement,
    names: Names,
    grid_of: Ints,
    rng: np.random.Generator,
) -> Register:
    """All rows of one community; ``grid_of`` is the grid of each building, a row of the site's."""
    building_ids = site.ids.ids(len(settlement.kind))
    codes = _building_codes(site, grid_of)
    doors = _doors(settlement, rng)
    lon, lat = doors.lon[doors.first], doors.lat[doors.first]
    placed = _placed_addresses(site, ground, settlement, names, grid_of, codes, doors)
    rooms = _rooms(site, settlement, placed, grid_of, codes)
    kinds = np.array(list(profile.building_kinds), dtype=object)
    buildings = pa.table(
        {
            "building_id": building_ids,
            "area_id": constant(site.area_id, len(building_ids)),
            "grid_id": site.grid_ids[grid_of],
            "code": text(codes),
            "kind": pa.array(kinds[settlement.kind], pa.string()),
            "name_zh": pa.array(names.name, pa.string()),
            "floors": settlement.floors.astype(np.int16),
            "footprint": wkb(_degrees(settlement.plots.rectangles())),
        }
    )
    entrances = pa.table(
        {
            "entrance_id": site.ids.ids(len(doors.lon)),
            "area_id": constant(site.area_id, len(doors.lon)),
            "building_id": building_ids[doors.building],
            "kind": pa.array(np.where(doors.main, "main", "side").astype(object), pa.string()),
            "point": wkb(points(doors.lon, doors.lat)),
        }
    )
    return Register(
        buildings, entrances, placed.table, rooms.table,
        rooms.address, rooms.building, rooms.floor, lon, lat,
    )  # fmt: skip


def _building_codes(site: Site, grid_of: Ints) -> Codes:
    """19 digits: buildings are numbered from 1 within their grid, in the order of rows."""
    order = np.argsort(grid_of, kind="stable")
    counts = np.bincount(grid_of, minlength=len(site.grid_codes))
    number = np.empty(len(grid_of), dtype=np.int64)
    number[order] = np.arange(len(grid_of)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return numbered_codes(site.grid_codes[grid_of], number, 5)


@dataclass(frozen=True)
class _Doors:
    building: Ints
    main: Bools
    lon: Floats
    lat: Floats
    first: Ints


def _doors(settlement: Settlement, rng: np.random.Generator) -> _Doors:
    """A main door for each unit on the road's side; side doors where the building is large."""
    plots, count = settlement.plots, len(settlement.kind)
    large = plots.front_m >= _SIDE_DOOR_FRONT_M
    sides = np.where(large, rng.integers(0, 3, count), rng.integers(0, 5, count) // 4)
    doors = settlement.units + sides
    building = np.repeat(np.arange(count), doors)
    first = np.cumsum(doors) - doors
    index = np.arange(len(building)) - first[building]
    units = settlement.units[building]
    main = index < units
    along = np.where(main, (2 * index + 1) / units - 1.0, np.where((index - units) % 2, -1.0, 1.0))
    x, y = plots.take(building).at(along, np.where(main, -1.0, 0.0))
    lon, lat = from_metric(x, y)
    return _Doors(building, main, lon, lat, first)


@dataclass(frozen=True)
class _Placed:
    table: pa.Table
    ids: Ints
    unit_parent: Ints  # row of the address that rooms of each building's first unit hang on
    text: list[str]


def _placed_addresses(
    site: Site,
    ground: Ground,
    settlement: Settlement,
    names: Names,
    grid_of: Ints,
    codes: Codes,
    doors: _Doors,
) -> _Placed:
    """Addresses of the levels that have a place of their own: number, estate, building, unit."""
    rows = _Rows()
    gate_x, gate_y = offset_points(ground, settlement.hubs)
    gate_lon, gate_lat = from_metric(gate_x, gate_y)
    grid_code = [code.decode() for code in site.grid_codes.tolist()]
    building_code = [code.decode() for code in codes.tolist()]
    hub_row: dict[int, int] = {}
    for h, hub in enumerate(names.hubs):
        members = np.flatnonzero(settlement.hub == h)
        if not len(members):
            continue
        grid = int(grid_of[members[0]])
        at = (float(gate_lon[h]), float(gate_lat[h]))
        text, parent = site.prefix_zh, -1
        if hub.road_number is not None:
            text += hub.road_number
            parent = rows.add(
                "number", -1, -1, grid, grid_code[grid], hub.road_number, text, None, at
            )
        text += hub.name
        hub_row[h] = rows.add(
            "estate", parent, -1, grid, grid_code[grid], hub.name, text, hub.name, at
        )
    first_unit = np.zeros(len(codes), dtype=np.int64)
    unit_rows: list[tuple[int, int]] = []
    for b, (label, name, h) in enumerate(
        zip(names.label, names.name, settlement.hub.tolist(), strict=True)
    ):
        parent = hub_row[h] if h >= 0 else -1
        text = (rows.text[parent] if h >= 0 else site.prefix_zh) + label
        if h < 0 and name != label:
            text += name
        door = int(doors.first[b])
        at = (float(doors.lon[door]), float(doors.lat[door]))
        row = rows.add(
            "building", parent, b, int(grid_of[b]), building_code[b], label, text, name, at
        )
        first_unit[b] = row
        unit_rows.append((b, row))
    for b, row in unit_rows:
        units = int(settlement.units[b])
        for u in range(units if units > 1 else 0):
            door = int(doors.first[b]) + u
            at = (float(doors.lon[door]), float(doors.lat[door]))
            label = f"{u + 1}单元"
            unit = rows.add(
                "unit",
                row,
                b,
                int(grid_of[b]),
                building_code[b],
                label,
                rows.text[row] + label,
                None,
                at,
            )
            first_unit[b] = unit if u == 0 else first_unit[b]
    ids = site.ids.ids(len(rows.text))
    return _Placed(rows.table(site, ids), ids, first_unit, rows.text)


class _Rows:
    """Addresses gathered one by one."""

    def __init__(self) -> None:
        self.level: list[str] = []
        self.parent: list[int] = []
        self.building: list[int] = []
        self.grid: list[int] = []
        self.code: list[str] = []
        self.label: list[str] = []
        self.text: list[str] = []
        self.name: list[str | None] = []
        self.at: list[tuple[float, float]] = []

    def add(
        self,
        level: str,
        parent: int,
        building: int,
        grid: int,
        code: str,
        label: str,
        text: str,
        name: str | None,
        at: tuple[float, float],
    ) -> int:
        self.level.append(level)
        self.parent.append(parent)
        self.building.append(building)
        self.grid.append(grid)
        self.code.append(code)
        self.label.append(label)
        self.text.append(text)
        self.name.append(name)
        self.at.append(at)
        return len(self.text) - 1

    def table(self, site: Site, ids: Ints) -> pa.Table:
        parent, building = np.array(self.parent), np.array(self.building)
        return pa.table(
            {
                "address_id": ids,
                "area_id": constant(site.area_id, len(ids)),
                "level": pa.array(self.level, pa.string()),
                "parent_id": pa.array(ids[parent], mask=parent < 0),
                "building_id": pa.array(site.ids.start + building, mask=building < 0),
                "grid_id": site.grid_ids[np.array(self.grid)],
                "code": pa.array(self.code, pa.string()),
                "label_zh": pa.array(self.label, pa.string()),
                "text_zh": pa.array(self.text, pa.string()),
                "name_zh": pa.array(self.name, pa.string()),
                "point": wkb(points(*np.array(self.at).T)),
            }
        )


@dataclass(frozen=True)
class _RoomRows:
    table: pa.Table
    address: Ints
    building: Ints
    floor: Ints


def _rooms(
    site: Site, settlement: Settlement, placed: _Placed, grid_of: Ints, codes: Codes
) -> _RoomRows:
    """A row for each room; the code's six digits are unit, floor and number, two each."""
    per_building = settlement.floors * settlement.rooms_per_floor
    building = np.repeat(np.arange(len(per_building)), per_building)
    index = np.arange(len(building)) - np.repeat(
        np.cumsum(per_building) - per_building, per_building
    )
    floor, at = np.divmod(index, settlement.rooms_per_floor[building])
    units = settlement.units[building]
    unit, at = np.divmod(at, -(-settlement.rooms_per_floor[building] // units))
    number = (floor + 1) * 100 + at + 1
    several = units > 1
    parent = placed.unit_parent[building] + np.where(several, unit, 0)
    used, label = np.unique(number, return_inverse=True)
    labels = pa.array([f"{n}房" for n in used.tolist()], pa.string()).take(pa.array(label))
    texts = pa.array(placed.text, pa.string()).take(pa.array(parent))
    ids = site.ids.ids(len(placed.ids) + len(building))[len(placed.ids) :]
    suffix = np.where(several, unit + 1, 0) * 10_000 + number
    table = pa.table(
        {
            "address_id": ids,
            "area_id": constant(site.area_id, len(ids)),
            "level": pa.repeat(pa.scalar("room"), len(ids)),
            "parent_id": placed.ids[parent],
            "building_id": site.ids.start + building,
            "grid_id": site.grid_ids[grid_of[building]],
            "code": text(numbered_codes(codes[building], suffix, 6)),
            "label_zh": labels,
            "text_zh": pc.binary_join_element_wise(texts, labels, ""),
            "floor": (floor + 1).astype(np.int16),
        }
    )
    return _RoomRows(table, ids, building, floor + 1)


def _degrees(shapes: Shapes) -> Shapes:
    at = shapely.get_coordinates(shapes)
    moved: Shapes = shapely.set_coordinates(shapes.copy(), np.column_stack(from_metric(*at.T)))
    return moved
