"""What holds of the parser for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.address.parse import parse, parse_many

LEVELS = "广东省 深圳市 宝安区 西乡街道 固戍社区 固戍一路 168号 海裕花园 3栋 三幢 2单元 501 五楼"
OTHERS = ("-", " ", "(", ")", "对面", "路灯杆A12", "3网格", "深圳市", "\u200b", "１２", "、", "8号")
SET_APART = (
    "518101",
    "邮编",
    "13800138000",
    "K12+300",
    "107国道",
    "25公里处",
    "G4沈海高速",
    "西行",
)
INSIDE = (
    "(3栋)",
    "负一层",
    "之一",
    "机场",
    "T3",
    "华侨城",
    "第一工业区",
    "大道",
    "北",
    "成都高新区",
)
PIECES = st.sampled_from([*LEVELS.split(), *OTHERS, *SET_APART, *INSIDE])
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20)


@given(TEXTS)
@settings(deadline=None)  # the first example loads tables and weights
def test_tokens_cover_the_text_in_order(text: str) -> None:
    parsed = parse(text)
    at = 0
    for token in parsed.tokens:
        assert token.start == at < token.end
        assert token.text == parsed.text[token.start : token.end]
        assert 0 <= token.raw_start < token.raw_end <= len(text)
        at = token.end
    assert at == len(parsed.text)


@given(st.lists(TEXTS, max_size=4))
@settings(deadline=None)  # the first example loads tables and weights
def test_rows_do_not_touch_each_other(texts: list[str]) -> None:
    assert [p.tokens for p in parse_many(texts)] == [parse(t).tokens for t in texts]


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["栋", "幢", "号楼"]))
@settings(deadline=None)  # the first example loads tables and weights
def test_a_building_is_never_its_sibling(number: int, room: int, word: str) -> None:
    token = parse(f"宝安区西乡街道海裕花园{number}{word}2单元{100 + room}室").first("building")
    assert token is not None
    assert token.value == str(number)
