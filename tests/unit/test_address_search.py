"""Half-typed words in characters, pinyin, initials and mixtures."""

import pytest

from blockdata.address.search import Suggester
from tests.unit._address_library import small_library


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(small_library())


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("gsyl168", "固戍一路168号"),
        ("GSYL168", "固戍一路168号"),
        ("gushuyilu168", "固戍一路168号"),
        ("固戍yl168", "固戍一路168号"),
        ("固戍一路168", "固戍一路168号"),
        ("西乡固戍一路17", "固戍一路170号"),
        ("固戍东区177", "固戍东区177号"),
        ("hyhy3", "海裕花园3栋"),
        ("haiyuhuay", "海裕花园"),
        ("海裕", "海裕花园"),
        ("海裕花园3栋2单元501", "海裕花园3栋2单元501房"),
    ],
)
def test_the_first_suggestion(suggester: Suggester, typed: str, ends: str) -> None:
    assert suggester.suggest(typed)[0].place.text.endswith(ends)


def test_nothing_fits(suggester: Suggester) -> None:
    assert suggester.suggest("zzzz") == []
    assert suggester.suggest("") == []


def test_limit_and_no_text_twice(suggester: Suggester) -> None:
    texts = [s.place.text for s in suggester.suggest("g", limit=5)]
    assert len(texts) == 5
    assert len(set(texts)) == 5


def test_what_is_near_comes_first(suggester: Suggester) -> None:
    library = small_library()
    for node in range(len(library)):
        if library.text(node).endswith("翠景苑"):
            near = (float(library.lon[node]), float(library.lat[node]))
            assert suggester.suggest("cjy", near=near)[0].place.text == library.text(node)


def test_a_code_finds_its_address(suggester: Suggester) -> None:
    code = small_library().code(3)
    assert code is not None
    found = suggester.suggest(code)
    assert [s.place.address_id for s in found] == [int(small_library().address_id[3])]
