"""The one command. Each package hangs its sub-commands on it by the entry-point group below."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

COMMAND_GROUP = "blockdata.commands"


def make_app() -> "typer.Typer":
    """The whole command with the sub-commands of every package."""
    from importlib.metadata import entry_points

    from blockdata.console import command_group
    from blockdata.text import Text

    app = command_group(
        Text("块数据:地址、网格、路网与派遣", "block data: addresses, grids, roads and dispatch")
    )
    for entry in sorted(entry_points(group=COMMAND_GROUP), key=lambda e: e.name):
        app.add_typer(entry.load(), name=entry.name)
    return app


def main() -> None:
    """Run ``blockdata``: exit code 0 ok, 1 failed, 2 usage, 3 data-quality gate, 130 interrupted.

    Everything is imported below this line, so that Ctrl-C is told in words from the start.
    """
    try:
        from blockdata.edge import run
        from blockdata.kernel_cache import place_kernel_cache

        place_kernel_cache()
        code = run(make_app, sys.argv[1:])
    except KeyboardInterrupt:  # before the edge stood, or while it told of something else
        print("已中断 · interrupted", file=sys.stderr)
        code = 130
    raise SystemExit(code)
