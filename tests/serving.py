"""The web application on a free port of the loopback, for tests that speak to it over HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from blockdata.settings import Settings
from maps.app import create_app
from maps.limits import LIMITS, Limits
from maps.server import bind, server_for


@contextmanager
def serving(settings: Settings, limits: Limits = LIMITS) -> Iterator[str]:
    """Serve ``create_app(settings)``; yields its address, as in http://127.0.0.1:40001."""
    with bind("127.0.0.1", 0) as listener:
        server = server_for(create_app(settings, limits), limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
