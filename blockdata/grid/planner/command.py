"""``blockdata grid plan`` behind the command line: read, plan, tell the impact, write."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
from sqlalchemy import Connection, text

from blockdata.errors import Conflict, InputError, NotFound
from blockdata.grid.duty import who_serves
from blockdata.grid.planner.impact import Standing, impact_of
from blockdata.grid.planner.plan import CommunityPlan, plan_district
from blockdata.grid.planner.plan_file import plan_document, write_json
from blockdata.grid.planner.problem import Community
from blockdata.grid.planner.read import read_communities, read_standing
from blockdata.grid.redraw import apply_layer
from blockdata.grid.sql import query
from blockdata.profile import GridRules, load_profile, profile_of_settings
from blockdata.settings import Settings
from blockdata.storage.areas import Area, find_area
from blockdata.storage.database import open_database
from blockdata.text import Text


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    area: str | None
    community: str | None
    seed: int
    fresh: bool
    out: Path | None
    layer: Path | None
    osm: Path | None = None
    admin_level: str = "10"
    apply: bool = False
    source: str | None = None


@dataclass(frozen=True)
class _Start:
    """Where a plan starts from, whichever source it is."""

    communities: list[Community]
    standing: list[Standing]
    rules: GridRules
    name: str
    title: Text
    synthetic: bool
    officers: dict[str, str]
    fingerprint: str | None = None


def run_plan(
    order: Order, tell: Callable[[int], Callable[[int], None]] = lambda _total: lambda _n: None
) -> dict[str, Any]:
    """Plan an area and write the files asked for; the impact report with ``about`` in front.

    Args:
        order: what was asked for.
        tell: given the number of communities, what advances the progress.
    """
    _check_apply(order)
    start = _from_extract(order) if order.osm is not None else _from_area(order)
    plans = plan_district(
        start.communities,
        start.rules,
        seed=order.seed,
        fresh=order.fresh,
        advance=tell(len(start.communities)),
    )
    about = {
        "area": start.name,
        "title_zh": start.title.zh,
        "title_en": start.title.en,
        "synthetic": start.synthetic,
        "drawn": "anew" if order.fresh else "from the grids of today",
        "seed": order.seed,
        "applied": False,
    }
    impact = impact_of(plans, start.rules, start.standing, start.officers)
    if order.out or order.layer:
        document = plan_document(plans, impact, **about)
        if order.out:
            write_json(order.out, document, "out")
        if order.layer:
            write_json(order.layer, document["after"], "layer")
    if order.apply:
        about["applied"] = True
        return {"about": about, "applied": _apply(order, start, plans), **impact}
    return {"about": about, **impact}


def _from_area(order: Order) -> _Start:
    settings = Settings()
    name = order.area or settings.area
    with open_database(settings).connect() as connection:
        area = find_area(connection, name)
        serving = who_serves(connection, area, settings.clock.now())
        return _Start(
            read_communities(connection, name, order.community),
            read_standing(connection, name),
            load_profile(area.profile).grids,
            name,
            area.title,
            area.synthetic,
            {row["grid"]: row["officer"] for row in serving if row["officer"]},
            _fingerprint(connection, area),
        )


def _fingerprint(connection: Connection, area: Area) -> str | None:
    found: str | None = connection.execute(
        text(query("grids_fingerprint")), {"area_id": area.area_id}
    ).scalar()
    return found


def _from_extract(order: Order) -> _Start:
    from blockdata.grid.planner.osm import read_osm

    assert order.osm is not None
    communities = read_osm(order.osm, admin_level=order.admin_level)
    chosen = [c for c in communities if order.community in {None, c.code, c.name.zh}]
    if not chosen:
        known = ", ".join(f"{c.code} {c.name.zh}" for c in communities[:9])
        raise NotFound(
            Text(f"没有社区 {order.community}", f"there is no community {order.community!r}"),
            field="community",
            cure=Text(f"可用:{known}", f"there are {known}"),
        )
    name = order.osm.name
    return _Start(
        chosen,
        [],
        profile_of_settings(Settings().profile).grids,
        name,
        Text(name, name),
        False,
        {},
    )


def _check_apply(order: Order) -> None:
    if order.apply and (order.osm is not None or not order.source):
        raise InputError(
            Text(
                "应用规划须写明依据,且只能用于区域",
                "to apply, name a source; extracts have no grids",
            ),
            field="source",
            cure=Text("加上 --source 文件号或责任人", "add --source, who or what decided it"),
        )


def _apply(order: Order, start: _Start, plans: list[CommunityPlan]) -> dict[str, Any]:
    """Make the plan the area's next version of grids, unless they changed since they were read."""
    layer = geopandas.GeoSeries(
        [shape for plan in plans for shape in plan.outline],
        index=[str(code) for plan in plans for code in plan.code],
        crs=4326,
    )
    assert order.source is not None
    with open_database(Settings()).begin() as connection:
        area = find_area(connection, start.name)
        if _fingerprint(connection, area) != start.fingerprint:
            raise Conflict(
                Text("规划期间网格已被改动", "the grids changed while this was planned"),
                field="area",
                cure=Text("重新规划", "plan again"),
            )
        return apply_layer(connection, area, layer, source=order.source).as_dict()
