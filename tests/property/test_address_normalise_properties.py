"""What holds of the normaliser for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockdata.address.normalise import normalise, normalise_each, normalise_many

NUMERALS = "一二三十百零〇两廿壹第之"
WORDS = "号栋幢座楼层室房单元组期区巷路街道村镇市省县梯"
MARKS = "#-、,;/~ \u3000\n\0\u200b０１２ＡｂF業"
NAMES = ("号楼", "大道", "广东省", "深圳市", "深圳", "宝安区", "固戍", "社区", "12", "03")
TWICE = ("深圳市深圳市", "宝安区-宝安区")
PIECES = st.sampled_from([*NUMERALS, *WORDS, *MARKS, *NAMES, *TWICE])
TEXTS = st.lists(PIECES, max_size=16).map("".join) | st.text(max_size=20)


@given(TEXTS)
@settings(deadline=None)  # the first example loads tables and weights
def test_twice_changes_nothing(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.lists(TEXTS, max_size=6))
@settings(deadline=None)  # the first example loads tables and weights
def test_a_batch_equals_its_rows(texts: list[str]) -> None:
    assert normalise_many(texts) == [normalise(text).text for text in texts]


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
