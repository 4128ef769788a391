"""Files are written whole or not at all: what stands under a final name is never a part of it.

The content goes to a temporary file (or folder) beside its place, is brought to the disk, and takes
the final name in one step. After a full disk, an interruption or a kill the place holds what it
held before; what a kill leaves lying beside it is taken away by the next write, a day later at the
earliest. Whatever this program writes, it writes through here.
"""

import contextlib
import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blockdata.errors import BlockdataError, InputError, SetupError
from blockdata.text import Text

_PART = ".part-"
_STALE_S = 24 * 3600.0


@contextmanager
def whole_file(path: Path, field: str | None = "file") -> Iterator[Path]:
    """Yields a temporary path to write to; it becomes ``path`` when the block ends well.

    The temporary name ends in the same suffix, for libraries that go by it. A device or a pipe is
    written to directly, a link's target is replaced and the link stays, and a file that is replaced
    keeps its mode.

    Args:
        path: the file, replaced where it exists.
        field: what it was given for; None where nobody gave it.

    Raises:
        InputError: it cannot be written (no space, no permission, a folder …), for ``field``.
        SetupError: the same, where nobody gave it.
    """
    with _told(path, field):
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():
            yield target
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _forget_stale(target)
        part = _beside(target)
        try:
            yield part
            if target.exists():
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            _sync(part)
            part.replace(target)
            _sync(target.parent)
        finally:
            part.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes, field: str | None = "file") -> int:
    """Write a text (UTF-8) or bytes as a file, whole or not at all; returns its size in bytes.

    Raises:
        InputError, SetupError: it cannot be written.
    """
    raw = content.encode("utf-8") if isinstance(content, str) else content
    with whole_file(path, field) as part:
        return part.write_bytes(raw)


@contextmanager
def whole_folder(
    path: Path, field: str | None = None, *, mark: str | None = None
) -> Iterator[Path]:
    """Yields an empty temporary folder; it takes the place of ``path`` when the block ends well.

    Where two do so at once, the later one stands. Who has mapped files of an earlier one keeps
    them.

    Args:
        path: the folder, replaced as a whole.
        field: what it was given for; None where nobody gave it.
        mark: a file that such a folder holds; another folder with anything in it is not replaced.

    Raises:
        InputError: it cannot be written, or is somebody's folder, for ``field``.
        SetupError: the same, where nobody gave it.
    """
    with _told(path, field):
        target = path.resolve()
        _refuse_others(target, field, mark)
        target.parent.mkdir(parents=True, exist_ok=True)
        _forget_stale(target)
        part = _beside(target)
        part.mkdir()
        try:
            yield part
            for inside in (*part.rglob("*"), part):
                _sync(inside)
            _put_in_place(part, target)
            _sync(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _refuse_others(target: Path, field: str | None, mark: str | None) -> None:
    if not target.exists() or (target.is_dir() and (mark is None or (target / mark).is_file())):
        return
    if not target.is_dir() or any(target.iterdir()):
        raise _error(
            Text(f"{target} 里有别的内容", f"{target} holds something else"),
            field,
            Text("换一个新的文件夹", "name a new folder"),
        )


def _put_in_place(part: Path, target: Path) -> None:
    while True:
        old = _beside(target)
        with contextlib.suppress(FileNotFoundError):
            target.rename(old)
        try:
            part.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            continue  # another put its own there meanwhile
        finally:
            shutil.rmtree(old, ignore_errors=True)
        return


def _beside(target: Path) -> Path:
    """A new hidden name in the same folder, with the same suffix."""
    return target.with_name(f".{target.stem}{_PART}{secrets.token_hex(6)}{target.suffix}")


def _forget_stale(target: Path) -> None:
    """Take away what a killed write of the same place left behind long ago."""
    prefix = f".{target.stem}{_PART}"
    before = time.time() - _STALE_S
    for left in target.parent.iterdir():
        if left.name.startswith(prefix) and left.suffix == target.suffix:
            with contextlib.suppress(OSError):
                if left.lstat().st_mtime < before:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems cannot, for folders
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _told(path: Path, field: str | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        said = Text(f"无法写入 {path}:{why}", f"cannot write {path}: {why}")
        raise _error(said, field, _cure(error.errno)) from None


def _error(said: Text, field: str | None, cure: Text) -> BlockdataError:
    if field is None:
        return SetupError(said, cure=cure)
    return InputError(said, field=field, cure=cure)


def _cure(code: int | None) -> Text:
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, None):  # numpy gives no number
        return Text("腾出磁盘空间,或换一个位置", "free some space, or name another place")
    if code == errno.EISDIR:
        return Text("给出文件名,而不是文件夹", "name a file, not a folder")
    return Text("请检查路径和权限", "check the path and its permissions")
