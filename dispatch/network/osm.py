"""From an OpenStreetMap file (.osm.pbf) to the rows of the road tables. Needs no network.

Clipped extracts survive: a way whose nodes are partly missing is cut where they are missing.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.osm import Relation, Way

from blockdata.clean import A_LINE, shown
from blockdata.errors import BadFile
from blockdata.files import is_file
from blockdata.text import Text
from dispatch.network.restrictions import RestrictionRelation, between_segments, read_relation
from dispatch.network.rows import RoadRows, make_rows
from dispatch.network.simplify import Piece, along, simplify
from dispatch.network.tags import refusal, road_tags


@dataclass
class ReadReport:
    """What was read, kept and refused; of each kind, kept and refused add up to read."""

    nodes_read: int = 0
    ways_read: int = 0
    relations_read: int = 0
    ways_kept: int = 0
    ways_refused: Counter[str] = field(default_factory=Counter)
    node_references_missing: int = 0
    maxspeed_not_understood: int = 0
    restrictions_read: int = 0
    restrictions_kept: int = 0
    restrictions_refused: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """As it is printed in JSON."""
        return {key: dict(v) if isinstance(v, Counter) else v for key, v in vars(self).items()}


@dataclass
class _Gathered:
    pieces: list[Piece] = field(default_factory=list)
    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    relations: list[RestrictionRelation] = field(default_factory=list)
    report: ReadReport = field(default_factory=ReadReport)


def read_osm(path: Path) -> tuple[RoadRows, ReadReport]:
    """Read the road network of an OpenStreetMap file.

    Raises:
        BadFile: there is no such file, it is truncated or of another kind, or it has no roads.
    """
    found = _gather(path)
    if not found.pieces:
        raise BadFile(
            Text(f"{path} 里没有道路", f"{path} has no roads"),
            field="file",
            cure=Text(
                "请给出包含 highway 道路的 .osm.pbf 文件", "give an .osm.pbf with highway ways"
            ),
        )
    segments = simplify(found.pieces, {relation.via_node for relation in found.relations})
    restrictions, refused = between_segments(found.relations, segments)
    found.report.restrictions_kept = len(restrictions)
    found.report.restrictions_refused += refused
    return make_rows(segments, found.places, restrictions), found.report


def _gather(path: Path) -> _Gathered:
    found = _Gathered()
    if not is_file(path):
        named = shown(str(path), A_LINE)
        raise BadFile(
            Text(f"没有文件 {named}", f"there is no file {named}"),
            field="file",
            cure=Text("检查路径", "check the path"),
        )
    try:
        for item in osmium.FileProcessor(str(path)).with_locations():
            if item.is_node():
                found.report.nodes_read += 1
            elif item.is_way():
                _take_way(item, found)
            elif item.is_relation():
                _take_relation(item, found)
    except RuntimeError as error:  # what libosmium raises for anything that it cannot read
        raise BadFile(
            Text(f"{path} 读取失败:{error}", f"{path} cannot be read: {error}"),
            field="file",
            cure=Text(
                "文件被截断或不是 OpenStreetMap 文件;请重新下载 .osm.pbf",
                "it is truncated or no OpenStreetMap file; download the .osm.pbf again",
            ),
        ) from None
    return found


def _take_way(way: Way, found: _Gathered) -> None:
    report = found.report
    report.ways_read += 1
    tags = {tag.k: tag.v for tag in way.tags}
    reason = refusal(tags)
    if reason is not None:
        report.ways_refused[reason] += 1
        return
    kept = road_tags(tags)
    report.maxspeed_not_understood += kept.maxspeed_kph is None and "maxspeed" in tags
    runs: list[list[int]] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            report.node_references_missing += 1
            runs.append([])
        elif not runs[-1] or runs[-1][-1] != node.ref:
            found.places[node.ref] = (node.lon, node.lat)
            runs[-1].append(node.ref)
    pieces = [along(run, kept, way.id) for run in runs if len(run) > 1]
    if pieces:
        report.ways_kept += 1
        found.pieces.extend(pieces)
    else:
        report.ways_refused["too_few_nodes"] += 1


def _take_relation(relation: Relation, found: _Gathered) -> None:
    report = found.report
    report.relations_read += 1
    tags = {tag.k: tag.v for tag in relation.tags}
    if tags.get("type") != "restriction":
        return
    report.restrictions_read += 1
    members = [(member.type, member.ref, member.role) for member in relation.members]
    read = read_relation(relation.id, tags, members)
    if isinstance(read, str):
        report.restrictions_refused[read] += 1
    else:
        found.relations.append(read)


def bounds(rows: RoadRows) -> list[float]:
    """West, south, east, north of the network in WGS 84 degrees."""
    low, high = rows.lonlat.min(axis=0), rows.lonlat.max(axis=0)
    return [float(v) for v in np.round(np.concatenate([low, high]), 7)]
