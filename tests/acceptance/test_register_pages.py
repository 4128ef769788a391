"""The register's pages in Debian's chromium: an address over time, and the clerical queue."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from blockdata.address.register.lineage import Part, split
from blockdata.address.register.operations import Edit, rename
from blockdata.address.register.redraw import DrawnGrid, redraw_grids
from blockdata.address.register.remarks import add_alias, set_doubt
from blockdata.clock import Clock
from blockdata.settings import Settings
from blockdata.storage.areas import drop_area
from maps.assets import fetch_assets
from tests.command import BLOCKDATA
from tests.conftest import PROJECT
from tests.pages import choose_first, open_page, shoot, watched
from tests.register_area import COMMUNITY, build_register_area, strip
from tests.serving import serving

AREA = "pages"
WALK = Edit("现场核实")
OLD_CODE = f"{COMMUNITY}0100001000101"
WORDS = "花园二期一号楼"


@pytest.fixture(scope="module")
def site(settings: Settings, database: Engine) -> Iterator[str]:
    fetch_assets(PROJECT / "build")
    with database.begin() as connection:
        area_id = build_register_area(connection, AREA)
        _make_history(connection, area_id)
    with serving(settings, warm=AREA) as address:
        yield address
    with database.begin() as connection:
        drop_area(connection, AREA)


def _make_history(connection: object, area_id: int) -> None:
    def one(level: str, label: str) -> int:
        found = connection.execute(  # type: ignore[attr-defined]
            text(
                "SELECT min(address_id) FROM register.address"
                " WHERE area_id = :a AND level = :level AND label_zh = :label"
            ),
            {"a": area_id, "level": level, "label": label},
        )
        return int(found.scalar_one())

    estate, building, room = one("estate", "花园1"), one("building", "1栋"), one("room", "101房")
    rename(connection, estate, WALK, label="新苑", name="新苑")  # type: ignore[arg-type]
    # so many letters that a misspelling can be told
    rename(connection, one("estate", "花园2"), WALK, label="康弘公寓")  # type: ignore[arg-type]
    connection.execute(  # type: ignore[attr-defined]
        text(
            "INSERT INTO register.entrance (entrance_id, area_id, building_id, kind, point)"
            " SELECT building_id, area_id, building_id, 'main', ST_PointOnSurface(footprint)"
            " FROM register.building WHERE area_id = :a"
        ),
        {"a": area_id},
    )
    split(connection, room, WALK, [Part("101A房"), Part("101B房")])  # type: ignore[arg-type]
    codes = [f"{COMMUNITY}01", f"{COMMUNITY}02"]
    drawn = [DrawnGrid(c, shapely.from_wkt(strip(n))) for n, c in enumerate(reversed(codes))]
    redraw_grids(connection, area_id, codes, drawn, Edit("网格调整方案"))  # type: ignore[arg-type]
    add_alias(connection, building, "蓝顶楼", Edit("居民"), confidence=0.8)  # type: ignore[arg-type]
    set_doubt(connection, building, "point", "离道路 80 米", WALK)  # type: ignore[arg-type]
    candidates = (
        f'[{{"address_id": "{building}", "text": "试验街道试验社区试验路1号新苑1栋", "name": null,'
        ' "level": "building", "lon": null, "lat": null, "probability": 0.62}]'
    )
    for words, seen in ((WORDS, 7), ("试验路那栋旧楼", 2)):
        connection.execute(  # type: ignore[attr-defined]
            text(
                "INSERT INTO register.address_review"
                " (area_id, text_zh, written, source, candidates, times_seen)"
                " VALUES (:a, :t, :t, '夜间融合', CAST(:c AS jsonb), :n)"
            ),
            {"a": area_id, "t": words, "c": candidates, "n": seen},
        )


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with watched(browser, site) as page:
        yield page


def open_named(page: Page, site: str, name: str) -> None:
    open_page(page, f"{site}/{name}#area={AREA}")


def test_an_address_with_its_history_and_neighbours(page: Page, site: str) -> None:
    open_named(page, site, "addresses")
    choose_first(page, "新苑1栋")
    page.locator("#detail h2", has_text="试验路1号新苑1栋").wait_for()
    detail = page.locator("#detail")
    shown = detail.inner_text()
    for words in ("试验路1号花园11栋", "蓝顶楼", "离道路 80 米", f"{COMMUNITY}02"):
        assert words in shown
    assert "2栋" in page.locator("#around").inner_text()
    shoot(page, "9-address")
    # a date before the area was known is told as such
    page.locator("#around button").first.click()
    page.locator("#detail h2", has_text="2栋").wait_for()
    page.locator("#language").click()
    assert "History" in detail.inner_text()
    shoot(page, "9-address-english")
    assert "lang=en" in page.url


def test_a_code_of_old_leads_to_the_past_and_the_present(
    page: Page, site: str, clock: Clock
) -> None:
    begun = clock.today("Asia/Shanghai")
    open_named(page, site, "addresses")
    page.locator("#address").fill(OLD_CODE)
    page.locator("#ask").click()
    # the room was split while it held the code, and the code given again with the grid's
    page.locator("#detail h2", has_text="使用者").wait_for()
    assert page.locator("#detail tbody tr").count() == 2
    shoot(page, "9-code")
    page.locator("#detail tbody tr").first.locator("button").click()
    page.locator("#detail .state[data-status=retired]").first.wait_for()
    assert "101B房" in page.locator("#detail .rows").inner_text()
    today = str(page.locator("#valid").get_attribute("max"))
    assert begun <= date.fromisoformat(today) <= clock.today("Asia/Shanghai")
    page.locator("#valid").fill(today)
    page.locator("#past").wait_for()
    shoot(page, "9-retired")


def test_a_decision_teaches_an_alias(page: Page, site: str) -> None:
    open_named(page, site, "review")
    assert page.locator("#queue button").count() == 2
    assert page.locator("#chosen .said").inner_text() == WORDS
    shoot(page, "9-review")
    page.locator("#chosen .primary").click()
    page.locator("#message .notice", has_text="别名").wait_for()
    assert page.locator("#queue button").count() == 1
    answer = page.request.get(f"{site}/v1/addresses/match", params={"q": WORDS, "area": AREA})
    assert answer.json()["matched"]["text"].endswith("新苑1栋")
    assert answer.json()["why"]["zh"] == "已登记的别名"
    page.locator("#skip").click()
    page.locator("#queue .hint").wait_for()
    page.locator("#status").select_option("matched")
    page.locator("#chosen .said", has_text=WORDS).wait_for()
    assert page.locator("#chosen .primary").count() == 0
    shoot(page, "9-review-decided")


def test_from_a_batch_of_texts_to_an_answer(
    page: Page, site: str, settings: Settings, tmp_path: Path
) -> None:
    """Texts come by command; a clerk decides one on the page and one by command; both are known."""
    texts = tmp_path / "夜间.txt"
    texts.write_text("康弘公遇2栋\n康弘公遇1栋\n康弘公寓1栋\n火星大道99号\n", encoding="utf-8")
    add = ("add", "--file", str(texts), "--area", AREA, "--source", "夜间融合")
    asked = review(settings, *add)
    assert (asked["queued"], asked["sure"], asked["hopeless"]) == (2, 1, 1)

    def means(words: str) -> str | None:
        answer = page.request.get(f"{site}/v1/addresses/match", params={"q": words, "area": AREA})
        return str(answer.json()["matched"]["text"]) if answer.ok else None

    assert means("康弘公遇2栋") is None
    open_named(page, site, "review")
    page.locator("#queue button", has_text="康弘公遇2栋").click()
    page.locator("#chosen .said", has_text="康弘公遇2栋").wait_for()
    # the clerk looks for another address: what is found joins the candidates
    page.locator("#address").fill("新苑2栋")
    page.locator("#ask").click()
    page.locator("#chosen .candidates li", has_text="新苑2栋").wait_for()
    shoot(page, "9-review-batch")
    page.locator("#chosen .candidates li", has_text="康弘公寓2栋").locator(".primary").click()
    page.locator("#message .notice", has_text="别名").wait_for()
    assert str(means("康弘公遇2栋")).endswith("康弘公寓2栋")

    (waiting,) = [
        row for row in review(settings, "list", "--area", AREA) if row["written"] == "康弘公遇1栋"
    ]
    # meanwhile a colleague decides what the page still shows
    page.locator("#queue button", has_text="康弘公遇1栋").click()
    page.locator("#chosen .said", has_text="康弘公遇1栋").wait_for()
    first = waiting["candidates"][0]["address_id"]
    review(settings, "decide", waiting["review_id"], first, "--source", "王", "--note", "电话核实")
    for _ in range(100):  # the server learns of it within two seconds
        if means("康弘公遇1栋"):
            break
        page.wait_for_timeout(100)
    assert str(means("康弘公遇1栋")).endswith("康弘公寓1栋")
    page.locator("#status").select_option("matched")
    page.locator("#queue button", has_text="康弘公遇1栋").click()
    assert "王 · 电话核实" in page.locator("#decided-by").inner_text()
    again = review(settings, *add)
    assert (again["queued"], again["sure"]) == (0, 3)


def test_an_address_without_a_past_says_so(page: Page, site: str) -> None:
    open_named(page, site, "addresses")
    wide = f"{COMMUNITY}0300002".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    page.locator("#address").fill(f"{wide[:6]} {wide[6:]}")
    page.locator("#ask").click()
    page.locator("#detail h2", has_text="花园32栋").wait_for()
    shown = page.locator("#detail").inner_text()
    assert "没有别名。" in shown
    assert "没有存疑项。" in shown
    assert "主要" in shown  # its entrance, with a position of its own


def review(settings: Settings, *words: str) -> Any:
    """What ``blockdata address review WORDS`` answers, run as its user would."""
    environment = os.environ | {"BLOCKDATA_VAR": str(settings.var), "BLOCKDATA_DATABASE_URL": ""}
    done = subprocess.run(
        [BLOCKDATA, "address", "review", *words, "--json"],
        env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_pages_lead_to_each_other(page: Page, site: str) -> None:
    open_named(page, site, "review")
    page.locator("[data-page=addresses]").click()
    page.locator("html[data-ready]").wait_for()
    assert f"area={AREA}" in page.url
    assert page.locator("[aria-current=page]").inner_text() == "地址"
