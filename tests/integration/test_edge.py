"""Streams, signals and settings at the edge of the one command, run as its user runs it."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.clocks import without_warning
from tests.command import BLOCKDATA

PATIENCE_S = 120


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment without a database: none of these commands comes so far."""
    var = {"BLOCKDATA_VAR": str(tmp_path / "var"), "BLOCKDATA_LANGUAGE": "en"}
    return os.environ | var | {"BLOCKDATA_DATABASE_URL": ""}


@pytest.fixture
def addresses(tmp_path: Path) -> Path:
    """More than a pipe holds."""
    path = tmp_path / "addresses.txt"
    path.write_text("".join(f"固戍一路{n}号\n" for n in range(20_000)), encoding="utf-8")
    return path


@contextmanager
def blockdata(*words: str | bytes, **how: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """The command while it runs; at the end of the block it is gone and its pipes are closed."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | how
    with subprocess.Popen([BLOCKDATA, *words], **streams) as process:
        yield process
        process.wait(PATIENCE_S)


def ended(*words: str | bytes, **how: Any) -> tuple[int, str, str]:
    with blockdata(*words, **how) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, (out or b"").decode(), without_warning((err or b"").decode())


@contextmanager
def full() -> Iterator[int]:
    handle = os.open("/dev/full", os.O_WRONLY)
    yield handle
    os.close(handle)


def test_a_full_disk_behind_stdout_is_told(environment: dict[str, str]) -> None:
    with full() as disk:
        code, _, err = ended("db", "status", env=environment, stdout=disk)
        assert code == 1
        assert err.splitlines()[0] == (
            "the result cannot be written [stdout]: cannot write the result: "
            "no room is left on the disk"
        )
        code, _, err = ended("db", "status", "--json", env=environment, stdout=disk)
        assert code == 1
        assert json.loads(err)["type"] == "urn:blockdata:problem:unwritable"


def test_a_full_disk_behind_stderr_changes_no_exit_code(environment: dict[str, str]) -> None:
    shifted = {"BLOCKDATA_CLOCK_SHIFT_S": "3600"}  # that is told before anything else
    for own in (environment, environment | shifted):
        with full() as disk:
            code, _, _ = ended("address", "show", "x", env=own, stderr=disk)
        assert code == 2


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["words", "json"])
def test_a_reader_that_leaves_is_no_error_to_tell(
    environment: dict[str, str], addresses: Path, option: list[str]
) -> None:
    words = ("address", "parse", "--file", str(addresses), *option)
    with blockdata(*words, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = without_warning(process.stderr.read().decode())
        assert said in {"", "parsing addresses …\n"}
    assert process.returncode == 141


def test_closed_streams_are_left_alone(environment: dict[str, str]) -> None:
    def close() -> None:
        for stream in (0, 1, 2):
            os.close(stream)

    streams = {"stdout": None, "stderr": None}
    for words, code in ((("address", "parse", "固戍一路168号"), 0), (("address", "show", "x"), 2)):
        with blockdata(*words, env=environment, preexec_fn=close, **streams) as process:
            pass
        assert process.returncode == code


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["words", "json"])
def test_ctrl_c_is_told_in_one_line(
    environment: dict[str, str], tmp_path: Path, option: list[str]
) -> None:
    pipe = tmp_path / "addresses"
    os.mkfifo(pipe)
    words = ("address", "parse", "--file", str(pipe), *option)
    ctrl_c = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with (
        # what is started in the background of a shell may have been told to pay no heed to it
        blockdata(*words, env=environment, preexec_fn=ctrl_c) as process,
        pipe.open("wb"),  # opens as soon as the command reads, and gives it nothing
    ):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (130, b"")
    said = without_warning(err.decode())
    assert said.count("\n") == 1
    assert "interrupted" in said
    if option:
        assert json.loads(said)["type"] == "urn:blockdata:problem:interrupted"


def test_bytes_that_are_no_text_are_refused(environment: dict[str, str]) -> None:
    code, _, err = ended("address", "parse", b"\xb9\xcc\xca\xf9", env=environment)
    assert code == 2
    assert "an argument holds bytes that are no text" in err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORT", "abc", ("maps", "serve")),
        ("LANGUAGE", "fr", ("db", "status")),
        ("DATABASE_URL", "foo", ("db", "status")),
        ("DATABASE_URL", "postgresql://u@h/x?no_such_option=1", ("district", "list")),
        ("LOG_LEVEL", "loud", ("maps", "serve")),
        ("AREA", "!!", ("district", "show")),
        ("PROFILE", "nosuch", ("district", "build")),
        ("PROFILE", "{broken}", ("district", "build")),
        ("PROFILE", "/", ("district", "build")),
        ("VAR", "/proc/x", ("district", "list")),
        ("VAR", "/dev/null/x", ("db", "start")),
        ("CLOCK_SHIFT_S", "soon", ("address", "parse", "固戍一路168号")),
    ],
)  # fmt: skip
def test_a_bad_setting_is_told_with_its_variable_and_cure(
    environment: dict[str, str], tmp_path: Path, variable: str, value: str, words: tuple[str, ...]
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[district", encoding="utf-8")
    name = f"BLOCKDATA_{variable}"
    own = environment | {name: value.replace("{broken}", str(broken))}
    code, out, err = ended(*words, "--json", env=own)
    problem = json.loads(err)
    assert (out, problem["field"]) == ("", name)
    assert problem["cure"]
    refused_by_server = "no_such_option" in value
    assert code == (1 if refused_by_server else 2)


@pytest.mark.parametrize(
    "host",
    [
        "no.such.host.invalid", "x" * 300, "..", "256.1.1.1", "0.0.0.0", "::ffff:x",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_served_is_told(environment: dict[str, str], host: str) -> None:
    own = environment | {"BLOCKDATA_HOST": host}
    code, _, err = ended("maps", "serve", "--json", env=own)
    assert code == 1
    assert json.loads(err)["field"] == "host"


def test_the_shell_may_ask_how_a_word_goes_on(environment: dict[str, str]) -> None:
    asking = {"_BLOCKDATA_COMPLETE": "complete_bash", "COMP_WORDS": "blockdata di"}
    code, out, err = ended(env=environment | asking | {"COMP_CWORD": "1"})
    assert (code, out.split(), err) == (0, ["dispatch", "district"], "")
