"""Turnout: chances fall with travel time, and the alert set is the smallest there is."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockdata.profile import HourFactor, TurnoutRules
from dispatch.turnout import Turnout, smallest_alert_set, turnout_at

VOLUNTEER = Turnout(acceptance=0.4, median_s=105, sigma=0.9)


def test_half_of_those_who_accept_are_in_time_when_the_median_is_left() -> None:
    assert VOLUNTEER.chance_in_time(15, 120) == pytest.approx(0.2)
    assert VOLUNTEER.chance_in_time(60, 60) == 0
    assert VOLUNTEER.chance_in_time(61, 60) == 0


@given(st.floats(0, 300), st.floats(0, 300))
def test_the_farther_the_less_likely(a: float, b: float) -> None:
    near, far = sorted((a, b))
    assert VOLUNTEER.chance_in_time(near, 180) >= VOLUNTEER.chance_in_time(far, 180)


@pytest.mark.parametrize(
    ("hour", "street", "expected"),
    [(3, None, 0.2), (23, None, 0.2), (6, None, 0.4), (12, "440306002", 0.6), (22, "x", 0.2)],
)
def test_parameters_are_those_of_hour_and_street(
    hour: int, street: str | None, expected: float
) -> None:
    rules = TurnoutRules(
        acceptance=0.4,
        median_s=105,
        sigma=0.9,
        hours=(HourFactor(from_hour=22, to_hour=6, factor=0.5),),
        streets={"440306002": 1.5},
    )
    assert turnout_at(rules, hour, street).acceptance == pytest.approx(expected)


@given(st.lists(st.floats(0, 0.9), max_size=7), st.floats(0.01, 0.99))
def test_no_smaller_set_reaches_what_is_wanted(chances: list[float], wanted: float) -> None:
    found = smallest_alert_set(chances, wanted)

    def chance(of: tuple[float, ...]) -> float:
        missed = 1.0
        for one in sorted(of, reverse=True):
            missed *= 1 - one
        return 1 - missed

    sizes = [
        size
        for size in range(len(chances) + 1)
        if any(chance(of) >= wanted for of in combinations(chances, size))
    ]
    assert found.reached == bool(sizes)
    if sizes:
        assert found.size == sizes[0]
