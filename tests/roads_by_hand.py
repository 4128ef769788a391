"""Small road networks drawn by hand or at random, as rows."""

import numpy as np

from dispatch.network.rows import RoadRows


def make_roads(points, segments, restrictions=()):
    """Rows from points (lon, lat) and segments (from, to, length_m, class, oneway, modes, max)."""
    points = np.asarray(points, float).reshape(-1, 2)
    columns = list(zip(*segments, strict=True))
    m = len(segments)
    path = points[np.array([[s[0], s[1]] for s in segments]).ravel()]
    return RoadRows(
        lonlat=points,
        osm_id=np.arange(len(points)),
        from_node=np.array(columns[0], np.int64),
        to_node=np.array(columns[1], np.int64),
        length_m=np.array(columns[2], float),
        road_class=np.array(columns[3], object),
        name_zh=np.full(m, None, object),
        name_en=np.full(m, None, object),
        oneway=np.array(columns[4], np.int64),
        access_modes=np.array(columns[5], np.int64),
        maxspeed_kph=np.array(columns[6], np.int64),
        bridge=np.zeros(m, bool),
        tunnel=np.zeros(m, bool),
        osm_way_id=np.arange(m),
        path=path,
        path_first=np.arange(m + 1) * 2,
        restrictions=np.array(restrictions, np.int64).reshape(-1, 5),
        restriction_kinds=tuple("only_" if r[3] else "no_" for r in restrictions),
        restriction_relations=(None,) * len(restrictions),
    )


def places_on(graph, where, access_ms=None):
    """Places at (segment, fraction) pairs, without a way off the road unless given."""
    from dispatch.network.snapping import Places

    segment = np.array([s for s, _ in where], np.int32)
    fraction = np.array([f for _, f in where], float)
    whole_ms = graph.through_ms[segment].astype(np.int64)
    share = np.column_stack([fraction, 1 - fraction])
    to_ms = np.where(whole_ms < 0, -1, np.floor(whole_ms * share + 0.5))
    from_ms = np.where(whole_ms < 0, -1, whole_ms - to_ms)
    zero = np.zeros(len(where))
    legs = np.zeros(len(where), np.int64) if access_ms is None else np.array(access_ms, np.int64)
    spot = np.column_stack([fraction, zero, zero, zero])
    return Places(np.column_stack([segment, legs, to_ms, from_ms]).astype(np.int64), spot)
