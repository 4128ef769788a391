"""The web application on a free port of the loopback, for tests that speak to it over HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from blockdata.settings import Settings
from maps.app import create_app
from maps.limits import LIMITS, Limits
from maps.server import bind, server_for
from maps.warm import warm_up


@contextmanager
def serving(
    settings: Settings, limits: Limits = LIMITS, *, warm: str | None = None
) -> Iterator[str]:
    """Serve ``create_app(settings)``; yields its address, as in http://127.0.0.1:40001.

    ``warm`` is an area to open first, as the server does: where kernels are compiled for the first
    time, its first question takes longer than a question may.
    """
    with bind("127.0.0.1", 0) as listener:
        app = create_app(settings, limits)
        if warm is not None:
            warm_up(app.state.addresses, app.state.desks, warm)
        server = server_for(app, limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        assert server.started, "the web application did not start"
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive(), "the web application did not stop"
