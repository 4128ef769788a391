"""Words inside a place that look like something else: doors, blocks, rooms, floors, brackets."""

import pytest

from blockdata.address.parse import parse

CASES: dict[str, dict[str, str]] = {
    "宝安区西乡街道海裕苑320号1102": {"estate": "海裕苑", "building": "320号", "room": "1102"},
    "北环大道梅林路段北侧7026号": {"landmark": "北侧", "number": "7026号"},
    "固戍第一工业区第一栋整栋": {"estate": "固戍第一工业区", "building": "1栋"},
    "固戍第一工业区3栋第8间": {"building": "3栋", "room": "第八间"},
    "海裕大厦七楼之一": {"floor": "7层", "room": "之一"},
    "海裕大厦A座505、六、七、八层": {"building": "A栋", "room": "505", "floor": "6、7、8层"},
    "宝安机场T3": {"estate": "宝安机场", "building": "T3"},
    "深圳宝安国际机场T3航站楼": {"city": "深圳", "estate": "宝安国际机场", "building": "T3航站楼"},
    "前进二路宝立方负一层B108": {
        "road": "前进二路",
        "poi": "宝立方",
        "floor": "负1层",
        "room": "B108",
    },
    "深圳市宝安区西乡街道固戍一路12号(3栋501室)": {"building": "3栋", "room": "501室"},
    "深圳市宝安区西乡街道海裕花园(B栋)1203": {"building": "B栋", "room": "1203"},
    "联大工业区6-(C)栋一层": {"estate": "联大工业区", "building": "6-(C)栋", "floor": "1层"},
    "深圳市南山区华侨城东部工业区A1栋": {"community": "华侨城", "estate": "东部工业区"},
    "南山区沙河街道华侨城东部工业区": {"community": "华侨城", "estate": "东部工业区"},
    "石岩第一工业区": {"street": "石岩", "estate": "第一工业区"},
    "宝安区西乡街道固戍第一工业区": {"street": "西乡街道", "estate": "固戍第一工业区"},
    "深圳市宝安区三围村北路2号": {"road": "三围村北路", "number": "2号"},
    "深圳市福田区福田保税区市花路25号": {"zone": "福田保税区"},
    "深圳市南山区科技园科伟路7号": {"estate": "科技园"},
}
NOT_SAID = {
    "固戍第一工业区第一栋整栋": {"unit", "room"},
    "固戍第一工业区3栋第8间": {"business"},
    "宝安机场T3": {"district", "room"},
    "北环大道梅林路段北侧7026号": {"room"},
}


@pytest.mark.parametrize("text", CASES)
def test_words_have_their_levels(text: str) -> None:
    levels = parse(text).levels()
    assert {level: levels.get(level) for level in CASES[text]} == CASES[text]
    assert not NOT_SAID.get(text, set()) & set(levels)


@pytest.mark.parametrize(
    ("text", "level", "value"),
    [
        ("固戍第一工业区3栋第8间", "room", "8"),
        ("前进二路宝立方负一层B108", "floor", "-1"),
        ("前进二路宝立方地下一层B108", "floor", "-1"),
        ("前进二路宝立方一层B108", "floor", "1"),
    ],
)
def test_values_compare_exactly(text: str, level: str, value: str) -> None:
    assert [t.value for t in parse(text).tokens if t.level == level] == [value]


@pytest.mark.parametrize(
    ("text", "building"),
    [("海裕花园3栋(原5栋)1203", "3栋"), ("海裕花园3栋(B栋)1203", "3栋")],
)
def test_brackets_say_nothing_anew_of_a_building_that_is_said(text: str, building: str) -> None:
    assert parse(text).levels()["building"] == building


def test_a_seat_on_a_floor_is_a_room_and_a_door_in_a_building_a_unit() -> None:
    assert parse("深圳市福田区彩虹大厦20层A座").levels()["room"] == "A栋"
    levels = parse("浙江宁波江北区天水家园99幢897号574室").levels()
    assert (levels["building"], levels["unit"], levels["room"]) == ("99栋", "897号", "574室")
