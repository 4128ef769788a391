"""Every command with words that work, and what to put in their place."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from blockdata.cli import make_app
from tests.fuzz import values
from tests.fuzz.nasty_files import make_nasty_files, unwritable
from tests.fuzz.place import Place

NOT_RUN = {
    "maps serve": "runs until it is stopped; its edge is tested by itself",
    "maps assets": "fetches from a registry",
    "roads download": "asks servers of others",
}
"""Commands that the fuzz leaves out, with the reason."""

_MOMENT = "2026-03-01T08:00"
_SHARES = {"!": 1.0, "?": 0.05}
# For each command words that work. ``{…}`` are facts of the place, ``<…>`` its sound files,
# ``>…`` a file to be written. An option
# with ``!`` never stays away (without it the demo would be built anew), one with ``?``, an argument
# behind a ``?``, hardly ever comes but with what nobody expects: it goes badly with the rest.
_SOUND = """
address parse {words} --file? <lines.txt>
address history {building} --valid? @ --known? @
address resolve {house_code} --at? @ --area demo
address events --after 0 --limit 2 --area demo
address export >out.csv --area demo --valid? @ --known? @
address landmarks --kind hospital --near {point} --name 医院 --area demo --limit 2
address match {words} --area demo --near {point}
address search 固戍 --area demo --limit 3 --near {point}
address reverse {point} --area demo --limit 2
address show {building}
address import <addresses.csv> --area mine --datum gcj02 --encoding utf-8 --gate 0.5
    --text-column address --name-column address --lon-column lon --lat-column lat --id-column
    address --kind-column kind
address edit rename {room} --source 试验 901房 --name 名 --valid-from? @ --seen? 9000
address edit move {building} {other_point} --source 试验 --valid-from? @ --seen? 9000
address edit split {building} 2A栋 2B栋@{point} --source 试验 --move {child}=2B栋 --valid-from? @
    --seen? 9000
address edit merge {other_building} --into {building} --source 试验 --valid-from? @ --seen? 9000
address edit retire {room} --source 试验 --successor {building} --valid-from? @ --seen? 9000
address edit create {building} room 999房 --source 试验 --name 名 --at? {point} --room-code 000999
    --valid-from? @ --seen? 9000
address edit activate {room} --source 试验 --valid-from? @ --seen? 9000
address alias add {building} 老地方 --source 试验 --confidence 0.5 --valid-from? @
address alias end {building} 老地方 --source 试验 --valid-from? @
address alias list {building}
address doubt set {building} point 看不清 --source 试验
address doubt clear {building} point --source 试验
address doubt list {building}
address review add 固戍一路16号 --file? <lines.txt> --area demo --source 试验
address review list --area demo --status open --limit 2
address review decide 1 {building} --source 试验 --note 记
address review forget --days 30 --area demo
address review skip 1 --source 试验 --note 记
db install
db start
db stop
db status
db migrate head
db destroy
db url
dispatch nearest --address? {words} --at {point} --area demo -k 1 --at-time @
dispatch responders place --area demo --volunteers 3 --auxiliaries 2 --officers 1 --seed 1
dispatch responders list --area demo --at-time @
dispatch recommend --address? {words} --at {point} --area demo -k 1 --floor 3 --why-not A1
    --at-time @
dispatch assign <question.json> --area demo --at-time @
dispatch table {point} {point} --mode foot --area demo --at-time @
dispatch isochrone --at {point} --mode foot --minutes 1,3 --direction from --shape roads
    --area demo --at-time @
dispatch closures list --area demo
dispatch closures add --road {road} --at {point} --within 100 --segment? {segment} --mode foot
    --speed-factor 0.5 --reason 试验 --until 2199-01-01 --area demo
dispatch closures remove 1 --area demo
district build --scale! 0.001 --seed 1 --profile baoan --area! !!
district ensure --scale 0.01 --area! !!
district list
district show --area demo
district drop --area nowhere
grid index <layer.geojson> --out >index --key code --area demo
grid locate {point} ?22.59 --area demo --index? <index> --layer? <layer.geojson> --key code --points
    <points.csv> --out >points.csv --datum wgs84
grid validate <layer.geojson> --key code --area demo --communities <layer.geojson>
    --community-key code --known <points.csv>
grid plan --area demo --community {community} --seed 1 --out >plan.json --layer >plan.geojson
    --osm? <roads.osm> --admin-level 10 --source 试验
grid aggregate --area demo --by grid --resolution 9 --at @ --output >counts.parquet
grid cover <layer.geojson> --key code --area demo --resolution 9 --output >cover.csv --cell
    89411cae5a3ffff
grid professional fire <bases.csv> --area demo --from? @
grid apply <layer.geojson> --source 试验 --key code --area demo --from? @
grid history {grid} --area demo
grid officers {grid} --area demo --at @
grid assign {grid} {officer} --area demo --from? @
grid relieve {officer} --area demo --from? @
grid absence {officer} --deputy {deputy} --until 2199-01-01 --area demo --from? @
grid publish --output >published --area demo --h3 9 --format parquet
grid export --output >grids.geojson --area demo
maps report --grid {grid} --output >report.html --area demo
maps plan <plan.json> --output >plan.html
roads import <roads.osm> --area mine
roads show --area demo
"""


@dataclass(frozen=True)
class Given:
    """What a sound call gives one parameter: its words, and what they are."""

    name: str
    option: str | None
    value: str
    kind: str
    share: float  # of the calls in which it is given


@dataclass(frozen=True)
class Command:
    """A command, and what a sound call of it gives."""

    path: tuple[str, ...]
    given: tuple[Given, ...]
    flags: tuple[str, ...]


def every_command() -> dict[tuple[str, ...], Any]:
    """The parser of every command, by its words."""
    found: dict[tuple[str, ...], Any] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        children = getattr(command, "commands", None)
        if children is None:
            found[path] = command
        for name, child in (children or {}).items():
            walk(child, (*path, name))

    walk(typer.main.get_command(make_app()), ())
    return found


def sound_calls() -> list[Command]:
    """The commands that are run, with their sound calls."""
    parsers = every_command()
    calls = []
    for line in _SOUND.replace("\n    ", " ").strip().splitlines():
        words = line.split()
        path = max((p for p in parsers if tuple(words[: len(p)]) == p), key=len)
        calls.append(_read(path, words[len(path) :], parsers[path]))
    return calls


def _read(path: tuple[str, ...], words: list[str], parser: Any) -> Command:
    options = {name: p for p in parser.params for name in p.opts if p.param_type_name == "option"}
    arguments = [p for p in parser.params if p.param_type_name == "argument"]
    given = []
    rest = iter(words)
    for word in rest:
        name = word.rstrip("!?")
        if name in options:
            given.append(_given(options[name], name, next(rest), _SHARES.get(word[len(name) :])))
        else:
            parameter = arguments[0] if arguments[0].nargs == -1 else arguments.pop(0)
            mark = word[0] if word[0] == "?" else ""
            given.append(_given(parameter, None, word.removeprefix("?"), _SHARES.get(mark)))
    flags = [p.opts[0] for p in parser.params if getattr(p, "is_flag", False)]
    return Command(path, tuple(given), tuple(f for f in flags if f != "--json"))


def _given(parameter: Any, option: str | None, value: str, share: float | None) -> Given:
    kinds = {"int": "whole", "float": "number", "Path": "file"}
    annotation = parameter.type_descriptor.annotation
    name = getattr((getattr(annotation, "__args__", None) or [annotation])[0], "__name__", "")
    kind = kinds.get(name, "text")
    if value.startswith(">"):
        kind = "output"
    elif kind == "text":
        kind = "point" if value in {"{point}", "{other_point}"} else "text"
        kind = "moment" if value in {"@", "2199-01-01"} else kind
    usual = 1.0 if parameter.required else 0.5
    return Given(parameter.name, option, value, kind, usual if share is None else share)


@dataclass(frozen=True)
class Fuzz:
    """Calls in which one thing is not as it should be."""

    place: Place
    nasty_files: list[Path]
    unwritable: list[Path]

    def values_of(self, kind: str) -> tuple[str, ...]:
        """What nobody expects where something of a kind is asked for."""
        return {
            "text": values.TEXTS,
            "whole": values.WHOLE_NUMBERS,
            "number": values.NUMBERS,
            "moment": values.MOMENTS + values.TEXTS[:8],
            "point": values.POINTS + values.TEXTS[:8],
            "file": tuple(map(str, self.nasty_files)),
            "output": tuple(map(str, self.unwritable)),
        }[kind]

    def call(
        self, command: Command, dice: random.Random, spoilt: Given | None = None, value: str = ""
    ) -> list[str]:
        """Words of a call; ``spoilt`` is given ``value``, what is optional comes or stays away."""
        words = list(command.path)
        facts = dice.choice(self.place.facts)
        late: list[str] = []
        for one in command.given:
            if one is not spoilt and dice.random() >= one.share:
                continue
            said = value if one is spoilt else self._filled(one.value, facts)
            if one.option is None:
                late.append(said)
            else:
                words.append(
                    f"{one.option}={said}" if one.option[:2] == "--" else one.option + said
                )
        words += [flag for flag in command.flags if dice.random() < 0.2]
        words += ["--json"] if dice.random() < 0.5 else []
        return [*words, "--", *late] if late else words

    def every_case(self, command: Command) -> Iterator[tuple[Given, str]]:
        """Each thing of a call with each value that nobody expects there."""
        for one in command.given:
            for value in self.values_of(one.kind):
                yield one, value

    def _filled(self, value: str, facts: Mapping[str, str]) -> str:
        if value.startswith(">"):
            return str(self.place.folder / "written" / value[1:])
        if value.startswith("<"):
            return str(self.place.files[value[1:-1]])
        return value.format(**facts) if "{" in value else value.replace("@", _MOMENT)


def make_fuzz(place: Place) -> Fuzz:
    """The fuzz of a place, with the files that nobody expects."""
    nasty, blocked = place.folder / "nasty", place.folder / "blocked"
    for folder in (nasty, blocked):
        folder.mkdir()
    sound = {name: path for name, path in place.files.items() if path.is_file()}
    suffixes = (".csv", ".parquet", ".geojson", ".html", ".json")
    return Fuzz(place, make_nasty_files(nasty, sound), unwritable(blocked, suffixes))
