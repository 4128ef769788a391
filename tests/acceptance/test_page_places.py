"""The page where no point was said, where words lead elsewhere, and where the incident is kept."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import Engine, text

from tests.acceptance.test_page import WORDS
from tests.pages import (
    ADDRESS,
    NOTICE,
    PATIENCE_MS,
    REACH,
    TITLE,
    answered,
    choose_first,
    drawn,
    open_map,
    say,
    shown,
    suggested,
    watched,
)

ESTATE = "海裕花园"


@pytest.fixture
def page(browser: Browser, demo_site: str) -> Iterator[Page]:
    """The page on the demo; on its console stand refusals only."""
    with watched(browser, demo_site, refusals=True) as page:
        open_map(page, f"{demo_site}/#area=demo")
        yield page


def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where on the screen a position of the map is."""
    x, y = page.evaluate(
        "at => { const p = blockdataMap.project(at); return [p.x, p.y] }", [lon, lat]
    )
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def free_spot(page: Page) -> tuple[float, float]:
    """A spot near the middle of the map on which nothing stands."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    is_map = "([x, y]) => document.elementFromPoint(x, y).classList.contains('maplibregl-canvas')"
    return next(
        (middle[0] + dx, middle[1] + dy)
        for dx in (40, 80, -40, -80)
        for dy in (-30, -60, 30, 60)
        if page.evaluate(is_map, [middle[0] + dx, middle[1] + dy])
    )


@pytest.mark.parametrize("words", ["西乡街道", "固戍社区", "固戍一路", ESTATE])
def test_a_place_that_was_not_said_is_shown_as_its_extent(page: Page, words: str) -> None:
    say(page, words)
    page.locator(REACH).wait_for()
    drawn(page)
    assert shown(page, "extent") > 0
    assert page.locator(".pin, .mark, .tier, #map .count").count() == 0
    assert "还缺" in page.locator(f"{REACH} h2").inner_text()
    assert page.locator(f"{REACH} .offers button").count() > 0
    page.locator("#language").click()
    assert "missing" in page.locator(f"{REACH} h2").inner_text()


def test_offers_lead_from_a_street_to_a_building(page: Page) -> None:
    say(page, "西乡街道")
    for offer in ("固戍社区", "固戍一路", "168号"):
        page.locator(f"{REACH} .offers button", has_text=offer).last.click()
        if offer != "168号":
            page.locator(f"{REACH} h2", has_text=offer).wait_for()
    answered(page)
    assert WORDS in page.locator(TITLE).inner_text()
    say(page, ESTATE)
    page.locator(f"{REACH} .offers button", has_text=f"{ESTATE}6栋").click()
    answered(page)
    assert page.locator(TITLE).inner_text().endswith(f"{ESTATE}6栋")


def test_an_estate_that_is_picked_is_no_point_until_it_is_confirmed(page: Page) -> None:
    choose_first(page, ESTATE)
    page.locator("#confirm").click()
    answered(page)
    assert "可能相差" in page.locator("#incident .notice").inner_text()
    assert "confirmed=1" in page.url
    page.reload()
    answered(page)
    assert "可能相差" in page.locator("#incident .notice").inner_text()


def test_a_number_between_known_ones_is_estimated_and_asked_about(page: Page, demo: Engine) -> None:
    with demo.connect() as connection:
        labels = connection.execute(
            text(
                "SELECT label_zh FROM register.address JOIN district.area a USING (area_id)"
                " WHERE a.name = 'demo' AND level = 'number' AND text_zh LIKE '%社区固戍一路%'"
            )
        ).scalars()
        known = {int("".join(filter(str.isdigit, label))) for label in labels}
    wanted = next(n for n in range(min(known) + 1, max(known)) if not {n - 1, n, n + 1} & known)
    say(page, f"固戍一路{wanted}号")
    page.locator(f"{REACH} .guess").wait_for()
    drawn(page)
    assert shown(page, "guess") > 0
    page.locator("#confirm").click()
    answered(page)
    assert "可能相差" in page.locator("#incident .notice").inner_text()
    assert "at=" in page.url


def test_a_list_for_other_words_is_never_chosen_from(page: Page) -> None:
    suggested(page, ESTATE)
    page.locator(ADDRESS).press_sequentially("6栋")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answered(page)
    assert page.locator(TITLE).inner_text().endswith(f"{ESTATE}6栋")


def test_a_stale_list_takes_no_click(page: Page) -> None:
    box = suggested(page, ESTATE).first.bounding_box()
    assert box is not None
    held: list[Route] = []

    def hold(route: Route) -> None:  # the list for the new words is on its way
        held.append(route)

    page.route("**/v1/addresses/suggest*", hold)
    page.locator(ADDRESS).press_sequentially("6栋")
    page.locator("#suggestions.stale").wait_for()
    page.mouse.click(box["x"] + 20, box["y"] + 10)
    page.wait_for_timeout(300)
    assert page.locator(".tier, #reach").count() == 0
    page.unroute("**/v1/addresses/suggest*")
    for route in held:
        route.continue_()


def test_keys_that_come_before_the_list_wait_for_it(page: Page) -> None:
    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/v1/addresses/suggest*", slowly)
    page.locator(ADDRESS).press_sequentially(f"{ESTATE}3栋")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answered(page)
    assert page.locator(TITLE).inner_text().endswith(f"{ESTATE}3栋")


@pytest.mark.parametrize("waits", [True, False])
def test_enter_on_initials_takes_the_only_one_meant(page: Page, waits: bool) -> None:
    if waits:
        suggested(page, "gsyl168")
    else:
        page.locator(ADDRESS).press_sequentially("gsyl168", delay=20)
    page.keyboard.press("Enter")
    answered(page)
    assert page.locator(TITLE).inner_text().endswith(WORDS)


def test_initials_of_several_are_asked_about(page: Page) -> None:
    say(page, "gsyl")
    page.locator(f"{NOTICE} .offers button").first.wait_for()
    assert page.locator(".tier").count() == 0


def test_a_wrong_character_leads_to_what_was_meant(page: Page) -> None:
    say(page, "固戌一路168号")
    notice = page.locator(NOTICE)
    notice.locator("button", has_text=WORDS).first.wait_for()
    assert "是否指" in notice.inner_text()
    assert "--" not in notice.inner_text()
    notice.locator("button", has_text=WORDS).first.click()
    answered(page)
    assert WORDS in page.locator(TITLE).inner_text()


@pytest.mark.parametrize("words", ["113.8466, 22.5917", "22.5917,113.8466", "(113.8466 22.5917)"])
def test_coordinates_are_read_in_either_order(page: Page, words: str) -> None:
    say(page, words)
    answered(page)
    assert "113.84660, 22.59170" in page.locator("#incident").inner_text()


def test_no_cure_speaks_of_commands(page: Page) -> None:
    for words in ("113.0, 22.0", "拉萨市布达拉宫广场99999号"):
        say(page, words)
        page.locator(f"{NOTICE}.bad").wait_for()
        said = page.locator(NOTICE).inner_text()
        assert "--" not in said
        assert "blockdata" not in said
        page.locator("#language").click()
        assert "--" not in page.locator(NOTICE).inner_text()
        page.locator("#language").click()
        page.locator(ADDRESS).fill("")


def test_a_click_asks_before_it_moves_an_incident(page: Page) -> None:
    say(page, WORDS)
    answered(page)
    before = page.url
    page.mouse.click(*free_spot(page))
    page.locator("[data-act=replaceNo]").click()
    assert WORDS in page.locator(TITLE).inner_text()
    assert page.url == before
    assert page.locator(".asked").count() == 0
    page.mouse.click(*free_spot(page))
    page.locator("[data-act=replaceYes]").click()
    page.locator(TITLE, has_text="地图上的位置").wait_for()
    drawn(page)
    page.go_back()
    page.locator(TITLE, has_text=WORDS).wait_for()
    drawn(page)


def test_a_double_click_is_no_incident(page: Page) -> None:
    page.mouse.dblclick(*free_spot(page))
    page.wait_for_timeout(1000)
    drawn(page)
    assert page.locator(".tier, .notice.busy").count() == 0
    assert "at=" not in page.url


def test_a_click_in_the_sea_wipes_nothing(page: Page) -> None:
    say(page, WORDS)
    answered(page)
    page.evaluate("blockdataMap.jumpTo({center: [113.8300, 22.5800], zoom: 14})")
    drawn(page)
    page.mouse.click(*spot(page, 113.8300, 22.5800))
    page.locator("[data-act=replaceYes]").click()
    page.locator(f"{NOTICE}.bad").wait_for()
    assert WORDS in page.locator(TITLE).inner_text()
    assert page.locator(".tier").count() == 3
    assert page.locator(".pin").count() == 1
    assert "id=" in page.url


def test_reload_and_back_keep_the_incident_but_no_words(page: Page) -> None:
    say(page, WORDS)
    answered(page)
    assert "id=" in page.url
    assert "%E" not in page.url
    page.reload()
    answered(page)
    assert WORDS in page.locator(TITLE).inner_text()
    assert page.locator(ADDRESS).input_value().endswith(WORDS)
    say(page, f"{ESTATE}3栋")
    page.locator(TITLE, has_text="3栋").wait_for()
    drawn(page)
    page.go_back()
    page.locator(TITLE, has_text=WORDS).wait_for()
    drawn(page)
    assert not page.locator(TITLE).inner_text().endswith("3栋")


def test_tiles_that_could_not_be_had_are_asked_for_again(browser: Browser, demo_site: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    refused: set[str] = set()

    def busy_at_first(route: Route) -> None:
        if route.request.url in refused:
            route.continue_()
        else:
            refused.add(route.request.url)
            route.fulfill(status=503)

    page.route("**/tiles/**", busy_at_first)
    open_map(page, f"{demo_site}/#area=demo")  # the map comes to rest all the same
    assert refused
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not shown(page, "grids") and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    assert shown(page, "grids") > 0
    context.close()
