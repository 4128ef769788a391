"""Folders of our own making are written whole or not at all, and take nothing else's place."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blockdata.errors import InputError, SetupError
from blockdata.folders import forget_others, keep_folder, write_folder
from blockdata.text import Text
from tests.conftest import PROJECT

# Where code may delete a folder, each with what it deletes.
MAY_DELETE = {
    "blockdata/folders.py": "what it wrote itself",
    "blockdata/storage/making.py": "a cluster, when db destroy is confirmed; a half-made one",
    "blockdata/debian.py": "archives of packages that it fetched",
}


def text_into(words: str) -> "object":
    def write(folder: Path) -> None:
        (folder / "a").write_text(words, encoding="utf-8")
        (folder / "b").write_text(words, encoding="utf-8")

    return write


def test_a_folder_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "made" / "here"
    for words in ("one", "two"):
        write_folder(target, text_into(words))  # type: ignore[arg-type]
        assert (target / "a").read_text(encoding="utf-8") == words
    assert [path.name for path in target.parent.iterdir()] == ["here"]


def test_what_fails_half_way_leaves_the_old(tmp_path: Path) -> None:
    target = tmp_path / "here"
    write_folder(target, text_into("one"))  # type: ignore[arg-type]

    def fail(folder: Path) -> None:
        (folder / "a").write_text("two", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(target, fail)
    assert (target / "a").read_text(encoding="utf-8") == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_many_at_once_leave_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "here"
    failed: list[BaseException] = []

    def again(words: str) -> None:
        try:
            for _ in range(30):
                write_folder(target, text_into(words))  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=again, args=(f"{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (target / "a").read_text(encoding="utf-8") == (target / "b").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_writes_is_not(
    tmp_path: Path,
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, written = tmp_path / f".new-{dead.pid}-x", tmp_path / f".new-{os.getpid()}-x"
    left.mkdir()
    written.mkdir()
    (tmp_path / "old").mkdir()
    write_folder(tmp_path / "here", text_into("one"))  # type: ignore[arg-type]
    forget_others(tmp_path / "here")
    assert sorted(path.name for path in tmp_path.iterdir()) == [written.name, "here"]


def test_something_else_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    with pytest.raises(InputError) as refused:
        write_folder(tmp_path, text_into("one"), ours=lambda _: False)  # type: ignore[arg-type]
    assert refused.value.field == "out"
    assert (tmp_path / "cluster").is_dir()


def test_a_disk_that_refuses_is_told_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for target in (tmp_path / "file" / "folder", Path("/sys/blockdata/folder")):
        with pytest.raises(SetupError) as refused:
            write_folder(target, text_into("one"))  # type: ignore[arg-type]
        assert refused.value.field == "BLOCKDATA_VAR"
        assert refused.value.cure is not None
        said: list[Text] = []
        keep_folder(target, text_into("one"), said.append)  # type: ignore[arg-type]
        assert "made again" in said[0].en


def test_folders_are_deleted_in_few_places() -> None:
    found = {
        str(path.relative_to(PROJECT))
        for package in ("blockdata", "dispatch", "ingest", "maps")
        for path in (PROJECT / package).rglob("*.py")
        if re.search(r"\brmtree\b|\bos\.removedirs\b", path.read_text(encoding="utf-8"))
    }
    assert found == set(MAY_DELETE)
