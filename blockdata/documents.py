"""Texts and JSON documents that people give in files; what goes wrong is told in words."""

import errno
import json
import stat
from pathlib import Path
from typing import Any

from blockdata.clean import A_LINE, clean_text, shown
from blockdata.errors import BadFile, InputError
from blockdata.files import why
from blockdata.text import Text

_CHECK = Text("请检查路径和权限", "check the path and its permissions")
MAX_DEPTH = 100
"""Deeper than any document that means something, and far from what Python's own stack holds."""


def unreadable(path: Path, field: str, error: OSError, cure: Text = _CHECK) -> BadFile:
    """The error that tells why a file cannot be read."""
    reason, name = why(error), shown(str(path), A_LINE)
    return BadFile(
        Text(f"无法读取 {name}:{reason.zh}", f"cannot read {name}: {reason.en}"),
        field=field,
        cure=cure,
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


def _refuse_device(path: Path) -> None:
    """Some devices have no end."""
    mode = path.stat().st_mode
    if stat.S_ISBLK(mode) or (stat.S_ISCHR(mode) and str(path) != "/dev/null"):
        raise OSError(errno.ENODEV, "it is a device")


def _no_number(words: str) -> Any:
    raise ValueError(f"{words} is no number in JSON")


def _of_json(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
