"""A running server follows what others change: it never goes on with an area as it was."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx
import osmium
import pytest
import shapely
from osmium.osm.mutable import Node, Way
from sqlalchemy import Engine, text

from blockdata.address.importing.load import import_addresses
from blockdata.grid.area_grids import read_grids
from blockdata.grid.redraw import apply_layer
from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area, find_area
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import open_database
from dispatch.desk import Desks
from dispatch.network.importing import import_roads
from dispatch.responders import place_responders
from ingest.synthetic.load import build_district
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.integration._maps_area import build_maps_area
from tests.serving import serving

AREA, ROADS = "followed", "followed-roads"
SOON_S = 60.0  # where the machine is at rest, two
SCALE = 0.01
INSERTED = """
INSERT INTO register.address (address_id, area_id, level, label_zh, text_zh)
VALUES (CAST(:id AS bigint) * 4294967296 + 999, :id, 'place', '别', '别')
"""
Client = httpx.Client


@pytest.fixture(scope="module")
def client(settings: Settings, database: Engine) -> Iterator[Client]:
    fetch_assets(PROJECT / "build")
    build(database, settings, seed=3)
    with serving(settings) as address, Client(base_url=address, timeout=120) as found:
        yield found


def build(engine: Engine, settings: Settings, seed: int) -> None:
    profile = load_profile(settings.profile)
    build_district(engine, profile, area=AREA, seed=seed, scale=SCALE)


def soon(holds: Callable[[], bool]) -> bool:
    """Whether the server comes to see something within seconds."""
    until = time.monotonic() + SOON_S
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


def grids(client: Client) -> dict[str, Any]:
    """Every grid as the service for other systems has it: code → outline."""
    page = client.get(f"/ogc/{AREA}/collections/grids/items", params={"limit": 1000}).json()
    return {f["id"]: shapely.geometry.shape(f["geometry"]) for f in page["features"]}


def covered(client: Client, at: shapely.Point) -> set[tuple[str, int]]:
    """How many grids each tier covers now, as recommendations say."""
    question = {"area": AREA, "at": [at.x, at.y]}
    answer = client.post("/v1/dispatch/recommend", json=question)
    assert answer.status_code == 200, answer.text
    return {
        (tier["tier"], one["coverage_lost"]["covered_now"])
        for tier in answer.json()["tiers"]
        for one in tier["candidates"]
        if one["coverage_lost"] is not None
    }


def tile(client: Client, at: shapely.Point, **headers: str) -> httpx.Response:
    zoom = 14
    x, y = tile_at(at, zoom)
    return client.get(f"/tiles/{AREA}/{zoom}/{x}/{y}.mvt", headers=headers)


def tile_at(at: shapely.Point, zoom: int) -> tuple[int, int]:
    import math

    x = int((at.x + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(at.y))) / math.pi) / 2 * 2**zoom)
    return x, y


def test_grids_that_are_redrawn(client: Client, database: Engine) -> None:
    with database.connect() as connection:
        before = read_grids(connection, find_area(connection, AREA))
    community = before["community"].value_counts().idxmax()
    own = before[before["community"] == community]
    here = own.geometry.iloc[0].representative_point()
    assert set(grids(client)) == set(before["code"])
    covered_before, drawn_before = covered(client, here), tile(client, here)
    assert covered_before
    same = tile(client, here, **{"if-none-match": drawn_before.headers["etag"]})
    assert same.status_code == 304

    # the whole community becomes one grid
    code = str(own["code"].iloc[0])
    layer = gpd.GeoSeries([shapely.union_all(own.geometry)], index=[code], crs=4326)
    with database.begin() as connection:
        apply_layer(connection, find_area(connection, AREA), layer, source="trial")

    left = set(before["code"]) - set(own["code"]) | {code}
    assert soon(lambda: set(grids(client)) == left)
    there = [row["code"] for row in client.get("/v1/grids", params={"area": AREA}).json()["grids"]]
    assert set(there) == left
    assert soon(lambda: covered(client, here) != covered_before)
    assert max(n for _, n in covered(client, here)) <= len(left)
    again = tile(client, here, **{"if-none-match": drawn_before.headers["etag"]})
    assert again.status_code == 200
    assert again.content != drawn_before.content
    # addresses there have codes of the grid that there is now
    place = client.get(
        "/v1/addresses/reverse", params={"area": AREA, "at": f"{here.x},{here.y}", "limit": 1}
    ).json()["addresses"][0]

    def says_the_new_grid() -> bool:
        found = client.get("/v1/addresses/match", params={"area": AREA, "q": place["text"]})
        return found.json().get("matched", {}).get("grid_code") == code

    assert soon(says_the_new_grid)


def test_an_outline_moved_by_hand(client: Client, database: Engine) -> None:
    code, shape = next(iter(grids(client).items()))
    smaller = shapely.MultiPolygon([shapely.box(*shape.representative_point().buffer(1e-4).bounds)])
    with database.begin() as connection:
        connection.execute(
            text(
                "UPDATE district.grid SET outline = ST_GeomFromText(:wkt, 4326) WHERE code = :code"
                " AND area_id = (SELECT area_id FROM district.area WHERE name = :area)"
            ),
            {"wkt": smaller.wkt, "code": code, "area": AREA},
        )
    assert soon(lambda: shapely.equals(grids(client)[code], smaller))


def test_an_area_that_is_dropped_and_made_anew(
    client: Client, database: Engine, settings: Settings
) -> None:
    def all_answers() -> list[httpx.Response]:
        here = {"area": AREA}
        return [
            client.get("/v1/addresses/suggest", params=here | {"q": "固戍"}),
            client.get("/v1/addresses/match", params=here | {"q": words}),
            client.get("/v1/addresses/reverse", params=here | {"at": "113.85,22.6"}),
            client.get("/v1/grids", params=here),
            client.get("/v1/closures", params=here),
            client.get("/v1/table/patrol/113.85,22.6;113.86,22.6", params=here),
            client.post("/v1/dispatch/nearest", json=here | {"address": words}),
            client.get(f"/ogc/{AREA}/collections"),
            client.get(f"/ogc/{AREA}/collections/communities/items"),
            client.get(f"/tiles/{AREA}/14/13374/7134.mvt"),
        ]

    def suggested() -> dict[str, str]:
        ask: dict[str, str | int] = {"area": AREA, "q": "固戍一路", "limit": 50}
        found = client.get("/v1/addresses/suggest", params=ask).json().get("suggestions", [])
        return {s["address_id"]: s["text"] for s in found if s["level"] == "building"}

    before = suggested()
    words = next(iter(before.values()))
    assert before
    assert all(answer.status_code in (200, 204) for answer in all_answers())

    with database.begin() as connection:
        drop_area(connection, AREA)
    assert soon(lambda: all(answer.status_code == 404 for answer in all_answers()))
    for answer in all_answers():
        assert answer.json()["field"] == "area"
        assert AREA in answer.json()["detail"]
        assert AREA in answer.json()["detail_zh"]

    build(database, settings, seed=4)
    assert soon(lambda: bool(suggested()))
    after = suggested()
    assert after != before
    words = next(iter(after.values()))
    assert soon(lambda: all(answer.status_code in (200, 204) for answer in all_answers()))
    for address_id, words in after.items():
        assert client.get(f"/v1/addresses/{address_id}").json()["text_zh"] == words
    # and once more, without a time in between in which there is none
    build(database, settings, seed=5)
    assert soon(lambda: suggested() not in ({}, after))


def roads_file(path: Path, kph: int) -> Path:
    """A street of 400 m."""
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for n in range(5):
            writer.add_node(Node(id=n + 1, location=(113.85 + n * 0.001, 22.58), version=1))
        tags = {"highway": "residential", "maxspeed": str(kph)}
        writer.add_way(Way(id=1, nodes=[1, 2, 3, 4, 5], tags=tags, version=1))
    return path


def test_roads_addresses_and_responders_that_are_replaced(
    client: Client, database: Engine, settings: Settings, tmp_path: Path
) -> None:
    def seconds() -> float | None:
        path = "/v1/table/patrol/113.85,22.58;113.854,22.58"
        answer = client.get(path, params={"area": ROADS})
        return answer.json()["durations"][0][1] if answer.status_code == 200 else None

    def load(kph: int) -> None:
        with database.begin() as connection:
            import_roads(
                connection, roads_file(tmp_path / "r.osm.pbf", kph), area=ROADS,
                profile=settings.profile, replace=True,
            )  # fmt: skip

    load(60)
    fast = seconds()
    assert fast
    load(20)
    assert soon(lambda: (seconds() or 0) > 2 * fast)

    # addresses: none, some, more
    def known(words: str) -> bool:
        return client.get("/v1/addresses/match", params={"area": ROADS, "q": words}).is_success

    rows = ["固戍一路1号,113.8501,22.5801", "固戍一路2号,113.8502,22.5801"]
    assert not known("固戍一路1号")
    for n, row in enumerate(rows, start=1):
        file = tmp_path / f"{n}.csv"
        file.write_text(f"address,lon,lat\n{row}\n", encoding="utf-8")
        import_addresses(database, settings, file, area=ROADS, datum="wgs84")
        assert soon(lambda: known(row.partition(",")[0]))  # noqa: B023

    # responders: none, some, others under the same ids
    def nearest() -> list[Any]:
        question = {"area": ROADS, "at": [113.852, 22.58]}
        answer = client.post("/v1/dispatch/nearest", json=question)
        if answer.status_code != 200:
            return []
        officers = next(t for t in answer.json()["tiers"] if t["tier"] == "officer")
        return [officers["pool"]["registered"]] + [c["position"] for c in officers["candidates"]]

    assert nearest() == []
    desks, profile = Desks(database, settings), load_profile(settings.profile)
    seen: list[list[Any]] = []
    for seed in (1, 2):
        with database.begin() as connection:
            place_responders(
                connection, find_area(connection, ROADS), desks.desk(connection, ROADS).network,
                profile, {"officer": 9}, seed=seed, replace=True,
            )  # fmt: skip
        assert soon(lambda: nearest() not in ([], *seen))
        seen.append(nearest())
    assert [found[0] for found in seen] == [9, 9]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE roads.segment SET name_en = 'Other' WHERE area_id = :id",
        "DELETE FROM roads.segment WHERE area_id = :id AND segment_index = 2",
        "UPDATE district.grid SET code = code WHERE area_id = :id",
        "UPDATE district.community SET name_zh = '别' WHERE area_id = :id",
        "UPDATE district.street SET name_zh = '别' WHERE area_id = :id",
        "UPDATE district.water SET name_zh = '别' WHERE area_id = :id",
        "DELETE FROM district.place WHERE area_id = :id",
        "UPDATE register.building SET name_zh = '别' WHERE area_id = :id",
        "UPDATE dispatch.responder SET call_sign = '别' || call_sign WHERE area_id = :id",
        "UPDATE dispatch.shift SET name_en = 'other' WHERE area_id = :id",
        "UPDATE district.area SET title_en = 'Other' WHERE area_id = :id",
        INSERTED,
    ],
)
def test_whatever_changes_gives_the_area_another_version(database: Engine, change: str) -> None:
    """Also by hand, and at once: nothing that is kept of an area can outlive it."""
    with database.begin() as connection:
        area_id = build_maps_area(connection, "versions")
        other = build_maps_area(connection, "others")
    with database.begin() as connection:
        before, alone = (find_area(connection, name).version for name in ("versions", "others"))
        connection.execute(text(change), {"id": area_id})
        after = find_area(connection, "versions").version
        assert after > before
        assert find_area(connection, "others").version == alone
        assert other != area_id


def test_a_building_s_event_does_not_open_the_roads_anew(database: Engine) -> None:
    """Addresses that an event makes are followed by its number."""
    with database.begin() as connection:
        area_id = build_maps_area(connection, "versions")
        before = find_area(connection, "versions").version
        connection.execute(
            text("SELECT register.begin_event(:id, 'create', NULL, 'trial', '{}')"), {"id": area_id}
        )
        connection.execute(text(INSERTED), {"id": area_id})
        assert find_area(connection, "versions").version == before
        connection.rollback()


def test_a_database_that_was_away(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, database_url=None, area="trial")
    cluster = Cluster(tmp_path)
    try:
        engine = open_database(settings)
        with engine.begin() as connection:
            build_maps_area(connection, "trial")
        engine.dispose()
        with serving(settings) as address, Client(base_url=address, timeout=60) as client:
            paths = ["/v1/health", "/v1/areas", "/ogc/trial/collections/grids/items"]
            paths += ["/v1/addresses/reverse?at=113.805,22.605", "/v1/grids"]
            assert [client.get(path).status_code for path in paths] == [200] * len(paths)
            assert client.get("/v1/addresses/suggest?q=a").status_code == 200
            cluster.stop()
            away = [client.get(path) for path in paths]
            assert {answer.status_code for answer in away} == {503}
            assert client.get("/").status_code == 200
            assert client.get("/v1/addresses/suggest?q=a").status_code == 200  # from memory
            cluster.ensure_running()
            assert soon(lambda: all(client.get(path).is_success for path in paths))
    finally:
        cluster.destroy()
