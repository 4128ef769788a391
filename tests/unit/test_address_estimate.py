"""Where a number that a road lacks should be: between the known numbers around it."""

import numpy as np
import pytest

from blockdata.address.estimate import estimate, whole_number
from blockdata.address.match import spell_label
from blockdata.crs import to_metric
from tests.unit._address_library import small_library


def _road(words: str) -> np.ndarray:
    g = small_library()
    name = next(n for n in range(len(g.name_offsets) - 1) if g.name(n) == words)
    return np.flatnonzero(g.road == name)


def _at(label: str) -> tuple[float, float]:
    """The middle of what stands at a number of 固戍一路, metres."""
    g, nodes = small_library(), _road("固戍一路")
    at = [n for n in nodes.tolist() if spell_label(int(g.number[n])) == label]
    x_m, y_m = to_metric(g.lon[at], g.lat[at])
    return float(x_m.mean()), float(y_m.mean())


def test_it_lies_between_the_numbers_of_its_own_side() -> None:
    found = estimate(small_library(), _road("固戍一路"), "171")
    assert found is not None
    # 177 is the only odd number: so both sides are taken
    assert found.between == ("170号", "172号")
    x_m, y_m = to_metric(found.lon, found.lat)
    assert np.allclose([x_m, y_m], np.mean([_at("170"), _at("172")], axis=0), atol=0.2)
    even = estimate(small_library(), _road("固戍一路"), "14")
    assert even is not None
    assert even.between == ("12号", "16号")


@pytest.mark.parametrize("label", ["13", "60", "174"])
def test_it_is_no_further_off_than_it_says(label: str) -> None:
    found = estimate(small_library(), _road("固戍一路"), label)
    assert found is not None
    x_m, y_m = to_metric(found.lon, found.lat)
    around = [_at(name.removesuffix("号")) for name in found.between]
    off_m = [float(np.hypot(x_m - x, y_m - y)) for x, y in around]
    assert max(off_m) <= found.uncertainty_m + 0.1
    assert found.uncertainty_m >= 15.0


@pytest.mark.parametrize("label", ["9999", "2", "A"])
def test_beyond_the_known_numbers_nothing_is_guessed(label: str) -> None:
    assert estimate(small_library(), _road("固戍一路"), label) is None


def test_the_number_of_a_label_is_what_it_begins_with() -> None:
    assert whole_number("168-2") == 168
    assert whole_number("168A") == 168
    assert whole_number("A168") is None
