"""The one command, run in the tests' own process: as its user would, only without a new Python."""

import sys
from collections.abc import Callable

import pytest

from blockdata.cli import main
from blockdata.settings import Settings
from tests.clocks import without_warning

Run = Callable[..., str]


def runner(
    settings: Settings, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
) -> Run:
    """A function that runs ``blockdata WORDS``, checks its exit code and gives what it printed.

    That is stdout where 0 is expected, else stderr.
    """

    def run(*words: str, expect: int = 0, language: str = "en") -> str:
        patch.setenv("BLOCKDATA_VAR", str(settings.var))
        patch.setenv("BLOCKDATA_DATABASE_URL", "")
        patch.setenv("BLOCKDATA_LANGUAGE", language)
        patch.setattr(sys, "argv", ["blockdata", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capture.readouterr()
        assert (ended.value.code or 0) == expect, said.out + said.err
        return without_warning(said.err) if expect else said.out

    return run
