"""Numbers that are no house number: of the post, of telephones, of kilometre posts and roads."""

import pytest

from blockdata.address.parse import Parsed, parse

PLACE = "深圳市宝安区新安街道宝民一路2号"


def said(parsed: Parsed) -> list[tuple[str, str]]:
    return [(t.level, t.text) for t in parsed.tokens if t.level != "remark"]


@pytest.mark.parametrize(
    "written",
    [
        f"518101 {PLACE}",
        f"518101,{PLACE}",
        f"邮编518101{PLACE}",
        f"{PLACE}518101",
        f"{PLACE} 518101",
        f"{PLACE}邮编518101",
        f"{PLACE} 邮政编码:518101",
        f"{PLACE}(518101)",
        f"{PLACE}(邮编518101)",
    ],
)
def test_a_postcode_is_its_own_level_and_takes_none_away(written: str) -> None:
    parsed = parse(written)
    postcode = parsed.first("postcode")
    assert postcode is not None
    assert postcode.value == "518101"
    rest = [pair for pair in said(parsed) if pair[0] != "postcode"]
    assert rest == said(parse(PLACE))
    assert parsed.implied() == {"province": "广东省"}


def test_a_postcode_behind_a_room_that_is_said_in_full() -> None:
    levels = parse("天津路15号颐景雅苑21幢4单元1048室223002").levels()
    assert (levels["room"], levels["postcode"]) == ("1048室", "223002")


@pytest.mark.parametrize(
    "text", ["海裕花园6栋110203", "深圳市宝安区海裕花园6栋110203", "101010栋", "518101室"]
)
def test_six_digits_that_are_a_room_or_building_stay_so(text: str) -> None:
    assert "postcode" not in parse(text).levels()


@pytest.mark.parametrize(
    "written",
    [
        f"{PLACE}3栋501室 13800138000",
        f"{PLACE}3栋501室电话0755-27781234",
        f"{PLACE}3栋501室,138-0013-8000",
        f"13800138000,{PLACE}3栋501室",
    ],
)
def test_a_telephone_number_is_no_door(written: str) -> None:
    parsed = parse(written)
    assert said(parsed) == said(parse(f"{PLACE}3栋501室"))
    assert "a telephone number" in {t.rule for t in parsed.tokens}


@pytest.mark.parametrize(
    ("text", "road", "post", "value"),
    [
        ("沈海高速K2876+300", "沈海高速", "K2876+300", "K2876+300"),
        ("机荷高速K12+300米处西行", "机荷高速", "K12+300米处", "K12+300"),
        ("107国道2560公里处", "107国道", "2560公里处", "K2560"),
        ("107国道2560.5公里处", "107国道", "2560.5公里处", "K2560+500"),
        ("沈海高速2876公里加30米处", "沈海高速", "2876公里加30米处", "K2876+030"),
        ("宝安大道K3+200", "宝安大道", "K3+200", "K3+200"),
        ("G107国道K2560+500处", "G107国道", "K2560+500处", "K2560+500"),
        ("广深公路K35处", "广深公路", "K35处", "K35"),
        ("沈海高速桩号2876+300", "沈海高速", "桩号2876+300", "K2876+300"),
    ],
)
def test_a_kilometre_post_locates_on_its_road(text: str, road: str, post: str, value: str) -> None:
    parsed = parse(f"深圳市宝安区{text}")
    assert [pair for pair in said(parsed) if pair[0] in ("road", "kilometre_post")] == [
        ("road", road),
        ("kilometre_post", post),
    ]
    token = parsed.first("kilometre_post")
    assert token is not None
    assert token.value == value
    assert not {"number", "room", "poi"} & set(parsed.levels())


def test_a_direction_of_an_expressway_is_no_place() -> None:
    assert parse("机荷高速K12+300米处西行").levels()["landmark"] == "西行"


@pytest.mark.parametrize("text", ["固戍一路K12商铺", "海裕商场K12", "107国道往北2公里"])
def test_shops_and_distances_are_no_posts(text: str) -> None:
    assert "kilometre_post" not in parse(text).levels()


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("G4京港澳高速鹤洲出口", {"road": "G4京港澳高速", "poi": "鹤洲出口"}),
        ("S31宝龙高速横岗收费站", {"road": "S31宝龙高速", "poi": "横岗收费站"}),
        ("广深高速宝安出口", {"road": "广深高速", "poi": "宝安出口"}),
        ("广深高速", {"road": "广深高速"}),
        ("G15沈海高速12号", {"road": "G15沈海高速", "number": "12号"}),
        ("广州大道北20号", {"road": "广州大道北", "number": "20号"}),
    ],
)
def test_roads_by_number_class_and_direction(text: str, levels: dict[str, str]) -> None:
    assert parse(text).levels() == levels


@pytest.mark.parametrize(
    ("text", "level", "words", "value"),
    [
        ("乾龙新村416幢16层1号、2号", "room", "1号、2号", "1、2"),
        ("固戍一路12号、14号", "number", "12号、14号", "12、14"),
        ("海裕花园33#--39#商铺", "building", "33栋-39栋", "33-39"),
        ("海裕花园3栋501室-505室", "room", "501室-505室", "501-505"),
    ],
)
def test_what_is_counted_alike_is_of_one_level(
    text: str, level: str, words: str, value: str
) -> None:
    tokens = [t for t in parse(text).tokens if t.level == level]
    assert [(t.text, t.value) for t in tokens] == [(words, value)]


def test_the_road_of_a_lamp_post_keeps_its_name() -> None:
    assert parse("固戍一路灯杆0012").levels() == {"road": "固戍一路", "lamp_post": "灯杆0012"}
