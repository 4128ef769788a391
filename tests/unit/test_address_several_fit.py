"""What fits two places is refused with both; suggestions name each address once."""

import pytest

from blockdata.address.search import Suggester
from tests.unit._address_library import small_library
from tests.unit._imported_library import answered, closest, imported

ENTRIES = (
    "永和路35号", "永和路350号", "71区创业花园12栋", "72区创业花园12栋", "前进二路8号甲",
    "前进二路8号", "73区怡安花园3栋", "74区花园",
)  # fmt: skip


@pytest.fixture(scope="module")
def library():
    return imported(*ENTRIES)


@pytest.fixture(scope="module")
def suggester(library) -> Suggester:
    return Suggester(library)


@pytest.mark.parametrize("asked", ["创业花园12栋", "创业花园"])
def test_a_name_in_two_numbered_areas_lists_both(library, asked: str) -> None:
    assert closest(library, asked) == ["3", "4"]


def test_the_area_tells_them_apart_and_is_not_needed_for_one(library) -> None:
    assert answered(library, "71区创业花园12栋") == 3
    assert answered(library, "宝安72区创业花园12栋") == 4
    assert answered(library, "怡安花园3栋") == 7
    assert answered(library, "花园") is None


@pytest.mark.parametrize(
    "typed", ["永和路35", "71区创业", "前进二路8", "前进二路8号", "创业花园12"]
)
def test_each_id_is_suggested_once(suggester: Suggester, typed: str) -> None:
    ids = [found.place.address_id for found in suggester.suggest(typed)]
    assert ids
    assert len(set(ids)) == len(ids)


def test_the_exact_number_is_suggested_first(suggester: Suggester) -> None:
    assert [s.place.address_id for s in suggester.suggest("前进二路8")] == [6, 5]
    assert [s.place.address_id for s in suggester.suggest("永和路35")] == [1, 2]


@pytest.mark.parametrize("typed", ["yhl, 35", "yhl 35", "永和路,35", "yong he lu 35", "yhl、35"])
def test_marks_and_blanks_do_not_matter(suggester: Suggester, typed: str) -> None:
    found = [s.place.address_id for s in suggester.suggest(typed)]
    assert found == [s.place.address_id for s in suggester.suggest("yhl35")] == [1, 2]


@pytest.mark.parametrize("typed", ["gsyl 168", "固戍一路,168", "固戍一路 168", "西乡 gsyl-168"])
def test_marks_and_blanks_do_not_matter_in_a_tree(typed: str) -> None:
    first = Suggester(small_library()).suggest(typed)[0]
    assert first.place.text.endswith("固戍一路168号")
