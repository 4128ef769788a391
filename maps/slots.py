"""Places to work: how many requests of one kind are answered at the same time, and how many wait.

Threads are shared by all requests, and so are connections of the database. Each kind of route has
slots of its own, fewer than there are threads and connections, so that what computes long never
keeps the page, its files or the health of the server from being answered. A request keeps its slot
as long as its thread works, also when it was given up at its deadline.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from blockdata.errors import Busy
from blockdata.text import Text

PATIENCE_S = 5.0


@dataclass(eq=False)
class Slots:
    """So many at work, so many waiting; a dependency of the routes that share them."""

    at_work: int
    waiting: int
    patience_s: float = PATIENCE_S
    _free: asyncio.Semaphore = field(init=False)
    _queue: int = 0

    def __post_init__(self) -> None:
        """All slots are free."""
        self._free = asyncio.Semaphore(self.at_work)

    async def __call__(self) -> AsyncIterator[None]:
        """Hold a slot while the request is worked on.

        Raises:
            Busy: too many wait already, or none came free in time.
        """
        await self._take()
        try:
            yield
        finally:
            self._free.release()

    async def _take(self) -> None:
        if self._free.locked() and self._queue >= self.waiting:
            raise _busy()
        self._queue += 1
        try:
            async with asyncio.timeout(self.patience_s):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._queue -= 1


def _busy() -> Busy:
    return Busy(
        Text("同时进行的请求过多", "too many requests of this kind are being answered"),
        cure=Text("稍后再试", "ask again in a moment"),
    )
