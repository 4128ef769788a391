"""What could be two things: prefixes said twice, lanes and their doors, houses, floors below."""

import pytest

from blockdata.address.levels import Level
from blockdata.address.parse import parse

REST = "西乡街道固戍一路168号"


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        # the one that says more counts
        ("广东深圳市广东省深圳市宝安区", (5, "广东省 深圳市 宝安区")),
        ("深圳深圳宝安区", (2, "深圳 宝安区")),
        ("广东省深圳市宝安区广东省宝安区", (0, "广东省 深圳市 宝安区")),
        # of two that say the same the one in full, else the first
        ("广东深圳宝安区广东省深圳市宝安区", (7, "广东省 深圳市 宝安区")),
        ("广东省深圳市宝安区广东省深圳市宝安区", (0, "广东省 深圳市 宝安区")),
        ("广东省 深圳市 宝安区 广东省 深圳市 宝安区 ", (0, "广东省 深圳市 宝安区")),
        ("广东省深圳市null广东省深圳市宝安区", (10, "广东省 深圳市 宝安区")),
        ("广东省深圳市宝安区" * 3, (0, "广东省 深圳市 宝安区")),
    ],
)
def test_of_a_prefix_that_is_said_twice_one_counts(written: str, counts: tuple[int, str]) -> None:
    named = [t for t in parse(written + REST).tokens if t.level in ("province", "city", "district")]
    assert (named[0].start, " ".join(t.text for t in named)) == counts
    assert parse(written + REST).levels()["street"] == "西乡街道"


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("吉林省吉林市船营区", {"province": "吉林省", "city": "吉林市", "district": "船营区"}),
        ("长沙市长沙县", {"city": "长沙市", "district": "长沙县"}),
        ("深圳市南山区南山大道", {"city": "深圳市", "district": "南山区", "road": "南山大道"}),
        ("杭州市杭州大厦", {"city": "杭州市", "estate": "杭州大厦"}),
    ],
)
def test_a_name_inside_another_is_not_said_twice(written: str, levels: dict[str, str]) -> None:
    assert parse(written).levels() == levels


def test_a_street_said_twice_in_a_row_counts_once() -> None:
    assert parse("织里镇织里镇大港路12号").levels()["street"] == "织里镇"


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        ("宁波市鄞州区兴业路24弄9号", {"road": "兴业路 24弄", "number": "9号"}),
        ("上海市静安区柳营路24弄14号", {"road": "柳营路", "number": "24弄", "building": "14号"}),
        ("上海市静安区柳营路669弄14号", {"road": "柳营路", "number": "669弄", "building": "14号"}),
        ("宁波市鄞州区兴业路817-165号", {"road": "兴业路", "number": "817", "building": "165号"}),
        ("宁波市鄞州区兴业路165-169号", {"road": "兴业路", "number": "165-169号"}),
        ("宁波市鄞州区兴业路165-9号", {"road": "兴业路", "number": "165-9号"}),
        ("杭州市海裕小区12号", {"estate": "海裕小区", "building": "12号"}),
        ("深圳市海裕新村12号", {"estate": "海裕新村", "number": "12号"}),
    ],
)
def test_lanes_doors_and_houses(written: str, levels: dict[str, str]) -> None:
    divisions = ("city", "district")
    assert {k: v for k, v in parse(written).levels().items() if k not in divisions} == levels


@pytest.mark.parametrize(
    ("written", "level"), [("杭州市恒昌3栋2单元", "estate"), ("深圳市华侨城3栋2单元", "community")]
)
def test_a_quarter_holds_buildings_in_shenzhen_only(written: str, level: Level) -> None:
    assert level in parse(written).levels()


@pytest.mark.parametrize(
    ("floor", "value"),
    [
        *((words, "-1") for words in ("B1层", "B1F", "b1层", "B1楼", "负一层", "负1楼", "负1F")),
        *((words, "-1") for words in ("地下一层", "地下1层", "地下一楼", "-1层", "-1楼")),
        ("B2层", "-2"),
        ("地下二层", "-2"),
        ("1层", "1"),
        ("负一至负二层", "-1至-2"),
        ("地下一层至地下二层", "-1至-2"),
    ],
)
def test_floors_below_ground_have_one_value(floor: str, value: str) -> None:
    for place in ("海裕大厦", "深圳市宝安区海裕花园3栋"):
        assert [t.value for t in parse(place + floor).tokens if t.level == "floor"] == [value]


def test_a_stroke_among_strokes_is_no_minus() -> None:
    tokens = parse("海裕花园3栋-1层-102室").tokens
    assert [(t.text, t.value) for t in tokens if t.level == "floor"] == [("1层", "1")]
