"""Long work on one area takes turns: the second waits until the first has ended, and says so."""

from collections.abc import Callable

from sqlalchemy import Connection, func, select

from blockdata.text import Text

_SPACE = 440310  # of PostgreSQL's advisory locks


def take_turn(connection: Connection, area: str, tell: Callable[[Text], None]) -> None:
    """Wait until nobody else loads into the area of this name, which need not be there yet.

    The turn ends with the transaction. Two that make the same new area take turns too.
    """
    key = _SPACE, func.hashtext(area)
    if connection.execute(select(func.pg_try_advisory_xact_lock(*key))).scalar_one():
        return
    tell(
        Text(
            f"另一个导入正在写入区域“{area}”,等它结束 …",
            f"another import is loading into the area {area!r}; waiting for it …",
        )
    )
    connection.execute(select(func.pg_advisory_xact_lock(*key)))
