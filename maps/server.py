"""Run the web application until it is interrupted."""

import errno
import os
import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from blockdata.clean import shown
from blockdata.errors import InputError, SetupError
from blockdata.settings import Settings
from blockdata.text import Text
from maps.app import create_app
from maps.warm import warm_up

_WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 -- refused below


def run_server(
    settings: Settings, *, tell: Callable[[Text], None], ready: Callable[[str], None]
) -> None:
    """Serve on ``settings.host`` and ``settings.port``; ``ready`` is told the URL.

    Raises:
        InputError: the host is a wildcard.
        SetupError: the port is taken or may not be used, or something else is not ready.
    """
    with _bind(settings.host, settings.port) as listener:
        app = create_app(settings)
        tell(
            Text(
                "装载地址、路网与力量(首次约半分钟)",
                "opening addresses, roads and responders (half a minute the first time)",
            )
        )
        warm_up(app.state.addresses, app.state.desks, settings.area)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        ready(f"http://{host}:{settings.port}/")
        config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


def show_page(url: str) -> None:
    """Open the page where there is a screen; elsewhere the URL that was printed has to do."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything slow starts, so that a taken port is told first."""
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
    listener = socket.socket(family, socket.SOCK_STREAM)
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
