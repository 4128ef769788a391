"""The server with routes that never end, to see whether it does: ``python -m tests.stuck_server``.

Prints its port. ``/thread`` hangs in a worker thread, ``/loop`` in the event loop itself, both in
machine code that looks at no signal; ``/stream`` sends on for ever.
"""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

from fastapi.responses import StreamingResponse

from blockdata.settings import Settings
from maps.app import create_app
from maps.server import bind, serve


def hang() -> None:
    """Wait for ever in machine code: a mutex that is locked already, and by this very thread."""
    c = ctypes.CDLL(None)
    mutex = (ctypes.c_byte * 64)()
    c.pthread_mutex_lock(mutex)
    c.pthread_mutex_lock(mutex)


def main() -> None:
    app = create_app(Settings(var=Path(sys.argv[1]), database_url=None))

    @app.get("/thread")
    def in_a_thread() -> None:
        hang()

    @app.get("/loop")
    async def in_the_loop() -> None:
        hang()

    @app.get("/stream")
    def stream() -> StreamingResponse:
        def pieces() -> Iterator[bytes]:
            while True:
                yield b"x" * 10_000

        return StreamingResponse(pieces())

    with bind("127.0.0.1", 0) as listener:
        print(listener.getsockname()[1], flush=True)
        serve(app, listener)


if __name__ == "__main__":
    main()
