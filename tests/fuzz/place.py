"""A district of its own for the fuzz: a copy of the demo, to be broken, and files that fit it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from blockdata.settings import Settings
from blockdata.storage.database import database_url
from tests.fuzz.running import run

_NAME = "fuzz"


@dataclass(frozen=True)
class Place:
    """Where the fuzz runs: the environment of a command, what is known there, and sound files."""

    environment: Mapping[str, str]
    facts: Sequence[Mapping[str, str]]
    files: Mapping[str, Path]
    folder: Path


@contextmanager
def copied(engine: Engine, settings: Settings, folder: Path) -> Iterator[Place]:
    """A copy of a database with a demo in area ``demo``; it goes when the fuzz has ended."""
    engine.dispose()  # a database is copied while nobody is in it
    url = make_url(database_url(settings))
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {_NAME} TEMPLATE {url.database}"))
    own = create_engine(url.set(database=_NAME))
    with own.connect() as connection:
        facts = _facts(connection)
    own.dispose()
    environment = {
        "BLOCKDATA_DATABASE_URL": own.url.render_as_string(hide_password=False),
        "BLOCKDATA_VAR": str(folder / "var"),
        "BLOCKDATA_AREA": "demo",
        "BLOCKDATA_LANGUAGE": "zh",
    }
    files = _files(folder, facts[0]) | _written_files(folder, facts[0], environment)
    try:
        yield Place(environment, facts, files, folder)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {_NAME} WITH (FORCE)"))
        server.dispose()


def _written_files(
    folder: Path, facts: Mapping[str, str], environment: Mapping[str, str]
) -> dict[str, Path]:
    """What commands write and others read."""
    made = {name: folder / name for name in ("layer.geojson", "plan.json", "index")}
    for words in (
        ("grid", "export", "--output", made["layer.geojson"]),
        ("grid", "plan", "--community", facts["community"], "--out", made["plan.json"]),
        ("grid", "index", "--out", made["index"]),
        ("grid", "assign", facts["grid"], facts["deputy"]),
        ("grid", "assign", facts["grid"], facts["officer"]),
    ):
        ran = run([str(word) for word in words], environment)
        assert ran.code == 0, ran.err
    return made


_FACTS = text("""
    SELECT b.address_id AS building, lead(b.address_id) OVER turn AS other_building,
        b.code AS house_code, b.text_zh AS words,
        ST_X(b.point) || ',' || ST_Y(b.point) AS point,
        ST_X(b.point) + 1e-5 || ',' || ST_Y(b.point) AS other_point,
        c.address_id AS child, r.address_id AS room, g.code AS grid, m.code AS community,
        s.name_zh AS road, s.segment_index AS segment
    FROM district.area AS a
    JOIN register.address AS b ON b.area_id = a.area_id AND b.level = 'building'
    JOIN district.grid AS g ON g.grid_id = b.grid_id
    JOIN district.community AS m ON m.community_id = g.community_id
    CROSS JOIN LATERAL (
        SELECT address_id FROM register.address WHERE parent_id = b.address_id ORDER BY 1 LIMIT 1
    ) AS c
    CROSS JOIN LATERAL (
        SELECT address_id FROM register.address
        WHERE building_id = b.building_id AND level = 'room' ORDER BY 1 DESC LIMIT 1
    ) AS r
    CROSS JOIN LATERAL (
        SELECT name_zh, segment_index FROM roads.segment
        WHERE area_id = a.area_id AND name_zh <> '' ORDER BY segment_index LIMIT 1
    ) AS s
    WHERE a.name = 'demo'
    WINDOW turn AS (ORDER BY md5(b.address_id::text))
    ORDER BY md5(b.address_id::text) LIMIT 500
""")


def _facts(connection: Connection) -> list[dict[str, str]]:
    """Buildings of the demo, each with what stands in and around it, to be asked for."""
    rows = connection.execute(_FACTS).mappings().all()
    people = {"officer": "W1", "deputy": "W2"}
    return [{name: str(value) for name, value in row.items()} | people for row in rows]


def _files(folder: Path, facts: Mapping[str, str]) -> dict[str, Path]:
    """Files that every command can read, by what they are."""
    lon, lat = facts["point"].split(",")
    where = {"id": "1", "at": [float(lon), float(lat)]}
    question = {"incidents": [where | {"needs": [{"tier": "officer"}]}]}
    places = f"{facts['words']},{lon},{lat},\n固戍公园,{lon},{lat},park\n"
    made = {
        "lines.txt": f"{facts['words']}\n固戍一路168号\n",
        "addresses.csv": f"address,lon,lat,kind\n{places}",
        "points.csv": f"lon,lat,grid\n{lon},{lat},{facts['grid']}\n",
        "bases.csv": f"code,base\nF1,{facts['grid']}\n",
        "question.json": json.dumps(question),
        "roads.osm": "",
    }
    for name, content in made.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "roads.osm").unlink()
    with osmium.SimpleWriter(str(folder / "roads.osm")) as writer:
        for n in range(3):
            place = (float(lon) + n * 1e-3, float(lat))
            writer.add_node(Node(id=n + 1, location=place, version=1))
        writer.add_way(Way(id=1, nodes=[1, 2, 3], tags={"highway": "residential"}, version=1))
    return {name: folder / name for name in made}
