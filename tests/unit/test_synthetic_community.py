"""One community of the demo district, whole: places, codes, words and people."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from blockdata.identifiers import check_citizen_number, check_credit_code, parse_house_code
from blockdata.profile import load_profile
from ingest.synthetic.community import Build, community_rows
from ingest.synthetic.district import district_rows, quotas_by_community
from ingest.synthetic.geography.build import build_geography

PROFILE = load_profile("baoan")


def build(seed=1, scale=0.001):
    geography = build_geography(PROFILE, seed, scale)
    return Build(PROFILE, seed, 1, geography, quotas_by_community(PROFILE, geography))


def tables_of(made, row):
    found = {}
    for table, rows in community_rows(made, row):
        found.setdefault(table.fullname, []).append(rows)
    return {
        name: pa.concat_tables(parts, promote_options="default") for name, parts in found.items()
    }


def fingerprint(tables):
    digest = hashlib.sha256()
    for name, rows in sorted(tables.items()):
        digest.update(name.encode())
        for column in rows.combine_chunks().columns:
            digest.update(repr(column.to_pylist()[:2000]).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def made():
    return build()


@pytest.fixture(scope="module")
def tables(made):
    return tables_of(made, made.geography.landmark_community)


@pytest.fixture(scope="module")
def quota(made):
    row = made.geography.landmark_community
    return made.quotas[made.geography.communities["code"].iloc[row]]


def column(tables, table, name):
    return tables[table][name].to_pylist()


def shapes(tables, table, name):
    return shapely.from_wkb(np.array(column(tables, table, name), dtype=object))


def test_the_same_seed_makes_the_same_and_another_does_not(tables):
    again, other = build(), build(seed=2)
    row = again.geography.landmark_community
    assert fingerprint(tables_of(again, row)) == fingerprint(tables)
    assert fingerprint(tables_of(other, other.geography.landmark_community)) != fingerprint(tables)


def test_a_community_is_the_same_at_another_scale(made, tables):
    larger = build(scale=0.03)
    assert len(larger.geography.communities) > len(made.geography.communities)
    assert fingerprint(tables_of(larger, larger.geography.landmark_community)) == fingerprint(
        tables
    )


def test_counts_are_those_of_the_profile(tables, quota):
    assert tables["register.person"].num_rows == quota.people
    assert tables["register.legal_entity"].num_rows == quota.legal_entities
    assert tables["district.grid"].num_rows == quota.grids
    assert tables["dispatch.responder"].num_rows == sum(quota.responders.values())
    kinds = column(tables, "register.building", "kind")
    assert {kind: kinds.count(kind) for kind in quota.buildings} == quota.buildings


def test_every_citizen_number_is_sound_unique_and_of_nobody(tables):
    numbers = column(tables, "register.person", "citizen_number")
    born = column(tables, "register.person", "birth_date")
    sexes = column(tables, "register.person", "sex")
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("999") for number in numbers)
    for number, day, sex in list(zip(numbers, born, sexes, strict=True))[::37]:
        assert check_citizen_number(number) == number
        assert number[6:14] == day.strftime("%Y%m%d")
        assert (int(number[16]) % 2 == 1) == (sex == "m")


def test_every_credit_code_is_sound_unique_and_of_nobody(tables):
    codes = column(tables, "register.legal_entity", "credit_code")
    assert len(set(codes)) == len(codes)
    assert all(code[2:8] == "999999" for code in codes)
    assert all(check_credit_code(code) == code for code in codes)


def test_codes_nest_and_are_given_once(tables):
    grids = set(column(tables, "district.grid", "code"))
    buildings = column(tables, "register.building", "code")
    assert len(set(buildings)) == len(buildings)
    assert {code[:14] for code in buildings} <= grids
    levels = column(tables, "register.address", "level")
    codes = column(tables, "register.address", "code")
    assert {(level, len(code)) for level, code in zip(levels, codes, strict=True)} == {
        ("number", 14), ("estate", 14), ("building", 19), ("unit", 19), ("room", 25), ("place", 14),
    }  # fmt: skip
    rooms = [code for level, code in zip(levels, codes, strict=True) if level == "room"]
    assert len(set(rooms)) == len(rooms)
    assert {code[:19] for code in rooms} == set(buildings)
    assert parse_house_code(rooms[0]).grid_code in grids


def test_the_landmark_stands_on_its_road(made, tables):
    texts = dict(
        zip(
            column(tables, "register.address", "text_zh"),
            tables["register.address"].to_pylist(),
            strict=True,
        )
    )
    head = "广东省深圳市宝安区西乡街道固戍社区固戍一路168号"
    gate = shapely.from_wkb(texts[head]["point"])
    segments = made.geography.segments
    road = segments[segments["name_zh"] == "固戍一路"]["path"].to_numpy()
    assert shapely.distance(road, gate).min() * 111_320 < 20
    for building in (1, 2, 3):
        assert f"{head}海裕花园{building}栋" in texts
    room = texts[f"{head}海裕花园3栋2单元501房"]
    assert room["floor"] == 5
    assert room["code"].endswith("020501")
    assert any(text.endswith("固戍东区177号") for text in texts)


def test_written_addresses_are_unique_and_hang_together(tables):
    addresses = tables["register.address"].to_pylist()
    by_id = {row["address_id"]: row for row in addresses}
    assert len({row["text_zh"] for row in addresses}) == len(addresses)
    above = {"room": {"unit", "building"}, "unit": {"building"}, "estate": {"number"}}
    above |= {"building": {"estate"}, "place": {"place"}}
    for row in addresses:
        assert row["label_zh"] in row["text_zh"]
        if row["parent_id"] is not None:
            parent = by_id[row["parent_id"]]
            assert parent["level"] in above[row["level"]]
            assert row["text_zh"] == parent["text_zh"] + row["label_zh"]


def test_house_numbers_rise_along_a_road_with_odd_and_even_apart(made, tables):
    numbers = {}
    for row in tables["register.address"].to_pylist():
        label = row["label_zh"]
        if row["level"] in {"number", "building"} and label.startswith("固戍一路"):
            point = shapely.from_wkb(row["point"])
            numbers[int(label[4:-1])] = (point.x, point.y)
    assert len(numbers) > 10
    spread_x = np.ptp([x for x, _ in numbers.values()])
    spread_y = np.ptp([y for _, y in numbers.values()])
    axis, sign = (0, 1) if spread_x >= spread_y else (1, -1)
    for parity in (0, 1):
        side = [sign * numbers[n][axis] for n in sorted(numbers) if n % 2 == parity]
        ranks = np.argsort(np.argsort(side))
        assert np.corrcoef(np.arange(len(side)), ranks)[0, 1] > 0.98


def test_buildings_keep_apart_and_clear_of_roads(made, tables):
    footprints = shapes(tables, "register.building", "footprint")
    first, second = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    assert (first == second).all()
    segments = made.geography.segments
    ground = segments[~segments["bridge"]]["path"].to_numpy()
    assert not len(shapely.STRtree(ground).query(footprints, predicate="intersects")[0])
    row = made.geography.landmark_community
    outline = made.geography.communities["outline"].iloc[row]
    assert shapely.contains(outline, footprints).all()


def test_each_building_lies_in_its_grid(tables):
    outline = dict(
        zip(
            column(tables, "district.grid", "grid_id"),
            shapes(tables, "district.grid", "outline"),
            strict=True,
        )
    )
    own = np.array([outline[g] for g in column(tables, "register.building", "grid_id")])
    middle = shapely.centroid(shapes(tables, "register.building", "footprint"))
    assert shapely.covers(own, middle).mean() > 0.999


def test_every_building_has_doors_on_its_wall(tables):
    footprint = dict(
        zip(
            column(tables, "register.building", "building_id"),
            shapes(tables, "register.building", "footprint"),
            strict=True,
        )
    )
    owner = column(tables, "register.entrance", "building_id")
    walls = shapely.boundary(np.array([footprint[b] for b in owner]))
    away = shapely.distance(walls, shapes(tables, "register.entrance", "point"))
    assert away.max() * 111_320 < 0.01
    counts = pc.value_counts(tables["register.entrance"]["building_id"]).field("counts")
    assert set(counts.to_pylist()) <= {1, 2, 3, 4}
    assert len(counts) == len(footprint)


def test_responders_stand_where_their_tier_does(made, tables):
    frame = tables["dispatch.responder"].to_pandas()
    assert frame["call_sign"].is_unique
    assert frame.groupby("tier")["mode"].unique().map(list).to_dict() == {
        "volunteer": ["foot"], "auxiliary": ["ebike"], "officer": ["patrol"],
    }  # fmt: skip
    assert (frame["synthetic_fix_age_s"] > 0).all()
    stale = (frame["synthetic_fix_age_s"] > PROFILE.dispatch.fix_max_age_s).mean()
    assert 0 < stale < 0.1
    shifts = next(rows for table, rows in district_rows(made) if table.name == "shift")
    assert set(frame["shift_id"]) <= set(shifts["shift_id"].to_pylist())
