"""The tagger's arithmetic: tokens, features and the best sequence of labels.

Labels are ``2 * level`` where a level begins and ``2 * level + 1`` where it goes on. Scores are the
sum of a row of ``weights`` per feature (hashed to a row number), of ``follow`` between neighbouring
levels where one begins, and nothing else: a linear-chain model with hashed features.

All of it stands in one file, however long, because a compiled function's cache is renewed only when
its own file changes: with callees elsewhere, stale machine code would be run.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

N_FEATURES = 54
_ANYWHERE = 51  # features; the others say something in the home city only
_HOME_CITY = 4403  # Shenzhen, whose quarters the gazetteer knows
_LOW = -1e9
# token classes below the functional characters' (see tokens.py)
_CLASS_HAN = 0
_CLASS_DIGIT = 1
_CLASS_LETTER = 2
_CLASS_MARK = 3
_MAX_NAME = 12
_MAX_LOCAL = 8
_MAX_CITIES = 8
_LOCAL_KINDS = 7
_DISTRICT_BITS = np.uint64(0xFFFFFFF0)
_STREET_BITS = np.uint64(0xFFFFFFFF00000000)


@njit(cache=True, nogil=True)
def mix(a: np.uint64, b: np.uint64) -> np.uint64:
    """Hash two numbers into one."""
    h = (a ^ (b + np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
    return h ^ (h >> np.uint64(29))


@njit(cache=True, nogil=True)
def hash_names(points: NDArray[np.uint32], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The rolling hash of each name, as ``look_up`` makes it of Han tokens."""
    out = np.empty(len(offsets) - 1, dtype=np.uint64)
    for r in range(len(offsets) - 1):
        h = np.uint64(7)
        for i in range(offsets[r], offsets[r + 1]):
            h = mix(h, np.uint64(points[i]) + np.uint64(100))
        out[r] = h
    return out


@njit(cache=True, nogil=True)
def put_local_names(
    points: NDArray[np.uint32], kind: int, slots: NDArray[np.uint64], masks: NDArray[np.uint64]
) -> None:
    """Put the names of lines ``code name name …`` (code in digits) in an open-addressed table.

    A slot is a name's hash mixed with the code of the city, or of the province where the code has
    but two digits. Its mask says what the name is (a bit for each of four kinds), and behind that
    in which districts and streets of the city it lies (see ``area_bits``).
    """
    size = np.uint64(len(slots) - 1)
    code = np.int64(0)
    h = np.uint64(7)
    length = 0
    for p in points:
        if p in (10, 32):
            if length:
                h = mix(h, np.uint64(city_of(code)))
                at = h & size
                while slots[at] != 0 and slots[at] != h:
                    at = (at + np.uint64(1)) & size
                slots[at] = h
                masks[at] |= np.uint64(1 << kind) | area_bits(code)
            h = np.uint64(7)
            length = 0
            if p == 10:
                code = np.int64(0)
        elif p < 128:
            code = code * 10 + np.int64(p) - 48
        else:
            h = mix(h, np.uint64(p) + np.uint64(100))
            length += 1


@njit(cache=True, nogil=True)
def city_of(code: np.int64) -> np.int64:
    """The city of a street (nine digits) or district (six); other codes as they are."""
    if code >= 100_000_000:
        return code // 100_000
    return code // 100 if code >= 100_000 else code


@njit(cache=True, nogil=True)
def area_bits(code: np.int64) -> np.uint64:
    """A bit (4-31) for a code's district and one (32-63) for its street, where it names them.

    Within a city few districts share a bit; what is wanted is a hint, not a proof.
    """
    bits = np.uint64(0)
    if code >= 100_000_000:
        bits |= np.uint64(1) << np.uint64(32 + code % 100_000 % 31)
        code //= 1000
    if code >= 100_000:
        bits |= np.uint64(1) << np.uint64(4 + code % 28)
    return bits


@njit(cache=True, nogil=True)
def find(h: np.uint64, slots: NDArray[np.uint64]) -> np.int64:
    """The slot of a hash, -1 where the table has none."""
    size = np.uint64(len(slots) - 1)
    at = h & size
    while slots[at] != 0 and slots[at] != h:
        at = (at + np.uint64(1)) & size
    return np.int64(at) if slots[at] == h else np.int64(-1)


@njit(cache=True, nogil=True)
def narrow(
    places: NDArray[np.int32], low: int, high: int, cities: NDArray[np.int64], n_cities: int
) -> tuple[int, np.uint64]:
    """Keep of ``cities`` what agrees with ``places[low:high]``.

    Returns how many are left, 0 if none do, and the ``area_bits`` of the places that agree.
    ``cities`` holds codes of cities (four digits) or of whole provinces (two).
    """
    kept = 0
    bits = np.uint64(0)
    found = np.empty(_MAX_CITIES, dtype=np.int64)
    for k in range(low, high):
        city = city_of(places[k])
        agrees = n_cities == 0
        for c in range(n_cities):
            other = cities[c]
            if city == other or (other < 100 and city // 100 == other):
                agrees = True
            elif city < 100 and other // 100 == city:
                agrees = True
                city = other
        if agrees:
            bits |= area_bits(places[k])
            known = False
            for f in range(kept):
                known = known or found[f] == city
            if not known and kept < _MAX_CITIES:
                found[kept] = city
                kept += 1
    for k in range(kept):
        cities[k] = found[k]
    return kept, bits


@njit(cache=True, nogil=True)
def place(
    key: NDArray[np.uint64],
    n: int,
    slots: NDArray[np.uint64],
    masks: NDArray[np.uint8],
    place_first: NDArray[np.int32],
    places: NDArray[np.int32],
    cities: NDArray[np.int64],
) -> tuple[int, np.uint64]:
    """In which cities the address may lie, by the divisions that it names.

    Returns how many, and the ``area_bits`` of the district and street that were read.

    Full names count wherever they stand, short ones at the start and behind another division. A
    province or city that contradicts what was read before starts anew: of two prefixes the later
    one is as a rule the right one.
    """
    n_cities = 0
    area = np.uint64(0)
    last_end = 0
    i = 0
    while i < n:
        best, best_at = 0, -1
        h = np.uint64(7)
        for length in range(1, min(_MAX_NAME, n - i) + 1):
            h = mix(h, key[i + length - 1])
            if length >= 2:
                at = find(h, slots)
                if at >= 0 and place_first[at + 1] > place_first[at]:
                    full = masks[at] & 15
                    if full or (i == last_end and (masks[at] & 0x70 or i == 0)):
                        best, best_at = length, at
        if not best:
            i += 1
            continue
        low, high = place_first[best_at], place_first[best_at + 1]
        kept, bits = narrow(places, low, high, cities, n_cities)
        if kept == 0 and masks[best_at] & 3:
            kept, bits = narrow(places, low, high, cities, 0)
            area = np.uint64(0)
        if kept:
            n_cities = kept
            if bits & _DISTRICT_BITS and not bits & _STREET_BITS:
                area = bits
            elif bits and area & _DISTRICT_BITS:
                area = (area & _DISTRICT_BITS) | (bits & _STREET_BITS)
            else:
                area |= bits
        i += best
        last_end = i
    return n_cities, area


@njit(cache=True, nogil=True)
def may_be_home(cities: NDArray[np.int64], n_cities: int) -> bool:
    """Whether one of the cities is the home city."""
    found = False
    for c in range(n_cities):
        found = found or cities[c] == _HOME_CITY
    return found


@njit(cache=True, nogil=True)
def look_up_locally(
    key: NDArray[np.uint64],
    kind: NDArray[np.int64],
    n: int,
    cities: NDArray[np.int64],
    n_cities: int,
    area: np.uint64,
    slots: NDArray[np.uint64],
    masks: NDArray[np.uint64],
    states: NDArray[np.int64],
) -> None:
    """Mark where names known in one of ``cities`` stand, as ``look_up`` does.

    Kinds: districts, streets in full, streets for short, communities without their ending; then
    streets for short and communities of the district read, and communities of the street read.
    """
    covered = np.zeros(_LOCAL_KINDS, dtype=np.int64)
    longest = np.zeros(_LOCAL_KINDS, dtype=np.int64)
    area_district = area & _DISTRICT_BITS
    area_street = area & _STREET_BITS
    for i in range(n):
        states[i] = 0
    for i in range(n):
        longest[:] = 0
        h = np.uint64(7)
        for length in range(1, min(_MAX_LOCAL, n - i) + 1):
            k = kind[i + length - 1]
            if _CLASS_DIGIT <= k <= _CLASS_MARK:
                break
            h = mix(h, key[i + length - 1])
            if length < 2:
                continue
            for c in range(n_cities):
                at = find(mix(h, np.uint64(cities[c])), slots)
                if at >= 0:
                    mask = masks[at]
                    for bit in range(4):
                        if mask >> np.uint64(bit) & np.uint64(1):
                            longest[bit] = length
                    if mask & area_district:
                        if mask & np.uint64(4):
                            longest[4] = length
                        if mask & np.uint64(8):
                            longest[5] = length
                            if mask & area_street:
                                longest[6] = length
        for bit in range(_LOCAL_KINDS):
            if longest[bit] and i >= covered[bit]:
                last = i + longest[bit] - 1
                covered[bit] = last + 1
                for j in range(i, last + 1):
                    state = 1 if j == i else (3 if j == last else 2)
                    states[j] |= state << (2 * bit)


@njit(cache=True, nogil=True)
def tokenise(
    points: NDArray[np.uint32],
    start: int,
    end: int,
    class_of: NDArray[np.uint8],
    token_start: NDArray[np.int64],
    key: NDArray[np.uint64],
    kind: NDArray[np.int64],
) -> int:
    """Cut ``points[start:end]`` into tokens: digits and capitals in runs, all else one by one.

    Fills the token's start (relative), its key (what features see) and its class; returns the
    number of tokens. A number's key tells its length and whether it is small, not its digits.
    """
    n = 0
    i = start
    while i < end:
        p = points[i]
        token_start[n] = i - start
        j = i + 1
        if 48 <= p <= 57:
            while j < end and 48 <= points[j] <= 57:
                j += 1
            length = min(j - i, 6)
            small = 1 if (length <= 2 and p <= 51) else 0
            key[n] = np.uint64(10 + 2 * length + small)
            kind[n] = _CLASS_DIGIT
        elif 65 <= p <= 90:
            while j < end and 65 <= points[j] <= 90:
                j += 1
            length = min(j - i, 4)
            early = 1 if (length == 1 and p <= 72) else 0
            key[n] = np.uint64(30 + 2 * length + early)
            kind[n] = _CLASS_LETTER
        else:
            key[n] = np.uint64(p) + np.uint64(100)
            kind[n] = class_of[p] if p < 65536 else _CLASS_HAN
        n += 1
        i = j
    token_start[n] = end - start
    return n


@njit(cache=True, nogil=True)
def look_up(
    key: NDArray[np.uint64],
    n: int,
    slots: NDArray[np.uint64],
    masks: NDArray[np.uint8],
    states: NDArray[np.int64],
) -> None:
    """Mark where names of the gazetteer stand: two bits per kind of name (1 begin, 2 in, 3 end).

    ``slots`` is an open-addressed hash table of name hashes (0 empty), ``masks`` says of which of
    eight kinds each name is. Of overlapping names of a kind the earlier, then the longer, counts.
    """
    size = np.uint64(len(slots) - 1)
    covered = np.zeros(8, dtype=np.int64)
    longest = np.zeros(8, dtype=np.int64)
    for i in range(n):
        states[i] = 0
    for i in range(n):
        longest[:] = 0
        h = np.uint64(7)
        for length in range(1, min(_MAX_NAME, n - i) + 1):
            h = mix(h, key[i + length - 1])
            if length < 2:
                continue
            at = h & size
            while slots[at] != 0 and slots[at] != h:
                at = (at + np.uint64(1)) & size
            if slots[at] == h:
                for bit in range(8):
                    if masks[at] >> bit & 1:
                        longest[bit] = length
        for bit in range(8):
            if longest[bit] and i >= covered[bit]:
                last = i + longest[bit] - 1
                covered[bit] = last + 1
                for j in range(i, last + 1):
                    state = 1 if j == i else (3 if j == last else 2)
                    states[j] |= state << (2 * bit)


@njit(cache=True, nogil=True)
def divisions_and_village(local: int) -> tuple[np.uint64, np.uint64]:
    """The state of the first kinds of ``look_up_locally``, and of communities alone.

    A community counts by the smallest area in which it is known: its street, district, city.
    """
    village = 0
    for tier, kind in ((3, 6), (2, 5), (1, 3)):
        state = local >> (2 * kind) & 3
        if state:
            village = 4 * tier + state
            break
    return np.uint64((local & 0x3F) | (local >> 2 & 0xC0)), np.uint64(village)


@njit(cache=True, nogil=True)
def featurise(
    key: NDArray[np.uint64],
    kind: NDArray[np.int64],
    states: NDArray[np.int64],
    local: NDArray[np.int64],
    n: int,
    at_home: bool,
    size: int,
    rows: NDArray[np.int64],
) -> None:
    """The feature rows of each token: ``rows[i, f]`` in [1, size), size a power of two.

    Row 0 is no feature.
    """
    n_said = N_FEATURES if at_home else _ANYWHERE
    edge = np.uint64(3)
    for i in range(n):
        # nearest functional class at or after i, and the one after it
        next_class, next_far, then_class = 99, 0, 99
        for j in range(i, min(n, i + 9)):
            if kind[j] != _CLASS_HAN:
                if next_class == 99:
                    next_class, next_far = kind[j], j - i + 1
                else:
                    then_class = kind[j]
                    break
        after = np.uint64(next_class * 10 + next_far)
        after_two = mix(after, np.uint64(then_class))
        left_one, left_far, left_two = 98, 0, 98
        for j in range(i - 1, max(-1, i - 10), -1):
            if kind[j] != _CLASS_HAN:
                if left_one == 98:
                    left_one, left_far = kind[j], i - j
                else:
                    left_two = kind[j]
                    break
        before = np.uint64(left_one * 10 + left_far)
        k0 = key[i]
        k1 = key[i + 1] if i + 1 < n else edge
        k2 = key[i + 2] if i + 2 < n else edge
        j1 = key[i - 1] if i > 0 else edge
        j2 = key[i - 2] if i > 1 else edge
        c0 = np.uint64(kind[i])
        c1 = np.uint64(kind[i + 1]) if i + 1 < n else np.uint64(97)
        c2 = np.uint64(kind[i + 2]) if i + 2 < n else np.uint64(97)
        c3 = np.uint64(kind[i + 3]) if i + 3 < n else np.uint64(97)
        b1 = np.uint64(kind[i - 1]) if i > 0 else np.uint64(97)
        b2 = np.uint64(kind[i - 2]) if i > 1 else np.uint64(97)
        b3 = np.uint64(kind[i - 3]) if i > 2 else np.uint64(97)
        g0 = np.uint64(states[i])
        g1 = np.uint64(states[i + 1]) if i + 1 < n else np.uint64(1 << 20)
        h1 = np.uint64(states[i - 1]) if i > 0 else np.uint64(1 << 20)
        full0 = g0 & np.uint64(0xFF)
        s0, v0 = divisions_and_village(local[i])
        sp, vp = divisions_and_village(local[i - 1] if i > 0 else 0)
        sn, vn = divisions_and_village(local[i + 1] if i + 1 < n else 0)
        street = mix(sp, s0)
        village = mix(vp, v0)
        values = (
            k0, k1, j1, k2, j2,
            mix(j1, k0), mix(k0, k1), mix(k1, k2), mix(j2, j1),
            mix(mix(j1, k0), k1), mix(mix(k0, k1), k2), mix(mix(j2, j1), k0),
            mix(mix(b1, c0), c1), mix(mix(c0, c1), c2), mix(mix(b2, b1), c0),
            mix(mix(mix(mix(b2, b1), c0), c1), c2),
            mix(mix(mix(c0, c1), c2), c3), mix(mix(mix(b3, b2), b1), c0),
            mix(c0, after), mix(c0, after_two), mix(c0, before), mix(before, after),
            mix(mix(c0, before), np.uint64(left_two)), mix(mix(b1, before), after_two),
            mix(k0, after), mix(j1, after), mix(k0, np.uint64(left_one)),
            g0, mix(h1, g0), mix(g0, g1), mix(mix(h1, g0), after), mix(g0, k0),
            mix(full0, np.uint64(left_one)), mix(full0, b1),
            np.uint64(min(i, 3)), mix(np.uint64(min(i, 3)), c0), np.uint64(min(n - i, 4)),
            mix(mix(np.uint64(left_one), np.uint64(left_two)), after_two),
            mix(mix(np.uint64(left_one), np.uint64(left_two)), k0),
            mix(mix(k0, k1), np.uint64(left_one)),
            street, mix(mix(street, b1), c0), mix(street, g0), mix(street, mix(sn, c1)),
            village, mix(mix(village, vn), c1), mix(village, after), mix(village, k0),
            mix(village, np.uint64(left_one)), mix(mix(village, b1), c0), mix(mix(s0, v0), g0),
            mix(mix(village, after), b1), mix(mix(before, after), np.uint64(left_two)),
            mix(mix(village, after), np.uint64(left_one)),
        )  # fmt: skip
        rows[i, n_said:] = 0
        for f in range(n_said):
            h = mix(values[f], np.uint64(f + 1000))
            rows[i, f] = max(np.int64(1), np.int64((h >> np.uint64(32)) & np.uint64(size - 1)))


@njit(cache=True, nogil=True)
def decode(
    rows: NDArray[np.int64],
    n: int,
    weights: NDArray[np.float32] | NDArray[np.int8],
    follow: NDArray[np.float32],
    labels: NDArray[np.int64],
    bonus: NDArray[np.float32],
) -> float:
    """Fill the best sequence of ``n`` labels; returns its score.

    ``follow`` has shape (levels + 1, levels): its last row is the start. ``bonus`` of shape
    (n, 2 * levels) is added to each token's scores (zeros when nothing is to be favoured).
    """
    n_levels = follow.shape[1]
    score = np.empty((n, 2 * n_levels), dtype=np.float32)
    back = np.empty((n, 2 * n_levels), dtype=np.int64)
    emit = np.empty(2 * n_levels, dtype=np.float32)
    best = np.empty(n_levels, dtype=np.float32)
    for i in range(n):
        emit[:] = bonus[i]
        for f in range(rows.shape[1]):
            if rows[i, f] == 0:
                continue
            w = weights[rows[i, f]]
            for label in range(2 * n_levels):
                emit[label] += w[label]
        if i == 0:
            for level in range(n_levels):
                score[0, 2 * level] = emit[2 * level] + follow[n_levels, level]
                score[0, 2 * level + 1] = _LOW
            continue
        for level in range(n_levels):
            best[level] = max(score[i - 1, 2 * level], score[i - 1, 2 * level + 1])
        for level in range(n_levels):
            top, top_score = 0, np.float32(-1e30)
            for prior in range(n_levels):
                s = best[prior] + follow[prior, level]
                if s > top_score:
                    top, top_score = prior, s
            going = 2 * top + (1 if score[i - 1, 2 * top + 1] > score[i - 1, 2 * top] else 0)
            back[i, 2 * level] = going
            score[i, 2 * level] = top_score + emit[2 * level]
            same = 2 * level + (1 if score[i - 1, 2 * level + 1] > score[i - 1, 2 * level] else 0)
            back[i, 2 * level + 1] = same
            score[i, 2 * level + 1] = score[i - 1, same] + emit[2 * level + 1]
    last = int(np.argmax(score[n - 1]))
    total = score[n - 1, last]
    for i in range(n - 1, -1, -1):
        labels[i] = last
        if i:
            last = back[i, last]
    return float(total)


@njit(cache=True, nogil=True)
def tag_many(
    points: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    class_of: NDArray[np.uint8],
    slots: NDArray[np.uint64],
    masks: NDArray[np.uint8],
    place_first: NDArray[np.int32],
    places: NDArray[np.int32],
    local_slots: NDArray[np.uint64],
    local_masks: NDArray[np.uint64],
    weights: NDArray[np.int8],
    follow: NDArray[np.float32],
    index: NDArray[np.int32],
    present: NDArray[np.uint8],
    out: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Segments of many texts: ``out[k] = (row, start, end, level)``; returns rows' first segments.

    ``points[offsets[r]:offsets[r + 1]]`` are the code points of text r; ``out`` has room for a
    segment per code point.
    """
    n_rows = len(offsets) - 1
    longest = 1
    for r in range(n_rows):
        longest = max(longest, offsets[r + 1] - offsets[r])
    token_start = np.empty(longest + 1, dtype=np.int64)
    key = np.empty(longest + 1, dtype=np.uint64)
    kind = np.empty(longest + 1, dtype=np.int64)
    states = np.empty(longest + 1, dtype=np.int64)
    local = np.empty(longest + 1, dtype=np.int64)
    cities = np.empty(_MAX_CITIES, dtype=np.int64)
    rows = np.empty((longest + 1, N_FEATURES), dtype=np.int64)
    labels = np.empty(longest + 1, dtype=np.int64)
    bonus = np.zeros((longest + 1, 2 * follow.shape[1]), dtype=np.float32)
    first = np.empty(n_rows + 1, dtype=np.int64)
    k = 0
    for r in range(n_rows):
        first[r] = k
        n = tokenise(points, offsets[r], offsets[r + 1], class_of, token_start, key, kind)
        if n == 0:
            continue
        look_up(key, n, slots, masks, states)
        n_cities, area = place(key, n, slots, masks, place_first, places, cities)
        look_up_locally(key, kind, n, cities, n_cities, area, local_slots, local_masks, local)
        at_home = may_be_home(cities, n_cities)
        featurise(key, kind, states, local, n, at_home, len(index), rows)
        for i in range(n):
            for f in range(N_FEATURES):
                at = rows[i, f]  # 0 is never present
                some = present[at >> 3] >> (7 - (at & 7)) & 1
                rows[i, f] = index[at] if some else 0
        decode(rows, n, weights, follow, labels, bonus)
        for i in range(n):
            if labels[i] % 2 == 0:
                out[k, 0] = r
                out[k, 1] = token_start[i]
                out[k, 3] = labels[i] // 2
                k += 1
            out[k - 1, 2] = token_start[i + 1]
    first[n_rows] = k
    return first


@njit(cache=True, nogil=True)
def learn(
    rows: NDArray[np.int32],
    truth: NDArray[np.int8],
    offsets: NDArray[np.int64],
    order: NDArray[np.int64],
    weights: NDArray[np.float32],
    total: NDArray[np.float32],
    follow: NDArray[np.float32],
    follow_total: NDArray[np.float32],
    clock: float,
    margin: float,
    dropout: float,
    seed: int,
) -> float:
    """One pass of the averaged structured perceptron over the sentences in ``order``.

    Updates all weights in place, returns the clock. ``total`` gathers clock-weighted updates, so
    that ``weights - total / clock`` is the average. Every wrong label is given ``margin``, which
    the true one must beat. A feature is left out with probability ``dropout``: names seen in
    training must not carry the decision alone.
    """
    np.random.seed(seed)  # noqa: NPY002  # the generator that numba knows
    n_levels = follow.shape[1]
    for s in order:
        low, high = offsets[s], offsets[s + 1]
        n = high - low
        used = rows[low:high].astype(np.int64)
        if dropout > 0:
            for i in range(n):
                for f in range(used.shape[1]):
                    if np.random.random() < dropout:  # noqa: NPY002
                        used[i, f] = 0
        labels = np.empty(n, dtype=np.int64)
        bonus = np.full((n, 2 * n_levels), margin, dtype=np.float32)
        for i in range(n):
            bonus[i, truth[low + i]] = 0
        decode(used, n, weights, follow, labels, bonus)
        clock += 1
        before_true = n_levels
        before_said = n_levels
        for i in range(n):
            true = truth[low + i]
            said = labels[i]
            if true != said:
                for f in range(used.shape[1]):
                    r = used[i, f]
                    if r > 0:
                        weights[r, true] += 1
                        weights[r, said] -= 1
                        total[r, true] += clock
                        total[r, said] -= clock
            if true % 2 == 0:
                follow[before_true, true // 2] += 1
                follow_total[before_true, true // 2] += clock
            if said % 2 == 0:
                follow[before_said, said // 2] -= 1
                follow_total[before_said, said // 2] -= clock
            before_true = true // 2
            before_said = said // 2
    return clock
