"""A made-up community for tests of the planner: a lattice of roads with buildings between them."""

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from blockdata.grid.planner.plan import CommunityPlan
from blockdata.grid.planner.problem import Buildings, Community, CurrentGrids, Roads
from blockdata.text import Text

CODE = "440306002014"
_WEST, _SOUTH = 113.86, 22.67
_EAST_DEG, _NORTH_DEG = 1 / 102_760.0, 1 / 110_760.0  # degrees to a metre, near enough


def town(
    buildings: int = 600,
    *,
    people: int = 30,
    size_m: float = 1200.0,
    streets: int = 9,
    seed: int = 0,
    outline: shapely.Polygon | shapely.MultiPolygon | None = None,
) -> Community:
    """A square of ``streets`` blocks a side, with a building about every so many metres."""
    rng = np.random.default_rng(seed)
    around = shapely.box(0, 0, size_m, size_m) if outline is None else outline
    x, y = rng.uniform(5, size_m - 5, (2, buildings * 4))
    inside = np.flatnonzero(shapely.contains_xy(around, x, y))[:buildings]
    x, y, n = x[inside], y[inside], len(inside)
    lines, classes = [], []
    for step in np.linspace(0, size_m, streets + 1)[1:-1]:
        middle = abs(step - size_m / 2) < size_m / streets
        lines += [[(step, -20), (step, size_m + 20)], [(-20, step), (size_m + 20, step)]]
        classes += ["secondary" if middle else "residential"] * 2
    residents = rng.integers(people // 2, people * 3 // 2 + 1, n)
    return Community(
        CODE,
        Text("固戍社区", "Gushu"),
        placed(around),
        Buildings(
            np.arange(1, n + 1),
            _WEST + x * _EAST_DEG,
            _SOUTH + y * _NORTH_DEG,
            residents // 4,
            residents,
            np.full(n, 100.0),
            np.full(n, "", dtype="<U14"),
        ),
        Roads(placed(shapely.linestrings(lines)), np.array(classes, dtype=np.str_)),
    )


def placed(shape: Any) -> Any:
    """Metres from the south-west corner as degrees."""
    return shapely.transform(shape, lambda xy: xy * (_EAST_DEG, _NORTH_DEG) + (_WEST, _SOUTH))


def adopted(plan: CommunityPlan) -> Community:
    """The community after its plan was applied."""
    return replace(
        plan.given,
        current=CurrentGrids(plan.code, plan.outline),
        buildings=replace(plan.given.buildings, grid_code=plan.now),
    )


def with_people(given: Community, residents: Any) -> Community:
    """The community with other numbers of residents."""
    return replace(given, buildings=replace(given.buildings, residents=np.asarray(residents)))
