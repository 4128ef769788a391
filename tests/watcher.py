"""Takes away what a run of the tests leaves behind, however it ends: also by ``kill -9``.

Run as ``python -m tests.watcher RUN FOLDER`` by ``conftest.py``, in a session of its own. It
waits until its standard input ends, as it does with the process that holds the other side; then it
ends the processes of that run and deletes the clusters that belong to its folders.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.scratch import PROJECT, Busy, NotOurs, held, open_folder, scratch_var

RUN = "BLOCKDATA_TEST_RUN"  # in the environment of every process that a run starts
PATIENCE_S = 10


def start(run: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start the watcher of a run with its temporary folder; it sweeps when its pipe is closed."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.watcher", run, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is not for it
    )


def main() -> None:
    run, folder = sys.argv[1:]
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    sys.stdin.buffer.read()
    _end_processes(run)
    delete_clusters(Path(folder).resolve())
    delete_clusters(open_folder(run))
    shutil.rmtree(open_folder(run), ignore_errors=True)
    with suppress(Busy, NotOurs), held(scratch_var()):
        delete_clusters(scratch_var())


def _end_processes(run: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    for ending in (signal.SIGTERM, signal.SIGKILL):
        while pids := _processes(run):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, ending)
            if ending == signal.SIGTERM and time.monotonic() > deadline:
                break
            time.sleep(0.2)


def _processes(run: str) -> list[int]:
    mine = f"{RUN}={run}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mine in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return [pid for pid in found if pid != os.getpid()]


def delete_clusters(folder: Path) -> None:
    """Delete the clusters in a folder, and those elsewhere that belong to a ``var`` in it."""
    from blockdata.storage.belonging import FAR_ROOT, MARK, read_mark
    from blockdata.storage.cluster import Cluster

    for mark in list(folder.rglob(f"cluster/{MARK}")):
        if not mark.parent.is_symlink():
            Cluster(mark.parent.parent).destroy()
    for mark in list(FAR_ROOT.glob(f"*/{MARK}")):
        found = read_mark(mark.parent)
        if found is not None and Path(found.var).is_relative_to(folder):
            Path(found.var).mkdir(parents=True, exist_ok=True)
            Cluster(Path(found.var)).destroy()


if __name__ == "__main__":
    main()
