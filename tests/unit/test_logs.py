"""Logs say where something went wrong, never what was asked."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from blockdata.logs import configure_logging, without_words

SECRET = "固戍一路168号"


@pytest.fixture
def logs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Callable[[], None]], str]]:
    """What is logged while something is done."""

    def said_by(do: Callable[[], None]) -> str:
        monkeypatch.setattr(logging.root, "handlers", [])
        monkeypatch.setattr(logging.root, "level", logging.WARNING)
        monkeypatch.setattr(logging, "raiseExceptions", True)
        configure_logging("DEBUG")
        do()
        return capsys.readouterr().err

    yield said_by
    structlog.reset_defaults()


def fail() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise LookupError(f"nothing at {SECRET}") from error


def test_an_error_is_its_kind_and_its_places():
    with pytest.raises(LookupError) as caught:
        fail()
    told = without_words(caught.value)
    assert "builtins.ValueError" in told
    assert "builtins.LookupError" in told
    assert f"{__file__}" in told
    assert " fail" in told
    assert SECRET not in told


def test_tracebacks_of_any_logger_have_no_words(logs):
    def log_both() -> None:
        for log in (logging.getLogger("some.library"), structlog.get_logger("our.own")):
            try:
                fail()
            except LookupError:
                log.exception("it failed")

    said = logs(log_both)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["it failed"] * 2
    assert all("LookupError" in line["exception"] for line in lines)
    assert SECRET not in said


def test_a_task_that_nobody_looked_at_is_logged_without_what_it_failed_on(logs):
    async def forget() -> None:
        async def ask() -> None:
            raise LookupError(SECRET)

        task = asyncio.create_task(ask())
        await asyncio.wait({task})
        del task

    said = logs(lambda: asyncio.run(forget()))
    assert "never retrieved" in said
    assert SECRET not in said


def test_libraries_do_not_write_out_what_passes_through_them(logs):
    names = ("uvicorn.access", "uvicorn.error", "sqlalchemy.engine.Engine", "asyncio", "httpx")

    def ask() -> None:
        for name in names:
            logging.getLogger(name).info("GET /v1/addresses/match?q=%s", SECRET)

    assert logs(ask) == ""
