"""Deadlines, and what is made once for all who ask."""

import asyncio
import math
import threading

import anyio
import pytest

from blockdata.deadline import deadline, holding, keep_time, seconds_left
from blockdata.errors import Busy, NotFound, TookTooLong
from blockdata.makings import Makings
from tests.watchdog import soon


def test_without_a_deadline_all_time_is_given():
    keep_time()
    assert seconds_left() is None


def test_after_the_deadline_nothing_goes_on():
    with deadline(0.0), pytest.raises(TookTooLong):
        keep_time()
    keep_time()


def test_a_deadline_goes_along_into_a_worker_thread():
    async def ask() -> float | None:
        with deadline(1000.0):
            return await anyio.to_thread.run_sync(seconds_left)

    left = asyncio.run(ask())
    assert left is not None
    assert 0 < left <= 1000


def test_another_deadline_replaces_the_one_outside():
    with deadline(0.0), deadline(1000.0):
        keep_time()


def test_a_lock_that_others_hold_is_given_up_at_the_deadline():
    lock = threading.Lock()
    with lock, deadline(0.05), pytest.raises(Busy), holding(lock):
        raise AssertionError
    with deadline(1.0), holding(lock):
        assert lock.locked()
    assert not lock.locked()


def test_what_several_ask_for_is_made_once():
    makings: Makings[int] = Makings()
    go_on, made = threading.Event(), []

    def make() -> int:
        go_on.wait(10)
        made.append(7)
        return 7

    asked = [makings.begin("a", make) for _ in range(4)]
    go_on.set()
    assert [one.result(timeout=10) for one in asked] == [7] * 4
    assert made == [7]


def test_who_waits_gives_up_and_the_making_goes_on():
    makings: Makings[int] = Makings()
    go_on, kept = threading.Event(), []

    def make() -> int:
        go_on.wait(10)
        kept.append(seconds_left())
        return 7

    with deadline(0.0), pytest.raises(Busy):
        makings.made("a", make)
    go_on.set()
    assert soon(lambda: makings.made("a", make)) == 7
    assert kept == [None] * len(kept)  # who made it had no deadline
    assert kept


def test_what_cannot_be_made_is_said_to_whoever_asks_and_tried_again():
    makings: Makings[int] = Makings()
    outcomes = iter([NotFound(), TimeoutError("a driver's own"), 7])

    def make() -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with pytest.raises(NotFound):
        makings.made("a", make)
    with pytest.raises(TimeoutError, match="own"):
        makings.made("a", make)
    assert makings.made("a", make) == 7


def test_a_making_that_hangs_is_not_waited_for_for_ever(monkeypatch):
    hangs = threading.Event()
    makings: Makings[int] = Makings()
    makings.begin("a", lambda: int(hangs.wait(60)))
    monkeypatch.setattr("blockdata.makings.GIVEN_UP_S", -math.inf)
    assert soon(lambda: makings.made("a", lambda: 7)) == 7
    soon(lambda: makings.close(0.01))
    hangs.set()
