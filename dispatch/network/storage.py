"""Roads in the database, and the saved network that grows from them."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from sqlalchemy import Connection, delete, text

from blockdata.errors import NotFound
from blockdata.folders import keep
from blockdata.profile import Profile
from blockdata.settings import Settings
from blockdata.storage.areas import Area
from blockdata.storage.bulk import copy_rows, read_frame
from blockdata.storage.tables import roads as tables
from blockdata.text import Text
from dispatch.network.network import FORMAT, RoadNetwork, build_network
from dispatch.network.rows import RoadRows


@cache
def query(name: str) -> str:
    """The text of a query that stands in ``queries``."""
    return (Path(__file__).parent / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def write_roads(connection: Connection, area_id: int, roads: RoadRows) -> None:
    """Load the roads of an area by COPY; roads that it had are deleted, closures too."""
    for table in (tables.closure, tables.turn_restriction, tables.segment, tables.node):
        connection.execute(delete(table).where(table.c.area_id == area_id))
    copy_rows(connection, tables.node, _node_rows(area_id, roads))
    copy_rows(connection, tables.segment, _segment_rows(area_id, roads))
    if len(roads.restrictions):
        copy_rows(connection, tables.turn_restriction, _restriction_rows(area_id, roads))


def read_roads(connection: Connection, area_id: int) -> RoadRows:
    """The roads of an area, as columns."""
    nodes = read_frame(connection, query("read_nodes"), area_id=area_id)
    segments = read_frame(connection, query("read_segments"), area_id=area_id)
    turns = read_frame(connection, query("read_restrictions"), area_id=area_id)
    paths = shapely.from_wkb([bytes(wkb) for wkb in segments["wkb"]])
    vertices, of = shapely.get_coordinates(paths, return_index=True)
    path_first = np.zeros(len(segments) + 1, np.int64)
    np.cumsum(np.bincount(of, minlength=len(segments)), out=path_first[1:])
    points = shapely.from_wkb([bytes(wkb) for wkb in nodes["wkb"]])
    columns: dict[str, Any] = {
        name: segments[name].to_numpy(kind)
        for name, kind in (
            ("from_node", np.int64),
            ("to_node", np.int64),
            ("length_m", np.float64),
            ("road_class", object),
            ("name_zh", object),
            ("name_en", object),
            ("oneway", np.int64),
            ("access_modes", np.int64),
            ("maxspeed_kph", np.int64),
            ("bridge", np.bool_),
            ("tunnel", np.bool_),
            ("osm_way_id", np.int64),
        )
    }
    numbers = turns[["from_segment", "via_node", "to_segment", "only", "bound_modes"]]
    return RoadRows(
        lonlat=shapely.get_coordinates(points),
        osm_id=nodes["osm_id"].to_numpy(np.int64),
        path=vertices,
        path_first=path_first,
        restrictions=numbers.to_numpy(np.int64).reshape(-1, 5),
        restriction_kinds=tuple(turns["kind"]),
        restriction_relations=tuple(turns["osm_relation_id"]),
        **columns,
    )


def open_network(
    connection: Connection, settings: Settings, area: Area, profile: Profile
) -> RoadNetwork:
    """The network of an area: the saved one if roads and rules are still the same, else made anew.

    Raises:
        NotFound: the area has no roads.
    """
    state = connection.execute(text(query("roads_state")), {"area_id": area.area_id}).one()
    if state.segments == 0:
        raise NotFound(
            Text(f"区域“{area.name}”还没有道路", f"the area {area.name!r} has no roads yet"),
            field="area",
            cure=Text(
                f"运行 blockdata roads import 文件.osm.pbf --area {area.name}",
                f"run blockdata roads import FILE.osm.pbf --area {area.name}",
            ),
        )
    version = _version(tuple(state), profile)
    folder = network_folder(settings, area)
    saved = RoadNetwork.load(folder, version, profile.modes)
    if saved is not None:
        return saved
    network = build_network(read_roads(connection, area.area_id), profile.modes, version)
    keep(lambda: network.save(folder))
    return network


def network_folder(settings: Settings, area: Area) -> Path:
    """Where the network of an area is saved, in folders by version."""
    return settings.var / "areas" / area.name / "network"


def _version(state: tuple[Any, ...], profile: Profile) -> str:
    rules = {mode: rule.model_dump(mode="json") for mode, rule in profile.modes.items()}
    content = json.dumps([FORMAT, *map(str, state), rules], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _node_rows(area_id: int, roads: RoadRows) -> pa.Table:
    n = roads.n_nodes
    return pa.table(
        {
            "area_id": np.full(n, area_id, np.int32),
            "node_index": np.arange(n, dtype=np.int32),
            "osm_id": roads.osm_id,
            "point": shapely.to_wkb(shapely.points(roads.lonlat)),
        }
    )


def _segment_rows(area_id: int, roads: RoadRows) -> pa.Table:
    m = roads.n_segments
    of: npt.NDArray[np.int64] = np.repeat(np.arange(m), np.diff(roads.path_first))
    paths = shapely.linestrings(roads.path, indices=of)
    return pa.table(
        {
            "area_id": np.full(m, area_id, np.int32),
            "segment_index": np.arange(m, dtype=np.int32),
            "from_node": roads.from_node,
            "to_node": roads.to_node,
            "length_m": roads.length_m,
            "road_class": pa.array(roads.road_class, pa.string()),
            "name_zh": pa.array(roads.name_zh, pa.string()),
            "name_en": pa.array(roads.name_en, pa.string()),
            "oneway": roads.oneway,
            "access_modes": roads.access_modes,
            "maxspeed_kph": pa.array(roads.maxspeed_kph, mask=roads.maxspeed_kph == 0),
            "bridge": roads.bridge,
            "tunnel": roads.tunnel,
            "osm_way_id": roads.osm_way_id,
            "path": shapely.to_wkb(paths),
        }
    )


def _restriction_rows(area_id: int, roads: RoadRows) -> pa.Table:
    r = len(roads.restrictions)
    from_segment, via_node, to_segment, _, modes = roads.restrictions.T
    return pa.table(
        {
            "area_id": np.full(r, area_id, np.int32),
            "restriction_index": np.arange(r, dtype=np.int32),
            "kind": list(roads.restriction_kinds),
            "from_segment": from_segment,
            "via_node": via_node,
            "to_segment": to_segment,
            "bound_modes": modes,
            "osm_relation_id": pa.array(roads.restriction_relations, pa.int64()),
        }
    )
