"""Landmarks of the demo district: how many, where, and that nothing else changes by them."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from blockdata.address.landmark_kinds import COUNTED
from blockdata.crs import to_metric
from blockdata.profile import Profile, load_profile
from ingest.synthetic.community import Build, community_rows
from ingest.synthetic.district import quotas_by_community
from ingest.synthetic.geography.build import build_geography

PROFILE = load_profile("baoan")
GEOGRAPHY = build_geography(PROFILE, 1, 0.001)


def made_with(profile: Profile) -> dict[str, list[dict[str, Any]]]:
    """Rows of the landmark community by table."""
    build = Build(profile, 1, 1, GEOGRAPHY, quotas_by_community(profile, GEOGRAPHY))
    found: dict[str, list[pa.Table]] = {}
    for table, rows in community_rows(build, GEOGRAPHY.landmark_community):
        found.setdefault(table.fullname, []).append(rows)
    return {
        name: pa.concat_tables(parts, promote_options="default").to_pylist()
        for name, parts in found.items()
    }


@pytest.fixture(scope="module")
def made() -> dict[str, list[dict[str, Any]]]:
    return made_with(PROFILE)


@pytest.fixture(scope="module")
def landmarks(made: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for row in made["register.address"] if row["kind"] is not None]


def test_there_are_as_many_as_the_people_ask_for(landmarks: list[dict[str, Any]]) -> None:
    (code,) = GEOGRAPHY.communities["code"].iloc[[GEOGRAPHY.landmark_community]]
    quotas = quotas_by_community(PROFILE, GEOGRAPHY)
    kinds = [row["kind"] for row in landmarks]
    for kind in COUNTED:
        rules = PROFILE.landmark_kinds[kind]
        assert kinds.count(kind) == quotas[code].landmarks[kind]
        assert kinds.count(kind) == pytest.approx(quotas[code].people / rules.people_to_one, abs=1)
        assert sum(q.landmarks[kind] for q in quotas.values()) == round(
            PROFILE.figures.people / rules.people_to_one
        )
    exits = PROFILE.landmark_kinds["metro_station"].exits
    assert kinds.count("metro_exit") == exits * kinds.count("metro_station") > 0


def test_nothing_else_changes_by_them(made: dict[str, list[dict[str, Any]]]) -> None:
    without = made_with(PROFILE.model_copy(update={"landmark_kinds": {}}))
    assert not [row for row in without["register.address"] if row["kind"]]
    for table, rows in without.items():
        address = table == "register.address"
        kept = [row for row in made[table] if not (address and row["kind"])]
        assert kept == rows, table


def test_each_lies_in_its_grid_and_has_words_of_its_own(
    made: dict[str, list[dict[str, Any]]], landmarks: list[dict[str, Any]]
) -> None:
    grids = {row["grid_id"]: row for row in made["district.grid"]}
    texts = [row["text_zh"] for row in made["register.address"]]
    for row in landmarks:
        grid = grids[row["grid_id"]]
        inside = shapely.from_wkb(grid["outline"])
        assert inside.buffer(1e-7).covers(shapely.from_wkb(row["point"]))
        assert row["code"] == grid["code"]
        assert row["text_zh"].endswith(row["name_zh"])
        assert row["name_zh"].endswith(row["label_zh"])
        assert texts.count(row["text_zh"]) == 1
        assert row["level"] == "place"
    assert len({row["address_id"] for row in made["register.address"]}) == len(texts)


def test_all_but_stops_have_a_number_beside_a_buildings(
    made: dict[str, list[dict[str, Any]]], landmarks: list[dict[str, Any]]
) -> None:
    texts = {row["text_zh"] for row in made["register.address"] if row["level"] == "building"}
    for row in landmarks:
        if row["kind"] in ("bus_stop", "metro_exit"):
            continue
        number, after = row["text_zh"].removesuffix(row["name_zh"]).rsplit("-", 1)
        assert after == "1号"
        assert any(text.startswith(f"{number}号") for text in texts)


def test_exits_lie_around_their_station(landmarks: list[dict[str, Any]]) -> None:
    by_id = {row["address_id"]: row for row in landmarks}
    places = set()
    for row in landmarks:
        if row["kind"] != "metro_exit":
            assert row["parent_id"] is None
            continue
        station = by_id[row["parent_id"]]
        assert row["text_zh"] == station["text_zh"] + row["label_zh"]
        ends = shapely.get_coordinates(shapely.from_wkb([row["point"], station["point"]]))
        assert 1.0 < np.hypot(*np.diff(np.column_stack(to_metric(*ends.T)), axis=0)[0]) < 120.0
        places.add(row["point"])
    assert len(places) == sum(row["kind"] == "metro_exit" for row in landmarks)
