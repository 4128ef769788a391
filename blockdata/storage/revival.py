"""A private cluster that went down by itself is started again: by one caller, with patience."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blockdata.errors import BlockdataError, Unavailable
from blockdata.storage.cluster import Cluster
from blockdata.storage.placement import Placement
from blockdata.storage.running import answers
from blockdata.text import Text

# How long a caller waits for another one that is starting it.
WAIT_S = 15.0
# Between two starts: the first at once, then twice as long each time; a calm while forgives.
FIRST_PAUSE_S, LAST_PAUSE_S, CALM_S = 1.0, 60.0, 300.0

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # commands say it in words; servers log it too


class Revival:
    """Starts one cluster when it is found down; never twice at once, never in a tight circle."""

    def __init__(self, cluster: Cluster, tell: Callable[[Text], None]) -> None:
        self._cluster = cluster
        self._tell = tell
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._pause_s = FIRST_PAUSE_S

    def running(self) -> Placement | None:
        """Where the cluster is, if a server runs on it.

        Raises:
            Unavailable: it cannot be used as it stands by now.
        """
        with _as_outage():
            return self._cluster.running()

    def placement(self) -> Placement:
        """Where the cluster answers, started again where it is down.

        Raises:
            Unavailable: it is being started, it is too soon for another start, it was stopped by
                a person, or it does not start.
        """
        if not self._lock.acquire(timeout=WAIT_S):
            raise _is_starting()
        try:
            with _as_outage():
                return self._answering()
        finally:
            self._lock.release()

    def _answering(self) -> Placement:
        placement = self._cluster.running()
        if placement is not None and answers(placement):
            return placement  # another caller, or another process, was quicker
        self._cluster.revivable()
        self._keep_apart()
        return self._start(was_down=placement is None)

    def _keep_apart(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            raise _too_soon(self._next_at - now)
        if now - self._next_at > CALM_S:
            self._pause_s = FIRST_PAUSE_S

    def _start(self, *, was_down: bool) -> Placement:
        try:
            placement = self._cluster.revive()
        except BlockdataError as error:
            _log.error("the database is down: %s", error.detail.en)
            raise
        finally:
            self._next_at = time.monotonic() + self._pause_s
            self._pause_s = min(2 * self._pause_s, LAST_PAUSE_S)
        if was_down:
            _log.warning("the database was down and was started again, on port %d", placement.port)
            self._tell(
                Text("数据库曾中断,已重新启动", "the database was down; it was started again")
            )
        return placement


@contextmanager
def _as_outage() -> Iterator[None]:
    """To whoever asks for a connection, all that keeps it from them is an outage."""
    try:
        yield
    except Unavailable:
        raise
    except BlockdataError as error:
        raise Unavailable(error.detail, field=error.field, cure=error.cure) from error


def _is_starting() -> Unavailable:
    return Unavailable(
        Text("数据库正在启动", "the database is starting"),
        field="postgresql",
        cure=Text("稍候重试", "try again in a moment"),
    )


def _too_soon(wait_s: float) -> Unavailable:
    return Unavailable(
        Text(
            f"数据库刚重启又中断,{wait_s:.0f} 秒后再试",
            f"the database went down again after a start; the next one comes in {wait_s:.0f} s",
        ),
        field="postgresql",
        cure=Text("稍候;或查看 blockdata db status", "wait; or look with blockdata db status"),
    )
