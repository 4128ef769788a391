"""Run the web application until it is interrupted."""

import errno
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from blockdata.clean import shown
from blockdata.errors import InputError, SetupError
from blockdata.settings import Settings
from blockdata.storage.serving import serving_from
from blockdata.text import Text
from maps.app import create_app
from maps.limits import LIMITS, Limits
from maps.protocol import GuardedProtocol
from maps.warm import warm_up

_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- refused below
_ENDING = frozenset({signal.SIGTERM, signal.SIGINT})


def run_server(
    settings: Settings, *, tell: Callable[[Text], None], ready: Callable[[str], None]
) -> None:
    """Serve on ``settings.host`` and ``settings.port``; ``ready`` is told the URL.

    Raises:
        InputError: the host is a wildcard.
        SetupError: the port is taken or may not be used, or something else is not ready.
    """
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}/"
    with bind(settings.host, settings.port) as listener, serving_from(settings.var, url):
        app = create_app(settings)
        tell(
            Text(
                "装载地址、路网与力量(首次约半分钟)",
                "opening addresses, roads and responders (half a minute the first time)",
            )
        )
        warm_up(app.state.addresses, app.state.desks, settings.area)
        ready(url)
        serve(app, listener)


def serve(app: FastAPI, listener: socket.socket, limits: Limits = LIMITS) -> None:
    """Serve until SIGTERM or Ctrl-C; then the process ends within ``limits.exit_s``.

    Whoever is being answered may finish first, but nobody can hold it up: neither a client that
    does not read, nor a thread that hangs.
    """
    end_when_told(limits.exit_s)
    server_for(app, limits).run(sockets=[listener])


def server_for(app: FastAPI, limits: Limits = LIMITS) -> uvicorn.Server:
    """Uvicorn as it serves here."""
    protocol = type("Protocol", (GuardedProtocol,), {"limits": limits})
    config = uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        access_log=False,  # it would keep what callers ask for
        server_header=False,
        timeout_graceful_shutdown=limits.closing_s,
        reset_contextvars=True,  # or a request takes over what the one before it had set
    )
    return uvicorn.Server(config)


def end_when_told(seconds: float) -> None:
    """End the process some seconds after SIGTERM or Ctrl-C, if it has not ended by itself.

    Python runs handlers of signals in the main thread between two of its own steps, so that one
    step that hangs would hold up every signal. Its wake-up file is written at once, whatever runs,
    and read by a thread of its own. To be called in the main thread.
    """
    told, tell = socket.socketpair()
    tell.setblocking(False)
    signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)

    def watch(_: socket.socket) -> None:  # keeps the end that is written to open
        while (number := told.recv(1)[0]) not in _ENDING:
            continue
        time.sleep(seconds)
        sys.stderr.flush()
        os._exit(128 + number)  # 143 and 130, as shells say it

    threading.Thread(target=watch, args=(tell,), name="end when told", daemon=True).start()


def show_page(url: str) -> None:
    """Open the page where there is a screen; elsewhere the URL that was printed has to do."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow starts, so that a taken port is told first.

    Port 0 is any that is free.

    Raises:
        InputError: the host is a wildcard.
        SetupError: the port is taken or may not be used.
    """
    if host in _WILDCARDS:
        raise InputError(
            Text("不能绑定所有网卡:尚无登录", "it does not bind to every network: no sign-in yet"),
            field="host",
            cure=Text(
                "将 BLOCKDATA_HOST 设为具体地址,如 127.0.0.1",
                "set BLOCKDATA_HOST to one address, as in 127.0.0.1",
            ),
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named as TCP, or asyncio does not know that it is and lets every answer wait for 40 ms (Nagle)
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise _cannot_bind(error, host, port) from None
    except UnicodeError:  # a name that no network can hold
        listener.close()
        raise _cannot_bind(OSError(errno.EINVAL, "no name of a host"), host, port) from None
    return listener


def _cannot_bind(error: OSError, host: str, port: int) -> SetupError:
    taken = error.errno == errno.EADDRINUSE
    why = (
        Text(f"端口 {port} 已被占用", f"port {port} is taken")
        if taken
        else Text(
            f"无法绑定 {shown(host)}:{port}({error.strerror})",
            f"cannot bind to {shown(host)}:{port} ({error.strerror})",
        )
    )
    other = port + 1 if port < 65535 else 8135
    return SetupError(
        why,
        field="port" if taken else "host",
        cure=Text(
            f"换一个端口:BLOCKDATA_PORT={other} 或 --port {other};"
            f"占用者可用 ss -ltnp 'sport = :{port}' 查看",
            f"use another port: BLOCKDATA_PORT={other} or --port {other}; "
            f"ss -ltnp 'sport = :{port}' shows who has it",
        ),
    )
