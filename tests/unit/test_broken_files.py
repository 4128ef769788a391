"""Layers, tables and plans that are broken are refused in words, each by its own field."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from blockdata.errors import BadFile, BadLayer, InputError
from blockdata.files import is_file
from blockdata.grid.h3_cover import H3Cover
from blockdata.grid.layer_file import read_layer, read_points
from blockdata.grid.planner.plan_file import read_plan
from blockdata.profile import data_folder, load_profile

RING = [[113.85, 22.58], [113.86, 22.58], [113.86, 22.59], [113.85, 22.59], [113.85, 22.58]]


def layer(folder: Path, *rings: Any) -> Path:
    """A layer with a polygon for each ring."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": "1"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring in rings
    ]
    path = folder / "layer.geojson"
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_ring_that_is_not_closed_is_told(tmp_path: Path) -> None:
    assert len(read_layer(layer(tmp_path, RING), "code")) == 1
    for broken in (RING[:-1], RING[:2]):
        with pytest.raises(BadLayer, match="broken shape: feature 2: ") as refused:
            read_layer(layer(tmp_path, RING, broken), "code")
        assert refused.value.field == "layer"
        assert refused.value.cure is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.geojson", b""), ("deep.geojson", b"[" * 200_000), ("word.geojson", b'"word"'),
        ("null.geojson", b'{"type": "FeatureCollection", "features": null}'),
        ("empty.parquet", b""), ("text.parquet", b"PAR1 not at all"), ("binary.gpkg", bytes(4096)),
        ("x.shp", b"\x00\x00\x27\x0a" + bytes(96)),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        read_layer(path)
    assert refused.value.field == "layer"
    assert refused.value.detail.zh.isprintable()


@pytest.mark.parametrize(
    "path", [Path("x" * 5000), Path("/nowhere/x.geojson"), Path("/dev/null/x")]
)
def test_a_path_that_leads_nowhere_is_told(path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        read_layer(path)
    assert refused.value.field == "layer"
    with pytest.raises(BadFile) as refused:
        read_points(path, ["lon", "lat"])
    assert refused.value.field == "points"


def sound_plan() -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [RING]}
    grid = {"code": "44030600201401", "change": "kept", "load": 1.0, "within_tolerance": True}
    grid |= {"buildings": 1, "units": "<10", "people": 20, "buildings_in": 0, "buildings_out": 0}
    totals = dict.fromkeys(
        ("grids_before", "grids_after", "grids_redrawn", "codes_new", "codes_retired",
         "buildings_moved", "people_moved"), 1,
    )  # fmt: skip
    shares = ("within_tolerance_before", "within_tolerance_after", "border_on_road_share")
    return {
        "format": "blockdata-grid-plan-1",
        "about": {"title_zh": "区", "title_en": "area", "synthetic": True},
        "impact": {"totals": totals | dict.fromkeys(shares, 0.5), "moves": [], "officers": []},
        "before": {"type": "FeatureCollection", "features": []},
        "after": {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": grid, "geometry": shape}],
        },
    }


def paths_of(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    items = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [path, *(p for key, value in items for p in paths_of(value, (*path, key)))][
        0 if path else 1 :
    ]


def spoilt(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = json.loads(json.dumps(document))
    at = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


def test_a_plan_is_drawn_or_refused_whatever_of_it_is_spoilt(tmp_path: Path) -> None:
    from maps.reports.plan_report import draw_plan_report

    file = tmp_path / "plan.json"
    sound = sound_plan()
    refused = []
    for path in paths_of(sound):
        for value in (None, "x", -1, [], {}, 1e400):
            words = json.dumps(spoilt(sound, path, value)).replace("Infinity", "1e400")
            file.write_text(words, encoding="utf-8")
            try:
                plan = read_plan(file)
            except InputError as error:
                refused.append(error)
            else:
                draw_plan_report(plan)
    assert len(refused) > 100
    assert {error.field for error in refused} == {"plan"}


def test_a_profile_is_read_or_refused_whatever_of_it_is_spoilt(tmp_path: Path) -> None:
    shipped = (data_folder() / "profiles" / "baoan.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    values = ("nan", "inf", "-1", "1e308", '""', '"x"', "[]", "true", "9223372036854775808")
    lines = [n for n, line in enumerate(shipped.splitlines()) if " = " in line.partition("#")[0]]
    refused = []
    for turn, n in enumerate(lines):
        spoilt_lines = shipped.splitlines()
        name = spoilt_lines[n].partition(" = ")[0]
        spoilt_lines[n] = f"{name} = {values[turn % len(values)]}"
        file.write_text("\n".join(spoilt_lines), encoding="utf-8")
        try:
            load_profile(str(file))
        except InputError as error:
            refused.append(error)
    assert len(refused) > len(lines) / 2
    assert all(error.field and error.cure for error in refused)
    assert max(len(error.detail.en) for error in refused) < 600


@pytest.mark.parametrize(
    "content",
    ["[" * 200_000, "a = " + "[" * 5000, "x = 1", "[district]\ncode = 'a\0b'", "a = " + "9" * 5000],
)
def test_what_is_no_profile_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_profile(str(file))
    assert refused.value.cure is not None


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('timezone = "Asia/Shanghai"', 'timezone = "Mars/Olympus"', "district.timezone"),
        ('timezone = "Asia/Shanghai"', 'timezone = "../x"', "district.timezone"),
        ("[tiers.officer]", "[tiers.colonel]", "tiers.colonel.[key]"),
        ("people = 5_382_900", "people = -1", "figures.people"),
        ("area_km2 = 397.0", "area_km2 = inf", "district.area_km2"),
    ],
)
def test_a_profile_s_fault_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    whole = (data_folder() / "profiles" / "baoan.toml").read_text(encoding="utf-8")
    assert old in whole
    file = tmp_path / "mine.toml"
    file.write_text(whole.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_profile(str(file))
    assert refused.value.field == field


def test_a_profile_lacks_no_tier_and_no_mode(tmp_path: Path) -> None:
    whole = (data_folder() / "profiles" / "baoan.toml").read_text(encoding="utf-8")
    start = whole.index("[tiers.officer]")
    end = whole.index("# Speeds in km/h")
    file = tmp_path / "mine.toml"
    file.write_text(whole[:start] + whole[end:], encoding="utf-8")
    with pytest.raises(InputError, match="officer is missing") as refused:
        load_profile(str(file))
    assert refused.value.field == "tiers"


def test_a_profile_of_one_s_own_is_found_again_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (data_folder() / "profiles" / "baoan.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(whole, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    name = load_profile("mine.toml").name
    monkeypatch.chdir("/")
    assert load_profile(name).name == name
    assert load_profile("baoan").name == "baoan"


def test_a_name_that_the_system_cannot_hold_is_no_file(tmp_path: Path) -> None:
    from dispatch.network.osm import read_osm

    for path in (Path("x" * 5000), tmp_path / ("长" * 100)):
        assert not is_file(path)
        with pytest.raises(BadFile) as refused:
            read_osm(path)
        assert refused.value.field == "file"


def test_a_cover_takes_polygons_in_degrees_and_not_too_many_cells(tmp_path: Path) -> None:
    sound = read_layer(layer(tmp_path, RING))
    assert H3Cover.build(sound, 9).keys == ("0",)
    for spoilt in (
        [None], [shapely.Polygon()], [shapely.Point(0, 0)], [shapely.box(0, 0, 1e300, 1e300)],
        [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])],
    ):  # fmt: skip
        with pytest.raises(BadLayer):
            H3Cover.build(spoilt, 9)
    with pytest.raises(InputError, match="more than") as refused:
        H3Cover.build([shapely.box(-180, -90, 180, 90)], 13)
    assert refused.value.field == "resolution"
