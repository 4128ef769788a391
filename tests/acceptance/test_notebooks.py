"""Every notebook runs from its first cell to its last on the demo district."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(notebook: Path, demo: Engine, command_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(notebook)],
        check=False,
        env=command_environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert "share_in_time" in done.stdout
