"""Half-typed words against names: characters, full pinyin, initials and any mixture of them."""

from collections import namedtuple

import numpy as np
from numba import njit

MAX_QUERY = 48

# readings: the letters of every reading; each character of a name has a run of readings
Spelt = namedtuple("Spelt", "cps offsets reading_starts reading_offsets letters")  # noqa: PYI024
# Nodes by name, twice: the likeliest first, and those with a label in the order of their labels
# (padded to seven characters, so that labels that begin alike stand together).
Book = namedtuple(  # noqa: PYI024
    "Book",
    "starts nodes scores label_starts label_nodes label_scores labels label_lengths lon lat",
)
LABEL_LENGTH = 7
BASE = 38


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
def _nearness(book, node, near):
    """What a node loses by its distance from the map view; 0 where either is unknown."""
    if np.isnan(near[0]) or np.isnan(book.lon[node]):
        return 0.0
    east = (book.lon[node] - near[0]) * 102.8
    north = (book.lat[node] - near[1]) * 110.9
    return 0.25 * min(np.sqrt(east * east + north * north), 12.0)


@njit(cache=True, nogil=True)
def _keep(node, score, kept_nodes, kept_scores, kept):
    """Insert a node into the best so far; returns how many are kept."""
    size = len(kept_nodes)
    if kept == size and score <= kept_scores[kept - 1]:
        return kept
    at = min(kept, size - 1)
    while at > 0 and kept_scores[at - 1] < score:
        kept_scores[at] = kept_scores[at - 1]
        kept_nodes[at] = kept_nodes[at - 1]
        at -= 1
    kept_scores[at], kept_nodes[at] = score, node
    return min(kept + 1, size)


@njit(cache=True, nogil=True)
def _first_at_least(values, low, high, wanted):
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


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
    for h in np.argsort(-scores[:count]):
        name = names[h]
        code, digits = rest_codes[rests[h]], rest_digits[rests[h]]
        if digits == 0:
            for k in range(book.starts[name], book.starts[name + 1]):
                score = scores[h] + book.scores[k]
                if kept == size and score <= kept_scores[kept - 1]:
                    break  # what follows is less likely still
                node = book.nodes[k]
                score -= _nearness(book, node, near)
                kept = _keep(node, score, kept_nodes, kept_scores, kept)
            continue
        width = BASE ** (LABEL_LENGTH - digits)
        low, high = book.label_starts[name], book.label_starts[name + 1]
        low = _first_at_least(book.labels, low, high, code * width)
        for k in range(low, high):
            if book.labels[k] >= (code + 1) * width:
                break
            score = scores[h] + book.label_scores[k] + 2.5
            score -= 0.6 * (book.label_lengths[k] - digits)
            if kept == size and score <= kept_scores[kept - 1]:
                continue
            node = book.label_nodes[k]
            score -= _nearness(book, node, near)
            kept = _keep(node, score, kept_nodes, kept_scores, kept)
    return kept
