"""The learned weights: kept as small integers, loaded once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.parsing._tagger_kernel import tag_many
from blockdata.address.parsing.gazetteer import data_folder, name_table
from blockdata.address.parsing.tokens import class_table
from blockdata.files import whole_file

# What the tagger tells apart. Estates, grids and lamp posts are told by rules afterwards.
TAGS = (
    "country", "province", "city", "district", "zone", "street", "community", "road", "number",
    "poi", "subpoi", "building", "unit", "floor", "room", "business", "landmark", "remark",
)  # fmt: skip
_FILE = "address_parser.npz"
_ROWS = 300_000  # features that are kept


class Segments(NamedTuple):
    """Tagged spans of many texts: segment k is ``spans[k] = (row, start, end, tag)``.

    Those of row r are ``first[r]:first[r + 1]``.
    """

    spans: NDArray[np.int64]
    first: NDArray[np.int64]


class Learned(NamedTuple):
    """Weights of hashed features, shape (size, 2 * tags), and of neighbours, (tags + 1, tags).

    Only their proportions matter, so the shipped ones are small integers.
    """

    weights: NDArray[np.float32]
    follow: NDArray[np.float32]

    def save(self) -> Path:
        """Write the weights of the heaviest features as bytes, a label after the other."""
        heaviest = np.abs(self.weights).max(axis=1)
        scale = float(heaviest.max()) / 127
        least = np.partition(heaviest, -_ROWS)[-_ROWS]
        small = np.rint(self.weights / scale).astype(np.int8)
        rows = np.flatnonzero(small.any(axis=1) & (heaviest >= least)).astype(np.int32)
        path = data_folder() / "gazetteer" / _FILE
        with whole_file(path) as part:
            np.savez_compressed(
                part, size=np.int64(len(small)), steps=np.diff(rows, prepend=0).astype(np.uint32),
                values=np.ascontiguousarray(small[rows].T), scale=np.float32(scale),
                follow=self.follow,
            )  # fmt: skip
        return path


class Model(NamedTuple):
    """The shipped weights: ``weights[dense[feature]]``, where row 0 says nothing.

    ``present`` has a bit for each feature that says something: it fits in the processor's cache,
    which most features then need not leave.
    """

    weights: NDArray[np.int8]
    follow: NDArray[np.float32]
    dense: NDArray[np.int32]
    present: NDArray[np.uint8]

    def tag(self, texts: Sequence[str]) -> Segments:
        """Tag normalised texts."""
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        offsets[1:] = np.cumsum([len(text) for text in texts])
        joined = "".join(texts).encode("utf-32-le", "surrogatepass")
        points = np.frombuffer(joined, dtype=np.uint32)
        out = np.empty((len(points), 4), dtype=np.int64)
        first = tag_many(points, offsets, class_table(), *name_table(), *self, out)
        return Segments(out[: first[-1]], first)


@cache
def load() -> Model:
    """The shipped weights."""
    with np.load(data_folder() / "gazetteer" / _FILE) as file:
        rows = np.cumsum(file["steps"], dtype=np.int64)
        index = np.zeros(int(file["size"]), dtype=np.int32)
        index[rows] = np.arange(1, len(rows) + 1)
        # as bytes a feature's weights lie in one cache line, which is what tagging waits for
        follow = file["follow"]
        weights = np.zeros((len(rows) + 1, 2 * follow.shape[1]), dtype=np.int8)
        weights[1:] = file["values"].T
        return Model(weights, follow / file["scale"], index, np.packbits(index > 0))
