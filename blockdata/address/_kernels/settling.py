"""Bring lines into normal form without a regular expression, where rules for it suffice.

Most lines need no rule at all, and most others only those for spaces, numerals, buildings and
rooms, which stand here once more, by hand; what may need any other is left to the patterns of
``normalise_rules``.
"""

from collections import namedtuple

import numpy as np
from numba import njit

_NEWLINE = 10
_MAX_ROUNDS = 6
# rules that are known here; 0 is any other
OTHER, SPACE, NUMERAL, LEADING_ZERO, BUILDING_WORD, ROOM_WORD = range(6)
# what a rule says of a line
SAME, CHANGED, LEFT = range(3)
_LONGEST_NUMERAL = 15

# ``to``: the character for each code point. ``kind`` of a character: where its bits stand in
# ``single``, ``before`` and ``after`` (see ``presence``), in ``ends`` and ``numeral`` (the value of
# a Chinese numeral, -1 for what is none). By rule: the bits that it
# needs, alone and in neighbours, and which of the rules above it is.
Gates = namedtuple(  # noqa: PYI024
    "Gates", "to kind single before after repeated ends numeral needs beside own"
)


@njit(cache=True, nogil=True)
def _said_twice(line, at):
    """As ``_normalise_kernel.said_twice``."""
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
def _count(line, n, out, kind, numeral):
    """Rule numeral, but for ordinals (第) and lists (二、三楼), which are left."""
    put = 0
    i = 0
    state = SAME
    while i < n:
        c = line[i]
        if c == 0x7B2C:  # 第
            return 0, LEFT
        if numeral[kind[c]] < 0:
            out[put] = c
            put += 1
            i += 1
            continue
        end = i + 1
        while end < n and numeral[kind[line[end]]] >= 0:
            end += 1
        after = line[end] if end < n else np.uint32(0)
        # 、 - 至 到 ~ 和
        if after in (0x3001, 45, 0x81F3, 0x5230, 126, 0x548C) or end - i > _LONGEST_NUMERAL:
            return 0, LEFT
        number = np.int64(-1)
        inside = i > 0 and _is_digit(line[i - 1])
        named = end - i == 2 and c == 0x4E8C and line[i + 1] == 0x4E03 and after == 0x533A  # 二七区
        if not inside and not named and _counts(line, end, n):
            number = _value(line, i, end, kind, numeral)
        if number >= 0:
            put = _write_digits(number, out, put)
            state = CHANGED
        else:
            for j in range(i, end):
                out[put] = line[j]
                put += 1
        i = end
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
def _write_words(line, n, out, rule):
    """Rules building-word and room-word."""
    put = 0
    i = 0
    last = np.uint32(0)
    state = SAME
    while i < n:
        length = 0
        if rule == BUILDING_WORD and _is_alnum(last):
            length = _building_word(line, i, n)
        elif rule == ROOM_WORD and _is_digit(last):
            length = _room_word(line, i, n)
        if length:
            out[put] = 0x680B if rule == BUILDING_WORD else 0x5BA4  # 栋, 室
            state = CHANGED
        else:
            length = 1
            out[put] = line[i]
        i += length
        last = line[i - 1]
        put += 1
    return put, state


@njit(cache=True, nogil=True)
def _apply(rule, line, n, out, gates):
    if rule == SPACE:
        return _drop_spaces(line, n, out)
    if rule == NUMERAL:
        return _count(line, n, out, gates.kind, gates.numeral)
    if rule == LEADING_ZERO:
        return _drop_zeros(line, n, out)
    return _write_words(line, n, out, rule)


@njit(cache=True, nogil=True, inline="always")
def _settle(line, n, spare, gates, others):
    """Apply the rules until nothing changes.

    Returns where the text stands (``line`` or ``spare``), and its length, -1 if other rules may
    match.
    """
    kind, single, before, after = gates.kind, gates.single, gates.before, gates.after
    ends, repeated, needs, beside = gates.ends, gates.repeated, gates.needs, gates.beside
    own = gates.own
    for _ in range(_MAX_ROUNDS):
        rules = _may_match(line, n, kind, single, before, after, ends, repeated, needs, beside)
        if rules & others:
            return line, -1
        if rules == 0:
            return line, n
        any_change = False
        for r in range(len(own)):
            may = any_change or (rules >> np.uint64(r)) & np.uint64(1) != 0
            if own[r] == OTHER or not may:
                continue
            length, state = _apply(own[r], line, n, spare, gates)
            if state == SAME:
                continue
            line, spare, n = spare, line, length
            any_change = True
            # a rule below this one may match what has changed
            if state == LEFT or others & _may_match(
                line, n, kind, single, before, after, ends, repeated, needs, beside
            ):
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
    # only numerals become longer, 十 → 10, and a counter stands behind each
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
