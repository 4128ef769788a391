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

# What the tagger tells apart. Estates, grids and lamp posts are told by rules afterwards.
TAGS = (
    "country", "province", "city", "district", "zone", "street", "community", "road", "number",
    "poi", "subpoi", "building", "unit", "floor", "room", "business", "landmark", "remark",
)  # fmt: skip
_FILE = "address_parser.npz"


class Segments(NamedTuple):
    """Tagged spans of many texts: segment k is ``spans[k] = (row, start, end, tag)``.

    Those of row r are ``first[r]:first[r + 1]``.
    """

    spans: NDArray[np.int64]
    first: NDArray[np.int64]


class Model(NamedTuple):
    """Weights of hashed features, shape (size, 2 * tags), and of neighbours, (tags + 1, tags).

    Only their proportions matter, so the shipped ones are small integers.
    """

    weights: NDArray[np.float32] | NDArray[np.int8]
    follow: NDArray[np.float32]

    def tag(self, texts: Sequence[str]) -> Segments:
        """Tag normalised texts."""
        offsets = np.zeros(len(texts) + 1, dtype=np.int64)
        offsets[1:] = np.cumsum([len(text) for text in texts])
        joined = "".join(texts).encode("utf-32-le", "surrogatepass")
        points = np.frombuffer(joined, dtype=np.uint32)
        out = np.empty((len(points), 4), dtype=np.int64)
        first = tag_many(
            points, offsets, class_table(), *name_table(), self.weights, self.follow, out
        )
        return Segments(out[: first[-1]], first)

    def save(self) -> Path:
        """Write the weights as bytes; rows of features that decide nothing are left out."""
        weights = self.weights.astype(np.float32)
        scale = float(np.abs(weights).max()) / 127
        small = np.rint(weights / scale).astype(np.int8)
        rows = np.flatnonzero(small.any(axis=1)).astype(np.int32)
        path = data_folder() / "gazetteer" / _FILE
        np.savez_compressed(
            path, size=np.int64(len(small)), rows=rows, values=small[rows],
            scale=np.float32(scale), follow=self.follow,
        )  # fmt: skip
        return path


@cache
def load() -> Model:
    """The shipped weights."""
    with np.load(data_folder() / "gazetteer" / _FILE) as file:
        follow = file["follow"]
        # as bytes a feature's weights lie in one cache line, which is what tagging waits for
        weights = np.zeros((int(file["size"]), 2 * follow.shape[1]), dtype=np.int8)
        weights[file["rows"]] = file["values"]
        return Model(weights, follow / file["scale"])
