"""Results that are sent to a device or a pipe: all at the end, and never in its place."""

import os
import stat
import threading
from pathlib import Path

import pandas as pd
import pytest

from blockdata.errors import Unwritable
from blockdata.files import whole_file, write_whole


def a_full_device(folder: Path) -> Path:
    """A device of our own where this user may make one: root can take away a device."""
    path = folder / "full.parquet"
    if os.geteuid() == 0:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
    else:
        path.symlink_to("/dev/full")
    return path


def test_a_full_device_is_told_and_stays_a_device(tmp_path: Path) -> None:
    device = a_full_device(tmp_path)
    with pytest.raises(Unwritable, match="no room is left") as refused, whole_file(device) as part:
        pd.DataFrame({"a": [1]}).to_parquet(part)
    assert refused.value.field == "file"
    assert stat.S_ISCHR(device.stat().st_mode)
    with pytest.raises(Unwritable, match="no room is left"):
        write_whole(device, "words")
    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_library_that_fails_takes_nothing_away(tmp_path: Path) -> None:
    device = a_full_device(tmp_path)
    with pytest.raises(ValueError, match="Duplicate"), whole_file(device) as part:
        pd.DataFrame([[1, 2]], columns=["a", "a"]).to_parquet(part)
    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_pipe_gets_all_of_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    assert write_whole(pipe, "字" * 100_000) == 300_000
    reader.join(60)
    assert got == [("字" * 100_000).encode()]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_links_that_lead_in_a_ring_are_told(tmp_path: Path) -> None:
    ring = tmp_path / "ring.csv"
    ring.symlink_to(ring)
    with pytest.raises(Unwritable, match="in a ring"):
        write_whole(ring, "words")
