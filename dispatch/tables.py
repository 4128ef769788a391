"""Travel times between many places at once, legs off the road included."""

import numpy as np
import numpy.typing as npt

from blockdata.deadline import keep_time
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.network.network import CLOSED, Geometry
from dispatch.network.snapping import Places
from dispatch.routes import road_distance_m
from dispatch.travel_time import TravelTimes

NO_WAY = -1
Times = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


def travel_table_ms(
    times: TravelTimes, sources: Places, targets: Places, same: Marks | None = None
) -> Times:
    """Whole travel times, int64[sources, targets] in ms; ``NO_WAY`` where there is none.

    ``same`` bool[sources, targets] marks what is one and the same point: nobody need go.
    """
    outs = times.ways_out(sources)
    source, side = np.nonzero(outs.nodes != CLOSED)
    ins = [times.ways_in(targets, at) for at in range(len(targets))]
    target = np.repeat(np.arange(len(targets)), [len(way.nodes) for way in ins])
    whole = np.full((len(sources), len(targets)), UNREACHABLE, np.int64)
    if len(source) and len(target):
        tails = np.concatenate([way.nodes for way in ins])
        between = times.metric.table(outs.nodes[source, side], tails).astype(np.int64)
        before = outs.offsets_ms[source, side].astype(np.int64)
        after = np.concatenate([way.offsets_ms for way in ins]).astype(np.int64)
        each = np.where(
            between >= UNREACHABLE, UNREACHABLE, before[:, None] + between + after[None, :]
        )
        np.minimum.at(whole, (source[:, None], target[None, :]), each)
    _straight_on(whole, sources, targets)
    legs = sources.access_ms[:, None] + targets.access_ms[None, :]
    table = np.where(whole >= UNREACHABLE, NO_WAY, whole + legs)
    if same is not None:
        table[same & (table != NO_WAY)] = 0
    return table


def distance_table_m(
    times: TravelTimes, geometry: Geometry, sources: Places, targets: Places, same: Marks
) -> list[list[float | None]]:
    """Lengths of the quickest ways in metres, legs off the road included; None without a way."""
    rows: list[list[float | None]] = []
    for start in range(len(sources)):
        row: list[float | None] = []
        for at in range(len(targets)):
            keep_time()
            found = times.journey(sources, start, targets, at)
            legs_m = float(sources.distance_m[start] + targets.distance_m[at])
            if found is None:
                row.append(None)
            elif same[start, at]:
                row.append(0.0)
            else:
                row.append(round(road_distance_m(geometry, found.route) + legs_m, 1))
        rows.append(row)
    return rows


def _straight_on(whole: Times, sources: Places, targets: Places) -> None:
    """Lower times where source and target lie on one segment and one goes straight on."""
    same = (sources.segment[:, None] == targets.segment[None, :]) & (sources.segment >= 0)[:, None]
    i, j = np.nonzero(same)
    for side in (0, 1):
        ahead = targets.to_ms[j, side] - sources.to_ms[i, side]
        open_ = (targets.to_ms[j, side] != CLOSED) & (ahead >= 0)
        np.minimum.at(whole, (i[open_], j[open_]), ahead[open_])
