"""From the words of an address to its levels."""

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest

from blockdata.address.levels import FROM_NAACL, LEVELS, Level
from blockdata.address.parse import parse, parse_many
from blockdata.address.parse_command import LEVEL_NAMES
from blockdata.address.parse_command import parse as parse_command
from blockdata.address.parsing.gazetteer import (
    communities,
    divisions,
    short_name,
)
from blockdata.address.parsing.model import TAGS
from blockdata.errors import BadFile, InputError

FULL = "广东省深圳市宝安区西乡街道固戍社区固戍一路168号海裕花园3栋2单元501房"
FULL_LEVELS = {
    "province": "广东省",
    "city": "深圳市",
    "district": "宝安区",
    "street": "西乡街道",
    "community": "固戍社区",
    "road": "固戍一路",
    "number": "168号",
    "estate": "海裕花园",
    "building": "3栋",
    "unit": "2单元",
    "room": "501室",
}


def test_a_full_address_has_all_its_levels() -> None:
    assert parse(FULL).levels() == FULL_LEVELS


@pytest.mark.parametrize(
    "written",
    [
        "广东省深圳市宝安区西乡街道固戍社区固戍一路168号海裕花园三栋二单元501室",
        "广东省深圳市宝安区西乡街道固戍社区固戍1路168号海裕花园3幢2单元501房",
        "广东省深圳市宝安区西乡街道固戍社区固戍一路１６８号海裕花园３號樓２單元５０１室",
        "广东省深圳市广东省深圳市宝安区西乡街道固戍社区固戍一路168号海裕花园3#2单元501室",
    ],
)
def test_written_forms_give_the_same_levels(written: str) -> None:
    assert parse(written).levels() == FULL_LEVELS


def test_numbers_have_a_value_that_compares_exactly() -> None:
    values = {t.level: t.value for t in parse("海裕花园13栋A单元5楼501房").tokens}
    assert values["building"] == "13"
    assert values["room"] == "501"
    assert values["estate"] is None


def test_spans_lie_in_both_texts() -> None:
    for token in parse(FULL).tokens:
        assert parse(FULL).text[token.start : token.end] == token.text
        assert FULL[token.raw_start : token.raw_end][:-1] == token.text[:-1]


def test_every_token_names_its_rule() -> None:
    rules = {t.level: t.rule for t in parse(FULL).tokens}
    assert rules["province"] == "gazetteer"
    assert rules["road"] == "ends in 路"
    assert all(rules.values())


def test_levels_left_out_follow_from_the_district() -> None:
    assert parse("宝安区西乡街道固戍一路168号").implied() == {
        "province": "广东省",
        "city": "深圳市",
    }
    assert parse("朝阳区建国路1号").implied() == {}  # Beijing's or Changchun's
    assert parse("固戍一路168号").implied() == {}


def test_a_lamp_post_is_its_own_level() -> None:
    token = parse("宝安区西乡街道固戍一路路灯杆编号A1203").first("lamp_post")
    assert token is not None
    assert token.value == "A1203"
    assert token.rule == "words of a lamp post"


def test_a_grid_is_its_own_level() -> None:
    token = parse("宝安区西乡街道固戍社区第12网格").first("grid")
    assert token is not None
    assert token.value == "12"


@pytest.mark.parametrize(
    ("text", "landmark"),
    [("宝安区固戍一路168号对面", "对面"), ("宝安大道与固戍一路交叉口", "交叉口")],
)
def test_landmark_phrases(text: str, landmark: str) -> None:
    assert landmark in [t.text for t in parse(text).tokens if t.level == "landmark"]


def test_brackets_between_levels_are_remarks() -> None:
    tokens = parse("深圳市罗湖区莲塘兴业路98号(恒昌集团后面)").tokens
    assert (tokens[-1].level, tokens[-1].text) == ("remark", "(恒昌集团后面)")


@pytest.mark.parametrize(
    ("written", "level", "value"),
    [
        ("固戍第一工业区A座、B座、C座", "building", "A、B、C"),
        ("固戍第一工业区3栋5栋", "building", "3、5"),
        ("固戍第一工业区8栋2楼4楼5楼", "floor", "2、4、5"),
        ("海裕大厦3楼12A.12B", "room", "12A.12B"),
    ],
)
def test_several_of_a_level_are_one_token(written: str, level: Level, value: str) -> None:
    found = [t for t in parse(f"深圳市宝安区西乡街道{written}").tokens if t.level == level]
    assert [t.value for t in found] == [value]


def test_a_building_within_a_building_is_no_list() -> None:
    levels = parse("深圳市宝安区西乡街道海裕花园3栋B座501").levels()
    assert (levels["building"], levels["unit"]) == ("3栋", "B栋")


def test_levels_come_in_order() -> None:
    levels = parse("上海市静安区柳营路669弄14号1102").levels()
    assert (levels["number"], levels["building"], levels["room"]) == ("669弄", "14号", "1102")


def test_a_place_on_a_road_is_no_part_of_what_stands_before_the_road() -> None:
    levels = parse("深圳市南山区恒昌工业园兴业路12号海裕大厦3楼").levels()
    assert levels["estate"] == "恒昌工业园 海裕大厦"


def test_a_part_of_works_is_told_from_the_works() -> None:
    levels = parse("深圳市宝安区西乡街道固戍社区恒昌工业区二期5栋厂房3楼东侧").levels()
    assert levels["estate"] == "恒昌工业区"
    assert levels["subpoi"] == "2期 厂房"
    assert levels["landmark"] == "东侧"


def test_a_list_parses_as_its_members_do() -> None:
    texts = [FULL, "", "固戍一路", "3-2-501"]
    assert [p.tokens for p in parse_many(texts)] == [parse(t).tokens for t in texts]


def test_every_label_and_tag_maps_on_a_level() -> None:
    assert set(TAGS) <= set(LEVELS)
    assert {level for level in FROM_NAACL.values() if level} <= set(LEVELS)
    assert set(LEVEL_NAMES) == set(LEVELS)


def test_the_gazetteer_knows_the_district() -> None:
    names = {row.name for row in divisions() if row.code.startswith("440306")}
    assert {"宝安区", "西乡街道", "航城街道"} <= names
    assert short_name("street", "西乡街道") == "西乡"
    assert short_name("district", "城区") is None


def test_the_gazetteer_knows_communities_by_their_street() -> None:
    here = [name for code, names in communities().items() if code[:6] == "440306" for name in names]
    assert {"固戍", "万丰"} <= set(here)


def test_of_two_prefixes_the_one_next_to_the_rest_counts() -> None:
    parsed = parse("安徽省宿州市浙江省平湖市独山港镇建设路12号")
    assert parsed.levels()["province"] == "浙江省"
    assert parsed.levels()["district"] == "平湖市"
    assert [t.level for t in parsed.tokens[:2]] == ["remark", "remark"]


def test_a_part_without_a_place_is_the_place() -> None:
    for text in ("固戍一路168号东区", "西乡街道二期3栋", "宝安大道88号裙楼"):
        levels = [t.level for t in parse(text).tokens]
        if "subpoi" in levels:
            before = levels[: levels.index("subpoi")]
            assert {"poi", "estate", "building", "community"} & set(before)


def test_a_place_behind_the_door_of_a_place_is_part_of_it() -> None:
    parsed = parse("宝安区西乡街道固戍第一工业区12号恒昌电子有限公司")
    levels = [t.level for t in parsed.tokens]
    assert levels[-3:] == ["estate", "number", "subpoi"]


def test_the_command_prints_one_object_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "addresses.txt"
    file.write_text(f"{FULL}\n固戍一路168号\n", encoding="utf-8")
    parse_command(None, file, as_json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == [FULL, "固戍一路168号"]
    assert lines[0]["levels"] == FULL_LEVELS


def test_the_command_prints_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    parse_command("固戍1路168号", None, as_json=False)
    assert "道路\t固戍一路" in capsys.readouterr().out


def test_the_command_wants_one_of_text_and_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        parse_command(None, None, as_json=False)
    with pytest.raises(BadFile):
        parse_command(None, tmp_path / "none.txt", as_json=False)


def test_the_hand_labels_cover_their_rows_without_overlap() -> None:
    path = Path(__file__).parents[1] / "acceptance" / "company_labels.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len({row["row"] for row in rows}) == 500
    for row in rows:
        spans = [s.split(":") for s in row["labels"].split()]
        ends = [tuple(map(int, span.split("-"))) for span, _ in spans]
        assert ends[0][0] == 0
        assert all(a[1] == b[0] for a, b in pairwise(ends))
        assert {level for _, level in spans} <= set(LEVELS)
