"""Folders that we make: written whole or not at all; and what to say where the disk refuses."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blockdata.console import say
from blockdata.errors import InputError, SetupError
from blockdata.text import Text

_FULL = Text("磁盘已满", "the disk is full")
_READ_ONLY = Text("只读,不能写入", "it is read-only")
_CLOSED = Text("没有权限", "this user may not")
_NO_FOLDER = Text("不是文件夹", "that is no folder")
_WHY = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: Text("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: Text("文件超过允许的大小", "a file grew beyond what is allowed here"),
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _NO_FOLDER,
}
_ROOM = Text(
    "清理磁盘后重试,或把 BLOCKDATA_VAR 指向别处", "free some, or set BLOCKDATA_VAR elsewhere"
)
_RIGHTS = Text(
    "把 BLOCKDATA_VAR 指向可写的文件夹,或更改其权限后重试",
    "point BLOCKDATA_VAR to a folder that can be written, or change its rights",
)


def disk_error(error: OSError, folder: Path) -> SetupError:
    """What to tell a person where a folder cannot be read or written."""
    said = error.strerror or str(error)
    why = _WHY.get(error.errno or 0, Text(said, said))
    where = error.filename or folder
    no_room = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return SetupError(
        Text(f"{where}:{why.zh}", f"{where}: {why.en}"),
        field="BLOCKDATA_VAR",
        cure=_ROOM if no_room else _RIGHTS,
    )


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Say in words what the disk refuses.

    Raises:
        SetupError: it refused something.
    """
    try:
        yield
    except OSError as error:
        raise disk_error(error, folder) from error


def write_folder(
    target: Path, write: Callable[[Path], None], *, ours: Callable[[Path], bool] | None = None
) -> None:
    """Let ``write`` fill a folder and put it in ``target``'s place: whole, or not at all.

    Several processes may do so at once; the last one stands. Readers that have mapped files of the
    one before keep them.

    Args:
        target: where the folder belongs.
        write: fills an empty folder.
        ours: whether what stands there is of our making and may give way; left out where the
            place is one that only this program uses.

    Raises:
        InputError: something else stands there; it stays.
        SetupError: the disk refuses; what stood there stays.
    """
    if ours is not None and target.exists() and not ours(target):
        raise InputError(
            Text(f"{target} 已有别的内容,不会被替换", f"{target} holds something else: it stays"),
            field="out",
            cure=Text("换一个文件夹名", "name another folder"),
        )
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        made = Path(tempfile.mkdtemp(prefix=f".new-{os.getpid()}-", dir=target.parent))
        try:
            made.chmod(0o755)
            write(made)
            _swap(made, target)
        finally:
            shutil.rmtree(made, ignore_errors=True)


def keep_folder(
    target: Path, write: Callable[[Path], None], tell: Callable[[Text], None] = say
) -> None:
    """``write_folder`` for what can be made again: where the disk refuses, work goes on without."""
    try:
        write_folder(target, write)
    except SetupError as error:
        tell(
            Text(
                f"未能保存(下次需重新生成):{error.detail.zh}",
                f"not kept, so it has to be made again next time: {error.detail.en}",
            )
        )


def forget_others(folder: Path) -> None:
    """Delete the folders beside ``folder``, which it replaces; those being written stay."""
    if folder.parent.is_dir():
        for other in folder.parent.iterdir():
            if other.name != folder.name and not other.name.startswith(".new-"):
                shutil.rmtree(other, ignore_errors=True)


def _swap(made: Path, target: Path) -> None:
    aside = made.with_name(f"{made.name}-old")
    parent = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(parent, fcntl.LOCK_EX)  # one after the other
        if target.exists():
            target.rename(aside)
        made.rename(target)
    finally:
        os.close(parent)
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Delete what processes that are no more left half written."""
    for left in folder.glob(".new-*"):
        pid = left.name.removeprefix(".new-").split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)
