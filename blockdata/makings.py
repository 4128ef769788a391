"""What takes long to make and is then kept: made once, whoever asks, and to its end."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from blockdata.deadline import seconds_left
from blockdata.errors import Busy
from blockdata.text import Text

GIVEN_UP_S = 600.0
"""A making that takes longer hangs (on a machine that is gone), and another may begin."""
_TO_SAY_SO_S = 1.0

Made = TypeVar("Made")


class Makings(Generic[Made]):
    """Makings that are going on, one for each key, each in a thread of its own.

    Who waits gives up at its deadline; the making goes on, so that whoever asks next finds more of
    it done. Threads end with the process.
    """

    def __init__(self) -> None:
        self._going: dict[Hashable, tuple[float, Future[Made]]] = {}
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()

    def begin(self, key: Hashable, make: Callable[[], Made]) -> "Future[Made]":
        """Begin to make something, unless that is going on; what is made is up to ``make``."""
        with self._lock:
            going = self._going.get(key)
            if (
                going is not None
                and not going[1].done()
                and time.monotonic() - going[0] < GIVEN_UP_S
            ):
                return going[1]
            future: Future[Made] = Future()
            self._going[key] = (time.monotonic(), future)
            thread = threading.Thread(target=self._run, args=(key, future, make), daemon=True)
            self._threads.add(thread)
            thread.start()
        return future

    def made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Make something, or wait until it is made.

        Raises:
            Busy: it is not done when the deadline is near.
        """
        left = seconds_left()
        future = self.begin(key, make)
        try:
            return future.result(None if left is None else max(0.0, left - _TO_SAY_SO_S))
        except TimeoutError:
            if future.done():  # the making itself ended so
                raise
            raise Busy(
                Text("正在装载该区域", "the area is being opened"),
                cure=Text("稍后再试", "ask again in a moment"),
            ) from None

    def close(self, seconds: float) -> None:
        """Wait for what is going on, no longer than some seconds."""
        until = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, key: Hashable, future: "Future[Made]", make: Callable[[], Made]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:  # noqa: BLE001 -- whoever waits is told
            future.set_exception(error)
        with self._lock:
            going = self._going.get(key)
            if going is not None and going[1] is future:
                del self._going[key]
            self._threads.discard(threading.current_thread())
