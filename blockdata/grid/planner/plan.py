"""The planner's outline: cut a community into blocks, group them into grids, name the grids."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from blockdata.errors import InputError
from blockdata.grid.planner.blocks import Blocks, cut_blocks
from blockdata.grid.planner.codes import Codes, fill_codes, match_codes
from blockdata.grid.planner.partition import draw_anew
from blockdata.grid.planner.problem import Community, Flags, Floats, Ints, Shapes, size_of
from blockdata.grid.planner.redraw import cure, kept_size, redraw
from blockdata.profile import GridRules
from blockdata.text import Text


@dataclass(frozen=True)
class CommunityPlan:
    """The proposed grids of one community, one row each, and whose they were.

    Attributes:
        given: what the plan started from.
        standard: load that each grid should have, as ``problem.Sizing`` has it.
        code: (k,) 14 digits, in order.
        outline: (k,) polygons in WGS 84 that tile the community.
        load: (k,) load of each.
        load_of_building: (n,) load of each building.
        grid_of_building: (n,) row of each building's grid.
        was: (n,) code of each building's grid before, empty for none.
        touched: (k,) whether the outline differs from that of the same code today.
        oversized: (k,) whether one building alone is heavier than the tolerance allows.
        border_m, on_road_m: length of borders between its grids, and how much follows a road.
    """

    given: Community
    standard: float
    code: Codes
    outline: Shapes
    load: Floats
    load_of_building: Floats
    grid_of_building: Ints
    was: Codes
    touched: Flags
    oversized: Flags
    border_m: float
    on_road_m: float

    @property
    def now(self) -> Codes:
        """(n,) code of each building's proposed grid."""
        codes: Codes = self.code[self.grid_of_building]
        return codes

    def within(self, rules: GridRules) -> Flags:
        """(k,) whether each grid's load is within the tolerance."""
        flags: Flags = np.abs(self.load / max(self.standard, 1e-9) - 1) <= rules.tolerance
        return flags


def plan_district(
    communities: Iterable[Community],
    rules: GridRules,
    *,
    seed: int = 1,
    fresh: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> list[CommunityPlan]:
    """Plan every community; the same input and seed give the same plan."""
    plans = []
    for community in communities:
        plans.append(plan_community(community, rules, seed=seed, fresh=fresh))
        advance(1)
    return plans


def plan_community(
    given: Community, rules: GridRules, *, seed: int = 1, fresh: bool = False
) -> CommunityPlan:
    """Propose the grids of one community.

    Args:
        given: outline, buildings, roads, current grids.
        rules: size of a grid, tolerance, where borders run best (``profile.grids``).
        seed: any integer of at least 0.
        fresh: draw anew, whatever the grids of today; else change them as little as loads allow.

    Raises:
        InputError: the seed is negative.
        Conflict: more grids than two digits can number.
    """
    if seed < 0:
        raise InputError(
            Text("种子不能为负数", "the seed cannot be negative"),
            field="seed",
            cure=Text("给出 0 或更大的整数", "give 0 or a larger integer"),
        )
    keep = not fresh and len(given.current) > 0
    own_seed = (zlib.crc32(given.code.encode()) ^ seed) % 2**30
    each = given.buildings.load(rules)
    sizing = kept_size(each, len(given.current), rules) if keep else size_of(each, rules)
    blocks = cut_blocks(given, rules, sizing.standard, keep=keep)
    biggest = np.zeros(len(blocks))
    np.maximum.at(biggest, blocks.of_building, each)
    if keep:
        part = redraw(blocks, len(given.current), sizing, biggest, rules, own_seed)
        return _named_as_today(given, blocks, part, rules)
    count = min(sizing.count, len(blocks))
    part = draw_anew(blocks, count, sizing.standard, rules, own_seed)
    part = cure(blocks, part, part.copy(), sizing, biggest, rules, own_seed)
    return _named_anew(given, blocks, part, rules)


def _named_anew(given: Community, blocks: Blocks, part: Ints, rules: GridRules) -> CommunityPlan:
    """A plan drawn anew: rows numbered from the north-west, then codes by shared buildings."""
    outline = _united(blocks, part)
    rank = np.empty(len(outline), dtype=np.int64)
    rank[_reading_order(outline)] = np.arange(len(outline))
    part = rank[part]
    was = given.buildings.grid_code
    code = match_codes(given.code, part[blocks.of_building], len(outline), was, given.current.code)
    touched = np.ones(len(outline), dtype=bool)
    return _finished(given, blocks, part, code, _united(blocks, part), touched, was, rules)


def _named_as_today(
    given: Community, blocks: Blocks, part: Ints, rules: GridRules
) -> CommunityPlan:
    """A plan that keeps what it can: kept grids keep code and, if nothing moved, their outline."""
    labels, part = np.unique(part, return_inverse=True)
    part = part.ravel().astype(np.int64)
    old = len(given.current)
    kept = [str(given.current.code[label]) if label < old else "" for label in labels.tolist()]
    code = fill_codes(given.code, kept, given.current.code)
    outline = _united(blocks, part)
    touched = np.ones(len(labels), dtype=bool)
    for row, label in enumerate(labels.tolist()):
        same = label < old and ((part == row) == (blocks.current == label)).all()
        if same:
            outline[row], touched[row] = given.current.outline[label], False
    was = given.current.code[blocks.current[blocks.of_building]]
    return _finished(given, blocks, part, code, outline, touched, was, rules)


def _finished(
    given: Community,
    blocks: Blocks,
    part: Ints,
    code: Codes,
    outline: Shapes,
    touched: Flags,
    was: Codes,
    rules: GridRules,
) -> CommunityPlan:
    order = np.argsort(code, kind="stable")
    row = np.empty(len(code), dtype=np.int64)
    row[order] = np.arange(len(code))
    part = row[part]
    load = np.bincount(part, weights=blocks.load, minlength=len(code)).astype(np.float64)
    largest = np.zeros(len(code))
    grid_of_building = part[blocks.of_building]
    each = given.buildings.load(rules)
    standard = size_of(each, rules, len(code)).standard
    np.maximum.at(largest, grid_of_building, each)
    cut = part[blocks.pairs[:, 0]] != part[blocks.pairs[:, 1]]
    return CommunityPlan(
        given,
        standard,
        code[order],
        outline[order],
        load,
        each,
        grid_of_building,
        was,
        touched[order],
        largest > standard * (1 + rules.tolerance),
        float(blocks.shared_m[cut].sum()),
        float(blocks.on_road_m[cut].sum()),
    )


def _united(blocks: Blocks, part: Ints) -> Shapes:
    """The polygon of each grid."""
    united = np.empty(int(part.max()) + 1, dtype=object)
    for row in range(len(united)):
        united[row] = shapely.coverage_union_all(blocks.shape[part == row])
        if united[row].geom_type == "GeometryCollection":
            united[row] = shapely.union_all(blocks.shape[part == row])
    return united


def _reading_order(outline: Shapes) -> Ints:
    """Rows from the north, each from the west."""
    centre = shapely.get_coordinates(shapely.centroid(outline))
    rows = max(1, round(len(outline) ** 0.5))
    band = np.empty(len(outline), dtype=np.int64)
    band[np.argsort(-centre[:, 1], kind="stable")] = np.arange(len(outline)) * rows // len(outline)
    return np.asarray(np.lexsort((centre[:, 0], band)), dtype=np.int64)
