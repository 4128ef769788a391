"""The impact of a plan in a few lines, for a person."""

from typing import Any

from blockdata.text import Language, Text


def plan_as_text(result: dict[str, Any], language: Language) -> str:
    """The totals for a person."""
    totals = result["totals"]
    after, before = totals["within_tolerance_after"], totals["within_tolerance_before"]
    others = totals["within_tolerance_after_without_oversized"]
    road = totals["border_on_road_share"]
    lines = [
        *_changes(totals),
        Text(
            f"负荷在容差内:{_percent(before)} → {_percent(after)};"
            f"单栋超大楼主导的网格 {totals['ruled_by_one_building']} 个,其余 {_percent(others)}",
            f"load within tolerance: {_percent(before)} → {_percent(after)}; "
            f"{totals['ruled_by_one_building']} grids ruled by one oversized building, "
            f"of the others {_percent(others)}",
        ),
        Text(f"边界沿路:{_percent(road)}", f"borders along roads: {_percent(road)}"),
        Text(
            f"执勤点换网格:辅警与民警 {len(result['officers'])} 人,"
            f"重点部位与屯警点 {len(result['places'])} 处;"
            f"涉及网格员 {len(result['grid_officers'])} 人",
            f"duty points in another grid: {len(result['officers'])} auxiliaries and officers; "
            f"{len(result['places'])} key sites and police points; "
            f"{len(result['grid_officers'])} grid officers affected",
        ),
        Text("已应用为新版网格", "applied as a new version of the grids")
        if result["about"]["applied"]
        else Text("尚未应用,任何数据都没有改变", "nothing was applied; no data changed"),
    ]
    return "\n".join(line.say(language) for line in lines)


def _changes(totals: dict[str, Any]) -> list[Text]:
    return [
        Text(
            f"网格:{totals['grids_before']} → {totals['grids_after']}"
            f"(不变 {totals['grids_kept']},重划 {totals['grids_redrawn']},"
            f"新编码 {totals['codes_new']},停用 {totals['codes_retired']})",
            f"grids: {totals['grids_before']} → {totals['grids_after']} "
            f"({totals['grids_kept']} kept, {totals['grids_redrawn']} redrawn, "
            f"{totals['codes_new']} new codes, {totals['codes_retired']} retired)",
        ),
        Text(
            f"换网格的楼栋 {totals['buildings_moved']:,} / {totals['buildings']:,},"
            f"人口约 {totals['people_moved']},租赁单元约 {totals['rental_units_moved']}",
            f"changing grid: {totals['buildings_moved']:,} of {totals['buildings']:,} buildings, "
            f"about {totals['people_moved']} people, {totals['rental_units_moved']} rental units",
        ),
    ]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
