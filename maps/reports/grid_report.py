"""One grid's report map: a single file that opens from disk with no internet."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from blockdata.text import Text
from maps.reports.grid_data import GridReport, read_grid_report
from maps.reports.offline import Drawing, add_drawing, add_panel, offline_map, save_map
from maps.reports.suppression import told

_STYLE = files("maps.reports") / "report.css"
_MAIN_ROADS = ("motorway", "trunk", "primary")
_PATHS = ("footway", "path", "track", "cycleway", "steps", "pedestrian", "corridor")
_DUTY_COLOURS = {"auxiliary": "#a85a00", "officer": "#2a55c0"}
_PLACE_COLOURS = {"key_site": "#5a6474", "post": "#2a55c0"}
_LEGEND = (
    ("here", Text("本网格", "this grid")),
    ("auxiliary", Text("辅警执勤点", "auxiliaries' duty place")),
    ("officer", Text("民警执勤点", "officers' duty place")),
    ("volunteer", Text("义警(大致范围与数量区间)", "volunteers (coarse cell, band)")),
    ("place", Text("重点部位、屯警点", "key sites, police points")),
)


@dataclass(frozen=True)
class Written:
    """A report that was written: its file, size in bytes, and area."""

    file: Path
    size: int
    area: str


def write_grid_report(connection: Connection, area: str, code: str, file: Path) -> Written:
    """Write the report map of one grid to a file.

    Raises:
        NotFound: there is no such area or grid.
        Unwritable: the file cannot be written.
        SetupError: the map library has not been fetched.
    """
    report = read_grid_report(connection, area, code)
    chart = draw_grid_report(report)
    return Written(file, save_map(chart, file), report.area.name)


def draw_grid_report(report: GridReport) -> Any:
    """The report as a folium map: our own base map below, then duty places, then the panel."""
    title = f"{report.area.title.zh} · {report.facts['code']}"
    chart = offline_map(report.bounds, title=title, style=_STYLE.read_text(encoding="utf-8"))
    for drawing in _drawings(report.layers):
        add_drawing(chart, drawing)
    add_panel(chart, _panel(report))
    return chart


def _drawings(layers: Mapping[str, dict[str, Any]]) -> list[Drawing]:
    both = (("name_zh", "名称"), ("name_en", "Name"))
    return [
        Drawing(layers["water"], lambda _: _fill("#b9d6e8", "#8fb8d2"), both),
        Drawing(layers["buildings"], _building, (("name_zh", "楼栋"), ("floors", "层数 · floors"))),
        Drawing(layers["roads"], _road, both),
        Drawing(layers["grids"], lambda _: _line("#8f84a3", 1, "4 3"), (("code", "网格 · grid"),)),
        Drawing(
            layers["cells"],
            lambda _: _fill("#0b7a6f", "#0b7a6f", 0.04),
            (("volunteers", "义警 · volunteers"),),
        ),
        Drawing(layers["here"], lambda _: _line("#c8322b", 3)),
        Drawing(layers["places"], _place, both, points=True),
        Drawing(layers["duty"], _duty, (("responders", "力量数 · responders"),), points=True),
    ]


def _fill(fill: str, edge: str, opacity: float = 1.0) -> dict[str, Any]:
    return {"fillColor": fill, "fillOpacity": opacity, "color": edge, "weight": 1}


def _line(colour: str, weight: float, dashes: str = "") -> dict[str, Any]:
    return {"color": colour, "weight": weight, "dashArray": dashes, "fillOpacity": 0}


def _building(feature: Mapping[str, Any]) -> dict[str, Any]:
    inside = feature["properties"]["inside"]
    return _fill("#e5c9a8" if inside else "#dfd9cd", "#b89b78" if inside else "#c9c1b1")


def _road(feature: Mapping[str, Any]) -> dict[str, Any]:
    road_class = feature["properties"]["road_class"]
    if road_class in _MAIN_ROADS:
        return _line("#e3b84f", 6)
    if road_class in _PATHS:
        return _line("#b6a98f", 1.5, "3 3")
    return _line("#b9b3a6", 3)


def _place(feature: Mapping[str, Any]) -> dict[str, Any]:
    colour = _PLACE_COLOURS.get(feature["properties"]["kind"], "#5a6474")
    return _fill(colour, "#ffffff")


def _duty(feature: Mapping[str, Any]) -> dict[str, Any]:
    return _fill(_DUTY_COLOURS.get(feature["properties"]["tier"], "#2a55c0"), "#ffffff") | {
        "radius": 9
    }


def _panel(report: GridReport) -> str:
    facts = report.facts
    rows = [
        (Text("街道", "street"), f"{facts['street_zh']} · {facts['street_en']}"),
        (Text("社区", "community"), f"{facts['community_zh']} · {facts['community_en']}"),
        (Text("面积", "area"), f"{facts['hectares']:.1f} ha"),
        (Text("楼栋", "buildings"), f"{facts['buildings']:,}"),
        (Text("地址", "addresses"), f"{facts['addresses']:,}"),
        (Text("人口", "people"), told(facts["people"])),
        (Text("法人", "legal entities"), told(facts["entities"])),
    ]
    body = "".join(
        f"<tr><th>{escape(label.both)}</th><td>{escape(value)}</td></tr>" for label, value in rows
    )
    legend = "".join(
        f'<li><i class="sign {kind}"></i>{escape(words.both)}</li>' for kind, words in _LEGEND
    )
    synthetic = Text("合成数据,不对应真实的人或地点", "synthetic data: no real person or place")
    banner = f'<p class="synthetic">{escape(synthetic.both)}</p>' if report.area.synthetic else ""
    note = Text("1–9 的人数与法人数不公布", "counts of people and entities of 1–9 are not told")
    return (
        f'<aside class="panel">{banner}<h1>网格 Grid {escape(str(facts["code"]))}</h1>'
        f"<p>{escape(report.area.title.both)}</p><table>{body}</table>"
        f"<ul>{legend}</ul><small>{escape(note.both)}</small></aside>"
    )
