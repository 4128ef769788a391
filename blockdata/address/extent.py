"""Where words lead that name no point: how far the place reaches, what is missing, what lies there.

A street (街道), a community, a road, or an estate of several buildings is no place to send anybody
to. Such an answer has an extent instead of a point: a division's outline, else the hull of its
addresses; the stretch of a road along its known numbers; the hull of an estate's buildings. A
number that a road lacks, between two that it has, is estimated between these.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text as sql_text

from blockdata.address._kernels import resolving as k
from blockdata.address._kernels.reading import S_COMMUNITY, S_NUMBER, S_REGION, S_STREET
from blockdata.address.estimate import Estimate, estimate, whole_number
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import Match, Place, match_many, spell_label
from blockdata.address.normalise import normalise_many
from blockdata.address.offers import next_level
from blockdata.address.sql import query
from blockdata.crs import from_metric, to_metric
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

COARSE = ("street", "community", "road", "estate")
"""Levels at which an answer may be no point."""
ROAD_HALF_WIDTH_M = 25.0
AROUND_M = 15.0  # left around buildings and addresses
_DEGREE_DIGITS = 6  # about 10 cm
_MISSING = {
    "street": Text("还缺社区、道路和门牌", "the community, the road and the number are missing"),
    "community": Text(
        "还缺道路和门牌,或小区和楼栋",
        "the road with its number, or the estate with its building, is missing",
    ),
    "road": Text("还缺门牌", "the number is missing"),
    "estate": Text("还缺楼栋", "the building is missing"),
}
UNKNOWN_NUMBER = Text("所说门牌不在库中", "the number is not in the register")

Nodes = NDArray[np.int64]


@dataclass(frozen=True)
class Reach:
    """What words reach that name no point.

    Attributes:
        shape: the extent, WGS 84; None where no position is known.
        missing: what is still to be asked.
        offers: some of what lies there, a level further down.
        estimate: where a number that is not in the register should be.
    """

    shape: BaseGeometry | None
    missing: Text
    offers: tuple[Place, ...]
    estimate: Estimate | None

    @property
    def extent(self) -> dict[str, Any] | None:
        """The extent as a GeoJSON geometry, WGS 84."""
        if self.shape is None:
            return None
        rounded = shapely.set_precision(self.shape, 10.0**-_DEGREE_DIGITS, mode="pointwise")
        return dict(shapely.geometry.mapping(rounded))

    @property
    def point(self) -> tuple[float, float, float] | None:
        """The likeliest point (WGS 84 lon, lat), and how many metres off it may be at most."""
        if self.estimate is not None:
            return self.estimate.lon, self.estimate.lat, self.estimate.uncertainty_m
        if self.shape is None:
            return None
        inside = self.shape.representative_point()
        x_m, y_m = to_metric(*shapely.get_coordinates(self.shape).T)
        at_x_m, at_y_m = to_metric(inside.x, inside.y)
        off_m = float(np.hypot(x_m - at_x_m, y_m - at_y_m).max())
        return round(inside.x, 7), round(inside.y, 7), float(np.ceil(off_m))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "extent": self.extent,
            "missing": {"zh": self.missing.zh, "en": self.missing.en},
            "offers": [offer.as_dict() for offer in self.offers],
            "estimate": self.estimate and self.estimate.as_dict(),
        }


def reach_of_match(
    connection: "Connection", area_id: int, gazetteer: Gazetteer, match: Match
) -> Reach | None:
    """How far the place of a match reaches; None where it is a point."""
    if match.level == "estate" and match.matched.address_id is not None:
        return reach_of_estate(connection, gazetteer, match.matched.address_id)
    if match.level not in COARSE or match.level == "estate":
        return None
    table = match_many(gazetteer, [match.asked], explained=True)
    said, name = table.said[0], int(table.found[0][k.A_NAME])
    nodes = members(gazetteer, said, match.level, name, int(table.node[0]))
    number = int(said[S_NUMBER]) if match.level == "road" else 0
    offers = next_level(gazetteer, match.level, nodes, number)
    if match.level == "road":
        shape, missing = _stretch(gazetteer, nodes), _missing_of_road(number)
        label = spell_label(number)
        return Reach(shape, missing, offers, estimate(gazetteer, nodes, label) if number else None)
    outline = _outline(connection, area_id, gazetteer, match.level, name, nodes)
    return Reach(outline or hull(gazetteer, nodes), _MISSING[match.level], offers, None)


def reach_of_estate(
    connection: "Connection", gazetteer: Gazetteer, address_id: int
) -> Reach | None:
    """How far a known estate reaches; None for one of a single building, and for what is no estate.

    Estates within another stand for their buildings.
    """
    node = gazetteer.node_of(address_id)
    if node < 0:
        return None
    nodes = np.flatnonzero((gazetteer.estate_node == node) & gazetteer.leaf)
    if len(nodes) < 2:
        return None
    ids = gazetteer.address_id[nodes].tolist()
    wkb = connection.execute(sql_text(query("buildings_hull")), {"ids": ids}).scalar_one()
    shape = None if wkb is None else _widened(shapely.from_wkb(bytes(wkb)), AROUND_M)
    return Reach(shape, _MISSING["estate"], next_level(gazetteer, "estate", nodes, 0), None)


def _missing_of_road(number: int) -> Text:
    return UNKNOWN_NUMBER if number else _MISSING["road"]


def members(
    gazetteer: Gazetteer, said: NDArray[np.int64], level: str, name: int, node: int
) -> Nodes:
    """The nodes on a road or in a division, as far as what was said above it narrows them down."""
    g = gazetteer
    inside = {"street": g.street, "community": g.community, "road": g.road}[level] == name
    above = ((S_COMMUNITY, g.community), (S_STREET, g.street), (S_REGION, g.region))
    for column, names in above:
        if said[column] >= 0:
            low, high = g.surface_starts[said[column]], g.surface_starts[said[column] + 1]
            narrower = inside & np.isin(names, g.surface_names[low:high])
            inside = narrower if narrower.any() else inside
    if node >= 0:  # roads of one name in several districts are several
        inside &= g.region == g.region[node]
    return np.flatnonzero(inside)


def _outline(
    connection: "Connection",
    area_id: int,
    gazetteer: Gazetteer,
    level: str,
    name: int,
    nodes: Nodes,
) -> BaseGeometry | None:
    """The outline of a division where the area has one."""
    rows = connection.execute(sql_text(query("divisions")), {"area_id": area_id}).all()
    rows = [row for row in rows if row.level == level]
    normal = normalise_many([row.name_zh for row in rows])
    streets = normalise_many([row.street_zh for row in rows])
    known = {gazetteer.name(int(s)) for s in np.unique(gazetteer.street[nodes]) if s >= 0}
    ids = [
        row.id
        for row, same, street in zip(rows, normal, streets, strict=True)
        if same == gazetteer.name(name) and (not known or street in known)
    ]
    if not ids:
        return None
    ask = {"level": level, "ids": ids}
    wkb = connection.execute(sql_text(query("division_outline")), ask).scalar_one()
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


def _stretch(gazetteer: Gazetteer, nodes: Nodes) -> BaseGeometry | None:
    """The stretch of a road: along its numbers in their order, or around what lies on it."""
    ordered = sorted(
        (number, int(node))
        for node in nodes[gazetteer.number[nodes] > 0]
        if (number := whole_number(spell_label(int(gazetteer.number[node])))) is not None
    )
    line = _points(gazetteer, np.array([node for _, node in ordered], np.int64))
    if not len(line):
        return hull(gazetteer, nodes)
    return _widened_m(shapely.LineString(np.repeat(line, 2, axis=0)), ROAD_HALF_WIDTH_M)


def hull(gazetteer: Gazetteer, nodes: Nodes) -> BaseGeometry | None:
    """What lies around some nodes, WGS 84; None where the position of none is known."""
    points = _points(gazetteer, nodes)
    return _widened_m(shapely.MultiPoint(points).convex_hull, AROUND_M) if len(points) else None


def _points(gazetteer: Gazetteer, nodes: Nodes) -> NDArray[np.float64]:
    """Where nodes lie, metres; those whose position is unknown left out."""
    lon, lat = gazetteer.lon[nodes], gazetteer.lat[nodes]
    known = ~(np.isnan(lon) | np.isnan(lat))
    return np.column_stack(to_metric(lon[known], lat[known]))


def _widened(shape: BaseGeometry, by_m: float) -> BaseGeometry:
    return _widened_m(shapely.transform(shape, lambda at: np.column_stack(to_metric(*at.T))), by_m)


def _widened_m(shape_m: BaseGeometry, by_m: float) -> BaseGeometry:
    """A shape in metres with so much left around it, in WGS 84 degrees."""
    wide = shape_m.buffer(by_m, quad_segs=4).simplify(2.0)
    if isinstance(wide, shapely.Polygon):  # what a winding road encloses is no hole in it
        wide = shapely.Polygon(wide.exterior)
    return shapely.transform(wide, lambda at: np.column_stack(from_metric(*at.T)))
