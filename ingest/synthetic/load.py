"""Build a synthetic district and load it as one area, in one transaction."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import shapely
from sqlalchemy import Connection, Engine, text

from blockdata.profile import Profile
from blockdata.storage.areas import check_replaceable, create_area
from blockdata.storage.bulk import copy_rows
from blockdata.storage.keys import check_keys, postpone_key_checks
from blockdata.storage.locks import lock_area
from blockdata.storage.tables.base import metadata
from blockdata.text import Text
from ingest.synthetic.arrays import multipolygon
from ingest.synthetic.community import Build, Rows, community_rows
from ingest.synthetic.district import district_rows, quotas_by_community
from ingest.synthetic.geography.build import build_geography
from ingest.synthetic.scale import check_scale

TITLE = Text("合成演示区(非真实数据)", "Synthetic demo district (not real data)")
SOURCE = "synthetic"


@dataclass(frozen=True)
class Built:
    """What a build made: rows by table, and the wall time."""

    area: str
    area_id: int
    seed: int
    scale: float
    communities: int
    rows: dict[str, int]
    wall_s: float


def build_district(
    engine: Engine,
    profile: Profile,
    *,
    area: str,
    seed: int,
    scale: float,
    tell: Callable[[Text], None] = lambda _text: None,
    advance: Callable[[int], None] = lambda _n: None,
) -> Built:
    """Build a synthetic district and load it; a synthetic area of that name is replaced.

    All of it is one transaction: until it ends, everyone sees the area as it was before, and an
    interruption leaves nothing behind.

    Args:
        engine: the database.
        profile: the district.
        area: name of the area.
        seed: the same seed gives the same rows.
        scale: share of the people, above 0 and up to 1; whole communities are built.
        tell: is told what is going on.
        advance: is told of progress, in thousandths of the whole.

    Raises:
        InputError: scale or seed is out of range, or the name cannot be an area's.
        Conflict: an imported area has that name; it stays.
    """
    check_scale(scale)
    with engine.connect() as connection:
        check_replaceable(connection, area)
    started = time.monotonic()
    tell(Text("绘制合成区的界线与路网", "drawing outlines and roads of the synthetic district"))
    geography = build_geography(profile, seed, scale)
    quotas = quotas_by_community(profile, geography)
    communities = len(geography.communities)
    tell(
        Text(
            f"生成并装入 {communities} 个社区的楼栋、地址、人口与力量",
            f"making and loading buildings, addresses, people and responders of {communities} "
            "communities",
        )
    )
    rows: dict[str, int] = {}
    with engine.begin() as connection:
        lock_area(connection, area, tell)
        area_id = create_area(
            connection,
            name=area,
            title=TITLE,
            synthetic=True,
            profile=profile.name,
            source=SOURCE,
            seed=seed,
            scale=scale,
            outline=multipolygon(shapely.union_all(geography.communities["outline"].to_numpy())),
            replace=True,
        )
        postponed = postpone_key_checks(connection)
        build = Build(profile, seed, area_id, geography, quotas)
        _load(connection, district_rows(build), rows)
        people = sum(quotas[code].people for code in geography.communities["code"])
        done = 0
        for row, code in enumerate(geography.communities["code"]):
            _load(connection, community_rows(build, row), rows)
            before, done = done, done + quotas[code].people
            advance(done * 1000 // people - before * 1000 // people)
        for table in metadata.sorted_tables:
            connection.execute(text(f"ANALYZE {table.fullname}"))
        if postponed:
            check_keys(connection, area_id)
    return Built(area, area_id, seed, scale, communities, rows, time.monotonic() - started)


def _load(connection: Connection, tables: Iterable[Rows], rows: dict[str, int]) -> None:
    for table, content in tables:
        loaded = copy_rows(connection, table, content)
        rows[table.fullname] = rows.get(table.fullname, 0) + loaded
