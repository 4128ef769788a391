"""Match: the words of an address → the known address they mean, how sure that is, and why.

The outline: bring the texts into their written form; read what they say (known names, misspelt
names, numbers with their counters); find candidates by exact keys of names and numbers; weigh the
evidence for each; name the level that the evidence reaches, with a probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blockdata.address import reasons
from blockdata.address._kernels import resolving as k
from blockdata.address._kernels.reading import SAID_COLUMNS, read_texts
from blockdata.address._kernels.resolving import resolve
from blockdata.address._kernels.weighing import conclude
from blockdata.address.arrays import Codepoints, codepoints
from blockdata.address.calibration import probability
from blockdata.address.gazetteer import NODE_LEVELS, Gazetteer
from blockdata.address.landmark_kinds import Kind, kind_as_dict
from blockdata.address.normalise import normalised_points
from blockdata.errors import UnknownAddress
from blockdata.text import Text

if TYPE_CHECKING:
    from blockdata.address.extent import Reach

LEVELS = ("none", "street", "community", "road", "estate", "number", "building", "unit", "room")
# Each step of a batch reads tables of its own anew from far memory: large ones pay for that.
_BATCH = 32_768
_LABEL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_A_POINT: dict[str, Any] = {"extent": None, "missing": None, "offers": [], "estimate": None}
ANSWERS_FROM = 0.9  # less sure than this is no answer, but a question for a clerk


@dataclass(frozen=True)
class Place:
    """One address as answers show it; positions are WGS 84 degrees, None where unknown.

    ``kind`` is of a landmark.
    """

    address_id: int | None
    text: str
    name: str | None
    level: str
    lon: float | None
    lat: float | None
    grid_code: str | None
    kind: Kind | None = None

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
            "kind": kind_as_dict(self.kind),
        }


@dataclass(frozen=True)
class Match:
    """What a text means: the address and level reached, how sure, why, and the next best.

    ``reach`` says how far that extends where it is no point; the service finds it.
    """

    asked: str
    matched: Place
    level: str
    probability: float
    why: Text
    runner_up: Place | None
    reach: "Reach | None" = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "asked": self.asked,
            "matched": self.matched.as_dict(),
            "level": self.level,
            "probability": round(self.probability, 4),
            "why": {"zh": self.why.zh, "en": self.why.en},
            "runner_up": self.runner_up and self.runner_up.as_dict(),
            "confirm_needed": self.reach is not None,
            **(_A_POINT if self.reach is None else self.reach.as_dict()),
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
        runner_up: (n,) the node that fits next best, or -1.
        probability: (n,) that the answer is right at its level.
        said, found: rows of the kernels, for explanations; none unless they were asked for.
    """

    level: NDArray[np.int8]
    address_id: NDArray[np.int64]
    node: NDArray[np.int32]
    runner_up: NDArray[np.int32]
    probability: NDArray[np.float64]
    said: NDArray[np.int64]
    found: NDArray[np.int64]


def match_many(
    gazetteer: Gazetteer, texts: Sequence[str], *, explained: bool = False
) -> MatchTable:
    """Match many texts at once, in batches, so that memory stays bounded.

    With ``explained`` the table keeps what each text said and what was found, ten times as much as
    the answers alone.
    """
    table = _blank(len(texts), len(texts) if explained else 0)
    hand = table if explained else _blank(0, min(len(texts), _BATCH))
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        rows = slice(start, start + len(batch))
        kept = rows if explained else slice(0, len(batch))
        _fill(gazetteer, normalised_points(batch), table, rows, hand.said[kept], hand.found[kept])
    return table


def match_one(gazetteer: Gazetteer, text: str) -> Match:
    """Match one text and explain the answer.

    Raises:
        UnknownAddress: nothing known fits, or several addresses fit equally well; the cure lists
            the closest.
    """
    table = match_many(gazetteer, [text], explained=True)
    found, said = table.found[0], table.said[0]
    node, level = int(table.node[0]), int(table.level[0])
    chance = float(table.probability[0])
    runner = int(table.runner_up[0])
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
        kind=gazetteer.kind_of(node),
    )


def room_place(gazetteer: Gazetteer, node: int, room: int) -> Place:
    """A room or unit as answers show it: its own words after those of its building."""
    base = place_of(gazetteer, node)
    unit, label = int(gazetteer.room_unit[room]), int(gazetteer.room_label[room])
    words = f"{spell_label(unit)}单元" if unit else ""
    words += f"{spell_label(label)}房" if label else ""
    return Place(
        address_id=int(gazetteer.room_id[room]),
        text=base.text + words,
        name=base.name,
        level="room" if label else "unit",
        lon=base.lon,
        lat=base.lat,
        grid_code=base.grid_code,
    )


def match_normalised(gazetteer: Gazetteer, texts: Sequence[str]) -> MatchTable:
    """``match_many``, explained, for texts that are in normal form already."""
    table = _blank(len(texts), len(texts))
    _fill(gazetteer, codepoints(texts), table, slice(0, len(texts)), table.said, table.found)
    return table


def _blank(n: int, explained: int) -> MatchTable:
    return MatchTable(
        level=np.empty(n, np.int8),
        address_id=np.empty(n, np.int64),
        node=np.empty(n, np.int32),
        runner_up=np.empty(n, np.int32),
        probability=np.empty(n, np.float64),
        said=np.empty((explained, SAID_COLUMNS), np.int64),
        found=np.empty((explained, k.FOUND_COLUMNS), np.int64),
    )


def _fill(
    gazetteer: Gazetteer,
    texts: Codepoints,
    table: MatchTable,
    rows: slice,
    said: NDArray[np.int64],
    found: NDArray[np.int64],
) -> None:
    """Read, resolve and weigh texts in normal form: the answers to some rows of the table."""
    chance = table.probability[rows]
    read_texts(*texts, *gazetteer.for_reading(), said)
    resolve(said, *gazetteer.for_resolving(), found)
    probability(found, said, chance)
    conclude(
        found, chance, ANSWERS_FROM, gazetteer.address_id, gazetteer.room_id,
        table.level[rows], table.node[rows], table.runner_up[rows], table.address_id[rows],
    )  # fmt: skip


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


def with_closest(error: UnknownAddress, closest: Sequence[Place]) -> UnknownAddress:
    """A refusal that names what may have been meant, where there is anything."""
    if not closest:
        return error
    listed = "; ".join(place.text for place in closest)
    return UnknownAddress(
        error.detail,
        field=error.field,
        cure=Text(f"是否指:{listed}", f"did you mean: {listed}"),
        **error.facts | {"closest": [place.as_dict() for place in closest]},
    )


def spell_label(code: int) -> str:
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
