"""An earlier build of this project as a peer: its own checkout, environment and process.

The process holds what it needs and does a piece of work each time it is told to, so that both
builds can be timed in turn, on the same machine at the same time.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks._harness import PROJECT

_INSTALL_S = 900
# Reads the script, then calls of its functions, a line of JSON each; answers with a line of JSON.
_HOST = """
import json, sys
answers, sys.stdout = sys.stdout, sys.stderr
kept = {}
exec(json.loads(sys.stdin.readline()), kept)
for line in sys.stdin:
    said = json.loads(line)
    print(json.dumps(kept[said["call"]](*said["with"])), file=answers, flush=True)
"""


class Before:
    """The process of an earlier build."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the script there; arguments and answer go as JSON."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(
            json.dumps({"call": function, "with": arguments}),
            file=self._process.stdin,
            flush=True,
        )
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the build before ended with {self._process.wait()}")
        return json.loads(answer)


@contextmanager
def build_of(commit: str, script: str) -> Iterator[Before]:
    """Run a script in the build of a commit, for as long as the block lasts.

    Raises:
        CalledProcessError: the history does not reach so far, or a package cannot be had.
    """
    with tempfile.TemporaryDirectory(prefix="before-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        try:
            python = _environment(tree)
            process = subprocess.Popen(
                [str(python), "-c", _HOST],
                cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert process.stdin is not None
            print(json.dumps(script), file=process.stdin, flush=True)
            try:
                yield Before(process)
            finally:
                process.stdin.close()
                process.wait(60)
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _environment(tree: Path) -> Path:
    python = tree / ".venv" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    _run([str(uv), "venv", "--quiet", str(tree / ".venv")])
    _run(
        [
            str(uv), "pip", "install", "--quiet", "--python", str(python), "-c",
            str(tree / "requirements.lock"), "-e", str(tree),
        ]
    )  # fmt: skip
    return python


def _git(*words: str) -> None:
    _run(["git", "-C", str(PROJECT), *words])


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, timeout=_INSTALL_S)
