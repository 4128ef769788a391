"""A folium map that opens from disk with no internet: everything it needs is inside the file."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from folium.template import Template

from blockdata.files import write_whole
from maps.assets import VENDOR, require_assets

_PANEL_PX = 400  # the panel lies over this much of the right side

# A second lock on the door: even a mistake could not make the file ask anything of any host.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
)


def _verbatim(text: str) -> Any:
    """An element that is written as it stands (folium would read its text as a template)."""
    element = Element()
    element._template = Template("{{ this.text }}")  # noqa: SLF001 -- how branca's elements are made
    element.text = text
    return element


@dataclass(frozen=True)
class Drawing:
    """One layer of a report: a feature collection, its style, and what hovering tells."""

    features: Mapping[str, Any]
    style: Callable[[Mapping[str, Any]], dict[str, Any]]
    tooltip: tuple[tuple[str, str], ...] = ()  # property → label
    points: bool = False


def offline_map(bounds: tuple[float, float, float, float], *, title: str, style: str) -> Any:
    """An empty folium map over bounds (west, south, east, north; WGS 84); ``style`` is CSS.

    Raises:
        SetupError: the libraries are not here yet.
    """
    require_assets()
    west, south, east, north = bounds
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        control_scale=True,
        prefer_canvas=True,
        max_zoom=20,
        zoom_snap=0.25,
        attribution_control=False,
    )
    chart.default_js = []
    chart.default_css = []
    chart.fit_bounds(
        [[south, west], [north, east]],
        padding_top_left=(24, 24),
        padding_bottom_right=(_PANEL_PX, 24),
    )
    figure = chart.get_root()
    figure.title = title
    library = (VENDOR / "leaflet" / "leaflet.js").read_text(encoding="utf-8")
    library = re.sub(r"\n//# sourceMappingURL=.*", "", library)
    for name, text in (
        ("policy", _POLICY),
        ("leaflet_css", f"<style>{_stylesheet(VENDOR / 'leaflet' / 'leaflet.css')}</style>"),
        ("leaflet_js", f"<script>{library}</script>"),
        ("report_css", f"<style>{style}</style>"),
    ):
        figure.header.add_child(_verbatim(text), name=name)
    return chart


def add_drawing(chart: Any, drawing: Drawing) -> None:
    """Draw one layer; an empty one is left out."""
    if not drawing.features["features"]:
        return
    tooltip = None
    if drawing.tooltip:
        fields, labels = zip(*drawing.tooltip, strict=True)
        tooltip = folium.GeoJsonTooltip(fields=list(fields), aliases=list(labels))
    marker = folium.CircleMarker(radius=6, fill=True) if drawing.points else None
    folium.GeoJson(
        dict(drawing.features), style_function=drawing.style, tooltip=tooltip, marker=marker
    ).add_to(chart)


def add_panel(chart: Any, html: str) -> None:
    """Lay a panel of (already escaped) HTML over the map."""
    chart.get_root().html.add_child(_verbatim(html), name="panel")


def save_map(chart: Any, file: Path) -> int:
    """Write the map to a file; returns its size in bytes.

    Raises:
        InputError: the file cannot be written.
    """
    return write_whole(file, chart.get_root().render(), "output")


def _stylesheet(file: Path) -> str:
    """A stylesheet with its images inside; what only old Internet Explorers read is taken out."""

    def inline(found: re.Match[str]) -> str:
        image = base64.b64encode((file.parent / found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{image})"

    text = file.read_text(encoding="utf-8")
    text = re.sub(r"[^;{}]*url\(#default#VML\);?", "", text)
    return re.sub(r"url\((images/[\w-]+\.png)\)", inline, text)
