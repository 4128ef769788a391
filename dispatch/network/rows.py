"""Roads as columns, the same whether they come from a file or from the database."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.network.restrictions import Restriction
from dispatch.network.simplify import Piece

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RoadRows:
    """Nodes, segments between them and turn restrictions, as in ``storage/tables/roads.py``.

    ``lonlat`` float64[n, 2] and ``osm_id`` int64[n] are the nodes. Segment columns have length m;
    the path of segment s is ``path[path_first[s]:path_first[s + 1]]`` (WGS 84 lon, lat).
    ``restrictions`` int64[r, 5]: from segment, via node, to segment, only (1) or no (0), modes.
    """

    lonlat: Floats
    osm_id: Ints
    from_node: Ints
    to_node: Ints
    length_m: Floats
    road_class: npt.NDArray[np.object_]
    name_zh: npt.NDArray[np.object_]
    name_en: npt.NDArray[np.object_]
    oneway: Ints
    access_modes: Ints
    maxspeed_kph: Ints
    bridge: npt.NDArray[np.bool_]
    tunnel: npt.NDArray[np.bool_]
    osm_way_id: Ints
    path: Floats
    path_first: Ints
    restrictions: Ints
    restriction_kinds: tuple[str, ...] = ()
    restriction_relations: tuple[int | None, ...] = ()

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.lonlat)

    @property
    def n_segments(self) -> int:
        """Number of segments."""
        return len(self.from_node)


def path_lengths_m(path: Floats, path_first: Ints) -> tuple[Floats, Floats]:
    """Geodesic length so far at every vertex (float64[v]) and of every path (float64[m]), metres.

    On the WGS 84 ellipsoid, so that it holds wherever the network lies.
    """
    import pyproj  # a saved network opens without it

    steps = np.zeros(len(path))
    if len(path) > 1:
        geod = pyproj.Geod(ellps="WGS84")
        _, _, steps[1:] = geod.inv(path[:-1, 0], path[:-1, 1], path[1:, 0], path[1:, 1])
    steps[path_first[:-1]] = 0.0
    total = np.cumsum(steps)
    start = total[path_first[:-1]]
    counts = np.diff(path_first)
    so_far = total - np.repeat(start, counts)
    return so_far, so_far[path_first[1:] - 1]


def make_rows(
    segments: list[Piece], places: dict[int, tuple[float, float]], restrictions: list[Restriction]
) -> RoadRows:
    """Rows of simplified segments; nodes are numbered in the order in which they first appear."""
    number: dict[int, int] = {}
    for piece in segments:
        number.setdefault(piece.nodes[0], len(number))
        number.setdefault(piece.nodes[-1], len(number))
    path = np.array([places[node] for piece in segments for node in piece.nodes])
    path_first = np.zeros(len(segments) + 1, np.int64)
    np.cumsum([len(piece.nodes) for piece in segments], out=path_first[1:])
    tags = [piece.tags for piece in segments]
    return RoadRows(
        lonlat=np.array([places[osm] for osm in number]),
        osm_id=np.array(list(number), np.int64),
        from_node=np.array([number[piece.nodes[0]] for piece in segments], np.int64),
        to_node=np.array([number[piece.nodes[-1]] for piece in segments], np.int64),
        length_m=path_lengths_m(path, path_first)[1],
        road_class=_objects([t.road_class for t in tags]),
        name_zh=_objects([t.name_zh for t in tags]),
        name_en=_objects([t.name_en for t in tags]),
        oneway=np.array([t.oneway for t in tags], np.int64),
        access_modes=np.array([t.access_modes for t in tags], np.int64),
        maxspeed_kph=np.array([t.maxspeed_kph or 0 for t in tags], np.int64),
        bridge=np.array([t.bridge for t in tags], np.bool_),
        tunnel=np.array([t.tunnel for t in tags], np.bool_),
        osm_way_id=np.array([piece.ways[0] for piece in segments], np.int64),
        path=path,
        path_first=path_first,
        restrictions=np.array(
            [
                (
                    r.from_segment,
                    number[r.via_node],
                    r.to_segment,
                    r.kind.startswith("only_"),
                    r.bound_modes,
                )
                for r in restrictions
            ],
            np.int64,
        ).reshape(-1, 5),
        restriction_kinds=tuple(r.kind for r in restrictions),
        restriction_relations=tuple(r.relation for r in restrictions),
    )


def _objects(values: list[Any]) -> npt.NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
