"""Who may go where: access by mode, one-way streets, one strongly connected core, turn bans."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from blockdata.profile import Profile
from ingest.synthetic.geography.assemble import Roads
from ingest.synthetic.geography.model import EBIKE, FOOT, PATROL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ONEWAY_CHANCE = {"secondary": 0.10, "tertiary": 0.18, "residential": 0.22, "service": 0.12}
_ALWAYS_ONEWAY = ("motorway", "motorway_link")
# Posted limits (km/h) and how many roads of the class bear one (ours, after China's usual limits).
_LIMITS = {
    "motorway": (100, 1.0), "motorway_link": (60, 0.8), "trunk": (70, 1.0), "primary": (60, 0.9),
    "secondary": (50, 0.6), "tertiary": (40, 0.3), "residential": (30, 0.1),
}  # fmt: skip
_TURN_BAN_CHANCE = 0.04


@dataclass
class Traffic:
    """Per segment: ``kept``, ``oneway`` (1 along, 0 both), ``access`` bits, ``limit`` (0 none)."""

    kept: Flags
    oneway: NDArray[np.int8]
    access: NDArray[np.int16]
    limit: NDArray[np.int16]


def regulate(roads: Roads, profile: Profile, core: int, line_draw: Floats) -> Traffic:
    """Rules of every segment, such that one strongly connected core holds all that cars may use.

    Args:
        roads: nodes and segments.
        profile: its modes say which classes are open to whom.
        core: a node that must be in the core.
        line_draw: a uniform number for each line, that its rules are drawn by.
    """
    classes = np.array([way.road_class for way in roads.line_way])
    masks = np.array([way.access for way in roads.line_way])
    draw = line_draw[roads.line]
    access = _access(classes, masks, profile)[roads.line]
    kept = _reached(roads, np.ones(len(draw), dtype=np.bool_), core, both_ways=True)
    chance = np.array([_ONEWAY_CHANCE.get(name, 0.0) for name in classes])
    car = (access & PATROL) > 0
    oneway = car & (draw < chance[roads.line])
    always = np.isin(classes, _ALWAYS_ONEWAY)[roads.line]
    oneway = (oneway & ~roads.line_bridge[roads.line]) | always
    # cars stay out of what the core cannot be reached from; expressways that lead nowhere go
    car &= _core(roads, car & kept, oneway & always, core)
    kept &= car | ~always
    while True:
        sound = _core(roads, car, oneway, core)
        wrong = oneway & car & ~sound
        if not wrong.any():
            break
        oneway &= ~wrong
    access = np.where(car, access, access & ~PATROL)
    kept &= access > 0
    limit = np.array([_limit(name, d) for name, d in zip(classes, line_draw, strict=True)])
    return Traffic(
        kept, oneway.astype(np.int8), access.astype(np.int16), limit[roads.line].astype(np.int16)
    )


def _access(classes: NDArray[np.str_], masks: Ints, profile: Profile) -> Ints:
    open_to: dict[str, int] = {}
    for mode, bit in (("foot", FOOT), ("ebike", EBIKE), ("patrol", PATROL)):
        for road_class in profile.modes[mode].speeds_kph:  # type: ignore[index]
            open_to[road_class] = open_to.get(road_class, 0) | bit
    bits = np.array([open_to.get(name, 0) for name in classes])
    return np.where(masks > 0, bits & masks, bits)


def _limit(road_class: str, draw: float) -> int:
    limit, share = _LIMITS.get(road_class, (0, 0.0))
    return limit if (draw * 7919.0) % 1.0 < share else 0


def _core(roads: Roads, car: Flags, oneway: Flags, core: int) -> Flags:
    """Segments that lie in the strongly connected part around node ``core``."""
    ahead = _reach(roads.from_node, roads.to_node, car, oneway, core, len(roads.xy))
    back = _reach(roads.to_node, roads.from_node, car, oneway, core, len(roads.xy))
    inside = ahead & back
    return car & inside[roads.from_node] & inside[roads.to_node]


def _reached(roads: Roads, open_: Flags, start: int, *, both_ways: bool) -> Flags:
    none = np.zeros(len(open_), dtype=np.bool_) if both_ways else ~open_
    seen = _reach(roads.from_node, roads.to_node, open_, none, start, len(roads.xy))
    return open_ & seen[roads.from_node]


def _reach(a: Ints, b: Ints, open_: Flags, oneway: Flags, start: int, count: int) -> Flags:
    """Nodes that can be reached from ``start``, breadth first over arrays."""
    back = open_ & ~oneway
    tail = np.concatenate([a[open_], b[back]])
    head = np.concatenate([b[open_], a[back]])
    head = head[np.argsort(tail, kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=count))])
    seen = np.zeros(count, dtype=np.bool_)
    seen[start] = True
    front = np.array([start])
    while len(front):
        size = first[front + 1] - first[front]
        at = np.repeat(first[front] - (np.cumsum(size) - size), size) + np.arange(size.sum())
        front = np.unique(head[at])
        front = front[~seen[front]]
        seen[front] = True
    return seen


def turn_bans(segments: pd.DataFrame, xy: Floats, rng: np.random.Generator) -> pd.DataFrame:
    """Some left turns between larger roads are forbidden, as `turn_restrictions` of a Geography."""
    large = segments.index[
        segments["road_class"].isin(["trunk", "primary", "secondary", "tertiary"])
        & (segments["oneway"] == 0)
    ].to_numpy()
    a, b = segments["from_node"].to_numpy(), segments["to_node"].to_numpy()
    arms: dict[int, list[tuple[int, int]]] = {}
    for s in large.tolist():
        arms.setdefault(int(a[s]), []).append((s, int(b[s])))
        arms.setdefault(int(b[s]), []).append((s, int(a[s])))
    rows = []
    for node in sorted(arms):
        if len(arms[node]) < 4 or rng.random() > _TURN_BAN_CHANCE * 4:
            continue
        (come, before), *others = arms[node]
        run = xy[node] - xy[before]
        for go, after in others:
            on = xy[after] - xy[node]
            turn = np.arctan2(run[0] * on[1] - run[1] * on[0], run @ on)
            if np.pi / 4 < turn < 3 * np.pi / 4:
                rows.append(("no_left_turn", come, node, go))
    return pd.DataFrame(rows, columns=["kind", "from_segment", "via_node", "to_segment"]).astype(
        {"from_segment": "int32", "via_node": "int32", "to_segment": "int32"}
    )
