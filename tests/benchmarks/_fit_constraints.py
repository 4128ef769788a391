"""What the matcher's weights have to obey, whatever they learn from."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels import resolving as k
from blockdata.address._kernels import weighing as w
from blockdata.address.calibration import FEATURES, features

_DIVISIONS = (k.A_COMMUNITY, k.A_STREET, k.A_REGION)
_OF_A_DIVISION = (w.SILENT, w.AGREES, w.CONTRADICTS)
_OF_A_NUMBER = (
    w.SILENT, w.AGREES, w.NEARLY, w.LACKS, w.CONTRADICTS, w.SHORT, w.OTHER_NUMBER,
    w.ROAD_ONLY + w.AGREES,
)  # fmt: skip
_OF_AN_ESTATE = (w.SILENT, w.AGREES, w.NEARLY, w.LACKS, w.CONTRADICTS, w.SHORT)
_OF_A_BUILDING = (w.SILENT, w.AGREES, w.LACKS, w.CONTRADICTS)
_SAID_FLAGS = (w.S_STRANGE_PLACE, w.S_BEHIND)


def steps() -> NDArray[np.float64]:
    """Changes of the features that may make no answer less sure; (n, len(FEATURES)), distinct.

    One division more that is said and agrees, beside whatever else was said; a larger margin over
    the runner-up.
    """
    found, said = _evidence()
    rows = [_of("margin"), _of("margin") + _of("alone"), -_of("ties")]
    for column in _DIVISIONS:
        silent = found[:, column] == w.SILENT
        fuller = found[silent]
        fuller[:, column] = w.AGREES
        rows.append(features(fuller, said[silent]) - features(found[silent], said[silent]))
    distinct: NDArray[np.float64] = np.unique(np.vstack(rows), axis=0)
    return distinct[distinct.any(axis=1)]


def _evidence() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every combination of evidence on which a division's part depends."""
    combinations = np.array(
        list(
            product(
                _OF_A_NUMBER, _OF_AN_ESTATE, _OF_A_BUILDING, *(_OF_A_DIVISION,) * 3,
                *((0, 1),) * len(_SAID_FLAGS),
            )
        ),
        np.int64,
    )  # fmt: skip
    columns = (k.A_NUMBER, k.A_ESTATE, k.A_BUILDING, *_DIVISIONS)
    found = np.zeros((len(combinations), k.A_MAIN_NUMBER + 1), np.int64)
    found[:, columns] = combinations[:, : len(columns)]
    found[:, k.A_LEVEL] = k.L_NUMBER
    said = np.zeros((len(combinations), w.S_BEHIND + 1), np.int64)
    said[:, _SAID_FLAGS] = combinations[:, len(columns) :]
    return found, said


def _of(name: str) -> NDArray[np.float64]:
    return np.eye(len(FEATURES))[FEATURES.index(name)]
