"""The road network of one area as arrays: its geometry, and a directed graph per travel mode.

Saved as ``.npy`` files in a folder named by the version of its content, and memory-mapped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from blockdata.files import whole_folder
from blockdata.folders import forget_others
from blockdata.profile import Mode, ModeRules
from dispatch._kernels import snap as kernel
from dispatch.network.costs import FORWARD, Arcs, arcs_of, speeds_mps
from dispatch.network.rows import RoadRows, path_lengths_m
from dispatch.network.tags import MODE_BITS
from dispatch.network.turns import expand, forbidden_turns

FORMAT = 5  # raise it when the arrays change their meaning
CELL_M = 60.0
MAX_CELLS_PER_AXIS = 4096

Int32s = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
CLOSED = -1


@dataclass(frozen=True)
class Geometry:
    """Where segments run, and a lattice to find them by; the same for all modes.

    ``lonlat`` float64[n, 2] of the nodes; segments ``from_node``, ``to_node`` int32[m],
    ``length_m`` float64[m]; vertices ``path`` float64[v, 2] (WGS 84), ``path_first`` int64[m + 1],
    ``so_far_m`` float64[v] along the segment, ``segment_of`` int32[v]. ``road_class`` int8[m] are
    places in ``class_names``. The lattice (``west``,
    ``south``, ``step_lon``, ``step_lat``, ``n_lon``, ``n_lat``) lists pieces of path by cell.
    """

    lonlat: Floats
    from_node: Int32s
    to_node: Int32s
    length_m: Floats
    path: Floats
    path_first: npt.NDArray[np.int64]
    so_far_m: Floats
    segment_of: Int32s
    road_class: npt.NDArray[np.int8]
    class_names: npt.NDArray[np.str_]
    lattice: Floats
    cell_first: Int32s
    cell_piece: Int32s

    @cached_property
    def streets(self) -> tuple[npt.NDArray[Any], ...]:
        """What a point is put on the network with, as the kernel takes it."""
        where = (self.path, self.so_far_m, self.segment_of, self.length_m)
        return (*where, self.cell_first, self.cell_piece, self.lattice)


@dataclass(frozen=True)
class ModeGraph:
    """The directed graph of one mode. Nodes past the network's own are copies for turns.

    Arcs: ``tail``, ``head``, ``time_ms``, ``segment`` int32[a], ``direction`` int8[a]; parallel
    arcs are allowed. ``junction`` int64[n'] is the network node of each node. ``segment_first``,
    ``segment_way`` int32[a, 4] are the arcs by segment, each with direction, tail and head.
    ``arc_of``, ``end_node`` and ``through_ms`` int32[m, 2] give, by segment and direction, its arc
    (not its copies for turns), the node where that ends and its whole time; -1 where closed.
    ``speed_mps`` float64[m] is what the times were made from.
    """

    tail: Int32s
    head: Int32s
    time_ms: Int32s
    segment: Int32s
    direction: npt.NDArray[np.int8]
    junction: npt.NDArray[np.int64]
    segment_first: Int32s
    segment_way: Int32s
    arc_of: Int32s
    end_node: Int32s
    through_ms: Int32s
    speed_mps: Floats

    def __post_init__(self) -> None:
        """Read-only, saved or changed: kernels are compiled for one kind of array."""
        for part in fields(self):
            getattr(self, part.name).setflags(write=False)

    @property
    def n_nodes(self) -> int:
        """Number of nodes, copies for turns included."""
        return len(self.junction)

    @cached_property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Which segments can be travelled at all, bool[m]."""
        found: npt.NDArray[np.bool_] = (self.through_ms != CLOSED).any(axis=1)
        found.setflags(write=False)
        return found


@dataclass(frozen=True)
class RoadNetwork:
    """The network of one area: its geometry, the graph of each mode, and the content's version."""

    version: str
    geometry: Geometry
    graphs: Mapping[Mode, ModeGraph]

    def save(self, folder: Path) -> None:
        """Write the arrays under ``folder``/version, and drop older versions.

        Readers of an older version keep what they have mapped.
        """
        with whole_folder(folder / self.version) as made:
            _write(self.geometry, made / "geometry")
            for mode, graph in self.graphs.items():
                _write(graph, made / mode)
        forget_others(folder / self.version)

    @classmethod
    def load(cls, folder: Path, version: str, modes: Mapping[Mode, ModeRules]) -> Self | None:
        """Map a saved network of exactly this version; None where there is none."""
        saved = folder / version
        if not saved.is_dir():
            return None
        try:
            graphs = {mode: _read(ModeGraph, saved / mode) for mode in modes}
            return cls(version, _read(Geometry, saved / "geometry"), graphs)
        except (OSError, ValueError):
            return None  # half of it is gone: build it again


def build_network(
    roads: RoadRows, modes: Mapping[Mode, ModeRules], version: str = ""
) -> RoadNetwork:
    """The network of roads under the rules of a profile's modes."""
    graphs = {mode: build_graph(roads, rules, MODE_BITS[mode]) for mode, rules in modes.items()}
    geometry = build_geometry(roads)
    for part in fields(geometry):  # as they are when mapped: kernels are compiled once
        getattr(geometry, part.name).setflags(write=False)
    return RoadNetwork(version, geometry, graphs)


def build_graph(roads: RoadRows, rules: ModeRules, mode_bit: int) -> ModeGraph:
    """The directed graph of one mode, turn restrictions included."""
    speed_mps = speeds_mps(roads, rules, mode_bit)
    plain = arcs_of(roads, rules, speed_mps)
    forbidden = forbidden_turns(plain, roads.restrictions, mode_bit)
    arcs, junction = expand(plain, roads.n_nodes, forbidden)
    end_node = np.full((roads.n_segments, 2), CLOSED, np.int32)
    through_ms = np.full((roads.n_segments, 2), CLOSED, np.int32)
    arc_of = np.full((roads.n_segments, 2), CLOSED, np.int32)
    n_plain = len(plain.tail)
    at = (plain.segment, plain.direction)
    arc_of[at] = np.arange(n_plain)
    end_node[at] = arcs.head[:n_plain]
    through_ms[at] = plain.time_ms
    segment_first, by_segment = _group(arcs.segment, roads.n_segments)
    way = np.column_stack(
        [by_segment, *(a[by_segment] for a in (arcs.direction, arcs.tail, arcs.head))]
    )
    return ModeGraph(
        **Arcs._asdict(arcs),
        junction=junction,
        segment_first=segment_first,
        segment_way=way.astype(np.int32),
        arc_of=arc_of,
        end_node=end_node,
        through_ms=through_ms,
        speed_mps=speed_mps,
    )


def build_geometry(roads: RoadRows) -> Geometry:
    """Paths with their running lengths, and the lattice that finds them."""
    so_far, true_length = path_lengths_m(roads.path, roads.path_first)
    counts = np.diff(roads.path_first)
    segment_of = np.repeat(np.arange(roads.n_segments, dtype=np.int32), counts)
    # Positions along a segment are in the row's own metres, whatever it was measured with.
    stretch = roads.length_m / np.where(true_length > 0, true_length, 1.0)
    so_far = so_far * stretch[segment_of]
    lattice = _lattice_frame(roads.path)
    class_names, road_class = np.unique(roads.road_class.astype(str), return_inverse=True)
    first, piece = kernel.lattice(roads.path, segment_of, lattice)
    return Geometry(
        lonlat=roads.lonlat,
        from_node=roads.from_node.astype(np.int32),
        to_node=roads.to_node.astype(np.int32),
        length_m=roads.length_m,
        path=roads.path,
        path_first=roads.path_first,
        so_far_m=so_far,
        segment_of=segment_of,
        road_class=road_class.astype(np.int8),
        class_names=class_names,
        lattice=lattice,
        cell_first=first,
        cell_piece=piece,
    )


def _lattice_frame(path: Floats) -> Floats:
    low, high = path.min(axis=0), path.max(axis=0)
    per_degree = np.array(kernel.metres_per_degree(float(low[1] + high[1]) / 2))
    cells = np.ceil((high - low) * per_degree / CELL_M).clip(1, MAX_CELLS_PER_AXIS)
    step = np.maximum((high - low) / cells, CELL_M / per_degree / 2) * (1 + 1e-9)
    return np.concatenate([low, step, cells])


def _group(keys: Any, n_keys: int) -> tuple[Int32s, Int32s]:
    """CSR of places by key, ascending within each key."""
    first = np.zeros(n_keys + 1, np.int32)
    np.cumsum(np.bincount(keys, minlength=n_keys), out=first[1:])
    return first, np.argsort(keys, kind="stable").astype(np.int32)


def path_of(geometry: Geometry, segment: int, direction: int) -> Floats:
    """The vertices of a segment in the direction of travel, float64[v, 2] (WGS 84)."""
    path = geometry.path[geometry.path_first[segment] : geometry.path_first[segment + 1]]
    return path if direction == FORWARD else path[::-1]


def _write(arrays: Any, folder: Path) -> None:
    folder.mkdir()
    for part in fields(arrays):
        np.save(folder / f"{part.name}.npy", np.ascontiguousarray(getattr(arrays, part.name)))


def _read(kind: Any, folder: Path) -> Any:
    return kind(
        **{
            part.name: np.load(folder / f"{part.name}.npy", mmap_mode="r").view(np.ndarray)
            for part in fields(kind)
        }
    )
