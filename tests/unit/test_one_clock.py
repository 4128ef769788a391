"""Nothing reads a clock but ``blockdata/clock.py`` and the database's two functions."""

from pathlib import Path

import pytest

from tests.clock_guard import readings
from tests.conftest import PROJECT

FLOORS = ("blockdata", "dispatch", "ingest", "maps", "notebooks", "tests")
THE_CLOCK = PROJECT / "blockdata" / "clock.py"
VERSIONS = PROJECT / "blockdata" / "migrations" / "versions"
FETCHED = PROJECT / "maps" / "static" / "vendor"  # other people's
HERE = (Path(__file__).resolve(), PROJECT / "tests" / "clock_guard.py")  # they name what is sought


def sources() -> list[Path]:
    found = [path for floor in FLOORS for path in (PROJECT / floor).rglob("*.*")]
    return [
        path
        for path in found
        if path.suffix in (".py", ".sql", ".js")
        and path not in (THE_CLOCK, *HERE)
        and FETCHED not in path.parents
        # the clock came with 0009, whose own two files read it; history is never rewritten
        and not (path.parent == VERSIONS and path.name[:4] <= "0009")
    ]


def test_nothing_reads_a_clock_of_its_own() -> None:
    looked_at = sources()
    assert {path.suffix for path in looked_at} == {".py", ".sql", ".js"}
    found = [words for path in looked_at for words in readings(path)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
        ("a.py", "import datetime as dt\nx = [dt.datetime.utcnow]"),
        ("a.py", "from datetime import date as day\nday.today()"),
        ("a.py", "from time import time\ntime()"),
        ("a.py", "import pandas as pd\npd.Timestamp.now()"),
        ("a.py", "from sqlalchemy import func\nfunc.now()"),
        ("a.py", "SQL = 'SELECT now() - since'"),
        ("a.py", "n = 1\nSQL = f'SELECT {n}, current_date'"),
        ("a.sql", "SELECT CLOCK_TIMESTAMP()"),
        ("a.sql", "SELECT x,\n    'today'::date"),
        ("a.js", "const age = Date.now() - seen;"),
        ("a.js", "const at = new Date( );"),
    ],
)
def test_the_guard_sees_a_clock(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.write_text(source, encoding="utf-8")
    (found,) = readings(file)
    assert f"{name}:{source.count(chr(10)) + 1}: " in found
    assert "Cure: " in found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", "from time import monotonic\nmonotonic()\nclock.now()\nclock.today(zone)"),
        ("a.py", '"""As now() is."""\nfrom datetime import datetime\ndatetime.fromisoformat(x)'),
        ("a.py", "SQL = 'SELECT district.clock_now(), district.transaction_now()'"),
        ("a.sql", "SELECT district.clock_now() -- not now()"),
        ("a.js", "when(new Date(moment)); // no Date.now()"),
    ],
)  # fmt: skip
def test_the_guard_lets_the_one_clock_pass(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.write_text(source, encoding="utf-8")
    assert list(readings(file)) == []
