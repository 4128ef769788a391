"""What all tests of the pages stand on: a browser, and the demo district on a server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from blockdata.settings import Settings
from maps.assets import fetch_assets
from tests.chromium import opened
from tests.conftest import PROJECT
from tests.serving import serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


@pytest.fixture(scope="module")
def demo_site(settings: Settings, demo: Engine) -> Iterator[str]:
    """The address of a server whose demo district is open."""
    assert demo
    fetch_assets(PROJECT / "build")
    with serving(settings, warm="demo") as address:
        yield address
