"""A fuzz of the command line: whatever is given, an answer comes in words, never a traceback.

``make prove NAME=fuzz`` does the same for longer, with every value at every place.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from blockdata.settings import Settings
from tests.fuzz import values
from tests.fuzz.commands import NOT_RUN, Fuzz, every_command, make_fuzz, sound_calls
from tests.fuzz.place import copied
from tests.fuzz.running import Ran, faults_of, run

SEED = 20261128
THINGS_SPOILT = 2  # of each command, with one value each


@pytest.fixture(scope="module")
def fuzz(
    demo: Engine, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fuzz]:
    folder = tmp_path_factory.mktemp("fuzz")
    with copied(demo, settings, folder) as place:
        yield make_fuzz(place)


def told(ran: Ran) -> str:
    return f"{ran}: {', '.join(faults_of(ran))}\n{(ran.err or ran.out)[:400]}"


def test_every_command_is_in_the_fuzz_with_everything_that_it_takes() -> None:
    calls = {" ".join(command.path): command for command in sound_calls()}
    parsers = {" ".join(path): parser for path, parser in every_command().items()}
    assert calls.keys() | NOT_RUN.keys() == parsers.keys()
    assert not calls.keys() & NOT_RUN.keys()
    for name, command in calls.items():
        given = {one.name for one in command.given}
        taken = {p.name for p in parsers[name].params if not getattr(p, "is_flag", False)}
        assert given == taken, name


def test_commands_answer_in_words_whatever_is_given(fuzz: Fuzz) -> None:
    dice = random.Random(SEED)
    wrong = []
    for command in sound_calls():
        spoilt_ones = dice.sample(command.given, min(THINGS_SPOILT, len(command.given)))
        cases = [(one, dice.choice(fuzz.values_of(one.kind))) for one in spoilt_ones]
        for spoilt, value in [(None, ""), *cases]:
            ran = run(fuzz.call(command, dice, spoilt, value), fuzz.place.environment)
            if faults_of(ran):
                wrong.append(told(ran))
    assert not wrong, "\n".join(wrong)


def test_commands_answer_in_words_whatever_is_set(fuzz: Fuzz) -> None:
    dice = random.Random(SEED)
    wrong = []
    for name, value in values.SETTINGS:
        words = dice.choice((["district", "list"], ["db", "status"], ["grid", "history"]))
        ran = run([*words, "--json"], fuzz.place.environment, **{name: value})
        if faults_of(ran):
            wrong.append(told(ran))
    assert not wrong, "\n".join(wrong)


def test_the_fuzz_sees_what_must_not_be(tmp_path: Path) -> None:
    """Its own eyes: each of these ends is a fault."""
    for ran in (
        Ran(("db", "status"), (), -1, "", "ValueError came out"),
        Ran(("db", "status"), (), 1, "", ""),
        Ran(("db", "status"), (), 1, "", "Traceback (most recent call last):\n"),
        Ran(("db", "status"), (), 1, "", "程序内部错误: 编号 1"),
        Ran(("db", "status", "--json"), (), 0, '{"a": NaN}\n', ""),
        Ran(("db", "status", "--json"), (), 0, "{}\n{}\n", ""),
        Ran(("db", "status", "--json"), (), 1, "", "no document"),
    ):
        assert faults_of(ran), ran
    assert not faults_of(run(["address", "parse", "固戍一路168号", "--json"], {}))
