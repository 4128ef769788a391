"""One written form for the ways people write an address."""

import pytest

from blockdata.address.normalise import normalise, normalise_many
from blockdata.address.numerals import to_han, to_number

FORMS = {
    "广东省深圳市广东省深圳市宝安区西乡街道固戍1路168#海裕花园三幢二单元501房": (
        "广东省深圳市宝安区西乡街道固戍一路168号海裕花园3栋2单元501室"
    ),
    # a numeral is a number only before a counter
    "三围社区固戍一路": "三围社区固戍一路",
    "七星创意工场": "七星创意工场",
    "廿三里街道三号路": "廿三里街道三号路",
    "郑州市二七区二七路三号": "郑州市二七区二七路3号",
    "三栋二单元五零二": "3栋2单元502",
    "第三工业区第3栋": "第三工业区3栋",
    "第3工业区": "第三工业区",
    "二、三楼": "2、3层",
    "二十三栋一〇八室": "23栋108室",
    "壹栋": "1栋",
    "334之六": "334-6",
    "F1-4二楼": "F1-4二楼",  # a numeral right behind a digit would melt into it
    "第12网格": "12网格",
    # buildings, floors and rooms have one word each
    "3幢": "3栋",
    "3号楼": "3栋",
    "3#楼": "3栋",
    "3#201": "3栋201",
    "海裕花园#12": "海裕花园12栋",
    "海裕花园#12栋": "海裕花园12栋",
    "A座12F": "A栋12层",
    "3栋101A房": "3栋101A室",
    "3栋KTV房": "3栋KTV房",
    "08栋": "8栋",
    "3号楼梯": "3号楼梯",
    # a lamp post has one word, and its number as it stands on it
    "固戍一路智慧灯杆编号:GS-0012号旁": "固戍一路灯杆GS0012旁",
    "固戍一路路灯杆0012号": "固戍一路灯杆0012",
    "路灯 0012-3": "灯杆0012-3",
    "路灯管理处": "路灯管理处",
    # script, width, spaces, prefixes
    "萬豐村Ａ座": "万丰村A栋",
    "乾安县": "乾安县",
    " 3 栋 2 单元 ": "3栋2单元",
    "北京 朝阳": "北京 朝阳",
    "杭州 杭州市 余杭区": "杭州市 余杭区",
    "金华市义乌市义乌市": "金华市义乌市",
    "绍兴绍兴县": "绍兴绍兴县",  # a city and the county of its name
    "固戍东区１７７号": "固戍东区177号",
    "": "",
}


@pytest.mark.parametrize("raw", FORMS)
def test_written_forms(raw: str) -> None:
    assert normalise(raw).text == FORMS[raw]


def test_every_change_names_its_rule() -> None:
    result = normalise("固戍1路168#三幢")
    assert [(r.rule, r.before, r.after) for r in result.rewrites] == [
        ("numeral", "三", "3"),
        ("road-numeral", "1", "一"),
        ("door-mark", "168#", "168号"),
        ("building-word", "幢", "栋"),
    ]


def test_spans_lead_back_to_the_raw_text() -> None:
    result = normalise("广东省广东省深圳市二十三幢")
    at = result.text.index("23")
    assert result.text == "广东省深圳市23栋"
    low, high = result.raw_span(at, at + 2)
    assert result.raw[low:high] == "二十三"
    assert result.raw_span(0, 3) == (0, 3)  # of a prefix said twice the first counts
    assert normalise("固戍一路008号").raw_span(4, 5) == (4, 7)  # zeros belong to their number


def test_a_batch_gives_what_one_by_one_gives() -> None:
    rows = [*FORMS, "带\n换行\0的", "二"]
    assert normalise_many(rows) == [normalise(row).text for row in rows]
    assert normalise_many([]) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("二十三", 23), ("一百零八", 108), ("廿一", 21), ("五零二", 502), ("两", 2)],
)
def test_numerals(text: str, value: int) -> None:
    assert to_number(text) == value


@pytest.mark.parametrize("text", ["百十", "十十", "", "一十百"])
def test_what_is_no_numeral(text: str) -> None:
    assert to_number(text) is None


@pytest.mark.parametrize("number", range(100))
def test_han_numerals_read_back(number: int) -> None:
    assert to_number(to_han(number)) == number


def test_only_numbers_below_a_hundred_stand_in_names() -> None:
    with pytest.raises(ValueError, match="100"):
        to_han(100)
