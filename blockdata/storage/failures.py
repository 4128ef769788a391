"""What a database refuses, as errors of the project's own; what only a mistake of ours explains
stays as it is.
"""

from psycopg import Error, errors
from sqlalchemy.exc import DBAPIError

from blockdata.errors import BlockdataError, Conflict, NotPermitted, Unavailable
from blockdata.storage.outage import first_line
from blockdata.text import Text

_URL = "BLOCKDATA_DATABASE_URL"
_LOOK = Text(
    "运行 blockdata db status 查看;或检查 BLOCKDATA_DATABASE_URL",
    "look with blockdata db status; or check BLOCKDATA_DATABASE_URL",
)
_AGAIN = Text("稍后重试", "try again")

# The first row whose type fits decides: what it is to the caller, in words, and what to do.
_KNOWN: tuple[tuple[tuple[type[Error], ...], type[BlockdataError], Text, Text], ...] = (
    (
        (errors.DiskFull,),
        Unavailable,
        Text("数据库所在磁盘已满", "the database's disk is full"),
        Text("清理磁盘", "free some room"),
    ),
    (
        (errors.OutOfMemory, errors.TooManyConnections),
        Unavailable,
        Text("数据库资源不足", "the database lacks memory or connections"),
        _AGAIN,
    ),
    (
        (errors.SerializationFailure, errors.DeadlockDetected),
        Conflict,
        Text("与另一项改动相撞", "it met another change"),
        _AGAIN,
    ),
    (
        (errors.LockNotAvailable, errors.QueryCanceled),
        Unavailable,
        Text("数据库正忙", "the database is busy"),
        _AGAIN,
    ),
    (
        (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction),
        NotPermitted,
        Text("数据库用户没有权限", "the database's user may not do it"),
        Text("用有权限的用户连接", "connect as a user who may"),
    ),
)


def from_database(error: DBAPIError | Error) -> BlockdataError | None:
    """The error in words, by way of SQLAlchemy or the driver's own.

    None where nothing outside our own code explains it.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    for causes, kind, said, cure in _KNOWN:
        if isinstance(cause, causes):
            first = first_line(cause)
            detail = Text(f"{said.zh}:{first}", f"{said.en}: {first}")
            return kind(detail, field=_URL, cure=cure)
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    return does_not_answer(error) if gone or isinstance(cause, errors.OperationalError) else None


def does_not_answer(error: DBAPIError | Error) -> Unavailable:
    """The server is not there, or not there any more."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    said = first_line(cause) if cause else type(error).__name__
    return Unavailable(
        Text(f"数据库不应答:{said}", f"the database does not answer: {said}"),
        field=_URL,
        cure=_LOOK,
    )


def refused(error: DBAPIError) -> BlockdataError:
    """What keeps the schema from being looked at or changed, in words."""
    known = from_database(error)
    if known is not None:
        return known
    said = first_line(error.orig or error)
    return Unavailable(
        Text(f"数据库拒绝:{said}", f"the database refuses: {said}"), field=_URL, cure=_LOOK
    )
