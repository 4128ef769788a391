"""What is kept under var: what the disk refuses is told, and nothing else is deleted."""

import re
from pathlib import Path

import pytest

from blockdata.errors import SetupError
from blockdata.files import whole_folder
from blockdata.folders import disk_told, forget_others, keep
from blockdata.text import Text
from tests.conftest import PROJECT

# Where code may delete a folder, each with what it deletes.
MAY_DELETE = {
    "blockdata/files.py": "what it wrote itself",
    "blockdata/folders.py": "saved arrays that newer ones replace",
    "blockdata/storage/making.py": "a cluster, when db destroy is confirmed; a half-made one",
    "blockdata/debian.py": "archives of packages that it fetched",
}


def test_others_are_forgotten_but_not_what_is_being_written(tmp_path: Path) -> None:
    for name in ("here", "old", ".here.part-123"):
        (tmp_path / name).mkdir()
    forget_others(tmp_path / "here")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".here.part-123", "here"]


def test_what_the_disk_refuses_is_told_and_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for target in (tmp_path / "file" / "folder", Path("/sys/blockdata/folder")):
        with pytest.raises(SetupError) as refused, disk_told(target):
            target.mkdir(parents=True)
        assert refused.value.field == "BLOCKDATA_VAR"
        assert refused.value.cure is not None

        def save(target: Path = target) -> None:
            with whole_folder(target):
                pass

        said: list[Text] = []
        keep(save, said.append)
        assert "made again" in said[0].en


def test_folders_are_deleted_in_few_places() -> None:
    found = {
        str(path.relative_to(PROJECT))
        for package in ("blockdata", "dispatch", "ingest", "maps")
        for path in (PROJECT / package).rglob("*.py")
        if re.search(r"\brmtree\b|\bos\.removedirs\b", path.read_text(encoding="utf-8"))
    }
    assert found == set(MAY_DELETE)
