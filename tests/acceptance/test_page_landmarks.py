"""The page finds landmarks by name, by kind and by nearness, shows them, and names their mark."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from blockdata.address.register.operations import Edit, rename
from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from ingest.synthetic.load import build_district
from maps.assets import fetch_assets
from tests.conftest import PROJECT
from tests.pages import (
    ADDRESS,
    OPTION,
    REACH,
    TITLE,
    answered,
    drawn,
    open_map,
    say,
    shown,
    suggested,
    watched,
)
from tests.serving import serving

AREA = "page-landmarks"


@pytest.fixture(scope="module")
def areas(database: Engine) -> Iterator[Engine]:
    build_district(database, load_profile("baoan"), area=AREA, seed=1, scale=0.01)
    yield database
    with database.begin() as connection:
        drop_area(connection, AREA)


@pytest.fixture(scope="module")
def site(settings: Settings, areas: Engine) -> Iterator[str]:
    assert areas
    fetch_assets(PROJECT / "build")
    with serving(settings, warm=AREA) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The page on an area with landmarks; on its console stand refusals only."""
    with watched(browser, site, size=(1366, 900), refusals=True) as page:
        open_map(page, f"{site}/#area={AREA}")
        yield page


def offers(page: Page) -> list[str]:
    page.locator(f"{REACH} .offers button").first.wait_for()
    return page.locator(f"{REACH} .offers button").all_inner_texts()


@pytest.mark.parametrize("words", ["固戍医院", "固戍医", "gsyy"])
def test_a_name_or_its_part_is_suggested_with_its_kind(page: Page, words: str) -> None:
    hospital = suggested(page, words).filter(has_text="固戍医院").first
    assert "医院 ·" in hospital.inner_text()
    hospital.click()
    answered(page)
    assert page.locator(TITLE).inner_text().endswith("固戍医院")
    assert "匹配到\n医院" in page.locator("#incident").inner_text()


def test_a_name_that_is_said_is_answered_in_both_languages(page: Page) -> None:
    say(page, "固戍医院门口")
    answered(page)
    assert page.locator(TITLE).inner_text().endswith("固戍医院")
    page.locator("#language").click()
    assert "hospital" in page.locator("#incident").inner_text()
    assert "hospital ·" in suggested(page, "固戍医院").first.inner_text()


def test_a_kind_alone_offers_those_there_are_and_no_pin(page: Page, site: str) -> None:
    found = httpx.get(
        f"{site}/v1/addresses/landmarks", params={"area": AREA, "kind": "police_station"}
    ).json()["landmarks"]
    for place in found:  # the one in the middle of the map comes first
        at = [place["lon"], place["lat"]]
        page.evaluate("at => blockdataMap.jumpTo({center: at, zoom: 16})", at)
        drawn(page)
        say(page, "派出所")
        assert offers(page)[0] == place["name"]
        assert len(offers(page)) == len(found)
        assert page.locator(".pin, .tier, #confirm").count() == 0
        assert "一类地标" in page.locator(REACH).inner_text()
    page.locator("#language").click()
    assert "kind of landmark" in page.locator(REACH).inner_text()
    page.locator(f"{REACH} .offers button").first.click()
    answered(page)
    assert page.locator(TITLE).inner_text().endswith(str(found[-1]["name"]))


def test_the_only_one_of_a_kind_is_not_taken_for_it(page: Page) -> None:
    suggested(page, "hospital")
    page.keyboard.press("Enter")
    assert offers(page) == ["固戍医院"]
    assert page.locator(".pin, .tier").count() == 0


@pytest.mark.parametrize("words", ["固戍社区 派出所", "near 固戍一路168号 派出所"])
def test_a_kind_with_a_place_offers_the_nearest_to_that(page: Page, words: str) -> None:
    page.evaluate("blockdataMap.jumpTo({center: [113.8560, 22.5885], zoom: 16})")
    drawn(page)
    say(page, words)
    assert offers(page)[0] == "固戍派出所"
    assert "派出所" in suggested(page, words).first.inner_text()
    assert page.locator(".pin, .tier").count() == 0


def test_a_station_asks_for_its_exit(page: Page) -> None:
    say(page, "固戍地铁站")
    assert offers(page) == [f"固戍地铁站{letter}出口" for letter in "ABCD"]
    drawn(page)
    assert shown(page, "extent") > 0
    assert "还缺出口" in page.locator(f"{REACH} h2").inner_text()
    page.locator(f"{REACH} .offers button", has_text="C出口").click()
    answered(page)
    assert page.locator(TITLE).inner_text().endswith("固戍地铁站C出口")
    say(page, "固戍站B口")
    page.locator(TITLE, has_text="固戍地铁站B出口").wait_for()


def test_the_map_shows_them_and_the_legend_says_so(page: Page, site: str) -> None:
    (place,) = httpx.get(
        f"{site}/v1/addresses/landmarks", params={"area": AREA, "kind": "hospital"}
    ).json()["landmarks"]
    at = [place["lon"], place["lat"]]
    page.evaluate("at => blockdataMap.jumpTo({center: at, zoom: 17})", at)
    drawn(page)
    assert shown(page, "landmarks") > 0
    assert shown(page, "landmark-names") > 0
    legend = page.locator("#legend")
    assert "地标" in legend.inner_text()
    page.locator("#language").click()
    assert "landmark (police station" in legend.inner_text()


def test_a_new_name_is_found_and_the_old_one_leads_there(
    page: Page, site: str, areas: Engine
) -> None:
    park = httpx.get(
        f"{site}/v1/addresses/landmarks", params={"area": AREA, "kind": "park"}
    ).json()["landmarks"][0]
    with areas.begin() as connection:
        rename(connection, int(park["address_id"]), Edit("现场核实"), name="晨星湖公园")
    renamed = page.locator(OPTION, has_text="晨星湖公园").first
    for _ in range(60):  # the register is looked at every second; nothing is called so before
        page.locator(ADDRESS).fill("")
        page.locator(ADDRESS).press_sequentially("cxhgy", delay=20)
        page.wait_for_timeout(1000)
        if renamed.is_visible():
            break
    renamed.click()
    answered(page)
    say(page, str(park["name"]))
    answered(page)
    page.locator(TITLE, has_text="晨星湖公园").wait_for()
