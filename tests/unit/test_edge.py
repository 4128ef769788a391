"""The edge of every command: whatever happens inside ends in words and an exit code."""

import errno
import json
import logging
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import psycopg
import pytest
import typer
from psycopg import errors as pg
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from blockdata.console import JsonOption
from blockdata.edge import run
from blockdata.errors import READER_GONE, DataQualityGate, NotFound
from blockdata.text import Text


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BLOCKDATA_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("BLOCKDATA_LANGUAGE", "en")
    monkeypatch.delenv("BLOCKDATA_CLOCK_SHIFT_S", raising=False)  # its warning is tested elsewhere


def app_that(happens: Callable[[], None]) -> Callable[[], typer.Typer]:
    """An application with a command in which something happens."""

    def make() -> typer.Typer:
        app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

        @app.command()
        def act(
            many: Annotated[int, typer.Option(min=1, max=9)] = 1, as_json: JsonOption = False
        ) -> None:
            happens()

        app.command("other")(lambda: None)
        return app

    return make


def failing(error: BaseException) -> Callable[[], typer.Typer]:
    def fail() -> None:
        raise error

    return app_that(fail)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


GATE = DataQualityGate(Text("太少", "too few"), field="gate", cure=Text("放宽", "lower it"))
DISK = OSError(errno.ENOSPC, "No space left on device")
GONE = OperationalError("SELECT 1", {}, psycopg.OperationalError("server closed the connection"))
FULL = OperationalError("INSERT", {"name": "secret"}, pg.DiskFull("could not extend file"))
DEADLOCK = OperationalError("UPDATE", {}, pg.DeadlockDetected("deadlock detected"))
READONLY = InternalError("INSERT", {}, pg.ReadOnlySqlTransaction("read-only transaction"))


@pytest.mark.parametrize(
    ("error", "code", "kind", "words"),
    [
        (NotFound(Text("没有", "no such thing"), field="area"), 1, "not-found", "no such thing"),
        (GATE, 3, "data-quality-gate", "too few"),
        (KeyboardInterrupt(), 130, "interrupted", "Ctrl-C"),
        (typer.Abort(), 130, "interrupted", "Ctrl-C"),
        (MemoryError(), 1, "setup-error", "memory is used up"),
        (DISK, 1, "unwritable", "no room is left on the disk"),
        (OSError(errno.EROFS, "x", "/mnt/a.csv"), 1, "unwritable", "/mnt/a.csv: the disk is read"),
        (GONE, 1, "unavailable", "the database does not answer: server closed the connection"),
        (GONE.orig, 1, "unavailable", "does not answer: server closed the connection"),
        (FULL.orig, 1, "unavailable", "the database's disk is full"),
        (FULL, 1, "unavailable", "the database's disk is full"),
        (DEADLOCK, 1, "conflict", "it met another change"),
        (READONLY, 1, "not-permitted", "may not do it"),
    ],
)  # fmt: skip
def test_what_can_happen_anywhere_is_told_in_words(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, kind: str, words: str
) -> None:
    assert run(failing(error), ["act"]) == code
    said = told(capsys)
    assert words in said
    assert "secret" not in said
    assert run(failing(error), ["act", "--json"]) == code
    problem = json.loads(told(capsys))
    assert problem["type"] == f"urn:blockdata:problem:{kind}"
    assert words in problem["detail"]
    assert problem["detail_zh"] != problem["detail"]


def test_what_the_machine_refuses_under_var_is_the_matter_of_its_setting(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    error = OSError(errno.EACCES, "Permission denied", str(tmp_path / "var" / "cluster.lock"))
    assert run(failing(error), ["act", "--json"]) == 1
    problem = json.loads(told(capsys))
    assert problem["field"] == "BLOCKDATA_VAR"
    assert "permission denied" in problem["detail"]


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a mistake"), KeyError("x"), RecursionError(), ZeroDivisionError(),
        UnicodeEncodeError("utf-8", "\udcff", 0, 1, "no"), AssertionError(), FileNotFoundError("x"),
        IntegrityError("INSERT", {}, pg.UniqueViolation("twice")),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_a_mistake_of_ours_is_told_by_a_reference_and_its_trace_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, error: Exception
) -> None:
    assert run(failing(error), ["act", "--many=3"]) == 1
    said = told(capsys)
    assert "Traceback" not in said
    (file,) = (tmp_path / "var" / "errors").iterdir()
    assert f"reference {file.stem}" in said
    assert str(file) in said
    trace = file.read_text(encoding="utf-8")
    assert "\nblockdata act --many\n" in trace
    assert "in fail\n" in trace
    assert type(error).__name__ in trace
    assert "a mistake" not in trace
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert run(failing(error), ["act", "--json"]) == 1
    problem = json.loads(told(capsys))
    assert problem["type"] == "urn:blockdata:problem:internal-error"
    assert Path(problem["trace"]).is_file()
    assert Path(problem["trace"]).stem == problem["reference"]


def test_a_trace_goes_to_a_temporary_folder_where_var_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOCKDATA_VAR", "/proc/nowhere")
    assert run(failing(ValueError("x")), ["act", "--json"]) == 1
    trace = Path(json.loads(told(capsys))["trace"])
    assert trace.is_file()
    assert not trace.is_relative_to("/proc")
    assert stat.S_IMODE(trace.parent.stat().st_mode) == 0o700
    trace.unlink()


def test_a_trace_is_kept_also_where_the_settings_are_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOCKDATA_PORT", "x")
    assert run(failing(ValueError("x")), ["act", "--json"]) == 1
    Path(json.loads(told(capsys))["trace"]).unlink()


@pytest.mark.parametrize(
    ("words", "field", "said", "zh"),
    [
        (["nothing"], None, "No such command 'nothing'.", "没有命令“nothing”"),
        (["act", "--nothing"], "--nothing", "No such option: --nothing", "没有选项 --nothing"),
        (["act", "--many"], "--many", "Option '--many' requires an argument.",
         "选项 --many 缺少取值"),
        (["act", "--many", "x"], "--many", "it should be a whole number", "应为整数"),
        (["act", "--many", "10"], "--many", "it should be at most 9", "应不大于 9"),
        (["act", "--many=" + "9" * 5000], "--many", "the number is too large", "数字过大"),
        (["act", "more"], None, "Got unexpected extra argument(s) (more)", "多余的参数:more"),
        (["act", "\udcff"], "arguments", "an argument holds bytes that are no text",
         "参数含有不是文字的字节"),
        (["act", "--many", "\udcff"], "--many", "an argument holds bytes that are no text",
         "参数含有不是文字的字节"),
        (["act", "--many=a\0"], "--many", "an argument holds bytes that are no text",
         "参数含有不是文字的字节"),
    ],
)  # fmt: skip
def test_wrong_usage_is_told_in_both_languages_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], words: list[str], field: str | None, said: str, zh: str
) -> None:
    assert run(app_that(lambda: None), [words[0], "--json", *words[1:]]) == 2
    problem = json.loads(told(capsys))
    assert problem["type"] == "urn:blockdata:problem:bad-usage"
    assert problem.get("field") == field
    assert problem["detail"].startswith(said)
    assert problem["detail_zh"] == zh
    assert problem["cure"]
    assert run(app_that(lambda: None), words) == 2
    assert said in told(capsys)


def test_no_words_at_all_are_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(lambda: None), []) == 2
    assert "Usage: blockdata" in told(capsys)


def test_a_reader_that_has_gone_is_no_error_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(failing(BrokenPipeError(errno.EPIPE, "x")), ["act"]) == READER_GONE
    assert told(capsys) == ""


def test_a_command_that_ends_well_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(app_that(lambda: print("done")), ["act"]) == 0
    assert capsys.readouterr().out == "done\n"


def test_json_after_a_double_dash_is_a_word_and_no_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(app_that(lambda: None), ["act", "--", "--json"]) == 2
    assert told(capsys).startswith("wrong usage")


def test_nothing_that_libraries_warn_of_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def speak() -> None:
        logging.getLogger("some.library").warning("beware")

    before = os.environ.copy()
    assert run(app_that(speak), ["act"]) == 0
    assert told(capsys) == ""
    assert os.environ.copy() == before
