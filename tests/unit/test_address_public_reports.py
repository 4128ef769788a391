"""Addresses modelled on public reports about other parsers: what came out right must stay so."""

import pytest

from blockdata.address.parse import parse

CASES: dict[str, dict[str, str]] = {
    # names inside names
    "莞城区东莞大道万科大厦": {"road": "东莞大道", "estate": "万科大厦"},
    "下城区青春街40号3楼": {
        "district": "下城区", "road": "青春街", "number": "40号", "floor": "3层",
    },
    "徐汇区陕西南路666弄": {"district": "徐汇区", "road": "陕西南路", "number": "666弄"},
    "北海市重庆路其仓11号": {"city": "北海市", "road": "重庆路", "number": "11号"},
    "石景山区老山东里": {"district": "石景山区", "street": "老山", "community": "东里"},
    "楚雄州楚雄市鹿城镇": {"city": "楚雄州", "district": "楚雄市", "street": "鹿城镇"},
    # county-level cities, prefectures, traditional script, a city and a county of one name
    "东兴市东兴镇解放路3号": {"district": "东兴市", "street": "东兴镇", "road": "解放路"},
    "元阳县黄茅岭乡": {"district": "元阳县", "street": "黄茅岭乡"},
    "无为市无城镇1号": {"district": "无为市", "street": "无城镇", "number": "1号"},
    "廣東省東莞市虎門鎮人民路3號": {
        "province": "广东省", "city": "东莞市", "street": "虎门镇", "number": "3号",
    },
    "邵阳县长乐乡大田村": {"district": "邵阳县", "street": "长乐乡", "community": "大田村"},
    "香港东路6号,5号楼,8号室": {
        "road": "香港东路", "number": "6号", "building": "5栋", "room": "8室",
    },
    "北京朝阳区建国路88号": {"city": "北京", "district": "朝阳区", "road": "建国路"},
    # a door behind a stroke, and the storey behind it
    "望海路23-1号5层": {"road": "望海路", "number": "23-1号", "floor": "5层"},
    "红桂路4-1号4层402室": {
        "road": "红桂路", "number": "4-1号", "floor": "4层", "room": "402室",
    },
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_levels_are_read_as_written(text: str) -> None:
    levels = parse(text).levels()
    assert {level: levels.get(level) for level in CASES[text]} == CASES[text]


def test_a_town_said_twice_is_no_other_level() -> None:
    parsed = parse("织里镇织里镇富民路12号")
    assert {t.level for t in parsed.tokens} == {"remark", "street", "road", "number"}
    assert parsed.levels()["road"] == "富民路"
