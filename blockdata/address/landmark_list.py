"""The landmarks of an area as a list: by kind, by name, the nearest to a place first."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from blockdata.address.gazetteer import Gazetteer
from blockdata.address.landmark_kinds import KIND_NAMES, KINDS, Kind
from blockdata.address.landmarks import near_point, near_words, of_kinds
from blockdata.address.match import Place, place_of
from blockdata.address.normalise import normalise
from blockdata.address.register.remarks import Alias
from blockdata.errors import UnknownAddress
from blockdata.storage.areas import Area
from blockdata.text import Text


@dataclass(frozen=True)
class Landmarks:
    """Landmarks of an area.

    Attributes:
        area: which.
        near: what the place is called to which the nearest come first, where words said it.
        counts: how many of each kind the area has.
        found: each with its distance in metres, None where no place was said.
    """

    area: Area
    near: str | None
    counts: dict[Kind, int]
    found: list[tuple[Place, float | None]]

    def as_dict(self, limit: int) -> dict[str, Any]:
        """For JSON; the first ``limit`` of them."""
        return {
            "area": self.area.name,
            "synthetic": self.area.synthetic,
            "kinds": [
                {"name": kind, "zh": about.words.zh, "en": about.words.en,
                 "count": self.counts[kind]}
                for kind, about in KINDS.items()
            ],
            "near": self.near,
            "landmarks": [
                place.as_dict() | {"distance_m": away_m} for place, away_m in self.found[:limit]
            ],
            "left_off": max(0, len(self.found) - limit),
        }  # fmt: skip


def list_landmarks(
    area: Area,
    gazetteer: Gazetteer,
    aliases: dict[str, list[Alias]],
    *,
    kinds: tuple[Kind, ...] | None = None,
    near: tuple[float, float] | str | None = None,
    name: str | None = None,
) -> Landmarks:
    """Landmarks of some kinds (None: all), the nearest first to a place.

    Args:
        area: whose they are.
        gazetteer: the area's.
        aliases: what else its addresses are called: text in normal form → addresses.
        kinds: of which kinds.
        near: WGS 84 lon, lat, or words; without it they come by kind.
        name: a part of their name, or of another name that is recorded of them.

    Raises:
        UnknownAddress: the words of ``near`` say no place that is known.
    """
    if isinstance(near, str):
        at = near_words(gazetteer, normalise(near).text)
        if at is None:
            raise _unknown_place(near)
    else:
        at = None if near is None else near_point(*near)
    nodes, away_m = of_kinds(gazetteer, kinds, at)
    pairs = list(zip(nodes.tolist(), away_m.tolist(), strict=True))
    if name is not None:
        part = normalise(name).text
        known = {a.address_id for text, some in aliases.items() if part in text for a in some}
        pairs = [(n, m) for n, m in pairs if _bears(gazetteer, n, part, known)]
    return Landmarks(
        area=area,
        near=at.text if at is not None else None,
        counts=_counts(gazetteer),
        found=[(place_of(gazetteer, n), None if at is None else round(m, 1)) for n, m in pairs],
    )


def _counts(gazetteer: Gazetteer) -> dict[Kind, int]:
    counted = np.bincount(gazetteer.kind[gazetteer.kind >= 0], minlength=len(KIND_NAMES))
    return dict(zip(KIND_NAMES, counted.tolist(), strict=True))


def _bears(gazetteer: Gazetteer, node: int, part: str, known: set[int]) -> bool:
    title = gazetteer.title(node) or gazetteer.text(node)  # an imported one may have no name
    return part in normalise(title).text or int(gazetteer.address_id[node]) in known


def _unknown_place(words: str) -> UnknownAddress:
    return UnknownAddress(
        Text(f"没有与“{words}”相符的地址", f"no known address fits {words!r}"),
        field="near",
        cure=Text(
            "给出 经度,纬度,或社区、道路、门牌、地标的名称",
            "give LON,LAT, or the name of a community, a road, a house or a landmark",
        ),
    )
