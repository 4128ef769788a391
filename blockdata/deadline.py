"""How long an answer may still take: set where a question comes in, kept where the work is done.

A thread cannot be stopped from outside, so work gives up by itself. What loops over many small
steps calls ``keep_time`` between them; each step is bounded by itself: a kernel by the size of the
area it works on, a statement by the database (``storage.patience``), waiting for others by
``holding``. Where nobody set a deadline, as for a command, there is none.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from blockdata.errors import Busy, TookTooLong
from blockdata.text import Text

_ends_at: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """What is done inside is to be done within some seconds, whatever held outside.

    Threads started through asyncio or anyio from here take it along; other threads have none.
    """
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left() -> float | None:
    """Seconds until the deadline, never below 0; None where there is none."""
    ends_at = _ends_at.get()
    return None if ends_at == math.inf else max(0.0, ends_at - time.monotonic())


def keep_time() -> None:
    """Go on, unless the deadline is over.

    Raises:
        TookTooLong: it is.
    """
    if time.monotonic() > _ends_at.get():
        raise too_long()


@contextmanager
def holding(lock: "threading.Lock | threading.RLock") -> Iterator[None]:
    """Hold a lock, waiting for it until the deadline at most.

    Raises:
        Busy: others hold it for so long.
    """
    left = seconds_left()
    if not lock.acquire(timeout=-1 if left is None else left):
        raise Busy(Text("前面的请求还没有处理完", "the requests before this one are not done yet"))
    try:
        yield
    finally:
        lock.release()


def too_long() -> TookTooLong:
    """The error of what was given up at its deadline."""
    return TookTooLong(
        Text("在限定时间内没有算完", "it was not done within the time that a request has"),
        cure=Text("缩小范围后再问", "ask for less at a time"),
    )
