"""Counting by coarse cell: who counts, and that counting twice shows nobody crossing."""

from datetime import UTC, datetime, timedelta

import h3
import numpy as np

from blockdata.profile import load_profile
from dispatch.cells import count_by_cell
from dispatch.roster import Duty, Roster

PROFILE = load_profile("baoan")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
HOLD = timedelta(seconds=PROFILE.dispatch.coarse_counts_hold_s)
HERE, THERE = (113.85, 22.58), (113.90, 22.60)
MORNING, BOTH, EVENING = Duty((1,), (1,)), Duty((1, 2), (1, 2)), Duty((2,), (2,))


def roster(people):
    """Volunteers (tier 0) by id: where, seconds since the fix, busy."""
    n = len(people)
    return Roster(
        responder_id=np.array(sorted(people), np.int64),
        tier=np.zeros(n, np.int8),
        mode=np.zeros(n, np.int8),
        call_sign=np.array([f"U{i}" for i in sorted(people)], object),
        skills=np.zeros(n, np.int64),
        skill_names=(),
        busy=np.array([people[i][2] for i in sorted(people)], bool),
        lon=np.array([people[i][0][0] for i in sorted(people)], float),
        lat=np.array([people[i][0][1] for i in sorted(people)], float),
        accuracy_m=np.zeros(n),
        fixed_at_s=NOON.timestamp() - np.array([people[i][1] for i in sorted(people)], float),
        constant_age_s=np.full(n, np.nan),
        counts={},
        holds_from_s=-np.inf,
        holds_until_s=np.inf,
    )


def counted(people, now=NOON, duty=MORNING, before=None):
    return count_by_cell(roster(people), PROFILE, now, duty, before)


def numbers(found):
    return dict(found.by_tier["volunteer"])


def cell(point):
    return h3.latlng_to_cell(point[1], point[0], PROFILE.dispatch.coarse_cell_h3_resolution)


def test_only_those_who_may_be_asked_count():
    people = {1: (HERE, 0, False), 2: (HERE, 0, True), 3: (HERE, 301, False)}
    people |= {4: ((np.nan, np.nan), 0, False), 5: (THERE, 300, False)}
    assert numbers(counted(people)) == {cell(HERE): 1, cell(THERE): 1}


def test_who_was_counted_in_a_cell_stays_there_for_a_while():
    first = counted({1: (HERE, 0, False)})
    soon, later = NOON + timedelta(seconds=1), NOON + HOLD
    crossed = {1: (THERE, -2, False), 2: (HERE, -2, False)}
    # shifts change: the one who stays on counts where it was, whoever is new where it is
    again = counted(crossed, soon, BOTH, first)
    assert numbers(again) == {cell(HERE): 2}
    crossed[2] = (THERE, -2, False)
    once_more = counted(crossed, soon + timedelta(seconds=1), EVENING, again)
    assert numbers(once_more) == {cell(HERE): 2}
    crossed = {who: (at, -HOLD.total_seconds(), False) for who, (at, *_) in crossed.items()}
    assert numbers(counted(crossed, later, EVENING, once_more)) == {cell(HERE): 1, cell(THERE): 1}
    last = counted(crossed, later + timedelta(seconds=1), EVENING, once_more)
    assert numbers(last) == {cell(THERE): 2}


def test_who_goes_off_duty_is_forgotten():
    first = counted({1: (HERE, 0, False), 2: (HERE, 0, False)})
    assert set(counted({2: (HERE, 0, False)}, duty=EVENING, before=first).seen) == {2}
