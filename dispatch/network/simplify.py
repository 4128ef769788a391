"""From ways to segments between junctions: split where roads meet, merge where nothing happens.

As in OSMnx's ``simplify_graph``, a node where exactly two pieces of road meet is no junction and
goes, unless what the road is changes there (class, name, direction, modes, speed, bridge, tunnel).
A ring without any junction keeps one node.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatch.network.tags import RoadTags


@dataclass(frozen=True)
class Piece:
    """A run of road: its nodes in order, what its tags say, and the ways it comes from.

    ``oneway`` of the tags is 0 or 1 here: a run against its nodes' order is turned round.
    """

    nodes: tuple[int, ...]
    tags: RoadTags
    ways: tuple[int, ...]

    def turned(self) -> "Piece":
        """The same run with its nodes in the other order (only where traffic goes both ways)."""
        return replace(self, nodes=self.nodes[::-1], ways=self.ways[::-1])


def along(nodes: Iterable[int], tags: RoadTags, way: int) -> Piece:
    """A piece from a way, turned so that a one-way runs along its nodes."""
    run = tuple(nodes)
    if tags.oneway < 0:
        return Piece(run[::-1], tags._replace(oneway=1), (way,))
    return Piece(run, tags, (way,))


def simplify(pieces: list[Piece], keep: set[int]) -> list[Piece]:
    """Segments between junctions; the nodes of ``keep`` stay whatever meets there."""
    return _merge(_split(pieces, keep), keep)


def _split(pieces: list[Piece], keep: set[int]) -> list[Piece]:
    """Cut at every node that two pieces share, that one passes twice, or that is to be kept."""
    uses: Counter[int] = Counter()
    for piece in pieces:
        uses.update(piece.nodes)
        uses.update((piece.nodes[0], piece.nodes[-1]))
    parts: list[Piece] = []
    for piece in pieces:
        start = 0
        for i in range(1, len(piece.nodes)):
            node = piece.nodes[i]
            if uses[node] > 1 or node in keep:
                parts.append(replace(piece, nodes=piece.nodes[start : i + 1]))
                start = i
    return parts


def _merge(parts: list[Piece], keep: set[int]) -> list[Piece]:
    """Join parts across nodes where exactly two of one kind meet."""
    ends: dict[int, list[int]] = defaultdict(list)
    for index, part in enumerate(parts):
        ends[part.nodes[0]].append(index)
        ends[part.nodes[-1]].append(index)
    passed = {
        node: (found[0], found[1])
        for node, found in ends.items()
        if node not in keep and _one_road(parts, found, node)
    }
    done = [False] * len(parts)
    merged: list[Piece] = []
    # Chains that start at a junction first; what is left then are rings without any.
    for ring in (False, True):
        for index, part in enumerate(parts):
            if done[index] or not (ring or _starts(part, passed)):
                continue
            merged.append(_follow(parts, index, passed, done))
    return merged


def _one_road(parts: list[Piece], found: list[int], node: int) -> bool:
    if len(found) != 2 or found[0] == found[1]:
        return False
    one, other = parts[found[0]], parts[found[1]]
    if one.tags != other.tags:
        return False
    # two one-ways must meet head to tail
    return one.tags.oneway == 0 or (one.nodes[0] == node) != (other.nodes[0] == node)


def _starts(part: Piece, passed: dict[int, tuple[int, int]]) -> bool:
    """Whether a chain can begin here: at the tail of a one-way, at either end of a two-way."""
    if part.tags.oneway:
        return part.nodes[0] not in passed
    return part.nodes[0] not in passed or part.nodes[-1] not in passed


def _follow(
    parts: list[Piece], index: int, passed: dict[int, tuple[int, int]], done: list[bool]
) -> Piece:
    first = parts[index]
    if first.tags.oneway == 0 and first.nodes[0] in passed and first.nodes[-1] not in passed:
        first = first.turned()
    done[index] = True
    nodes, ways = list(first.nodes), list(first.ways)
    here = index
    while nodes[-1] in passed:
        pair = passed[nodes[-1]]
        here = pair[1] if pair[0] == here else pair[0]
        if done[here]:
            break  # round a ring, back at the start
        done[here] = True
        step = parts[here] if parts[here].nodes[0] == nodes[-1] else parts[here].turned()
        nodes.extend(step.nodes[1:])
        ways.extend(step.ways)
    return Piece(tuple(nodes), first.tags, tuple(dict.fromkeys(ways)))
