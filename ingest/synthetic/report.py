"""What the ``district`` commands print."""

from typing import Any

from sqlalchemy import Connection, func, select

from blockdata.console import language
from blockdata.storage.areas import Area
from blockdata.storage.tables.base import metadata
from blockdata.text import Text
from ingest.synthetic.load import TITLE, Built

_LABELS = {
    "district.street": Text("街道", "streets"),
    "district.community": Text("社区", "communities"),
    "district.grid": Text("网格", "grids"),
    "district.place": Text("重点部位与屯警点", "key sites and posts"),
    "district.water": Text("水域", "waters"),
    "roads.node": Text("路网节点", "road nodes"),
    "roads.segment": Text("路段", "road segments"),
    "roads.turn_restriction": Text("转向限制", "turn restrictions"),
    "register.building": Text("楼栋", "buildings"),
    "register.entrance": Text("出入口", "entrances"),
    "register.address": Text("地址", "addresses"),
    "register.person": Text("人口", "people"),
    "register.legal_entity": Text("法人", "legal entities"),
    "dispatch.shift": Text("班次", "shifts"),
    "dispatch.responder": Text("处置力量", "responders"),
    "dispatch.position": Text("实时位置", "positions"),
}


def count_rows(connection: Connection, area_id: int) -> dict[str, int]:
    """Rows of an area by table, without the tables that hold none."""
    counted = {
        table.fullname: int(
            connection.execute(
                select(func.count()).select_from(table).where(table.c.area_id == area_id)
            ).scalar_one()
        )
        for table in metadata.sorted_tables
        if table.fullname in _LABELS
    }
    return {name: count for name, count in counted.items() if count}


def built_as_json(built: Built) -> dict[str, Any]:
    """A build as one JSON document."""
    return {
        "area": built.area,
        "title_zh": TITLE.zh,
        "title_en": TITLE.en,
        "synthetic": True,
        "seed": built.seed,
        "scale": built.scale,
        "communities": built.communities,
        "rows": built.rows,
        "wall_s": round(built.wall_s, 1),
    }


def built_as_text(built: Built) -> str:
    """A build as a few lines."""
    head = Text(
        f"{TITLE.zh}:区域 {built.area},种子 {built.seed},规模 {built.scale:g},"
        f"用时 {built.wall_s:.1f} 秒",
        f"{TITLE.en}: area {built.area}, seed {built.seed}, scale {built.scale:g}, "
        f"{built.wall_s:.1f} s",
    )
    more = Text(
        "要更大规模:blockdata district build --scale 1",
        "for more: blockdata district build --scale 1",
    )
    lines = [head.say(language()), *_table(built.rows)]
    return "\n".join(lines if built.scale >= 1 else [*lines, more.say(language())])


def area_as_json(area: Area) -> dict[str, Any]:
    """An area as one JSON document."""
    return {
        "area": area.name,
        "title_zh": area.title.zh,
        "title_en": area.title.en,
        "synthetic": area.synthetic,
        "profile": area.profile,
        "source": area.source,
        "seed": area.seed,
        "scale": area.scale,
    }


def area_as_text(area: Area, rows: dict[str, int]) -> str:
    """An area and what it holds, as lines."""
    return "\n".join([_area_line(area), *_table(rows)])


def areas_as_text(areas: list[Area]) -> str:
    """All areas, one a line."""
    if not areas:
        return Text(
            "还没有区域:运行 blockdata district build", "no areas yet: run blockdata district build"
        ).say(language())
    return "\n".join(_area_line(area) for area in areas)


def _area_line(area: Area) -> str:
    parts = [area.name, area.title.say(language()), area.profile, area.source]
    if area.seed is not None:
        parts.append(f"seed {area.seed}")
    if area.scale is not None:
        parts.append(f"scale {area.scale:g}")
    return " | ".join(parts)


def _table(rows: dict[str, int]) -> list[str]:
    return [
        f"  {label.say(language())}: {rows[name]:,}"
        for name, label in _LABELS.items()
        if rows.get(name)
    ]


def dropped_as_text(area: str, urls: list[str]) -> str:
    """That an area is gone, and which web servers will notice."""
    said = Text(f"已删除区域“{area}”", f"the area {area!r} is gone").say(language())
    if not urls:
        return said
    where = ", ".join(urls)
    told = Text(
        f"正在运行的网页服务随后不再提供它:{where}",
        f"running web servers stop serving it within seconds: {where}",
    )
    return f"{said}\n{told.say(language())}"
