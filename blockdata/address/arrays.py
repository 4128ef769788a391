"""Texts and keys as arrays: code points with offsets, and multimaps from uint64 keys to int32."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels.lookup import buckets_of

Ints = NDArray[np.int64]


class Codepoints(NamedTuple):
    """Texts as one array of code points (uint32) with offsets (int64, one more than texts)."""

    cps: NDArray[np.uint32]
    offsets: Ints

    def text(self, i: int) -> str:
        """The i-th text."""
        raw: str = self.cps[self.offsets[i] : self.offsets[i + 1]].tobytes().decode("utf-32-le")
        return raw


class Multimap(NamedTuple):
    """Values (int32, mostly nodes) by key (uint64), equal keys side by side within their bucket."""

    starts: Ints
    keys: NDArray[np.uint64]
    nodes: NDArray[np.int32]


def codepoints(texts: Sequence[str]) -> Codepoints:
    """Texts as code points."""
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    return Codepoints(np.frombuffer(joined, np.uint32), offsets)


def multimap(keys: NDArray[np.uint64], values: NDArray[np.int32]) -> Multimap:
    """A multimap of ``keys`` (shape n) to ``values`` (shape n); values of a key ascend."""
    size = 1 << max(4, len(keys).bit_length())
    buckets = buckets_of(keys, size - 1)
    order = np.lexsort((values, keys, buckets))
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(buckets, minlength=size), out=starts[1:])
    return Multimap(starts, keys[order], values[order])


def pair_keys(names: Ints, labels: Ints) -> NDArray[np.uint64]:
    """Keys of (name id, label code): 24 and 40 bits."""
    return (names.astype(np.uint64) << np.uint64(40)) | labels.astype(np.uint64)
