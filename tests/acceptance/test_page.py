"""The page in Debian's chromium, on a real district: nothing here is made to look as if."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from sqlalchemy import Engine

from blockdata.settings import Settings
from maps.assets import fetch_assets
from tests.chromium import opened
from tests.conftest import PROJECT
from tests.serving import serving

SHOTS = PROJECT / "build" / "screenshots"
WORDS = "固戍一路168号"
ADDRESS = "#address"
OPTION = "#suggestions [role=option][id]"
UNREST = """() => { const map = blockdataMap; return {
  state: map.getContainer().dataset.state, style: map.isStyleLoaded(), tiles: map.areTilesLoaded(),
  moving: map.isMoving(), lost: map.getCanvas().getContext("webgl2").isContextLost(),
} }"""
PATIENCE_MS = 150_000  # numba compiles on the first question of a fresh checkout


@pytest.fixture(scope="module")
def site(settings: Settings, demo: Engine) -> Iterator[str]:
    fetch_assets(PROJECT / "build")
    with serving(settings, warm="demo") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


class Watch:
    """What a page asked of the network and said on its console."""

    def __init__(self, page: Page, site: str) -> None:
        self.host = urlsplit(site).netloc
        self.elsewhere: list[str] = []
        self.said: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("requestfailed", self._failed)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.elsewhere.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def _failed(self, request: Request) -> None:
        # A newer question or map view gives up what it no longer needs; that is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.said.append(f"{request.failure} {request.url}")


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The page opened on the demo; afterwards: no request elsewhere, nothing on the console."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, site)
    page.goto(f"{site}/#area=demo")
    page.locator("html[data-ready]").wait_for()
    drawn(page)
    yield page
    context.close()
    assert watch.elsewhere == []
    assert watch.said == []


def drawn(page: Page) -> None:
    """Wait until the map stands still (by polling: the policy forbids evaluating in the page)."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    still = 0
    while still < 3:
        assert time.monotonic() < deadline, f"the map never came to rest: {page.evaluate(UNREST)}"
        page.wait_for_timeout(150)
        state = page.locator("#map").get_attribute("data-state")
        moving = page.evaluate("blockdataMap.isMoving()")
        still = still + 1 if state == "idle" and not moving else 0


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def shown(page: Page, layer: str) -> int:
    """How many features of a map layer are on the screen."""
    count = "layer => blockdataMap.queryRenderedFeatures({layers: [layer]}).length"
    return int(page.evaluate(count, layer))


def ask(page: Page) -> None:
    """Type the address, pick the first suggestion by keyboard, wait for the answer."""
    page.locator(ADDRESS).press_sequentially(WORDS, delay=20)
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".tier").nth(2).wait_for()
    drawn(page)


def test_words_become_three_responders_on_the_map(page: Page) -> None:
    for layer in ("roads", "buildings", "grids"):
        assert page.evaluate(
            "name => !!blockdataMap.getStyle().layers.find("
            "layer => layer['source-layer'] === name)",
            layer,
        )
    shoot(page, "1-start")
    page.locator(ADDRESS).press_sequentially(WORDS, delay=20)
    page.locator(OPTION).first.wait_for()
    assert WORDS in page.locator(OPTION).first.inner_text()
    assert page.locator(ADDRESS).get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.locator(ADDRESS).get_attribute("aria-activedescendant") == "suggestion-0"
    shoot(page, "2-suggestions")
    page.keyboard.press("Enter")
    page.locator(".tier").nth(2).wait_for()
    drawn(page)
    shoot(page, "3-answer")

    assert WORDS in page.locator("#incident h2").inner_text()
    for tier in ("volunteer", "auxiliary", "officer"):
        row, mark = (
            (".cells li[data-key]", "#map .count") if tier == "volunteer" else ("tbody tr", ".mark")
        )
        assert page.locator(f".tier[data-tier={tier}] {row}").count() > 0, tier
        assert page.locator(f"{mark}[data-tier={tier}]").count() > 0, tier
    assert page.locator(".pin").count() == 1
    assert shown(page, "routes") > 0
    assert shown(page, "cells") > 0
    assert shown(page, "grid-here") > 0
    assert page.locator("#synthetic").is_visible()
    assert "合成" in page.locator("#synthetic").inner_text()


def route_on_screen(page: Page, key: str | None) -> list[tuple[float, float]]:
    """Where the vertices of a candidate's route are on the screen."""
    return page.evaluate(
        """(key) => {
          const map = window.blockdataMap, box = map.getCanvas().getBoundingClientRect();
          const { features } = map.getSource("routes").serialize().data;
          const mine = features.filter((one) => one.properties.key === key);
          return mine.flatMap((one) => one.geometry.coordinates).map((at) => {
            const { x, y } = map.project(at);
            return [box.x + x, box.y + y];
          });
        }""",
        key,
    )


def test_table_and_map_are_linked(page: Page) -> None:
    ask(page)
    row = page.locator(".tier[data-tier=officer] tbody tr").first
    row.hover()
    key = row.get_attribute("data-key")
    mark = page.locator(f".mark[data-key={key}]")
    assert "linked" in (mark.get_attribute("class") or "")
    mark.click()
    for x, y in route_on_screen(page, key):
        page.mouse.move(x, y)
    assert "chosen" in (row.get_attribute("class") or "")
    assert row.locator("button").get_attribute("aria-pressed") == "true"
    shoot(page, "4-chosen")


def test_volunteers_are_shown_as_counts_by_cell_and_a_chance(page: Page) -> None:
    with page.expect_response("**/v1/dispatch/nearest") as answered:
        ask(page)
    volunteers = next(
        tier for tier in answered.value.json()["tiers"] if tier["tier"] == "volunteer"
    )
    assert volunteers["candidates"] == volunteers["left_out"] == []
    section = page.locator(".tier[data-tier=volunteer]")
    assert section.locator(".chance").inner_text() == volunteers["chance"]["zh"]
    assert section.locator(".why p").text_content() == volunteers["note_zh"]
    counts = [cell["count"] for cell in volunteers["cells"]]
    assert section.locator(".cells b").all_inner_texts() == [f"{n} 人" for n in counts]
    assert page.locator("#map .count").all_inner_texts() == [str(n) for n in counts]
    assert section.locator(".cells button").first.inner_text().startswith("事发区块")
    assert page.locator(".mark[data-tier=volunteer]").count() == 0
    # a row and its cell on the map are one
    row = section.locator(".cells li[data-key]").first
    row.hover()
    linked = page.evaluate(
        "id => blockdataMap.getFeatureState({source: 'cells', id}).linked === true", 1
    )
    assert linked
    assert "linked" in (row.get_attribute("class") or "")


def test_margins_carry_a_sign_and_a_word(page: Page) -> None:
    ask(page)
    for margin in page.locator(".margin").all():
        late = "bad" in (margin.get_attribute("class") or "")
        words = margin.text_content() or ""
        assert words.startswith("✕ −" if late else "✓ +")
        assert words.endswith("超时" if late else "达标")


def test_english_is_one_press_away_and_stays(page: Page) -> None:
    ask(page)
    page.locator("#language").click()
    drawn(page)
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Auxiliary" in page.locator(".tier[data-tier=auxiliary] h3").inner_text()
    assert "synthetic" in page.locator("#synthetic").inner_text()
    assert page.locator("#incident h2").inner_text()
    shoot(page, "5-english")
    page.reload()
    page.locator("html[data-ready]").wait_for()
    assert page.locator("#ask").inner_text() == "Find responders"
    drawn(page)


def test_a_click_on_the_map_is_an_incident(page: Page) -> None:
    ask(page)
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    on_the_map = (
        "([x, y]) => document.elementFromPoint(x, y).classList.contains('maplibregl-canvas')"
    )
    free = [  # who is on duty, and so what stands on the map, changes with the hour
        (middle[0] + dx, middle[1] + dy)
        for dx in (40, 80, -40, -80)
        for dy in (30, 60, -30, -60)
        if page.evaluate(on_the_map, [middle[0] + dx, middle[1] + dy])
    ]
    before = page.locator("#incident h2").inner_text()
    page.mouse.click(*free[0])
    page.locator("[data-act=replaceYes]").wait_for()
    assert page.locator("#incident h2").inner_text() == before
    page.locator("[data-act=replaceYes]").click()
    page.locator("#incident h2", has_text="地图上的位置").wait_for()
    drawn(page)
    assert page.locator(".tier").count() == 3


def test_the_list_closes_on_escape(page: Page) -> None:
    page.locator(ADDRESS).press_sequentially("固戍", delay=20)
    page.locator(OPTION).first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    assert page.locator(ADDRESS).get_attribute("aria-expanded") == "false"


def test_the_dark_scheme_and_a_wall(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, site)
    page.goto(f"{site}/#area=demo")
    page.locator("html[data-ready]").wait_for()
    ask(page)
    shoot(page, "6-dark-wall")
    context.close()
    assert watch.elsewhere == []
    assert watch.said == []


def test_an_unknown_address_is_told_with_its_cure(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, site)
    page.goto(f"{site}/#area=demo")
    page.locator("html[data-ready]").wait_for()
    page.locator(ADDRESS).fill("拉萨市布达拉宫广场99999号")
    page.locator("#ask").click()
    notice = page.locator("#message .notice.bad")
    notice.wait_for()
    assert "未找到" in notice.inner_text()
    shoot(page, "7-unknown-address")
    page.locator("#language").click()
    assert "no known address" in notice.inner_text()
    page.close()
    assert watch.elsewhere == []
    # The browser itself notes the 422; nothing else may be said.
    assert all("422" in words for words in watch.said)


def command(settings: Settings, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from blockdata.cli import main; main()", *words],
        env=os.environ | {"BLOCKDATA_VAR": str(settings.var), "BLOCKDATA_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_an_imported_area(browser: Browser, site: str, settings: Settings, real_data: Path) -> None:
    roads = real_data / "roads" / "monaco_osrm.osm.pbf"
    command(settings, "roads", "import", str(roads), "--area", "monaco")
    command(settings, "dispatch", "responders", "place", "--area", "monaco", "--seed", "1")
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, site)
    page.goto(site)
    page.locator("html[data-ready]").wait_for()
    page.locator("#area").select_option("monaco")
    drawn(page)
    assert "area=monaco" in page.url
    assert "合成" in page.locator("#synthetic").inner_text()
    page.evaluate("blockdataMap.jumpTo({center: [7.4206, 43.7313], zoom: 15})")
    drawn(page)
    page.locator("#centre").click()
    page.locator(".tier").nth(2).wait_for()
    drawn(page)
    shoot(page, "8-imported")
    assert page.locator(".tier[data-tier=volunteer] .cells li").count() > 0
    for tier in ("auxiliary", "officer"):
        assert page.locator(f".tier[data-tier={tier}] tbody tr").count() > 0, tier
    assert shown(page, "routes") > 0
    page.close()
    assert watch.elsewhere == []
    assert watch.said == []
