"""Counts joined through addresses, kept up to date night by night, and by grid version."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from blockdata.errors import InputError, NotFound
from blockdata.grid.counts.kinds import NAMES
from blockdata.grid.counts.refresh import refresh_counts
from blockdata.grid.counts.report import read_counts
from blockdata.storage.areas import find_area
from blockdata.storage.bulk import read_frame
from tests.command import BLOCKDATA

# told by the plainest joins there are, not by the code under test
BY_HAND = {
    "people": "SELECT coalesce(b.grid_id, a.grid_id, 0) AS grid_id, count(*) AS n FROM"
    " register.person AS p JOIN register.address AS a USING (address_id)"
    " LEFT JOIN register.building AS b USING (building_id) WHERE p.area_id = :id GROUP BY 1",
    "legal_entities": "SELECT coalesce(b.grid_id, a.grid_id, 0) AS grid_id, count(*) AS n FROM"
    " register.legal_entity AS p JOIN register.address AS a USING (address_id)"
    " LEFT JOIN register.building AS b USING (building_id) WHERE p.area_id = :id GROUP BY 1",
    "buildings": "SELECT grid_id, count(*) AS n FROM register.address WHERE area_id = :id"
    " AND level = 'building' AND status = 'current' GROUP BY 1",
    "units": "SELECT coalesce(b.grid_id, a.grid_id, 0) AS grid_id, count(*) AS n"
    " FROM register.address AS a LEFT JOIN register.building AS b USING (building_id)"
    " WHERE a.area_id = :id AND a.level = 'room' AND a.status = 'current' GROUP BY 1",
    "key_sites": "SELECT coalesce(grid_id, 0) AS grid_id, count(*) AS n FROM district.place"
    " WHERE area_id = :id AND kind = 'key_site' GROUP BY 1",
    "posts": "SELECT coalesce(grid_id, 0) AS grid_id, count(*) AS n FROM district.place"
    " WHERE area_id = :id AND kind = 'post' GROUP BY 1",
}
NIGHTS = [
    [("UPDATE register.person SET address_id = (SELECT max(address_id) FROM register.address"
     " WHERE level = 'room' AND area_id = :id) WHERE area_id = :id AND person_id % 17 = 3")],
    ["DELETE FROM register.person WHERE area_id = :id AND person_id % 23 = 5",
     "DELETE FROM register.legal_entity WHERE area_id = :id AND entity_id % 9 = 1"],
    [("INSERT INTO register.person (person_id, area_id, address_id, citizen_number, name_zh, sex,"
     " birth_date, tenure) SELECT person_id + 100000000, area_id, address_id, citizen_number,"
     " name_zh, sex, birth_date, tenure FROM register.person"
     " WHERE area_id = :id AND person_id % 11 = 2"),
     ("UPDATE register.address SET status = 'retired' WHERE area_id = :id AND level = 'room'"
     " AND address_id % 31 = 4")],
    [("UPDATE register.building SET grid_id = (SELECT max(grid_id) FROM district.grid"
     " WHERE area_id = :id) WHERE area_id = :id AND building_id % 41 = 7"),
     ("UPDATE register.address AS a SET grid_id = b.grid_id FROM register.building AS b"
     " WHERE a.area_id = :id AND a.building_id = b.building_id AND a.grid_id <> b.grid_id"),
     "UPDATE district.place SET kind = 'post' WHERE area_id = :id",
     # some live at addresses of no building
     ("UPDATE register.person SET address_id = (SELECT max(address_id) FROM register.address"
     " WHERE building_id IS NULL AND area_id = :id) WHERE area_id = :id AND person_id % 53 = 8")],
    [],
]  # fmt: skip


@pytest.fixture
def here(demo):
    """A connection whose changes are undone, and the area."""
    with demo.connect() as connection:
        yield connection, find_area(connection, "demo")
        connection.rollback()


def by_hand(connection, area) -> pd.DataFrame:
    parts = {
        name: read_frame(connection, sql, id=area.area_id).astype("int64").set_index("grid_id")["n"]
        for name, sql in BY_HAND.items()
    }
    return pd.DataFrame(parts).fillna(0).astype("int64").rename_axis("grid_id")


def kept(connection, area) -> pd.DataFrame:
    frame = read_frame(
        connection,
        f"SELECT grid_id, {', '.join(NAMES)} FROM district.grid_count"
        " WHERE area_id = :id AND upper_inf(valid)",
        id=area.area_id,
    ).set_index("grid_id")
    return frame[(frame != 0).any(axis=1)].astype("int64")


def cells(connection, area) -> pd.DataFrame:
    frame = read_frame(
        connection, "SELECT * FROM district.cell_count WHERE area_id = :id", id=area.area_id
    )
    return frame.set_index(["resolution", "cell"]).sort_index()


def test_nights_of_changes_equal_a_recount(here, clock):
    connection, area = here
    assert refresh_counts(connection, area, whole=True).whole
    pd.testing.assert_frame_equal(
        kept(connection, area), by_hand(connection, area), check_like=True
    )
    start = clock.now()
    told = []
    for number, night in enumerate(NIGHTS, 1):
        for statement in night:
            connection.execute(text(statement), {"id": area.area_id})
        done = refresh_counts(connection, area, at=start + timedelta(days=number))
        assert not done.whole
        told.append(by_hand(connection, area))
        pd.testing.assert_frame_equal(kept(connection, area), told[-1], check_like=True)
    assert (done.spots, done.grids) == (0, 0)  # a night without changes counts nothing

    by_changes = cells(connection, area)
    assert refresh_counts(connection, area, whole=True).whole
    pd.testing.assert_frame_equal(by_changes, cells(connection, area))
    for number, then in enumerate(told, 1):  # and every night can be asked for again
        asked = start + timedelta(days=number, hours=1)
        again = read_counts(connection, area, "grid", at=asked)
        people = then.drop(index=0, errors="ignore")["people"].sum()
        assert again["people"].sum() == people


def test_every_division_sums_to_the_same(here):
    connection, area = here
    at = refresh_counts(connection, area).counted_at
    whole = read_counts(connection, area, "district", at=at)
    assert whole["people"].item() > 1000
    for by, resolution in [("grid", None), ("community", None), ("street", None),
                           *(("h3", r) for r in range(7, 12))]:  # fmt: skip
        parts = read_counts(connection, area, by, resolution=resolution, at=at)
        for name in NAMES:
            assert parts[name].sum() == whole[name].item(), (by, resolution, name)
        dense = parts["people"] / parts["area_km2"]
        assert np.allclose(parts["people_per_km2"], dense, atol=0.06)


def test_a_cell_counts_the_points_in_it(here):
    """A cell's count is of the points whose own cell it is, at every resolution."""
    connection, area = here
    at = refresh_counts(connection, area).counted_at
    points = read_frame(
        connection,
        "SELECT ST_X(point) AS lon, ST_Y(point) AS lat FROM register.address"
        " WHERE area_id = :id AND level = 'building'",
        id=area.area_id,
    )
    for resolution in (7, 11):
        own = [h3.latlng_to_cell(p.lat, p.lon, resolution) for p in points.itertuples()]
        counted = read_counts(connection, area, "h3", resolution=resolution, at=at)
        told = counted.set_index("code")["buildings"]
        assert told[told > 0].to_dict() == pd.Series(own).value_counts().to_dict()


def test_what_is_not_counted_is_refused(here):
    connection, area = here
    at = refresh_counts(connection, area).counted_at
    with pytest.raises(InputError) as refused:
        read_counts(connection, area, "h3", resolution=6, at=at)
    assert refused.value.field == "resolution"
    with pytest.raises(NotFound):
        read_counts(connection, area, "grid", at=datetime(2001, 1, 1, tzinfo=UTC))


def test_the_command(demo, command_environment, tmp_path):
    def run(*words):
        return subprocess.run(
            [BLOCKDATA, "grid", *words], env=command_environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    done = run("aggregate", "--by", "community", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["total"]["people"] == sum(row["people"] for row in document["rows"])
    file = tmp_path / "cells.parquet"
    assert (
        run("aggregate", "--by", "h3", "--resolution", "9", "--output", str(file)).returncode == 0
    )
    layer = gpd.read_parquet(file)
    assert layer.crs.to_epsg() == 4326
    assert layer["people"].sum() == document["total"]["people"]
    assert "7 to 11" in run("aggregate", "--by", "h3").stderr
