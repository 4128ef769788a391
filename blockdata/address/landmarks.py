"""Landmarks of a kind, those nearest to a place first; and the exits of a metro station."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from blockdata.address._kernels import resolving as k
from blockdata.address.extent import Reach, hull, members
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.landmark_kinds import KIND_NAMES, KINDS, Kind
from blockdata.address.landmark_words import AskedKind, asked_kind
from blockdata.address.match import LEVELS, Match, Place, match_normalised, place_of
from blockdata.address.normalise import normalise
from blockdata.text import Text

MOST_OFFERED = 12
WHICH_ONE = Text("还要选定是哪一处", "which of them is meant is missing")
EXIT_MISSING = Text("还缺出口", "the exit is missing")
_DIVISIONS = ("street", "community")
_SURE = 0.5
_EARTH_RADIUS_M = 6_371_008.8  # the mean radius (IUGG)

Nodes = NDArray[np.int64]


class Near(NamedTuple):
    """What landmarks are to be near to.

    Attributes:
        lon, lat: points of it, WGS 84 degrees; the nearest of them counts.
        inside: (n,) of nodes, whether each lies within the division that was said, or None.
        text: what it is called, where it was said in words.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    inside: NDArray[np.bool_] | None
    text: str | None


def near_point(lon: float, lat: float) -> Near:
    """Near a WGS 84 point."""
    return Near(np.array([lon]), np.array([lat]), None, None)


def near_words(gazetteer: Gazetteer, normal: str) -> Near | None:
    """Near the place that words in normal form mean; None where that is not known."""
    table = match_normalised(gazetteer, [normal])
    level, node = LEVELS[int(table.level[0])], int(table.node[0])
    if level == "none" or table.probability[0] < _SURE:
        return None
    if level not in (*_DIVISIONS, "road"):
        lon, lat = gazetteer.lon[[node]], gazetteer.lat[[node]]
        return None if np.isnan(lon[0]) else Near(lon, lat, None, gazetteer.text(node))
    name = int(table.found[0][k.A_NAME])
    there = members(gazetteer, table.said[0], level, name, node)
    known = there[~np.isnan(gazetteer.lon[there])]
    lon, lat = gazetteer.lon[known], gazetteer.lat[known]
    if not len(known):
        return None
    if level == "road":
        return Near(lon, lat, None, gazetteer.name(name))
    inside = np.zeros(len(gazetteer), np.bool_)
    inside[there] = True
    return Near(lon.mean(keepdims=True), lat.mean(keepdims=True), inside, gazetteer.name(name))


def of_kinds(
    gazetteer: Gazetteer, kinds: tuple[Kind, ...] | None, near: Near | None
) -> tuple[Nodes, NDArray[np.float64]]:
    """Landmarks of some kinds (None: of all) that have a position, and their metres from ``near``.

    Metres are along a sphere, within 0.6 % of the ellipsoid's, and known for any two points on
    Earth, as a projection's are not. The nearest come first, of a division those within it; without
    ``near`` (metres are NaN then) they come by kind and id.
    """
    wanted = KIND_NAMES if kinds is None else kinds
    numbers = [KIND_NAMES.index(kind) for kind in wanted]
    nodes = np.flatnonzero(np.isin(gazetteer.kind, numbers) & ~np.isnan(gazetteer.lon))
    if near is None:
        order = np.argsort(gazetteer.kind[nodes], kind="stable")
        return nodes[order], np.full(len(nodes), np.nan)
    points = _on_sphere(gazetteer.lon[nodes], gazetteer.lat[nodes])
    chord = cKDTree(_on_sphere(near.lon, near.lat)).query(points)[0]
    away_m = 2 * _EARTH_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1.0))
    outside = np.zeros(len(nodes), np.bool_) if near.inside is None else ~near.inside[nodes]
    order = np.lexsort((away_m, outside))
    return nodes[order], np.asarray(away_m, np.float64)[order]


def asked_landmarks(gazetteer: Gazetteer, asked: AskedKind, near: Near | None) -> Nodes:
    """The landmarks that were asked for, the nearest first: where some are called so, these only.

    小学 asks for the schools that are 小学, 学校 for all.
    """
    nodes, _ = of_kinds(gazetteer, (asked.kind,), near)
    called = [node for node in nodes.tolist() if _called(gazetteer, node, asked.word)]
    return np.array(called, np.int64) if called else nodes


def match_kind(
    gazetteer: Gazetteer, text: str, at: tuple[float, float] | None = None
) -> Match | None:
    """Words that ask for a kind of landmark, answered with those there are; None for other words.

    What the words name as a whole (固戍派出所) is no question for a kind. ``at`` (WGS 84) is what
    they are to be near to where the words do not say.
    """
    asked = asked_kind(normalise(text).text)
    if asked is None or not (gazetteer.kind == KIND_NAMES.index(asked.kind)).any():
        return None
    if asked.place and _named(gazetteer, normalise(text).text, asked):
        return None
    near = near_point(*at) if at is not None else None
    if asked.place:
        near = near_words(gazetteer, asked.place)
        if near is None:
            return None
    words = KINDS[asked.kind].words
    where = near.text if near is not None else None
    nodes = asked_landmarks(gazetteer, asked, near)[:MOST_OFFERED]
    return Match(
        asked=text,
        matched=Place(None, (where or "") + words.zh, None, "kind", None, None, None, asked.kind),
        level="kind",
        probability=1.0,
        why=Text(
            f"说的是一类地标({words.zh}),不是一处;" + ("由近到远列出" if near else "逐一列出"),
            f"a kind of landmark ({words.en}) was said, not one of them; "
            + ("the nearest is first" if near else "all are listed"),
        ),
        runner_up=None,
        reach=Reach(None, WHICH_ONE, tuple(place_of(gazetteer, n) for n in nodes.tolist()), None),
    )


def reach_of_station(gazetteer: Gazetteer, node: int) -> Reach | None:
    """The exits of a metro station and their hull; None for what is none, or has a single exit."""
    if node < 0 or gazetteer.kind_of(node) != "metro_station":
        return None
    exits = np.flatnonzero((gazetteer.parent == node) & ~np.isnan(gazetteer.lon))
    if len(exits) < 2:
        return None
    offers = tuple(place_of(gazetteer, one) for one in exits.tolist())
    return Reach(hull(gazetteer, exits), EXIT_MISSING, offers, None)


def _on_sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) points on a sphere of radius 1."""
    east, north = np.radians(lon), np.radians(lat)
    flat = np.cos(north)
    return np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])


def _called(gazetteer: Gazetteer, node: int, word: str) -> bool:
    title = gazetteer.title(node) or gazetteer.text(node)  # an imported one may have no name
    return title.upper().endswith(word)


def _named(gazetteer: Gazetteer, normal: str, asked: AskedKind) -> bool:
    """Whether the words as a whole name one place, and not only what the kind is to be near to."""
    if asked.near:
        return False
    whole = match_normalised(gazetteer, [normal])
    if LEVELS[int(whole.level[0])] in ("none", "road", *_DIVISIONS):
        return False
    if gazetteer.kind_of(int(whole.node[0])) == asked.kind:
        return True  # 固戍派出所, also where it is written 固戍 派出所
    if asked.apart:
        return False
    if any("0" <= c <= "9" for c in normal):
        return True  # a number was said: what stands there is called so
    place = match_normalised(gazetteer, [asked.place])
    return int(place.address_id[0]) != int(whole.address_id[0])
