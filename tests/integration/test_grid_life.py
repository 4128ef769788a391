"""Versions of the grid layer, officers, deputies and professional grids."""

import itertools
import json
import subprocess
from datetime import timedelta

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from blockdata.address.register.reading import resolve
from blockdata.errors import BadLayer, Conflict, InputError, NotFound
from blockdata.grid import duty
from blockdata.grid.area_grids import area_index, read_grids
from blockdata.grid.counts.refresh import refresh_counts
from blockdata.grid.counts.report import read_counts
from blockdata.grid.layers import current_layer, grid_periods, layer_at, list_layers
from blockdata.grid.professional import check_professional, map_professional
from blockdata.grid.redraw import apply_layer, check_layer
from blockdata.storage.areas import find_area
from tests.command import BLOCKDATA

DAY = timedelta(days=1)


@pytest.fixture
def here(demo, clock):
    """A connection whose changes are undone, the area, and a moment when its grids were valid."""
    with demo.connect() as connection:
        area = find_area(connection, "demo")
        current_layer(connection, area)
        yield connection, area, clock.now()
        connection.rollback()


def layer_of(connection, area) -> gpd.GeoSeries:
    grids = read_grids(connection, area)
    community = grids["community"].iloc[0]
    own = grids[grids["community"] == community]
    return own.geometry.set_axis(own["code"])


def two_merged(layer: gpd.GeoSeries) -> tuple[gpd.GeoSeries, str, str]:
    """The layer with one grid given to a neighbour; codes of the one that stays and that goes."""
    stays = layer.index[0]
    goes = next(c for c in layer.index[1:] if layer[stays].intersection(layer[c]).length > 0)
    drawn = layer.drop(goes)
    drawn[stays] = shapely.union(layer[stays], layer[goes])
    return drawn, stays, goes


def test_a_redraw_carries_everything_along(here, settings):
    connection, area, now = here
    layer = layer_of(connection, area)
    drawn, stays, goes = two_merged(layer)
    other = next(c for c in layer.index if c not in (stays, goes))
    duty.enrol_officers(connection, area, ["G1", "G2", "G3"])
    for code, officer in [(stays, "G1"), (goes, "G2"), (other, "G3")]:
        duty.assign(connection, area, code, officer, now)
    codes = read_grids(connection, area)["code"].tolist()
    map_professional(connection, area, "fire", {f"F{c}": c for c in codes}, now)
    before = refresh_counts(connection, area)
    told = read_counts(connection, area, "grid", at=before.counted_at).set_index("code")
    _, old_folder = area_index(connection, settings.var, area)
    house = connection.execute(
        text("SELECT address_id, code FROM register.address WHERE area_id = :id AND level ="
             " 'building' AND code LIKE :grid ORDER BY 1 LIMIT 1"),
        {"id": area.area_id, "grid": goes + "%"},
    ).one()  # fmt: skip

    done = apply_layer(connection, area, drawn, source="trial")

    assert (done.layer.number, done.layer.source) == (2, "trial")
    assert set(done.replaced) == {stays, goes}
    assert done.drawn == (stays,)
    assert done.kept == len(codes) - 2
    # counts: the merged grid holds what both held, by the register and by the stored sums
    after = refresh_counts(connection, area)
    now_told = read_counts(connection, area, "grid", at=after.counted_at).set_index("code")
    kinds = ["people", "legal_entities", "buildings", "units"]
    assert (now_told.loc[stays, kinds] == told.loc[[stays, goes], kinds].sum()).all()
    assert goes not in now_told.index
    same = [c for c in now_told.index if c != stays]
    assert (now_told.loc[same, kinds] == told.loc[same, kinds]).all().all()
    assert now_told["people"].sum() == told["people"].sum()
    # the past is as it was
    past = read_counts(connection, area, "grid", at=before.counted_at).set_index("code")
    assert (past[kinds] == told[kinds]).all().all()
    assert [row["number"] for row in grid_periods(connection, area, goes)] == [1]
    first, second = grid_periods(connection, area, stays)
    assert first["grid_id"] != second["grid_id"]
    assert second["people"] == now_told.loc[stays, "people"]
    # codes: the house has another one now, and the old one still leads to it
    new_code = connection.execute(
        text("SELECT code FROM register.address WHERE address_id = :id"), {"id": house.address_id}
    ).scalar_one()
    assert new_code.startswith(stays)
    holders = resolve(connection, house.code, area_id=area.area_id)
    assert str(house.address_id) in {str(holder["address_id"]) for holder in holders}
    # officers: those whose code lives on serve on, the other is free
    assert (done.duty.kept, done.duty.free) == (("G1",), ("G2",))
    assert duty.who_serves(connection, area, done.layer.valid_from, stays)[0]["serves"] == "G1"
    assert duty.who_serves(connection, area, now, goes)[0]["serves"] == "G2"
    assert check_professional(connection, area, "fire", done.layer.valid_from) == {
        "without": [], "dangling": [],
    }  # fmt: skip
    # the saved index is another one
    index, folder = area_index(connection, settings.var, area)
    assert folder != old_folder
    point = layer[goes].representative_point()
    assert index.key_of(index.locate(point.x, point.y)) == stays


def test_versions_never_overlap_and_each_is_kept_whole(here):
    connection, area, now = here
    layer = layer_of(connection, area)
    drawn, _, _ = two_merged(layer)
    apply_layer(connection, area, drawn, source="merge")
    apply_layer(connection, area, layer, source="undo")
    versions = list_layers(connection, area)
    assert [v.number for v in versions] == [1, 2, 3]
    assert [v.grids for v in versions] == [
        versions[0].grids,
        versions[0].grids - 1,
        versions[0].grids,
    ]
    for one, following in itertools.pairwise(versions):
        assert one.valid_to == following.valid_from
    assert layer_at(connection, area, now).number == 1
    assert current_layer(connection, area) == versions[-1]
    with pytest.raises(NotFound):
        layer_at(connection, area, versions[0].valid_from - DAY)
    with pytest.raises(BadLayer):  # nothing to change
        apply_layer(connection, area, layer, source="again")


def test_bad_layers_change_nothing(here):
    connection, area, _ = here
    layer = layer_of(connection, area)
    code = layer.index[0]
    lacking = layer.drop(code)
    shifted = layer.translate(0.00499, -0.00292)  # as GCJ-02 lies here
    foreign = layer.rename({code: "9" * 14})
    bow = layer.copy()
    bow[code] = shapely.Polygon([(113.8, 22.6), (113.81, 22.61), (113.81, 22.6), (113.8, 22.61)])
    for bad in (lacking, shifted, foreign, bow):
        with pytest.raises(BadLayer) as refused:
            apply_layer(connection, area, bad, source="trial")
        assert refused.value.cure is not None
    check_layer(connection, area, layer)
    assert len(list_layers(connection, area)) == 1


def test_one_grid_one_officer(here):
    connection, area, now = here
    one, two = layer_of(connection, area).index[:2]
    duty.enrol_officers(connection, area, ["G1", "G2", "G3"])
    assert duty.enrol_officers(connection, area, ["G1"]) == 0
    assert duty.who_serves(connection, area, now, one)[0]["serves"] is None
    duty.assign(connection, area, one, "G1", now)
    duty.assign(connection, area, two, "G2", now + DAY)
    duty.assign(connection, area, one, "G2", now + 2 * DAY)  # gives up grid two, G1 gives up one

    def serves(code, at):
        return duty.who_serves(connection, area, at, code)[0]["serves"]

    assert serves(one, now + DAY) == "G1"
    assert serves(two, now + DAY) == "G2"
    assert serves(one, now + 3 * DAY) == "G2"
    assert serves(two, now + 3 * DAY) is None
    with pytest.raises(Conflict), connection.begin_nested():
        duty.assign(connection, area, one, "G3", now - timedelta(milliseconds=1))
    duty.relieve(connection, area, "G2", now + 4 * DAY)
    assert serves(one, now + 5 * DAY) is None
    with pytest.raises(NotFound):
        duty.relieve(connection, area, "G2", now + 6 * DAY)
    with pytest.raises(NotFound):
        duty.assign(connection, area, "0" * 14, "G1", now)


def test_a_deputy_is_there_while_the_officer_is_not(here):
    connection, area, now = here
    code = layer_of(connection, area).index[0]
    duty.enrol_officers(connection, area, ["G1", "G2", "G3"])
    duty.assign(connection, area, code, "G1", now)
    duty.record_absence(connection, area, "G1", "G2", now + DAY, now + 3 * DAY)
    row = duty.who_serves(connection, area, now + 2 * DAY, code)[0]
    assert (row["officer"], row["deputy"], row["serves"]) == ("G1", "G2", "G2")
    assert duty.who_serves(connection, area, now + 4 * DAY, code)[0]["serves"] == "G1"
    for officer, deputy in [("G1", "G3"), ("G2", "G3"), ("G3", "G1"), ("G3", "G3")]:
        with pytest.raises(Conflict), connection.begin_nested():
            duty.record_absence(connection, area, officer, deputy, now + 2 * DAY, now + 5 * DAY)
    with pytest.raises(InputError):
        duty.record_absence(connection, area, "G3", "G1", now, now)


def test_professional_grids_are_one_to_one(here):
    connection, area, now = here
    codes = read_grids(connection, area)["code"].tolist()
    whole = {f"F{c}": c for c in codes}
    assert map_professional(connection, area, "fire", whole, now) == len(codes)
    assert map_professional(connection, area, "work_safety", whole, now) == len(codes)
    with pytest.raises(InputError, match="have no professional grid"):
        map_professional(connection, area, "fire", dict(list(whole.items())[1:]), now + DAY)
    with pytest.raises(InputError, match="more than one"):
        map_professional(connection, area, "fire", whole | {"X": codes[0]}, now + DAY)
    with pytest.raises(InputError, match="no base grids"):
        map_professional(connection, area, "fire", whole | {"X": "0" * 14}, now + DAY)
    with pytest.raises(Conflict):
        map_professional(connection, area, "fire", whole, now)
    map_professional(connection, area, "fire", {f"N{c}": c for c in codes}, now + DAY)
    connection.execute(
        text("DELETE FROM district.professional_grid WHERE code = :code"), {"code": f"N{codes[0]}"}
    )
    found = check_professional(connection, area, "fire", now + 2 * DAY)
    assert found == {"without": [codes[0]], "dangling": []}


def test_the_commands(demo, command_environment, tmp_path):
    def run(*words):
        done = subprocess.run(
            [BLOCKDATA, "grid", *words, "--json"], env=command_environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout or done.stderr.splitlines()[-1])

    with demo.connect() as connection:
        layer = layer_of(connection, find_area(connection, "demo"))
    code = layer.index[0]
    point = layer[code].representative_point()
    assert run("locate", f"{point.x},{point.y}")[1]["grid"] == code
    assert run("validate")[1]["findings"] == []
    assert run("assign", code, "G9")[0] == 0
    assert run("officers", code)[1]["grids"][0]["serves"] == "G9"
    file = tmp_path / "drawn.geojson"
    gpd.GeoDataFrame({"code": layer.index[1:]}, geometry=layer.values[1:], crs=4326).to_file(file)
    status, refused = run("apply", str(file), "--source", "trial")
    assert (status, refused["type"]) == (1, "urn:blockdata:problem:bad-layer")
    assert len(run("history")[1]["versions"]) == 1
    assert run("history", "0" * 14)[0] == 1
    assert run("relieve", "G9")[0] == 0
    assert run("officers", code)[1]["grids"][0]["serves"] is None
    assert run("relieve", "G9")[0] == 1


def test_professional_grids_by_command(demo, command_environment, tmp_path):
    def run(*words):
        done = subprocess.run(
            [BLOCKDATA, "grid", "professional", *words, "--json"], env=command_environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout or done.stderr.splitlines()[-1])

    with demo.connect() as connection:
        codes = list(layer_of(connection, find_area(connection, "demo")).index)
    status, none = run("fire")
    assert (status, len(none["without"])) == (3, len(codes))  # nothing is mapped yet
    file = tmp_path / "fire.csv"
    lines = [f"F{code},{code}" for code in codes]
    file.write_text("\n".join(["code,base", *lines[1:]]) + "\n")
    assert run("fire", str(file))[1]["field"] == "base"
    file.write_text("\n".join(["code,base", *lines, f"F{codes[0]},"]) + "\n")
    assert run("fire", str(file))[1]["field"] == "base"
    file.write_text("\n".join(["code,base", *lines]) + "\n")
    assert run("fire", str(file))[1]["mapped"] == len(codes)
    assert run("fire")[0] == 0
    assert run("Fire!", str(file))[1]["field"] == "kind"
