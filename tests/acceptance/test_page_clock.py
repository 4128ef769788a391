"""Pages tell the server's time in the district's zone, and say when an exercise has shifted it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from blockdata.address.register.operations import Edit, rename
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from blockdata.storage.database import open_database
from blockdata.storage.tables.base import first_id
from maps.assets import fetch_assets
from tests.clocks import settings_at
from tests.conftest import PROJECT
from tests.pages import open_page, shoot, watched
from tests.register_area import build_register_area
from tests.serving import serving

AREA = "late-evening"
LATE = datetime(2028, 2, 29, 15, 40, tzinfo=UTC)  # 23:40 in Shanghai


@pytest.fixture(scope="module")
def late(settings: Settings) -> Settings:
    return settings_at(settings, LATE)


@pytest.fixture(scope="module")
def address_id(late: Settings, database: Engine) -> Iterator[int]:
    """An address that was renamed at 23:40 of a leap day, by the clock of the exercise."""
    exercise = open_database(late)
    with exercise.begin() as connection:
        area_id = build_register_area(connection, AREA)
    with exercise.begin() as connection:
        rename(connection, first_id(area_id), Edit("演练"), label="试验路9号")
    exercise.dispose()
    yield first_id(area_id)
    with database.begin() as connection:
        drop_area(connection, AREA)


@pytest.mark.parametrize("timezone", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_browser_elsewhere_shows_the_district_s_time(
    browser: Browser, late: Settings, address_id: int, timezone: str
) -> None:
    fetch_assets(PROJECT / "build")
    with serving(late) as site, watched(browser, site, timezone_id=timezone) as page:
        for path in ("", "addresses", "review"):
            open_page(page, f"{site}/{path}#area={AREA}")
            banner = page.locator("#shifted")
            assert "演练时钟" in banner.inner_text()
            assert "2028年2月29日 23:4" in banner.inner_text()
            page.locator("#language").click()
            assert "Exercise clock" in banner.inner_text()
            page.locator("#language").click()
        page.goto(f"{site}/addresses#area={AREA}&id={address_id}")
        page.reload()
        page.locator("#detail h2", has_text="试验路9号").wait_for()
        renamed = page.locator("#detail tbody tr").nth(1).locator("td").first.inner_text()
        assert renamed.startswith("2028年2月29日 23:4")
        assert page.locator("#known").get_attribute("max") == "2028-02-29"
        shoot(page, "10-exercise-clock")


def test_the_real_clock_has_no_banner(browser: Browser, settings: Settings, demo: Engine) -> None:
    real = settings.model_copy(update={"clock_shift_s": 0})
    with serving(real) as site, watched(browser, site) as page:
        open_page(page, f"{site}/review#area=demo")
        assert page.locator("#shifted").is_hidden()
