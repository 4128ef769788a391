"""Files are written whole or not at all: on a full disk, interrupted, killed, or two at once."""

import ast
import contextlib
import json
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blockdata.errors import BlockdataError, InputError, SetupError
from blockdata.files import whole_file, whole_folder, write_whole
from blockdata.grid.counts.report import write_layer
from blockdata.grid.index import GridIndex
from blockdata.grid.layer_file import write_csv, write_table
from blockdata.grid.planner.plan_file import write_json
from dispatch.hierarchy.hierarchy import Hierarchy
from tests.conftest import PROJECT

ROOM_BYTES = 20_000
OLD = "what stood here before"


@contextlib.contextmanager
def little_room(most_bytes: int = ROOM_BYTES) -> Iterator[None]:
    """No file may grow beyond so many bytes: what is written stops short, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _points(count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(1)
    words = [f"名称{n} {n * 7919 % 104729}" for n in range(count)]
    return gpd.GeoDataFrame({"s": words}, geometry=shapely.points(rng.random((count, 2))), crs=4326)


def _table() -> pd.DataFrame:
    return pd.DataFrame(_points(20_000).drop(columns="geometry"))


FILES: dict[str, Callable[[Path], Any]] = {
    "a.csv": lambda path: write_csv(_table(), path, "out"),
    "b.csv": lambda path: write_table(_table(), path),
    "b.parquet": lambda path: write_table(_table(), path),
    "c.parquet": lambda path: write_layer(_points(20_000), path),
    "c.geojson": lambda path: write_layer(_points(2_000), path),
    "d.json": lambda path: write_json(path, {"words": _table()["s"].tolist()}),
    "e.html": lambda path: write_whole(path, "字" * 100_000),
}


@pytest.mark.parametrize("name", FILES)
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(OLD, encoding="utf-8")
    with little_room(), pytest.raises(InputError) as error:
        FILES[name](path)
    assert "cannot write" in error.value.detail.en
    assert error.value.field is not None
    assert error.value.cure is not None
    assert "free some space" in error.value.cure.en
    assert path.read_text(encoding="utf-8") == OLD
    assert _names(tmp_path) == [name]
    FILES[name](path)
    assert _names(tmp_path) == [name]
    assert path.stat().st_size > ROOM_BYTES


def test_a_layer_that_lacks_room_for_its_last_bytes_is_not_taken_for_whole(tmp_path: Path) -> None:
    """GDAL says nothing when the very last of a GeoJSON file does not fit."""
    layer, path = _points(300), tmp_path / "x.geojson"
    write_layer(layer, path)
    size = path.stat().st_size
    for short in (1, 50, 3_000):
        with little_room(size - short), pytest.raises(InputError):
            write_layer(layer, path)
        assert len(json.loads(path.read_bytes())["features"]) == 300


def test_a_full_disk_leaves_the_old_folder(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    corners = [shapely.box(x, 22.6, x + 0.009, 22.61) for x in np.linspace(113.8, 113.9, 11)]
    index = GridIndex.build(gpd.GeoSeries(corners, index=[f"g{n}" for n in range(11)], crs=4326))
    tails, heads = rng.integers(0, 3_000, (2, 9_000))
    hierarchy = Hierarchy.build(3_000, tails, heads)
    for name, save in (("grids", index.save), ("roads", hierarchy.save)):
        folder = tmp_path / name
        save(folder)
        held = {file.name: file.read_bytes() for file in folder.iterdir()}
        with little_room(), pytest.raises((InputError, SetupError)):
            save(folder)
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == held
    assert _names(tmp_path) == ["grids", "roads"]


def test_an_index_never_takes_the_place_of_somebodys_folder(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "diary.txt").write_text(OLD, encoding="utf-8")
    corner = gpd.GeoSeries([shapely.box(113.8, 22.6, 113.81, 22.61)], index=["a"], crs=4326)
    index = GridIndex.build(corner)
    for taken in ("notes", "notes/diary.txt"):
        with pytest.raises(InputError) as error:
            index.save(tmp_path / taken)
        assert error.value.field == "out"
    assert (tmp_path / "notes" / "diary.txt").read_text(encoding="utf-8") == OLD
    (tmp_path / "empty").mkdir()
    assert (index.save(tmp_path / "empty") / "index.json").is_file()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, ValueError, BlockdataError])
def test_an_interrupted_write_leaves_nothing(tmp_path: Path, ending: type[BaseException]) -> None:
    path, folder = tmp_path / "x.csv", tmp_path / "folder"

    def begin_file() -> None:
        with whole_file(path) as part:
            part.write_text("half", encoding="utf-8")
            raise ending

    def begin_folder() -> None:
        with whole_folder(folder) as scratch:
            (scratch / "half").write_text("half", encoding="utf-8")
            raise ending

    for begin in (begin_file, begin_folder):
        with pytest.raises(ending):
            begin()
    assert _names(tmp_path) == []


def test_a_killed_write_leaves_the_final_name_alone_and_is_cleared_away_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(OLD, encoding="utf-8")
    code = (
        "import os, signal, sys; from pathlib import Path; from blockdata.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as part:\n"
        "    part.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, cwd=PROJECT)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == OLD
    (left,) = (file for file in tmp_path.iterdir() if file != path)
    assert left.name.startswith(".x.part-")
    write_whole(path, "new")
    assert left.exists()  # it may be another's that is still being written
    os.utime(left, (0, 0))
    write_whole(path, "newer")
    assert _names(tmp_path) == ["x.csv"]


def test_links_devices_modes_and_folders(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text(OLD, encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    assert write_whole(link, "neu") == 3
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "neu"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    write_whole(Path("/dev/null"), "gone")
    assert Path("/dev/null").is_char_device()
    for bad in (tmp_path, tmp_path / "real.txt" / "below.txt", Path("/proc/x.csv")):
        with pytest.raises(InputError) as error:
            write_whole(bad, "x", "output")
        assert error.value.field == "output"
    with pytest.raises(SetupError):  # nobody gave the place
        write_whole(Path("/proc/x.csv"), "x", None)
    assert write_whole(tmp_path / "new" / "below.txt", "x") == 1


# Writes that stand outside a ``with whole_file`` or ``with whole_folder``, and why.
ALLOWED = {
    ("blockdata/files.py", "write_bytes"),  # the helper itself
    ("blockdata/files.py", "open"),
    ("blockdata/storage/cluster.py", "open"),  # a lock, with nothing in it
    ("blockdata/debian.py", "open"),  # a lock
    ("maps/assets.py", "open"),  # a lock
    ("blockdata/storage/serving.py", "open"),  # told and locked, for as long as a server runs
    ("blockdata/storage/belonging.py", "write_text"),  # beside its place with its mode, then there
    (
        "blockdata/storage/making.py",
        "open",
    ),  # adds to initdb's configuration, in a folder half made
    ("blockdata/storage/making.py", "write_text"),  # initdb's, in a folder half made
    ("maps/assets.py", "write_text"),  # called within, with the part's folder
    ("blockdata/storage/binaries.py", "copyfile"),  # unpacked packages, checked when used
    ("maps/assets.py", "copyfile"),  # npm's own folder under build
    ("blockdata/address/register/export.py", "open"),  # called within, with the part's path
    ("blockdata/address/importing/quarantine.py", "open"),  # the part, opened when first needed
    ("blockdata/grid/counts/report.py", "to_file"),  # into memory
    ("dispatch/network/network.py", "save"),  # called within, with the part's folder
}
_WRITERS = {
    "write_text", "write_bytes", "to_csv", "to_parquet", "to_file", "savez", "savez_compressed",
    "copyfile",
}  # fmt: skip


def _writes(tree: ast.AST, *, whole: bool = False) -> Iterator[tuple[str, int]]:
    for node in ast.iter_child_nodes(tree):
        within = whole or (
            isinstance(node, ast.With)
            and any("whole_f" in ast.unparse(item.context_expr) for item in node.items)
        )
        if isinstance(node, ast.Call) and not within:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            owner = ast.unparse(node.func).rpartition(".")[0]
            modes = [a.value for a in node.args if isinstance(a, ast.Constant)]
            opens = name == "open" and any(str(m)[:1] in set("wax") for m in modes)
            saves = name == "save" and owner == "np"
            if opens or saves or name in _WRITERS:
                yield name, node.lineno
        yield from _writes(node, whole=within)


def test_every_writer_of_the_packages_writes_whole_files() -> None:
    found = set()
    for package in ("blockdata", "dispatch", "ingest", "maps"):
        for file in sorted((PROJECT / package).rglob("*.py")):
            where = file.relative_to(PROJECT).as_posix()
            for name, line in _writes(ast.parse(file.read_text(encoding="utf-8"))):
                if (where, name) not in ALLOWED:
                    found.add(f"{where}:{line} {name}")
    assert found == set()
