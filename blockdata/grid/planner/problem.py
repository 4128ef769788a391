"""What a plan starts from: one community's outline, buildings, roads and current grids."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.errors import BadLayer, InputError
from blockdata.profile import GridRules
from blockdata.text import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]


_LEAST = 1e-9  # a load is divided by
_SIZING_ROUNDS = 20


@dataclass(frozen=True)
class Buildings:
    """Buildings of one community, one row each.

    Attributes:
        building_id: (n,) permanent ids.
        lon, lat: (n,) the middle of each, WGS 84.
        units: (n,) rental units: rooms with a tenant.
        residents: (n,) people who live there.
        footprint_m2: (n,) ground it covers; 0 where unknown.
        grid_code: (n,) code of the grid that holds it now, empty where it has none.
    """

    building_id: Ints
    lon: Floats
    lat: Floats
    units: Ints
    residents: Ints
    footprint_m2: Floats
    grid_code: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.building_id)

    def load(self, rules: GridRules) -> Floats:
        """(n,) load: the larger of units per 500 and residents per 1,000 (the profile's numbers).

        It is taken building by building, so that loads add up; a grid of load 1 then has neither
        more units nor more residents than the standard grid.
        """
        return np.maximum(self.units / rules.units_per_grid, self.residents / rules.people_per_grid)


@dataclass(frozen=True)
class Roads:
    """Roads of one community: (m,) LineStrings in WGS 84, and their OpenStreetMap class."""

    path: Shapes
    road_class: NDArray[np.str_]


@dataclass(frozen=True)
class CurrentGrids:
    """The grids of today: (k,) codes and (k,) polygons in WGS 84."""

    code: NDArray[np.str_] = field(default_factory=lambda: np.empty(0, dtype=np.str_))
    outline: Shapes = field(default_factory=lambda: np.empty(0, dtype=object))

    def __len__(self) -> int:
        return len(self.code)


@dataclass(frozen=True)
class Community:
    """One community to be divided. Checked where it is made: see ``check``."""

    code: str
    name: Text
    outline: shapely.MultiPolygon | shapely.Polygon
    buildings: Buildings
    roads: Roads
    current: CurrentGrids = field(default_factory=CurrentGrids)

    def __post_init__(self) -> None:
        _check_outline(self)
        _check_buildings(self)


@dataclass(frozen=True)
class Sizing:
    """How many grids a community gets and the load each should have.

    A building heavier than the upper limit of a grid cannot be shared out: it rules a grid of its
    own. Such buildings and their grids stand apart; the others share the rest evenly. Without any,
    ``standard`` is the community's load over its number of grids.
    """

    count: int
    standard: float
    apart: int


def size_of(each: Floats, rules: GridRules, count: int | None = None) -> Sizing:
    """The sizing of a community from the load of each building.

    Args:
        each: (n,) load of each building, 1 for a grid of the profile's size.
        rules: tolerance, and the most grids.
        count: number of grids where it is settled; else the rounding of the load to be shared,
            at least 1, and one more for each building that stands apart.
    """
    standard, sizing = 1.0, Sizing(1, max(float(each.sum()), _LEAST), 0)
    for _ in range(_SIZING_ROUNDS):
        over = each > standard * (1 + rules.tolerance)
        apart, rest = int(over.sum()), float(each[~over].sum())
        shared = int(np.floor(rest + 0.5)) if count is None else count - apart
        if apart and shared < 1 and count is None:
            shared = int((~over).any() and rest > rules.tolerance)
        grids = min(max(apart + shared, 1), rules.most_per_community)
        if grids <= apart:  # nothing is left to be shared, or all grids are taken
            return Sizing(grids, max(float(each.sum()) / grids, _LEAST), apart)
        sizing = Sizing(grids, max(rest / (grids - apart), _LEAST), apart)
        if sizing.standard == standard:
            break
        standard = sizing.standard
    return sizing


def _check_outline(given: Community) -> None:
    shape = given.outline
    cure = Text("修正社区边界后再规划", "mend the community's outline first")
    if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
        what = Text(
            f"社区 {given.code} 没有面状边界", f"community {given.code} has no polygon as outline"
        )
    elif not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        what = Text(
            f"社区 {given.code} 边界无效:{why}", f"the outline of {given.code} is invalid: {why}"
        )
    elif not np.isfinite(shape.bounds).all() or max(map(abs, shape.bounds)) > 180:
        what = Text(
            f"社区 {given.code} 的坐标不是经纬度", f"{given.code} is not in degrees (WGS 84)"
        )
        cure = Text("转换为 WGS 84(EPSG:4326)", "convert it to WGS 84 (EPSG:4326)")
    else:
        return
    raise BadLayer(what, field="outline", cure=cure)


def _check_buildings(given: Community) -> None:
    at = given.buildings
    for name in ("lon", "lat", "units", "residents", "footprint_m2", "grid_code"):
        column = getattr(at, name)
        if len(column) != len(at):
            raise InputError(
                Text(f"列 {name} 的长度与楼栋数不同", f"column {name} is not as long as the ids"),
                field=name,
                cure=Text("每栋楼给出一个值", "give one value per building"),
            )
        if name != "grid_code" and not (np.isfinite(column).all()):
            raise InputError(
                Text(f"列 {name} 含有缺失或非数字", f"column {name} holds a value that is missing"),
                field=name,
                cure=Text("补全或删除该行", "fill it in or leave the row out"),
            )
    for name in ("units", "residents", "footprint_m2"):
        if (getattr(at, name) < 0).any():
            row = int(np.flatnonzero(getattr(at, name) < 0)[0])
            what = at.building_id[row]
            raise InputError(
                Text(f"楼栋 {what} 的 {name} 为负数", f"building {what} has negative {name}"),
                field=name,
                cure=Text("改为 0 或正数", "give 0 or more"),
            )
    shapely.prepare(given.outline)
    away = np.flatnonzero(~shapely.intersects_xy(given.outline, at.lon, at.lat))
    if len(away):
        row = int(away[0])
        raise InputError(
            Text(
                f"楼栋 {at.building_id[row]} 不在社区 {given.code} 内(共 {len(away)} 栋)",
                f"building {at.building_id[row]} is not inside community {given.code} "
                f"({len(away)} are not)",
            ),
            field="lon",
            cure=Text("核对坐标系与所属社区", "check the datum and the community it belongs to"),
        )
