"""Run ``blockdata`` in this process as its user would, and judge what came of it."""

import io
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.pool import Pool

from blockdata.cli import main
from tests.clocks import without_warning

PATIENCE_S = 120
_NET = ("urn:blockdata:problem:internal-error", "程序内部错误", "an error inside")


@dataclass(frozen=True)
class Ran:
    """What was run, and what came of it."""

    words: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    code: int
    out: str
    err: str

    def __str__(self) -> str:
        named = [f"{name}={value[:60]!r}" for name, value in self.settings]
        said = [word if len(word) < 80 else f"{word[:60]}…({len(word)})" for word in self.words]
        return " ".join([*named, "blockdata", *map(repr, said)])


class TooLong(Exception):
    """A command did not come to its end."""


def run(words: Sequence[str], environment: Mapping[str, str], **settings: str) -> Ran:
    """Run the words with ``BLOCKDATA_<NAME>`` settings on top of an environment."""
    own = {f"BLOCKDATA_{name}": value for name, value in settings.items()}
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with (
        patch.dict(os.environ, {**environment, **own}),
        patch.multiple(sys, argv=["blockdata", *words], stdout=streams[0], stderr=streams[1]),
        _watched(),
        _connections_closed(),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException as error:  # noqa: BLE001 -- the very thing that must not happen
            code = -1
            print(f"{type(error).__name__} came out: {error}", file=streams[1])
    out, err = (_text(stream) for stream in streams)
    return Ran(tuple(words), tuple(own.items()), code, out, without_warning(err))


def faults_of(ran: Ran) -> list[str]:
    """What is wrong with how a command ended; nothing where it ended as it should."""
    faults = []
    if ran.code not in {0, 1, 2, 3}:
        faults.append(f"exit code {ran.code}")
    if ran.code and not ran.err.strip():
        faults.append("failed without a word")
    if "Traceback (most recent call last)" in ran.out + ran.err:
        faults.append("a traceback")
    if any(words in ran.err for words in _NET):
        faults.append("an error that nothing explained")
    if "--json" in ran.words:
        faults += _faults_of_json(ran)
    return faults


def _faults_of_json(ran: Ran) -> list[str]:
    faults = []
    lines = ran.out.splitlines()
    one_a_line = ran.words[:2] == ("address", "parse")
    if ran.code == 0 and len(lines) != 1 and not one_a_line:
        faults.append(f"{len(lines)} lines instead of one document on stdout")
    if not all(_is_json(line) for line in lines):
        faults.append("no JSON on stdout")
    if ran.code == 0 and ran.err:
        faults.append("something beside the document")
    if ran.code:
        problem = _json(ran.err)
        if not isinstance(problem, dict) or not {"type", "title", "detail"} <= problem.keys():
            faults.append("no problem document on stderr")
        elif problem["status"] == 422 and not problem.get("field"):
            faults.append("no field is named")
    return faults


def _json(words: str) -> Any:
    def refuse(name: str) -> Any:
        raise ValueError(name)

    try:
        return json.loads(words, parse_constant=refuse)
    except ValueError:
        return None


def _is_json(words: str) -> bool:
    return _json(words) is not None


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    content: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return content.decode()


@contextmanager
def _connections_closed() -> Iterator[None]:
    """Close what a command leaves open to the end of its process, which here goes on."""
    opened: list[Any] = []

    def note(connection: Any, _: Any) -> None:
        opened.append(connection)

    event.listen(Pool, "connect", note)
    try:
        yield
    finally:
        event.remove(Pool, "connect", note)
        for connection in opened:
            connection.close()


@contextmanager
def _watched() -> Iterator[None]:
    """Let a command that hangs end with an error that nothing explains."""

    def ring(*_: object) -> None:
        raise TooLong(f"{PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
