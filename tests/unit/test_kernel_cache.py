"""Compiled kernels find a place in a read-only install without a home."""

import os
from pathlib import Path

from blockdata.kernel_cache import fallback_folder

NOWHERE = Path("/proc/none")


def test_numba_finds_its_own_place_where_it_can(tmp_path):
    assert fallback_folder({"HOME": "/proc/none"}, tmp_path) is None
    assert fallback_folder({"HOME": str(tmp_path / "new")}, NOWHERE) is None
    assert fallback_folder({"NUMBA_CACHE_DIR": "/x", "HOME": "/proc/none"}, NOWHERE) is None


def test_without_home_and_install_a_folder_of_our_own_is_used():
    folder = fallback_folder({"HOME": "/proc/none"}, NOWHERE)
    assert folder is not None
    state = folder.lstat()
    assert state.st_uid == os.getuid()
    assert state.st_mode & 0o077 == 0
    assert fallback_folder({"HOME": "/proc/none"}, NOWHERE) == folder
