"""The planner on a whole district: time, balance, borders along roads; k-means and max-p beside it.

``make bench NAME=grid-planner`` writes ``build/bench/grid-planner.json``. All draw the same number
of grids from the same buildings; borders along roads are measured alike for all.
"""

import argparse
import sys
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import _planner_peers as peers  # noqa: E402
from _harness import Report, installed  # noqa: E402

from blockdata.grid.layer_checks import Plane  # noqa: E402
from blockdata.grid.planner.blocks import Blocks, cut_blocks  # noqa: E402
from blockdata.grid.planner.plan import CommunityPlan, plan_district  # noqa: E402
from blockdata.grid.planner.problem import Buildings, Community, CurrentGrids, size_of  # noqa: E402
from blockdata.grid.planner.read import read_communities  # noqa: E402
from blockdata.grid.validate import validate_layer  # noqa: E402
from blockdata.profile import GridRules, load_profile  # noqa: E402
from blockdata.settings import Settings  # noqa: E402
from blockdata.storage.areas import drop_area  # noqa: E402
from blockdata.storage.database import open_database  # noqa: E402

NAME = "grid-planner"
RULES = load_profile("baoan").grids
OWN_AREA = "bench-planner"
MAX_P_BLOCKS, MAX_P_GRIDS = (20, 30, 40, 60, 90, 140, 240), 4
ROUGH = "other work ran beside it" if "--shared" in sys.argv else ""


@dataclass
class Drawn:
    """What one way of drawing came to, over all communities."""

    loads: list[np.ndarray]
    pieces: list[int]
    border_m: float = 0.0
    on_road_m: float = 0.0
    seconds: float = 0.0

    def tell(self, report: Report, case: str, notes: str) -> None:
        ratio = np.concatenate(self.loads)
        within = np.abs(ratio - 1) <= RULES.tolerance
        split = int((np.array(self.pieces) > 1).sum())
        report.value(NAME, case, "seconds", round(self.seconds, 2), notes or ROUGH)
        report.value(NAME, case, "grids", len(ratio))
        report.value(NAME, case, "share_within_25_percent", round(float(within.mean()), 4))
        report.value(NAME, case, "load_spread", round(float(ratio.std()), 4), "std of load/target")
        report.value(NAME, case, "grids_in_several_pieces", split)
        share = self.on_road_m / self.border_m if self.border_m else 0.0
        report.value(NAME, case, "border_share_on_roads", round(share, 4), "within 3 m of a road")
        report.value(NAME, case, "border_km", round(self.border_m / 1000, 1))


def main() -> None:
    asked = arguments()
    report = Report(NAME)
    communities = load(asked.area, asked.scale)
    buildings = sum(len(given.buildings) for given in communities)
    case = f"{buildings} buildings, {len(communities)} communities"
    plan_district(communities[:1], RULES)  # compile
    began = time.perf_counter()
    plans = plan_district(communities, RULES, fresh=True)
    seconds = time.perf_counter() - began
    ours(plans, seconds).tell(report, f"ours, {case}", "")
    facts(report, plans, case)
    replans(report, communities, plans, case)
    on_cells, on_blocks = k_means(plans)
    on_cells.tell(report, f"k-means cells, {case}", "weighted k-means of buildings, Voronoi cells")
    on_blocks.tell(report, f"k-means on road blocks, {case}", "each block to its nearest centre")
    report.write()
    max_p(report, plans, asked.max_p_seconds)
    report.write()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", help="an area of the database; made and dropped where left out")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--max-p-seconds", type=int, default=120)
    parser.add_argument("--shared", action="store_true", help="note that other work runs beside")
    return parser.parse_args()


def load(area: str | None, scale: float) -> list[Community]:
    """The communities of an area, or of a made-up district that is dropped again."""
    engine = open_database(Settings())
    if area is None:
        from ingest.synthetic.load import build_district

        build_district(engine, load_profile("baoan"), area=OWN_AREA, seed=1, scale=scale)
    with engine.connect() as connection:
        communities = read_communities(connection, area or OWN_AREA)
    if area is None:
        with engine.begin() as connection:
            drop_area(connection, OWN_AREA)
    return communities


def ours(plans: list[CommunityPlan], seconds: float) -> Drawn:
    drawn = Drawn([], [], seconds=seconds)
    for plan in plans:
        plane = Plane.about(np.array([plan.given.outline], dtype=object))
        drawn.loads.append(plan.load / plan.standard)
        drawn.pieces += [len(shapely.get_parts(shape)) for shape in plan.outline]
        add_borders(drawn, plan.given, plane, plane.lay(plan.outline))
    return drawn


def add_borders(drawn: Drawn, given: Community, plane: Plane, grids: np.ndarray) -> None:
    border_m, on_road_m = peers.road_share(given, plane, grids)
    drawn.border_m += border_m
    drawn.on_road_m += on_road_m


def facts(report: Report, plans: list[CommunityPlan], case: str) -> None:
    """What must hold of every plan."""
    faults = sum(
        len(
            validate_layer(
                plan.outline,
                plan.code,
                communities=[plan.given.outline],
                community_names=[plan.given.code],
                outline=plan.given.outline,
            )
        )
        for plan in plans
    )
    report.value(NAME, case, "layer_faults", faults, "gaps, overlaps, slivers, crossings")
    report.value(NAME, case, "most_grids_in_a_community", max(len(p.code) for p in plans))
    over = int(sum(plan.oversized.sum() for plan in plans))
    report.value(NAME, case, "grids_ruled_by_one_building", over)


def replans(
    report: Report, communities: list[Community], plans: list[CommunityPlan], case: str
) -> None:
    """Buildings that change hands where nothing changed, where 1% grew, and from today's grids."""
    adopted = [
        replace(
            plan.given,
            current=CurrentGrids(plan.code, plan.outline),
            buildings=replace(plan.given.buildings, grid_code=plan.now),
        )
        for plan in plans
    ]
    rng = np.random.default_rng(1)
    grown = []
    for given in adopted:
        residents = given.buildings.residents.copy()
        some = rng.random(len(residents)) < 0.01
        residents[some] = residents[some] * 3
        grown.append(replace(given, buildings=replace(given.buildings, residents=residents)))
    todo = [
        ("nothing changed", adopted),
        ("1% of buildings tripled", grown),
        ("from the synthetic grids", communities),
    ]
    for label, given in todo:
        began = time.perf_counter()
        again = plan_district(given, RULES)
        seconds = time.perf_counter() - began
        off = sum(int((~p.within(RULES) & ~p.oversized).sum()) for p in again)
        moved = sum(int((p.was != p.now).sum()) for p in again)
        name = f"re-plan, {label}, {case}"
        report.value(NAME, name, "seconds", round(seconds, 2), ROUGH)
        report.value(NAME, name, "buildings_moved", moved)
        report.value(NAME, name, "grids_redrawn", sum(int(p.touched.sum()) for p in again))
        report.value(NAME, name, "grids_out_of_tolerance", off)


def k_means(plans: list[CommunityPlan]) -> tuple[Drawn, Drawn]:
    on_cells, on_blocks = Drawn([], []), Drawn([], [])
    for plan in plans:
        given, count = plan.given, len(plan.code)
        plane = Plane.about(np.array([given.outline], dtype=object))
        at, each = given.buildings, given.buildings.load(RULES)
        xy = shapely.get_coordinates(plane.lay(shapely.points(at.lon, at.lat)))
        began = time.perf_counter()
        centres = peers.k_means(xy, each, count, seed=1)
        own = peers.nearest(xy, centres)
        spent = time.perf_counter() - began
        on_cells.seconds += spent
        on_cells.loads.append(np.bincount(own, weights=each, minlength=count) / plan.standard)
        grids = peers.cells(given, plane, centres)
        on_cells.pieces += [len(shapely.get_parts(shape)) for shape in grids]
        add_borders(on_cells, given, plane, grids)
        began = time.perf_counter()
        blocks = cut_blocks(given, RULES, plan.standard, keep=False)
        middle = shapely.get_coordinates(plane.lay(shapely.centroid(blocks.shape)))
        part = peers.nearest(middle, centres)
        on_blocks.seconds += spent + time.perf_counter() - began
        on_blocks.loads.append(
            np.bincount(part, weights=blocks.load, minlength=count) / plan.standard
        )
        grids = united(blocks.shape, part)
        on_blocks.pieces += [len(shapely.get_parts(shape)) for shape in grids]
        add_borders(on_blocks, given, plane, plane.lay(grids))
    return on_cells, on_blocks


def united(shapes: np.ndarray, part: np.ndarray) -> np.ndarray:
    made = [shapely.coverage_union_all(shapes[part == k]) for k in np.unique(part)]
    return np.array(made, dtype=object)


def max_p(report: Report, plans: list[CommunityPlan], limit: int) -> None:
    """max-p on ever larger parts of a community, until one takes longer than the limit."""
    if installed("spopt") is None:
        report.value(NAME, "max-p", "communities", 0, "spopt is not installed: bench extra")
        return
    plan = plans[int(np.argmin([abs(len(plan.code) - 4 * MAX_P_GRIDS) for plan in plans]))]
    whole = cut_blocks(plan.given, RULES, plan.standard, keep=False)
    for size in MAX_P_BLOCKS:
        given, rules = part_of(plan.given, whole, size)
        sizing = size_of(given.buildings.load(rules), rules)
        blocks = cut_blocks(given, rules, sizing.standard, keep=False)
        case = f"{len(blocks)} blocks, {sizing.count} grids (part of {given.code})"
        began = time.perf_counter()
        (mine,) = plan_district([given], rules, fresh=True)
        ours([mine], time.perf_counter() - began).tell(report, f"ours beside max-p, {case}", "")
        drawn = Drawn([], [])
        began = time.perf_counter()
        try:
            with peers.within_seconds(limit):
                part = peers.max_p(blocks, (1 - rules.tolerance) * sizing.standard, seed=1)
        except TimeoutError:
            report.value(NAME, f"max-p, {case}", "seconds", limit, "stopped: not done by then")
            return
        drawn.seconds = time.perf_counter() - began
        drawn.loads.append(np.bincount(part, weights=blocks.load) / sizing.standard)
        grids = united(blocks.shape, part)
        drawn.pieces += [len(shapely.get_parts(shape)) for shape in grids]
        plane = Plane.about(np.array([given.outline], dtype=object))
        add_borders(drawn, given, plane, plane.lay(grids))
        drawn.tell(report, f"max-p, {case}", "spopt MaxPHeuristic, floor 0.75 of the target")


def part_of(given: Community, blocks: Blocks, size: int) -> tuple[Community, GridRules]:
    """So many adjoining blocks of a community as one of its own, and rules for grids so small.

    The rules make four grids of them; the blocks are those nearest to the heaviest, by steps.
    """
    pairs = blocks.pairs
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(blocks), len(blocks)))
    order = breadth_first_order(graph, int(blocks.load.argmax()), directed=False)[0]
    chosen = np.zeros(len(blocks), dtype=bool)
    chosen[order[:size]] = True
    inside = chosen[blocks.of_building]
    rows = {f.name: getattr(given.buildings, f.name)[inside] for f in fields(Buildings)}
    outline = shapely.union_all(blocks.shape[chosen])
    part = Community(given.code, given.name, outline, Buildings(**rows), given.roads)
    share = float(part.buildings.load(RULES).sum()) / MAX_P_GRIDS
    sizes = {
        n: max(1, round(getattr(RULES, n) * share)) for n in ("units_per_grid", "people_per_grid")
    }
    return part, RULES.model_copy(update=sizes)


if __name__ == "__main__":
    main()
