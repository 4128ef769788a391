"""How every command speaks: results, progress and errors, for people or as JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blockdata.errors import BlockdataError
from blockdata.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Callable

JsonOption = Annotated[
    bool, typer.Option("--json", help=Text("以 JSON 输出", "print the result as JSON").both)
]


def command_group(about: Text) -> typer.Typer:
    """A group of sub-commands, named by the entry point that brings it."""
    return typer.Typer(help=about.both, no_args_is_help=True, rich_markup_mode=None)


def language() -> Language:
    """The reader's language: ``BLOCKDATA_LANGUAGE``, Chinese unless it says ``en``."""
    return "en" if os.environ.get("BLOCKDATA_LANGUAGE", "zh").lower().startswith("en") else "zh"


def say(text: Text) -> None:
    """Tell the person what is going on (on stderr, so that it never mixes with a result)."""
    print(text.say(language()), file=sys.stderr, flush=True)


def emit(result: dict[str, Any] | list[Any], *, as_json: bool, human: "Callable[[], str]") -> None:
    """Print a result: one JSON document, or the text that ``human`` makes."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    else:
        print(human(), flush=True)


@contextmanager
def progress(about: Text, total: int | None = None) -> "Iterator[Callable[[int], None]]":
    """Show progress of long work on stderr; yields a function that advances it by n items.

    On a terminal it is a bar; elsewhere one line at the start and one at the end.
    """
    label = about.say(language())
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
