"""What is said around a known name: quarters, former towns, unknown roads, corners, two addresses.

The library is one whose names are imported without structure, each with a line of text.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.gazetteer_build import build_gazetteer
from blockdata.address.match import match_many, match_normalised
from blockdata.address.normalise import normalise_many

# name, text, metres east of the first
ESTATES = (
    ("澜景花园", "(南山区石桥头)青藤路8号", 0),
    ("碧波苑", "(南山区石桥头)松涛路3号", 150),
    ("新鹭苑", "(南山区柳塘)新槐西路2号", 9000),
    ("桂香雅庭", "(南山区柳塘)荔枝大道与为农路交汇处", 9500),
    ("云栖公馆", "(龙岗区榕树坑)金穗路11号,银杏路3003号", 20000),
    ("鹿鸣府", "(龙岗区榕树坑)金穗路90号", 23000),
)
_METRES_PER_DEGREE = 102_800.0


@cache
def _library() -> Gazetteer:
    rows = pd.DataFrame(
        {
            "address_id": range(1, len(ESTATES) + 1),
            "level": "place",
            "parent_id": np.nan,
            "text_zh": normalise_many([text for _, text, _ in ESTATES]),
            "name_zh": [name for name, _, _ in ESTATES],
            "lon": [113.9 + east_m / _METRES_PER_DEGREE for _, _, east_m in ESTATES],
            "lat": 22.55,
        }
    )
    for column in ("code", "grid_code", "community_zh", "street_zh"):
        rows[column] = None
    return build_gazetteer(
        rows, pd.DataFrame(columns=["address_id", "level", "parent_id", "label_zh"])
    )


def _answer(asked: str) -> str | None:
    table = match_many(_library(), [asked])
    return ESTATES[int(table.node[0])][0] if table.level[0] else None


def _said(asked: str) -> dict[int, int]:
    said = match_normalised(_library(), normalise_many([asked])).said[0]
    return dict(enumerate(said.tolist()))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        # quarters between district and road: those of the library, and others
        ("南山石桥头青藤路8号澜景花园", "澜景花园"),
        ("南山-石桥头-青藤路澜景花园", "澜景花园"),
        ("南山-苇子岭-青藤路澜景花园", "澜景花园"),
        ("南山-苇子岭-青藤路8号澜景花园(2期)", "澜景花园"),
        ("(南山区苇子岭)青藤路8号澜景花园", "澜景花园"),
        ("南山-苇中心城-新槐西路新鹭苑", "新鹭苑"),
        # a quarter before a road and number, which a name confirms
        ("南山苇子岭青藤路8号澜景花园", "澜景花园"),
        # former towns
        ("南山区苇子镇青藤路8号澜景花园", "澜景花园"),
        ("南山区苇子镇澜景花园", "澜景花园"),
        # a road, or its number, that the register lacks is no part of the name
        ("南山-石桥头-无名路澜景花园", "澜景花园"),
        ("南山区无名路12号澜景花园", "澜景花园"),
        ("南山区无名三巷澜景花园", "澜景花园"),
        # the same road at another number
        ("南山-苇子岭-青藤路12号澜景花园", "澜景花园"),
        # corners, said and known
        ("南山区青藤路与无名路交汇处澜景花园", "澜景花园"),
        ("南山区松涛路与青藤路交汇处澜景花园", "澜景花园"),
        ("南山-柳塘-为农路桂香雅庭", "桂香雅庭"),
        ("南山-柳塘-荔枝大道,近为农路桂香雅庭", "桂香雅庭"),
        # either of two addresses
        ("龙岗区金穗路11号云栖公馆", "云栖公馆"),
        ("龙岗区银杏路3003号云栖公馆", "云栖公馆"),
        ("银杏路3003号", "云栖公馆"),
        # a road that passes close by the known one
        ("南山区松涛路澜景花园", "澜景花园"),
    ],
)
def test_what_is_said_around_a_known_name_does_not_hide_it(asked: str, name: str) -> None:
    assert _answer(asked) == name


@pytest.mark.parametrize(
    "asked",
    [
        # a known name within a longer unknown one
        "南山区东方澜景花园", "南山-苇子岭-大澜景花园", "青藤路99号东方澜景花园",
        # another district, or a road that is far away
        "龙岗-苇子岭-澜景花园", "南山区新槐西路澜景花园", "南山区新槐西路77号澜景花园",
        "龙岗区银杏路鹿鸣府", "龙岗区银杏路3003号鹿鸣府",
        # nothing that is known
        "南山-苇子岭-无名路无名花园", "南山区苇子镇无名路12号",
    ],
)  # fmt: skip
def test_a_contradiction_or_a_longer_name_is_still_no_answer(asked: str) -> None:
    assert _answer(asked) is None


@pytest.mark.parametrize(
    ("asked", "column", "value"),
    [
        ("南山-苇子岭-青藤路8号", k.S_AREA, 3),
        ("南山-苇子岭-青藤路8号", k.S_UNKNOWN, 0),
        ("南山-苇子岭-青藤路8号", k.S_UNKNOWN_ESTATE, 0),
        ("南山区苇子镇青藤路8号", k.S_AREA, 3),
        ("南山区苇子街道办事处青藤路8号", k.S_AREA, 7),
        # a building is no quarter
        ("南山-无名大厦-青藤路8号", k.S_AREA, 0),
        ("南山-无名大厦-青藤路8号", k.S_UNKNOWN, 4),
        # nor is what stands behind the road
        ("青藤路8号苇子岭", k.S_AREA, 0),
        ("南山区无名路12号澜景花园", k.S_UNKNOWN_ROAD, 1),
        ("南山区无名路12号澜景花园", k.S_UNKNOWN, 0),
        ("南山区无名大道澜景花园", k.S_UNKNOWN_ROAD, 1),
        ("南山区无名街道澜景花园", k.S_UNKNOWN_ROAD, 0),
        ("青藤路与松涛路交汇处", k.S_UNKNOWN, 0),
    ],
)
def test_words_are_read_as_what_they_are(asked: str, column: int, value: int) -> None:
    assert _said(asked)[column] == value


def test_both_roads_of_a_corner_are_read() -> None:
    assert _said("青藤路与松涛路交汇处")[k.S_ROAD2] >= 0
    assert _said("青藤路8号")[k.S_ROAD2] < 0


def test_a_road_close_by_is_told_from_one_far_away() -> None:
    table = match_many(
        _library(), ["松涛路澜景花园", "松涛路7号澜景花园", "新槐西路澜景花园"], explained=True
    )
    near, numbered, far = (int(evidence) for evidence in table.found[:, k.A_NUMBER])
    assert near == 10 + k.BESIDE_ROAD
    assert numbered == k.BESIDE_ROAD
    assert far == 10 + k.CONTRADICTS
