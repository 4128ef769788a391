"""The folder in which a run of the tests keeps its database, and whose it is."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
OWN_VAR = PROJECT / "build" / "test-var"
PATIENCE_S = 15  # a run that was killed is swept up after within seconds
_MARK = "made-by-tests"


class Busy(Exception):
    """Another run of the tests uses the folder."""


class NotOurs(Exception):
    """The folder holds a database that the tests did not make."""


def scratch_var() -> Path:
    """The folder of this run: ``BLOCKDATA_TEST_VAR``, or the checkout's own.

    Of processes that run tests side by side, each has its own beside it.
    """
    return Path(os.environ.get("BLOCKDATA_TEST_VAR") or OWN_VAR).resolve()


def open_folder(run: str) -> Path:
    """A folder of one run that every user can enter, as pytest's own cannot be."""
    return Path(tempfile.gettempdir()).resolve() / f"blockdata-tests-{run}"


@contextmanager
def held(var: Path) -> Iterator[None]:
    """Hold the folder of a run, so that nobody's database is deleted but the tests' own.

    Raises:
        Busy, NotOurs: it must not be touched.
    """
    var.mkdir(parents=True, exist_ok=True)
    with var.with_name(f"{var.name}.lock").open("w") as lock:
        deadline = time.monotonic() + PATIENCE_S
        while not _locks(lock):
            if time.monotonic() > deadline:
                raise Busy(f"another run of the tests uses {var}: set BLOCKDATA_TEST_VAR")
            time.sleep(0.2)
        mark = var / _MARK
        used = (var / "cluster.json").exists() or (var / "cluster").exists()
        ours = var.parent == OWN_VAR.parent and var.name.startswith(OWN_VAR.name)
        if used and not ours and not mark.exists():
            raise NotOurs(f"{var} holds a database that the tests did not make")
        mark.touch()
        yield
        mark.unlink(missing_ok=True)


def _locks(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
