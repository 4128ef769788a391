"""What holds of every text that may hold personal details, and of every address with some."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from blockdata.personal import find_personal, strip_personal
from blockdata.personal.folding import fold
from blockdata.personal.names import find_names
from blockdata.personal.numbers import find_numbers, may_hold_any
from blockdata.personal.words import HONORIFICS, OTHER_LABELS, SURE_LABELS
from ingest.synthetic.words import FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE

PIECES = st.sampled_from(
    [
        *"13800138000０１幺三零王李张明伟先生女士联系人收件找电话微信号栋室房村路街道粤B",
        *"@.-+*()（）,，:：、 \u3000\u200b\n\t\0",
        "13800138000", "0755", "27881234", "11010519491231002X", "先生", "联系人", "身份证", "QQ",
        "微信", "海裕花园", "固戍一路168号", "3栋501", "粤B12345", "a@b.cn", "编号", "支付宝",
        "1234567",
        "123456", "abc12345", "护照", "卡号", "尾号", "分机", "张三", *HONORIFICS, *SURE_LABELS,
        *OTHER_LABELS,
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)

NAMES = st.builds(
    str.__add__,
    st.sampled_from(FAMILY_NAMES),
    st.text(st.sampled_from(GIVEN_MALE + GIVEN_FEMALE), min_size=1, max_size=2),
)
NUMBERS = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
GROUPS = st.sampled_from(
    ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "电话:{0}{1}{2}"]
)
PEOPLE = st.sampled_from(
    ["{name} {phone}", "{name}先生,{phone}", "联系人:{name},{phone}", "{phone}({name})"]
)
ADDRESSES = st.sampled_from(
    [
        "广东省深圳市宝安区西乡街道固戍社区固戍一路168号海裕花园3栋2单元501房",
        "固戍东区177号3栋501室",
        "松岗街道罗田社区广田路1号",
        "福华一路138号B栋1301-1302、1313-1314",
        "黄田村8巷13号",
        "石岩街道王家庄13-1-501",
        "房屋编码4403060020010100012000501",
    ]
)


@given(TEXTS)
@example("1380013800013800138000")
@example("138(13800138000)00138000")
@settings(deadline=None)
def test_nothing_is_left_to_find(text: str) -> None:
    stripped = strip_personal(text)
    assert find_personal(stripped.text) == []
    assert strip_personal(stripped.text) == (stripped.text, ())
    assert bool(stripped.kinds) == (stripped.text != text)


@given(TEXTS)
@settings(deadline=None, max_examples=400)
def test_a_text_that_is_skipped_holds_nothing(text: str) -> None:
    plain = fold(text).plain
    numbers = find_numbers(plain)
    assert may_hold_any(plain) or not [*numbers, *find_names(plain, numbers)]


@given(TEXTS)
@settings(deadline=None)
def test_findings_are_spans_in_order(text: str) -> None:
    at = 0
    for _, start, end in find_personal(text):
        assert at <= start < end <= len(text)
        at = end


@given(ADDRESSES, NAMES, NUMBERS, GROUPS, PEOPLE, st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_person_beside_an_address_goes_and_the_address_stays(
    address: str, name: str, number: str, groups: str, people: str, first: bool
) -> None:
    phone = groups.format(number[:3], number[3:7], number[7:])
    person = people.format(name=name, phone=phone)
    stripped = strip_personal(f"{person} {address}" if first else f"{address} {person}")
    assert "phone" in stripped.kinds
    assert stripped.text.startswith(address) or stripped.text.endswith(address)
    assert number[3:7] + number[7:] not in stripped.text
