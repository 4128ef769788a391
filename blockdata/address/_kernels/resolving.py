"""From what a text says to the address it means: candidates by exact keys, then evidence."""

from collections import namedtuple

import numpy as np
from numba import njit

HASH_STEP = np.uint64(0x9E3779B97F4A7C15)

(
    S_REGION, S_STREET, S_COMMUNITY, S_ROAD, S_ROAD_EDIT, S_NUMBER, S_ESTATE, S_ESTATE_EDIT,
    S_BUILDING, S_BUILDING_WEAK, S_UNIT, S_ROOM, S_FLOOR, S_UNKNOWN, S_UNKNOWN_ROAD,
    S_UNKNOWN_ESTATE, S_LANDMARK, S_ROAD2, S_ESTATE2, S_STRANGE_PLACE,
    S_BEHIND, S_LANDMARK_NUMBER, S_AREA,
) = range(23)  # fmt: skip
# a landmark was named, beside a place that is named too or that is not known; or nothing else was
NEAR_KNOWN, NEAR_UNKNOWN, NEAR_ONLY, NEAR_ROOM = 1, 2, 3, 4
PREFIXED = 3  # strange words stand right before a name

# level reached
NOTHING, L_STREET, L_COMMUNITY, L_ROAD, L_ESTATE, L_NUMBER, L_BUILDING, L_UNIT, L_ROOM = range(9)

# What was found, one column each.
(
    A_LEVEL, A_NODE, A_ROOM, A_TIES, A_RUNNER, A_SCORE, A_RUNNER_SCORE,
    A_NUMBER, A_ESTATE, A_BUILDING, A_COMMUNITY, A_STREET, A_REGION, A_UNKNOWN, A_NAME, A_ROOM_SAID,
    A_MAIN_NUMBER,
) = range(17)  # fmt: skip
FOUND_COLUMNS = 17
# evidence of one part; of a number also that its road agrees
SILENT, AGREES, NEARLY, LACKS, CONTRADICTS, SHORT, OTHER_NUMBER = 0, 1, 2, 3, 4, 5, 6
# another road than the known one, which passes close by all the same: an estate lies on several
BESIDE_ROAD = 7
BESIDE_ROAD_M = 300.0  # from a known address on that road
METRES_PER_DEGREE = 111_200.0

MAX_CANDIDATES = 400

Surfaces = namedtuple("Surfaces", "starts names short")  # noqa: PYI024
Nodes = namedtuple(  # noqa: PYI024
    "Nodes", "context number building number_node estate_node leaf contexts inner number2"
)
Keys = namedtuple(  # noqa: PYI024
    "Keys",
    "number_starts number_keys number_nodes building_starts building_keys building_nodes"
    " name_starts name_keys name_nodes",
)
Leads = namedtuple("Leads", "starts level region community rows number node lon lat")  # noqa: PYI024
Rooms = namedtuple("Rooms", "starts label unit")  # noqa: PYI024

# columns of a context: what all nodes of one estate on one road have in common
C_REGION, C_STREET, C_COMMUNITY, C_ROAD, C_ESTATE, C_ROAD2 = range(6)
# columns of what a place's text says below its building
I_FLOOR, I_UNIT, I_ROOM, I_GOES_ON = range(4)
FIRST_FLOOR, GROUND_FLOOR = 2, (37 * 38 + 37) * 38 + 2  # 1层, 首层
OTHER_INSIDE = -100  # another storey, unit or room than was said


@njit(cache=True, nogil=True)
def _pair(name, label):
    return (np.uint64(name) << np.uint64(40)) | np.uint64(label)


@njit(cache=True, nogil=True, inline="always")
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
    """Append the leaves of a key, which stand side by side and ascend."""
    h = np.uint64(key) * HASH_STEP
    b = np.int64((h ^ (h >> np.uint64(32))) & np.uint64(len(starts) - 2))
    low, end = starts[b], starts[b + 1]
    while low < end and keys[low] != key:
        low += 1
    while low < end and count < MAX_CANDIDATES and keys[low] == key:
        node = values[low]
        low += 1
        if leaf[node]:
            found[count] = node
            count += 1
    return count


@njit(cache=True, nogil=True, inline="always")
def _candidates(said, surfaces, keys, leaf, found):
    """Leaves that carry the road and number, or the estate (and building), that were said.

    Returns how many, and how many of them came from the first key that led anywhere: those ascend.
    """
    count = 0
    first = 0
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
                first = count if first == 0 else first
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
            first = count if first == 0 else first
    return count, first


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
def _weigh_names(said, context, surfaces, fits):
    """Points for all names of a context; fills how each of them fits."""
    road = _name_evidence(surfaces, said[S_ROAD], said[S_ROAD2], said[S_ROAD_EDIT], context[C_ROAD])
    estate = _name_evidence(
        surfaces, said[S_ESTATE], said[S_ESTATE2], said[S_ESTATE_EDIT], context[C_ESTATE]
    )
    community = _name_evidence(surfaces, said[S_COMMUNITY], -1, 0, context[C_COMMUNITY])
    street = _name_evidence(surfaces, said[S_STREET], -1, 0, context[C_STREET])
    region = _name_evidence(surfaces, said[S_REGION], -1, 0, context[C_REGION])
    road2 = np.int64(SILENT)
    if context[C_ROAD2] >= 0:
        road2 = _name_evidence(
            surfaces, said[S_ROAD], said[S_ROAD2], said[S_ROAD_EDIT], context[C_ROAD2]
        )
        road2 = SILENT if road2 == CONTRADICTS else road2
    fits[C_ROAD], fits[C_ESTATE], fits[C_COMMUNITY] = road, estate, community
    fits[C_ROAD2] = road2
    fits[C_STREET], fits[C_REGION] = street, region
    score = (0.0, 5.0, 3.5, -1.5, -5.0, 4.0)[estate]
    road = _of_two_roads(fits)
    if said[S_NUMBER] == 0 and road != SILENT:
        score += (0.0, 1.5, 1.0, -0.5, -3.0, 1.0)[road]
    if said[S_ESTATE] < 0 and said[S_UNKNOWN_ESTATE] > 0:
        score -= 1.0
    score += (0.0, 2.0, 0.0, 0.0, -3.0, 1.5)[community]
    score += (0.0, 1.5, 0.0, 0.0, -2.0, 1.5)[street]
    return score + (0.0, 1.0, 0.0, 0.0, -1.5, 1.0)[region]


@njit(cache=True, nogil=True, inline="always")
def _of_two_roads(fits):
    """How the road fits, or the other road of a corner where that fits better."""
    return fits[C_ROAD2] if fits[C_ROAD] == CONTRADICTS and fits[C_ROAD2] else fits[C_ROAD]


@njit(cache=True, nogil=True)
def _number_evidence(said, number, road):
    """How a node's number fits one that was said, given how its road fits."""
    if number == said:
        return road if road in (AGREES, NEARLY, SHORT, CONTRADICTS) else SILENT
    return LACKS if number == 0 or road == SILENT else CONTRADICTS


@njit(cache=True, nogil=True)
def _number_points(said, number, road):
    evidence = _number_evidence(said, number, road)
    if number == said:
        return (0.0, 8.0, 6.0, 0.0, -4.0, 7.0)[evidence]
    return -1.0 if evidence == LACKS else -5.0


@njit(cache=True, nogil=True)
def _building_evidence(said, building):
    if building == said:
        return AGREES
    return LACKS if building == 0 else CONTRADICTS


@njit(cache=True, nogil=True)
def _main_number(code):
    """The code of 215 for that of 215-1 or 215甲; 0 for others, also for ranges (1-3)."""
    if code >= 1 << 39:
        return np.int64(0)
    main, sub = code, np.int64(0)
    while main > 0 and main % 38 != 37:
        main //= 38
    if main == 0:
        return np.int64(0)
    sub = np.int64(_whole_number(_digits_behind(code, main)))
    main //= 38
    if main % 38 == 37:  # a stem, see ``reading``
        main, sub = main // 38, np.int64(0)
    whole = _whole_number(main)
    return main if whole > 0 and sub <= whole else np.int64(0)


@njit(cache=True, nogil=True)
def _digits_behind(code, main):
    """What stands in a label's code behind its head ``main``."""
    above = np.int64(1)
    while code // above > main:
        above *= 38
    return code % above


@njit(cache=True, nogil=True)
def _same_floor(said, floor):
    first = said in (FIRST_FLOOR, GROUND_FLOOR) and floor in (FIRST_FLOOR, GROUND_FLOOR)
    return said == floor or first


@njit(cache=True, nogil=True)
def _inside_points(said, node, nodes):
    """How well what a place's text says below its number fits; less for what was not said."""
    inner = nodes.inner[node]
    points = 0
    for column, part in ((S_FLOOR, I_FLOOR), (S_UNIT, I_UNIT), (S_ROOM, I_ROOM)):
        known = inner[part]
        if known == 0:
            continue
        if said[column] == 0:
            points -= 2
        elif said[column] == known:
            points += 2
        elif column == S_FLOOR and _same_floor(said[column], known):
            points += 1
        else:
            return OTHER_INSIDE
    if said[S_BUILDING] == 0 and nodes.building[node] != 0:
        points -= 1
    if said[S_ESTATE] < 0 and inner[I_GOES_ON]:
        points -= 1
    return points


@njit(cache=True, nogil=True)
def _closest_inside(said, tied, ties, nodes):
    """Keep those that say no more than was said, where there are such; how many, and their points.

    8号 itself is meant by 8号, not 8号院3栋; 3栋 and not 3栋501室.
    """
    best = -1000
    for t in range(ties):
        best = max(best, _inside_points(said, tied[t], nodes))
    kept = 0
    for t in range(ties):
        if _inside_points(said, tied[t], nodes) == best:
            tied[kept], tied[t] = tied[t], tied[kept]
            kept += 1
    return kept, best


@njit(cache=True, nogil=True, inline="always")
def _heaviest(said, found, count, first, nodes, surfaces, fits, tied):
    """The leaves with the highest score, as log-odds-like points, and the next best one.

    Leaves of one context differ by number and building only, so names are weighed once for each
    run of them. All points are halves: sums are exact in any order. Fills ``tied``; returns how
    many tie, their score, the runner-up (or -1) and its score, and the context that ``fits`` is of.
    """
    contexts, context_of = nodes.contexts, nodes.context
    number_of, number2_of, building_of = nodes.number, nodes.number2, nodes.building
    number, building = said[S_NUMBER], said[S_BUILDING]
    wrong_building = -2.0 if said[S_BUILDING_WEAK] else -3.0
    ties, best_score = 0, -1e9
    runner, runner_score = np.int64(-1), -1e9
    context, of_names, at_corner = np.int64(-1), 0.0, False
    for k in range(count):
        node = found[k]
        if context_of[node] != context:
            context = np.int64(context_of[node])
            of_names = _weigh_names(said, contexts[context], surfaces, fits)
            at_corner = fits[C_ROAD2] != SILENT
        score = of_names
        if number != 0:
            points = _number_points(number, number_of[node], fits[C_ROAD])
            if at_corner:
                other = _number_points(number, number2_of[node], fits[C_ROAD2])
                points = max(points, other)
            score += points
        if building != 0:
            score += (0.0, 4.0, 0.0, -1.5, wrong_building)[
                _building_evidence(building, building_of[node])
            ]
        if score > best_score:
            if ties > 0:
                runner, runner_score = tied[0], best_score
            tied[0], ties, best_score = node, 1, score
        elif score == best_score:
            # within the first key's leaves only neighbours can be the same leaf
            twice = tied[ties - 1] == node
            if k >= first:
                for t in range(ties - 1):
                    twice |= tied[t] == node
            if not twice:
                tied[ties] = node
                ties += 1
        elif score > runner_score:
            runner, runner_score = node, score
    return ties, best_score, runner, runner_score, context


@njit(cache=True, nogil=True)
def _passes_by(said, node, surfaces, leads):
    """A known address on the road that was said lies close to the node."""
    lon, lat = leads.lon[node], leads.lat[node]
    shrink = np.cos(np.radians(lat))
    reach = BESIDE_ROAD_M / METRES_PER_DEGREE
    for s in (said[S_ROAD], said[S_ROAD2]):
        if s < 0:
            continue
        for j in range(surfaces.starts[s], surfaces.starts[s + 1]):
            name = surfaces.names[j]
            for lead in range(leads.starts[name], leads.starts[name + 1]):
                if leads.level[lead] != L_ROAD:
                    continue
                for row in range(leads.rows[lead], leads.rows[lead + 1]):
                    other = leads.node[row]
                    east, north = (leads.lon[other] - lon) * shrink, leads.lat[other] - lat
                    if east * east + north * north <= reach * reach:
                        return True
    return False


@njit(cache=True, nogil=True, inline="always")
def _explain(said, node, nodes, surfaces, leads, fits, weighed, out):
    """Fill the evidence of each part for the answer; ``fits`` is of the context ``weighed``."""
    if nodes.context[node] != weighed:
        _weigh_names(said, nodes.contexts[nodes.context[node]], surfaces, fits)
    road, number = _of_two_roads(fits), nodes.number[node]
    if fits[C_ROAD2] and (road != fits[C_ROAD] or nodes.number2[node] == said[S_NUMBER]):
        road, number = fits[C_ROAD2], nodes.number2[node]
    if said[S_NUMBER] != 0:
        evidence = _number_evidence(said[S_NUMBER], number, road)
        if evidence == CONTRADICTS and road in (AGREES, SHORT):
            evidence = OTHER_NUMBER
    else:
        evidence = road
    if (
        evidence == CONTRADICTS
        and fits[C_ESTATE] == AGREES
        and said[S_ROAD_EDIT] == 0
        and _passes_by(said, node, surfaces, leads)
    ):
        evidence = BESIDE_ROAD
    out[A_NUMBER] = evidence + 10 * (said[S_NUMBER] == 0 and evidence != SILENT)
    out[A_BUILDING] = SILENT
    if said[S_BUILDING] != 0:
        out[A_BUILDING] = _building_evidence(said[S_BUILDING], nodes.building[node])
    out[A_ESTATE], out[A_COMMUNITY] = fits[C_ESTATE], fits[C_COMMUNITY]
    out[A_STREET], out[A_REGION] = fits[C_STREET], fits[C_REGION]


@njit(cache=True, nogil=True)
def _shared(ties, tied, nodes):
    """Whether all that tie bear one number of one road, and whether they are of one estate."""
    first = tied[0]
    context = nodes.context[first]
    own = nodes.contexts[context]
    same_number = nodes.number[first] != 0
    same_estate = own[C_ESTATE] >= 0
    for k in range(1, ties):
        if not (same_number or same_estate):
            break
        same_number &= nodes.number[tied[k]] == nodes.number[first]
        if nodes.context[tied[k]] == context:
            continue
        other = nodes.contexts[nodes.context[tied[k]]]
        same_community = other[C_COMMUNITY] == own[C_COMMUNITY]
        same_number &= other[C_ROAD] == own[C_ROAD] and same_community
        same_estate &= other[C_ESTATE] == own[C_ESTATE] and same_community
    return same_number, same_estate


@njit(cache=True, nogil=True, inline="always")
def _level_of(ties, tied, nodes, evidence):
    """The level that the evidence reaches, and the node that stands for it."""
    first = tied[0]
    same_number, same_estate = _shared(ties, tied, nodes)
    number_fits = evidence[A_NUMBER] in (AGREES, NEARLY, SHORT)
    estate_fits = evidence[A_ESTATE] in (AGREES, NEARLY, SHORT)
    if ties == 1 and evidence[A_BUILDING] != CONTRADICTS and (number_fits or estate_fits):
        if (
            evidence[A_NUMBER] not in (CONTRADICTS, OTHER_NUMBER, BESIDE_ROAD)
            and evidence[A_ESTATE] != CONTRADICTS
        ):
            return L_BUILDING, first
        return (L_NUMBER, first) if number_fits else (L_ESTATE, first)
    if number_fits and same_number:
        node = np.int64(nodes.number_node[first])
        if same_estate and estate_fits and nodes.estate_node[first] >= 0:
            node = np.int64(nodes.estate_node[first])
            return L_ESTATE, node
        return L_NUMBER, (node if node >= 0 else first)
    if estate_fits and same_estate:
        node = np.int64(nodes.estate_node[first])
        return L_ESTATE, (node if node >= 0 else first)
    return NOTHING, first


@njit(cache=True, nogil=True, inline="always")
def _first_at_least(values, low, high, wanted):
    """The first place in ``values[low:high]``, which ascend, that holds ``wanted`` or more."""
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True, inline="always")
def _room_of(said, node, rooms):
    """Index of the room (and how many fit) within a building; (-1, 0) if none does.

    A building's rooms ascend by label.
    """
    found, fits = np.int64(-1), 0
    end, label = rooms.starts[node + 1], said[S_ROOM]
    j = _first_at_least(rooms.label, rooms.starts[node], end, label)
    while j < end and rooms.label[j] == label:
        if said[S_UNIT] == 0 or rooms.unit[j] == 0 or rooms.unit[j] == said[S_UNIT]:
            found = j
            fits += 1
        j += 1
    return found, fits


@njit(cache=True, nogil=True)
def _unit_of(said, node, rooms):
    """Index of the unit within a building, or -1; units have the label 0 and so come first."""
    for j in range(rooms.starts[node], rooms.starts[node + 1]):
        if rooms.label[j] != 0:
            break
        if rooms.unit[j] == said[S_UNIT]:
            return j
    return np.int64(-1)


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
def whole_numbers(codes):
    """What number each label's code begins with (12B → 12); int64 of shape (n,)."""
    out = np.empty(len(codes), np.int64)
    for i in range(len(codes)):
        out[i] = _whole_number(codes[i])
    return out


@njit(cache=True, nogil=True)
def _may_lie_in(said, surfaces, level, region, community):
    """A part of a road, community or street lies in the divisions that were named above it."""
    if said[S_REGION] >= 0 and region >= 0 and _means(surfaces, said[S_REGION], region) == 0:
        return False
    if level == L_ROAD and said[S_COMMUNITY] >= 0 and community >= 0:
        return _means(surfaces, said[S_COMMUNITY], community) != 0
    return True


@njit(cache=True, nogil=True)
def _closest(leads, lead, wanted):
    """The node of a lead whose number comes closest, the lowest node of equals; and how close."""
    low, high = leads.rows[lead], leads.rows[lead + 1]
    above = _first_at_least(leads.number, low, high, wanted)
    node, apart = np.int64(-1), 1 << 60
    if above < high:
        node, apart = np.int64(leads.node[above]), leads.number[above] - wanted
    if above > low:
        number = leads.number[above - 1]
        below = np.int64(leads.node[_first_at_least(leads.number, low, above, number)])
        if (wanted - number, below) < (apart, node):
            node, apart = below, wanted - number
    return node, apart


@njit(cache=True, nogil=True)
def _coarse(said, surfaces, leads, out):
    """No leaf fits: the road (where its numbers come closest), else the community or street.

    A road of which several districts have one is none of them, unless a division is named.
    """
    wanted = _whole_number(max(said[S_NUMBER], said[S_LANDMARK_NUMBER]))
    placed = said[S_REGION] >= 0 or said[S_STREET] >= 0 or said[S_COMMUNITY] >= 0
    for column, level in ((S_ROAD, L_ROAD), (S_COMMUNITY, L_COMMUNITY), (S_STREET, L_STREET)):
        s = said[column]
        if s < 0:
            continue
        for j in range(surfaces.starts[s], surfaces.starts[s + 1]):
            name = surfaces.names[j]
            # whatever lies in a community or street stands for it as well as any other
            number = wanted if level == L_ROAD else 0
            kept, other = _closest_lead(said, surfaces, leads, name, level, number)
            if kept < 0:
                continue
            out[A_NODE] = kept
            if level == L_ROAD and other >= 0 and not placed:
                out[A_RUNNER], out[A_TIES] = other, 2
                return
            out[A_LEVEL], out[A_NAME] = level, name
            return


@njit(cache=True, nogil=True)
def _closest_lead(said, surfaces, leads, name, level, wanted):
    """The closest node of a name that lies where it was said; and that of another district."""
    kept, kept_apart, kept_region = np.int64(-1), 1 << 60, np.int64(-1)
    other, other_apart = np.int64(-1), 1 << 60
    for lead in range(leads.starts[name], leads.starts[name + 1]):
        region = np.int64(leads.region[lead])
        if leads.level[lead] != level or not _may_lie_in(
            said, surfaces, level, region, leads.community[lead]
        ):
            continue
        node, apart = _closest(leads, lead, wanted)
        abroad = kept >= 0 and region >= 0 and kept_region >= 0 and region != kept_region
        if kept < 0 or (apart, node) < (kept_apart, kept):
            if abroad:
                other, other_apart = kept, kept_apart
            kept, kept_apart, kept_region = node, apart, region
        elif abroad and (apart, node) < (other_apart, other):
            other, other_apart = node, apart
    return kept, other


@njit(cache=True, nogil=True, inline="always")
def _resolve_one(said, surfaces, keys, nodes, leads, rooms, found, tied, fits, out):
    out[:] = 0
    out[A_NODE] = out[A_ROOM] = out[A_RUNNER] = out[A_NAME] = -1
    out[A_UNKNOWN] = said[S_UNKNOWN]
    count, first = _candidates(said, surfaces, keys, nodes.leaf, found)
    if count == 0 and said[S_NUMBER] >= 38:
        main = _main_number(said[S_NUMBER])
        if main != 0:
            whole, said[S_NUMBER] = said[S_NUMBER], main
            count, first = _candidates(said, surfaces, keys, nodes.leaf, found)
            out[A_MAIN_NUMBER] = count > 0
            if count == 0:
                said[S_NUMBER] = whole
    if count == 0:
        _coarse(said, surfaces, leads, out)
        return
    ties, score, runner, runner_score, weighed = _heaviest(
        said, found, count, first, nodes, surfaces, fits, tied
    )
    all_tied = ties
    inside = 0
    if len(nodes.inner):
        ties, inside = _closest_inside(said, tied, ties, nodes)
    _explain(said, tied[0], nodes, surfaces, leads, fits, weighed, out)
    level, node = _level_of(ties, tied, nodes, out)
    is_landmark = said[S_LANDMARK] in (NEAR_ONLY, NEAR_ROOM)
    if inside == OTHER_INSIDE or (
        is_landmark and len(nodes.inner) and nodes.inner[node, I_ROOM] != 0
    ):
        out[A_ROOM_SAID] = 0 if is_landmark else 4
        level = np.int64(NOTHING)
    elif level == L_BUILDING and (inside < -1 or out[A_MAIN_NUMBER]):
        level = np.int64(L_NUMBER if out[A_NUMBER] in (AGREES, NEARLY, SHORT) else L_ESTATE)
    out[A_TIES] = ties
    if (level == NOTHING or runner < 0) and all_tied > 1:
        runner = tied[1]
    out[A_RUNNER] = runner
    out[A_SCORE] = np.int64(score * 10)
    out[A_RUNNER_SCORE] = np.int64(max(runner_score, -1000.0) * 10)
    out[A_LEVEL], out[A_NODE] = level, node
    if level == L_BUILDING:
        if said[S_ROOM] != 0:
            room, fitting = _room_of(said, node, rooms)
            own = len(nodes.inner) and nodes.inner[node, I_ROOM] == said[S_ROOM]
            out[A_ROOM_SAID] = (1 if own else 2) if fitting == 0 else (1 if fitting == 1 else 3)
            if fitting == 1:
                out[A_LEVEL], out[A_ROOM] = L_ROOM, room
        elif said[S_UNIT] != 0:
            unit = _unit_of(said, node, rooms)
            if unit >= 0:
                out[A_LEVEL], out[A_ROOM] = L_UNIT, unit


@njit(cache=True, nogil=True)
def resolve(said, surfaces, keys, nodes, leads, rooms, out):
    """The address that each row of ``said`` means.

    Args:
        said: what ``read_texts`` wrote, of shape (n, SAID_COLUMNS). Where a sub-number (8号甲) is
            not known but its main number is, that takes its place.
        surfaces: what each written name means.
        keys: nodes by road and number, estate and building, and name.
        nodes, rooms: the addresses; all nodes of a context share their names.
        leads: by name, the parts of roads, communities and streets, with the numbers there; and
            where all nodes lie.
        out: int64 of shape (n, FOUND_COLUMNS), to be filled.
    """
    found = np.empty(MAX_CANDIDATES, np.int64)
    tied = np.empty(MAX_CANDIDATES, np.int64)
    fits = np.zeros(6, np.int64)
    for i in range(len(said)):
        _resolve_one(said[i], surfaces, keys, nodes, leads, rooms, found, tied, fits, out[i])
