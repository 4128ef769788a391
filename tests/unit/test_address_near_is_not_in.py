"""What lies beside a room is not that room; storeys lead to their building."""

import pytest

from tests.unit._address_library import small_library
from tests.unit._imported_library import answer, answered, closest, imported


@pytest.mark.parametrize(
    "near",
    [
        "501房对面", "2单元501房对面", "2单元502房隔壁", "2单元501楼上", "2单元501房楼下",
        "2单元501房 对面", "2单元501室往北50米", "501房与502房之间", "2单元501对门",
    ],
)  # fmt: skip
def test_a_room_may_be_a_landmark_only(near: str) -> None:
    found = answer(small_library(), "海裕花园3栋" + near)
    assert found is not None
    assert found.level == "building"
    assert found.matched.text.endswith("海裕花园3栋")
    assert "房号只是参照物" in found.why.zh
    assert "room named is only a landmark" in found.why.en


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        ("固戍一路168号往北50米", "固戍一路168号"),
        ("固戍一路168号以北50米", "固戍一路168号"),
        ("固戍一路170号西北500米", "固戍一路170号"),
        ("固戍一路170号西北五百米处", "固戍一路170号"),
        ("固戍一路170号往北两公里", "固戍一路170号"),
        ("海裕花园3栋往东约20米左右", "海裕花园3栋"),
        ("固戍一路170号附近", "固戍一路170号"),
        ("海裕花园后面200米处", "海裕花园"),
    ],
)
def test_a_distance_makes_a_landmark_and_says_so(asked: str, ends: str) -> None:
    found = answer(small_library(), asked)
    assert found is not None
    assert found.matched.text.endswith(ends)
    assert "只是参照物" in found.why.zh
    assert "only a landmark" in found.why.en


@pytest.mark.parametrize(
    "asked", ["固戍一路170号往北50米海裕花园3栋", "固戍一路170号50米外海裕花园3栋"]
)
def test_a_place_behind_a_distance_is_the_place(asked: str) -> None:
    found = answer(small_library(), asked)
    assert found is not None
    assert found.matched.text.endswith("海裕花园3栋")


def test_a_name_with_the_word_for_metres_is_no_distance() -> None:
    assert answer(small_library(), "宝安区米海裕花园3栋") is None


@pytest.mark.parametrize(
    "asked",
    ["海裕花园3栋2单元501房", "海裕花园3栋2单元501房,对面有人", "海裕花园3栋2单元501房(有人)"],
)
def test_a_room_stays_a_room(asked: str) -> None:
    found = answer(small_library(), asked)
    assert found is not None
    assert found.level == "room"


def test_of_a_register_of_rooms_none_is_answered_for_what_lies_beside() -> None:
    library = imported("秋月路6号3栋501室", "秋月路6号4栋501室", "秋月路6号4栋")
    assert closest(library, "秋月路6号3栋501房对面")
    assert answered(library, "秋月路6号4栋501房对面") == 3


@pytest.mark.parametrize(
    "storey",
    [
        "首层", "负一层", "负1层", "负一楼", "地下室", "夹层", "天台", "楼顶", "一楼", "B1层",
        "B1F", "地下一层", "地下1楼", "架空层", "1层",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["海裕花园3栋", "固戍一路170号"])
def test_a_storey_leads_to_its_building(place: str, storey: str) -> None:
    found = answer(small_library(), place + storey)
    assert found is not None
    assert found.level == "building"
    assert found.matched.text.endswith(place)


def test_a_shop_of_a_podium_leads_to_the_podium() -> None:
    library = imported("秋月路5号壹方中心裙楼", "秋月路5号壹方中心1栋")
    assert answered(library, "壹方中心裙楼3层L3-012") == 1
    assert answered(library, "秋月路5号壹方中心裙楼3层L3-012") == 1
