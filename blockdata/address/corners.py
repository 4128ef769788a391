"""Corners: where two roads meet, as callers say it (固戍一路与宝源路交叉口).

A corner is no address. The roads are matched as addresses are; where they meet is read from the
area's road network.
"""

import re
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text as sql_text

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import ANSWERS_FROM, Match, Place, match_many
from blockdata.address.normalise import normalise, normalise_many
from blockdata.address.sql import query
from blockdata.crs import to_metric
from blockdata.text import Text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ROAD = "[路街道巷]"
_CORNER = "(?:交(?:叉路?口|叉处|汇[处口]|界处?)|相交处|[十丁]字路口|路?口|[拐转]角)"
_MARKS = frozenset("交口角")  # one of them stands in whatever ``_CORNER`` finds
# with a word between both roads, else without
_SAID = tuple(
    re.compile(f"(.+{_ROAD}){between}(.{{1,12}}?{_ROAD})的?{_CORNER}")
    for between in ("[与和跟及同/、,]", "")
)
# The crossings of two dual carriageways lie this far apart at most; further apart are two corners.
_ONE_CORNER_M = 150.0


def names_corner(text: str) -> tuple[str, str] | None:
    """The words for each of the two roads of a corner; None for any other text."""
    if not _MARKS.intersection(text):  # most texts name none
        return None
    normal = normalise(text).text
    said = next((found for pattern in _SAID if (found := pattern.search(normal))), None)
    return None if said is None else (said[1], said[2])


def match_corner(
    connection: "Connection",
    area_id: int,
    gazetteer: Gazetteer,
    text: str,
    roads: tuple[str, str],
) -> Match | None:
    """The corner of two roads in the words of ``names_corner(text)``.

    None where one of them is not known for sure, or where the network has no crossing of them or
    has crossings in several places. The probability is that of both roads being those meant.
    """
    table = match_many(gazetteer, roads, explained=True)
    names = [gazetteer.name(int(name)) for name in table.found[:, k.A_NAME]]
    chance = float(table.probability.prod())
    if (table.level != k.L_ROAD).any() or names[0] == names[1] or chance < ANSWERS_FROM:
        return None
    crossing = _crossing(connection, area_id, names)
    if crossing is None:
        return None
    return Match(
        asked=text,
        matched=Place(
            address_id=None,
            text=f"{names[0]}与{names[1]}交叉口",
            name=None,
            level="corner",
            lon=round(crossing[0], 7),
            lat=round(crossing[1], 7),
            grid_code=None,
        ),
        level="corner",
        probability=chance,
        why=Text("两条道路一致,路网上在此相交", "both roads agree; they cross here in the network"),
        runner_up=None,
    )


def _crossing(
    connection: "Connection", area_id: int, names: list[str]
) -> tuple[float, float] | None:
    """The one place where two roads of these normal names cross, WGS 84; None if there is none."""
    given = {"area_id": area_id}
    written = connection.execute(sql_text(query("road_names")), given).scalars().all()
    normal = normalise_many(written)
    first, second = (
        [raw for raw, same in zip(written, normal, strict=True) if same == name] for name in names
    )
    rows = connection.execute(
        sql_text(query("crossings")), given | {"first": first, "second": second}
    ).all()
    if not rows:
        return None
    lon, lat = np.array(rows, float).T
    x_m, y_m = to_metric(lon, lat)
    if np.hypot(np.ptp(x_m), np.ptp(y_m)) > _ONE_CORNER_M:
        return None
    return float(lon.mean()), float(lat.mean())
