"""A district, street or road that was said and is known to be another makes an answer unsure."""

from functools import cache

import pytest

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import match_many
from tests.unit._imported_library import answered, closest, imported

ENTRIES = (
    "南山区青藤路8号澜景花园2栋", "南山区青藤路8号澜景花园", "南山区柳岸路2号",
    "南山区松涛路3号碧波苑", "南山区松涛路9号", "盐田区金穗路8号", "龙岗区龙城街道花半湾1栋",
    "龙岗区龙城街道花半湾", "龙岗区横岗街道为农路1号", "南山区荔枝路4号桂香2栋",
    "南山区荔枝路4号桂香", "南山区新槐西路2号新鹭苑",
)  # fmt: skip


@cache
def _library() -> Gazetteer:
    return imported(*ENTRIES, city="广东省深圳市")


@pytest.mark.parametrize(
    "asked",
    [
        "盐田区金穗路澜景花园", "盐田区澜景花园2栋", "福田区花半湾", "福田区松涛路9号",
        "龙岗区横岗花半湾", "横岗街道花半湾1栋",
        "柳岸路碧波苑", "柳岸路9号碧波苑", "柳岸路2号碧波苑", "松涛路9号碧波苑",
    ],
)  # fmt: skip
def test_a_contradiction_is_no_answer(asked: str) -> None:
    assert closest(_library(), asked)
    assert float(match_many(_library(), [asked]).probability[0]) < 0.6


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ("南山区澜景花园2栋", "南山区青藤路8号澜景花园2栋"),
        ("青藤路澜景花园", "南山区青藤路8号澜景花园"),
        ("松涛路碧波苑", "南山区松涛路3号碧波苑"),
        ("碧波苑", "南山区松涛路3号碧波苑"),
        ("龙城花半湾1栋", "龙岗区龙城街道花半湾1栋"),
        # a road, its number and the name outweigh a wrong district
        ("福田区松涛路3号碧波苑", "南山区松涛路3号碧波苑"),
        ("新西路2号新鹭苑", "南山区新槐西路2号新鹭苑"),
        ("桂香2栋", "南山区荔枝路4号桂香2栋"),
    ],
)
def test_what_agrees_is_an_answer(asked: str, entry: str) -> None:
    assert answered(_library(), asked) == ENTRIES.index(entry) + 1


@pytest.mark.parametrize("asked", ["荔园新村2栋桂香阁", "桂香阁", "桂香轩2栋", "桂香苑"])
def test_a_known_name_within_a_longer_one_is_not_meant(asked: str) -> None:
    assert answered(_library(), asked) is None


@pytest.mark.parametrize("asked", ["新西路2号东海信息港", "新槐西路2号东海信息港"])
def test_a_known_number_with_another_name_is_no_answer(asked: str) -> None:
    assert answered(_library(), asked) is None
