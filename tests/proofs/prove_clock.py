"""The whole suite passes at every hour: run with the clock set to moments at which things turn.

Takes a quarter of an hour for each moment. It can be stopped and started again: runs that passed
are remembered under ``build/prove/clock`` and not repeated, until ``ARGS=--again``. Exit code 1
where any failed; ``MOMENT.log`` says what.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree as ET

from blockdata.clock import SHIFT_SETTING
from tests.clocks import clock_at
from tests.conftest import PROJECT

FOLDER = PROJECT / "build" / "prove" / "clock"
ZONE = "+08:00"  # Shanghai
# Later than every date that the tests name. Shanghai's night is UTC's day before; shifts change at
# 0, 8, 16 and 20, traffic bands at 6, 7, 9, 17, 19 and 23.
MOMENTS = {
    "2027-01-01T00:10": "the year has just begun, in Shanghai only",
    "2027-03-06T04:20": "a Saturday night; yesterday in UTC",
    "2027-06-07T07:45": "the morning peak; the shifts change meanwhile",
    "2048-02-29T12:00": "a leap day that is a Saturday",
    "2027-09-10T18:10": "the evening peak of a Friday",
    "2026-12-31T23:50": "the year ends meanwhile, in Shanghai only",
}


@dataclass(frozen=True)
class Run:
    """What became of the suite at one moment."""

    passed: int
    failed: int
    skipped: int
    minutes: float

    @property
    def well(self) -> bool:
        """Whether there is something to rely on."""
        return self.failed == 0 and self.passed > 0


def main() -> int:
    """Run what has not passed yet; 1 where anything failed."""
    asked = _arguments()
    FOLDER.mkdir(parents=True, exist_ok=True)
    finished = {} if asked.again else _remembered()
    failed = 0
    for moment in asked.at or MOMENTS:
        key = " ".join((moment, *asked.tests))
        run = finished.get(key)
        again = run is None or not run.well
        if run is None or again:
            run = _run(moment, asked.tests)
            finished[key] = run
            _remember(finished)
        failed += not run.well
        print(_line(moment, run, again=again), flush=True)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make prove NAME=clock", description=__doc__)
    parser.add_argument("--again", action="store_true", help="forget what passed before")
    parser.add_argument(
        "--at", action="append", metavar="MOMENT", help="2027-03-06T04:20; default all"
    )
    parser.add_argument("tests", nargs="*", help="files of tests; default all")
    return parser.parse_args()


def _run(moment: str, tests: Sequence[str]) -> Run:
    name = moment.replace(":", "")
    result, log = FOLDER / f"{name}.xml", FOLDER / f"{name}.log"
    result.unlink(missing_ok=True)
    clock = clock_at(datetime.fromisoformat(moment + ZONE))
    own = {
        SHIFT_SETTING: str(clock.shift_s),
        "BLOCKDATA_TEST_VAR": str(FOLDER / "var"),
    }
    command = [
        sys.executable, "-m", "pytest", f"--junitxml={result}", "-p", "no:cacheprovider",
        "--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder",
    ]  # fmt: skip
    began = monotonic()
    with log.open("w", encoding="utf-8") as written:
        suite = subprocess.Popen(
            [*command, *tests], cwd=PROJECT, env=os.environ | own, stdout=written,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        ended = _wait(suite)
    return _read(result, ended, (monotonic() - began) / 60)


def _wait(suite: subprocess.Popen[bytes]) -> int:
    """Its exit code; if this is stopped, the suite is told once, and takes its database down."""
    try:
        return suite.wait()
    except KeyboardInterrupt:
        suite.send_signal(signal.SIGINT)
        suite.wait()
        raise


def _read(result: Path, ended: int, minutes: float) -> Run:
    if not result.is_file():  # it did not even begin
        return Run(0, 1, 0, minutes)
    (suite,) = ET.parse(result).getroot().iter("testsuite")
    total, *bad, skipped = (
        int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = sum(bad) or int(ended != 0)
    return Run(total - sum(bad) - skipped, failed, skipped, minutes)


def _line(moment: str, run: Run, *, again: bool) -> str:
    said = f"{moment}  {run.passed} passed, {run.failed} failed, {run.skipped} skipped"
    said += f"  {run.minutes:.1f} min" + ("" if again else " (before)")
    if not run.well:
        said += f"  see {FOLDER / moment.replace(':', '')}.log"
    return f"{said}  {MOMENTS.get(moment, '')}".rstrip()


def _remembered() -> dict[str, Run]:
    file = FOLDER / "finished.json"
    if not file.is_file():
        return {}
    return {k: Run(**run) for k, run in json.loads(file.read_text(encoding="utf-8")).items()}


def _remember(finished: dict[str, Run]) -> None:
    said = json.dumps({key: asdict(run) for key, run in finished.items()}, indent=1)
    new = FOLDER / "finished.new"
    new.write_text(said, encoding="utf-8")
    new.replace(FOLDER / "finished.json")


if __name__ == "__main__":
    for stop in (signal.SIGINT, signal.SIGTERM):  # in the background, the first is ignored else
        signal.signal(stop, signal.default_int_handler)
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
