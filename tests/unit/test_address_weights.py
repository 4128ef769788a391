"""The shipped weights obey what they have to, however they were fitted."""

from blockdata.address.calibration import FEATURES, weights
from tests.benchmarks._fit_constraints import steps


def test_what_is_said_and_agrees_makes_no_answer_less_sure() -> None:
    changes = steps()
    assert changes.shape[1] == len(FEATURES)
    assert (changes @ weights()).min() >= 0.0
