"""Half-typed words against names: characters, full pinyin, initials and any mixture of them."""

from collections import namedtuple

import numpy as np
from numba import njit

HASH_STEP = np.uint64(0x9E3779B97F4A7C15)
MAX_QUERY = 48

# readings: the letters of every reading; each character of a name has a run of readings
Spelt = namedtuple("Spelt", "cps offsets reading_starts reading_offsets letters")  # noqa: PYI024
Book = namedtuple(  # noqa: PYI024
    "Book",
    "starts keys nodes road estate number building leaf level weight lon lat street community",
)


@njit(cache=True, nogil=True)
def _advance(query, length, states, spelt, at):
    """Positions of the query reachable by one more character of the name."""
    out = np.uint64(0)
    cp = spelt.cps[at]
    for j in range(length):
        if not (states >> np.uint64(j)) & np.uint64(1):
            continue
        if query[j] == cp:
            out |= np.uint64(1) << np.uint64(j + 1)
        for r in range(spelt.reading_starts[at], spelt.reading_starts[at + 1]):
            a, b = spelt.reading_offsets[r], spelt.reading_offsets[r + 1]
            p = 0
            while a + p < b and j + p < length and query[j + p] == spelt.letters[a + p]:
                p += 1
            if p == 0:
                continue
            out |= np.uint64(1) << np.uint64(j + 1)  # its initial
            if p >= 2 and spelt.letters[a + 1] == 72:  # ZH, CH, SH
                out |= np.uint64(1) << np.uint64(j + 2)
            if p == b - a or j + p == length:  # spelt out, or still being typed
                out |= np.uint64(1) << np.uint64(j + p)
    return out


@njit(cache=True, nogil=True)
def _starts_here(first, spelt, at):
    if spelt.cps[at] == first:
        return True
    for r in range(spelt.reading_starts[at], spelt.reading_starts[at + 1]):
        if spelt.letters[spelt.reading_offsets[r]] == first:
            return True
    return False


@njit(cache=True, nogil=True)
def names_that_fit(query, length, spelt, hit_names, hit_scores, hit_rest):
    """Names that the query may be the beginning of; returns how many were written.

    ``hit_rest``: where in the query the name's part ends; what follows starts with a digit.
    """
    count = 0
    for n in range(len(spelt.offsets) - 1):
        a, b = spelt.offsets[n], spelt.offsets[n + 1]
        best, best_rest = -1.0, 0
        for start in range(a, b):
            if not _starts_here(query[0], spelt, start):
                continue
            score, rest = _fit(query, length, spelt, start, b)
            if start > a:
                score -= 2.0 + 0.1 * (start - a)
            if score > best:
                best, best_rest = score, rest
        if best > 0 and count < len(hit_names):
            hit_names[count], hit_scores[count], hit_rest[count] = n, best, best_rest
            count += 1
    return count


@njit(cache=True, nogil=True)
def _fit(query, length, spelt, start, end):
    """Score of a name from one of its characters on, and where the query's number begins."""
    states = np.uint64(1)
    best, best_rest = -1.0, 0
    for at in range(start, end):
        states = _advance(query, length, states, spelt, at)
        if states == 0:
            break
        done = at - start + 1
        left = end - at - 1
        for j in range(1, length + 1):
            if not (states >> np.uint64(j)) & np.uint64(1):
                continue
            if j < length and not 48 <= query[j] <= 57:
                continue
            score = 4.0 + 0.5 * done - 0.15 * left + (1.0 if left == 0 else 0.0)
            score += 1.5 * j / length if j < length else 1.5
            if score > best:
                best, best_rest = score, j
    return best, best_rest


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
def _label_fit(label, code, digits):
    """2.5 for the same label, less the longer it is than what was typed, -1 if it differs."""
    if label == 0:
        return -1.0
    total = 0
    rest = label
    while rest:
        rest //= 38
        total += 1
    if total < digits:
        return -1.0
    for _ in range(total - digits):
        label //= 38
    return 2.5 - 0.6 * (total - digits) if label == code else -1.0


@njit(cache=True, nogil=True)
def _node_score(book, node, name, code, digits):
    score = -1.0
    if book.road[node] == name:
        score = _label_fit(book.number[node], code, digits) if digits else 0.4
        score -= (0.0, 0.1, 0.3, 0.0)[book.level[node]] if digits else 0.0
    if score < 0 and book.estate[node] == name:
        score = _label_fit(book.building[node], code, digits) if digits else 1.0
        if not digits:
            score -= (0.5, 0.0, 0.8, 0.0)[book.level[node]]
    return score


@njit(cache=True, nogil=True)
def gather(
    names, scores, rests, count, rest_codes, rest_digits, book, near, kept_nodes, kept_scores
):
    """The best nodes of the names that fit, best first; returns how many.

    Args:
        rest_codes, rest_digits: by position in the query, the number that starts there.
        near: lon, lat to prefer, or NaN.
    """
    kept = 0
    size = len(kept_nodes)
    for h in range(count):
        low, high = _find(book.starts, book.keys, np.uint64(names[h]))
        code, digits = rest_codes[rests[h]], rest_digits[rests[h]]
        for k in range(low, high):
            node = book.nodes[k]
            score = _node_score(book, node, names[h], code, digits)
            if score < 0:
                continue
            score += scores[h] + 0.12 * np.log(book.weight[node])
            if not np.isnan(near[0]) and not np.isnan(book.lon[node]):
                east = (book.lon[node] - near[0]) * 102.8
                north = (book.lat[node] - near[1]) * 110.9
                score -= 0.25 * min(np.sqrt(east * east + north * north), 12.0)
            if kept == size and score <= kept_scores[kept - 1]:
                continue
            at = min(kept, size - 1)
            while at > 0 and kept_scores[at - 1] < score:
                if at < size:
                    kept_scores[at] = kept_scores[at - 1]
                    kept_nodes[at] = kept_nodes[at - 1]
                at -= 1
            kept_scores[at], kept_nodes[at] = score, node
            kept = min(kept + 1, size)
    return kept
