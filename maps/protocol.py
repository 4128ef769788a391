"""HTTP over a connection, whose other side gets no more time than it needs.

uvicorn has a limit for idle connections only. Here a client that sends its request byte by byte, or
leaves the answer unread, is cut off; and one connection too many is told to come again.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from blockdata.errors import BlockdataError, Busy
from blockdata.text import Text
from maps.limits import LIMITS, Limits
from maps.refusing import MEDIA_TYPE, problem_body, problem_headers
from maps.security import SECURITY_HEADERS


class GuardedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 with the limits of ``maps.limits`` on what the client does."""

    limits: Limits = LIMITS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._reading = _Timer(self.loop)
        self._writing = _Timer(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there are not too many."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(503, Busy(Text("连接过多", "too many connections are open")))
        else:
            self._reading.start(self.limits.head_s, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._reading.stop()
        self._writing.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head has so much time from its first byte, as has what comes uncalled for."""
        super().data_received(data)
        answered = self.cycle is not None and self.cycle.response_complete
        if self.conn.their_state is not h11.IDLE and not answered:
            self._reading.stop()  # the head is there, and its body has limits of its own
        elif not self._reading.going:
            self._reading.start(self.limits.head_s, self.transport.abort)

    def pause_writing(self) -> None:
        """The client does not read what it is sent."""
        super().pause_writing()
        self._writing.start(self.limits.write_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._writing.stop()

    def on_response_complete(self) -> None:
        """Ready for the next request; the end of the answer to this one may still be unread."""
        super().on_response_complete()
        if not self.flow.write_paused:
            self._writing.start(self.limits.write_s, self._abort_if_unread)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is refused in words, as everything is."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()  # amid an answer there is nothing to say
        else:
            self._refuse(400, BlockdataError(Text("不是合法的 HTTP 请求", msg)))

    def _abort_if_unread(self) -> None:
        if self.cycle.response_complete and self.transport.get_write_buffer_size() > 0:
            self.transport.abort()

    def _refuse(self, status: int, error: BlockdataError) -> None:
        """Answer outside the application, and close."""
        _, body = problem_body(error, status)
        headers = SECURITY_HEADERS | problem_headers(error)
        headers |= {"content-type": MEDIA_TYPE, "content-length": str(len(body))}
        headers |= {"cache-control": "no-store", "connection": "close"}
        lines = [f"HTTP/1.1 {status} ", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + body)
        self.transport.close()
        self._writing.start(self.limits.write_s, self.transport.abort)


class _Timer:
    """Does something after a while, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def going(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, then: Callable[[], None]) -> None:
        self.stop()
        self._handle = self._loop.call_later(seconds, self._end, then)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _end(self, then: Callable[[], None]) -> None:
        self._handle = None
        then()
