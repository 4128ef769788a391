"""How long a statement of a server's may take, and that none begins when its asker has gone."""

from typing import Any

from sqlalchemy import Connection, Engine, event, text

from blockdata.deadline import keep_time

STATEMENT_S = 20.0
LOCK_S = 5.0


def bound_statements(engine: Engine, *, statement_s: float = STATEMENT_S) -> None:
    """From here on the database ends an engine's statements after some seconds.

    Waiting for a lock counts too, and ends sooner. No statement begins after the deadline of the
    question that it is for.
    """
    settings = (
        f"SET statement_timeout = {int(statement_s * 1000)}",
        f"SET lock_timeout = {int(min(LOCK_S, statement_s) * 1000)}",
    )

    @event.listens_for(engine, "connect")
    def set_limits(driver: Any, _: Any) -> None:
        before, driver.autocommit = driver.autocommit, True
        for setting in settings:
            driver.execute(setting)
        driver.autocommit = before

    @event.listens_for(engine, "before_cursor_execute")
    def look_at_the_clock(*_: Any) -> None:
        keep_time()

    engine.dispose()  # connections made before have no limits


def unhurried(connection: Connection) -> None:
    """Let the rest of the transaction take as long as it takes: to read an area as a whole."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
