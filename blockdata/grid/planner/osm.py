"""Communities with real buildings and roads from an OpenStreetMap extract, where no register is.

OpenStreetMap knows no people. Their number follows from the floor area: footprint × floors (the
``building:levels`` tag, else ``floors``) over what each takes up. It serves to try the planner on
real shapes, not to plan real work.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from blockdata.errors import BadFile, InputError
from blockdata.grid.layer_checks import Plane
from blockdata.grid.planner.problem import Buildings, Community, Floats, Ints, Roads, Shapes
from blockdata.text import Text


@dataclass(frozen=True)
class FloorArea:
    """How floor area becomes people and rental units."""

    floors: int = 5
    m2_per_person: float = 40.0
    m2_per_unit: float = 80.0
    rented_share: float = 0.6


@dataclass
class _Found:
    communities: list[tuple[int, str, Any]] = field(default_factory=list)
    buildings: list[tuple[int, Any, float]] = field(default_factory=list)
    roads: list[tuple[str, Any]] = field(default_factory=list)


def read_osm(
    file: Path, *, admin_level: str = "10", floor_area: FloorArea | None = None
) -> list[Community]:
    """The administrative areas of a level in an extract, each with its buildings and roads.

    Raises:
        BadFile: not an OpenStreetMap file.
        InputError: it has no complete area of that level.
    """
    rule = floor_area or FloorArea()
    found = _scan(file, admin_level, rule.floors)
    if not found.communities:
        raise InputError(
            Text(f"没有 {admin_level} 级行政区", f"no whole area of admin level {admin_level}"),
            field="admin_level",
            cure=Text("换一个级别或更大的范围", "try another level, or a larger extract"),
        )
    ids, footprint, floors = (_column(found.buildings, k) for k in range(3))
    centre = shapely.centroid(footprint)
    plane = Plane.about(np.array([shape for _, _, shape in found.communities], dtype=object))
    ground_m2 = shapely.area(plane.lay(footprint))
    paths, classes = _column(found.roads, 1), [name for name, _ in found.roads]
    at_building, at_road = shapely.STRtree(centre), shapely.STRtree(paths)
    made = []
    for relation, name, outline in sorted(found.communities, key=lambda c: c[0]):
        rows = np.sort(at_building.query(outline, predicate="contains"))
        near = np.sort(at_road.query(outline, predicate="intersects"))
        made.append(
            Community(
                f"{relation:012d}",
                Text(name, name),
                outline,
                _inhabited(ids[rows], centre[rows], ground_m2[rows], floors[rows], rule),
                Roads(paths[near], np.array([classes[k] for k in near], dtype=np.str_)),
            )
        )
    return made


def _inhabited(
    ids: Shapes, centre: Shapes, ground_m2: Floats, floors: Shapes, rule: FloorArea
) -> Buildings:
    floor_m2 = ground_m2 * floors.astype(np.float64)
    lon, lat = shapely.get_coordinates(centre).reshape(-1, 2).T
    people: Ints = np.round(floor_m2 / rule.m2_per_person).astype(np.int64)
    units: Ints = np.round(rule.rented_share * floor_m2 / rule.m2_per_unit).astype(np.int64)
    nowhere = np.full(len(ids), "", dtype=np.str_)
    return Buildings(ids.astype(np.int64), lon, lat, units, people, ground_m2, nowhere)


def _scan(file: Path, admin_level: str, floors: int) -> _Found:
    found, make = _Found(), osmium.geom.WKBFactory()
    try:
        for thing in osmium.FileProcessor(str(file)).with_locations().with_areas():
            if thing.is_area():
                _keep_area(found, thing, make, admin_level, floors)
            elif thing.is_way() and "highway" in thing.tags and "tunnel" not in thing.tags:
                path = _shape(make.create_linestring, thing)
                if path is not None:
                    found.roads.append((thing.tags["highway"], path))
    except RuntimeError as error:
        raise BadFile(
            Text(f"{file} 不是 OSM 文件", f"{file} cannot be read as OpenStreetMap: {error}"),
            field="osm",
            cure=Text("给出 .osm.pbf 文件", "give an .osm.pbf file"),
        ) from None
    return found


def _keep_area(found: _Found, area: Any, make: Any, admin_level: str, floors: int) -> None:
    tags = area.tags
    ward = tags.get("boundary") == "administrative" and tags.get("admin_level") == admin_level
    if not ward and tags.get("building", "no") == "no":
        return
    shape = _shape(make.create_multipolygon, area)
    if shape is None or not shape.is_valid:
        return
    if ward:
        found.communities.append((area.orig_id(), tags.get("name", ""), shape))
        return
    told = tags.get("building:levels", "")
    found.buildings.append((area.id, shape, float(told) if told.isdecimal() else float(floors)))


def _shape(make: Any, thing: Any) -> Any:
    """The shape, or None where the extract lacks some of its nodes."""
    try:
        return shapely.from_wkb(bytes.fromhex(make(thing)))
    except (RuntimeError, osmium.InvalidLocationError):
        return None


def _column(rows: list[Any], position: int) -> Shapes:
    column = np.empty(len(rows), dtype=object)
    column[:] = [row[position] for row in rows]
    return column
