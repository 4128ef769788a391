"""The hierarchy: order, chordal supergraph and elimination tree of a network, without its times."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike

from blockdata.errors import BadFile, InputError
from blockdata.files import whole_folder
from blockdata.text import Text
from dispatch._kernels import hierarchy_build as build
from dispatch.hierarchy.arrays import Int32, Int64, frozen, within
from dispatch.hierarchy.order import nested_dissection

if TYPE_CHECKING:
    from dispatch.hierarchy.metric import Metric

FORMAT = 3


@dataclass(frozen=True, eq=False, slots=True)
class Hierarchy:
    """What of a customizable contraction hierarchy depends on the streets and not on their times.

    Built once for a directed graph and used with any number of metrics (Dibbelt, Strasser, Wagner:
    Customizable Contraction Hierarchies. ACM JEA 21 (2016)). All arrays are read-only; those marked
    *by rank* go by the node's place in the order, in which every subtree of the elimination tree is
    one run that ends with its root. Safe to share between threads.
    """

    tails: Int32
    """Input arcs, int32[m]: node each leaves."""
    heads: Int32
    """Input arcs, int32[m]: node each enters."""
    rank: Int32
    """Place of each node in the order, int32[n]."""
    up_first: Int32
    """Where the up arcs of a node begin, by rank, int32[n+1]."""
    up_head: Int32
    """Upper end (a rank) of each arc, ascending for one lower end, int32[m']."""
    up_level: Int32
    """Level of the upper end of each arc in the elimination tree, int32[m']."""
    up_tail: Int32
    """Lower end (a rank) of each arc, int32[m']."""
    parent: Int32
    """Parent in the elimination tree, by rank, -1 at a root, int32[n]."""
    level: Int32
    """Steps from the root, by rank, int32[n]."""
    tree: Int32
    """First up arc, parent, first child and next child of the same parent (-1 for none) in one row,
    by rank, int32[n+1, 4]; the last row only ends the up arcs."""
    down_first: Int32
    """Where the arcs that end at a node from below begin in ``down_arc``, by rank, int32[n+1]."""
    down_arc: Int32
    """Arcs by upper end, lower ends ascending, int32[m']."""
    triangle_first: Int64
    """Where the triangles above a node begin in ``triangle_arc``, by rank, int64[n+1]."""
    triangle_arc: Int32
    """The arc opposite to the lowest corner, for each triangle, int32[t]."""
    slot_first: Int32
    """Where the input arcs of each arc and direction begin in ``slot_input``, int32[2m'+1]."""
    slot_input: Int32
    """Input arcs by the arc (and direction) that they become, int32[m less self loops]."""
    input_arc: Int32
    """Arc that each input arc becomes, -1 for a self loop, int32[m]."""

    @classmethod
    def build(
        cls, n_nodes: int, tails: ArrayLike, heads: ArrayLike, *, rank: ArrayLike | None = None
    ) -> Self:
        """Contract the directed graph of ``n_nodes`` nodes and the arcs ``tails[i] → heads[i]``.

        Parallel arcs and self loops are allowed. ``rank`` is the order to use, a permutation; by
        default nested dissection finds one. Raises ``InputError`` for numbers out of bounds.
        """
        tails = within(tails, n_nodes, "tails")
        heads = within(heads, n_nodes, "heads")
        if tails.size != heads.size:
            raise InputError(
                Text("起点与终点数目不同", "there are not as many tails as heads"),
                field="heads",
                cure=Text("每条弧各给一个起点和终点", "give one tail and one head per arc"),
            )
        if rank is None:
            order = nested_dissection(n_nodes, tails, heads)
        else:
            order = within(rank, n_nodes, "rank")
            if not np.array_equal(np.sort(order), np.arange(n_nodes)):
                raise InputError(
                    Text("次序不是节点的排列", "the order is not a permutation of the nodes"),
                    field="rank",
                    cure=Text("每个节点给一个不同的序号", "give every node a rank of its own"),
                )
        return cls._contract(n_nodes, tails.copy(), heads.copy(), order)

    @classmethod
    def _contract(cls, n_nodes: int, tails: Int32, heads: Int32, order: Int32) -> Self:
        *_, parent = build.eliminate(*build.undirected(n_nodes, tails, heads, order))
        rank = build.postorder(parent)[order]
        up_first, up_head, parent = build.eliminate(*build.undirected(n_nodes, tails, heads, rank))
        level = build.levels(parent)
        down_first, down_arc = build.group(up_head, n_nodes)
        triangle_first, triangle_arc = build.triangles(up_first, up_head)
        slot = build.input_slots(tails, heads, rank, up_first, up_head)
        slot_first, slot_input = build.group(slot, 2 * up_head.size)
        arrays = {
            "tails": tails,
            "heads": heads,
            "rank": rank,
            "up_first": up_first,
            "up_head": up_head,
            "up_level": level[up_head],
            "up_tail": build.arc_tails(up_first),
            "parent": parent,
            "level": level,
            "tree": build.tree(up_first, parent),
            "down_first": down_first,
            "down_arc": down_arc,
            "triangle_first": triangle_first,
            "triangle_arc": triangle_arc,
            "slot_first": slot_first,
            "slot_input": slot_input,
            "input_arc": slot >> 1,
        }
        return cls(**{name: frozen(array) for name, array in arrays.items()})

    @property
    def n_nodes(self) -> int:
        """Number of nodes of the network."""
        return self.rank.size

    @property
    def n_arcs(self) -> int:
        """Number of input arcs."""
        return self.tails.size

    @property
    def depth(self) -> int:
        """Number of nodes on the longest way to a root of the elimination tree."""
        return int(self.level.max()) + 1 if self.level.size else 0

    @property
    def n_bytes(self) -> int:
        """Memory of all arrays."""
        return sum(getattr(self, f.name).nbytes for f in fields(self))

    def describe(self) -> dict[str, int]:
        """Size of the hierarchy, in figures that say how fast it will be."""
        return {
            "nodes": self.n_nodes,
            "input_arcs": self.n_arcs,
            "arcs": self.up_head.size,
            "triangles": self.triangle_arc.size,
            "depth": self.depth,
            "bytes": self.n_bytes,
        }

    def fits(self, n_nodes: int, tails: Int32, heads: Int32) -> bool:
        """Whether the hierarchy was built for this very graph, so that it can be used again."""
        same_arcs = np.array_equal(self.tails, tails) and np.array_equal(self.heads, heads)
        return self.n_nodes == n_nodes and same_arcs

    def customise(self, travel_time_ms: ArrayLike) -> "Metric":
        """Travel times for the input arcs, in ms, ``UNREACHABLE`` where an arc is forbidden."""
        from dispatch.hierarchy.metric import Metric

        return Metric.customise(self, travel_time_ms)

    def save(self, folder: Path) -> None:
        """Write the hierarchy to a folder, replaced as a whole, as one ``.npy`` per array.

        Raises:
            SetupError: it cannot be written.
        """
        about = {"format": FORMAT, **self.describe()}
        with whole_folder(folder) as made:
            for field in fields(self):
                np.save(made / f"{field.name}.npy", getattr(self, field.name))
            (made / "hierarchy.json").write_text(json.dumps(about, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved hierarchy; arrays are memory-mapped, so pages are read as they are used.

        Raises ``BadFile`` if it is absent, of another format, or incomplete.
        """
        try:
            about = json.loads((folder / "hierarchy.json").read_text(encoding="utf-8"))
            arrays: dict[str, Any] = {
                field.name: np.asarray(np.load(folder / f"{field.name}.npy", mmap_mode="r"))
                for field in fields(cls)
            }
        except (OSError, ValueError) as error:
            raise _unreadable(folder, str(error)) from error
        if about.get("format") != FORMAT:
            raise _unreadable(folder, f"format {about.get('format')}")
        hierarchy = cls(**arrays)
        if any(about.get(key) != value for key, value in hierarchy.describe().items()):
            raise _unreadable(folder, "sizes differ")
        return hierarchy


def _unreadable(folder: Path, why: str) -> BadFile:
    return BadFile(
        Text(
            f"路网索引 {folder} 无法使用:{why}", f"the saved hierarchy {folder} is unusable: {why}"
        ),
        field="folder",
        cure=Text("删除该文件夹并重新构建路网", "delete the folder and build the network again"),
    )
