"""Where a private cluster stands, and how one reaches its server."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from blockdata.storage.belonging import Home
from blockdata.storage.postmaster import Postmaster

ROLE = "blockdata"
DATABASE = "blockdata"
LOOPBACK = "127.0.0.1"
SOCKET_PATH_LIMIT = 90  # the kernel allows 107 bytes, of which the socket's own name takes some


@dataclass(frozen=True)
class Placement:
    """Where a cluster stands and how one reaches it.

    ``host`` is the folder of its socket, or the loopback where that path would be too long.
    """

    folder: str
    host: str
    port: int
    password: str

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return Path(self.folder) / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return Path(self.folder) / "server.log"

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy URL of a database."""
        from sqlalchemy import URL

        url = URL.create(
            "postgresql+psycopg",
            username=ROLE,
            password=self.password,
            database=database,
            query={"host": self.host, "port": str(self.port)},
        )
        return url.render_as_string(hide_password=False)


def place(home: Home, server: Postmaster | None) -> Placement:
    """How to reach a cluster: where its server runs, as it says itself, else where it will."""
    note = home.note
    folder, password = str(home.folder), "" if note is None else note.password
    own = home.folder / "run"
    if server is None:
        host = str(own) if _fits_socket(own) else LOOPBACK
        return Placement(folder, host, 0 if note is None else note.port, password)
    # moved while it ran, it says where its socket was
    for host in (server.socket_folder, str(own)):
        if host and _fits_socket(Path(host)) and Path(host, f".s.PGSQL.{server.port}").exists():
            return Placement(folder, host, server.port, password)
    return Placement(folder, LOOPBACK, server.port, password)


def free_port() -> int:
    """A port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether nobody uses a port of the loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _fits_socket(folder: Path) -> bool:
    """Whether a socket may stand there: the kernel bounds the path, PostgreSQL its characters."""
    path = str(folder)
    return len(os.fsencode(path)) <= SOCKET_PATH_LIMIT and not set(path) & set(",\"'\\@")
