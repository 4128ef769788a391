"""Files that people name: read whole, or written whole; what goes wrong is told in words."""

import errno
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from blockdata.clean import A_LINE, clean_text, shown
from blockdata.errors import BadFile, InputError, Unwritable
from blockdata.text import Text

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
_CHECK = Text("请检查路径和权限", "check the path and its permissions")
_ELSEWHERE = Text("换一个可写的文件路径", "name a file in a folder that can be written")
_ROOM = Text("清理磁盘,或写到别处", "free some room, or write elsewhere")
_FULL = (errno.ENOSPC, errno.EDQUOT)
MAX_DEPTH = 100
"""Deeper than any document that means something, and far from what Python's own stack holds."""


def why(error: OSError) -> Text:
    """What the system refused, in words."""
    plain = shown(error.strerror or str(error) or type(error).__name__, A_LINE)
    return _WHY.get(error.errno or 0, Text(plain, plain))


def unreadable(path: Path, field: str, error: OSError, cure: Text = _CHECK) -> BadFile:
    """The error that tells why a file cannot be read."""
    reason, name = why(error), shown(str(path), A_LINE)
    return BadFile(
        Text(f"无法读取 {name}:{reason.zh}", f"cannot read {name}: {reason.en}"),
        field=field,
        cure=cure,
    )


def unwritable(path: Path | None, field: str, error: OSError) -> Unwritable:
    """The error that tells why a file (None: standard output) cannot be written."""
    reason = why(error)
    name = Text("结果", "the result") if path is None else Text(*(2 * [shown(str(path), A_LINE)]))
    return Unwritable(
        Text(f"无法写入 {name.zh}:{reason.zh}", f"cannot write {name.en}: {reason.en}"),
        field=field,
        cure=_ROOM if error.errno in _FULL else _ELSEWHERE,
    )


def read_text(path: Path, field: str = "file") -> str:
    """A text file in UTF-8, with or without its mark.

    Raises:
        BadFile: it cannot be read, is no file, is not UTF-8, or holds a NUL.
    """
    try:
        _refuse_device(path)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise unreadable(path, field, error) from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        name = shown(str(path), A_LINE)
        raise BadFile(
            Text(f"{name} 不是 UTF-8 文本", f"{name} is not text in UTF-8"),
            field=field,
            cure=Text("另存为 UTF-8", "save it as UTF-8"),
        )
    return text


def read_json(path: Path, field: str, cure: Text) -> Any:
    """A JSON document from a file.

    Raises:
        BadFile: it cannot be read, or is no JSON; ``cure`` says what it should hold.
        InputError: it is nested too deeply, or some of its words are no text.
    """
    text = read_text(path, field)
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        name, because = shown(str(path), A_LINE), shown(_of_json(error), A_LINE)
        raise BadFile(
            Text(f"{name} 读不出 JSON:{because}", f"{name} holds no JSON: {because}"),
            field=field,
            cure=cure,
        ) from None
    return clean_json(document, field)


def clean_json(document: Any, field: str) -> Any:
    """The document as it is, where it is not nested too deeply and all its words are text.

    Raises:
        InputError: it is, or some are not.
    """
    level = [document]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                clean_text(value, field)
            elif isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
        if not below:
            return document
        level = below
    raise InputError(
        Text(f"嵌套超过 {MAX_DEPTH} 层", f"it is nested more than {MAX_DEPTH} deep"),
        field=field,
        cure=Text("减少嵌套", "nest it less"),
    )


@contextmanager
def writing(path: Path, field: str) -> Iterator[Path]:
    """Write a file whole or not at all: yields where to write, which then takes the file's place.

    Folders above it are made. A device or a pipe is written directly.

    Raises:
        Unwritable: it cannot be written.
    """
    with telling_why(path, field):
        _refuse_folder(path)
        if path.exists() and not path.is_file():
            yield path
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{path.stem}.part{path.suffix}")
        try:
            yield aside
            aside.replace(path)
        finally:
            with suppress(OSError):
                aside.unlink()


@contextmanager
def telling_why(path: Path, field: str) -> Iterator[None]:
    """Tell in words where the system refuses to write below a path.

    Raises:
        Unwritable: it does.
    """
    try:
        yield
    except OSError as error:
        raise unwritable(path, field, error) from None


def _refuse_folder(path: Path) -> None:
    if not path.name or path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder")


def _refuse_device(path: Path) -> None:
    """Some devices have no end."""
    mode = path.stat().st_mode
    if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and str(path) != "/dev/null"):
        raise OSError(errno.ENODEV, "it is a device")


def _no_number(words: str) -> Any:
    raise ValueError(f"{words} is no number in JSON")


def _of_json(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
