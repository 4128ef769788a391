"""``make test`` leaves no database and no process behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blockdata.storage.belonging import FAR_ROOT, MARK, read_mark
from blockdata.storage.cluster import Cluster
from tests.conftest import PROJECT
from tests.scratch import NotOurs, held

PATIENCE_S = 240
WAITS = PROJECT / "tests" / "integration" / "_waits.py"


def servers_below(*folders: Path) -> list[int]:
    """PostgreSQL servers that work anywhere below some folders."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and any(
                (entry / "cwd").resolve().is_relative_to(folder) for folder in folders
            ):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def far_clusters_of(folder: Path) -> list[Path]:
    marks = ((path.parent, read_mark(path.parent)) for path in FAR_ROOT.glob(f"*/{MARK}"))
    return [at for at, mark in marks if mark and Path(mark.var).is_relative_to(folder)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_leaves_nothing(
    open_path: Path, tmp_path: Path, ending: signal.Signals
) -> None:
    var, told = open_path / "var", tmp_path / "told"
    environment = os.environ | {"BLOCKDATA_TEST_VAR": str(var), "TELL": str(told)}
    command = [sys.executable, "-m", "pytest", "-q", str(WAITS), f"--basetemp={tmp_path / 'run'}"]
    run = subprocess.Popen(
        command, cwd=PROJECT, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + PATIENCE_S
    while not (told.exists() and told.read_text(encoding="utf-8")):
        assert run.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    apart = Path(told.read_text(encoding="utf-8"))
    assert servers_below(var)
    assert servers_below(apart)
    run.send_signal(ending)
    run.wait(timeout=PATIENCE_S)
    while left := [
        *servers_below(var, apart),
        *far_clusters_of(tmp_path),
        *(path for path in var.glob("cluster*") if path.is_dir()),  # being deleted
    ]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    assert not apart.exists()


def test_a_folder_with_somebody_s_register_is_left_alone(tmp_path: Path) -> None:
    Cluster(tmp_path).ensure_running()
    try:
        with pytest.raises(NotOurs), held(tmp_path):
            raise AssertionError
        environment = os.environ | {"BLOCKDATA_TEST_VAR": str(tmp_path), "TELL": os.devnull}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", str(WAITS)],
            cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "did not make" in done.stdout
        assert Cluster(tmp_path).status()[1]
    finally:
        Cluster(tmp_path).destroy()
