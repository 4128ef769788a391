"""The trace of an error inside, kept in a file: people are told a short reference and the path."""

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


def internal_error(error: BaseException, folders: Sequence[Path], about: str) -> InternalError:
    """Keep the trace of an error that nothing explains, and tell where.

    Args:
        error: what happened.
        folders: where to keep it, the first that can be written; at last a temporary folder.
        about: what was asked, for whoever reads the trace.
    """
    reference = secrets.token_hex(4)
    file = _keep(error, folders, about, reference)
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


def _keep(error: BaseException, folders: Sequence[Path], about: str, reference: str) -> Path | None:
    """Write the trace in a folder that only this user enters: it may quote what was given."""
    lines = [f"blockdata {version('blockdata')}, Python {sys.version}\n{about}\n\n"]
    lines += traceback.format_exception(error)
    trace = "".join(lines).encode(errors="backslashreplace")
    own = Path(tempfile.gettempdir()) / f"blockdata-errors-{os.getuid()}"
    for folder in (*folders, own):
        with suppress(OSError, SetupError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = folder / f"{reference}.txt"
            write_whole(file, trace, field=None)
            return file
    return None
