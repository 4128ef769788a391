"""The demo district as a user builds it: by command, again, and interrupted half-way."""

import json
import subprocess

import pytest
from sqlalchemy import text

from blockdata.errors import InputError
from blockdata.profile import load_profile
from blockdata.storage.areas import find_area
from blockdata.storage.tables.base import metadata
from ingest.synthetic.load import build_district
from tests.command import BLOCKDATA

PROFILE = load_profile("baoan")
TINY = 0.001


def run(environment, *arguments):
    return subprocess.run(
        [BLOCKDATA, "district", *arguments],
        check=False, capture_output=True, text=True, env=environment,
    )  # fmt: skip


def digest(connection, area):
    """One hash over all rows of an area, by table; independent of the order of loading."""
    area_id = find_area(connection, area).area_id
    return {
        table.fullname: connection.execute(
            text(
                f"SELECT md5(coalesce(string_agg(row_md5, '' ORDER BY row_md5), '')) FROM "
                "(SELECT md5((to_jsonb(t) - 'since')::text) AS row_md5"
                f" FROM {table.fullname} t WHERE area_id = :id) r"
            ),
            {"id": area_id},
        ).scalar_one()
        for table in metadata.sorted_tables
        if "area_id" in table.c and table.fullname != "district.area"
    }


@pytest.fixture(scope="module")
def built(database):
    return build_district(database, PROFILE, area="tiny", seed=3, scale=TINY)


def test_building_again_gives_the_same_rows_under_the_same_ids(database, built):
    with database.connect() as connection:
        before = digest(connection, "tiny")
    again = build_district(database, PROFILE, area="tiny", seed=3, scale=TINY)
    assert again.rows == built.rows
    assert again.area_id == built.area_id
    with database.connect() as connection:
        assert digest(connection, "tiny") == before


def test_every_foreign_key_holds(database, built):
    with database.connect() as connection:
        for table in metadata.sorted_tables:
            for key in table.foreign_keys:
                column, parent = key.parent.name, key.column
                lost = connection.execute(
                    text(
                        f"SELECT count(*) FROM {table.fullname} c LEFT JOIN "
                        f"{parent.table.fullname} p ON p.{parent.name} = c.{column} "
                        f"WHERE c.{column} IS NOT NULL AND p.{parent.name} IS NULL"
                    )
                ).scalar_one()
                assert lost == 0, (table.fullname, column)


def test_the_area_says_that_it_is_synthetic(database, built):
    with database.connect() as connection:
        area = find_area(connection, "tiny")
    assert area.synthetic
    assert "非真实数据" in area.title.zh
    assert "not real data" in area.title.en
    assert (area.seed, area.scale) == (3, TINY)


def test_grids_tile_their_communities_in_the_database(database, built):
    with database.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT st_area(c.outline), sum(st_area(g.outline)) FROM district.community c "
                "JOIN district.grid g USING (community_id) WHERE c.area_id = :id "
                "GROUP BY c.community_id, c.outline"
            ),
            {"id": built.area_id},
        ).all()
    assert rows
    for whole, parts in rows:
        assert parts == pytest.approx(whole, rel=1e-9)


def test_an_interruption_leaves_the_area_as_it_was(database, built):
    with database.connect() as connection:
        before = digest(connection, "tiny")

    def interrupt(_done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_district(database, PROFILE, area="tiny", seed=4, scale=TINY, advance=interrupt)
    with database.connect() as connection:
        assert digest(connection, "tiny") == before


@pytest.mark.parametrize("scale", [0.0, -1.0, 1.01, float("nan"), float("inf")])
def test_a_bad_scale_is_refused(database, scale):
    with pytest.raises(InputError) as caught:
        build_district(database, PROFILE, area="tiny", seed=3, scale=scale)
    assert caught.value.field == "scale"
    assert caught.value.cure is not None


def test_commands_build_show_list_and_drop(command_environment, database):
    made = run(
        command_environment, "build", "--scale", "0.001", "--area", "built-by-hand", "--json"
    )
    assert made.returncode == 0, made.stderr
    document = json.loads(made.stdout)
    assert document["synthetic"] is True
    assert document["rows"]["register.person"] > 10_000
    shown = run(command_environment, "show", "--area", "built-by-hand")
    assert "not real data" in shown.stdout
    assert "people" in shown.stdout
    listed = json.loads(run(command_environment, "list", "--json").stdout)
    assert "built-by-hand" in {area["area"] for area in listed}
    assert run(command_environment, "drop", "--area", "built-by-hand").returncode == 0
    missing = run(command_environment, "show", "--area", "built-by-hand", "--json")
    assert missing.returncode == 1
    assert json.loads(missing.stderr.splitlines()[-1])["field"] == "area"


@pytest.mark.parametrize("scale", ["0", "nan", "1.5"])
def test_the_command_names_field_and_cure_of_a_bad_scale(command_environment, scale):
    refused = run(command_environment, "build", "--scale", scale, "--json")
    assert refused.returncode == 1
    problem = json.loads(refused.stderr.splitlines()[-1])
    assert problem["field"] == "scale"
    assert problem["cure"]
