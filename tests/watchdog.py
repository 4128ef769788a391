"""Fails a test that would hang: a loop without end is a fault, no reason to wait for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

Got = TypeVar("Got")


def soon(do: Callable[[], Got], *, seconds: float = 10.0) -> Got:
    """What ``do`` returns (or raises), if it ends within some seconds.

    It runs in a thread of its own, which is left alone where it hangs, and ends with the tests.
    """
    got: list[Got] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            got.append(do())
        except BaseException as error:  # noqa: BLE001 -- raised below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), f"still at work after {seconds} s"
    if failed:
        raise failed[0]
    return got[0]
