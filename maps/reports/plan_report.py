"""A plan of grids as a map: before and after, in one file that opens with no internet."""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import shapely

from blockdata.text import Text
from maps.reports.offline import add_panel, offline_map, save_map

_STYLE = files("maps.reports") / "report.css"
_PLAN_STYLE = files("maps.reports") / "plan.css"
_COLOURS = {"kept": "#8a94a3", "redrawn": "#2a55c0", "new": "#0b7a6f"}
_BEFORE = "#c8322b"
_DECIMALS = 6  # of a degree: 0.1 m
_MOST_ROWS = 12
_MARGIN = 0.002
_LEGEND = (
    ("before", Text("现有网格", "grids of today")),
    ("redrawn", Text("重划的网格", "redrawn")),
    ("new", Text("新编码的网格", "with a new code")),
    ("kept", Text("不变的网格", "unchanged")),
    ("off", Text("负荷超出容差(含单栋超大楼)", "out of tolerance, or ruled by one building")),
)


def write_plan_report(plan: Mapping[str, Any], file: Path) -> int:
    """Write the report map of a plan (``read_plan``); returns its size in bytes.

    Raises:
        Unwritable: the file cannot be written.
        SetupError: the map library has not been fetched.
    """
    return save_map(draw_plan_report(plan), file)


def draw_plan_report(plan: Mapping[str, Any]) -> Any:
    """The report as a folium map with both layers, each to be switched off, and the impact."""
    about, after = plan["about"], _rounded(plan["after"])
    title = f"{about['title_zh']} · 网格规划 Plan of grids"
    style = _STYLE.read_text(encoding="utf-8") + _PLAN_STYLE.read_text(encoding="utf-8")
    chart = offline_map(_bounds(after), title=title, style=style)
    fields = {
        "code": "网格 · grid",
        "load": "负荷 · load",
        "buildings": "楼栋 · buildings",
        "units": "租赁单元 · rental units",
        "people": "人口 · people",
        "buildings_in": "迁入楼栋 · buildings in",
        "buildings_out": "迁出楼栋 · buildings out",
    }
    folium.GeoJson(
        after,
        name=Text("规划后", "after").both,
        style_function=_after_style,
        tooltip=folium.GeoJsonTooltip(fields=list(fields), aliases=list(fields.values())),
    ).add_to(chart)
    before = _rounded(plan["before"])
    if before["features"]:
        folium.GeoJson(
            before,
            name=Text("规划前", "before").both,
            style_function=lambda _: {
                "color": _BEFORE,
                "weight": 1.5,
                "dashArray": "5 4",
                "fill": False,
                "interactive": False,
            },
        ).add_to(chart)
    folium.LayerControl(position="topleft", collapsed=False).add_to(chart)
    add_panel(chart, _panel(plan))
    return chart


def _after_style(feature: Mapping[str, Any]) -> dict[str, Any]:
    colour = _COLOURS[feature["properties"]["change"]]
    within = feature["properties"]["within_tolerance"]
    return {
        "color": colour,
        "weight": 2,
        "fillColor": colour if within else "#e3b84f",
        "fillOpacity": 0.12 if within else 0.6,
    }


def _panel(plan: Mapping[str, Any]) -> str:
    about, totals = plan["about"], plan["impact"]["totals"]
    rows = [
        (Text("网格数", "grids"), f"{totals['grids_before']:,} → {totals['grids_after']:,}"),
        (Text("重划", "redrawn"), f"{totals['grids_redrawn']:,}"),
        (Text("新编码", "new codes"), f"{totals['codes_new']:,}"),
        (Text("停用编码", "retired codes"), f"{totals['codes_retired']:,}"),
        (Text("换网格的楼栋", "buildings moved"), f"{totals['buildings_moved']:,}"),
        (Text("换网格的人口", "people moved"), _told(totals["people_moved"])),
        (
            Text("负荷在容差内", "load within tolerance"),
            " → ".join(
                _percent(totals[f"within_tolerance_{when}"]) for when in ("before", "after")
            ),
        ),
        (Text("边界沿路", "borders along roads"), _percent(totals["border_on_road_share"])),
        (Text("换网格的辅警与民警", "officers affected"), f"{len(plan['impact']['officers']):,}"),
    ]
    body = "".join(
        f"<tr><th>{escape(label.both)}</th><td>{escape(value)}</td></tr>" for label, value in rows
    )
    legend = "".join(
        f'<li><i class="sign {kind}"></i>{escape(words.both)}</li>' for kind, words in _LEGEND
    )
    synthetic = Text("合成数据,不对应真实的人或地点", "synthetic data: no real person or place")
    banner = f'<p class="synthetic">{escape(synthetic.both)}</p>' if about["synthetic"] else ""
    note = Text(
        "尚未应用。人数以十计,1–9 不公布", "Not applied. People are told in tens, 1–9 never"
    )
    name = Text(about["title_zh"], about["title_en"]).both
    return (
        f'<aside class="panel">{banner}<h1>网格规划 Plan of grids</h1><p>{escape(name)}</p>'
        f"<table>{body}</table><ul>{legend}</ul>{_largest_moves(plan)}"
        f"<small>{escape(note.both)}</small></aside>"
    )


def _largest_moves(plan: Mapping[str, Any]) -> str:
    """The moves with the most buildings."""
    moves = sorted(plan["impact"]["moves"], key=lambda m: (-m["buildings"], m["to"]))[:_MOST_ROWS]
    if not moves:
        return ""
    lines = "".join(
        f"<tr><th>{escape(str(m['from'] or '–'))} → {escape(m['to'])}</th>"
        f"<td>{m['buildings']:,}</td></tr>"
        for m in moves
    )
    head = Text("楼栋变动最多的网格", "most buildings moved")
    return f"<details><summary>{escape(head.both)}</summary><table>{lines}</table></details>"


def _told(count: float | str) -> str:
    return count if isinstance(count, str) else f"{count:,}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _rounded(layer: Mapping[str, Any]) -> dict[str, Any]:
    """The layer with coordinates of 0.1 m: a report is looked at, not measured."""

    def shorten(numbers: Any) -> Any:
        if isinstance(numbers, float | int):
            return round(numbers, _DECIMALS)
        return [shorten(part) for part in numbers]

    features = [
        feature
        | {
            "geometry": {
                "type": feature["geometry"]["type"],
                "coordinates": shorten(feature["geometry"]["coordinates"]),
            }
        }
        for feature in layer["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def _bounds(layer: Mapping[str, Any]) -> tuple[float, float, float, float]:
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in layer["features"]]
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN
