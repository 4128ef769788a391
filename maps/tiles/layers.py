"""Which layers a tile of each zoom carries, and how finely they are drawn."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

MIN_ZOOM: Final = 6
MAX_ZOOM: Final = 16  # beyond it the browser enlarges these
_EARTH_CIRCUMFERENCE_M: Final = 40_075_016.686  # of Web Mercator, at the equator

_QUERIES = files("maps.tiles") / "queries"


@dataclass(frozen=True)
class Layer:
    """One layer of the tiles: its name is also its query's file and the name in the style."""

    name: str
    min_zoom: int

    @property
    def sql(self) -> str:
        """The query that makes this layer of one tile."""
        return (_QUERIES / f"{self.name}.sql").read_text(encoding="utf-8")


# In drawing order. Buildings come only where one can see them apart: below zoom 14 the district's
# 175,000 would be most of a tile and no more than a grey haze.
LAYERS: Final = (
    Layer("water", MIN_ZOOM),
    Layer("streets", MIN_ZOOM),
    Layer("communities", 11),
    Layer("grids", 13),
    Layer("buildings", 14),
    Layer("roads", 9),
    Layer("landmarks", 14),
    Layer("places", 12),
    Layer("labels", 8),
)

# The road classes (OpenStreetMap's highway values) that come in at each zoom.
_CLASSES_FROM_ZOOM: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (9, ("motorway", "trunk")),
    (10, ("primary",)),
    (11, ("motorway_link", "trunk_link", "secondary")),
    (12, ("primary_link", "secondary_link", "tertiary", "busway")),
    (13, ("tertiary_link", "unclassified", "road", "residential")),
    (14, ("living_street", "pedestrian", "service")),
    (15, ("footway", "path", "track", "cycleway", "bridleway", "steps", "corridor")),
)


def road_classes(zoom: int) -> list[str]:
    """The road classes drawn at a zoom."""
    return [name for start, names in _CLASSES_FROM_ZOOM if start <= zoom for name in names]


def tolerance_m(zoom: int) -> float:
    """Half a screen pixel of a 512-pixel tile, in Web Mercator metres."""
    return float(_EARTH_CIRCUMFERENCE_M / 2**zoom / 1024)
