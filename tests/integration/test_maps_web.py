"""The web application as a client sees it: tiles, areas, headers, errors."""

import math
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from blockdata.settings import Settings
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.integration._maps_area import SIDE, SOUTH, WEST, build_maps_area
from tests.serving import serving

MIDDLE = (WEST + SIDE / 2 - 0.001, SOUTH + SIDE / 2 - 0.001)


@pytest.fixture(scope="module")
def client(settings: Settings, database: Engine) -> Iterator[httpx.Client]:
    fetch_assets(PROJECT / "build")
    with database.begin() as connection:
        build_maps_area(connection, "trial")
    with serving(settings) as address, httpx.Client(base_url=address) as client:
        yield client


def tile_path(zoom: int, lon: float = MIDDLE[0], lat: float = MIDDLE[1]) -> str:
    x = int((lon + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return f"/tiles/trial/{zoom}/{x}/{y}.mvt"


def test_a_tile_carries_the_layers_of_its_zoom(client):
    near, far = client.get(tile_path(16)), client.get(tile_path(10))
    assert near.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    for layer in (b"streets", b"communities", b"grids", b"roads", b"labels"):
        assert layer in near.content
    assert "试验大道".encode() in near.content
    assert b"streets" in far.content
    for layer in (b"communities", b"grids", b"buildings"):
        assert layer not in far.content
    assert b"buildings" in client.get(tile_path(14)).content
    assert b"buildings" not in client.get(tile_path(13)).content


def test_a_tile_elsewhere_is_empty(client):
    assert client.get(tile_path(14, lon=0.0, lat=0.0)).status_code == 204


def test_a_known_tile_is_not_sent_again(client):
    first = client.get(tile_path(14))
    again = client.get(tile_path(14), headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["cache-control"] == "max-age=5"


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/tiles/trial/14/99999/1.mvt", 422, "x"),
        ("/tiles/trial/14/1/-1.mvt", 422, "y"),
        ("/tiles/trial/17/1/1.mvt", 422, "z"),
        ("/tiles/trial/999999999/1/1.mvt", 422, "z"),
        ("/tiles/trial/x/1/1.mvt", 422, "z"),
        ("/tiles/nowhere/14/1/1.mvt", 404, "area"),
        ("/nothing", 404, "path"),
        ("/static/../app.py", 404, "path"),
        ("/static/%2e%2e/app.py", 404, "path"),
        ("/docs", 404, "path"),
    ],
)
def test_errors_are_problem_documents(client, path, status, field):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["field"] == field
    assert problem["detail"]
    assert problem["detail_zh"]


def test_a_wrong_method_is_a_problem_document(client):
    answer = client.post("/v1/areas")
    assert answer.status_code == 405
    assert answer.json()["status"] == 405


def test_areas_say_what_they_hold(client):
    areas = {area["name"]: area for area in client.get("/v1/areas").json()["areas"]}
    trial = areas["trial"]
    assert trial["synthetic"] is True
    assert trial["bounds"] == pytest.approx([WEST, SOUTH, WEST + SIDE, SOUTH + SIDE])
    assert trial["holds"] == {"addresses": True, "roads": True, "responders": True}


@pytest.mark.parametrize("path", ["/", "/v1/health", "/nothing", "/static/js/main.js"])
def test_every_answer_keeps_the_page_closed_in_itself(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] in ("no-store", "no-cache")


def test_the_page_names_no_other_host(client):
    page = client.get("/").text
    assert "://" not in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8135", "127.0.0.1.evil.example"])
def test_another_hosts_name_is_refused(client, host):
    answer = client.get("/v1/areas", headers={"host": host})
    assert answer.status_code == 403
    assert answer.json()["field"] == "Host"


@pytest.mark.parametrize("host", ["localhost:8135", "127.0.0.1", "[::1]:8135"])
def test_the_loopback_names_are_known(client, host):
    assert client.get("/v1/health", headers={"host": host}).json()["status"] == "ok"


def test_the_api_is_described_without_a_page_from_elsewhere(client):
    assert "/v1/areas" in client.get("/openapi.json").json()["paths"]
