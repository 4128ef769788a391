"""The one command. Each package hangs its sub-commands on it by the entry-point group below."""

import os
import sys
from importlib.metadata import entry_points

import typer

from blockdata.clock import SHIFT_SETTING
from blockdata.console import command_group, report_error, say
from blockdata.errors import BlockdataError, exit_code
from blockdata.kernel_cache import place_kernel_cache
from blockdata.text import Text

COMMAND_GROUP = "blockdata.commands"


def make_app() -> typer.Typer:
    """The whole command with the sub-commands of every package."""
    app = command_group(
        Text("块数据:地址、网格、路网与派遣", "block data: addresses, grids, roads and dispatch")
    )
    for entry in sorted(entry_points(group=COMMAND_GROUP), key=lambda e: e.name):
        app.add_typer(entry.load(), name=entry.name)
    return app


def main() -> None:
    """Run ``blockdata``: exit code 0 ok, 1 failed, 2 usage, 3 data-quality gate."""
    place_kernel_cache()
    try:
        _tell_of_a_shifted_clock()
        make_app()(prog_name="blockdata")
    except BlockdataError as error:
        report_error(error, as_json="--json" in sys.argv)
        raise SystemExit(exit_code(error)) from None


def _tell_of_a_shifted_clock() -> None:
    """Say it once on stderr, before anything is done by it."""
    if os.environ.get(SHIFT_SETTING):  # else settings, which are slow to load, are left alone
        from blockdata.settings import Settings

        clock = Settings().clock
        if clock.shifted:
            say(clock.warning())
