"""Words that people give: what is text and what is not, and how an error quotes them."""

import pytest

from blockdata.address.register.words import clean_label, clean_words
from blockdata.clean import clean_text, shown
from blockdata.errors import InputError
from blockdata.ids import MAX_ID, read_id
from blockdata.text import Text

CURE = Text("写明", "write it")
NO_TEXT = ["a\0b", "\udcff", "西乡\ud83d", "\udfff"]


@pytest.mark.parametrize("words", ["", "西乡街道", " a\tb\n", "👮", "\x1b[31m", "\ufffd"])
def test_text_stays_as_it_is(words: str) -> None:
    assert clean_text(words, "address") == words


@pytest.mark.parametrize("words", NO_TEXT)
@pytest.mark.parametrize("clean", [clean_text, lambda w, f: clean_words(w, f, CURE),
                                   lambda w, f: clean_label(w, f, CURE)])  # fmt: skip
def test_what_no_database_holds_is_refused_by_the_same_words(clean, words: str) -> None:
    with pytest.raises(InputError) as refused:
        clean(words, "address")
    assert refused.value.field == "address"
    assert refused.value.detail.en == "it holds characters that are no text"
    assert refused.value.cure is not None


def test_words_to_keep_have_single_blanks_and_no_control_characters() -> None:
    assert clean_words("  固戍\t一路  168号 ", "label", CURE) == "固戍 一路 168号"
    for words in ("   ", "a\x1bb", "长" * 201):
        with pytest.raises(InputError):
            clean_words(words, "label", CURE)


def test_an_error_quotes_what_was_given_on_one_line_and_not_all_of_it() -> None:
    assert shown("固戍一路") == "固戍一路"
    assert shown("a\udcff\0\n") == r"a\udcff\x00\n"
    assert shown("长" * 1000) == "长" * 60 + "…"


def test_ids_are_digits_below_what_json_and_the_database_hold() -> None:
    assert read_id("0", "address_id") == 0
    assert read_id(str(MAX_ID), "address_id") == MAX_ID
    for words in ("", "-1", "1.0", "١٢", "1e3", " 1", str(MAX_ID + 1), "9" * 5000, "\udcff", "x"):
        with pytest.raises(InputError) as refused:
            read_id(words, "address_id")
        assert refused.value.field == "address_id"
        assert refused.value.cure is not None
