"""An attack by linear programming on everything published, over nights and redrawn grids."""

import json
import subprocess

import geopandas as gpd
import h3
import numpy as np
import pytest
import shapely
from scipy import sparse
from scipy.optimize import linprog
from sqlalchemy import text

from blockdata.errors import InputError, NotFound
from blockdata.grid.area_grids import read_grids
from blockdata.grid.publish.publication import last_publication, publish
from blockdata.grid.redraw import apply_layer
from blockdata.storage.areas import find_area
from blockdata.storage.bulk import read_frame
from tests.command import BLOCKDATA

RESOLUTIONS = (8, 9, 10)
SUBJECTS = {"people": "register.person", "legal_entities": "register.legal_entity"}


@pytest.fixture
def here(demo):
    """A connection whose changes are undone, and the area: few people, nothing published."""
    with demo.connect() as connection:
        area = find_area(connection, "demo")
        for statement in (
            "DELETE FROM register.person WHERE area_id = :id AND person_id % 29 > 0",
            "DELETE FROM register.legal_entity WHERE area_id = :id AND entity_id % 7 > 0",
            "DELETE FROM district.publication WHERE area_id = :id",
            "DELETE FROM district.published_spot WHERE area_id = :id",
        ):
            connection.execute(text(statement), {"id": area.area_id})
        yield connection, area
        connection.rollback()


def truth(connection, area, subject):
    """By building: its count, and the cells that count it, read without the code under test."""
    rows = read_frame(
        connection,
        "SELECT b.building_id, g.code AS grid, left(g.code, 12) AS community,"
        " left(g.code, 9) AS street, ST_X(a.point) AS lon, ST_Y(a.point) AS lat,"
        f" (SELECT count(*) FROM {SUBJECTS[subject]} JOIN register.address AS r USING (address_id)"
        "   WHERE r.building_id = b.building_id) AS n"
        " FROM register.building AS b JOIN district.grid AS g USING (grid_id)"
        " JOIN register.address AS a ON a.building_id = b.building_id AND a.level = 'building'"
        " WHERE b.area_id = :id",
        id=area.area_id,
    )
    found = {}
    for row in rows.itertuples():
        cells = {("grid", row.grid), ("community", row.community), ("street", row.street)}
        cells |= {("district", area.name)}
        cells |= {(f"h3_{r}", h3.latlng_to_cell(row.lat, row.lon, r)) for r in RESOLUTIONS}
        found[row.building_id] = (row.n, cells)
    return found


def published(connection, made, subject):
    rows = read_frame(
        connection,
        f"SELECT division, code, {subject} AS n FROM district.published_count"
        " WHERE publication_id = :id",
        id=made.publication_id,
    )
    return {(r.division, r.code): (None if r.n is None or np.isnan(r.n) else int(r.n))
            for r in rows.itertuples()}  # fmt: skip


def widths(nights) -> tuple[int, float]:
    """How many suppressed counts there are, and the narrowest interval of any under attack.

    ``nights``: of each publication, the truth by building and what was told by cell. A building
    whose count did not change from one night to the next is one unknown.
    """
    own: dict[object, tuple[int, int]] = {}  # building → its unknown and count of the night before
    members: dict[int, set[object]] = {}
    for night, (real, _) in enumerate(nights):
        for building, (count, cells) in real.items():
            unknown, before = own.get(building, (-1, -1))
            if before != count:
                unknown = len(members)
                members[unknown] = set()
            own[building] = unknown, count
            members[unknown] |= {(night, *cell) for cell in cells}
    groups = {frozenset(cells) for cells in members.values()}  # alike in all sums: one unknown
    column = {cells: k for k, cells in enumerate(groups)}
    rows: dict[frozenset[int], list[object]] = {}
    inside: dict[object, set[int]] = {}
    for cells, k in column.items():
        for cell in cells:
            inside.setdefault(cell, set()).add(k)
    values, hidden = {}, set()
    for night, (_, told) in enumerate(nights):
        for cell, count in told.items():
            support = frozenset(inside.get((night, *cell), set()))
            rows.setdefault(support, []).append(count)
            if count is None:
                hidden.add(support)
            else:
                assert values.setdefault(support, count) == count
    known = [support for support in values if support]
    matrix = sparse.lil_matrix((len(known), len(column)))
    for r, support in enumerate(known):
        matrix[r, sorted(support)] = 1
    right = np.array([values[support] for support in known], dtype=float)
    matrix = matrix.tocsr()
    narrowest = np.inf
    for support in hidden:
        aim = np.zeros(len(column))
        aim[sorted(support)] = 1
        ends = []
        for sign in (1, -1):
            done = linprog(sign * aim, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            assert done.status in (0, 3)
            ends.append(sign * done.fun if done.status == 0 else np.inf)
        narrowest = min(narrowest, ends[1] - ends[0])
    return len(hidden), narrowest


def merged(connection, area):
    """The area's grids with one given to its neighbour."""
    grids = read_grids(connection, area)
    layer = grids.geometry.set_axis(grids["code"])
    stays = layer.index[0]
    goes = next(c for c in layer.index[1:] if layer[stays].intersection(layer[c]).length > 0)
    drawn = layer.drop(goes)
    drawn[stays] = shapely.union(layer[stays], layer[goes])
    return drawn


def test_no_attack_on_nights_and_versions_narrows_a_suppressed_count(here):
    connection, area = here
    steps = [
        None,
        "DELETE FROM register.person WHERE area_id = :id AND person_id % 211 = 3",
        "redraw",
        (
            "UPDATE register.person SET address_id = (SELECT min(address_id) FROM register.address"
            " WHERE level = 'room' AND area_id = :id) WHERE area_id = :id AND person_id % 301 = 7"
        ),
    ]
    nights: dict[str, list[object]] = {subject: [] for subject in SUBJECTS}
    for number, step in enumerate(steps, 1):
        if step == "redraw":
            apply_layer(connection, area, merged(connection, area), source="trial")
        elif step:
            connection.execute(text(step), {"id": area.area_id})
        made = publish(connection, area, resolutions=RESOLUTIONS)
        assert made.number == number
        for subject, known in nights.items():
            real, told = truth(connection, area, subject), published(connection, made, subject)
            totals: dict[object, int] = {}
            for count, cells in real.values():
                for cell in cells:
                    totals[cell] = totals.get(cell, 0) + count
            for cell, count in told.items():  # what is told is true, and never small
                assert count is None or count == totals.get(cell, 0)
            small = {cell for cell, count in totals.items() if 0 < count < 10}
            assert all(told[cell] is None for cell in small)
            assert set(told) >= set(totals)
            known.append((real, told))
    for subject, known in nights.items():
        hidden, narrowest = widths(known)
        assert hidden > 10, subject
        assert narrowest >= 5 - 1e-6, (subject, hidden)


def test_the_attack_of_the_test_bites(here):
    """Without complementary suppression the same attack finds counts out."""
    connection, area = here
    real = truth(connection, area, "people")
    told: dict[object, int | None] = {}
    for count, cells in real.values():
        for cell in cells:
            told[cell] = (told.get(cell) or 0) + count
    only_small = {cell: None if 0 < n < 10 else n for cell, n in told.items()}
    hidden, narrowest = widths([(real, only_small)])
    assert hidden > 0
    assert narrowest < 5


def test_nothing_new_is_not_published_again(here):
    connection, area = here
    with pytest.raises(NotFound):
        last_publication(connection, area)
    first = publish(connection, area)
    assert publish(connection, area) == first == last_publication(connection, area)
    with pytest.raises(InputError):
        publish(connection, area, resolutions=[6])


def test_the_commands(demo, command_environment, tmp_path):
    def run(*words):
        done = subprocess.run(
            [BLOCKDATA, "grid", *map(str, words), "--json"], env=command_environment,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    folder = tmp_path / "out"
    told = run("publish", "--output", folder, "--h3", "9", "--h3", "11")
    assert set(told["layers"]) == {"grid", "community", "street", "district", "h3_9", "h3_11"}
    cells = gpd.read_parquet(folder / "h3_11.parquet")
    hidden = cells["people_suppressed"]
    assert hidden.sum() == told["layers"]["h3_11"]["suppressed"]["people"] > 0
    assert cells["people"].isna().equals(hidden)
    assert (cells["people"].dropna().eq(0) | cells["people"].dropna().ge(10)).all()
    again = run("publish", "--output", folder, "--h3", "9", "--h3", "11", "--format", "geojson")
    assert again["publication"] == told["publication"]
    assert gpd.read_file(folder / "grid.geojson").crs.to_epsg() == 4326
    grids = tmp_path / "grids.parquet"
    assert run("export", "--output", grids)["grids"] == len(gpd.read_parquet(grids))
