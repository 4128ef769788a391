"""Roads into an area and responders onto them, from files that are sound and files that are not."""

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way
from sqlalchemy import text

from blockdata.errors import BadFile, Conflict, NotFound, Unavailable
from blockdata.profile import load_profile
from blockdata.storage.areas import create_area, find_area
from blockdata.text import Text
from dispatch.network.importing import download_roads, import_roads, show_roads
from dispatch.network.osm import read_osm
from dispatch.network.storage import open_network, read_roads
from dispatch.responders import list_responders, place_responders

NAME = "by-hand"
PROFILE = load_profile("baoan")


@pytest.fixture
def pbf(tmp_path):
    """A small extract, clipped: node 99 is missing.

        4
        |        1─2─3 is one-way, 2─4 a footpath, 3─5 leads out of the extract, and
    1 ─ 2 ─ 3 ─ 5 ┄ 99    a vehicle from 1─2 must not turn into 2─3
    """
    path = tmp_path / "hand.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for n, (lon, lat) in enumerate(
            [(113.85, 22.58), (113.851, 22.58), (113.852, 22.58), (113.851, 22.581)], start=1
        ):
            writer.add_node(Node(id=n, location=(lon, lat), version=1))
        writer.add_node(Node(id=5, location=(113.853, 22.58), version=1))
        road = {"highway": "residential", "name": "固戍一路", "name:en": "Gushu First Road"}
        for way, nodes, tags in (
            (10, [1, 2], road | {"oneway": "yes", "maxspeed": "30"}),
            (11, [2, 3], road | {"oneway": "yes", "maxspeed": "30"}),
            (12, [4, 2], {"highway": "footway"}),
            (13, [3, 5, 99], {"highway": "primary", "maxspeed": "none"}),
            (14, [1, 4], {"building": "yes"}),
            (15, [1, 4], {"highway": "residential", "access": "private"}),
            (16, [98, 99], {"highway": "residential"}),
        ):
            writer.add_way(Way(id=way, nodes=nodes, tags=tags, version=1))
        for relation, via, kind in ((20, 2, "no_straight_on"), (21, 9, "no_u_turn")):
            members = [("w", 10, "from"), ("n", via, "via"), ("w", 11, "to")]
            tags = {"type": "restriction", "restriction": kind, "except": "bicycle"}
            writer.add_relation(Relation(id=relation, members=members, tags=tags, version=1))
    return path


def test_a_file_becomes_the_roads_of_an_area(database, settings, pbf):
    with database.begin() as connection:
        result = import_roads(connection, pbf, area=NAME, profile="baoan", replace=True)
        again = show_roads(connection, NAME)
    read = result["read"]
    assert read["ways_read"] == read["ways_kept"] + sum(read["ways_refused"].values()) == 7
    assert read["ways_refused"] == {"not_a_road": 1, "no_access": 1, "too_few_nodes": 1}
    assert read["node_references_missing"] == 3
    assert read["restrictions_kept"] == 1
    assert read["restrictions_refused"] == {"not_on_network": 1}
    assert (result["nodes"], result["segments"]) == (5, 4)
    assert again["length_km"] == result["length_km"] == pytest.approx(0.419, abs=0.002)
    assert again["turn_restrictions"] == 1
    with database.connect() as connection:
        area = find_area(connection, NAME)
        roads = read_roads(connection, area.area_id)
        network = open_network(connection, settings, area, PROFILE)
        fresh = read_osm(pbf)[0]
        same = open_network(connection, settings, area, PROFILE)
    for name in ("lonlat", "from_node", "to_node", "oneway", "access_modes", "maxspeed_kph"):
        assert (getattr(roads, name) == getattr(fresh, name)).all()
    assert np.allclose(roads.path, fresh.path)
    assert roads.length_m.tolist() == fresh.length_m.tolist()
    assert roads.restrictions.tolist() == fresh.restrictions.tolist()
    assert roads.restrictions[0, 4] == 4  # bicycles are excepted
    assert roads.name_en.tolist().count("Gushu First Road") == 2
    assert network.graphs["patrol"].n_nodes == 6
    assert network.version == same.version
    assert isinstance(same.graphs["foot"].tail.base, np.memmap)


def test_changed_roads_make_a_new_network(database, settings, pbf):
    with database.begin() as connection:
        import_roads(connection, pbf, area=NAME, profile="baoan", replace=True)
        area = find_area(connection, NAME)
        before = open_network(connection, settings, area, PROFILE)
        connection.execute(
            text("UPDATE roads.segment SET maxspeed_kph = 5 WHERE area_id = :id"),
            {"id": area.area_id},
        )
        after = open_network(connection, settings, area, PROFILE)
    assert before.version != after.version
    assert (after.graphs["ebike"].time_ms > before.graphs["ebike"].time_ms).all()


def test_responders_are_placed_always_the_same(database, settings, pbf):
    counts = {"volunteer": 40, "auxiliary": 10, "officer": 5}
    seen = []
    with database.begin() as connection:
        import_roads(connection, pbf, area=NAME, profile="baoan", replace=True)
        area = find_area(connection, NAME)
        network = open_network(connection, settings, area, PROFILE)
        for seed in (7, 7, 8):
            place_responders(connection, area, network, PROFILE, counts, seed=seed, replace=True)
            rows = connection.execute(
                text(
                    "SELECT responder_id, tier, call_sign, shift_id, ST_AsText(duty_point),"
                    " synthetic_fix_age_s FROM dispatch.responder WHERE area_id = :id ORDER BY 1"
                ),
                {"id": area.area_id},
            )
            seen.append(rows.all())
        listed = list_responders(connection, area, PROFILE, _moment())
        with pytest.raises(Conflict):
            place_responders(connection, area, network, PROFILE, counts, seed=1, replace=False)
    assert seen[0] == seen[1] != seen[2]
    assert len(seen[0]) == 55
    assert all(row.call_sign.startswith("模拟") for row in seen[0])
    assert all(row.synthetic_fix_age_s is not None for row in seen[0])
    assert sum(shift["responders"] for shift in listed["shifts"]) == 55


def _moment():
    from datetime import UTC, datetime

    return datetime(2026, 1, 5, 2, tzinfo=UTC)


def test_an_area_with_roads_or_made_up_is_not_written_over(database, pbf):
    with database.begin() as connection:
        import_roads(connection, pbf, area=NAME, profile="baoan", replace=True)
        with pytest.raises(Conflict) as error:
            import_roads(connection, pbf, area=NAME, profile="baoan", replace=False)
        assert "--replace" in error.value.cure.en
        create_area(
            connection, name="made-up", title=Text("假", "made up"), synthetic=True,
            profile="baoan", source="made by the tests", replace=True,
        )  # fmt: skip
        with pytest.raises(Conflict):
            import_roads(connection, pbf, area="made-up", profile="baoan", replace=True)
        assert show_roads(connection, "made-up")["segments"] == 0
        with pytest.raises(NotFound) as none:
            open_network(connection, _Unused, find_area(connection, "made-up"), PROFILE)
        assert "roads import" in none.value.cure.en


class _Unused:
    var = None


@pytest.mark.parametrize("kind", ["truncated", "foreign", "empty", "missing", "no_roads", "suffix"])
def test_broken_files_are_refused_with_a_cure(pbf, tmp_path, kind):
    path = tmp_path / "broken.osm.pbf"
    if kind == "truncated":
        path.write_bytes(pbf.read_bytes()[:-40])
    elif kind == "foreign":
        path.write_bytes("经度,纬度\n113.85,22.58\n".encode("gbk") * 40)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "no_roads":
        with osmium.SimpleWriter(str(path)) as writer:
            writer.add_node(Node(id=1, location=(113.85, 22.58), version=1))
    elif kind == "suffix":
        path = tmp_path / "roads.csv"
        path.write_text("a,b\n1,2\n")
    with pytest.raises(BadFile) as error:
        read_osm(path)
    assert error.value.field == "file"
    assert error.value.cure is not None
    assert path.name in error.value.detail.en


def test_a_download_without_internet_says_what_to_do(database, settings, monkeypatch):
    # the resolver is told to go through a proxy that is not there, as on a machine without internet
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with database.begin() as connection, pytest.raises(Unavailable) as error:
        download_roads(connection, settings, "Monaco", area="downloaded", replace=False)
    assert error.value.field == "place"
    assert "roads import" in error.value.cure.en
