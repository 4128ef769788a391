"""What a plan would change, told before anything is applied. Counts only: no person's record.

Counts of people and rental units are told in tens, and 1–9 of them never (``"<10"``), parts and
totals alike, so that no sum gives a small count away. Counts of buildings are exact.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from blockdata.grid.planner.plan import CommunityPlan
from blockdata.grid.planner.problem import Flags, Floats
from blockdata.profile import GridRules

SMALLEST_TOLD = 10


@dataclass(frozen=True)
class Standing:
    """Who or what stands where: ``kind`` (officer, auxiliary, key_site, post), and its name."""

    kind: str
    name: str
    lon: float
    lat: float


def told(count: float) -> int | str:
    """A count of people or units as it may be published: 0, ``"<10"``, or in tens."""
    whole = round(float(count))
    if whole == 0:
        return 0
    return "<10" if whole < SMALLEST_TOLD else int(np.floor(whole / 10 + 0.5) * 10)


def impact_of(
    plans: Sequence[CommunityPlan],
    rules: GridRules,
    standing: Sequence[Standing] = (),
    officers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The impact report of a plan: totals, communities, grids, moves, who and what changes code.

    Args:
        plans: one for each community.
        rules: what they were made by.
        standing: responders and places, to be told where they come to stand in another grid.
        officers: the staff code of each grid's officer (一格一员), by the grid's code.
    """
    grids = [row for plan in plans for row in _grids(plan, rules)]
    serving = officers or {}
    return {
        "rules": {
            "units_per_grid": rules.units_per_grid,
            "people_per_grid": rules.people_per_grid,
            "tolerance": rules.tolerance,
            "load": "sum over buildings of max(units / units_per_grid, people / people_per_grid)",
        },
        "totals": _totals(plans, rules),
        "communities": [_community(plan, rules) for plan in plans],
        "grids": grids,
        "moves": [row for plan in plans for row in _moves(plan)],
        "grid_officers": [
            {"grid": row["code"], "change": row["change"], "officer": serving[row["code"]]}
            for row in grids
            if row["change"] != "kept" and row["code"] in serving
        ],
        **_standing(plans, standing),
    }


def _totals(plans: Sequence[CommunityPlan], rules: GridRules) -> dict[str, Any]:
    within = np.concatenate([plan.within(rules) for plan in plans])
    oversized = np.concatenate([plan.oversized for plan in plans])
    before = np.concatenate([_before(plan)[1] for plan in plans])
    moved = [_moved(plan) for plan in plans]
    kinds = Counter(row["change"] for plan in plans for row in _grids(plan, rules))
    border = sum(plan.border_m for plan in plans)
    return {
        "communities": len(plans),
        "communities_changed": sum(
            bool(m.any() or p.touched.any()) for m, p in zip(moved, plans, strict=True)
        ),
        "grids_before": int(sum(len(plan.given.current) for plan in plans)),
        "grids_after": len(within),
        "grids_kept": kinds["kept"],
        "grids_redrawn": kinds["redrawn"],
        "codes_new": kinds["new"],
        "codes_retired": kinds["retired"],
        "buildings": int(sum(len(plan.given.buildings) for plan in plans)),
        "buildings_moved": int(sum(m.sum() for m in moved)),
        "rental_units_moved": told(
            sum(p.given.buildings.units[m].sum() for p, m in zip(plans, moved, strict=True))
        ),
        "people_moved": told(
            sum(p.given.buildings.residents[m].sum() for p, m in zip(plans, moved, strict=True))
        ),
        "within_tolerance_before": _share(np.abs(before - 1) <= rules.tolerance),
        "within_tolerance_after": _share(within),
        "within_tolerance_after_without_oversized": _share(within[~oversized]),
        "ruled_by_one_building": int(oversized.sum()),
        "border_km": round(border / 1000, 1),
        "border_on_road_share": round(sum(p.on_road_m for p in plans) / border, 4)
        if border
        else None,
    }


def _community(plan: CommunityPlan, rules: GridRules) -> dict[str, Any]:
    load = float(plan.load.sum())
    return {
        "code": plan.given.code,
        "name_zh": plan.given.name.zh,
        "name_en": plan.given.name.en,
        "load": round(load, 2),
        "grids_before": len(plan.given.current),
        "grids_after": len(plan.code),
        "target_load": round(plan.standard, 3),
        "at_the_limit": len(plan.code) >= rules.most_per_community,
        "ruled_by_one_building": int(plan.oversized.sum()),
        "buildings_moved": int(_moved(plan).sum()),
        "within_tolerance_after": _share(plan.within(rules)),
    }


def _grids(plan: CommunityPlan, rules: GridRules) -> list[dict[str, Any]]:
    at, known = plan.given.buildings, set(plan.given.current.code.tolist())
    moved, within = _moved(plan), plan.within(rules)
    gone = Counter(plan.was[moved].tolist())
    rows = []
    for row, code in enumerate(plan.code.tolist()):
        mine = plan.grid_of_building == row
        came = int((mine & moved).sum())
        change = "new" if code not in known else "redrawn" if plan.touched[row] else "kept"
        rows.append(
            {
                "code": code,
                "community": plan.given.code,
                "change": change,
                "load": round(float(plan.load[row]), 2),
                "within_tolerance": bool(within[row]),
                "ruled_by_one_building": bool(plan.oversized[row]),
                "buildings": int(mine.sum()),
                "units": told(at.units[mine].sum()),
                "people": told(at.residents[mine].sum()),
                "buildings_in": came,
                "buildings_out": gone.get(code, 0),
            }
        )
    for code in sorted(known - set(plan.code.tolist())):
        out = gone.get(code, 0)
        rows.append(
            {
                "code": code,
                "community": plan.given.code,
                "change": "retired",
                "buildings_in": 0,
                "buildings_out": out,
            }
        )
    return rows


def _moves(plan: CommunityPlan) -> list[dict[str, Any]]:
    """From which grid to which, how much."""
    moved = _moved(plan)
    table = pd.DataFrame(
        {
            "from": plan.was[moved],
            "to": plan.now[moved],
            "buildings": 1,
            "units": plan.given.buildings.units[moved],
            "people": plan.given.buildings.residents[moved],
        }
    )
    sums = table.groupby(["from", "to"], as_index=False).sum()
    return [
        {
            "from": row["from"],
            "to": row["to"],
            "buildings": int(row["buildings"]),
            "units": told(row["units"]),
            "people": told(row["people"]),
        }
        for row in sums.to_dict("records")
    ]


def _moved(plan: CommunityPlan) -> Flags:
    """Buildings that leave a grid for another; one that had none yet is not moved."""
    return np.asarray((plan.was != plan.now) & (plan.was != ""))


def _before(plan: CommunityPlan) -> tuple[list[str], Floats]:
    """Load of each grid of today over the target of today."""
    codes = sorted(plan.given.current.code.tolist())
    if not codes:
        return codes, np.empty(0)
    row = np.searchsorted(codes, plan.was)
    known = np.isin(plan.was, codes)
    load = np.zeros(len(codes))
    np.add.at(load, row[known], plan.load_of_building[known])
    return codes, load / max(load.mean(), 1e-9)


def _standing(
    plans: Sequence[CommunityPlan], standing: Sequence[Standing]
) -> dict[str, list[dict[str, Any]]]:
    """Officers and places that come to stand in a grid of another code."""
    before = _located([(c, s) for p in plans for c, s in _today(p)], standing)
    after = _located(
        [(str(c), s) for p in plans for c, s in zip(p.code, p.outline, strict=True)], standing
    )
    changes: dict[str, list[dict[str, Any]]] = {"officers": [], "places": []}
    for who, was, now in zip(standing, before, after, strict=True):
        if was == now or now is None:
            continue
        list_of = "places" if who.kind in {"key_site", "post"} else "officers"
        changes[list_of].append({"kind": who.kind, "name": who.name, "from": was, "to": now})
    return changes


def _today(plan: CommunityPlan) -> list[tuple[str, Any]]:
    current = plan.given.current
    return [(str(c), s) for c, s in zip(current.code, current.outline, strict=True)]


def _located(grids: list[tuple[str, Any]], standing: Sequence[Standing]) -> list[str | None]:
    """The code of the grid that holds each; None outside, the lowest on a border."""
    found: list[str | None] = [None] * len(standing)
    if not grids or not standing:
        return found
    grids = sorted(grids, key=lambda grid: grid[0], reverse=True)
    tree = shapely.STRtree([shape for _, shape in grids])
    points = shapely.points([[who.lon, who.lat] for who in standing])
    rows, holders = tree.query(points, predicate="intersects")
    for row, holder in sorted(zip(rows.tolist(), holders.tolist(), strict=True)):
        found[row] = grids[holder][0]
    return found


def _share(flags: Any) -> float | None:
    return round(float(np.mean(flags)), 4) if len(flags) else None


__all__ = ["Standing", "impact_of", "told"]
