"""Match: the words of an address → the known address they mean, how sure that is, and why.

The outline: bring the texts into their written form; read what they say (known names, misspelt
names, numbers with their counters); find candidates by exact keys of names and numbers; weigh the
evidence for each; name the level that the evidence reaches, with a probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blockdata.address import reasons
from blockdata.address._kernels import resolving as k
from blockdata.address._kernels.reading import read_texts
from blockdata.address._kernels.resolving import resolve
from blockdata.address.arrays import codepoints
from blockdata.address.calibration import probability
from blockdata.address.gazetteer import NODE_LEVELS, Gazetteer
from blockdata.address.normalise import normalise_many
from blockdata.errors import UnknownAddress
from blockdata.text import Text

LEVELS = ("none", "street", "community", "road", "estate", "number", "building", "unit", "room")
_BATCH = 50_000
_LABEL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
ANSWERS_FROM = 0.9  # less sure than this is no answer, but a question for a clerk


@dataclass(frozen=True)
class Place:
    """One address as answers show it; positions are WGS 84 degrees, None where unknown."""

    address_id: int | None
    text: str
    name: str | None
    level: str
    lon: float | None
    lat: float | None
    grid_code: str | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON; ids are text, as browsers' numbers are floats."""
        return {
            "address_id": None if self.address_id is None else str(self.address_id),
            "text": self.text,
            "name": self.name,
            "level": self.level,
            "lon": self.lon,
            "lat": self.lat,
            "grid_code": self.grid_code,
        }


@dataclass(frozen=True)
class Match:
    """What a text means: the address and level reached, how sure, why, and the next best."""

    asked: str
    matched: Place
    level: str
    probability: float
    why: Text
    runner_up: Place | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "asked": self.asked,
            "matched": self.matched.as_dict(),
            "level": self.level,
            "probability": round(self.probability, 4),
            "why": {"zh": self.why.zh, "en": self.why.en},
            "runner_up": self.runner_up and self.runner_up.as_dict(),
        }


@dataclass(frozen=True)
class MatchTable:
    """Answers for many texts, one row each.

    Answers that are less than ``ANSWERS_FROM`` sure count as no match; their node is the closest.

    Attributes:
        level: (n,) index into ``LEVELS``; 0 is "no match".
        address_id: (n,) the room, unit or node reached; -1 for no match, and for roads,
            communities and streets, which have no address of their own.
        node: (n,) node of the gazetteer that stands for the answer, or -1.
        probability: (n,) that the answer is right at its level.
        said, found: rows of the kernels, for explanations.
    """

    level: NDArray[np.int64]
    address_id: NDArray[np.int64]
    node: NDArray[np.int64]
    probability: NDArray[np.float64]
    said: NDArray[np.int64]
    found: NDArray[np.int64]


def match_many(gazetteer: Gazetteer, texts: Sequence[str]) -> MatchTable:
    """Match many texts at once (in batches, so that memory stays bounded)."""
    parts = [
        match_normalised(gazetteer, normalise_many(texts[start : start + _BATCH]))
        for start in range(0, len(texts), _BATCH)
    ]
    if not parts:
        parts = [match_normalised(gazetteer, [])]
    return MatchTable(
        *(np.concatenate(c) for c in zip(*(_columns(part) for part in parts), strict=True))
    )


def match_one(gazetteer: Gazetteer, text: str) -> Match:
    """Match one text and explain the answer.

    Raises:
        UnknownAddress: nothing known fits, or several addresses fit equally well; the cure lists
            the closest.
    """
    table = match_many(gazetteer, [text])
    found, said = table.found[0], table.said[0]
    node, level = int(table.node[0]), int(table.level[0])
    chance = float(table.probability[0])
    runner = int(found[k.A_RUNNER])
    if level == k.NOTHING:
        raise _unknown(gazetteer, text, [n for n in (node, runner) if n >= 0], said, found)
    return Match(
        asked=text,
        matched=_answer(gazetteer, found, node, level),
        level="place" if _is_place(gazetteer, node, level) else LEVELS[level],
        probability=chance,
        why=reasons.explain(gazetteer, said, found),
        runner_up=place_of(gazetteer, runner) if runner >= 0 else None,
    )


def place_of(gazetteer: Gazetteer, node: int) -> Place:
    """A node as answers show it."""
    return Place(
        address_id=int(gazetteer.address_id[node]),
        text=gazetteer.text(node),
        name=gazetteer.title(node),
        level=NODE_LEVELS[int(gazetteer.level[node])],
        lon=_number(gazetteer.lon[node]),
        lat=_number(gazetteer.lat[node]),
        grid_code=gazetteer.grid_code(node),
    )


def room_place(gazetteer: Gazetteer, node: int, room: int) -> Place:
    """A room or unit as answers show it: its own words after those of its building."""
    base = place_of(gazetteer, node)
    unit, label = int(gazetteer.room_unit[room]), int(gazetteer.room_label[room])
    words = f"{_spell(unit)}单元" if unit else ""
    words += f"{_spell(label)}房" if label else ""
    return Place(
        address_id=int(gazetteer.room_id[room]),
        text=base.text + words,
        name=base.name,
        level="room" if label else "unit",
        lon=base.lon,
        lat=base.lat,
        grid_code=base.grid_code,
    )


def _columns(part: MatchTable) -> tuple[NDArray[Any], ...]:
    return part.level, part.address_id, part.node, part.probability, part.said, part.found


def match_normalised(gazetteer: Gazetteer, texts: Sequence[str]) -> MatchTable:
    """``match_many`` for texts that are in normal form already."""
    said = read_texts(*codepoints(texts), *gazetteer.for_reading())
    found = np.empty((len(said), k.FOUND_COLUMNS), np.int64)
    resolve(said, *gazetteer.for_resolving(), found)
    level, node, room = found[:, k.A_LEVEL], found[:, k.A_NODE], found[:, k.A_ROOM]
    chance = probability(found, said)
    level = np.where(chance < ANSWERS_FROM, k.NOTHING, level)
    room = np.where(level >= k.L_UNIT, room, -1)
    known = (level >= k.L_ESTATE) & (node >= 0)
    ids = np.full(len(texts), -1, np.int64)
    if len(gazetteer):
        ids[known] = gazetteer.address_id[node[known]]
    ids[room >= 0] = gazetteer.room_id[room[room >= 0]]
    return MatchTable(level, ids, node, chance, said, found)


def _answer(gazetteer: Gazetteer, found: NDArray[np.int64], node: int, level: int) -> Place:
    if found[k.A_ROOM] >= 0:
        return room_place(gazetteer, node, int(found[k.A_ROOM]))
    place = place_of(gazetteer, node)
    if level > k.L_ROAD:
        return place
    # a road or a division has no address of its own: its name, and the position of one on it
    name = gazetteer.name(int(found[k.A_NAME]))
    return Place(None, name, None, LEVELS[level], place.lon, place.lat, None)


def _is_place(gazetteer: Gazetteer, node: int, level: int) -> bool:
    return level == k.L_BUILDING and NODE_LEVELS[int(gazetteer.level[node])] == "place"


def _unknown(
    gazetteer: Gazetteer,
    text: str,
    nodes: list[int],
    said: NDArray[np.int64],
    found: NDArray[np.int64],
) -> UnknownAddress:
    closest = [place_of(gazetteer, node).as_dict() for node in dict.fromkeys(nodes)]
    listed = "; ".join(str(place["text"]) for place in closest)
    if len(closest) == 1:
        detail = Text(f"“{text}”不能确定是哪个地址", f"it is not sure which address {text!r} means")
        cure = Text(f"请核对,最接近的是:{listed}", f"check it; the closest is: {listed}")
    elif closest:
        detail = Text(
            f"“{text}”对应多个地址,无法确定", f"{text!r} fits several addresses equally well"
        )
        cure = Text(f"补充街道、社区或门牌,例如:{listed}", f"say more, as in: {listed}")
    else:
        detail = Text(f"没有与“{text}”相符的地址", f"no known address fits {text!r}")
        cure = Text(
            "给出道路和门牌号,或小区名和楼栋号",
            "give the road with its number, or the estate with its building",
        )
    return UnknownAddress(
        detail,
        field="address",
        cure=cure,
        closest=closest,
        why=reasons.explain(gazetteer, said, found).en,
    )


def _spell(code: int) -> str:
    """The label of a code of up to seven characters; longer ones cannot be spelt back."""
    if code >= 1 << 39:
        return "?"
    label = ""
    while code:
        code, digit = divmod(code, 38)
        label = _LABEL[digit - 1] + label
    return label


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 7)
