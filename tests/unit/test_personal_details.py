"""Personal details in free text are found in every hand, and addresses keep all of their parts."""

import pytest

from blockdata.errors import InputError
from blockdata.personal import find_personal, refuse_personal, strip_cell, strip_personal

HOME = "海裕花园3栋501"


@pytest.mark.parametrize(
    ("details", "kinds"),
    [
        ("13800138000", ["phone"]),
        ("138 0013 8000", ["phone"]),
        ("138-0013-8000", ["phone"]),
        ("1380013-8000", ["phone"]),
        ("1 3 8 0 0 1 3 8 0 0 0", ["phone"]),
        ("+86 13800138000", ["phone"]),
        ("+86-138-0013-8000", ["phone"]),
        ("008613800138000", ["phone"]),
        ("8613800138000", ["phone"]),
        ("013800138000", ["phone"]),
        ("１３８００１３８０００", ["phone"]),
        ("138\u200b0013\u200b8000", ["phone"]),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", ["phone"]),
        ("幺三八零零一三八零零零", ["phone"]),
        ("138****8000", ["phone"]),
        ("0755-27881234", ["phone"]),
        ("075527881234", ["phone"]),
        ("(0755)2788 1234", ["phone"]),
        ("０７５５－２７８８１２３４", ["phone"]),
        ("0755-27881234转8012", ["phone"]),
        ("0755-27881234 分机8012", ["phone"]),
        ("+86 755 27881234", ["phone"]),
        ("+852 9123 4567", ["phone"]),
        ("电话:27881234", ["phone"]),
        ("座机27881234", ["phone"]),
        ("Tel: 27881234", ["phone"]),
        ("手机尾号8000", ["phone"]),
        ("11010519491231002X", ["citizen_number"]),
        ("11010519491231002x", ["citizen_number"]),
        ("440524 18800101 0014", ["citizen_number"]),
        ("999001199001010011", ["citizen_number"]),  # its check digit is wrong
        ("999001900101001", ["citizen_number"]),  # of 15 digits, as before 1999
        ("身份证号:999001********0014", ["citizen_number"]),
        ("护照E12345678", ["citizen_number"]),
        ("身份证尾号0014", ["citizen_number"]),
        ("粤B·12345", ["plate"]),
        ("粤BD12345", ["plate"]),
        ("车牌号粤B12345", ["plate"]),
        ("微信号:abc_123456", ["account"]),
        ("微信同号13800138000", ["account"]),
        ("VX:abc123456", ["account"]),
        ("QQ:123456789", ["account"]),
        ("qq号 123456789", ["account"]),
        ("zhang.san@example.com", ["email"]),
        ("6222020000000000018", ["bank_card"]),
        ("6222 0200 0000 0000 018", ["bank_card"]),
        ("银行卡号123456789012", ["bank_card"]),
        ("联系人:张三", ["name"]),
        ("联系人 张三", ["name"]),
        ("收件人：王小明", ["name"]),
        ("姓名:买买提·艾力", ["name"]),
        ("收件人: John Smith", ["name"]),
        ("报警人欧阳娜娜", ["name"]),
        ("业主王强", ["name"]),
        ("王先生", ["name"]),
        ("张小芳女士", ["name"]),
        ("李小姐", ["name"]),
        ("陈阿姨", ["name"]),
        ("找张伟", ["name"]),
        ("张伟收", ["name"]),
        ("张三13800138000", ["phone", "name"]),
        ("张三 13800138000", ["phone", "name"]),
        ("13800138000 张三", ["phone", "name"]),
        ("联系人:张三,电话:138 0013 8000", ["phone", "name"]),
        ("(张三13800138000)", ["phone", "name"]),
    ],
)
@pytest.mark.parametrize("form", ["{home} {details}", "{details} {home}", "{home},{details}"])
def test_details_go_and_the_address_stays(form: str, details: str, kinds: list[str]) -> None:
    text = form.format(home=HOME, details=details)
    stripped = strip_personal(text)
    assert stripped.text == HOME
    assert list(stripped.kinds) == kinds


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("海裕花园3栋501室张三13800138000", "海裕花园3栋501室"),
        ("固戍一路168号王先生", "固戍一路168号"),
        ("黄田村王先生", "黄田村"),  # 田 is a family name as well
        ("固戍东区177号3栋501(王女士13800138000)", "固戍东区177号3栋501"),
        ("联系人王小明电话13800138000海裕花园", "海裕花园"),
        ("联系人张三海裕花园3栋", "海裕花园3栋"),
        ("西乡街道张忠13800138000", "西乡街道"),
        ("西乡街道黄田13800138000", "西乡街道黄田"),
        ("石岩 13800138000", "石岩"),
        ("石岩王先生的车粤B12345", "石岩 的车"),
        ("收货人,张三13800138000", ""),
    ],
)
def test_where_details_touch_the_address(text: str, rest: str) -> None:
    assert strip_personal(text).text == rest


@pytest.mark.parametrize(
    "text",
    [
        "固戍一路168号海裕花园3栋2单元501房",
        "13-1-501",
        "18-2-1203、18-2-1204、18-2-1205",
        "福华一路138号B栋1301-1302、1313-1314",
        "工人北路167、169、171、173号",
        "440306002001",  # codes of 12, 14, 19 and 25 digits
        "44030600200101",
        "4403060020010100012",
        "4403060020010100012000501",
        "房屋编码4403060020010100012000501",
        "13912345678号",  # a door, though it begins like a mobile number
        "编号13912345678的灯杆",
        "灯杆GS13912345678",
        "创新B10203室",
        "灯杆VX-012345",
        "王府井大街1号",
        "李家庄",
        "黄金大道",
        "业主委员会",
        "业主:海裕花园3栋",
        "老人活动中心",
        "张三家门口",
        "找王母庙",
        "李小姐花店",
        "鲁师傅家电超市",
        "王老师托管中心",
        "微信大厦A座",
        "腾讯QQ大厦",
        "家属区北面",
        "黄金回收",
        "113.848123456789,22.591312345678",
        "914403001921809577",  # a company's credit code, digits only
        "\u200b海裕花园",
        "",
    ],
)
def test_an_address_loses_nothing(text: str) -> None:
    assert strip_personal(text) == (text, ())


def test_spans_are_those_of_the_text_as_it_was_written() -> None:
    text = "３栋\u200b１３８\u200b００１３８０００ 501"
    (found,) = find_personal(text)
    assert text[found.start : found.end] == "１３８\u200b００１３８０００"


def test_a_column_says_what_its_cells_are() -> None:
    assert strip_cell("联系人", "张三") == ("", ("name",))
    assert strip_cell("电话", "27881234") == ("", ("phone",))
    assert strip_cell("address", "海裕花园3栋") == ("海裕花园3栋", ())
    assert strip_cell("address", "海裕花园3栋 13800138000") == ("海裕花园3栋", ("phone",))


def test_a_refusal_names_the_kinds_and_the_words_that_would_do() -> None:
    with pytest.raises(InputError) as error:
        refuse_personal(f"{HOME} 联系人:张三 13800138000", "text")
    assert error.value.field == "text"
    assert error.value.detail.zh == "含有个人信息:电话号码、姓名"
    assert error.value.detail.en == "it holds personal details: telephone number, name of a person"
    assert error.value.cure is not None
    assert error.value.cure.zh.endswith(HOME)
    assert "13800138000" not in str(error.value.problem())
    refuse_personal(HOME, "text")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("海裕花园501,王小明", "海裕花园501"),
        ("海裕花园3栋501室，王小明", "海裕花园3栋501室"),
        ("张三丰家", ""),
        ("海裕花园501王小明家", "海裕花园501"),
        ("海裕花园501 1*3*8*0*0*1*3*8*0*0*0", "海裕花园501"),
        ("海裕花园501 1/3/8/0/0/1/3/8/0/0/0", "海裕花园501"),
    ],
)
def test_a_name_without_a_word_about_it_and_a_number_in_pieces(text: str, rest: str) -> None:
    assert strip_personal(text).text == rest


@pytest.mark.parametrize(
    "text",
    [
        "固戍一路168号,黄田村",
        "固戍一路168号,石岩",
        "固戍一路168号,王府井",
        "万科云城501,金沙湾",
        "固戍人家",
        "金海世家",
        "万顺人家",
        "王记之家",
    ],
)
def test_a_place_behind_a_door_is_no_name(text: str) -> None:
    assert strip_personal(text).text == text
