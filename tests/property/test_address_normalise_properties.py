"""What holds of the normaliser for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.address.normalise import (
    normalise,
    normalise_each,
    normalise_many,
    normalised_points,
)

NUMERALS = "一二三十百零〇两廿壹第之"
WORDS = "号栋幢座楼层室房单元组期区巷路街道村镇市省县梯"
MARKS = "#-、,;/~灯杆 \u3000\n\0\u200b０１２ＡｂF業"
NAMES = ("号楼", "大道", "广东省", "深圳市", "深圳", "宝安区", "固戍", "社区", "12", "03")
TWICE = ("深圳市深圳市", "宝安区-宝安区")
PIECES = st.sampled_from([*NUMERALS, *WORDS, *MARKS, *NAMES, *TWICE])
TEXTS = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=20)

# what the kernel of lines rewrites by hand, and what turns its rules aside
TAILS = st.sampled_from(
    [
        *"号#栋幢座楼房间室屋产号单元梯上下顶道0019AZ.-固七区网格村大路街里#3 ",
        "007",
        "房间",
        "号栋楼",
        "二七区",
        "十",
        "二十三",
        "百零八",
        "廿一",
        "五零二",
        "水库",
        "、二",
    ]
)
NUMBERED = st.lists(TAILS, min_size=1, max_size=9).map("".join).map("固戍1".__add__) | st.lists(
    st.one_of(TAILS, PIECES), max_size=9
).map("".join)


@given(TEXTS)
@settings(deadline=None)  # the first example loads tables and weights
def test_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.lists(TEXTS, max_size=6))
@settings(deadline=None)  # the first example loads tables and weights
def test_a_batch_equals_its_rows(texts: list[str]) -> None:
    assert normalise_many(texts) == [normalise(text).text for text in texts]


@given(st.lists(TEXTS | NUMBERED, max_size=12))
@settings(deadline=None, max_examples=400)  # the first example loads tables and weights
def test_the_short_way_leads_where_the_patterns_lead(texts: list[str]) -> None:
    points = normalised_points(texts)
    assert len(points.offsets) == len(texts) + 1
    got = [points.text(i) for i in range(len(texts))]
    assert got == [normalise(text).text for text in texts]


@given(st.lists(TEXTS, max_size=6))
@settings(deadline=None)  # the first example loads tables and weights
def test_a_batch_is_explained_as_its_rows_are(texts: list[str]) -> None:
    assert normalise_each(texts) == [normalise(text) for text in texts]


@given(TEXTS)
@settings(deadline=None)  # the first example loads tables and weights
def test_every_character_comes_from_somewhere(text: str) -> None:
    result = normalise(text)
    assert len(result.raw_start) == len(result.raw_end) == len(result.text)
    assert all(
        0 <= a < b <= len(text) for a, b in zip(result.raw_start, result.raw_end, strict=True)
    )
    assert list(result.raw_start) == sorted(result.raw_start)
