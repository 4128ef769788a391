"""Compiled kernels find a place in a read-only install without a home."""

import ast
import os
from pathlib import Path

import pytest

from blockdata.kernel_cache import fallback_folder

NOWHERE = Path("/proc/none")
ROOT = Path(__file__).parents[2]
KERNELS = sorted(
    path.relative_to(ROOT)
    for package in ("blockdata", "dispatch", "ingest", "maps")
    for place in ("_kernels/*.py", "_*_kernel.py")
    for path in (ROOT / package).rglob(place)
)


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


@pytest.mark.parametrize("path", KERNELS, ids=str)
def test_a_kernel_file_stands_alone(path):
    """The cache is renewed when its own file changes, and not for what that imports."""
    imported = set()
    for part in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(part, ast.Import):
            imported |= {name.name for name in part.names}
        elif isinstance(part, ast.ImportFrom):
            imported.add("." * part.level + (part.module or ""))
    outside = {name.split(".")[0] for name in imported} - {"numpy", "numba", "llvmlite"}
    assert outside <= {"collections"}


def test_kernels_agree_on_the_columns_of_a_fleet():
    from dispatch._kernels import fleet_move, fleet_search

    shared = {name for name in vars(fleet_move) if name.isupper()} - {"I32"}
    assert len(shared) == 9
    for name in shared:
        assert getattr(fleet_move, name) == getattr(fleet_search, name), name
