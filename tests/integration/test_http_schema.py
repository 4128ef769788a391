"""Every answer is one that ``/openapi.json`` declares, whatever is asked (by schemathesis)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, text

from blockdata.settings import Settings
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.serving import serving

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
PROBLEMS = {"400", "403", "404", "405", "408", "409", "413", "422", "500", "503", "504"}
# What the schema cannot say is not asked of it: whether a point lies in the area, an address is
# known, or exactly one of three fields is given. So of all checks one is off: that whatever fits
# the schema is accepted. Names and ids that exist are mixed in, or most answers would be 404.
SOME_ADDRESSES = """
SELECT min(address_id) FROM register.address JOIN district.area USING (area_id)
WHERE area.name = 'demo' GROUP BY level
"""
SOME_GRIDS = """
SELECT code FROM district.grid JOIN district.area USING (area_id)
WHERE area.name = 'demo' ORDER BY code LIMIT 3
"""
CONFIG = """
seed = 1
continue-on-failure = true
request-timeout = 60

[generation]
deterministic = true
max-examples = 8

[checks]
positive_data_acceptance.enabled = false

[phases.stateful]
max-steps = 4

[dictionaries]
areas = {{ values = ["demo"] }}
addresses = {{ values = {addresses} }}
grids = {{ values = {grids} }}
layers = {{ values = ["grids", "communities", "streets"] }}
points = {{ values = ["113.8466,22.5917", "113.85,22.6"] }}
words = {{ values = ["固戍一路168号", "gsyl168"] }}
zooms = {{ values = [14, 16] }}

[parameters]
"path.area" = {{ dictionary = "areas", probability = 0.7 }}
"query.area" = {{ dictionary = "areas", probability = 0.7 }}
"path.address_id" = {{ dictionary = "addresses", probability = 0.7 }}
"path.code" = {{ dictionary = "grids", probability = 0.7 }}
"path.name" = {{ dictionary = "layers", probability = 0.7 }}
"path.z" = {{ dictionary = "zooms", probability = 0.5 }}
"query.at" = {{ dictionary = "points", probability = 0.5 }}
"query.near" = {{ dictionary = "points", probability = 0.5 }}
"query.q" = {{ dictionary = "words", probability = 0.5 }}
"""


@pytest.fixture(scope="module")
def address(settings: Settings, demo: Engine) -> Iterator[str]:
    fetch_assets(PROJECT / "build")
    with serving(settings) as found:
        httpx.get(f"{found}/v1/isochrone", params={"at": "113.85,22.6"}, timeout=120)
        yield found


def test_every_route_declares_every_problem(address: str) -> None:
    described = httpx.get(f"{address}/openapi.json").json()
    assert len(described["paths"]) > 20
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            answers = operation["responses"]
            assert set(answers) >= PROBLEMS, f"{method} {path}"
            for status in PROBLEMS:
                (kind,) = answers[status]["content"]
                assert kind == "application/problem+json"
    schemas = described["components"]["schemas"]
    assert {"detail", "detail_zh", "status"} <= set(schemas["Problem"]["required"])
    assert "HTTPValidationError" not in schemas


def test_every_answer_is_a_declared_one(address: str, demo: Engine, tmp_path: Path) -> None:
    with demo.connect() as connection:
        addresses, grids = (
            list(connection.execute(text(known)).scalars())
            for known in (SOME_ADDRESSES, SOME_GRIDS)
        )
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(addresses=addresses, grids=grids), encoding="utf-8")
    schema = f"{address}/openapi.json"
    done = subprocess.run(
        [SCHEMATHESIS, "--config-file", config, "run", schema, "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "Tested: " in done.stdout
