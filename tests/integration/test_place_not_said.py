"""What names no point is answered with its extent and what lies there, never with a point."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
import shapely
from sqlalchemy import Engine, text

from blockdata.crs import to_metric
from blockdata.settings import Settings
from tests.command import BLOCKDATA
from tests.serving import serving

ESTATE = "海裕花园"
ROAD = "固戍一路"
LEVELS = {"西乡街道": "street", "固戍社区": "community", ROAD: "road", ESTATE: "estate"}


@pytest.fixture(scope="module")
def client(settings: Settings, demo: Engine) -> Iterator[httpx.Client]:
    with (
        serving(settings, warm="demo") as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        yield client


def match(client: httpx.Client, words: str) -> dict[str, Any]:
    answer = client.get("/v1/addresses/match", params={"area": "demo", "q": words})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def points(demo: Engine, where: str) -> np.ndarray:
    with demo.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT ST_X(point), ST_Y(point) FROM register.address JOIN district.area a"
                " USING (area_id) WHERE a.name = 'demo' AND point IS NOT NULL"
                " AND level = 'building'"
                " AND text_zh LIKE :where"
            ),
            {"where": where},
        ).all()
    return np.array(rows, float)


@pytest.mark.parametrize("words", LEVELS)
def test_a_match_says_how_far_it_reaches(client: httpx.Client, demo: Engine, words: str) -> None:
    found = match(client, words)
    assert found["level"] == LEVELS[words]
    assert found["confirm_needed"] is True
    extent = shapely.geometry.shape(found["extent"])
    inside = points(demo, f"%{words}%")
    assert len(inside) > 1
    held = shapely.contains_xy(extent.buffer(1e-5), *inside.T)
    assert held.mean() > 0.99
    assert found["missing"]["zh"] != found["missing"]["en"]
    assert found["offers"]


@pytest.mark.parametrize("words", ["西乡街道", "固戍社区", ROAD])
def test_a_road_or_division_has_no_position_of_its_own(client: httpx.Client, words: str) -> None:
    matched = match(client, words)["matched"]
    assert matched["lon"] is None
    assert matched["lat"] is None


def test_a_divisions_extent_is_its_outline(client: httpx.Client, demo: Engine) -> None:
    extent = shapely.geometry.shape(match(client, "西乡街道")["extent"])
    with demo.connect() as connection:
        wkb = connection.execute(
            text(
                "SELECT ST_AsBinary(s.outline) FROM district.street s JOIN district.area a"
                " USING (area_id) WHERE a.name = 'demo' AND s.name_zh = '西乡街道'"
            )
        ).scalar_one()
    outline = shapely.from_wkb(bytes(wkb))
    assert shapely.symmetric_difference(extent, outline).area < 0.02 * outline.area


def test_every_offer_leads_a_level_further_down(client: httpx.Client) -> None:
    below = {"street": {"community"}, "community": {"road", "estate"}, "estate": {"building"}}
    for words, level in LEVELS.items():
        for offer in match(client, words)["offers"]:
            assert offer["level"] in below.get(level, {"number", "building", "estate"}), offer
            if offer["address_id"] is None:
                assert match(client, offer["text"])["level"] == offer["level"]


def test_what_is_a_point_needs_no_confirmation(client: httpx.Client) -> None:
    for words in ("固戍一路168号", f"{ESTATE}3栋"):
        found = match(client, words)
        assert found["confirm_needed"] is False
        assert found["extent"] is None
        assert found["offers"] == []


def numbers(demo: Engine) -> dict[int, np.ndarray]:
    with demo.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT label_zh, ST_X(point), ST_Y(point) FROM register.address JOIN district.area"
                " a USING (area_id) WHERE a.name = 'demo' AND level = 'number'"
                " AND text_zh LIKE :where"
            ),
            {"where": f"%社区{ROAD}%"},
        ).all()
    found = {}
    for label, lon, lat in rows:
        digits = "".join(c for c in label.removeprefix(ROAD) if c.isdigit())
        found[int(digits)] = np.array(to_metric(lon, lat))
    return found


def test_a_number_between_two_known_ones_is_estimated(client: httpx.Client, demo: Engine) -> None:
    known = sorted(numbers(demo))
    wanted = next(n for n in range(known[0] + 1, known[-1]) if not {n - 1, n, n + 1} & set(known))
    found = match(client, f"{ROAD}{wanted}号")
    assert found["confirm_needed"] is True
    guess = found["estimate"]
    low, high = (int(name.removesuffix("号")) for name in guess["between"])
    assert low < wanted < high
    assert guess["uncertainty_m"] >= 15
    assert found["missing"]["zh"] == "所说门牌不在库中"
    closest = [
        int("".join(c for c in o["text"].split(ROAD)[1].split("号")[0])) for o in found["offers"]
    ]
    assert closest == sorted(closest)
    assert min(abs(n - wanted) for n in closest) == min(abs(n - wanted) for n in known)
    assert match(client, f"{ROAD}99999号")["estimate"] is None


def ask(client: httpx.Client, path: str, **where: Any) -> httpx.Response:
    if path == "assign":
        needs = [{"tier": "officer"}]
        body = {"area": "demo", "incidents": [{"id": "1", "needs": needs, **where}]}
    else:
        body = {"area": "demo", **where}
    return client.post(f"/v1/dispatch/{path}", json=body)


@pytest.mark.parametrize("path", ["nearest", "recommend", "assign"])
@pytest.mark.parametrize("words", LEVELS)
def test_nobody_is_ranked_for_it(client: httpx.Client, path: str, words: str) -> None:
    refused = ask(client, path, address=words)
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"] == "urn:blockdata:problem:place-not-said"
    assert problem["field"].endswith("address")
    assert problem["cure_zh"]
    assert problem["level"] == LEVELS[words]
    assert problem["extent"]["type"] in ("Polygon", "MultiPolygon")
    assert problem["offers"]


def test_an_estate_that_was_picked_is_no_point_either(client: httpx.Client) -> None:
    picked = match(client, ESTATE)["matched"]["address_id"]
    refused = ask(client, "nearest", address_id=picked)
    assert refused.status_code == 422
    assert refused.json()["field"] == "address_id"
    assert ask(client, "nearest", address_id=picked, confirmed=True).status_code == 200


@pytest.mark.parametrize("path", ["nearest", "recommend"])
def test_confirmed_it_is_a_rough_point_and_says_so(client: httpx.Client, path: str) -> None:
    extent = shapely.geometry.shape(match(client, ROAD)["extent"])
    answer = ask(client, path, address=ROAD, confirmed=True)
    assert answer.status_code == 200
    incident = answer.json()["incident"]
    assert extent.contains(shapely.Point(incident["lon"], incident["lat"]))
    assert incident["uncertainty_m"] > 100
    assert "已确认" in incident["why"]["zh"]
    sure = ask(client, path, address="固戍一路168号", confirmed=True).json()["incident"]
    assert sure["uncertainty_m"] is None


def test_initials_are_refused_with_what_they_may_mean(client: httpx.Client) -> None:
    refused = ask(client, "nearest", address="gsyl168")
    assert refused.status_code == 422
    assert refused.json()["closest"][0]["text"].endswith("固戍一路168号")


def test_the_command_refuses_in_words(demo: Engine, command_environment: dict[str, str]) -> None:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [BLOCKDATA, "dispatch", *words, "--area", "demo"],
            env=command_environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    said = run("nearest", "--address", ESTATE)
    assert said.returncode == 1
    assert "reaches an estate only" in said.stderr
    assert f"{ESTATE}1栋" in said.stderr
    problem = json.loads(run("nearest", "--address", ROAD, "--json").stderr.splitlines()[-1])
    assert problem["extent"]["coordinates"]
    assert problem["offers"]
    rough = run("recommend", "--address", ROAD, "--confirmed")
    assert rough.returncode == 0, rough.stderr
    sure = run("nearest", "--address", ROAD, "--confirmed")
    assert "m off" in sure.stdout


def test_points_far_from_roads_are_told_before_anybody_is_asked(
    client: httpx.Client, demo: Engine
) -> None:
    near = points(demo, f"%{ESTATE}%")[:2].tolist()
    asked = {"area": "demo", "points": [*near, [113.0, 22.0]]}
    answer = client.post("/v1/dispatch/on-network", json=asked)
    assert answer.json() == {"on_network": [True, True, False]}
    none = client.post("/v1/dispatch/on-network", json={"area": "demo", "points": []})
    assert none.json() == {"on_network": []}
    assert client.post("/v1/dispatch/on-network", json={"points": [[0, 99]]}).status_code == 422
