"""The gazetteer: an area's addresses as arrays, kept on disk and mapped into memory.

*Nodes* are all addresses but units and rooms: numbers, estates, buildings, places. A *leaf* is a
node with no node below it: what a caller usually means. Rooms hang on nodes by integer labels, so
that 2.7 million of them cost 20 bytes each. *Names* are what roads, estates and divisions are
called; *surfaces* are the ways in which a name is written (固戍社区, 固戍).
"""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels.reading import Fuzzy, Names
from blockdata.address._kernels.resolving import Keys, Leads, Nodes, Rooms, Surfaces
from blockdata.address.arrays import Codepoints
from blockdata.address.landmark_kinds import KIND_NAMES, Kind
from blockdata.files import whole_folder

FORMAT = 11
_META = "meta.json"
# order of ``Gazetteer.level``
NODE_LEVELS = ("number", "estate", "building", "place")

Array = NDArray[Any]


@dataclass(frozen=True)
class Gazetteer:
    """Arrays of one area; n nodes, r rooms and units, m names, s surfaces.

    Attributes:
        address_id: (n,) permanent ids, ascending.
        level: (n,) index into ``NODE_LEVELS``.
        kind: (n,) of a landmark, index into ``KIND_NAMES``; -1 for what is none.
        lon, lat: (n,) WGS 84 degrees, NaN where unknown.
        grid: (n,) index into ``grid_codes``, -1 where unknown.
        parent: (n,) node above, -1 at the top.
        code_cps, code_offsets: codes as code points; likewise the texts and names below.
        region … building: (n,) name ids (-1: none) and label codes (0: none).
        road2, number2: (n,) likewise of the other road of a corner, or of a second address.
        inner: (n, 4), or (0, 4) without any places: of a place, codes of the storey, unit and room
            of its text, and whether that names an estate behind the number.
        number_node, estate_node: (n,) the node of the number and estate a leaf belongs to, or -1.
        leaf: (n,) no node stands below.
        context, contexts: (n,) int32, and (c, 6): nodes of one context share region, street,
            community, roads and estate, in the order of the C_ columns.
        lead_starts: (m + 1,) by name, its leads: the parts of a road that lie in one community, of
            a community or street that lie in one region.
        lead_level, lead_region, lead_community: of each lead; lead_rows: its first row in
        lead_number, lead_node: a road's numbers, ascending, and their nodes; otherwise one node.
        room_starts: (n + 1,) first room of each node; room_label, room_unit, room_id: (r,).
        weight: (n,) how many rooms stand below, the measure of use until there is a better one.
    """

    address_id: Array
    level: Array
    kind: Array
    lon: Array
    lat: Array
    grid: Array
    parent: Array
    text_cps: Array
    text_offsets: Array
    title_cps: Array
    title_offsets: Array
    code_cps: Array
    code_offsets: Array
    grid_cps: Array
    grid_offsets: Array
    region: Array
    street: Array
    community: Array
    road: Array
    number: Array
    estate: Array
    building: Array
    road2: Array
    number2: Array
    inner: Array
    number_node: Array
    estate_node: Array
    leaf: Array
    context: Array
    contexts: Array
    lead_starts: Array
    lead_level: Array
    lead_region: Array
    lead_community: Array
    lead_rows: Array
    lead_number: Array
    lead_node: Array
    weight: Array
    room_starts: Array
    room_label: Array
    room_unit: Array
    room_id: Array
    name_cps: Array
    name_offsets: Array
    surface_cps: Array
    surface_offsets: Array
    surface_kind: Array
    surface_starts: Array
    surface_names: Array
    surface_short: Array
    trie_keys: Array
    trie_values: Array
    delete_starts: Array
    delete_keys: Array
    delete_values: Array
    number_starts: Array
    number_keys: Array
    number_values: Array
    building_starts: Array
    building_keys: Array
    building_values: Array
    named_starts: Array
    named_keys: Array
    named_values: Array
    sound: Array
    fixed: Array

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.address_id)

    @property
    def bytes(self) -> int:
        """Size of all arrays."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))

    def text(self, node: int) -> str:
        """The whole written address of a node."""
        return Codepoints(self.text_cps, self.text_offsets).text(node)

    def title(self, node: int) -> str | None:
        """The name of what stands at a node."""
        return Codepoints(self.title_cps, self.title_offsets).text(node) or None

    def kind_of(self, node: int) -> Kind | None:
        """Which kind of landmark a node is, if it is one."""
        kind = int(self.kind[node])
        return None if kind < 0 else KIND_NAMES[kind]

    def code(self, node: int) -> str | None:
        """The node's code, a label of 14 to 25 digits."""
        return Codepoints(self.code_cps, self.code_offsets).text(node) or None

    def grid_code(self, node: int) -> str | None:
        """The code of the grid in which a node lies."""
        grid = int(self.grid[node])
        return None if grid < 0 else Codepoints(self.grid_cps, self.grid_offsets).text(grid)

    def name(self, name: int) -> str:
        """A road's, estate's or division's name."""
        return Codepoints(self.name_cps, self.name_offsets).text(name)

    def node_of(self, address_id: int) -> int:
        """The node of an address id, or -1."""
        node = int(np.searchsorted(self.address_id, address_id))
        return node if node < len(self) and self.address_id[node] == address_id else -1

    def room_of(self, address_id: int) -> tuple[int, int]:
        """The node and the index of a room or unit, or (-1, -1)."""
        rows = np.flatnonzero(self.room_id == address_id)
        if not len(rows):
            return -1, -1
        room = int(rows[0])
        return int(np.searchsorted(self.room_starts, room, side="right")) - 1, room

    def for_reading(self) -> tuple[Names, Fuzzy]:
        """What the reading kernel takes."""
        return (
            Names(self.trie_keys, self.trie_values, self.surface_kind),
            Fuzzy(
                self.delete_starts,
                self.delete_keys,
                self.delete_values,
                self.surface_cps,
                self.surface_offsets,
                self.sound,
                self.fixed,
            ),
        )

    def for_resolving(self) -> tuple[Surfaces, Keys, Nodes, Leads, Rooms]:
        """What the resolving kernel takes."""
        return (
            Surfaces(self.surface_starts, self.surface_names, self.surface_short),
            Keys(
                self.number_starts,
                self.number_keys,
                self.number_values,
                self.building_starts,
                self.building_keys,
                self.building_values,
                self.named_starts,
                self.named_keys,
                self.named_values,
            ),
            Nodes(
                self.context,
                self.number,
                self.building,
                self.number_node,
                self.estate_node,
                self.leaf,
                self.contexts,
                self.inner,
                self.number2,
            ),
            Leads(
                self.lead_starts,
                self.lead_level,
                self.lead_region,
                self.lead_community,
                self.lead_rows,
                self.lead_number,
                self.lead_node,
                self.lon,
                self.lat,
            ),
            Rooms(self.room_starts, self.room_label, self.room_unit),
        )


def save_gazetteer(gazetteer: Gazetteer, folder: Path, fingerprint: str) -> None:
    """Write the arrays to ``folder``, replacing what stands there at once."""
    with whole_folder(folder) as fresh:
        for field in fields(gazetteer):
            np.save(fresh / f"{field.name}.npy", getattr(gazetteer, field.name))
        (fresh / _META).write_text(json.dumps({"format": FORMAT, "fingerprint": fingerprint}))


def load_gazetteer(folder: Path, fingerprint: str) -> Gazetteer | None:
    """Map the arrays of ``folder`` into memory; None if they are missing or of other content."""
    try:
        meta = json.loads((folder / _META).read_text())
        if meta != {"format": FORMAT, "fingerprint": fingerprint}:
            return None
        arrays = {
            field.name: np.asarray(np.load(folder / f"{field.name}.npy", mmap_mode="r"))
            for field in fields(Gazetteer)
        }
    except (OSError, ValueError):
        return None
    return Gazetteer(**arrays)
