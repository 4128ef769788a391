"""An oracle of travel times that shares no code with the project: SciPy on the line graph.

Nodes of the line graph are directed arcs; an edge leads from an arc to one that may follow it, and
weighs as much as the arc it leads to. Forbidden turns are edges that are not there.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra


@dataclass(frozen=True)
class Arc:
    segment: int
    direction: int
    tail: int
    head: int
    ms: int

    def to_ms(self, fraction):
        """From the tail to a place at a fraction of the segment (from its first vertex)."""
        ahead = 1.0 - fraction if self.direction else fraction
        return math.floor(self.ms * ahead + 0.5)


def arcs_of(segments, rules, mode_bit):
    """Arcs by the written rule of (from, to, length_m, class, oneway, modes, maxspeed) rows."""
    arcs = []
    for index, (a, b, length_m, road_class, oneway, modes, maxspeed) in enumerate(segments):
        kph = rules.speeds_kph.get(road_class)
        if kph is None or not modes & mode_bit:
            continue
        if rules.honours_maxspeed and maxspeed:
            kph = maxspeed if rules.maxspeed_replaces_default else min(kph, maxspeed)
        kph = min(kph * rules.emergency_factor, rules.emergency_max_kph)
        ms = max(math.floor(length_m / (kph / 3.6) * 1000 + 0.5), 1)
        free = oneway == 0 or not rules.honours_oneway or road_class in rules.contraflow_classes
        if free or oneway > 0:
            arcs.append(Arc(index, 0, a, b, ms))
        if free or oneway < 0:
            arcs.append(Arc(index, 1, b, a, ms))
    return arcs


class Oracle:
    """Times to one place from anywhere. ``restrictions``: (from, via, to, only, modes) rows."""

    def __init__(self, arcs, restrictions, mode_bit):
        self.arcs = arcs
        self.of = {(arc.segment, arc.direction): i for i, arc in enumerate(arcs)}
        leaving = {}
        for i, arc in enumerate(arcs):
            leaving.setdefault(arc.tail, []).append(i)
        self.follows = []
        rules = [r for r in restrictions if r[4] & mode_bit]
        for arc in arcs:
            allowed = leaving.get(arc.head, [])
            for from_segment, via, to_segment, only, _ in rules:
                if arc.segment != from_segment or arc.head != via:
                    continue
                there = {i for i in leaving.get(via, []) if arcs[i].segment == to_segment}
                if only and there:
                    allowed = [i for i in allowed if i in there]
                elif not only:
                    allowed = [i for i in allowed if i not in there]
            self.follows.append(allowed)
        # backwards: from what follows to what came before
        before = [i for i, allowed in enumerate(self.follows) for _ in allowed]
        after = [j for allowed in self.follows for j in allowed]
        self.edges = np.array([after, before], int).reshape(2, -1)
        self.weights = np.array([arcs[j].ms for j in after], float)

    def times_to(self, segment, fraction):
        """Milliseconds from the end of every arc to the place; inf where there is no way."""
        sink, last = len(self.arcs), {}
        for direction in (0, 1):
            j = self.of.get((segment, direction))
            for i in self.edges[1][self.edges[0] == j].tolist() if j is not None else []:
                last[i] = min(last.get(i, math.inf), self.arcs[j].to_ms(fraction))
        rows = np.concatenate([self.edges[0], np.full(len(last), sink)])
        columns = np.concatenate([self.edges[1], np.array(list(last), int)])
        weights = np.concatenate([self.weights, np.array(list(last.values()), float)])
        matrix = csr_array((weights, (rows, columns)), (sink + 1,) * 2)
        return dijkstra(matrix, indices=sink)[:sink]

    def time_from(self, ends, target, start):
        """Milliseconds from a start to the target, both (segment, fraction); inf: no way."""
        (segment, fraction), times = start, [math.inf]
        for direction in (0, 1):
            i = self.of.get((segment, direction))
            if i is None:
                continue
            arc = self.arcs[i]
            times.append(arc.ms - arc.to_ms(fraction) + ends[i])
            ahead = arc.to_ms(target[1]) - arc.to_ms(fraction)
            if segment == target[0] and ahead >= 0:
                times.append(ahead)
        return min(times)
