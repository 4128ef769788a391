"""Turn restrictions: relations that forbid a turn, or allow only one, at a node."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from dispatch.network.simplify import Piece
from dispatch.network.tags import EBIKE, PATROL

# Values of `except`, and suffixes as in `restriction:bicycle`, by the modes they speak of.
_SPEAKS_OF = {
    "bicycle": EBIKE,
    "motorcar": PATROL,
    "motor_vehicle": PATROL,
    "vehicle": EBIKE | PATROL,
    "emergency": PATROL,
}


class RestrictionRelation(NamedTuple):
    """A restriction as the relation states it, by OpenStreetMap's ids."""

    relation: int
    kind: str
    from_way: int
    via_node: int
    to_way: int
    bound_modes: int


class Restriction(NamedTuple):
    """A restriction between segments; ``via_node`` is OpenStreetMap's id of the node."""

    relation: int
    kind: str
    from_segment: int
    via_node: int
    to_segment: int
    bound_modes: int


def read_relation(
    relation: int, tags: Mapping[str, str], members: list[tuple[str, int, str]]
) -> RestrictionRelation | str:
    """The restriction of a relation (members as (type, id, role)), or why it is not used."""
    kind, bound = _kind(tags)
    if not kind.startswith(("no_", "only_")):
        return "other_kind"
    for vehicle in tags.get("except", "").replace(",", ";").split(";"):
        bound &= ~_SPEAKS_OF.get(vehicle.strip(), 0)
    if bound == 0:
        return "other_vehicles"
    roles: dict[tuple[str, str], list[int]] = defaultdict(list)
    for member_type, member, role in members:
        roles[role, member_type].append(member)
    if roles["via", "w"]:
        return "via_way"
    if not all(len(roles[r]) == 1 for r in (("from", "w"), ("via", "n"), ("to", "w"))):
        return "incomplete"
    return RestrictionRelation(
        relation,
        kind,
        roles["from", "w"][0],
        roles["via", "n"][0],
        roles["to", "w"][0],
        bound,
    )


def _kind(tags: Mapping[str, str]) -> tuple[str, int]:
    """The restriction's value and the modes it binds; conditional ones are not read."""
    if "restriction" in tags:
        return tags["restriction"], EBIKE | PATROL
    for vehicle, modes in _SPEAKS_OF.items():
        value = tags.get(f"restriction:{vehicle}")
        if value is not None:
            return value, modes
    return "", 0


def between_segments(
    relations: list[RestrictionRelation], segments: list[Piece]
) -> tuple[list[Restriction], Counter[str]]:
    """Restrictions between the segments that meet at the via node, and why others are not used."""
    touching: dict[tuple[int, int], list[tuple[int, bool]]] = defaultdict(list)
    vias = {relation.via_node for relation in relations}
    for index, piece in enumerate(segments):
        if piece.nodes[0] in vias:
            touching[piece.nodes[0], piece.ways[0]].append((index, False))
        if piece.nodes[-1] in vias:
            touching[piece.nodes[-1], piece.ways[-1]].append((index, True))
    kept: list[Restriction] = []
    refused: Counter[str] = Counter()
    for relation in relations:
        arriving = [
            index
            for index, at_end in touching[relation.via_node, relation.from_way]
            if at_end or segments[index].tags.oneway == 0
        ]
        leaving = [
            index
            for index, at_end in touching[relation.via_node, relation.to_way]
            if not at_end or segments[index].tags.oneway == 0
        ]
        if not arriving or not leaving:
            refused["not_on_network"] += 1
        elif len(arriving) > 1 or len(leaving) > 1:
            refused["ambiguous"] += 1
        else:
            kept.append(
                Restriction(
                    relation.relation,
                    relation.kind,
                    arriving[0],
                    relation.via_node,
                    leaving[0],
                    relation.bound_modes,
                )
            )
    return kept, refused
