"""Hashing of code points, codes of short labels, and integer multimaps."""

import numpy as np
from numba import njit

HASH_SEED = np.uint64(0xCBF29CE484222325)
HASH_STEP = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, inline="always")
def step(h, c):
    """The hash of a text one code point longer."""
    h = (h ^ np.uint64(c)) * HASH_STEP
    return h ^ (h >> np.uint64(29))


@njit(cache=True, nogil=True)
def hash_span(cps, start, end, skip):
    """Hash of ``cps[start:end]`` without the code point at ``skip`` (-1: with all)."""
    h = HASH_SEED
    for i in range(start, end):
        if i != skip:
            h = step(h, cps[i])
    return h


@njit(cache=True, nogil=True)
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
    """As in ``reading``."""
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
def label_code(cps, start, end):
    """Code of a label's letters, digits and hyphens (``12B``); 0 if it has none.

    Exact up to seven characters (base 38); longer ones take the upper half of 40 bits by hash. A
    stem at either end (``8甲``) is a part of it.
    """
    if end - start > 1:
        first, last = _stem(cps[start]), _stem(cps[end - 1])
        if first:
            return _with_stem(_plain_code(cps, start + 1, end), first, True)
        if last:
            return _with_stem(_plain_code(cps, start, end - 1), last, False)
    return _plain_code(cps, start, end)


@njit(cache=True, nogil=True)
def _plain_code(cps, start, end):
    code = np.int64(0)
    length = 0
    for i in range(start, end):
        c = cps[i]
        if 48 <= c <= 57:
            digit = c - 47
        elif 65 <= c <= 90:
            digit = c - 54
        elif c == 45:
            digit = 37
        else:
            continue
        code = code * 38 + digit
        length += 1
        if length == 7 and i + 1 < end:
            rest = hash_span(cps, i + 1, end, -1) ^ np.uint64(code)
            if _has_label(cps, i + 1, end):
                return np.int64(rest >> np.uint64(25)) | np.int64(1 << 39)
            return code
    return code


@njit(cache=True, nogil=True)
def _has_label(cps, start, end):
    for i in range(start, end):
        c = cps[i]
        if 48 <= c <= 57 or 65 <= c <= 90 or c == 45:
            return True
    return False


@njit(cache=True, nogil=True)
def label_codes(cps, offsets):
    """``label_code`` of every text; int64 of shape (n,)."""
    n = len(offsets) - 1
    out = np.empty(n, np.int64)
    for i in range(n):
        out[i] = label_code(cps, offsets[i], offsets[i + 1])
    return out


@njit(cache=True, nogil=True, inline="always")
def bucket_of(key, mask):
    """The bucket of a uint64 key."""
    h = np.uint64(key) * HASH_STEP
    return np.int64((h ^ (h >> np.uint64(32))) & np.uint64(mask))


@njit(cache=True, nogil=True)
def buckets_of(keys, mask):
    """The bucket of each key."""
    out = np.empty(len(keys), np.int64)
    for i in range(len(keys)):
        out[i] = bucket_of(keys[i], mask)
    return out


@njit(cache=True, nogil=True)
def find(starts, keys, key):
    """First and last-plus-one position of a key in a multimap; equal if it is not there."""
    b = bucket_of(key, len(starts) - 2)
    low = starts[b]
    end = starts[b + 1]
    while low < end and keys[low] != key:
        low += 1
    high = low
    while high < end and keys[high] == key:
        high += 1
    return low, high
