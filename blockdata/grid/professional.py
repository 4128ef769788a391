"""Professional grids (fire, work safety …): a department's own, one to one on base grids."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from blockdata.address.register.words import clean_words
from blockdata.errors import Conflict, InputError
from blockdata.grid.findings import named
from blockdata.grid.layers import layer_at
from blockdata.storage.areas import Area
from blockdata.storage.bulk import read_frame
from blockdata.text import Text

_PATTERN = "^[a-z][a-z_]{0,39}$"


def map_professional(
    connection: Connection, area: Area, kind: str, bases: Mapping[str, str], since: datetime
) -> int:
    """Map a department's grids on base grids from a moment on; what stood before ends.

    Args:
        connection: in a transaction, which the caller commits.
        area: the area.
        kind: ``fire``, ``work_safety`` …
        bases: code of each professional grid, and the code of its base grid.
        since: from when.

    Returns:
        How many were mapped.

    Raises:
        InputError: a base grid is named twice or unknown, or one has no professional grid; a code
            is no text or holds personal details.
        Conflict: a mapping stands that begins later.
    """
    import re

    if re.fullmatch(_PATTERN, kind) is None:
        raise InputError(
            Text(f"专业网格类别“{kind}”不合规", f"{kind!r} is no kind of professional grid"),
            field="kind",
            cure=Text("如 fire、work_safety", "such as fire or work_safety"),
        )
    for code in bases:
        clean_words(code, "code", Text("给出专业网格编码", "give the grid's code"))
    layer = layer_at(connection, area, since)
    grids = read_frame(
        connection,
        "SELECT code, grid_id FROM district.grid_of_layer WHERE layer_id = :id",
        id=layer.layer_id,
    ).set_index("code")["grid_id"]
    _check_one_to_one(bases, set(grids.index))
    given = {"area_id": area.area_id, "kind": kind, "since": since}
    later = connection.execute(
        text(
            "SELECT count(*) FROM district.professional_grid WHERE area_id = :area_id"
            " AND kind = :kind AND lower(valid) >= :since"
        ),
        given,
    ).scalar_one()
    if later:
        raise Conflict(
            Text("已有较晚生效的对应关系", "a mapping that begins later stands"),
            field="since",
            cure=Text("给出较晚的生效时刻", "give a later moment"),
        )
    connection.execute(
        text(
            "UPDATE district.professional_grid SET valid = tstzrange(lower(valid), :since)"
            " WHERE area_id = :area_id AND kind = :kind AND valid @> CAST(:since AS timestamptz)"
        ),
        given,
    )
    connection.execute(
        text(
            "INSERT INTO district.professional_grid (area_id, kind, code, grid_id, valid)"
            " SELECT :area_id, :kind, m.code, m.grid_id, tstzrange(:since, NULL)"
            " FROM unnest(CAST(:codes AS text[]), CAST(:ids AS bigint[])) AS m (code, grid_id)"
        ),
        given | {"codes": list(bases), "ids": [int(grids[base]) for base in bases.values()]},
    )
    return len(bases)


def check_professional(
    connection: Connection, area: Area, kind: str, at: datetime
) -> dict[str, list[str]]:
    """Where a kind is not one to one with the base grids of a moment; both lists empty if it is.

    Returns:
        ``without``: base grids with none; ``dangling``: professional grids on a grid that is no
        more.
    """
    rows = read_frame(
        connection,
        "SELECT l.code AS base, p.code FROM"
        " (SELECT * FROM district.grid_of_layer WHERE layer_id = :layer) AS l FULL JOIN"
        " (SELECT * FROM district.professional_grid WHERE area_id = :area AND kind = :kind"
        "  AND valid @> CAST(:at AS timestamptz)) AS p USING (grid_id) ORDER BY 1, 2",
        layer=layer_at(connection, area, at).layer_id,
        area=area.area_id,
        kind=kind,
        at=at,
    )
    without: list[Any] = rows[rows["code"].isna()]["base"].tolist()
    dangling: list[Any] = rows[rows["base"].isna()]["code"].tolist()
    return {"without": without, "dangling": dangling}


def _check_one_to_one(bases: Mapping[str, str], grids: set[str]) -> None:
    twice = sorted(base for base, n in Counter(bases.values()).items() if n > 1)
    unknown = sorted(set(bases.values()) - grids)
    missing = sorted(grids - set(bases.values()))
    for codes, zh, en in (
        (twice, "对应了多个专业网格", "have more than one professional grid"),
        (unknown, "不存在", "are no base grids"),
        (missing, "没有对应的专业网格", "have no professional grid"),
    ):
        if codes:
            raise InputError(
                Text(f"基础网格 {named(codes)} {zh}", f"base grids {named(codes)} {en}"),
                field="base",
                cure=Text("一个基础网格对应一个专业网格", "give each base grid exactly one"),
                grids=codes,
            )
