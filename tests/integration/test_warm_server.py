"""Once the server says that it is ready, no question has to load or compile a kernel first."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
import pytest
from numba.core.dispatcher import Dispatcher
from sqlalchemy import Engine, text

from blockdata.settings import Settings
from tests.serving import serving

PACKAGES = ("blockdata", "dispatch", "ingest", "maps")
AREA = {"area": "demo"}
ROAD = "固戍一路"


def compiled() -> set[str]:
    """Every kernel of ours that is ready to run, with the types it is ready for."""
    ours = [m for name, m in sys.modules.items() if name.split(".")[0] in PACKAGES]
    kernels = [k for m in ours for k in vars(m).values() if isinstance(k, Dispatcher)]
    return {
        f"{k.py_func.__module__}.{k.py_func.__qualname__}{s}" for k in kernels for s in k.overloads
    }


def questions(at: list[float], beside: list[float], segment: int) -> dict[str, tuple[str, Any]]:
    """Of every kind that the page, the documents and the commands name."""
    here = AREA | {"at": at}
    needs = [{"tier": "auxiliary"}]
    incidents = [
        {"id": str(k), "at": place, "priority": 1, "needs": needs}
        for k, place in enumerate((at, beside))
    ]
    words = ("宝安区西乡街道", ROAD, f"{ROAD}168号", "固戍一璐168号", f"{ROAD}169号", "海裕花园")
    many = AREA | {"coordinates": [at, beside], "annotations": ["duration", "distance"]}
    return {
        "suggest": ("/v1/addresses/suggest", AREA | {"q": ROAD}),
        **{said: ("/v1/addresses/match", AREA | {"q": said}) for said in words},
        "reverse": ("/v1/addresses/reverse", AREA | {"at": f"{at[0]},{at[1]}"}),
        "on the network": ("/v1/dispatch/on-network", AREA | {"points": [at]}),
        "nearest": ("/v1/dispatch/nearest", here | {"k": 3}),
        "at night": ("/v1/dispatch/nearest", here | {"at_time": "2027-03-06T04:20"}),
        "recommend": ("/v1/dispatch/recommend", here),
        "assign": ("/v1/dispatch/assign", AREA | {"incidents": incidents}),
        "table": ("/v1/table", many),
        "roads": ("/v1/isochrone", here | {"direction": "from"}),
        "hull": ("/v1/isochrone", here | {"direction": "to", "shape": "hull", "mode": "foot"}),
        "close": ("/v1/closures", AREA | {"segments": [segment], "reason": "a test"}),
        "nearest under a closure": ("/v1/dispatch/nearest", here),
        "table under a closure": ("/v1/table", many),
    }


def asked(settings: Settings, at: list[float], beside: list[float]) -> dict[str, Any]:
    """In a process that has done nothing else: what each question compiles, and its status."""
    found = {}
    with (
        serving(settings, warm="demo") as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        before = compiled()
        for name, (path, said) in questions(at, beside, 0).items():
            plain = path.startswith("/v1/addresses")
            answer = client.get(path, params=said) if plain else client.post(path, json=said)
            now = compiled()
            found[name] = {"status": answer.status_code, "more": sorted(now - before)}
            before = now
            if name == "close":
                closure = answer.json()["id"]
        client.delete(f"/v1/closures/{closure}", params=AREA)
    return found | {"kernels": len(before)}


@pytest.fixture(scope="module")
def found(settings: Settings, demo: Engine) -> dict[str, Any]:
    with demo.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT ST_X(point), ST_Y(point) FROM register.address JOIN district.area a"
                " USING (area_id) WHERE a.name = 'demo' AND point IS NOT NULL"
                " ORDER BY address_id LIMIT 2"
            )
        ).all()
    at, beside = ([float(x) for x in row] for row in rows)
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(asked, settings, at, beside).result()


@pytest.mark.parametrize("name", questions([0, 0], [0, 0], 0))
def test_a_question_compiles_nothing(found: dict[str, Any], name: str) -> None:
    assert found[name]["status"] in (200, 201), found[name]
    assert found[name]["more"] == []


def test_the_kernels_are_seen_at_all(found: dict[str, Any]) -> None:
    assert found["kernels"] > 10
