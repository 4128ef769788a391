"""A file of addresses costs what parsing them does: nothing is looked up again for each row."""

import json
from pathlib import Path

import pytest

from blockdata.address import parse_command
from blockdata.address.parse import parse
from blockdata.address.parse_command import parse as command
from blockdata.address.parsing import above
from blockdata.address.parsing.gazetteer import Division, divisions

DISTRICTS = sorted(
    {d.name for d in divisions() if d.level == "district" and d.status == "current"}
)[:300]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "addresses.txt"
    path.write_text("".join(f"{name}人民路1号\n" for name in DISTRICTS), encoding="utf-8")
    return path


def test_divisions_are_gone_through_once_however_many_rows(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for once in ("甘井子区", "苏州市", "广东省广州市广州大道北20号"):
        assert parse(once).implied() or parse(once).first("city")
    calls = []

    def counted() -> tuple[Division, ...]:
        calls.append(1)
        return divisions()

    monkeypatch.setattr(above, "divisions", counted)
    command(None, file, as_json=True)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == [f"{name}人民路1号" for name in DISTRICTS]
    assert sum("province" in row["implied"] for row in rows) > len(rows) / 2
    assert not calls


def test_the_language_is_asked_for_once_however_many_rows(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []

    def counted() -> str:
        calls.append(1)
        return "zh"

    monkeypatch.setattr(parse_command, "language", counted)
    command(None, file, as_json=False)
    assert len(capsys.readouterr().out.splitlines()) == len(DISTRICTS)
    assert len(calls) == 1
