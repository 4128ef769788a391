"""From what a text says to the address it means: candidates by exact keys, then evidence."""

from collections import namedtuple

import numpy as np
from numba import njit

HASH_STEP = np.uint64(0x9E3779B97F4A7C15)

(
    S_REGION, S_STREET, S_COMMUNITY, S_ROAD, S_ROAD_EDIT, S_NUMBER, S_ESTATE, S_ESTATE_EDIT,
    S_BUILDING, S_BUILDING_WEAK, S_UNIT, S_ROOM, S_FLOOR, S_UNKNOWN, S_UNKNOWN_ROAD,
    S_UNKNOWN_ESTATE, S_RELATION, S_ROAD2, S_ESTATE2,
) = range(19)  # fmt: skip

# level reached
NOTHING, L_STREET, L_COMMUNITY, L_ROAD, L_ESTATE, L_NUMBER, L_BUILDING, L_UNIT, L_ROOM = range(9)

# What was found, one column each.
(
    A_LEVEL, A_NODE, A_ROOM, A_TIES, A_RUNNER, A_SCORE, A_RUNNER_SCORE,
    A_NUMBER, A_ESTATE, A_BUILDING, A_COMMUNITY, A_STREET, A_REGION, A_UNKNOWN, A_NAME, A_ROOM_SAID,
) = range(16)  # fmt: skip
FOUND_COLUMNS = 16
# evidence of one part
SILENT, AGREES, NEARLY, LACKS, CONTRADICTS, SHORT = 0, 1, 2, 3, 4, 5

MAX_CANDIDATES = 400

Surfaces = namedtuple("Surfaces", "starts names short")  # noqa: PYI024
Nodes = namedtuple(  # noqa: PYI024
    "Nodes",
    "region street community road number estate building number_node estate_node leaf",
)
Keys = namedtuple(  # noqa: PYI024
    "Keys",
    "number_starts number_keys number_nodes building_starts building_keys building_nodes"
    " name_starts name_keys name_nodes",
)
Rooms = namedtuple("Rooms", "starts label unit")  # noqa: PYI024


@njit(cache=True, nogil=True)
def _find(starts, keys, key):
    h = np.uint64(key) * HASH_STEP
    b = np.int64((h ^ (h >> np.uint64(32))) & np.uint64(len(starts) - 2))
    low, end = starts[b], starts[b + 1]
    while low < end and keys[low] != key:
        low += 1
    high = low
    while high < end and keys[high] == key:
        high += 1
    return low, high


@njit(cache=True, nogil=True)
def _pair(name, label):
    return (np.uint64(name) << np.uint64(40)) | np.uint64(label)


@njit(cache=True, nogil=True)
def _means(surfaces, surface, name):
    """0: the surface does not mean this name; 1: it is the full name; 2: a short form."""
    if surface < 0 or name < 0:
        return 0
    for j in range(surfaces.starts[surface], surfaces.starts[surface + 1]):
        if surfaces.names[j] == name:
            return 2 if surfaces.short[j] else 1
    return 0


@njit(cache=True, nogil=True)
def _add(found, count, starts, keys, values, key, leaf):
    low, high = _find(starts, keys, key)
    for j in range(low, high):
        node = values[j]
        if not leaf[node] or count >= MAX_CANDIDATES:
            continue
        found[count] = node
        count += 1
    return count


@njit(cache=True, nogil=True)
def _candidates(said, surfaces, keys, leaf, found):
    """Leaves that carry the road and number, or the estate (and building), that were said."""
    count = 0
    if said[S_NUMBER] != 0:
        for column in (S_ROAD, S_ROAD2):
            s = said[column]
            if s < 0:
                continue
            for j in range(surfaces.starts[s], surfaces.starts[s + 1]):
                key = _pair(surfaces.names[j], said[S_NUMBER])
                count = _add(
                    found, count, keys.number_starts, keys.number_keys, keys.number_nodes, key, leaf
                )
    for column in (S_ESTATE, S_ESTATE2):
        s = said[column]
        if s < 0:
            continue
        for j in range(surfaces.starts[s], surfaces.starts[s + 1]):
            before = count
            if said[S_BUILDING] != 0:
                key = _pair(surfaces.names[j], said[S_BUILDING])
                count = _add(
                    found, count, keys.building_starts, keys.building_keys, keys.building_nodes,
                    key, leaf,
                )  # fmt: skip
            if count == before:
                key = np.uint64(surfaces.names[j])
                count = _add(
                    found, count, keys.name_starts, keys.name_keys, keys.name_nodes, key, leaf
                )
    return count


@njit(cache=True, nogil=True)
def _name_evidence(surfaces, surface, second, edit, name):
    if surface < 0:
        return SILENT
    if name < 0:
        return LACKS
    means = _means(surfaces, surface, name)
    if means == 0:
        means = _means(surfaces, second, name)
        if means == 0:
            return CONTRADICTS
    if edit != 0:
        return NEARLY
    return AGREES if means == 1 else SHORT


@njit(cache=True, nogil=True)
def _weigh(said, node, nodes, surfaces, evidence):
    """Score of a leaf as log-odds-like points; fills the evidence of each part."""
    score = 0.0
    road = _name_evidence(
        surfaces, said[S_ROAD], said[S_ROAD2], said[S_ROAD_EDIT], nodes.road[node]
    )
    number = SILENT
    if said[S_NUMBER] != 0 and nodes.number[node] == said[S_NUMBER]:
        number = road if road in (AGREES, NEARLY, SHORT, CONTRADICTS) else SILENT
        score += (0.0, 8.0, 6.0, 0.0, -4.0, 7.0)[number]
    elif said[S_NUMBER] != 0:
        number = LACKS if nodes.number[node] == 0 or road == SILENT else CONTRADICTS
        score += -1.0 if number == LACKS else -5.0
    elif road != SILENT:
        score += (0.0, 1.5, 1.0, -0.5, -3.0, 1.0)[road]
    evidence[A_NUMBER] = number if said[S_NUMBER] != 0 else road + 10 * (road != SILENT)
    estate = _name_evidence(
        surfaces, said[S_ESTATE], said[S_ESTATE2], said[S_ESTATE_EDIT], nodes.estate[node]
    )
    score += (0.0, 5.0, 3.5, -1.5, -5.0, 4.0)[estate]
    if said[S_ESTATE] < 0 and said[S_UNKNOWN_ESTATE] > 0:
        score -= 1.0
    evidence[A_ESTATE] = estate
    building = SILENT
    if said[S_BUILDING] != 0:
        if nodes.building[node] == said[S_BUILDING]:
            building = AGREES
            score += 4.0
        elif nodes.building[node] == 0:
            building = LACKS
            score -= 1.5
        else:
            building = CONTRADICTS
            score -= 2.0 if said[S_BUILDING_WEAK] else 3.0
    evidence[A_BUILDING] = building
    community = _name_evidence(surfaces, said[S_COMMUNITY], -1, 0, nodes.community[node])
    score += (0.0, 2.0, 0.0, 0.0, -3.0, 1.5)[community]
    evidence[A_COMMUNITY] = community
    street = _name_evidence(surfaces, said[S_STREET], -1, 0, nodes.street[node])
    score += (0.0, 1.5, 0.0, 0.0, -2.0, 1.5)[street]
    evidence[A_STREET] = street
    region = _name_evidence(surfaces, said[S_REGION], -1, 0, nodes.region[node])
    score += (0.0, 1.0, 0.0, 0.0, -1.5, 1.0)[region]
    evidence[A_REGION] = region
    return score


@njit(cache=True, nogil=True)
def _level_of(ties, tied, nodes, evidence):
    """The level that the evidence reaches, and the node that stands for it."""
    first = tied[0]
    same_number = nodes.number[first] != 0
    same_estate = nodes.estate[first] >= 0
    for k in range(1, ties):
        same_number &= (
            nodes.number[tied[k]] == nodes.number[first]
            and nodes.road[tied[k]] == nodes.road[first]
        )
        same_number &= nodes.community[tied[k]] == nodes.community[first]
        same_estate &= nodes.estate[tied[k]] == nodes.estate[first]
        same_estate &= nodes.community[tied[k]] == nodes.community[first]
    number_fits = evidence[A_NUMBER] in (AGREES, NEARLY, SHORT)
    estate_fits = evidence[A_ESTATE] in (AGREES, NEARLY, SHORT)
    if ties == 1 and evidence[A_BUILDING] != CONTRADICTS and (number_fits or estate_fits):
        if evidence[A_NUMBER] != CONTRADICTS and evidence[A_ESTATE] != CONTRADICTS:
            return L_BUILDING, first
        return (L_NUMBER, first) if number_fits else (L_ESTATE, first)
    if number_fits and same_number:
        node = nodes.number_node[first]
        if same_estate and estate_fits and nodes.estate_node[first] >= 0:
            node = nodes.estate_node[first]
            return L_ESTATE, node
        return L_NUMBER, (node if node >= 0 else first)
    if estate_fits and same_estate:
        node = nodes.estate_node[first]
        return L_ESTATE, (node if node >= 0 else first)
    return NOTHING, first


@njit(cache=True, nogil=True)
def _room_of(said, node, rooms):
    """Index of the room (and how many fit) within a building; (-1, 0) if none does."""
    found, fits = np.int64(-1), 0
    for j in range(rooms.starts[node], rooms.starts[node + 1]):
        if rooms.label[j] != said[S_ROOM]:
            continue
        if said[S_UNIT] != 0 and rooms.unit[j] != 0 and rooms.unit[j] != said[S_UNIT]:
            continue
        found = j
        fits += 1
    return found, fits


@njit(cache=True, nogil=True)
def _unit_of(said, node, rooms):
    for j in range(rooms.starts[node], rooms.starts[node + 1]):
        if rooms.label[j] == 0 and rooms.unit[j] == said[S_UNIT]:
            return j
    return np.int64(-1)


@njit(cache=True, nogil=True)
def _column_of(nodes, level, node):
    if level == L_ROAD:
        return nodes.road[node]
    return nodes.community[node] if level == L_COMMUNITY else nodes.street[node]


@njit(cache=True, nogil=True)
def _may_lie_in(said, surfaces, nodes, level, node):
    """The node lies in the divisions that were named above its own level."""
    known = said[S_REGION] >= 0 and nodes.region[node] >= 0
    if known and _means(surfaces, said[S_REGION], nodes.region[node]) == 0:
        return False
    if level == L_ROAD and said[S_COMMUNITY] >= 0 and nodes.community[node] >= 0:
        return _means(surfaces, said[S_COMMUNITY], nodes.community[node]) != 0
    return True


@njit(cache=True, nogil=True)
def _whole_number(code):
    """The digits before the first letter or hyphen of a label's code, as a number."""
    value, place = 0, 1
    while code and code < 1 << 39:
        digit = code % 38
        code //= 38
        if 1 <= digit <= 10:
            value += (digit - 1) * place
            place *= 10
        else:
            value, place = 0, 1
    return value


@njit(cache=True, nogil=True)
def _coarse(said, surfaces, keys, nodes, out):
    """No leaf fits: the road (where its numbers come closest), else the community or street."""
    for column, level in ((S_ROAD, L_ROAD), (S_COMMUNITY, L_COMMUNITY), (S_STREET, L_STREET)):
        s = said[column]
        if s < 0:
            continue
        for j in range(surfaces.starts[s], surfaces.starts[s + 1]):
            name = surfaces.names[j]
            low, high = _find(keys.name_starts, keys.name_keys, np.uint64(name))
            kept, kept_apart = -1, 1 << 60
            for k in range(low, high):
                node = keys.name_nodes[k]
                if _column_of(nodes, level, node) != name or not _may_lie_in(
                    said, surfaces, nodes, level, node
                ):
                    continue
                apart = abs(_whole_number(nodes.number[node]) - _whole_number(said[S_NUMBER]))
                if apart < kept_apart:
                    kept, kept_apart = node, apart
                if apart == 0 or level != L_ROAD:
                    break
            if kept >= 0:
                out[A_LEVEL], out[A_NODE], out[A_NAME] = level, kept, name
                return


@njit(cache=True, nogil=True)
def _resolve_one(said, surfaces, keys, nodes, rooms, found, scores, tied, evidence, out):
    out[:] = 0
    out[A_NODE] = out[A_ROOM] = out[A_RUNNER] = out[A_NAME] = -1
    out[A_UNKNOWN] = said[S_UNKNOWN]
    count = _candidates(said, surfaces, keys, nodes.leaf, found)
    best, best_score = -1, -1e9
    for k in range(count):
        scores[k] = _weigh(said, found[k], nodes, surfaces, evidence)
        if scores[k] > best_score:
            best, best_score = found[k], scores[k]
    if best < 0:
        _coarse(said, surfaces, keys, nodes, out)
        return
    ties = 0
    runner, runner_score = np.int64(-1), -1e9
    for k in range(count):
        node = found[k]
        if scores[k] > best_score - 1e-6:
            twice = False
            for t in range(ties):
                twice |= tied[t] == node
            if not twice:
                tied[ties] = node
                ties += 1
        elif scores[k] > runner_score:
            runner, runner_score = node, scores[k]
    _weigh(said, tied[0], nodes, surfaces, evidence)
    level, node = _level_of(ties, tied, nodes, evidence)
    for column in (A_NUMBER, A_ESTATE, A_BUILDING, A_COMMUNITY, A_STREET, A_REGION):
        out[column] = evidence[column]
    out[A_TIES] = ties
    out[A_RUNNER] = tied[1] if level == NOTHING and ties > 1 else runner
    out[A_SCORE] = np.int64(best_score * 10)
    out[A_RUNNER_SCORE] = np.int64(max(runner_score, -1000.0) * 10)
    out[A_LEVEL], out[A_NODE] = level, node
    if level == L_BUILDING:
        if said[S_ROOM] != 0:
            room, fits = _room_of(said, node, rooms)
            out[A_ROOM_SAID] = 2 if fits == 0 else (1 if fits == 1 else 3)
            if fits == 1:
                out[A_LEVEL], out[A_ROOM] = L_ROOM, room
        elif said[S_UNIT] != 0:
            unit = _unit_of(said, node, rooms)
            if unit >= 0:
                out[A_LEVEL], out[A_ROOM] = L_UNIT, unit


@njit(cache=True, nogil=True)
def resolve(said, surfaces, keys, nodes, rooms):
    """The address that each row of ``said`` means; int64 of shape (n, FOUND_COLUMNS)."""
    n = len(said)
    out = np.empty((n, FOUND_COLUMNS), np.int64)
    found = np.empty(MAX_CANDIDATES, np.int64)
    scores = np.empty(MAX_CANDIDATES, np.float64)
    tied = np.empty(MAX_CANDIDATES, np.int64)
    evidence = np.zeros(FOUND_COLUMNS, np.int64)
    for i in range(n):
        _resolve_one(said[i], surfaces, keys, nodes, rooms, found, scores, tied, evidence, out[i])
    return out
