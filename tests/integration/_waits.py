"""A run of the tests to be interrupted: by ``test_tests_leave_nothing.py``, in a process apart."""

import os
import time
from pathlib import Path

from blockdata.storage.cluster import Cluster


def test_that_waits(database: object, tmp_path: Path) -> None:
    placement = Cluster(tmp_path).ensure_running()
    with Path(os.environ["TELL"]).open("w", encoding="utf-8") as told:
        told.write(placement.folder)
    time.sleep(600)
