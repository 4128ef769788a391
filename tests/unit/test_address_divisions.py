"""Divisions as they are today: what a district implies, and which names of a prefix count."""

from collections import defaultdict

import pytest

from blockdata.address.levels import Level
from blockdata.address.normalise import normalise
from blockdata.address.parse import parse
from blockdata.address.parsing.gazetteer import divisions, short_name


@pytest.mark.parametrize(
    ("district", "city"),
    [
        ("甘井子区", "大连市"),
        ("涟水县", "淮安市"),
        ("石首市", "荆州市"),
        ("米易县", "攀枝花市"),
        ("利川市", "恩施土家族苗族自治州"),
        ("兴城市", "葫芦岛市"),
        ("九寨沟县", "阿坝藏族羌族自治州"),
        ("番禺市", "广州市"),  # a district of Guangzhou since, listed under no city at one time
    ],
)
def test_a_district_implies_its_city_of_today(district: str, city: str) -> None:
    assert parse(f"{district}人民路1号").implied()["city"] == city


def test_every_district_of_today_implies_no_city_but_its_own() -> None:
    city_of = {d.code: d.name for d in divisions() if d.level == "city" and d.status == "current"}
    cities: dict[str, set[str | None]] = defaultdict(set)
    for row in divisions():
        if row.level == "district" and row.status == "current" and len(row.code) == 6:
            cities[row.name].add(city_of.get(row.code[:4]))
    alone = {name: found.pop() for name, found in cities.items() if len(found) == 1}
    assert len(alone) > 2_700
    for name, city in alone.items():
        parsed = parse(name)
        if parsed.first("district") and parsed.text == name == parsed.tokens[0].text:
            assert parsed.implied().get("city") == city, name


def test_what_lies_directly_under_a_province_has_no_city() -> None:
    assert parse("五家渠市人民路1号").implied() == {"province": "新疆维吾尔自治区"}
    assert parse("仙桃市人民路1号").implied() == {"province": "湖北省"}
    cities = {row.name for row in divisions() if row.level == "city"}
    assert not {name for name in cities if "直辖" in name or name == "市"}


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("苏州市姑苏路1号", "江苏省"),
        ("深圳光明街道", "广东省"),
        ("北京朝阳区建国路1号", "北京市"),
        ("恩施州人民路1号", "湖北省"),
    ],
)
def test_a_city_alone_implies_its_province(text: str, province: str) -> None:
    assert parse(text).implied() == {"province": province}


def test_a_city_tells_which_of_two_districts_is_meant() -> None:
    assert parse("桥西区中山路1号").implied() == {"province": "河北省"}
    assert parse("长春市朝阳区人民路1号").implied() == {"province": "吉林省"}
    assert parse("恩施州利川市").implied() == {"province": "湖北省"}


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("内蒙古包头市昆都仑区1号", "province", "内蒙古"),
        ("广东省广州市广州大道北20号", "city", "广州市"),
        ("浙江宁波市宁波市镇海区人民路3号", "province", "浙江"),
        ("浙江宁波市宁波市镇海区人民路3号", "city", "宁波市"),
        ("广东佛山佛山市三水区西南街道1号", "city", "佛山市"),
        ("广东佛山佛山市三水区西南街道1号", "province", "广东"),
        ("北京北京市朝阳区建国路1号", "city", "北京市"),
        ("湖北神农架太阳村10组", "district", "神农架"),
        ("湖北神农架太阳村10组", "community", "太阳村"),
        ("四川成都高新区天府大道1号", "city", "成都"),
        ("四川成都高新区天府大道1号", "zone", "高新区"),
        ("江苏苏州工业园区星湖街1号", "district", "苏州工业园区"),  # which has a code of its own
    ],
)
def test_no_level_of_a_prefix_is_lost(text: str, level: Level, words: str) -> None:
    token = parse(text).first(level)
    assert token is not None
    assert token.text == words


def test_a_road_named_as_its_city_takes_no_level_away() -> None:
    levels = parse("广东省广州市广州大道北20号").levels()
    assert levels["road"].startswith("广州大道")
    assert levels["province"] == "广东省"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("浙江宁波市宁波市镇海区", "浙江宁波市镇海区"),
        ("黑龙江哈尔滨哈尔滨市道里区", "黑龙江哈尔滨市道里区"),
        ("广东佛山 佛山市", "广东佛山市"),
        ("吉林吉林市", "吉林吉林市"),
        ("浙江绍兴绍兴县", "浙江绍兴绍兴县"),
    ],
)
def test_a_level_said_twice_behind_a_short_province_is_said_once(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@pytest.mark.parametrize(
    ("level", "name", "short"),
    [
        ("province", "内蒙古自治区", "内蒙古"),
        ("province", "新疆维吾尔自治区", "新疆"),
        ("city", "阿坝藏族羌族自治州", "阿坝"),
        ("district", "前郭尔罗斯蒙古族自治县", "前郭尔罗斯"),
        ("district", "神农架林区", "神农架"),
        ("district", "六枝特区", "六枝"),
        ("district", "新林区", "新林"),
    ],
)
def test_short_names(level: str, name: str, short: str) -> None:
    assert short_name(level, name) == short
