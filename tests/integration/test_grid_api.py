"""``/v1/grids`` and OGC API – Features, over HTTP as their users ask."""

import json
import subprocess
import sys

import httpx
import pytest
import shapely

from blockdata.grid.publish.publication import publish
from blockdata.storage.areas import find_area
from tests.serving import serving


@pytest.fixture(scope="module")
def server(demo, settings):
    with demo.begin() as connection:
        publish(connection, find_area(connection, "demo"), resolutions=[9, 11])
    with serving(settings) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def test_grids_by_code_and_by_point(server):
    grids = server.get("/v1/grids").json()["grids"]
    assert len(grids) > 3
    code = grids[0]["code"]
    assert [g["code"] for g in server.get("/v1/grids", params={"code": code}).json()["grids"]] == [
        code
    ]
    shape = server.get(f"/ogc/demo/collections/grids/items/{code}").json()["geometry"]
    point = shapely.geometry.shape(shape).representative_point()
    there = server.get("/v1/grids", params={"at": f"{point.x},{point.y}"}).json()["grids"]
    assert there == grids[:1]
    assert server.get("/v1/grids", params={"at": "0,0"}).json()["grids"] == []
    facts = server.get(f"/v1/grids/{code}").json()
    assert facts["street_zh"] == grids[0]["street_zh"]
    people = facts["published"]["people"]
    assert people["suppressed"] == (people["count"] is None)
    assert server.get("/v1/grids/00000000000000").status_code == 404
    assert server.get("/v1/grids", params={"at": "here"}).status_code == 422
    assert server.get("/v1/grids", params={"area": "nowhere"}).status_code == 404


def test_the_service_describes_itself(server):
    landing = server.get("/ogc/demo").json()
    links = {link["rel"]: link["href"] for link in landing["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    assert len(server.get(links["conformance"]).json()["conformsTo"]) == 3
    assert server.get(links["service-desc"]).json()["openapi"].startswith("3.")
    found = server.get(links["data"]).json()["collections"]
    names = {c["id"] for c in found}
    assert {"grids", "communities", "streets", "published_grid", "published_h3_11"} <= names
    for collection in found:
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        assert 113 < west < east < 115
        assert 22 < south < north < 23
        href = next(link["href"] for link in collection["links"] if link["rel"] == "items")
        assert server.get(href, params={"limit": 1}).json()["numberReturned"] == 1
    assert server.get("/ogc/nowhere").status_code == 404
    assert server.get("/ogc/demo/collections/people").status_code == 404


def test_pages_hold_every_feature_once(server):
    url, seen = "/ogc/demo/collections/published_h3_11/items?limit=40", []
    while url:
        answer = server.get(url)
        assert answer.headers["content-type"].startswith("application/geo+json")
        page = answer.json()
        seen += [feature["id"] for feature in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == page["numberMatched"] > 40


def test_a_window_holds_what_meets_it(server):
    whole = server.get("/ogc/demo/collections/grids/items", params={"limit": 1000}).json()
    shapes = {f["id"]: shapely.geometry.shape(f["geometry"]) for f in whole["features"]}
    west, south, east, north = next(iter(shapes.values())).bounds
    window = shapely.box(west, south, east, north)
    asked = {"bbox": f"{west},{south},{east},{north}", "limit": 1000}
    found = server.get("/ogc/demo/collections/grids/items", params=asked).json()["features"]
    assert {f["id"] for f in found} == {c for c, s in shapes.items() if s.intersects(window)}
    assert 0 < len(found) < len(shapes)
    for bad in ({"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"limit": "0"}, {"bboxx": "1"}):
        assert server.get("/ogc/demo/collections/grids/items", params=bad).status_code == 400


def test_suppressed_counts_are_nowhere(server):
    for name in ("published_grid", "published_h3_9", "published_h3_11"):
        page = server.get(f"/ogc/demo/collections/{name}/items", params={"limit": 1000}).json()
        for feature in page["features"]:
            facts = feature["properties"]
            for subject in ("people", "legal_entities"):
                count = facts[subject]
                assert facts[f"{subject}_suppressed"] == (count is None)
                assert count is None or count == 0 or count >= 10
    assert any(f["properties"]["people"] is None for f in page["features"])


READ = """
import json, sys, pyogrio
source, names = sys.argv[1], set(pyogrio.list_layers(sys.argv[1])[:, 0])
grids = pyogrio.read_dataframe(source, layer="grids")
west, south, east, north = grids.total_bounds
half = pyogrio.read_dataframe(source, layer="grids", bbox=(west, south, (west + east) / 2, north))
print(json.dumps({
    "names": sorted(names), "codes": sorted(grids["code"]), "crs": grids.crs.to_string(),
    "bounds": [west, south, east, north], "half": len(half),
}))
"""


def test_gdal_reads_it_as_qgis_does(server):
    """GDAL's own client for OGC API - Features, which QGIS adds layers with."""
    source = "OAPIF:" + str(server.base_url.join("/ogc/demo"))
    # in a process of its own: GDAL waits for the server without letting other threads run
    done = subprocess.run(
        [sys.executable, "-c", READ, source],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    read = json.loads(done.stdout)
    assert {"grids", "communities", "streets", "published_grid"} <= set(read["names"])
    every = server.get("/ogc/demo/collections/grids/items", params={"limit": 1}).json()
    assert len(set(read["codes"])) == len(read["codes"]) == every["numberMatched"] > 1
    assert read["crs"] in ("OGC:CRS84", "EPSG:4326")
    west, south, east, north = read["bounds"]
    assert 113 < west < east < 115
    assert 22 < south < north < 23
    assert 0 < read["half"] < len(read["codes"])
