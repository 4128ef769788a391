"""Whatever is asked is answered or refused in words: no question makes the server fail."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from blockdata.settings import Settings
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.serving import serving

WATCHDOG_S = 60.0
CLOSURES = """
INSERT INTO roads.closure (area_id, segments, bound_modes, speed_factor, reason, starts_at)
SELECT area_id, '{0}', 7, 0.5, 'made by the tests', district.clock_now() - interval '1 day'
FROM district.area, generate_series(1, 1000) WHERE name = 'demo'
RETURNING closure_id
"""
INSIDE = [113.8466, 22.5917]
MOMENTS = [
    "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "9999-12-31T23:59:59-14:00",
    "1899-12-31", "2200-01-01", "2026-02-30", "a\x00", "", "2026-01-01T00:00:00+99:99",
]  # fmt: skip
BIG = [2**31, 2**53, 2**63, 2**64, 10**40]
NO_TEXTS = ["a\x00b", "\x00", "\x1b[2J"]


@pytest.fixture(scope="module")
def client(settings: Settings, demo: Engine) -> Iterator[httpx.Client]:
    fetch_assets(PROJECT / "build")
    with serving(settings) as address, httpx.Client(base_url=address, timeout=WATCHDOG_S) as found:
        found.get("/v1/isochrone", params={"at": "113.85,22.6"})  # opens the area
        yield found


def is_refused(answer: httpx.Response, *statuses: int) -> bool:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert problem["detail_zh"]
    return answer.status_code in statuses


def post(client: httpx.Client, path: str, body: Any) -> httpx.Response:
    content = json.dumps(body)  # ASCII: lone surrogates go out as escapes
    return client.post(path, content=content, headers={"content-type": "application/json"})


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_beyond_reason(client: httpx.Client, moment: str) -> None:
    at = {"at_time": moment}
    asked = [
        client.get("/v1/isochrone", params=at | {"at": "113.85,22.6"}),
        client.get("/v1/table/patrol/113.85,22.6", params=at),
        client.get("/v1/addresses/1", params={"valid": moment}),
        client.get("/v1/addresses/1", params={"known": moment}),
        client.get("/v1/addresses/1/successors", params={"at": moment}),
        client.get("/v1/addresses/by-code/44030699900100", params={"at": moment}),
        post(client, "/v1/dispatch/nearest", at | {"at": INSIDE}),
        post(client, "/v1/dispatch/recommend", at | {"at": INSIDE}),
        post(client, "/v1/isochrone", at | {"at": INSIDE}),
        post(client, "/v1/table", at | {"coordinates": [INSIDE]}),
        post(client, "/v1/closures", {"at": INSIDE, "until": moment}),
        post(client, "/v1/dispatch/assign", at | {"incidents": [incident()]}),
        post(client, "/v1/dispatch/assign", {
            "incidents": [incident()],
            "under_way": [{"unit": "1", "incident": "1", "diverted_at": moment}],
        }),
    ]  # fmt: skip
    assert all(is_refused(answer, 422) for answer in asked)


@pytest.mark.parametrize("number", BIG)
def test_a_number_that_nothing_holds(client: httpx.Client, number: int) -> None:
    asked = [
        client.get(f"/v1/addresses/{number}"),
        client.get(f"/v1/addresses/{number}/history"),
        client.get(f"/v1/addresses/{number}/neighbours"),
        client.get(f"/v1/addresses/{number}/successors"),
        client.get("/v1/addresses/events", params={"after": number}),
        client.get("/v1/addresses/events", params={"limit": number}),
        client.get("/v1/addresses/suggest", params={"q": "a", "limit": number}),
        client.get("/v1/grids", params={"offset": number}),
        client.get(f"/tiles/demo/{number}/1/1.mvt"),
        client.get(f"/tiles/demo/14/{number}/1.mvt"),
        client.delete(f"/v1/closures/{number}"),
        post(client, f"/v1/addresses/review/{number}/skip", {}),
        post(client, f"/v1/addresses/review/{number}/decide", {"address_id": None}),
        post(client, "/v1/addresses/review/1/decide", {"address_id": str(number)}),
        post(client, "/v1/closures", {"segments": [number]}),
        post(client, "/v1/dispatch/nearest", {"address_id": str(number)}),
        post(client, "/v1/dispatch/nearest", {"at": INSIDE, "k": number}),
        post(client, "/v1/table", {"coordinates": [INSIDE], "sources": [number]}),
    ]
    # an offset that is merely large is an empty page
    assert all(is_refused(answer, 404, 422) for answer in asked if answer.status_code != 200)
    far = [client.get(f"/ogc/demo/collections/grids/items?offset={number}")]
    assert all(answer.status_code in (200, 400) for answer in far)


@pytest.mark.parametrize("words", [*NO_TEXTS, "\ud800", "a\udfffb"])
def test_what_is_no_text(client: httpx.Client, words: str) -> None:
    asked = [
        post(client, "/v1/addresses/review", {"text": words}),
        post(client, "/v1/addresses/review", {"text": "固戍一路1号", "source": words}),
        post(client, "/v1/addresses/review/1/skip", {"note": words}),
        post(client, "/v1/dispatch/nearest", {"address": words}),
        post(client, "/v1/dispatch/nearest", {"at": INSIDE, "area": words}),
        post(client, "/v1/dispatch/nearest", {words: 1}),
        post(client, "/v1/dispatch/recommend", {"at": INSIDE, "skills": {"officer": [words]}}),
        post(client, "/v1/dispatch/assign", {"incidents": [incident() | {"id": words}]}),
        post(client, "/v1/closures", {"road": words}),
        post(client, "/v1/closures", {"at": INSIDE, "reason": words}),
    ]
    assert all(is_refused(answer, 404, 422) for answer in asked)


@pytest.mark.parametrize("words", NO_TEXTS)
def test_what_is_no_text_in_a_url(client: httpx.Client, words: str) -> None:
    asked = [
        client.get("/v1/addresses/match", params={"q": words}),
        client.get("/v1/addresses/suggest", params={"q": words}),
        client.get("/v1/addresses/match", params={"q": "a", "area": words}),
        client.get("/v1/closures", params={"area": words}),
        client.get("/v1/grids", params={"area": words}),
        client.get("/v1/grids", params={"code": words}),
        client.get("/v1/addresses/reverse", params={"at": words}),
        client.get("/v1/addresses/by-code/%00"),
        client.get("/ogc/%00"),
        client.get("/ogc/demo/collections/%00"),
        client.get("/ogc/demo/collections/grids/items/%00"),
        client.get("/ogc/demo/collections/published_%00/items"),
        client.get("/tiles/%00/14/1/1.mvt"),
        client.get("/%00"),
    ]
    assert all(is_refused(answer, 400, 404, 422) for answer in asked)


def test_what_would_take_too_much_at_once(client: httpx.Client) -> None:
    many = [0] * 20_000
    asked = [
        post(client, "/v1/table", {"coordinates": [INSIDE], "sources": many}),
        post(client, "/v1/table", {"coordinates": [INSIDE] * 1001}),
        post(client, "/v1/table", {
            "coordinates": [INSIDE] * 60, "annotations": ["duration", "distance"],
        }),
        post(client, "/v1/dispatch/assign", {
            "incidents": [incident()],
            "under_way": [{"unit": str(n), "incident": "1"} for n in range(301)],
        }),
        post(client, "/v1/isochrone", {"at": INSIDE, "minutes": list(range(1, 12))}),
        client.get("/v1/addresses/match", params={"q": "固" * 201}),
    ]  # fmt: skip
    assert all(is_refused(answer, 422) for answer in asked)
    assert is_refused(post(client, "/v1/table", {"coordinates": [INSIDE] * 20_000}), 413)
    deep = "[" * 100_000 + "]" * 100_000
    answer = client.post("/v1/table", content=deep, headers={"content-type": "application/json"})
    assert is_refused(answer, 400, 422)
    number = '{"coordinates": [[' + "1" * 5000 + ", 22]]}"
    answer = client.post("/v1/table", content=number, headers={"content-type": "application/json"})
    assert is_refused(answer, 400, 422)


def test_a_road_slowed_to_nearly_nothing_is_slow(client: httpx.Client) -> None:
    """Over HTTP, as a caller would: closed to all but a hair, the way takes no less time."""
    edge = f"{INSIDE[0]},{INSIDE[1]};{INSIDE[0] + 0.004},{INSIDE[1]}"
    before = client.get(f"/v1/table/patrol/{edge}").json()["durations"][0][1]
    for no_factor in (1e-15, 5e-324, 0.009, True, "0.5", 1):
        refused = post(client, "/v1/closures", {"at": INSIDE, "speed_factor": no_factor})
        assert is_refused(refused, 422), no_factor
    refused = post(client, "/v1/closures", {"at": INSIDE, "within_m": 2000})
    assert is_refused(refused, 422)
    assert "within_m" in refused.json()["field"]
    made = post(client, "/v1/closures", {
        "at": INSIDE, "speed_factor": 0.01,
    }).json()  # fmt: skip
    try:
        slow = client.get(f"/v1/table/patrol/{edge}").json()["durations"][0][1]
        nearest = post(client, "/v1/dispatch/nearest", {"at": INSIDE})
        assert slow is None or slow >= before
        assert nearest.status_code == 200
    finally:
        assert client.delete(f"/v1/closures/{made['id']}").status_code == 200


def test_closures_cannot_pile_up_without_end(client: httpx.Client, demo: Engine) -> None:
    """Every question about the roads reads all that are in force."""
    with demo.begin() as connection:
        made = connection.execute(text(CLOSURES)).scalars().all()
    try:
        refused = post(client, "/v1/closures", {"at": INSIDE})
        assert is_refused(refused, 409)
        assert post(client, "/v1/dispatch/nearest", {"at": INSIDE}).status_code == 200
    finally:
        with demo.begin() as connection:
            given_up = {"made": list(made)}
            connection.execute(
                text("DELETE FROM roads.closure WHERE closure_id = ANY(:made)"), given_up
            )


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.floats(-200, 200),
    st.floats(allow_nan=False, allow_infinity=False) | st.floats(-100, 100),
)
@examples(
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_coordinate_is_answered_or_refused(
    client: httpx.Client, lon: float, lat: float
) -> None:
    """Where a loop had no end, the client's time ends instead (``WATCHDOG_S``)."""
    point, at = [lon, lat], f"{lon!r},{lat!r}"
    asked = [
        client.get("/v1/isochrone", params={"at": at}),
        client.get(f"/v1/table/foot/{at};{INSIDE[0]},{INSIDE[1]}"),
        client.get("/v1/addresses/reverse", params={"at": at}),
        client.get("/v1/addresses/suggest", params={"q": "a", "near": at}),
        client.get("/v1/grids", params={"at": at}),
        post(client, "/v1/dispatch/nearest", {"at": point}),
        post(client, "/v1/table", {"coordinates": [point, INSIDE]}),
        post(client, "/v1/closures", {"at": point, "road": "没有这条路", "within_m": 5}),
    ]
    for answer in asked:
        assert answer.status_code == 200 or is_refused(answer, 404, 422)


def incident() -> dict[str, Any]:
    return {"id": "1", "at": INSIDE, "needs": [{"tier": "officer"}]}
