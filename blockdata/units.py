"""Units, where a bare number would leave room for doubt."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", float, npt.NDArray[np.float64])

MS_PER_S = 1000
SECONDS_PER_MINUTE = 60


def kph_to_mps(speed_kph: Number) -> Number:
    """Speed in km/h, a number or an array, as metres per second."""
    return speed_kph / 3.6
