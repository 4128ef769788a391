"""The trace of an error inside, kept in a file: people are told a short reference and the path.

It says where in the code and what kind of error, and which command with which options. What was
given, and what an error says of it, may be somebody's address or name: that is kept nowhere.
"""

import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from blockdata.errors import InternalError, SetupError
from blockdata.files import write_whole
from blockdata.text import Text


def internal_error(error: BaseException, folders: Sequence[Path], asked: str) -> InternalError:
    """Keep the trace of an error that nothing explains, and tell where.

    Args:
        error: what happened.
        folders: where to keep it, the first that can be written; at last a temporary folder.
        asked: the command and its options, without what they were given.
    """
    reference = secrets.token_hex(4)
    file = _keep(error, folders, asked, reference)
    cure = Text("重试;仍出错则把该编号告诉维护者", "try again; if it stays, tell us the reference")
    if file is not None:
        cure = Text(
            f"重试;仍出错则把 {file} 交给维护者", f"try again; if it stays, hand over {file}"
        )
    return InternalError(
        Text(
            f"编号 {reference}({type(error).__name__})",
            f"reference {reference} ({type(error).__name__})",
        ),
        cure=cure,
        reference=reference,
        trace=None if file is None else str(file),
    )


def _keep(error: BaseException, folders: Sequence[Path], asked: str, reference: str) -> Path | None:
    """Write the trace in a folder that only this user enters."""
    head = f"blockdata {version('blockdata')}, Python {sys.version}\n{asked}\n\n"
    trace = (head + _without_words(error)).encode(errors="backslashreplace")
    own = Path(tempfile.gettempdir()) / f"blockdata-errors-{os.getuid()}"
    for folder in (*folders, own):
        with suppress(OSError, SetupError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = folder / f"{reference}.txt"
            write_whole(file, trace, field=None)
            return file
    return None


def _without_words(error: BaseException) -> str:
    """Where an error was raised and of what kind it is, its causes first."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    own = "".join(traceback.format_tb(error.__traceback__)) + kind + "\n"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return own if cause is None else f"{_without_words(cause)}\nand from it:\n\n{own}"
