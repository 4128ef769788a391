"""What a database's outage is called: the one place from a driver's error to words and a cure."""

import shutil
from pathlib import Path

import psycopg

from blockdata.clean import A_LINE, shown
from blockdata.errors import Unavailable
from blockdata.storage.running import FULL_BYTES
from blockdata.text import Text

# SQLSTATE classes that tell of the server and not of what was asked: connection, resources,
# operator, system, internal. A cancelled statement (57014) was asked for.
_CLASSES = ("08", "53", "57", "58", "XX")
_CANCELLED = "57014"
_DISK_FULL = "53100"

GIVEN_CURE = Text(
    "检查 BLOCKDATA_DATABASE_URL 与那台服务器",
    "check BLOCKDATA_DATABASE_URL, and that server",
)
PRIVATE_CURE = Text(
    "重试即可(会自动启动数据库);仍不行则运行 blockdata db status,查看其 server.log",
    "try again (that starts the database); if it stays, see blockdata db status and its server.log",
)


def is_outage(error: BaseException, *, lost: bool) -> bool:
    """Whether an error of the driver tells of the server and not of what was asked.

    Args:
        error: what the driver raised.
        lost: whether the connection is gone.
    """
    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return lost or isinstance(error, psycopg.OperationalError)
    return lost or (error.sqlstate[:2] in _CLASSES and error.sqlstate != _CANCELLED)


def outage_of_private(error: psycopg.Error, folder: Path) -> Unavailable:
    """The error of the private cluster in ``folder`` that failed in mid-work."""
    free = _free_bytes(folder)
    if error.sqlstate == _DISK_FULL or (free is not None and free < FULL_BYTES):
        left = f"{(free or 0) / 1e6:.0f} MB"
        return Unavailable(
            Text(
                f"磁盘已满({folder} 剩 {left}):{first_line(error)};未完成的改动已撤销",
                f"the disk is full ({left} left at {folder}): {first_line(error)}; "
                "what was not finished is undone",
            ),
            field="BLOCKDATA_VAR",
            cure=Text("清理磁盘后重试", "free some of it, then try again"),
        )
    return Unavailable(
        Text(
            f"数据库中断:{first_line(error)};未完成的改动已撤销",
            f"the database broke off: {first_line(error)}; what was not finished is undone",
        ),
        field="postgresql",
        cure=PRIVATE_CURE,
    )


def outage_of_given(error: psycopg.Error) -> Unavailable:
    """The error of a given server that does not answer."""
    return Unavailable(
        Text(
            f"数据库不应答:{first_line(error)}",
            f"the database does not answer: {first_line(error)}",
        ),
        field="BLOCKDATA_DATABASE_URL",
        cure=GIVEN_CURE,
    )


def first_line(error: BaseException) -> str:
    """The first line of what an error says."""
    return shown((str(error).strip().splitlines() or [type(error).__name__])[0], A_LINE)


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
