"""How every command speaks: results, progress and errors, for people or as JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.errors import BlockdataError
from blockdata.files import unwritable
from blockdata.text import Language, Text, read_language

if TYPE_CHECKING:
    from collections.abc import Callable

JsonOption = Annotated[
    bool, typer.Option("--json", help=Text("以 JSON 输出", "print the result as JSON").both)
]


_AS_JSON: ContextVar[bool] = ContextVar("as_json", default=False)


@contextmanager
def speaking(*, as_json: bool) -> Iterator[None]:
    """While a command runs: with ``as_json`` nothing but one document goes to each stream."""
    before = _AS_JSON.set(as_json)
    try:
        yield
    finally:
        _AS_JSON.reset(before)


def command_group(about: Text) -> typer.Typer:
    """A group of sub-commands, named by the entry point that brings it."""
    return typer.Typer(help=about.both, no_args_is_help=True, rich_markup_mode=None)


def language() -> Language:
    """The reader's language, as ``Settings.language`` has it.

    Read without the settings: errors of those have to be told as well, and ``--help`` is to be
    quick. A word that names no language is refused by ``Settings``; until then it is Chinese.
    """
    named = {name.lower(): words for name, words in os.environ.items()}
    return read_language(named.get("blockdata_language", "")) or "zh"


def say(text: Text) -> None:
    """Tell the person what is going on (on stderr, so that it never mixes with a result)."""
    if not _AS_JSON.get():
        print(text.say(language()), file=sys.stderr, flush=True)


def emit(result: dict[str, Any] | list[Any], *, as_json: bool, human: "Callable[[], str]") -> None:
    """Print a result: one JSON document, or the text that ``human`` makes.

    Raises:
        Unwritable: nothing can be written to standard output.
    """
    print_result(as_document(result) if as_json else human())


def as_document(result: Any) -> str:
    """A result as one line of JSON."""
    return json.dumps(result, ensure_ascii=False, default=str, allow_nan=False)


def print_result(words: str) -> None:
    """Print (a line of) a result.

    Raises:
        Unwritable: nothing can be written to standard output.
        BrokenPipeError: whoever read it has left.
    """
    try:
        print(words, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(None, "stdout", error) from None


@contextmanager
def progress(about: Text, total: int | None = None) -> "Iterator[Callable[[int], None]]":
    """Show progress of long work on stderr; yields a function that advances it by n items.

    On a terminal it is a bar; elsewhere one line at the start and one at the end.
    """
    label = about.say(language())
    if _AS_JSON.get():
        yield lambda _n: None
        return
    if not sys.stderr.isatty():
        print(f"{label} …", file=sys.stderr, flush=True)
        yield lambda _n: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(label, total=total)
        yield lambda n: bars.update(task, advance=n)


def report_error(error: BlockdataError, *, as_json: bool) -> None:
    """Print an error on stderr, as a problem document or as a paragraph."""
    if as_json:
        print(json.dumps(error.problem(), ensure_ascii=False, default=str), file=sys.stderr)
    else:
        print(error.say(language()), file=sys.stderr)
