"""A small hand-made register: four grids, each with an estate of two buildings of four rooms."""

from sqlalchemy import Connection, text

from blockdata.storage.areas import create_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text

WEST, SOUTH, SIDE = 113.80, 22.60, 0.004
COMMUNITY = "440306999001"
GRIDS = 4


def box(west: float, south: float, east: float, north: float) -> str:
    return f"(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def strip(index: int, of: int = GRIDS) -> str:
    """One of ``of`` equal strips from west to east, as a multipolygon."""
    width = SIDE * GRIDS / of
    west = WEST + index * width
    return f"MULTIPOLYGON({box(west, SOUTH, west + width, SOUTH + SIDE)})"


def build_register_area(connection: Connection, name: str) -> int:
    """Make (or make anew) the area; returns its id."""
    area_id = create_area(
        connection,
        name=name,
        title=Text("试验登记区", "Trial register"),
        synthetic=True,
        profile="baoan",
        source="made by the tests",
        replace=True,
    )
    top = first_id(area_id)
    whole = f"SRID=4326;MULTIPOLYGON({box(WEST, SOUTH, WEST + SIDE * GRIDS, SOUTH + SIDE)})"
    connection.execute(
        text(
            "INSERT INTO district.street (street_id, area_id, code, name_zh, name_en, outline)"
            " VALUES (:top, :area, '440306999', '试验街道', 'Trial', :whole)"
        ),
        {"top": top, "area": area_id, "whole": whole},
    )
    connection.execute(
        text(
            "INSERT INTO district.community"
            " (community_id, area_id, street_id, code, name_zh, name_en, outline)"
            " VALUES (:top, :area, :top, :code, '试验社区', 'Trial community', :whole)"
        ),
        {"top": top, "area": area_id, "code": COMMUNITY, "whole": whole},
    )
    rows = _Rows(connection, area_id)
    for grid in range(GRIDS):
        _add_grid(rows, grid)
    return area_id


class _Rows:
    def __init__(self, connection: Connection, area_id: int) -> None:
        self.connection = connection
        self.area_id = area_id
        self.next = first_id(area_id)

    def address(
        self, level: str, parent: dict[str, object] | None, **more: object
    ) -> dict[str, object]:
        words = (str(parent["text_zh"]) if parent else "试验街道试验社区") + str(more["label_zh"])
        row: dict[str, object] = {
            "address_id": self.next, "area_id": self.area_id, "level": level,
            "parent_id": parent and parent["address_id"], "text_zh": words, "building_id": None,
            "name_zh": None, "floor": None, "point": None,
        } | more  # fmt: skip
        self.next += 1
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        self.connection.execute(
            text(f"INSERT INTO register.address ({names}) VALUES ({values})"), row
        )
        return row


def _add_grid(rows: _Rows, n: int) -> None:
    grid_id, code = first_id(rows.area_id) + n, f"{COMMUNITY}{n + 1:02d}"
    rows.connection.execute(
        text(
            "INSERT INTO district.grid (grid_id, area_id, community_id, code, outline)"
            " VALUES (:id, :area, :community, :code, :outline)"
        ),
        {
            "id": grid_id, "area": rows.area_id, "community": first_id(rows.area_id), "code": code,
            "outline": f"SRID=4326;{strip(n)}",
        },
    )  # fmt: skip
    lon, lat = WEST + (n + 0.25) * SIDE, SOUTH + SIDE / 2
    here = {"grid_id": grid_id, "code": code, "point": f"SRID=4326;POINT({lon} {lat})"}
    number = rows.address("number", None, label_zh=f"试验路{n + 1}号", **here)
    estate = rows.address("estate", number, label_zh=f"花园{n + 1}", name_zh=f"花园{n + 1}", **here)
    for b in range(2):
        building_id = first_id(rows.area_id) + n * 2 + b
        at = {"lon": WEST + (n + 0.25 + 0.5 * b) * SIDE, "lat": lat}
        given = {
            "id": building_id, "area": rows.area_id, "grid": grid_id, "code": f"{code}{b + 1:05d}",
            "footprint": "SRID=4326;POLYGON"
            + box(at["lon"] - 1e-4, lat - 1e-4, at["lon"] + 1e-4, lat + 1e-4),
        }  # fmt: skip
        rows.connection.execute(
            text(
                "INSERT INTO register.building (building_id, area_id, grid_id, code, kind,"
                " name_zh, floors, footprint)"
                " VALUES (:id, :area, :grid, :code, 'tower', '楼', 2, :footprint)"
            ),
            given,
        )
        inside = {"building_id": building_id, "grid_id": grid_id}
        point = f"SRID=4326;POINT({at['lon']} {lat})"
        building = rows.address(
            "building", estate, label_zh=f"{b + 1}栋", code=given["code"], point=point, **inside
        )
        # the second building has units, the first has not
        for u in range(2 * b) or (None,):
            parent = building
            if u is not None:
                parent = rows.address(
                    "unit", building, label_zh=f"{u + 1}单元", code=given["code"], **inside
                )
            for room in (101, 201):
                suffix = f"{0 if u is None else u + 1:02d}{room:04d}"
                rows.address(
                    "room", parent, label_zh=f"{room}房", code=f"{given['code']}{suffix}",
                    floor=room // 100, **inside,
                )  # fmt: skip
