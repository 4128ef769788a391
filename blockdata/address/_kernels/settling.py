"""Bring lines into normal form without a regular expression, where rules for it suffice.

Most lines need no rule at all, and most others only those for spaces, numerals, roads, doors,
buildings and rooms, which stand here once more, by hand; what may need any other is left to the
patterns of ``normalise_rules``.
"""

from collections import namedtuple

import numpy as np
from numba import njit

_NEWLINE = 10
_MAX_ROUNDS = 6
# rules that are known here; 0 is any other
OTHER, SPACE, NUMERAL, SPOKEN_NUMBER, ORDINAL, ORDINAL_NAME, ROAD_NUMERAL = range(7)
LEADING_ZERO, DOOR_MARK, BUILDING_WORD, BUILDING_MARK, ROOM_WORD, FLOOR_WORD = range(7, 13)
# what a rule says of a line
SAME, CHANGED, LEFT = range(3)
_LONGEST_NUMERAL = 15
_HAN_DIGITS = tuple(ord(c) for c in "零一二三四五六七八九")

# ``to``: the character for each code point. ``kind`` of a character: where it stands in the next
# tables. ``single``: a bit for each set of characters in which it stands; ``before`` and ``after``:
# one for each pair of sets, of which it stands in the first or in the second; ``repeated``: the bit
# of what is said twice in a row, for which is looked at ``ends`` of divisions; ``numeral``: the
# value of a Chinese numeral, -1 for what is none. By rule: the bits that it needs, alone and of
# neighbours, and which of the rules above it is.
Gates = namedtuple(  # noqa: PYI024
    "Gates", "to kind single before after repeated ends numeral needs beside own"
)


@njit(cache=True, nogil=True)
def _said_twice(line, at):
    """Whether what ends at ``at`` (exclusive) is said twice in a row, a mark between at most.

    Something is two characters or more.
    """
    for length in range(2, at // 2 + 1):
        for gap in range(2):
            first = at - 2 * length - gap
            if first < 0 or line[first] != line[at - length]:
                continue
            same = True
            for k in range(1, length):
                if line[first + k] != line[at - length + k]:
                    same = False
                    break
            if same:
                return True
    return False


@njit(cache=True, nogil=True, inline="always")
def _may_match(line, n, kind, single, before, after, ends, repeated, needs, beside):
    """The rules, one bit each, that may match ``line[:n]``."""
    present, pairs = np.uint64(0), np.uint64(0)
    last = kind[_NEWLINE]
    for i in range(n):
        this = kind[line[i]]
        pairs |= before[last] & after[this]
        present |= single[this]
        last = this
        if (
            ends[this]
            and (present & repeated) == 0
            and (_said_twice(line, i + 1) or _said_twice(line, i))
        ):
            present |= repeated
    pairs |= before[last] & after[kind[_NEWLINE]]
    rules = np.uint64(0)
    for r in range(len(needs)):
        if (present & needs[r]) == needs[r] and (beside[r] == 0 or (pairs & beside[r]) != 0):
            rules |= np.uint64(1) << np.uint64(r)
    return rules


@njit(cache=True, nogil=True, inline="always")
def _is_digit(c):
    return 48 <= c <= 57


@njit(cache=True, nogil=True, inline="always")
def _is_alnum(c):
    return 48 <= c <= 57 or 65 <= c <= 90


@njit(cache=True, nogil=True, inline="always")
def _is_han(c):
    return 0x3400 <= c <= 0x4DBF or 0x4E00 <= c <= 0x9FFF or c == 0x3007


@njit(cache=True, nogil=True)
def _drop_spaces(line, n, out):
    """Rule space: one stays between two Han characters, or two letters or digits."""
    put = 0
    for i in range(n):
        c = line[i]
        if c == 32:
            last = line[i - 1] if i else np.uint32(0)
            follows = line[i + 1] if i + 1 < n else np.uint32(0)
            han, alnum = _is_han(last), _is_alnum(last)
            if not (_is_han(follows) or _is_alnum(follows)):
                continue
            if last != 32 and not ((han and _is_han(follows)) or (alnum and _is_alnum(follows))):
                continue
        out[put] = c
        put += 1
    return put, CHANGED if put != n else SAME


@njit(cache=True, nogil=True)
def _value(line, start, end, kind, numeral):
    """As ``numerals.to_number``; -1 where that is None."""
    counted = False
    for i in range(start, end):
        counted |= numeral[kind[line[i]]] >= 10
    total, digit, last_unit = np.int64(0), np.int64(-1), np.int64(1000)
    for i in range(start, end):
        value = np.int64(numeral[kind[line[i]]])
        if not counted:
            total = total * 10 + value
        elif value == 20:
            if i > start:
                return np.int64(-1)
            total, last_unit = value, np.int64(10)
        elif value >= 10:
            if value >= last_unit or (digit < 0 and value == 100):
                return np.int64(-1)
            total += value * (1 if digit < 0 else digit)
            digit, last_unit = np.int64(-1), value
        elif digit >= 0:
            return np.int64(-1)
        elif value > 0:
            digit = value
    return total + max(digit, 0)


@njit(cache=True, nogil=True)
def _counts(line, i, n):
    """A counter stands at ``i`` that is not itself the start of a name."""
    c = line[i] if i < n else np.uint32(0)
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    if (c == 0x5355 and second == 0x5143) or (c == 0x7F51 and second == 0x683C):  # 单元 网格
        i += 2
    elif c in (
        0x53F7, 0x680B, 0x5E62, 0x5EA7, 0x5BA4, 0x623F, 0x5C42, 0x697C, 0x5F04, 0x68AF, 0x7EC4,
        0x961F, 0x671F, 0x533A, 0x5DF7, 0x6392, 0x6237, 0x23,
    ):  # 号 栋 幢 座 室 房 层 楼 弄 梯 组 队 期 区 巷 排 户 #  # fmt: skip
        i += 1
    else:
        return False
    c = line[i] if i < n else np.uint32(0)
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    # 村 镇 乡 街 路 线 桥
    if c in (0x6751, 0x9547, 0x4E61, 0x8857, 0x8DEF, 0x7EBF, 0x6865):
        return False
    return not (
        (c == 0x793E and second == 0x533A)  # 社区
        or (c == 0x5927 and second == 0x9053)  # 大道
        or (c == 0x6C34 and second == 0x5E93)  # 水库
        or (c == 0x516C and second == 0x8DEF)  # 公路
        or (c == 0x5730 and second == 0x5757)  # 地块
    )


@njit(cache=True, nogil=True)
def _write_digits(number, out, put):
    size = 1
    while number >= 10**size:
        size += 1
    for k in range(size):
        out[put + size - 1 - k] = 48 + number % 10
        number //= 10
    return put + size


@njit(cache=True, nogil=True)
def _list_counts(line, i, n, kind, numeral):
    """As ``_counts``, behind up to four more numbers: 二、三楼."""
    for _ in range(4):
        # 、 - 至 到 ~ 和
        if i >= n or line[i] not in (0x3001, 45, 0x81F3, 0x5230, 126, 0x548C):
            break
        end = i + 1
        while end < n and (_is_digit(line[end]) or numeral[kind[line[end]]] >= 0):
            end += 1
        if end == i + 1:
            return False
        i = end
    return _counts(line, i, n)


@njit(cache=True, nogil=True)
def _count(line, n, out, kind, numeral):
    """Rule numeral, but for numbers so long that they may not fit, which are left."""
    put = 0
    i = 0
    state = SAME
    while i < n:
        before = line[i - 1] if i else np.uint32(0)
        # a 第 goes with its numeral, unless a number stands before it
        start = i
        if line[i] == 0x7B2C and not _is_digit(before) and numeral[kind[before]] < 0:  # 第
            start = i + 1
        end = start
        while end < n and numeral[kind[line[end]]] >= 0:
            end += 1
        if end - start > _LONGEST_NUMERAL:
            return 0, LEFT
        number = np.int64(-1)
        if end > start and not (start == i and _is_digit(before)):
            named = (
                end - start == 2 and line[start] == 0x4E8C and line[start + 1] == 0x4E03
                and end < n and line[end] == 0x533A
            )  # 二七区  # fmt: skip
            if not named and _list_counts(line, end, n, kind, numeral):
                number = _value(line, start, end, kind, numeral)
        if number >= 0:
            put = _write_digits(number, out, put)
            state = CHANGED
            i = end
            continue
        end = max(end, i + 1)
        for j in range(i, end):
            out[put] = line[j]
            put += 1
        i = end
    return put, state


@njit(cache=True, nogil=True)
def _count_spoken(line, n, out, kind, numeral):
    """Rule spoken-number: 3栋五零二 is 3栋502."""
    put = 0
    i = 0
    last = np.uint32(0)
    state = SAME
    while i < n:
        end = i
        # behind 元 栋 座 幢 楼 层 梯
        if last in (0x5143, 0x680B, 0x5EA7, 0x5E62, 0x697C, 0x5C42, 0x68AF):
            while end < n and numeral[kind[line[end]]] >= 0:
                end += 1
        number = np.int64(-1)
        if 3 <= end - i <= 4 and (end == n or not _is_han(line[end])):
            number = _value(line, i, end, kind, numeral)
        if number >= 0:
            put = _write_digits(number, out, put)
            last = line[end - 1]
            i = end
            state = CHANGED
        else:
            last = out[put] = line[i]
            put += 1
            i += 1
    return put, state


@njit(cache=True, nogil=True)
def _drop_ordinals(line, n, out):
    """Rule ordinal: 第3栋 is 3栋."""
    put = 0
    for i in range(n):
        if line[i] == 0x7B2C:  # 第
            end = i + 1
            while end < n and _is_digit(line[end]):
                end += 1
            if end > i + 1 and _counts(line, end, n):
                continue
        out[put] = line[i]
        put += 1
    return put, CHANGED if put != n else SAME


@njit(cache=True, nogil=True, inline="always")
def _road_follows(line, i, n):
    """号?路, 号?街 or 大道 stands at ``i``."""
    c = line[i] if i < n else np.uint32(0)
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    if c == 0x53F7:  # 号
        c = second
    elif c == 0x5927:  # 大
        return second == 0x9053  # 道
    return c in (0x8DEF, 0x8857)  # 路 街


@njit(cache=True, nogil=True)
def _write_han(number, out, put):
    """As ``numerals.to_han``."""
    tens, ones = number // 10, number % 10
    if tens > 1:
        out[put] = _HAN_DIGITS[tens]
        put += 1
    if tens:
        out[put] = 0x5341  # 十
        put += 1
    if ones:
        out[put] = _HAN_DIGITS[ones]
        put += 1
    return put


@njit(cache=True, nogil=True)
def _name_numerals(line, n, out, rule):
    """Rules ordinal-name and road-numeral: 1 to 99 in a name become numerals."""
    put = 0
    i = 0
    last = np.uint32(0)
    state = SAME
    while i < n:
        c = line[i]
        if not 49 <= c <= 57:
            named = False
        elif rule == ORDINAL_NAME:
            named = last == 0x7B2C  # 第
        else:  # behind 号 栋 幢 座 楼 层 室 房 期 区 第 it is no part of a road's name
            named = _is_han(last) and last not in (
                0x53F7, 0x680B, 0x5E62, 0x5EA7, 0x697C, 0x5C42, 0x5BA4, 0x623F, 0x671F, 0x533A,
                0x7B2C,
            )  # fmt: skip
        if named:
            number, after = np.int64(c - 48), i + 1
            if after < n and _is_digit(line[after]):
                number, after = 10 * number + np.int64(line[after] - 48), after + 1
            if rule == ORDINAL_NAME:
                follows = after < n and _is_han(line[after])
            else:
                follows = _road_follows(line, after, n)
            if follows:
                put = _write_han(number, out, put)
                i = after
                last = line[i - 1]
                state = CHANGED
                continue
        out[put] = c
        put += 1
        last = c
        i += 1
    return put, state


@njit(cache=True, nogil=True)
def _drop_zeros(line, n, out):
    """Rule leading-zero: zeros go before 1 to 9 with a counter behind."""
    put = 0
    i = 0
    last = np.uint32(0)
    while i < n:
        c = line[i]
        if c == 48 and not (_is_alnum(last) or last in (46, 45)):
            after = i
            while after < n and line[after] == 48:
                after += 1
            j = after
            while j < n and _is_digit(line[j]):
                j += 1
            # 栋 幢 座 号 单元
            counted = j < n and line[j] in (0x680B, 0x5E62, 0x5EA7, 0x53F7)
            counted |= j + 1 < n and line[j] == 0x5355 and line[j + 1] == 0x5143
            if j > after and counted:
                i = after
                c = line[i]
        out[put] = c
        put += 1
        last = c
        i += 1
    return put, CHANGED if put != n else SAME


@njit(cache=True, nogil=True)
def _mark_doors(line, n, out):
    """Rule door-mark: 固戍一路12# is 固戍一路12号."""
    state = SAME
    on_road = False
    digits = False
    for i in range(n):
        c = line[i]
        out[i] = c
        if c == 0x23 and on_road and digits:
            follows = line[i + 1] if i + 1 < n else np.uint32(0)
            if follows not in (0x697C, 0x680B, 0x5E62, 0x5EA7):  # 楼 栋 幢 座
                out[i] = 0x53F7  # 号
                state = CHANGED
        if _is_digit(c):
            digits = True
        else:
            on_road = c in (0x8DEF, 0x8857, 0x5DF7, 0x9053, 0x5F04, 0x91CC)  # 路 街 巷 道 弄 里
            digits = False
    return n, state


@njit(cache=True, nogil=True)
def _mark_buildings(line, n, out):
    """Rule building-mark: #12 is 12栋."""
    put = 0
    i = 0
    state = SAME
    while i < n:
        end = i + 1
        while line[i] == 0x23 and end < n and _is_digit(line[end]):
            end += 1
        if end == i + 1:
            out[put] = line[i]
            put += 1
            i = end
            continue
        for j in range(i + 1, end):
            out[put] = line[j]
            put += 1
        out[put] = 0x680B  # 栋
        put += 1
        i = end + 1 if end < n and line[end] == 0x680B else end
        state = CHANGED
    return put, state


@njit(cache=True, nogil=True)
def _building_word(line, i, n):
    """How many characters from ``i`` on are a word for a building; 0 if none are."""
    c = line[i]
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    if c in (0x53F7, 0x23) and second in (0x680B, 0x5E62, 0x5EA7):  # [号#][栋幢座]楼?
        if i + 2 < n and line[i + 2] == 0x697C and _ends_word(line, i + 3, n):
            return 3
        if _ends_word(line, i + 2, n):
            return 2
    if c in (0x53F7, 0x23) and second == 0x697C and _ends_word(line, i + 2, n):  # [号#]楼
        return 2
    if c in (0x23, 0x5E62, 0x5EA7) and _ends_word(line, i + 1, n):  # # 幢 座
        return 1
    if c == 0x680B and second == 0x697C and _ends_word(line, i + 2, n):  # 栋楼
        return 2
    return 0


@njit(cache=True, nogil=True, inline="always")
def _ends_word(line, i, n):
    """Not followed by one of 梯上下顶道."""
    return i >= n or line[i] not in (0x68AF, 0x4E0A, 0x4E0B, 0x9876, 0x9053)


@njit(cache=True, nogil=True)
def _room_word(line, i, n):
    """How many characters from ``i`` on are a word for a room; 0 if none are."""
    c = line[i]
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    if c == 0x623F and second == 0x95F4:  # 房间
        return 2
    if c == 0x53F7 and second in (0x623F, 0x5BA4):  # 号房, 号室
        return 2
    # 房, but not in 房屋 房产 房东 房间 房管 房地 房号
    if c == 0x623F and second not in (0x5C4B, 0x4EA7, 0x4E1C, 0x95F4, 0x7BA1, 0x5730, 0x53F7):
        return 1
    return 0


@njit(cache=True, nogil=True)
def _floor_word(line, i, n):
    """How many characters from ``i`` on are a word for a floor; 0 if none are."""
    c = line[i]
    second = line[i + 1] if i + 1 < n else np.uint32(0)
    if c == 70 and not _is_alnum(second):  # F
        return 1
    if c == 0x5C42 and second == 0x697C:  # 层楼
        return 2
    # 楼, but not in 楼梯 楼上 楼下 楼顶 楼道 楼村 楼镇 楼乡
    if c == 0x697C and second not in (
        0x68AF, 0x4E0A, 0x4E0B, 0x9876, 0x9053, 0x6751, 0x9547, 0x4E61,
    ):  # fmt: skip
        return 1
    return 0


@njit(cache=True, nogil=True)
def _write_words(line, n, out, rule):
    """Rules building-word, room-word and floor-word."""
    put = 0
    i = 0
    last = np.uint32(0)
    state = SAME
    word = 0x680B if rule == BUILDING_WORD else 0x5BA4 if rule == ROOM_WORD else 0x5C42  # 栋 室 层
    while i < n:
        length = 0
        if rule == BUILDING_WORD and _is_alnum(last):
            length = _building_word(line, i, n)
        elif rule == ROOM_WORD and (
            _is_digit(last) or (_is_alnum(last) and i > 1 and _is_digit(line[i - 2]))
        ):
            length = _room_word(line, i, n)
        elif rule == FLOOR_WORD and _is_digit(last):
            length = _floor_word(line, i, n)
        if length:
            out[put] = word
            state = CHANGED
        else:
            length = 1
            out[put] = line[i]
        i += length
        last = line[i - 1]
        put += 1
    return put, state


@njit(cache=True, nogil=True)
def _apply(rule, line, n, out, kind, numeral):
    if rule == SPACE:
        done = _drop_spaces(line, n, out)
    elif rule == NUMERAL:
        done = _count(line, n, out, kind, numeral)
    elif rule == SPOKEN_NUMBER:
        done = _count_spoken(line, n, out, kind, numeral)
    elif rule == ORDINAL:
        done = _drop_ordinals(line, n, out)
    elif rule in (ORDINAL_NAME, ROAD_NUMERAL):
        done = _name_numerals(line, n, out, rule)
    elif rule == LEADING_ZERO:
        done = _drop_zeros(line, n, out)
    elif rule == DOOR_MARK:
        done = _mark_doors(line, n, out)
    elif rule == BUILDING_MARK:
        done = _mark_buildings(line, n, out)
    else:
        done = _write_words(line, n, out, rule)
    return done


@njit(cache=True, nogil=True, inline="always")
def _settle(line, n, spare, gates, others):
    """Apply the rules until nothing changes.

    Returns where the text stands (``line`` or ``spare``), and its length, -1 if other rules may
    match.
    """
    kind, single, before, after = gates.kind, gates.single, gates.before, gates.after
    ends, repeated, needs, beside = gates.ends, gates.repeated, gates.needs, gates.beside
    own, numeral = gates.own, gates.numeral
    rules = _may_match(line, n, kind, single, before, after, ends, repeated, needs, beside)
    if rules & others:
        return line, -1
    for _ in range(_MAX_ROUNDS):
        any_change = False
        for r in range(len(own) if rules else 0):
            if (rules >> np.uint64(r)) & np.uint64(1) == 0:
                continue
            length, state = _apply(own[r], line, n, spare, kind, numeral)
            if state == SAME:
                continue
            line, spare, n = spare, line, length
            any_change = True
            # other rules may match what has changed
            rules = _may_match(line, n, kind, single, before, after, ends, repeated, needs, beside)
            if state == LEFT or rules & others:
                return line, -1
        if not any_change:
            return line, n
    return line, -1


@njit(cache=True, nogil=True)
def _longest(raw):
    longest, length = 0, 0
    for c in raw:
        length = 0 if c == 0 else length + 1
        longest = max(longest, length)
    return longest


@njit(cache=True, nogil=True)
def settle_lines(raw, rows, gates):
    """Normalise what can be normalised here.

    Args:
        raw: code points of the texts, uint32, a 0 between two texts.
        rows: how many texts there are.
        gates: see above.

    Returns:
        The normalised code points, their offsets (rows + 1), and which texts were left to others,
        of shape (rows,): these are empty.
    """
    others = np.uint64(0)
    for r in range(len(gates.own)):
        if gates.own[r] == OTHER:
            others |= np.uint64(1) << np.uint64(r)
    to = gates.to
    # only numerals become longer: 十 → 10 before a counter, 22 → 二十二 before a road
    room = 2 * _longest(raw) + 1
    line, spare = np.empty(room, np.uint32), np.empty(room, np.uint32)
    points = np.empty(2 * len(raw), np.uint32)
    offsets = np.zeros(rows + 1, np.int64)
    left = np.zeros(rows, np.bool_)
    at = 0
    put = 0
    for row in range(rows):
        n = 0
        while at < len(raw) and raw[at] != 0:
            line[n] = to[raw[at]]
            n += 1
            at += 1
        at += 1
        settled, length = _settle(line, n, spare, gates, others)
        left[row] = length < 0
        for i in range(length):
            points[put + i] = settled[i]
        put += max(length, 0)
        offsets[row + 1] = put
    return points[:put], offsets, left


@njit(cache=True, nogil=True)
def fill_in(points, offsets, left, others, other_offsets):
    """The texts again, with ``others`` in the places that were left; points and offsets."""
    out = np.empty(len(points) + len(others), np.uint32)
    out_offsets = np.zeros(len(offsets), np.int64)
    put = 0
    other = 0
    for row in range(len(left)):
        if left[row]:
            for i in range(other_offsets[other], other_offsets[other + 1]):
                out[put] = others[i]
                put += 1
            other += 1
        else:
            for i in range(offsets[row], offsets[row + 1]):
                out[put] = points[i]
                put += 1
        out_offsets[row + 1] = put
    return out, out_offsets
