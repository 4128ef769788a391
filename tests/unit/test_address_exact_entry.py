"""Of entries that share a number, the one that was asked for is the answer."""

from functools import cache

import pytest

from blockdata.address.gazetteer import Gazetteer
from tests.unit._imported_library import answer, answered, closest, imported

ENTRIES = (
    "前进二路8号甲", "前进二路8号", "前进二路甲8号", "宝民一路215号之二", "宝民一路215号",
    "中心路12号院3栋", "中心路12号", "创业二路1号", "创业二路1-3号", "创业二路3号",
    "望海路23号之一五楼", "望海路23号", "秋月路18号3栋1层", "秋月路18号3栋首层",
    "秋月路18号3栋负一层", "秋月路6号3栋501室", "秋月路6号4栋501室", "秋月路6号4栋",
    "秋月路12345号甲", "秋月路12345号", "永和路35号", "永和路350号", "石龙仔路12巷3号",
)  # fmt: skip


@cache
def _library() -> Gazetteer:
    return imported(*ENTRIES)


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("前进二路8号", "前进二路8号"),
        ("前进二路8号甲", "前进二路8号甲"),
        ("前进二路8甲号", "前进二路8号甲"),
        ("前进二路8号甲三楼", "前进二路8号甲"),
        ("前进二路甲8号", "前进二路甲8号"),
        ("宝民一路215号", "宝民一路215号"),
        ("宝民一路215号之二", "宝民一路215号之二"),
        ("宝民一路215-2号", "宝民一路215号之二"),
        ("宝民一路215号之2", "宝民一路215号之二"),
        ("宝民一路215之二号", "宝民一路215号之二"),
        ("中心路12号", "中心路12号"),
        ("中心路12号院3栋", "中心路12号院3栋"),
        ("创业二路1~3号", "创业二路1-3号"),
        ("创业二路1至3号", "创业二路1-3号"),
        ("创业二路1—3号", "创业二路1-3号"),
        ("创业二路1号", "创业二路1号"),
        ("创业二路3号", "创业二路3号"),
        ("望海路23号之一五楼", "望海路23号之一五楼"),
        ("望海路23-1号5层", "望海路23号之一五楼"),
        ("望海路23号", "望海路23号"),
        ("秋月路18号3栋地下一层", "秋月路18号3栋负一层"),
        ("秋月路18号3栋B1层", "秋月路18号3栋负一层"),
        ("秋月路18号3栋1层", "秋月路18号3栋1层"),
        ("秋月路18号3栋一楼", "秋月路18号3栋1层"),
        ("秋月路18号3栋首层", "秋月路18号3栋首层"),
        ("秋月路6号3栋501房", "秋月路6号3栋501室"),
        ("秋月路6号4栋", "秋月路6号4栋"),
        ("秋月路6号4栋501", "秋月路6号4栋501室"),
        ("秋月路12345号甲", "秋月路12345号甲"),
        ("秋月路12345号", "秋月路12345号"),
        ("永和路35号", "永和路35号"),
        ("永和路350号", "永和路350号"),
        ("石龙仔路十二巷三号", "石龙仔路12巷3号"),
        ("518101 创业二路3号", "创业二路3号"),
    ],
)
def test_the_entry_itself_is_the_answer(asked: str, entry: str) -> None:
    found = answer(_library(), asked)
    assert found is not None
    assert found.level == "place"
    assert found.matched.address_id == ENTRIES.index(entry) + 1


@pytest.mark.parametrize("entries", [ENTRIES, ENTRIES[::-1]])
def test_the_order_of_the_register_does_not_matter(entries: tuple[str, ...]) -> None:
    library = imported(*entries)
    for asked in (
        "前进二路8号",
        "宝民一路215号",
        "中心路12号",
        "秋月路6号4栋",
        "秋月路18号3栋首层",
    ):
        assert answered(library, asked) == entries.index(asked) + 1


@pytest.mark.parametrize(
    ("asked", "main"),
    [("宝民一路215号之一", "宝民一路215号"), ("前进二路8号乙", "前进二路8号")],
)
def test_an_absent_sub_number_is_its_main_number_and_says_so(asked: str, main: str) -> None:
    found = answer(_library(), asked)
    assert found is not None
    assert (found.level, found.matched.address_id) == ("number", ENTRIES.index(main) + 1)
    assert found.probability <= 0.95
    assert "附号" in found.why.zh
    assert "sub-number" in found.why.en


def test_an_absent_range_is_not_one_of_its_ends() -> None:
    found = answer(_library(), "创业二路1-5号")
    assert found is not None
    assert found.level == "road"


@pytest.mark.parametrize("asked", ["秋月路18号3栋2层", "秋月路6号3栋502房"])
def test_another_storey_or_room_is_no_answer(asked: str) -> None:
    assert closest(_library(), asked)
