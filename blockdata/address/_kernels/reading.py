"""Cut a text in normal form into known names, numbers with their counters, and what is unknown."""

from collections import namedtuple

import numpy as np
from numba import njit

HASH_SEED = np.uint64(0xCBF29CE484222325)
HASH_STEP = np.uint64(0x9E3779B97F4A7C15)

# kinds of a known name, as bits
REGION, STREET, COMMUNITY, ROAD, ESTATE, RELATION, IGNORE = 1, 2, 4, 8, 16, 32, 64
# an estate's name without its kind (海裕); the whole name; what makes a landmark of a name (附近)
SHORT_FORM, WHOLE_FORM, BESIDE = 128, 256, 512
# a storey (负1层), whose code stands above the bits; what makes a landmark of a room only (楼上)
STOREY, ABOVE = 1024, 2048
# a quarter of a district, as texts of the library put it in front: (福田区新洲)
QUARTER = 4096
STOREY_SHIFT = 16
# kinds of a token
MENTION, NUMBER, UNKNOWN, MARK = 0, 1, 2, 3
# counters of a number
BARE, DOOR, BUILDING, UNIT, ROOM, FLOOR, DISTANCE = 0, 1, 2, 3, 4, 5, 6

MAX_TOKENS = 48
MAX_NAME = 24
LONGEST_SLIP = 14  # longer names are not sought where they are misspelt
# columns of a token
KIND, START, END, VALUE, COUNTER, PARTS, FIRST, SECOND, THIRD = 0, 1, 2, 3, 4, 5, 6, 7, 8
TOKEN_COLUMNS = 9

Names = namedtuple("Names", "trie_keys trie_values surface_kind")  # noqa: PYI024


@njit(cache=True, nogil=True, inline="always")
def _step(h, c):
    h = (h ^ np.uint64(c)) * HASH_STEP
    return h ^ (h >> np.uint64(29))


@njit(cache=True, nogil=True)
def fill_trie(cps, offsets, mask):
    """Open-addressing table of every prefix's hash; values: surface, or -1 for a mere prefix."""
    keys = np.zeros(mask + 1, np.uint64)
    values = np.full(mask + 1, -1, np.int32)
    for s in range(len(offsets) - 1):
        h = HASH_SEED
        for i in range(offsets[s], offsets[s + 1]):
            h = _step(h, cps[i])
            slot = np.int64(h & np.uint64(mask))
            while keys[slot] != 0 and keys[slot] != h:
                slot = (slot + 1) & mask
            keys[slot] = h
            if i == offsets[s + 1] - 1:
                values[slot] = s
    return keys, values


@njit(cache=True, nogil=True, inline="always")
def longest_name(cps, start, end, names):
    """End and surface of the longest known name at ``start``; (start, -1) if there is none."""
    keys, values = names.trie_keys, names.trie_values
    mask = len(keys) - 1
    h = HASH_SEED
    best_end, best = start, np.int64(-1)
    for i in range(start, min(end, start + MAX_NAME)):
        h = _step(h, cps[i])
        slot = np.int64(h & np.uint64(mask))
        while keys[slot] != 0 and keys[slot] != h:
            slot = (slot + 1) & mask
        if keys[slot] == 0:
            break
        if values[slot] >= 0:
            # a name that ends in a digit or letter must not cut a longer number in two
            cut = i + 1 < end and _is_alnum(cps[i]) and _is_alnum(cps[i + 1])
            if not cut:
                best_end, best = i + 1, np.int64(values[slot])
    return best_end, best


@njit(cache=True, nogil=True, inline="always")
def _is_digit(c):
    return 48 <= c <= 57


@njit(cache=True, nogil=True, inline="always")
def _is_alnum(c):
    return 48 <= c <= 57 or 65 <= c <= 90


@njit(cache=True, nogil=True, inline="always")
def _is_mark(c):
    return c in (32, 40, 41, 44, 46, 58, 59, 47, 45, 126, 35, 34, 39, 12289)


@njit(cache=True, nogil=True, inline="always")
def _code(cps, start, end):
    code = np.int64(0)
    for i in range(start, min(end, start + 7)):
        c = cps[i]
        digit = c - 47 if _is_digit(c) else (c - 54 if c != 45 else 37)
        code = code * 38 + digit
    if end - start > 7:
        h = HASH_SEED
        for i in range(start + 7, end):
            h = _step(h, cps[i])
        code = np.int64((h ^ np.uint64(code)) >> np.uint64(25)) | np.int64(1 << 39)
    return code


@njit(cache=True, nogil=True, inline="always")
def _stem(c):
    """1 to 8 for 甲 乙 丙 丁 戊 己 庚 辛, which tell houses of one number apart; else 0."""
    stems = (0x7532, 0x4E59, 0x4E19, 0x4E01, 0x620A, 0x5DF1, 0x5E9A, 0x8F9B)
    if c not in stems:
        return 0
    for i in range(len(stems)):
        if stems[i] == c:
            return i + 1
    return 0


@njit(cache=True, nogil=True)
def _with_stem(code, stem, leads):
    """The code of 8号甲, or of 甲8号 where the stem ``leads``: as of 8--0 and of --08."""
    if code >= 38**4:
        h = (np.uint64(code) ^ np.uint64(stem + 8 * leads)) * HASH_STEP
        return np.int64(h >> np.uint64(25)) | np.int64(1 << 39)
    mark = np.int64((37 * 38 + 37) * 38 + stem)
    if not leads:
        return code * 38**3 + mark
    above = np.int64(1)
    while above <= code:
        above *= 38
    return mark * above + code


@njit(cache=True, nogil=True)
def _take_stem(cps, start, end, token, after):
    """A stem behind 8号 or 8甲号 or before 甲8号 becomes part of the number; the token's end."""
    stem = _stem(cps[after]) if after < end else 0
    # 8号甲级写字楼 is 8号; 8号甲附近 is 8号甲: 附 对 斜 旁 隔 往 门 与 和 西 东 南 北 后 前
    if stem and after + 1 < end and cps[after + 1] >= 0x3400:
        follows = cps[after + 1]
        if follows not in (
            0x9644, 0x5BF9, 0x659C, 0x65C1, 0x9694, 0x5F80, 0x95E8, 0x4E0E, 0x548C, 0x897F, 0x4E1C,
            0x5357, 0x5317, 0x540E, 0x524D,
        ):  # fmt: skip
            stem = 0
    if stem:
        token[VALUE] = _with_stem(token[VALUE], stem, False)
        return after + 1
    if _is_led(cps, start):
        token[VALUE] = _with_stem(token[VALUE], _stem(cps[start - 1]), True)
    return after


@njit(cache=True, nogil=True)
def _is_led(cps, start):
    """A stem stands before the number at ``start``, and a road before that: 前进二路甲8号."""
    # behind 路 街 巷 道 里 弄 条 同 村
    return (
        start > 1
        and _stem(cps[start - 1]) != 0
        and cps[start - 2]
        in (0x8DEF, 0x8857, 0x5DF7, 0x9053, 0x91CC, 0x5F04, 0x6761, 0x540C, 0x6751)
    )


@njit(cache=True, nogil=True)
def _read_number(cps, start, end, token):
    """Read letters, digits and hyphens at ``start`` into a token; its end, or start if none."""
    i = start
    parts = 0
    digits = 0
    while i < end and parts < 3:
        p = i
        while i < end and _is_alnum(cps[i]):
            digits += 1 if _is_digit(cps[i]) else 0
            i += 1
        if i == p:
            i -= 1  # the hyphen belongs to what follows
            break
        token[FIRST + parts] = _code(cps, p, i)
        parts += 1
        if i + 1 < end and cps[i] == 45 and _is_alnum(cps[i + 1]) and parts < 3:
            i += 1
        else:
            break
    token[KIND], token[START], token[END] = NUMBER, start, i
    token[PARTS] = parts
    token[VALUE] = _code(cps, start, i)
    token[COUNTER] = BARE
    if digits == 0 and not (i < end and cps[i] == 0x680B):
        return start  # letters alone are a number only before 栋
    return i


@njit(cache=True, nogil=True)
def _counter(cps, i, end):  # noqa: PLR0911
    """The counter at ``i`` and the end of it; -1 where the number is part of a name (5巷, 2期)."""
    if i >= end:
        return BARE, i
    c = cps[i]
    if c == 0x53F7:  # 号
        return DOOR, i + 1
    if c == 0x680B:  # 栋
        return BUILDING, i + 1
    if c == 0x5355 and i + 1 < end and cps[i + 1] == 0x5143:  # 单元
        return UNIT, i + 2
    if c == 0x5BA4:  # 室
        return ROOM, i + 1
    if c == 0x5C42:  # 层
        return FLOOR, i + 1
    if c == 0x7C73:  # 米
        return DISTANCE, i + 1
    if c == 0x516C and i + 1 < end and cps[i + 1] == 0x91CC:  # 公里
        return DISTANCE, i + 2
    if _stem(c) and i + 1 < end and cps[i + 1] == 0x53F7:  # 甲号
        return DOOR, i + 2
    # 期 区 巷 坊 组 队 弄 路 街 排 村
    if c in (
        0x671F,
        0x533A,
        0x5DF7,
        0x574A,
        0x7EC4,
        0x961F,
        0x5F04,
        0x8DEF,
        0x8857,
        0x6392,
        0x6751,
    ):
        return -1, i + 1
    return BARE, i


@njit(cache=True, nogil=True)
def _drop_stem(tokens, count, at):
    """The stem before the number at ``at`` is no word of its own."""
    last = tokens[count - 1]
    if count == 0 or last[KIND] != UNKNOWN or last[END] != at or last[END] - last[START] != 1:
        return count
    last[:] = tokens[count]
    return count - 1


@njit(cache=True, nogil=True, inline="always")
def scan(cps, start, end, names, tokens):
    """Cut ``cps[start:end]`` into tokens; returns how many. Writes (n, TOKEN_COLUMNS) int64."""
    count = 0
    i = start
    while i < end and count < MAX_TOKENS - 1:
        c = cps[i]
        after_alnum = i > start and _is_alnum(cps[i - 1]) and _is_alnum(c)
        if not after_alnum:
            stop, surface = longest_name(cps, i, end, names)
            if surface >= 0:
                t = tokens[count]
                t[KIND], t[START], t[END], t[VALUE] = MENTION, i, stop, surface
                count += 1
                i = stop
                continue
        if _is_alnum(c) and not after_alnum:
            stop = _read_number(cps, i, end, tokens[count])
            if stop > i:
                counter, after = _counter(cps, stop, end)
                if counter == DOOR and after == stop + 2:
                    stem = _stem(cps[stop])
                    tokens[count, VALUE] = _with_stem(tokens[count, VALUE], stem, False)
                elif counter == DOOR:
                    after = _take_stem(cps, i, end, tokens[count], after)
                    if _is_led(cps, i):
                        count = _drop_stem(tokens, count, i)
                if counter >= 0:
                    tokens[count, COUNTER] = counter
                    tokens[count, END] = after
                    count += 1
                    i = after
                    continue
                count = _add_unknown(tokens, count, i, after)
                i = after
                continue
        if _is_mark(c):
            t = tokens[count]
            t[KIND], t[START], t[END], t[VALUE] = MARK, i, i + 1, c
            count += 1
            i += 1
            continue
        count = _add_unknown(tokens, count, i, i + 1)
        i += 1
    return count


@njit(cache=True, nogil=True, inline="always")
def _add_unknown(tokens, count, start, end):
    if count > 0 and tokens[count - 1, KIND] == UNKNOWN and tokens[count - 1, END] == start:
        tokens[count - 1, END] = end
        return count
    t = tokens[count]
    t[KIND], t[START], t[END], t[VALUE] = UNKNOWN, start, end, -1
    return count + 1


# What a text says, one column each. Names are surfaces (-1: none), numbers are codes (0: none).
(
    S_REGION, S_STREET, S_COMMUNITY, S_ROAD, S_ROAD_EDIT, S_NUMBER, S_ESTATE, S_ESTATE_EDIT,
    S_BUILDING, S_BUILDING_WEAK, S_UNIT, S_ROOM, S_FLOOR, S_UNKNOWN, S_UNKNOWN_ROAD,
    S_UNKNOWN_ESTATE, S_LANDMARK, S_ROAD2, S_ESTATE2, S_STRANGE_PLACE,
    S_BEHIND, S_LANDMARK_NUMBER, S_AREA,
) = range(23)  # fmt: skip
SAID_COLUMNS = 23
# a landmark was named, beside a place that is named too or that is not known
NEAR_KNOWN, NEAR_UNKNOWN = 1, 2
# nothing but a landmark was named, or a room as one: the place itself lies beside it
NEAR_ONLY, NEAR_ROOM = 3, 4
# how a name was written: exactly, with a character of the same sound, with one character wrong
# or with strange words right before it, so that it is perhaps the end of a longer name
EXACT, SOUND, EDIT, PREFIXED, FAR = 0, 1, 2, 3, 9

Fuzzy = namedtuple("Fuzzy", "starts keys surfaces cps offsets sound fixed")  # noqa: PYI024


@njit(cache=True, nogil=True)
def _hash_without(cps, start, end, skip):
    """From the last character to the first, so that spans with one end share their work."""
    h = HASH_SEED
    for i in range(end - 1, start - 1, -1):
        if i != skip:
            h = _step(h, cps[i])
    return h


@njit(cache=True, nogil=True)
def _hash_ending(cps, low, end, hashes):
    """Hashes of all spans from ``low`` or later to ``end``.

    Row r is for the span of r characters: first whole, then without its first character, its
    second and so on.
    """
    hashes[0, 0] = HASH_SEED
    for size in range(1, end - low + 1):
        c = cps[end - size]
        hashes[size, 0] = _step(hashes[size - 1, 0], c)
        hashes[size, 1] = hashes[size - 1, 0]
        for k in range(1, size):
            hashes[size, k + 1] = _step(hashes[size - 1, k], c)


@njit(cache=True, nogil=True)
def delete_keys(cps, offsets):
    """Hashes of every name and of it without each of its characters, with the name's index."""
    total = 0
    for s in range(len(offsets) - 1):
        total += offsets[s + 1] - offsets[s] + 1
    keys = np.empty(total, np.uint64)
    surfaces = np.empty(total, np.int32)
    n = 0
    for s in range(len(offsets) - 1):
        for skip in range(offsets[s] - 1, offsets[s + 1]):
            keys[n] = _hash_without(cps, offsets[s], offsets[s + 1], skip)
            surfaces[n] = s
            n += 1
    return keys, surfaces


@njit(cache=True, nogil=True)
def _difference(cps, start, end, fuzzy, s):  # noqa: PLR0911
    """EXACT, SOUND, EDIT or FAR between a span and a known name; numerals must stay as they are."""
    a, b = fuzzy.offsets[s], fuzzy.offsets[s + 1]
    n, m = end - start, b - a
    low = 0
    while low < n and low < m and cps[start + low] == fuzzy.cps[a + low]:
        low += 1
    if low == n and low == m:
        return EXACT
    tail = 0
    while tail < n - low and tail < m - low and cps[end - 1 - tail] == fuzzy.cps[b - 1 - tail]:
        tail += 1
    left, right = n - low - tail, m - low - tail
    if left > 2 or right > 2 or left + right > 4 or (left == 2) != (right == 2):
        return FAR
    # 衣路 for 一路 is a slip of the sound; 二路 for 一路 is another road
    sound = 0
    if left == 1 and right == 1:
        sound = fuzzy.sound[min(cps[start + low], 65535)]
        if sound != fuzzy.sound[min(fuzzy.cps[a + low], 65535)]:
            sound = 0
    for i in range(left):
        if fuzzy.fixed[min(cps[start + low + i], 65535)]:
            return FAR
    for i in range(right):
        if sound == 0 and fuzzy.fixed[min(fuzzy.cps[a + low + i], 65535)]:
            return FAR
    if left == 2:  # two characters that changed places
        swapped = (
            cps[start + low] == fuzzy.cps[a + low + 1]
            and cps[start + low + 1] == fuzzy.cps[a + low]
        )
        return EDIT if swapped else FAR
    if sound != 0:
        return SOUND
    return EDIT if min(n, m) >= 3 and max(n, m) >= 4 else FAR


@njit(cache=True, nogil=True)
def _nearest_ending(cps, low, end, kind, names, fuzzy, hashes):
    """The known name nearest to any span that ends at ``end`` and starts at ``low`` or later.

    Returns its surface, how it differs, another as near or -1, and where the span starts; of equals
    the longest span. ``hashes`` are those of ``_hash_ending``.
    """
    starts, keys, surfaces = fuzzy.starts, fuzzy.keys, fuzzy.surfaces
    kinds = names.surface_kind
    mask = np.uint64(len(starts) - 2)
    best, best_edit, other, best_start = np.int64(-1), FAR, np.int64(-1), end
    for start in range(low, end - 2):
        size = end - start
        one, one_edit, second = np.int64(-1), FAR, np.int64(-1)
        for k in range(size + 1):
            key = hashes[size, k]
            h = key * HASH_STEP
            bucket = np.int64((h ^ (h >> np.uint64(32))) & mask)
            for j in range(starts[bucket], starts[bucket + 1]):
                if keys[j] != key:
                    continue
                s = np.int64(surfaces[j])
                if s == one or (kinds[s] & kind) == 0:
                    continue
                edit = _difference(cps, start, end, fuzzy, s)
                if edit < one_edit:
                    one, one_edit, second = s, edit, np.int64(-1)
                elif edit == one_edit and edit != FAR and s != second:
                    second = s
        if one_edit < best_edit:
            best, best_edit, other, best_start = one, one_edit, second, start
    return best, best_edit, other, best_start


@njit(cache=True, nogil=True)
def _span_start(tokens, k):
    """Where a name that ends before token ``k`` may start: after the last mark or number."""
    j = k
    while j > 0 and tokens[j - 1, KIND] in (MENTION, UNKNOWN):
        j -= 1
    return tokens[j, START]


@njit(cache=True, nogil=True)
def _forget_from(said, spans, start):
    """Take back names that turn out to be part of a longer, misspelt one."""
    for column in (S_REGION, S_STREET, S_COMMUNITY, S_ROAD, S_ESTATE):
        if said[column] >= 0 and spans[column] >= start:
            said[column] = -1


@njit(cache=True, nogil=True)
def _is_short(kind):
    return kind & SHORT_FORM != 0 and kind & WHOLE_FORM == 0


@njit(cache=True, nogil=True)
def _goes_on(tokens, k, count, names):
    """More words follow directly, so that a short form is perhaps the head of another name."""
    if k + 1 >= count:
        return False
    if tokens[k + 1, KIND] == MENTION:
        return names.surface_kind[tokens[k + 1, VALUE]] & (RELATION | IGNORE | STOREY) == 0
    if k + 2 < count and tokens[k + 1, KIND] == MARK and tokens[k + 1, VALUE] in (45, 46):
        k += 1  # 海裕-湾畔
    return tokens[k + 1, KIND] == UNKNOWN


@njit(cache=True, nogil=True)
def _grows(cps, tokens, k, count):
    """What names of buildings end with follows directly: 桂园阁 is another place than 桂园."""
    if k + 1 >= count or tokens[k + 1, KIND] != UNKNOWN:
        return False
    start = tokens[k + 1, START]
    # 阁 苑 轩 庭 厦, with whatever behind them; alone also 楼 居 府 园 村 院 城 坊
    return cps[start] in (0x9601, 0x82D1, 0x8F69, 0x5EAD, 0x53A6) or (
        tokens[k + 1, END] == start + 1
        and cps[start] in (0x697C, 0x5C45, 0x5E9C, 0x56ED, 0x6751, 0x9662, 0x57CE, 0x574A)
    )


@njit(cache=True, nogil=True, inline="always")
def _joins(c):
    # 与 和 及 跟 近
    return c in (0x4E0E, 0x548C, 0x53CA, 0x8DDF, 0x8FD1)


@njit(cache=True, nogil=True)
def _ends_as_road(cps, token):
    """Two or more characters, the last as those of roads."""
    if token[END] - token[START] < 2:
        return False
    last, second = cps[token[END] - 1], cps[token[END] - 2]
    # 路 街 巷 弄, 道, but not 街道
    return last in (0x8DEF, 0x8857, 0x5DF7, 0x5F04) or (last == 0x9053 and second != 0x8857)


@njit(cache=True, nogil=True)
def _ends_as_division(cps, token):
    """Two or more characters, the last as those of towns, quarters and villages."""
    if token[END] - token[START] < 2:
        return False
    last, second = cps[token[END] - 1], cps[token[END] - 2]
    # 镇 乡 区 村, 街道, 街道办 and 办事处; but not 小区 and 新村, which end names of estates
    if last in (0x533A, 0x6751):
        return second not in (0x5C0F, 0x65B0)
    if last in (0x9547, 0x4E61):
        return True
    if last == 0x9053:
        return second == 0x8857
    return (last == 0x529E and second == 0x9053) or (last == 0x5904 and second == 0x4E8B)


@njit(cache=True, nogil=True)
def _is_area(cps, tokens, k, count, names, said):
    """Unknown words that may name a quarter: before any road or estate, and one of them follows.

    福田-某某岭-八卦四路, 某某镇固戍一路. Words right before an estate are rather a part of its
    name, unless they end as divisions do; words that end as buildings do name one.
    """
    token = tokens[k]
    begins = said[S_ROAD] < 0 and said[S_ESTATE] < 0 and said[S_NUMBER] == 0
    if not begins or token[END] - token[START] < 2 or k + 1 >= count:
        return False
    division = _ends_as_division(cps, token)
    if not division and _ends_as_building(cps[token[END] - 1]):
        return False
    if tokens[k + 1, KIND] != MARK:
        follows = tokens[k + 1, KIND] == MENTION
        kind = names.surface_kind[tokens[k + 1, VALUE]] if follows else 0
        return follows and (division or kind & (ROAD | QUARTER) != 0)
    for j in range(k + 2, count):
        if tokens[j, KIND] == MENTION and names.surface_kind[tokens[j, VALUE]] & (ROAD | ESTATE):
            return True
        if tokens[j, KIND] == UNKNOWN and tokens[j, END] - tokens[j, START] > 1:
            return True
    return False


@njit(cache=True, nogil=True)
def _ends_as_building(c):
    """As names of estates and buildings end, and those of quarters and villages do not."""
    # 园 苑 厦 院 庭 阁 居 轩 府 邨 庄 寓 舍 楼 墅 馆 场
    return c in (
        0x56ED, 0x82D1, 0x53A6, 0x9662, 0x5EAD, 0x9601, 0x5C45, 0x8F69, 0x5E9C, 0x90A8, 0x5E84,
        0x5BD3, 0x820D, 0x697C, 0x5885, 0x9986, 0x573A,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _edit_before(cps, tokens, k):
    """Strange words before a name: its first character written twice, or another name's part.

    Words that end as roads or divisions do are none of it: 无名路海裕花园, 某某镇固戍一路.
    """
    before, start = tokens[k - 1], tokens[k, START]
    alone = before[END] - before[START] == 1
    if alone and cps[start - 1] == cps[start]:
        return EDIT
    # 固戍一路与固戍二路, 近固戍二路
    if alone and (cps[start - 1] == 0x8FD1 or (k > 1 and tokens[k - 2, KIND] in (MENTION, NUMBER))):
        return EXACT if _joins(cps[start - 1]) else PREFIXED
    ends = _ends_as_road(cps, before) or _ends_as_division(cps, before)
    return EXACT if ends else PREFIXED


@njit(cache=True, nogil=True)
def _is_quarter(tokens, k, names):
    return (
        k >= 0
        and tokens[k, KIND] == MENTION
        and names.surface_kind[tokens[k, VALUE]] & QUARTER != 0
    )


@njit(cache=True, nogil=True)
def _is_joined(cps, tokens, k):
    """与 or the like stands right before the name at ``k``."""
    start, end = tokens[k - 1, START], tokens[k - 1, END]
    return k > 0 and tokens[k - 1, KIND] == UNKNOWN and end - start == 1 and _joins(cps[start])


@njit(cache=True, nogil=True, inline="always")
def _take_mention(cps, tokens, k, count, names, said, spans):
    surface = tokens[k, VALUE]
    kind = names.surface_kind[surface]
    if kind & STOREY:
        said[S_FLOOR] = kind >> STOREY_SHIFT
    if kind & (RELATION | IGNORE | STOREY):
        return
    follows = -1
    if k + 1 < count and tokens[k + 1, KIND] == NUMBER:
        follows = tokens[k + 1, COUNTER]
    column = -1
    door = follows == DOOR or (follows == BARE and tokens[k + 1, PARTS] == 1)
    if door and kind & ROAD and said[S_NUMBER] == 0:
        column = S_ROAD
    elif follows in (BUILDING, BARE) and kind & ESTATE:
        column = S_ESTATE
    elif kind & REGION and said[S_ROAD] < 0:
        column = S_REGION
    elif kind & STREET and said[S_STREET] < 0 and said[S_ROAD] < 0:
        column = S_STREET
    elif kind & COMMUNITY and said[S_COMMUNITY] < 0 and said[S_ROAD] < 0:
        column = S_COMMUNITY
    elif kind & ROAD and said[S_ROAD] < 0:
        column = S_ROAD
    elif kind & ESTATE:
        column = S_ESTATE
    if column < 0:
        if (
            kind & ROAD
            and said[S_ROAD2] < 0
            and surface != said[S_ROAD]
            and _is_joined(cps, tokens, k)
        ):
            said[S_ROAD2] = surface  # the other road of a crossing
        return
    before = (
        k > 0 and tokens[k - 1, KIND] == UNKNOWN and not _is_distance(cps, tokens, k - 1, count)
    )
    edit = _edit_before(cps, tokens, k) if before else EXACT
    if column == S_ROAD:
        said[S_ROAD_EDIT] = edit
    if column == S_ESTATE:
        longer = _is_short(kind) and (
            before or _is_quarter(tokens, k - 1, names) or _goes_on(tokens, k, count, names)
        )
        if longer or _grows(cps, tokens, k, count):
            # 海裕 in 海裕湾畔 is no short form of 海裕花园, nor 东方 in 东方海裕花园;
            # 桂园阁 is not 桂园
            said[S_UNKNOWN] += tokens[k, END] - tokens[k, START]
            tokens[k, KIND] = UNKNOWN
            return
        said[S_ESTATE_EDIT] = edit  # 海裕花园 may be the end of 新海裕花园
    if column in (S_ROAD, S_ESTATE) and said[column] >= 0 and said[column] != surface:
        second = S_ROAD2 if column == S_ROAD else S_ESTATE2
        said[second] = said[column] if said[second] < 0 else said[second]
    said[column] = surface
    spans[column] = tokens[k, START]


@njit(cache=True, nogil=True)
def _take_parts(said, token, has_building):
    """Numbers joined by hyphens after an estate or a building: 3-501, 3-2-501."""
    parts = token[PARTS]
    if parts == 3:
        said[S_BUILDING] = token[FIRST]
        said[S_UNIT] = token[SECOND]
        said[S_ROOM] = token[THIRD]
    elif parts == 2 and not has_building:
        said[S_BUILDING] = token[FIRST]
        said[S_ROOM] = token[SECOND]
    elif parts == 2:
        said[S_UNIT] = token[FIRST]
        said[S_ROOM] = token[SECOND]


@njit(cache=True, nogil=True)
def _take_number(tokens, k, said, before):
    """Give a number its meaning; ``before``: 0 nothing, 1 road, 2 estate, 3 number, 4 unknown."""
    token = tokens[k]
    counter = token[COUNTER]
    length = token[END] - token[START]
    if counter == BUILDING:
        said[S_BUILDING] = token[VALUE]
    elif counter == UNIT:
        if token[PARTS] == 2 and said[S_BUILDING] == 0:
            said[S_BUILDING] = token[FIRST]
            said[S_UNIT] = token[SECOND]
        else:
            said[S_UNIT] = token[VALUE]
    elif counter == FLOOR:
        said[S_FLOOR] = token[VALUE]
    elif counter == ROOM:
        if token[PARTS] == 1:
            said[S_ROOM] = token[VALUE]
        else:
            _take_parts(said, token, said[S_BUILDING] != 0)
    elif counter == DOOR and not (before == 2 and said[S_NUMBER] != 0):
        if said[S_NUMBER] == 0:
            said[S_NUMBER] = token[VALUE]
    elif counter == DOOR:
        said[S_BUILDING] = token[VALUE]
        said[S_BUILDING_WEAK] = 1
    elif before in (1, 4) and said[S_NUMBER] == 0:
        said[S_NUMBER] = token[VALUE]
    elif token[PARTS] > 1 and said[S_FLOOR] != 0 and said[S_ROOM] == 0:
        said[S_ROOM] = token[VALUE]  # 3层L3-012: a shop's number
    elif token[PARTS] > 1:
        _take_parts(said, token, said[S_BUILDING] != 0)
    elif before == 2 and length < 3 and said[S_BUILDING] == 0:
        said[S_BUILDING] = token[VALUE]
        said[S_BUILDING_WEAK] = 1
    elif (said[S_BUILDING] != 0 or before in (2, 3)) and said[S_ROOM] == 0:
        said[S_ROOM] = token[VALUE]
    else:
        said[S_UNKNOWN] += length


@njit(cache=True, nogil=True)
def _forget_places(said, spans):
    """Take back everything below the divisions."""
    for column in (S_ROAD, S_ESTATE, S_ROAD2, S_ESTATE2):
        said[column] = -1
    for column in (
        S_ROAD_EDIT, S_NUMBER, S_ESTATE_EDIT, S_BUILDING, S_BUILDING_WEAK, S_UNIT, S_ROOM, S_FLOOR,
        S_UNKNOWN, S_UNKNOWN_ROAD, S_UNKNOWN_ESTATE, S_STRANGE_PLACE, S_BEHIND,
    ):  # fmt: skip
        said[column] = 0
    spans[:] = 0


@njit(cache=True, nogil=True)
def _names_follow(cps, tokens, k, count, names):
    """After the relation at ``k`` comes what may name a place: 海裕花园附近翠景苑."""
    k += 1
    while k < count and tokens[k, KIND] == MARK and tokens[k, VALUE] == 32:
        k += 1
    if k >= count:
        return False
    if tokens[k, KIND] == MENTION:
        return names.surface_kind[tokens[k, VALUE]] & (ROAD | ESTATE) != 0
    if tokens[k, KIND] != UNKNOWN or tokens[k, END] - tokens[k, START] < 2:
        return False
    return _ends_as_name(cps[tokens[k, END] - 1])  # not 附近有人打架


@njit(cache=True, nogil=True)
def _is_beside(token, names):
    return token[KIND] == MENTION and names.surface_kind[token[VALUE]] & BESIDE != 0


@njit(cache=True, nogil=True)
def _is_comma(token):
    return token[KIND] == MARK and token[VALUE] != 32


@njit(cache=True, nogil=True)
def _is_placed(said):
    return said[S_ESTATE] >= 0 or (said[S_ROAD] >= 0 and said[S_NUMBER] != 0)


@njit(cache=True, nogil=True)
def _names_another(said, earlier):
    """Since ``earlier`` another estate was named, or a number beside the first."""
    if earlier[S_ESTATE] >= 0:
        return said[S_ESTATE] != earlier[S_ESTATE] or said[S_NUMBER] != earlier[S_NUMBER]
    return earlier[S_NUMBER] != 0 and said[S_BUILDING_WEAK] != earlier[S_BUILDING_WEAK]


@njit(cache=True, nogil=True)
def _set_aside(cps, tokens, k, count, names, said, spans, asides, kept, in_bracket):
    """What stands before 附近 or 对面 is a landmark, if another place is named as well.

    The place may follow (海裕花园附近翠景苑), or stand before: 翠景苑(海裕花园旁), or
    翠景苑,海裕花园对面. ``asides`` keep the landmark, in case what follows is not known, and what
    was said before the last bracket, comma or space.
    """
    earlier = asides[1]
    if kept and (in_bracket or _names_another(said, earlier)):
        said[:] = earlier
        said[S_LANDMARK] = NEAR_KNOWN
    elif not in_bracket and _names_follow(cps, tokens, k, count, names):
        if said[S_ROAD] >= 0 or said[S_ESTATE] >= 0:
            asides[0] = said
            _forget_places(said, spans)
            said[S_LANDMARK] = NEAR_KNOWN
    elif said[S_ESTATE2] >= 0 and k > 0 and tokens[k - 1, VALUE] == said[S_ESTATE]:
        said[S_ESTATE], said[S_ESTATE2], said[S_ESTATE_EDIT] = said[S_ESTATE2], -1, EXACT
        said[S_LANDMARK] = NEAR_KNOWN
    elif not in_bracket and k > 0 and not _is_comma(tokens[k - 1]):
        _stay_outside(said)


@njit(cache=True, nogil=True)
def _is_room(tokens, k):
    """A room or a unit stands right before the word at ``k``: 501楼上."""
    k -= 1
    if k > 0 and tokens[k, KIND] == MARK and tokens[k, VALUE] == 32:
        k -= 1
    return k >= 0 and tokens[k, KIND] == NUMBER and tokens[k, COUNTER] in (ROOM, UNIT, BARE)


@njit(cache=True, nogil=True)
def _is_distance(cps, tokens, k, count):
    """50米, 往北 before and 左右 behind it, or 往北五十米处 as a whole."""
    if tokens[k, KIND] != UNKNOWN:
        return tokens[k, KIND] == NUMBER and tokens[k, COUNTER] == DISTANCE
    start, end = tokens[k, START], tokens[k, END]
    measured = k > 0 and tokens[k - 1, KIND] == NUMBER and tokens[k - 1, COUNTER] == DISTANCE
    if k + 1 < count and tokens[k + 1, KIND] == NUMBER:
        measured |= tokens[k + 1, COUNTER] == DISTANCE
    counted = False
    for i in range(start, end):
        # 一 二 三 四 五 六 七 八 九 十 百 千 两 几
        numeral = cps[i] in (
            0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341, 0x767E,
            0x5343, 0x4E24, 0x51E0,
        )  # fmt: skip
        # 往向朝东西南北 侧边面方 前后左右 走行约大 再上下外的 处远来多 米公里地
        if not numeral and cps[i] not in (
            0x5F80, 0x5411, 0x671D, 0x4E1C, 0x897F, 0x5357, 0x5317, 0x4FA7, 0x8FB9, 0x9762, 0x65B9,
            0x524D, 0x540E, 0x5DE6, 0x53F3, 0x8D70, 0x884C, 0x7EA6, 0x5927, 0x518D, 0x4E0A, 0x4E0B,
            0x5916, 0x7684, 0x5904, 0x8FDC, 0x6765, 0x591A, 0x7C73, 0x516C, 0x91CC, 0x5730,
        ):  # fmt: skip
            return False
        # 五十米, 两公里; but not the 米 or 里 of a name
        counted |= numeral
        measured |= counted and (cps[i] == 0x7C73 or (cps[i] == 0x91CC and cps[i - 1] == 0x516C))
    return measured


@njit(cache=True, nogil=True)
def _stay_outside(said):
    """501房对面 is not that room, but near it: no more than its building is known."""
    if _is_placed(said) and said[S_LANDMARK] == 0:
        in_room = said[S_ROOM] != 0 or said[S_UNIT] != 0
        said[S_ROOM] = said[S_UNIT] = 0
        said[S_LANDMARK] = NEAR_ROOM if in_room else NEAR_ONLY


@njit(cache=True, nogil=True, inline="always")
def _understand(cps, tokens, count, names, fuzzy, said, spans, hashes, asides):
    """Turn the tokens of one text into what it says."""
    said[:] = 0
    for column in (S_REGION, S_STREET, S_COMMUNITY, S_ROAD, S_ESTATE, S_ROAD2, S_ESTATE2):
        said[column] = -1
    spans[:] = 0
    kept = False  # in ``asides``, what was said before a mark
    before = 0
    depth = 0
    for k in range(count):
        kind = tokens[k, KIND]
        if kind == MARK:
            if depth == 0 and tokens[k, VALUE] in (32, 40, 44) and _is_placed(said):
                asides[1] = said
                kept = True
            depth += 1 if tokens[k, VALUE] == 40 else (-1 if tokens[k, VALUE] == 41 else 0)
            before = before if tokens[k, VALUE] == 32 else 0
        elif kind == MENTION:
            if names.surface_kind[tokens[k, VALUE]] & BESIDE:
                _set_aside(cps, tokens, k, count, names, said, spans, asides, kept, depth > 0)
            elif names.surface_kind[tokens[k, VALUE]] & ABOVE and _is_room(tokens, k):
                _stay_outside(said)
            _take_mention(cps, tokens, k, count, names, said, spans)
            before = 0
            if said[S_ROAD] == tokens[k, VALUE] and spans[S_ROAD] == tokens[k, START]:
                before = 1
            elif said[S_ESTATE] == tokens[k, VALUE]:
                before = 2
            elif names.surface_kind[tokens[k, VALUE]] & STOREY:
                before = 3
        elif _is_distance(cps, tokens, k, count):
            if not (k + 1 < count and _is_distance(cps, tokens, k + 1, count)):
                _set_aside(cps, tokens, k, count, names, said, spans, asides, kept, depth > 0)
            before = 0
        elif kind == UNKNOWN:
            before = _take_unknown(cps, tokens, k, count, names, fuzzy, said, spans, depth, hashes)
        else:
            if tokens[k, COUNTER] in (DOOR, BARE) and before == 0 and said[S_NUMBER] == 0:
                before = _misspelt_road(cps, tokens, k, names, fuzzy, said, spans, hashes)
            _take_number(tokens, k, said, before)
            before = 3
    if said[S_LANDMARK] == NEAR_KNOWN and not _is_placed(said):
        _fall_back(said, asides[0])


@njit(cache=True, nogil=True)
def _fall_back(said, landmark):
    """The place beside the landmark is not known: at least the landmark's road is."""
    if said[S_ROAD] < 0:
        said[S_ROAD], said[S_ROAD_EDIT] = landmark[S_ROAD], landmark[S_ROAD_EDIT]
        said[S_LANDMARK_NUMBER] = landmark[S_NUMBER]
    said[S_LANDMARK] = NEAR_UNKNOWN


@njit(cache=True, nogil=True)
def _misspelt_road(cps, tokens, k, names, fuzzy, said, spans, hashes):
    """A door number after words that are no road as they stand: perhaps a misspelt one."""
    if k == 0 or tokens[k - 1, KIND] in (MARK, NUMBER):
        return 0
    end = tokens[k, START]
    low = max(_span_start(tokens, k), end - LONGEST_SLIP)
    _hash_ending(cps, low, end, hashes)
    s, edit, other, start = _nearest_ending(cps, low, end, ROAD, names, fuzzy, hashes)
    if s < 0:
        return 0
    _forget_from(said, spans, start)
    said[S_ROAD], said[S_ROAD_EDIT], said[S_ROAD2] = s, edit, other
    spans[S_ROAD] = start
    return 1


@njit(cache=True, nogil=True)
def _is_behind(tokens, k, said):
    """The words at ``k`` stand right behind an estate's name: a part of it, as in 海裕花园东区."""
    k -= 1
    if k > 0 and tokens[k, KIND] == MARK:
        k -= 1
    return k >= 0 and tokens[k, KIND] == MENTION and tokens[k, VALUE] == said[S_ESTATE]


@njit(cache=True, nogil=True)
def _names_road(tokens, k, count, names):
    return (
        k < count
        and tokens[k, KIND] == MENTION
        and names.surface_kind[tokens[k, VALUE]] & ROAD != 0
    )


@njit(cache=True, nogil=True)
def _ends_as_place(c):
    """As names of estates and buildings end."""
    # 园 苑 村 厦 场 院 区 庭 阁 居 城 轩 府 湾 畔 邨 庄 寓 舍 楼 墅 里 心 馆 港 坊 岸
    return c in (
        0x56ED, 0x82D1, 0x6751, 0x53A6, 0x573A, 0x9662, 0x533A, 0x5EAD, 0x9601, 0x5C45, 0x57CE,
        0x8F69, 0x5E9C, 0x6E7E, 0x7554, 0x90A8, 0x5E84, 0x5BD3, 0x820D, 0x697C, 0x5885, 0x91CC,
        0x5FC3, 0x9986, 0x6E2F, 0x574A, 0x5CB8,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _ends_as_name(c):
    """As names of places end, or those of firms and services."""
    # 司 店 厂 校 所 站 局
    return _ends_as_place(c) or c in (
        0x53F8, 0x5E97, 0x5382, 0x6821, 0x6240, 0x7AD9, 0x5C40,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _take_unknown(  # noqa: PLR0911
    cps, tokens, k, count, names, fuzzy, said, spans, depth, hashes
):
    """Words that are no known name: a misspelt road or estate, or a remark; says what they were."""
    start, end = tokens[k, START], tokens[k, END]
    low = max(_span_start(tokens, k), end - LONGEST_SLIP)
    _hash_ending(cps, low, end, hashes)
    follows = -1
    if k + 1 < count and tokens[k + 1, KIND] == NUMBER:
        follows = tokens[k + 1, COUNTER]
    if follows in (DOOR, BARE) and said[S_NUMBER] == 0:
        s, edit, other, from_ = _nearest_ending(cps, low, end, ROAD, names, fuzzy, hashes)
        if s >= 0 and from_ <= start:
            _forget_from(said, spans, from_)
            said[S_ROAD], said[S_ROAD_EDIT], said[S_ROAD2] = s, edit, other
            spans[S_ROAD] = from_
            return 1
    s, edit, other, from_ = _nearest_ending(cps, low, end, ESTATE | ROAD, names, fuzzy, hashes)
    # a misspelt name explains all of the unknown words, or it is a chance likeness
    if s >= 0 and from_ <= start:
        _forget_from(said, spans, from_)
        is_estate = (names.surface_kind[s] & ESTATE) != 0
        if is_estate:
            said[S_ESTATE], said[S_ESTATE_EDIT], said[S_ESTATE2] = s, edit, other
            spans[S_ESTATE] = from_
        else:
            said[S_ROAD], said[S_ROAD_EDIT], said[S_ROAD2] = s, edit, other
            spans[S_ROAD] = from_
        return 2 if is_estate else 1
    if k > 0 and start == tokens[k - 1, END] and _is_beside(tokens[k - 1], names):
        return 0  # what happens there: 附近有人打架
    if end - start == 1 and follows >= 0 and _joins(cps[start]):
        return 3 if k > 0 and tokens[k - 1, KIND] == NUMBER else 0  # 501房与502房之间
    if end - start == 1 and _joins(cps[start]) and _names_road(tokens, k + 1, count, names):
        return 0  # 固戍一路与固戍二路交汇处
    if depth <= 0:
        if _is_area(cps, tokens, k, count, names, said):
            said[S_AREA] += end - start
            return 4
        if _ends_as_road(cps, tokens[k]):
            said[S_UNKNOWN_ROAD] = 1
            return 4
        said[S_UNKNOWN] += end - start
        if follows in (DOOR, BARE) and said[S_NUMBER] == 0 and said[S_ROAD] < 0:
            said[S_UNKNOWN_ROAD] = 1
        elif _is_behind(tokens, k, said):
            said[S_BEHIND] = 1
        elif end - start >= 2:
            said[S_STRANGE_PLACE] |= _ends_as_place(cps[end - 1])
            if said[S_ESTATE] < 0:
                said[S_UNKNOWN_ESTATE] += end - start
        return 4
    return 0


@njit(cache=True, nogil=True)
def read_texts(cps, offsets, names, fuzzy, out):
    """What each text says.

    Args:
        cps, offsets: texts in normal form as code points.
        names: the trie of known names.
        fuzzy: known names by their deletions, for misspelt ones.
        out: int64 of shape (n, SAID_COLUMNS), to be filled; see the columns above.
    """
    tokens = np.zeros((MAX_TOKENS, TOKEN_COLUMNS), np.int64)
    spans = np.zeros(SAID_COLUMNS, np.int64)
    hashes = np.zeros((LONGEST_SLIP + 1, LONGEST_SLIP + 1), np.uint64)
    asides = np.zeros((2, SAID_COLUMNS), np.int64)  # a landmark; what stood before a bracket
    for i in range(len(offsets) - 1):
        count = scan(cps, offsets[i], offsets[i + 1], names, tokens)
        _understand(cps, tokens, count, names, fuzzy, out[i], spans, hashes, asides)
