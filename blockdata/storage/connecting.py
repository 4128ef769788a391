"""Engines that find the database anew at each connection, and tell of an outage in words.

A private cluster may come back on another port, or go down under a running server: where it is, is
read again whenever a connection is made, and it is started again where it is down. A given server
is only connected to.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExceptionContext
from sqlalchemy.exc import ArgumentError

from blockdata.console import say
from blockdata.errors import InputError, Unavailable
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.outage import is_outage, outage_of_given, outage_of_private
from blockdata.storage.placement import DATABASE, ROLE, Placement
from blockdata.storage.revival import Revival
from blockdata.text import Text

CONNECT_TIMEOUT_S = 10
_OPTION = "blockdata_way"

# What a server answers, or the system for it, while it comes up or goes down.
_PASSING = (
    "starting up", "shutting down", "recovery mode", "not yet accepting", "Connection refused",
    "No such file", "closed the connection",
)  # fmt: skip


class _Way(Protocol):
    """The way to one database."""

    def connect(self, dialect: Dialect, arguments: dict[str, Any]) -> DBAPIConnection: ...

    def outage(self, error: psycopg.Error) -> Unavailable: ...


class _PrivateWay:
    def __init__(self, cluster: Cluster, tell: Callable[[Text], None]) -> None:
        self._cluster = cluster
        self._revival = Revival(cluster, tell)

    def connect(self, dialect: Dialect, arguments: dict[str, Any]) -> DBAPIConnection:
        placement = self._revival.running()
        if placement is not None:
            try:
                return _dial(dialect, arguments, placement)
            except psycopg.OperationalError as error:
                if not any(passing in str(error) for passing in _PASSING):
                    raise
        return _dial(dialect, arguments, self._revival.placement())

    def outage(self, error: psycopg.Error) -> Unavailable:
        placement, _ = self._cluster.status()
        folder = self._cluster.var if placement is None else placement.data.parent
        return outage_of_private(error, folder)


class _GivenWay:
    def connect(self, dialect: Dialect, arguments: dict[str, Any]) -> DBAPIConnection:
        return dialect.connect(**{"connect_timeout": CONNECT_TIMEOUT_S} | arguments)

    def outage(self, error: psycopg.Error) -> Unavailable:
        return outage_of_given(error)


def make_engine(settings: Settings, tell: Callable[[Text], None] = say) -> Engine:
    """An engine on the database that the settings name; connects when it is first asked.

    Raises:
        InputError: ``BLOCKDATA_DATABASE_URL`` is no URL of a PostgreSQL server.
    """
    way: _Way
    if settings.database_url is None:
        way = _PrivateWay(Cluster(settings.var, tell=tell), tell)
        return _engine(f"postgresql+psycopg://{ROLE}@/{DATABASE}", way, settings)
    try:
        if make_url(settings.database_url).drivername != "postgresql+psycopg":
            raise _no_url()
    except ArgumentError:
        raise _no_url() from None
    way = _GivenWay()
    return _engine(settings.database_url, way, settings)


@contextmanager
def driver_cursor(connection: Connection) -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the driver's own, for COPY, in the connection's transaction.

    Raises:
        Unavailable: the server broke off.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor:
            yield cursor
    except psycopg.Error as error:
        way: _Way | None = connection.get_execution_options().get(_OPTION)
        if way is not None and is_outage(error, lost=bool(driver.closed)):
            raise way.outage(error) from error
        raise


def _engine(url: str, way: _Way, settings: Settings) -> Engine:
    engine = create_engine(
        url,
        connect_args=_clock_arguments(url, settings),
        pool_pre_ping=True,  # connections that a restart of the server has cut are found before use
        hide_parameters=True,  # no parameters in errors, and so none in logs
        max_overflow=20,
        pool_timeout=10,
        execution_options={_OPTION: way},
    )

    def connect(
        dialect: Dialect, _record: Any, _positional: list[Any], arguments: dict[str, Any]
    ) -> DBAPIConnection:
        return way.connect(dialect, arguments)

    def name_outage(context: ExceptionContext) -> Unavailable | None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, psycopg.Error):
            return None
        return way.outage(error) if is_outage(error, lost=context.is_disconnect) else None

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "handle_error", name_outage)
    return engine


def _clock_arguments(url: str, settings: Settings) -> dict[str, str]:
    """How a connection is told of a shifted clock, beside options that the URL gives."""
    if not settings.clock.shifted:
        return {}
    given = make_url(url).query.get("options", "")
    return {"options": f"{given} {settings.clock.database_options()}".strip()}


def _dial(dialect: Dialect, arguments: dict[str, Any], placement: Placement) -> DBAPIConnection:
    where = {
        "host": placement.host,
        "port": placement.port,
        "password": placement.password,
        "connect_timeout": CONNECT_TIMEOUT_S,
    }
    return dialect.connect(**arguments | where)


def _no_url() -> InputError:
    return InputError(
        Text("不是 PostgreSQL 连接地址", "that is no URL of a PostgreSQL server"),
        field="BLOCKDATA_DATABASE_URL",
        cure=Text(
            "写成 postgresql+psycopg://用户:口令@主机:端口/库名",
            "write postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
    )
