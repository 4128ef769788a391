"""Sentences on a place say what is meant: no tie of what lies in the place that was said."""

import re
from pathlib import Path

import pytest

from blockdata.address.match import match_one
from tests.conftest import PROJECT
from tests.unit._address_library import small_library


@pytest.mark.parametrize("words", ["固戍一路168号海裕花园", "固戍一路168号"])
def test_what_lies_in_the_place_said_is_no_tie(words: str) -> None:
    why = match_one(small_library(), words).why
    assert "同样相符" not in why.zh
    assert "其下有 13 处" in why.zh
    assert "13 addresses lie there" in why.en


def _words_of_pages() -> dict[str, tuple[str, str]]:
    found = {}
    for name in ("i18n.js", "register-words.js", "clock.js"):
        text = (PROJECT / "maps" / "static" / "js" / name).read_text(encoding="utf-8")
        pairs = re.findall(r'(?:"([\w-]+)"|(\w+)): \[\s*"([^"]*)",\s*"([^"]*)",?\s*\]', text)
        found |= {quoted or plain: (zh, en) for quoted, plain, zh, en in pairs}
    return found


def test_pages_have_every_word_in_both_languages_and_name_no_command() -> None:
    words = _words_of_pages()
    assert len(words) > 150
    for key, (zh, en) in words.items():
        assert zh, key
        assert en, key
        assert sorted(re.findall(r"\{\d\}", zh)) == sorted(re.findall(r"\{\d\}", en)), key
        if key != "noAreasCure":  # nobody dispatches yet: whoever sets up reads it
            assert "blockdata " not in zh + en, key
            assert "--" not in zh + en, key


def test_every_word_that_a_page_says_is_known() -> None:
    words = _words_of_pages()
    folder = PROJECT / "maps" / "static"
    said = set()
    for path in [*Path(folder / "js").glob("*.js"), *folder.glob("*.html")]:
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\("([\w-]+)"', text))
        said |= set(re.findall(r'data-(?:say|label)="([\w-]+)"', text))
    assert said <= words.keys()
