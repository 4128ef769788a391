"""One at a time: locks that commands, builds and imports hold in the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from blockdata.console import say
from blockdata.errors import BlockdataError
from blockdata.text import Text


def lock_area(connection: Connection, name: str, tell: Callable[[Text], None] = say) -> None:
    """Let one transaction at a time make, fill or drop the area of a name; the others wait.

    ``tell`` is told where there is somebody to wait for.
    """
    key = {"key": f"area {name}"}
    free = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
    if not connection.execute(free, key).scalar_one():
        tell(
            Text(
                f"另一条命令正在修改区域“{name}”,等它结束",
                f"another command is changing the area {name!r}: waiting until it is done",
            )
        )
        wait = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
        connection.execute(wait, key)


@contextmanager
def alone(engine: Engine, name: str, tell: Callable[[Text], None] = say) -> Iterator[None]:
    """Let one process at a time look whether an area is there, and build it where it is not."""
    key = {"key": f"ensure {name}"}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        free = text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
        if not connection.execute(free, key).scalar_one():
            tell(
                Text(
                    f"另一条命令正在准备区域“{name}”,等它结束",
                    f"another command is preparing the area {name!r}: waiting until it is done",
                )
            )
            wait = text("SELECT pg_advisory_lock(hashtextextended(:key, 0))")
            connection.execute(wait, key)
        try:
            yield
        finally:
            with suppress(BlockdataError, SQLAlchemyError):  # a server that is gone holds no lock
                connection.execute(text("SELECT pg_advisory_unlock_all()"))
