"""Proof that no user ever sees a traceback: every command with every value that nobody expects.

Runs for FUZZ_MINUTES (10) from FUZZ_SEED (1), against a private database and a small demo of its
own under ``build/fuzz-var``; prints what was run, and fails on the first kind of fault of a
command. When all was given once it begins anew, with other things left out and other settings.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from blockdata.profile import load_profile
from blockdata.settings import Settings
from blockdata.storage.cluster import Cluster
from blockdata.storage.database import open_database
from ingest.synthetic.load import build_district
from tests.fuzz import values
from tests.fuzz.commands import Command, Fuzz, Given, make_fuzz, sound_calls
from tests.fuzz.place import copied
from tests.fuzz.running import Ran, faults_of, run

VAR = Path(__file__).resolve().parents[2] / "build" / "fuzz-var"
SETTING_SHARE = 0.1


def main() -> None:
    """Run it, and say how it went."""
    minutes = float(os.environ.get("FUZZ_MINUTES") or 10)
    seed = int(os.environ.get("FUZZ_SEED") or 1)
    Cluster(VAR).destroy()
    try:
        faults = prove(minutes, seed)
    finally:
        Cluster(VAR).destroy()
    sys.exit(1 if faults else 0)


def prove(minutes: float, seed: int) -> int:
    """Run commands until the time is over; how many faults there were."""
    settings = Settings(var=VAR, database_url=None, area="demo")
    engine = open_database(settings)
    build_district(engine, load_profile("baoan"), area="demo", seed=1, scale=0.01)
    ends: Counter[int] = Counter()
    runs: Counter[str] = Counter()
    faults = 0
    with (
        tempfile.TemporaryDirectory(prefix="blockdata-fuzz-") as folder,
        copied(engine, settings, Path(folder)) as place,
    ):
        print(f"seed {seed}, {minutes:g} minutes", flush=True)
        for ran in _runs(make_fuzz(place), random.Random(seed), minutes):
            ends[ran.code] += 1
            runs[ran.words[0]] += 1
            found = faults_of(ran)
            if found:
                faults += 1
                print(f"FAULT {', '.join(found)}: {ran}\n{(ran.err or ran.out)[:2000]}", flush=True)
    engine.dispose()
    print(f"{sum(runs.values())} runs: {dict(sorted(runs.items()))}")
    print(f"exit codes {dict(sorted(ends.items()))}, {faults} faults")
    return faults


def _runs(fuzz: Fuzz, dice: random.Random, minutes: float) -> Iterator[Ran]:
    """Every case once in an order of its own, then again, until the time is over."""
    until = time.monotonic() + minutes * 60
    while True:
        cases: list[tuple[Command, Given, str]] = [
            (command, *case) for command in sound_calls() for case in fuzz.every_case(command)
        ]
        dice.shuffle(cases)
        print(f"{len(cases)} cases", flush=True)
        for command, spoilt, value in cases:
            if time.monotonic() > until:
                return
            own = dict([dice.choice(values.SETTINGS)]) if dice.random() < SETTING_SHARE else {}
            yield run(fuzz.call(command, dice, spoilt, value), fuzz.place.environment, **own)


if __name__ == "__main__":
    main()
