"""How long a request may take and how large it may be: what is over that is refused in words."""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockdata.deadline import deadline, too_long
from blockdata.errors import BlockdataError, TooLarge
from blockdata.text import Text
from maps.refusing import refuse


@dataclass(frozen=True)
class Limits:
    """What the server allows one request, and one connection.

    Attributes:
        request_s: from a whole request to its answer; then 504.
        body_bytes: of a request's body; the largest that means anything is 140,000.
        body_s: from a request's head to the end of its body; then 408.
        head_s: from a connection, or the first byte of a further request, to the end of the head.
        write_s: how long a client may leave what is sent to it unread.
        connections: open at the same time; more are told to come again.
        closing_s: from the signal to stop until what is still open is cut off.
        exit_s: from the signal to stop until the process ends, whatever hangs.
    """

    request_s: float = 30.0
    body_bytes: int = 256 * 1024
    body_s: float = 10.0
    head_s: float = 10.0
    write_s: float = 20.0
    connections: int = 256
    closing_s: int = 2
    exit_s: float = 5.0


LIMITS = Limits()
_TO_SAY_SO_S = 0.5


class Deadline:
    """Answers 504 where the answer is not there in time.

    What works on it in a thread cannot be stopped: it looks at the deadline by itself
    (``blockdata.deadline``), keeps its slot until then, and whom it would answer has left.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds
        self._left_behind: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        with deadline(self.seconds):  # the task takes it along
            task = asyncio.ensure_future(self.app(scope, receive, answer.send))
        try:
            await asyncio.wait({task}, timeout=self.seconds + _TO_SAY_SO_S)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        answer.closed = True
        self._left_behind.add(task)
        task.add_done_callback(self._forget)
        if not answer.begun:
            await refuse(send, too_long())

    def _forget(self, task: "asyncio.Task[None]") -> None:
        self._left_behind.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, or asyncio logs it with its words


class _Answer:
    """Sends on, until it is closed: an answer that comes too late goes nowhere."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.closed = False

    async def send(self, message: Message) -> None:
        if not self.closed:
            self.begun = True
            await self._send(message)


class BodyLimit:
    """Reads a request's body before anything is done with it, up to a size and within a time."""

    def __init__(self, app: ASGIApp, most_bytes: int, seconds: float) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._body(scope, receive)
        except TooLarge as error:
            await refuse(send, error, close=True)
            return
        except TimeoutError:
            await refuse(send, _too_slow(), status=408, close=True)
            return
        if body is None:  # the client has left
            return
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def read() -> Message:
            return messages.pop() if messages else await receive()

        await self.app(scope, read, send)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body; None where the client left before it was whole."""
        announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if int(announced) > self.most_bytes:
            raise self._too_large()
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > self.most_bytes:
                raise self._too_large()
            if not message.get("more_body", False):
                return bytes(body)

    def _too_large(self) -> TooLarge:
        return TooLarge(
            Text(
                f"请求体超过 {self.most_bytes} 字节",
                f"the request's body is larger than {self.most_bytes} bytes",
            ),
            field="body",
            cure=Text("分几次请求", "ask in several requests"),
        )


def _too_slow() -> BlockdataError:
    return BlockdataError(
        Text("请求体没有按时送达", "the request's body did not arrive in time"), field="body"
    )
