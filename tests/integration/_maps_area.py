"""A hand-made area of 1 km by 1 km, small enough to know by heart, for the tests of maps."""

import math

from sqlalchemy import Connection, text

from blockdata.storage.areas import create_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text

WEST, SOUTH = 113.80, 22.60
SIDE = 0.01  # degrees: about a kilometre
GRID_CODES = [f"4403069990010{n}" for n in range(1, 5)]  # 14 digits each
PEOPLE = {GRID_CODES[0]: 25, GRID_CODES[1]: 4}


def box(west: float, south: float, east: float, north: float) -> str:
    return f"({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south})"


def build_maps_area(connection: Connection, name: str) -> int:
    """Four grids, two roads and a path, eight buildings, a pond; returns the area's id."""
    area_id = create_area(
        connection,
        name=name,
        title=Text("测试区", "Test area"),
        synthetic=True,
        profile="baoan",
        source="made by the tests",
        replace=True,
    )
    whole = f"MULTIPOLYGON({('(' + box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE) + ')')})"
    run = _Runner(connection, area_id)
    run("UPDATE district.area SET outline = :shape WHERE area_id = :area_id", shape=whole)
    run(
        "INSERT INTO district.street VALUES"
        " (:id, :area_id, '440306999', '试验街道', 'Trial', :shape)",
        shape=whole,
    )
    run(
        "INSERT INTO district.community VALUES"
        " (:id, :area_id, :id, '440306999001', '试验社区', 'Trial community', :shape)",
        shape=whole,
    )
    _add_grids(run)
    _add_roads(run)
    _add_register(run)
    _add_responders(run)
    pond = box(WEST + 0.001, SOUTH + 0.007, WEST + 0.003, SOUTH + 0.009)
    run(
        "INSERT INTO district.water VALUES (:id, :area_id, '试验湖', 'Trial Lake', :shape)",
        shape=f"MULTIPOLYGON(({pond}))",
    )
    for n, kind in enumerate(("key_site", "post")):
        run(
            "INSERT INTO district.place VALUES"
            " (:id + :n, :area_id, :kind, '试验小学', 'Trial School', :id, :shape)",
            n=n,
            kind=kind,
            shape=f"POINT({WEST + 0.002 + n * 0.001} {SOUTH + 0.002})",
        )
    return area_id


class _Runner:
    """Runs a statement with the area's ids and an SRID for its shape."""

    def __init__(self, connection: Connection, area_id: int) -> None:
        self.connection = connection
        self.given = {"area_id": area_id, "id": first_id(area_id)}

    def __call__(self, statement: str, **given: object) -> None:
        if "shape" in given:
            given["shape"] = f"SRID=4326;{given['shape']}"
        statement = statement.replace(":id", "CAST(:id AS bigint)")
        named = {k: v for k, v in (self.given | given).items() if f":{k}" in statement}
        self.connection.execute(text(statement), named)


def _corner(n: int) -> tuple[float, float]:
    return WEST + (n % 2) * SIDE / 2, SOUTH + (n // 2) * SIDE / 2


def _add_grids(run: _Runner) -> None:
    for n, code in enumerate(GRID_CODES):
        west, south = _corner(n)
        outline = box(west, south, west + SIDE / 2, south + SIDE / 2)
        run(
            "INSERT INTO district.grid VALUES (:id + :n, :area_id, :id, :code, :shape)",
            n=n,
            code=code,
            shape=f"MULTIPOLYGON(({outline}))",
        )


def _add_roads(run: _Runner) -> None:
    middle_x, middle_y = WEST + SIDE / 2, SOUTH + SIDE / 2
    roads = [
        ("primary", "试验大道", "Trial Avenue", WEST, middle_y, WEST + SIDE, middle_y),
        ("residential", "试验一路", "Trial Road 1", middle_x, SOUTH, middle_x, SOUTH + SIDE),
        ("footway", None, None, WEST, SOUTH + 0.002, WEST + SIDE, SOUTH + 0.002),
    ]
    for n, (road_class, zh, en, x1, y1, x2, y2) in enumerate(roads):
        length_m = math.hypot((x2 - x1) * 102_700, (y2 - y1) * 110_700)
        run(
            "INSERT INTO roads.segment (area_id, segment_index, from_node, to_node, length_m,"
            " road_class, name_zh, name_en, oneway, access_modes, bridge, tunnel, path)"
            " VALUES (:area_id, :n, :n, :n, :length_m, :road_class, :zh, :en, 0, 7,"
            " false, false, :shape)",
            n=n,
            length_m=length_m,
            road_class=road_class,
            zh=zh,
            en=en,
            shape=f"LINESTRING({x1} {y1}, {x2} {y2})",
        )


def _add_register(run: _Runner) -> None:
    for n in range(8):
        west, south = _corner(n % 4)
        west, south = west + 0.0015 + 0.001 * (n // 4), south + 0.001
        run(
            "INSERT INTO register.building VALUES"
            " (:id + :n, :area_id, :id + :g, :code, 'tower', '试验楼', 12, :shape)",
            n=n,
            g=n % 4,
            code=f"{GRID_CODES[n % 4]}{n:05d}",
            shape=f"POLYGON({box(west, south, west + 0.0005, south + 0.0005)})",
        )
        run(
            "INSERT INTO register.address (address_id, area_id, level, building_id, grid_id,"
            " label_zh, text_zh) VALUES (:id + :n, :area_id, 'building', :id + :n, :id + :g,"
            " '楼', '试验街道试验一路楼')",
            n=n,
            g=n % 4,
        )
    number = 0
    for index, code in enumerate(GRID_CODES):
        for _ in range(PEOPLE.get(code, 0)):
            run(
                "INSERT INTO register.person VALUES (:id + :n, :area_id, :id + :g, :number, '测试',"
                " 'f', '1990-01-01', 'tenant')",
                n=number,
                g=index,
                number=f"99900019900101{number:03d}0",
            )
            number += 1


def _add_responders(run: _Runner) -> None:
    run("INSERT INTO dispatch.shift VALUES (:id, :area_id, '全天', 'all day', 127, 0, 1440)")
    tiers = (
        [("volunteer", "foot")] * 12 + [("auxiliary", "ebike")] * 3 + [("officer", "patrol")] * 2
    )
    for n, (tier, mode) in enumerate(tiers):
        run(
            "INSERT INTO dispatch.responder (responder_id, area_id, tier, mode, call_sign,"
            " shift_id, skills, duty_point)"
            " VALUES (:id + :n, :area_id, :tier, :mode, :sign, :id, '{}', :shape)",
            n=n,
            tier=tier,
            mode=mode,
            sign=f"试{n:03d}",
            shape=f"POINT({WEST + 0.0002 * n + 0.001} {SOUTH + 0.0025})",
        )
