"""A page in the browser as a person works it: open it, type, choose, wait until it stands still."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.conftest import PROJECT

SHOTS = PROJECT / "build" / "screenshots"
ADDRESS = "#address"
OPTION = "#suggestions [role=option][id]"
TITLE = "#incident h2"
REACH = "#reach"
NOTICE = "#message .notice"
PATIENCE_MS = 150_000  # numba compiles on the first question of a fresh checkout
UNREST = """() => { const map = blockdataMap; return {
  state: map.getContainer().dataset.state, style: map.isStyleLoaded(), tiles: map.areTilesLoaded(),
  moving: map.isMoving(), lost: map.getCanvas().getContext("webgl2").isContextLost(),
} }"""


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


@contextmanager
def watched(
    browser: Browser,
    site: str,
    *,
    size: tuple[int, int] = (1366, 768),
    refusals: bool = False,
    timezone_id: str | None = None,
    color_scheme: Literal["dark", "light"] | None = None,
) -> Iterator[Page]:
    """An empty page; afterwards: it asked nothing of any other host, and its console is empty.

    ``refusals``: the browser itself notes an answer 422 on the console; such notes may be there.
    """
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id=timezone_id,
        color_scheme=color_scheme,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, site)
    yield page
    context.close()
    assert watch.elsewhere == []
    assert [words for words in watch.said if not (refusals and "422" in words)] == []


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("html[data-ready]").wait_for()


def open_map(page: Page, address: str) -> None:
    open_page(page, address)
    drawn(page)


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


def shown(page: Page, layer: str) -> int:
    """How many features of a map layer are on the screen."""
    count = "layer => blockdataMap.queryRenderedFeatures({layers: [layer]}).length"
    return int(page.evaluate(count, layer))


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def suggested(page: Page, words: str) -> Locator:
    """Type words key by key; the options of the list that was made for all of them."""
    page.locator(ADDRESS).fill("")
    page.locator(ADDRESS).press_sequentially(words, delay=20)
    options = page.locator(f'#suggestions[data-words="{words}"] [role=option][id]')
    options.first.wait_for()
    return options


def choose_first(page: Page, words: str) -> None:
    """Type words and take the first suggestion by keyboard."""
    suggested(page, words)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def say(page: Page, words: str) -> None:
    """Type words and press Enter at once."""
    page.locator(ADDRESS).fill(words)
    page.locator(ADDRESS).press("Enter")


def answered(page: Page) -> None:
    """Wait for the responders of all three tiers."""
    page.locator(".tier").nth(2).wait_for()
    drawn(page)
