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
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blockdata.clean import A_LINE, shown
from blockdata.clock import Clock
from blockdata.errors import BadFile, BlockdataError, SetupError, Unwritable
from blockdata.text import Text

_PART = ".part-"
_STALE_S = 24 * 3600.0
_WHY: dict[int, Text] = {
    errno.ENOENT: Text("不存在", "there is no such file or folder"),
    errno.EISDIR: Text("是文件夹", "it is a folder"),
    errno.ENODEV: Text("是设备,不是文件", "it is a device, no file"),
    errno.ENOTDIR: Text("上级不是文件夹", "what stands above it is no folder"),
    errno.EEXIST: Text("该处已有别的文件", "something else stands there"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("没有权限", "permission denied"),
    errno.EROFS: Text("磁盘只读", "the disk is read-only"),
    errno.ENOSPC: Text("磁盘已满", "no room is left on the disk"),
    errno.EDQUOT: Text("磁盘配额已满", "the disk quota is used up"),
    errno.EFBIG: Text("文件过大", "the file would be too large"),
    errno.ENAMETOOLONG: Text("名称过长", "the name is too long"),
    errno.ELOOP: Text("符号链接成环", "its links lead in a ring"),
    errno.EMFILE: Text("打开的文件过多", "too many files are open"),
    errno.ENFILE: Text("打开的文件过多", "too many files are open"),
    errno.EIO: Text("磁盘读写出错", "the disk failed"),
}


@contextmanager
def whole_file(path: Path, field: str | None = "file") -> Iterator[Path]:
    """Yields a temporary path to write to; it becomes ``path`` when the block ends well.

    The temporary name ends in the same suffix, for libraries that go by it. A device or a pipe gets
    it all at the end, a link's target is replaced and the link stays, and a file that is replaced
    keeps its mode.

    Args:
        path: the file, replaced where it exists.
        field: what it was given for; None where nobody gave it.

    Raises:
        Unwritable: it cannot be written (no space, no permission, a folder …), for ``field``.
        SetupError: the same, where nobody gave it.
    """
    with _told(path, field):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            with _into_device(path) as part:
                yield part
            return
        target = _resolved(path)
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


@contextmanager
def _into_device(target: Path) -> Iterator[Path]:
    """Yields a file beside nothing; what is written to it goes into a device or a pipe at the end.

    Some libraries take away what they failed to write, and root can take away a device.
    """
    with tempfile.TemporaryDirectory(prefix="blockdata-") as folder:
        part = Path(folder) / target.name
        yield part
        with part.open("rb") as made, target.open("wb", buffering=0) as device:
            shutil.copyfileobj(made, device)


def write_whole(path: Path, content: str | bytes, field: str | None = "file") -> int:
    """Write a text (UTF-8) or bytes as a file, whole or not at all; returns its size in bytes.

    Raises:
        Unwritable, SetupError: it cannot be written.
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
        Unwritable: it cannot be written, or is somebody's folder, for ``field``.
        SetupError: the same, where nobody gave it.
    """
    with _told(path, field):
        target = _resolved(path)
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


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:  # how Python tells of links that lead in a ring
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None


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
    before = Clock().now().timestamp() - _STALE_S  # files bear the machine's own time
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


def is_file(path: Path) -> bool:
    """Whether a file stands there; a name that the system cannot hold names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def why(error: OSError) -> Text:
    """What the system refused, in words."""
    plain = shown(error.strerror or str(error) or type(error).__name__, A_LINE)
    return _WHY.get(error.errno or 0, Text(plain, plain))


def unreadable(path: Path, field: str, error: OSError) -> BadFile:
    """The error that tells why a file cannot be read."""
    reason, name = why(error), shown(str(path), A_LINE)
    return BadFile(
        Text(f"无法读取 {name}:{reason.zh}", f"cannot read {name}: {reason.en}"),
        field=field,
        cure=Text("请检查路径和权限", "check the path and its permissions"),
    )


def unwritable(path: Path | None, field: str, error: OSError) -> Unwritable:
    """The error that tells why a file (None: standard output) cannot be written."""
    reason = why(error)
    file = None if path is None else shown(str(path), A_LINE)
    name = Text("结果", "the result") if file is None else Text(f" {file}", file)
    return Unwritable(
        Text(f"无法写入{name.zh}:{reason.zh}", f"cannot write {name.en}: {reason.en}"),
        field=field,
        cure=_cure(error.errno),
    )


@contextmanager
def _told(path: Path, field: str | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if field is not None:
            raise unwritable(path, field, error) from None
        reason = why(error)
        raise SetupError(
            Text(f"无法写入 {path}:{reason.zh}", f"cannot write {path}: {reason.en}"),
            cure=_cure(error.errno),
        ) from None


def _error(said: Text, field: str | None, cure: Text) -> BlockdataError:
    if field is None:
        return SetupError(said, cure=cure)
    return Unwritable(said, field=field, cure=cure)


def _cure(code: int | None) -> Text:
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, None):  # numpy gives no number
        return Text("腾出磁盘空间,或换一个位置", "free some space, or name another place")
    if code == errno.EISDIR:
        return Text("给出文件名,而不是文件夹", "name a file, not a folder")
    return Text("请检查路径和权限", "check the path and its permissions")
