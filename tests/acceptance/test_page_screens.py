"""The page on screens from a phone to a wall: nothing cut off, nothing hidden, every mark named."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Connection, Engine, text

from blockdata.settings import Settings
from blockdata.storage.areas import create_area, drop_area
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from dispatch.network.storage import write_roads
from maps.assets import fetch_assets
from tests.acceptance.test_page import ask
from tests.conftest import PROJECT
from tests.pages import (
    ADDRESS,
    OPTION,
    answered,
    choose_first,
    open_map,
    shoot,
    suggested,
    watched,
)
from tests.roads_by_hand import make_roads
from tests.serving import serving

FAR = "far-from-roads"
WEST, SOUTH = 113.85, 22.58
BEGINS = "广东省深圳市宝安区"
OpenedAt = Callable[[int, int], Page]
ROOM = "固戍一路168号海裕花园3栋2单元501房"


@pytest.fixture(scope="module")
def site(settings: Settings, demo: Engine) -> Iterator[str]:
    fetch_assets(PROJECT / "build")
    with demo.begin() as connection:
        _make_far_area(connection)
    with serving(settings, warm="demo") as address:
        yield address
    with demo.begin() as connection:
        drop_area(connection, FAR)


def _make_far_area(connection: Connection) -> None:
    """A street with an address on it, and an address 20 km away."""
    area_id = create_area(
        connection, name=FAR, title=Text("远处", "Far"), synthetic=True, profile="baoan",
        source="made by the tests", replace=True,
    )  # fmt: skip
    ends = [(WEST, SOUTH), (WEST + 0.002, SOUTH)]
    write_roads(connection, area_id, make_roads(ends, [(0, 1, 205.0, "residential", 0, 7, 0)]))
    for n, (label, west) in enumerate((("远山路9号", WEST - 0.2), ("远山路11号", WEST + 0.001))):
        connection.execute(
            text(
                "INSERT INTO register.address"
                " (address_id, area_id, level, label_zh, text_zh, point)"
                " VALUES (:id, :area, 'number', :label, :words,"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
            ),
            {
                "id": first_id(area_id) + n,
                "area": area_id,
                "label": label,
                "words": f"{BEGINS}西乡街道{label}",
                "lon": west,
                "lat": SOUTH,
            },
        )


@pytest.fixture
def opened_at(browser: Browser, site: str) -> Iterator[OpenedAt]:
    """Opens the page on the demo at a width and height in pixels."""
    with ExitStack() as stack:

        def open_it(width: int, height: int) -> Page:
            page = stack.enter_context(watched(browser, site, size=(width, height)))
            open_map(page, f"{site}/#area=demo")
            return page

        yield open_it


@pytest.mark.parametrize("size", [(390, 844), (1366, 768), (1600, 900), (3840, 1080)])
def test_nothing_sticks_out_sideways(opened_at: OpenedAt, size: tuple[int, int]) -> None:
    page = opened_at(*size)
    ask(page)
    shoot(page, f"9-{size[0]}")
    for language in ("zh-CN", "en"):
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        side = page.locator(".side")
        assert side.evaluate("one => one.scrollWidth <= one.clientWidth")
        page.locator("#language").click()


@pytest.mark.parametrize("size", [(1600, 900), (3840, 1080)])
def test_all_three_tiers_are_seen_at_once(opened_at: OpenedAt, size: tuple[int, int]) -> None:
    page = opened_at(*size)
    ask(page)
    for tier in page.locator(".tier").all():
        box = tier.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]


def test_a_wall_is_used(opened_at: OpenedAt) -> None:
    page = opened_at(3840, 1080)
    ask(page)
    boxes = [tier.bounding_box() for tier in page.locator(".tier").all()]
    assert len({round(box["y"]) for box in boxes if box}) == 1  # side by side
    stage = page.locator("#map").bounding_box()
    assert stage is not None
    assert stage["x"] + stage["width"] == 3840


def test_a_long_address_shows_its_end(opened_at: OpenedAt) -> None:
    page = opened_at(390, 844)
    choose_first(page, ROOM)
    answered(page)
    field = page.locator(ADDRESS)
    assert field.input_value().endswith(ROOM)
    at_end = "one => one.scrollLeft + one.clientWidth >= one.scrollWidth - 2"
    assert field.evaluate("one => one.scrollWidth > one.clientWidth")
    assert field.evaluate(at_end)
    page.locator("#language").focus()
    for _ in range(100):  # leaving scrolls it to its beginning, and the next frame back
        page.wait_for_timeout(100)
        if field.evaluate(at_end):
            break
    assert field.evaluate(at_end)


def test_suggestions_leave_out_what_all_share(opened_at: OpenedAt) -> None:
    page = opened_at(1366, 768)
    for option in suggested(page, "固戍一路168号").all():
        assert BEGINS not in option.inner_text()
        assert (option.get_attribute("title") or "").startswith(BEGINS)


def test_the_legend_names_every_mark(opened_at: OpenedAt) -> None:
    page = opened_at(1600, 900)
    legend = page.locator("#legend").inner_text()
    for mark in (
        "事发位置", "义警", "辅警", "民警", "路线", "离路步行", "计数区块", "事发网格",
        "只知大致范围", "估计位置", "屯警点", "重点场所", "街道界", "社区界", "网格界",
    ):  # fmt: skip
        assert mark in legend


def test_an_address_far_from_roads_is_marked_before_it_is_chosen(
    browser: Browser, site: str
) -> None:
    with watched(browser, site) as page:
        open_map(page, f"{site}/#area={FAR}")
        options = suggested(page, "远山路")
        page.locator(f"{OPTION} .beware").wait_for()
        marked = options.all_inner_texts()
        far, near = (next(one for one in marked if f"远山路{n}号" in one) for n in (9, 11))
        assert "近旁无路" in far
        assert "近旁无路" not in near
