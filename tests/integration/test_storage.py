"""Bulk loads and named areas."""

import pyarrow as pa
import pytest
import shapely
from sqlalchemy import Engine, select, text

from blockdata.errors import BadColumns, Conflict, InputError, NotFound
from blockdata.storage.areas import create_area, drop_area, find_area, list_areas
from blockdata.storage.bulk import copy_rows, read_frame
from blockdata.storage.tables import district, responders
from blockdata.storage.tables.base import first_id
from blockdata.text import Text

TITLE = Text("试验", "trial")


def made_area(connection: object, name: str, **more: object) -> int:
    return create_area(
        connection,  # type: ignore[arg-type]
        name=name,
        title=TITLE,
        synthetic=True,
        profile="baoan",
        source="test",
        **more,  # type: ignore[arg-type]
    )


def test_an_area_is_made_replaced_and_dropped(database: Engine) -> None:
    with database.begin() as connection:
        first = made_area(connection, "storage-trial")
        assert find_area(connection, "storage-trial").title == TITLE
        with pytest.raises(Conflict):
            made_area(connection, "storage-trial")
        assert made_area(connection, "storage-trial", replace=True) == first
        assert "storage-trial" in [area.name for area in list_areas(connection)]
        drop_area(connection, "storage-trial")
        # a number once given is never another area's
        assert made_area(connection, "storage-other") != first
        with pytest.raises(NotFound) as refused:
            find_area(connection, "storage-trial")
        assert "storage-other" in refused.value.cure.en  # type: ignore[union-attr]
        connection.rollback()


@pytest.mark.parametrize("name", ["", "Trial", "1a", "a b", "宝安", "a" * 41, "a;drop"])
def test_a_bad_area_name_is_refused(database: Engine, name: str) -> None:
    with database.connect() as connection, pytest.raises(InputError) as refused:
        made_area(connection, name)
    assert refused.value.field == "area"


def test_rows_come_back_as_they_were_copied(database: Engine) -> None:
    names = ["一号\n换行", 'a "b", c', "\\N", ""]
    points = shapely.points([[113.8, 22.6], [113.9, 22.7], [114, 22.5], [113.7, 22.8]])
    with database.connect() as connection:
        area_id = made_area(connection, "copied")
        ids = [first_id(area_id) + n for n in range(4)]
        rows = pa.table(
            {
                "place_id": ids,
                "area_id": [area_id] * 4,
                "kind": ["post"] * 4,
                "name_zh": names,
                "name_en": names,
                "grid_id": pa.array([None] * 4, pa.int64()),
                "point": shapely.to_wkb(points).tolist(),
            }
        )
        assert copy_rows(connection, district.place, rows) == 4
        back = connection.execute(
            select(district.place.c.name_zh)
            .where(district.place.c.area_id == area_id)
            .order_by(district.place.c.place_id)
        ).scalars()
        assert list(back) == names
        where = read_frame(
            connection,
            "SELECT ST_X(point) AS lon, ST_SRID(point) AS srid FROM district.place"
            " WHERE area_id = :area_id ORDER BY place_id",
            area_id=area_id,
        )
        assert where["lon"].tolist() == [113.8, 113.9, 114, 113.7]
        assert set(where["srid"]) == {4326}


def test_lists_are_copied_as_arrays(database: Engine) -> None:
    with database.connect() as connection:
        area_id = made_area(connection, "lists")
        connection.execute(
            text("INSERT INTO dispatch.shift VALUES (:id, :area, '早', 'day', 127, 0, 60)"),
            {"id": first_id(area_id), "area": area_id},
        )
        rows = pa.table(
            {
                "responder_id": [first_id(area_id), first_id(area_id) + 1],
                "area_id": [area_id] * 2,
                "tier": ["officer"] * 2,
                "mode": ["patrol"] * 2,
                "call_sign": ["A", "B"],
                "shift_id": [first_id(area_id)] * 2,
                "skills": pa.array([["first_aid", "aed"], []], pa.list_(pa.string())),
                "duty_point": shapely.to_wkb(shapely.points([[113.8, 22.6]] * 2)).tolist(),
            }
        )
        copy_rows(connection, responders.responder, rows)
        skills = connection.execute(
            select(responders.responder.c.skills)
            .where(responders.responder.c.area_id == area_id)
            .order_by(responders.responder.c.responder_id)
        ).scalars()
        assert list(skills) == [["first_aid", "aed"], []]


def test_an_unknown_column_is_refused_by_name(database: Engine) -> None:
    with database.connect() as connection, pytest.raises(BadColumns) as refused:
        copy_rows(connection, district.place, pa.table({"nonsense": [1]}))
    assert refused.value.field == "nonsense"
