"""The page in Debian's chromium, on a real district: nothing here is made to look as if."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from blockdata.settings import Settings
from tests.pages import (
    ADDRESS,
    NOTICE,
    TITLE,
    answered,
    choose_first,
    drawn,
    open_map,
    open_page,
    shoot,
    shown,
    suggested,
    watched,
)

WORDS = "固戍一路168号"


@pytest.fixture
def page(browser: Browser, demo_site: str) -> Iterator[Page]:
    """The page opened on the demo."""
    with watched(browser, demo_site) as page:
        open_map(page, f"{demo_site}/#area=demo")
        yield page


def ask(page: Page) -> None:
    """Type the address, pick the first suggestion by keyboard, wait for the answer."""
    choose_first(page, WORDS)
    answered(page)


def test_words_become_three_responders_on_the_map(page: Page) -> None:
    for layer in ("roads", "buildings", "grids"):
        assert page.evaluate(
            "name => !!blockdataMap.getStyle().layers.find("
            "layer => layer['source-layer'] === name)",
            layer,
        )
    shoot(page, "1-start")
    assert WORDS in suggested(page, WORDS).first.inner_text()
    assert page.locator(ADDRESS).get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.locator(ADDRESS).get_attribute("aria-activedescendant") == "suggestion-0"
    shoot(page, "2-suggestions")
    page.keyboard.press("Enter")
    answered(page)
    shoot(page, "3-answer")

    assert WORDS in page.locator(TITLE).inner_text()
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
    assert page.locator(TITLE).inner_text()
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
    before = page.locator(TITLE).inner_text()
    page.mouse.click(*free[0])
    page.locator("[data-act=replaceYes]").wait_for()
    assert page.locator(TITLE).inner_text() == before
    page.locator("[data-act=replaceYes]").click()
    page.locator(TITLE, has_text="地图上的位置").wait_for()
    drawn(page)
    assert page.locator(".tier").count() == 3


def test_the_list_closes_on_escape(page: Page) -> None:
    suggested(page, "固戍")
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    assert page.locator(ADDRESS).get_attribute("aria-expanded") == "false"


def test_the_dark_scheme_and_a_wall(browser: Browser, demo_site: str) -> None:
    with watched(browser, demo_site, size=(1920, 1080), color_scheme="dark") as page:
        open_map(page, f"{demo_site}/#area=demo")
        ask(page)
        shoot(page, "6-dark-wall")


def test_an_unknown_address_is_told_with_its_cure(browser: Browser, demo_site: str) -> None:
    with watched(browser, demo_site, refusals=True) as page:
        open_page(page, f"{demo_site}/#area=demo")
        page.locator(ADDRESS).fill("拉萨市布达拉宫广场99999号")
        page.locator("#ask").click()
        notice = page.locator(f"{NOTICE}.bad")
        notice.wait_for()
        assert "未找到" in notice.inner_text()
        shoot(page, "7-unknown-address")
        page.locator("#language").click()
        assert "no known address" in notice.inner_text()


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


def test_an_imported_area(
    browser: Browser, demo_site: str, settings: Settings, real_data: Path
) -> None:
    roads = real_data / "roads" / "monaco_osrm.osm.pbf"
    command(settings, "roads", "import", str(roads), "--area", "monaco")
    command(settings, "dispatch", "responders", "place", "--area", "monaco", "--seed", "1")
    with watched(browser, demo_site) as page:
        open_page(page, demo_site)
        page.locator("#area").select_option("monaco")
        drawn(page)
        assert "area=monaco" in page.url
        assert "合成" in page.locator("#synthetic").inner_text()
        page.evaluate("blockdataMap.jumpTo({center: [7.4206, 43.7313], zoom: 15})")
        drawn(page)
        page.locator("#centre").click()
        answered(page)
        shoot(page, "8-imported")
        assert page.locator(".tier[data-tier=volunteer] .cells li").count() > 0
        for tier in ("auxiliary", "officer"):
            assert page.locator(f".tier[data-tier={tier}] tbody tr").count() > 0, tier
        assert shown(page, "routes") > 0
