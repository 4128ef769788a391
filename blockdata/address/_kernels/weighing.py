"""What the model of probability looks at, row by row; names stand in ``calibration.FEATURES``."""

import numpy as np
from numba import njit

# as in ``resolving`` and ``reading``, on which kernels in other files may not depend
SILENT, AGREES, NEARLY, LACKS, CONTRADICTS, SHORT, OTHER_NUMBER = 0, 1, 2, 3, 4, 5, 6
BESIDE_ROAD = 7
EDIT, PREFIXED = 2, 3
NOTHING, L_STREET, L_COMMUNITY, L_ROAD, L_ESTATE, L_NUMBER, L_BUILDING, L_UNIT, L_ROOM = range(9)
(
    A_LEVEL, A_NODE, A_ROOM, A_TIES, A_RUNNER, A_SCORE, A_RUNNER_SCORE,
    A_NUMBER, A_ESTATE, A_BUILDING, A_COMMUNITY, A_STREET, A_REGION, A_UNKNOWN, A_NAME, A_ROOM_SAID,
    A_MAIN_NUMBER,
) = range(17)  # fmt: skip
S_ROAD_EDIT, S_ESTATE_EDIT, S_UNKNOWN_ROAD, S_UNKNOWN_ESTATE, S_LANDMARK = 4, 7, 14, 15, 16
S_STRANGE_PLACE, S_BEHIND, S_AREA = 19, 20, 22
OF_DIVISIONS = 52  # the first of the features that look at community, street and region
NEAR_KNOWN = 1
ROAD_ONLY = 10  # added to the evidence of a road that was said without a number
# no answer: what was said contradicts what is known
CONTRADICTED = 0.5
# the sub-number is not known, its main number is
MAIN_NUMBER_ONLY = 0.95
FULL_MARGIN = 8.0
AS_GOOD_AS_SURE = 12.0  # as a logit: 0.999994, beyond which nobody tells two answers apart


@njit(cache=True, nogil=True, inline="always")
def _agrees(evidence):
    return evidence in (AGREES, SHORT)


@njit(cache=True, nogil=True, inline="always")
def _is_alone(found):
    """The estate's name, with no road and number to confirm it."""
    number = found[A_NUMBER]
    return found[A_ESTATE] != SILENT and not (_agrees(number) or number == NEARLY)


@njit(cache=True, nogil=True)
def _fill_below(x, found, said):
    """What does not look at community, street and region: the first ``OF_DIVISIONS`` features."""
    number, estate, building = found[A_NUMBER], found[A_ESTATE], found[A_BUILDING]
    level = found[A_LEVEL]
    margin = (found[A_SCORE] - found[A_RUNNER_SCORE]) / 10.0
    unknown = min(found[A_UNKNOWN], 6) / 2.0
    alone = _is_alone(found)
    number_nearly, estate_nearly = number == NEARLY, estate == NEARLY
    other_number = number in (CONTRADICTS, OTHER_NUMBER)
    road_slip = number_nearly and said[S_ROAD_EDIT] == EDIT
    road_prefixed = number_nearly and said[S_ROAD_EDIT] == PREFIXED
    prefixed = estate_nearly and said[S_ESTATE_EDIT] == PREFIXED
    behind = said[S_BEHIND] != 0
    # one building's number with another's name
    clash = _agrees(number) and estate == CONTRADICTS
    near_known = said[S_LANDMARK] == NEAR_KNOWN
    beside_road = number in (BESIDE_ROAD, ROAD_ONLY + BESIDE_ROAD)
    in_area, unknown_road = said[S_AREA] != 0, said[S_UNKNOWN_ROAD] != 0
    x[0] = 1.0
    x[1] = _agrees(number)
    x[2] = number_nearly
    x[3] = number == LACKS
    x[4] = other_number
    x[5] = number > ROAD_ONLY and not beside_road
    x[6] = estate == AGREES
    x[7] = estate == SHORT
    x[8] = estate_nearly
    x[9] = estate == LACKS
    x[10] = estate == CONTRADICTS
    x[11] = building == AGREES
    x[12] = building == LACKS
    x[13] = building == CONTRADICTS
    x[14] = 0.0 if clash or behind else unknown
    x[15] = min(max(margin, 0.0), FULL_MARGIN) / FULL_MARGIN
    x[16] = margin >= FULL_MARGIN
    x[17] = np.log(max(found[A_TIES], 1))
    x[18] = level == L_ESTATE
    x[19] = level == L_NUMBER
    x[20] = level >= L_BUILDING
    x[21] = NOTHING < level <= L_ROAD
    x[22] = level == NOTHING
    x[23] = min(said[S_UNKNOWN_ESTATE], 6) / 2.0
    x[24] = alone
    x[25] = alone and estate_nearly
    x[26] = alone and estate == SHORT
    x[27] = unknown if alone and not behind else 0.0
    x[28] = road_slip
    x[29] = road_prefixed
    x[30] = estate_nearly and said[S_ESTATE_EDIT] == EDIT
    x[31] = prefixed
    x[32] = road_slip and _agrees(estate)
    # the same road at another number: an estate's other gate, rather than another of its name
    x[33] = number == OTHER_NUMBER
    x[34] = near_known
    x[35] = near_known and alone
    x[36] = _agrees(number) and said[S_STRANGE_PLACE] != 0
    x[37] = clash and building == AGREES
    x[38] = _agrees(number) and prefixed
    x[39] = behind and alone
    x[40] = behind and not alone
    x[41] = _agrees(number) and estate in (LACKS, CONTRADICTS) and (behind or unknown > 0.0)
    # a quarter's name before a road may be the head of another road's name, unless an estate agrees
    x[42] = in_area and alone
    x[43] = in_area and not alone
    x[44] = road_prefixed and in_area
    x[45] = road_prefixed and _agrees(estate)
    x[46] = unknown_road and estate == SILENT
    x[47] = unknown_road and estate != SILENT
    x[48] = unknown_road and estate == SHORT
    x[49] = beside_road
    # two strange characters before a road are as often the head of another road's name
    x[50] = road_prefixed and said[S_AREA] == 2
    # 某某岭-新固戍一路: the quarter is not what stands right before the road
    x[51] = road_prefixed and in_area and unknown > 0.0


@njit(cache=True, nogil=True)
def _fill_divisions(x, found, said):
    """The other features."""
    number, estate, building = found[A_NUMBER], found[A_ESTATE], found[A_BUILDING]
    community, street, region = found[A_COMMUNITY], found[A_STREET], found[A_REGION]
    alone = _is_alone(found)
    # a road and number with neither estate nor community beside them
    bare = estate == SILENT and number != SILENT and community == SILENT
    other_number, other_region = number in (CONTRADICTS, OTHER_NUMBER), region == CONTRADICTS
    other_division = CONTRADICTS in (community, street)
    in_division = _agrees(community) or _agrees(street)
    clash = _agrees(number) and estate == CONTRADICTS
    elsewhere = _agrees(number) and other_division
    # a whole name with nothing but perhaps the district beside it
    bare_name = number == SILENT and community == SILENT and street == SILENT
    slip = (number == NEARLY and said[S_ROAD_EDIT] == EDIT) or (
        estate == NEARLY and said[S_ESTATE_EDIT] == EDIT
    )
    x[OF_DIVISIONS] = _agrees(community)
    x[OF_DIVISIONS + 1] = community == CONTRADICTS
    x[OF_DIVISIONS + 2] = _agrees(street)
    x[OF_DIVISIONS + 3] = street == CONTRADICTS
    x[OF_DIVISIONS + 4] = _agrees(region)
    x[OF_DIVISIONS + 5] = other_region
    x[OF_DIVISIONS + 6] = alone and other_region
    x[OF_DIVISIONS + 7] = bare and number == NEARLY
    x[OF_DIVISIONS + 8] = bare and other_region
    x[OF_DIVISIONS + 9] = other_number and _agrees(community)
    x[OF_DIVISIONS + 10] = other_number and community == CONTRADICTS
    x[OF_DIVISIONS + 11] = other_region and in_division
    x[OF_DIVISIONS + 12] = _agrees(number) and said[S_STRANGE_PLACE] != 0 and in_division
    x[OF_DIVISIONS + 13] = clash and in_division
    x[OF_DIVISIONS + 14] = elsewhere
    x[OF_DIVISIONS + 15] = estate == AGREES and bare_name
    x[OF_DIVISIONS + 16] = elsewhere and (_agrees(estate) or building == AGREES)
    x[OF_DIVISIONS + 17] = estate == AGREES and bare_name and building == SILENT
    # a misspelt name in another division than was named: rather a name that is not known
    x[OF_DIVISIONS + 18] = slip and other_division
    x[OF_DIVISIONS + 19] = said[S_UNKNOWN_ROAD] != 0 and (_agrees(region) or in_division)


@njit(cache=True, nogil=True)
def _fill(x, found, said):
    _fill_below(x, found, said)
    _fill_divisions(x, found, said)


@njit(cache=True, nogil=True)
def fill_features(found, said, count):
    """Features of each answer; float64 of shape (n, count)."""
    out = np.zeros((len(found), count))
    for i in range(len(found)):
        _fill(out[i], found[i], said[i])
    return out


@njit(cache=True, nogil=True, inline="always")
def _product(x, weights):
    """The dot product, in four sums that do not wait for each other."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = len(weights) // 4 * 4
    for j in range(0, whole, 4):
        a += x[j] * weights[j]
        b += x[j + 1] * weights[j + 1]
        c += x[j + 2] * weights[j + 2]
        d += x[j + 3] * weights[j + 3]
    for j in range(whole, len(weights)):
        a += x[j] * weights[j]
    return (a + b) + (c + d)


@njit(cache=True, nogil=True)
def _is_contradicted(found, said):
    """A district, street or road that was said is known to be another, and no two other levels say
    that this is a mistake.

    Likewise a road that is merely like the one that was said, with an unknown place on it.
    """
    number, estate = found[A_NUMBER], found[A_ESTATE]
    if found[A_LEVEL] <= L_ROAD:
        return False
    at_number, at_estate = _agrees(number), _agrees(estate)
    in_community, in_street = _agrees(found[A_COMMUNITY]), _agrees(found[A_STREET])
    if found[A_REGION] == CONTRADICTS and at_number + at_estate + in_community + in_street < 2:
        return True
    if found[A_STREET] == CONTRADICTS and not (in_community or (at_number and at_estate)):
        return True
    if number in (CONTRADICTS, ROAD_ONLY + CONTRADICTS) and not (at_estate and in_community):
        return True
    # a quarter's name before a road (新塘固戍一路) is no other road
    like = number == NEARLY and said[S_AREA] == 0
    return like and estate == SILENT and said[S_UNKNOWN_ESTATE] > 1


@njit(cache=True, nogil=True)
def chances(found, said, weights, out):
    """Probability of each answer, 0 for none; fills ``out``, float64 of shape (n,)."""
    x = np.zeros(len(weights))
    for i in range(len(found)):
        out[i] = 0.0
        if found[i, A_LEVEL] == NOTHING:
            continue
        _fill(x, found[i], said[i])
        logit = min(_product(x, weights), AS_GOOD_AS_SURE)
        out[i] = 1.0 / (1.0 + np.exp(-min(max(logit, -30.0), 30.0)))
        if _is_contradicted(found[i], said[i]):
            out[i] = min(out[i], CONTRADICTED)
        elif found[i, A_MAIN_NUMBER]:
            out[i] = min(out[i], MAIN_NUMBER_ONLY)


@njit(cache=True, nogil=True)
def conclude(found, chance, sure, address_id, room_id, level, node, runner_up, ids):
    """What is answered: no level where the chance is below ``sure``, and which address it is.

    Fills ``level``, ``node``, ``runner_up`` and ``ids`` (-1 for none), of shape (n,).
    """
    for i in range(len(found)):
        reached = found[i, A_LEVEL] if chance[i] >= sure else NOTHING
        level[i], node[i], runner_up[i] = reached, found[i, A_NODE], found[i, A_RUNNER]
        ids[i] = -1
        if reached >= L_UNIT and found[i, A_ROOM] >= 0:
            ids[i] = room_id[found[i, A_ROOM]]
        elif reached >= L_ESTATE and found[i, A_NODE] >= 0:
            ids[i] = address_id[found[i, A_NODE]]
