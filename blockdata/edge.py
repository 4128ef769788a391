"""The edge of every command: whatever goes wrong inside is told in words, with an exit code.

What is known is translated where it happens, with its field and cure. Here stand the things that
can happen anywhere (Ctrl-C, a full disk, a server that went away), and a net below them all: an
error that nothing explains is told by a reference, and its trace is kept in a file.
"""

import errno
import io
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blockdata.clean import clean_text, shown
from blockdata.clock import SHIFT_SETTING
from blockdata.console import language, report_error, speaking
from blockdata.errors import (
    READER_GONE,
    BadSetting,
    BadUsage,
    BlockdataError,
    InputError,
    Interrupted,
    SetupError,
    exit_code,
)
from blockdata.files import unwritable
from blockdata.folders import disk_error
from blockdata.text import Text

if TYPE_CHECKING:
    import typer

_JSON = "--json"
_COMPLETION = "_BLOCKDATA_COMPLETE"


def run(make_app: "Callable[[], typer.Typer]", words: Sequence[str]) -> int:
    """Run a command to its end and give its exit code; nothing but that comes out of it."""
    as_json = _JSON in (words[: words.index("--")] if "--" in words else words)
    with speaking(as_json=as_json):
        _open_streams()
        asked = ["blockdata"]
        try:
            code = _invoke(make_app, words, asked)
            _flush_result()
        except BaseException as error:  # noqa: BLE001 -- this is the net
            code = _tell(error, " ".join(asked), as_json=as_json)
    _leave_streams_sound()
    return code


def _invoke(make_app: "Callable[[], typer.Typer]", words: Sequence[str], asked: list[str]) -> int:
    """Run the words; ``asked`` is filled with the command and its options, without their values."""
    import typer

    from blockdata.usage import REFUSED, bad_usage

    _refuse_unfit(words)
    _tell_of_a_shifted_clock()
    command: Any = typer.main.get_command(make_app())
    asked += _named(command, words)
    if _COMPLETION in os.environ:  # the shell asks how a word may go on
        command.main(prog_name="blockdata")
    try:
        with command.make_context("blockdata", list(words)) as context:
            command.invoke(context)
    except typer.Exit as asked:
        return asked.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except REFUSED as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error, file=sys.stderr)
            return exit_code(BadUsage())
        raise bad_usage(error) from None
    return 0


def _named(command: Any, words: Sequence[str]) -> Iterator[str]:
    """The words that name a command or its options."""
    for word in words:
        child = getattr(command, "commands", {}).get(word)
        option = word.partition("=")[0]
        if child is not None:
            command = child
            yield word
        elif any(option in parameter.opts for parameter in command.params):
            yield option


def _refuse_unfit(words: Sequence[str]) -> None:
    """Refuse bytes that are no text, before anything reads them."""
    before = ""
    for word in words:
        try:
            clean_text(word, "")
        except InputError:
            option = word if word.startswith("--") else before
            named = option.startswith("-") and option != _JSON
            raise BadUsage(
                Text("参数含有不是文字的字节", "an argument holds bytes that are no text"),
                field=shown(option.partition("=")[0]) if named else "arguments",
                cure=Text(
                    "用 UTF-8 重新输入;文件名不是 UTF-8 的,先改名",
                    "write it again, in UTF-8; rename a file whose name is not",
                ),
            ) from None
        before = word


def _tell_of_a_shifted_clock() -> None:
    """Say it once on stderr, also beside a document, before anything is done by it."""
    if os.environ.get(SHIFT_SETTING):  # else settings, which are slow to load, are left alone
        from blockdata.settings import Settings

        clock = Settings().clock
        if clock.shifted:
            with suppress(OSError):  # where nobody can be told, what was asked is done all the same
                print(clock.warning().say(language()), file=sys.stderr, flush=True)


def _tell(error: BaseException, asked: str, *, as_json: bool) -> int:
    """Say what went wrong; the exit code it ends with."""
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 1
    known = _known(error) or _inside(error, asked)
    with suppress(OSError):  # where nobody can be told, the exit code has to do
        report_error(known, as_json=as_json)
    return exit_code(known)


def _known(error: BaseException) -> BlockdataError | None:
    """What can happen anywhere, in words; None for a mistake of ours."""
    if isinstance(error, BlockdataError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Interrupted(Text("由 Ctrl-C 中断", "by Ctrl-C"))
    if isinstance(error, MemoryError):
        return SetupError(
            Text("内存不足", "memory is used up"),
            cure=Text("关掉别的程序,或缩小规模", "close other programs, or ask for less"),
        )
    if isinstance(error, OSError):
        return _of_system(error)
    if "sqlalchemy.exc" in sys.modules:
        from psycopg import Error
        from sqlalchemy.exc import DBAPIError

        from blockdata.storage.failures import from_database

        if isinstance(error, DBAPIError | Error):
            return from_database(error)
    return None


_MEANS = (
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE,
    errno.EIO, errno.ENOMEM,
)  # fmt: skip


def _of_system(error: OSError) -> BlockdataError | None:
    """What the machine refuses; under ``BLOCKDATA_VAR`` that is the setting's matter."""
    var = _var()
    path = None if error.filename is None else Path(os.fsdecode(error.filename)).absolute()
    if var is not None and path is not None and path.is_relative_to(var.absolute()):
        return disk_error(error, path)
    return unwritable(path, "file", error) if error.errno in _MEANS else None


def _inside(error: BaseException, asked: str) -> BlockdataError:
    from blockdata.traces import internal_error

    var = _var()
    folders = [] if var is None else [var / "errors"]
    return internal_error(error, folders, asked)


def _var() -> Path | None:
    """The folder for what is made at run time; None where the settings cannot be read."""
    from blockdata.settings import Settings

    try:
        return Settings().var
    except BadSetting:
        return None


# -- streams ----------------------------------------------------------------------------------


def _open_streams() -> None:
    """Give a closed stream a place to go, and no stream a character it cannot say.

    What libraries warn of is for developers: it is shown where Python was asked to (``-W``).
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.showwarning = lambda *_args, **_named: None
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())


def _flush_result() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(None, "stdout", error) from None


def _leave_streams_sound() -> None:
    """Let Python's last flush meet a stream that takes it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
