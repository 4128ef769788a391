"""Search as you type: half-typed words → the addresses they may become.

A query is read as [divisions] name [number]. The name may be typed in characters, in pinyin, by
initials or mixed; the number compares from its first digit on. A query of six digits or more is
also tried as a code. Whole addresses go through the matcher, whose answer then stands first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blockdata.address._kernels import resolving as k
from blockdata.address._kernels.reading import COMMUNITY, IGNORE, REGION, STREET
from blockdata.address._kernels.typing_ahead import (
    BASE,
    LABEL_LENGTH,
    MAX_QUERY,
    Book,
    Spelt,
    gather,
    names_that_fit,
)
from blockdata.address.arrays import Codepoints
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.landmark_words import AskedKind, asked_kind
from blockdata.address.landmarks import asked_landmarks, near_point, near_words
from blockdata.address.match import LEVELS, Place, match_normalised, place_of, room_place
from blockdata.address.normalise import normalise
from blockdata.address.sounds import readings

_MOST_NAMES = 400
_CODE_DIGITS = 6
_SURE = 0.5
_NO_DIVISION = -1.0
_DIVISION_BONUS = 1.5
_DIGITS = frozenset("0123456789")
# marks and blanks, but for those between two numbers
_MARKS = re.compile(r"(?<![0-9])[ ,.;:/、-]+|[ ,.;:/、]+(?![0-9])")


@dataclass(frozen=True)
class Suggestion:
    """One address that the typed words may become, and its rank's score.

    ``by_kind``: they ask for its kind only; even if it is the one there is, nobody has said it.
    """

    place: Place
    score: float
    by_kind: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return self.place.as_dict() | {"by_kind": self.by_kind}


class Suggester:
    """Suggestions from one gazetteer; built once, then about a millisecond a query."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._spelt = _spell_names(gazetteer)
        self._book = _book(gazetteer)
        self._codes = _sorted_codes(gazetteer)
        self.suggest("a1", limit=1)  # loads the kernels, so that no caller waits for them

    def suggest(
        self, text: str, *, limit: int = 8, near: tuple[float, float] | None = None
    ) -> list[Suggestion]:
        """The likeliest addresses, best first.

        Args:
            text: what has been typed so far.
            limit: how many to return.
            near: WGS 84 lon, lat of the map view, to prefer what is close.
        """
        query = normalise(text).text[:MAX_QUERY]
        if not query:
            return []
        found: dict[int, float] = {}
        # whoever types gsyl 168 or 固戍一路,168 means what gsyl168 does
        for words, division in self._readings(_MARKS.sub("", query)):
            nodes, scores = self._nodes(words, near, 4 * limit)
            scores = scores + self._agreement(nodes, division)
            for node, score in zip(nodes.tolist(), scores.tolist(), strict=True):
                found[node] = max(found.get(node, -np.inf), score)
        if len(query) >= _CODE_DIGITS and set(query) <= _DIGITS:
            found |= dict.fromkeys(self._by_code(query, limit), 20.0)
        ranked = sorted(found.items(), key=lambda item: -item[1])
        places = (Suggestion(place_of(self._gazetteer, node), score) for node, score in ranked)
        named = chain(self._whole(query), places)
        asked = asked_kind(query)
        if asked is None:
            return _distinct(named, limit)
        of_kind = self._of_kind(asked, near)
        kind_first = not asked.place or asked.apart or asked.near
        return _distinct(chain(*((of_kind, named) if kind_first else (named, of_kind))), limit)

    def _readings(self, query: str) -> list[tuple[str, int]]:
        """The query as it stands, and without the divisions it begins with."""
        from blockdata.address._kernels.reading import longest_name

        out = [(query, -1)]
        names, _ = self._gazetteer.for_reading()
        cps = np.frombuffer(query.encode("utf-32-le"), np.uint32)
        start, division = 0, -1
        while start < len(query):
            end, surface = longest_name(cps, start, len(query), names)
            if surface < 0:
                break
            kind = int(names.surface_kind[surface])
            if not kind & (REGION | STREET | COMMUNITY | IGNORE):
                break
            if kind & (STREET | COMMUNITY):
                division = int(surface)
            start = end
            if start < len(query):
                out.append((query[start:], division))
        return out

    def _nodes(
        self, words: str, near: tuple[float, float] | None, limit: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        query = np.zeros(MAX_QUERY + 1, np.uint32)
        query[: len(words)] = np.frombuffer(words.encode("utf-32-le"), np.uint32)
        names, rests = np.empty((2, _MOST_NAMES), np.int64)
        scores = np.empty(_MOST_NAMES)
        count = names_that_fit(query, len(words), self._spelt, names, scores, rests)
        nodes = np.empty(limit, np.int64)
        node_scores = np.empty(limit)
        at = np.array(near if near is not None else (np.nan, np.nan))
        codes, digits = _numbers(words)
        kept = gather(
            names, scores, rests, count, codes, digits, self._book, at, nodes, node_scores
        )
        return nodes[:kept], node_scores[:kept]

    def _agreement(self, nodes: NDArray[np.int64], surface: int) -> NDArray[np.float64]:
        """What each node gains or loses by the division that was typed before."""
        if surface < 0:
            return np.zeros(len(nodes))
        g = self._gazetteer
        low, high = g.surface_starts[surface], g.surface_starts[surface + 1]
        names = g.surface_names[low:high]
        fits = np.zeros(len(nodes), np.bool_)
        for name in names.tolist():
            fits |= (g.street[nodes] == name) | (g.community[nodes] == name)
        return np.where(fits, _DIVISION_BONUS, _NO_DIVISION)

    def _of_kind(self, asked: AskedKind, at: tuple[float, float] | None) -> Iterable[Suggestion]:
        """Landmarks of a kind, those nearest to the place that was typed first, or to the map's."""
        near = near_point(*at) if at is not None else None
        if asked.place:
            near = near_words(self._gazetteer, asked.place)
            if near is None:
                return
        for node in asked_landmarks(self._gazetteer, asked, near).tolist():
            yield Suggestion(place_of(self._gazetteer, node), 50.0, by_kind=True)

    def _by_code(self, prefix: str, limit: int) -> list[int]:
        codes, nodes = self._codes
        low = int(np.searchsorted(codes, prefix))
        high = int(np.searchsorted(codes, prefix + "~"))
        return [int(n) for n in nodes[low : min(high, low + limit)]]

    def _whole(self, query: str) -> list[Suggestion]:
        """The matcher's answer, where the query is an address already."""
        if not _DIGITS & set(query):
            return []  # no number: names alone are ranked better below
        table = match_normalised(self._gazetteer, [query])
        level, node = int(table.level[0]), int(table.node[0])
        if level < LEVELS.index("estate") or table.probability[0] < _SURE:
            return []
        room = int(table.found[0][k.A_ROOM]) if level >= k.L_UNIT else -1
        place = (
            room_place(self._gazetteer, node, room)
            if room >= 0
            else place_of(self._gazetteer, node)
        )
        return [Suggestion(place, 100.0)]


def _distinct(suggestions: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """The first ``limit`` suggestions, one for each address and text; places may share a text."""
    seen: set[str | int | None] = set()
    kept: list[Suggestion] = []
    for suggestion in suggestions:
        place = suggestion.place
        same = place.address_id if place.level == "place" else place.text
        if same not in seen:
            seen |= {place.address_id, place.text}
            kept.append(suggestion)
            if len(kept) == limit:
                break
    return kept


def _numbers(words: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The code and the length of the digits that start at each position of the query."""
    codes = np.zeros(len(words) + 1, np.int64)
    digits = np.zeros(len(words) + 1, np.int64)
    for start in range(len(words)):
        for c in words[start:]:
            if not ("0" <= c <= "9" or c == "-") or digits[start] == 7:
                break
            codes[start] = codes[start] * 38 + (37 if c == "-" else ord(c) - 47)
            digits[start] += 1
    return codes, digits


def _spell_names(gazetteer: Gazetteer) -> Spelt:
    """Every reading of every character of every name, as capital letters."""
    starts, offsets = [0], [0]
    letters: list[int] = []
    for cp in gazetteer.name_cps.tolist():
        for spelt in readings(cp):
            letters.extend(spelt.upper().encode("ascii"))
            offsets.append(len(letters))
        starts.append(len(offsets) - 1)
    return Spelt(
        gazetteer.name_cps,
        gazetteer.name_offsets,
        np.array(starts, np.int64),
        np.array(offsets, np.int64),
        np.array(letters, np.uint32),
    )


def _book(gazetteer: Gazetteer) -> Book:
    """Nodes by the name of their road and of their estate, with what each is worth by itself."""
    g = gazetteer
    use = 0.12 * np.log(np.maximum(g.weight, 1))
    level = g.level.astype(np.int64)
    # role: the column of names, its labels, worth without and with a number typed, by level
    roles = (
        (g.road, g.number, np.array([0.4, 0.4, 0.4, 0.4]), np.array([0.0, -0.1, -0.3, 0.0])),
        (g.estate, g.building, np.array([0.5, 1.0, 0.2, 1.0]), np.zeros(4)),
    )
    node = np.concatenate([np.flatnonzero(names >= 0) for names, *_ in roles])
    name = np.concatenate([names[names >= 0] for names, *_ in roles]).astype(np.int64)
    bare = np.concatenate([(worth[level] + use)[names >= 0] for names, _, worth, _ in roles])
    numbered = np.concatenate([(worth[level] + use)[names >= 0] for names, *_, worth in roles])
    label = np.concatenate([labels[names >= 0] for names, labels, *_ in roles]).astype(np.int64)
    count = len(g.name_offsets) - 1
    order = np.lexsort((-bare, name))
    rows = np.flatnonzero((label > 0) & (label < BASE**LABEL_LENGTH))
    length = np.searchsorted(BASE ** np.arange(LABEL_LENGTH + 1), label[rows], side="right")
    padded = label[rows] * BASE ** (LABEL_LENGTH - length)
    by_label = np.lexsort((padded, name[rows]))
    rows = rows[by_label]
    return Book(
        _starts(name[order], count), node[order], bare[order],
        _starts(name[rows], count), node[rows], numbered[rows], padded[by_label],
        length[by_label], g.lon, g.lat,
    )  # fmt: skip


def _starts(names: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each name's run begins in ascending ``names``."""
    return np.searchsorted(names, np.arange(count + 1)).astype(np.int64)


def _sorted_codes(gazetteer: Gazetteer) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    texts = Codepoints(gazetteer.code_cps, gazetteer.code_offsets)
    codes = np.array([texts.text(i) for i in range(len(gazetteer))], dtype="U25")
    order = np.argsort(codes, kind="stable")
    return codes[order], order.astype(np.int64)
