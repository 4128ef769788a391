"""Travel times on raw OpenStreetMap data, with no code of the project: the judge of exactness.

Only pyosmium reads the file. The written rules are these:

- A junction is a node where not exactly two stretches of road meet, or where two meet of which the
  kept tags differ or that are one-way against each other, or the via node of a turn restriction.
- A segment runs from junction to junction, a closed ring from the first node that the file names.
  Its length is the sum of its geodesic steps on WGS 84.
- A segment takes ``floor(length_m / speed_mps * 1000 + 0.5)`` ms in each direction, at least 1: it
  is rounded once. A place at a fraction of it is ``floor(ms * fraction + 0.5)`` from its tail; one
  goes straight on to a place on the same arc whose time from the tail is not less.
- A restriction says which segment one may not (``no_``) or may only (``only_``) go on to at its via
  node. It is void where that names no segment or more than one on either side, and for a mode that
  may not go on to the segment anyhow. Turning round is a turn like any other.

Times are of the line graph: nodes are directed segments, edges the turns that are allowed.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import floor

import numpy as np
import osmium
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tests.oracle import osm_tags

GEOD = Geod(ellps="WGS84")


@dataclass
class Segment:
    nodes: list
    kind: tuple  # class, names, one-way, modes, posted speed, bridge, tunnel
    first_way: int
    last_way: int
    length_m: float = 0.0

    @property
    def oneway(self):
        return self.kind[3]


class RawRoads:
    """Segments and restrictions of a file; ``places`` are its nodes' lon and lat."""

    def __init__(self, path):
        self.places, self.rules = {}, []
        self._steps = []  # (from node, to node, kind, way) in the order of the file
        for item in osmium.FileProcessor(str(path)).with_locations():
            tags = dict(item.tags)
            if item.is_way() and osm_tags.is_road(tags):
                self._take_way(item, tags)
            elif item.is_relation() and tags.get("type") == "restriction":
                self._take_rule(item, tags)
        self.segments = self._join()
        lonlat = np.array([self.places[n] for s in self.segments for n in s.nodes])
        first = np.cumsum([0] + [len(s.nodes) for s in self.segments])
        *_, steps = GEOD.inv(*lonlat[:-1].T, *lonlat[1:].T)
        for i, segment in enumerate(self.segments):
            segment.length_m = float(np.sum(steps[first[i] : first[i + 1] - 1]))
        self.turns = self._place_rules()

    def _take_way(self, way, tags):
        modes = tuple(mode for mode in osm_tags.MODES if osm_tags.open_to(mode, tags))
        direction = osm_tags.direction(tags)
        kind = (
            tags["highway"],
            tags.get("name:zh") or tags.get("name"),
            tags.get("name:en"),
            abs(direction),
            modes,
            osm_tags.posted_kph(tags.get("maxspeed")),
            tags.get("bridge", "no") != "no",
            tags.get("tunnel", "no") != "no",
        )
        steps, before = [], None
        for node in way.nodes:
            if not node.location.valid():
                before = None
                continue
            if before is not None and before != node.ref:
                steps.append((before, node.ref, kind, way.id))
            self.places[node.ref] = (node.lon, node.lat)
            before = node.ref
        if direction < 0:
            steps = [(b, a, kind, way_id) for a, b, kind, way_id in reversed(steps)]
        self._steps += steps

    def _take_rule(self, relation, tags):
        rule = osm_tags.turn_rule(tags)
        members = defaultdict(list)
        for member in relation.members:
            members[member.role + member.type].append(member.ref)
        sides = [members["fromw"], members["vian"], members["tow"]]
        if rule and not members["viaw"] and [len(side) for side in sides] == [1, 1, 1]:
            self.rules.append((*rule, *(side[0] for side in sides)))

    def _join(self):
        at = defaultdict(list)
        for i, (a, b, *_) in enumerate(self._steps):
            at[a].append((i, "out"))
            at[b].append((i, "in"))
        vias = {via for _, _, _, via, _ in self.rules}
        through = {
            node: ends
            for node, ends in at.items()
            if len(ends) == 2 and node not in vias and self._one_road(*ends)
        }
        steps = range(len(self._steps))
        forward = [(i, False) for i in steps if self._steps[i][0] not in through]
        backward = [(i, True) for i in steps if self._steps[i][1] not in through]
        rings = [(i, False) for i in steps]
        done, segments = set(), []
        for i, turned in forward + backward + rings:
            if i not in done:
                segments += [self._walk(i, turned, through, done)]
        return segments

    def _one_road(self, one, other):
        kind, same = self._steps[one[0]][2], self._steps[other[0]][2]
        return one[0] != other[0] and kind == same and (kind[3] == 0 or one[1] != other[1])

    def _walk(self, i, turned, through, done):
        a, b, kind, first_way = self._steps[i]
        nodes, way = [b, a] if turned else [a, b], first_way
        done.add(i)
        while nodes[-1] in through:
            one, other = (end[0] for end in through[nodes[-1]])
            i = other if one == i else one
            if i in done:
                break
            done.add(i)
            a, b, _, way = self._steps[i]
            nodes.append(b if a == nodes[-1] else a)
        if kind[3] and turned:
            return Segment(nodes[::-1], kind, way, first_way)
        return Segment(nodes, kind, first_way, way)

    def _place_rules(self):
        coming, going = defaultdict(list), defaultdict(list)
        for i, s in enumerate(self.segments):
            coming[s.nodes[-1], s.last_way].append((i, 0))
            going[s.nodes[0], s.first_way].append((i, 0))
            if not s.oneway:
                coming[s.nodes[0], s.first_way].append((i, 1))
                going[s.nodes[-1], s.last_way].append((i, 1))
        turns = []
        for rule, bound, from_way, via, to_way in self.rules:
            before, after = coming[via, from_way], going[via, to_way]
            if len(before) == 1 and len(after) == 1:
                turns.append((rule, bound, before[0][0], via, after[0][0]))
        return turns


class ModeOracle:
    """The line graph of one mode. Arcs are (segment, side): side 0 along its nodes, 1 against.

    ``factors`` are those of segments where one is slower for now; 0 is closed for now, which lifts
    no restriction: where one may only go on to a closed street, one may not go on.
    """

    def __init__(self, roads, mode, rules, factors=None):
        self.roads, self.arcs, self.ms = roads, [], []
        factors = factors or {}
        self.closed = {segment for segment, factor in factors.items() if factor == 0}
        for i, segment in enumerate(roads.segments):
            kph = _speed_kph(segment, mode, rules)
            if kph is None:
                continue
            speed_mps = kph / 3.6 * (factors.get(i) or 1.0)
            ms = max(1, floor(segment.length_m / speed_mps * 1000 + 0.5))
            free = not rules.honours_oneway or segment.kind[0] in rules.contraflow_classes
            for side in (0, 1) if free or not segment.oneway else (0,):
                self.arcs.append((i, side))
                self.ms.append(ms)
        self.number = {arc: n for n, arc in enumerate(self.arcs)}
        self._link([t for t in roads.turns if mode in t[1]])

    def ends(self, arc):
        """Nodes where an arc begins and ends."""
        nodes = self.roads.segments[arc[0]].nodes
        return (nodes[-1], nodes[0]) if arc[1] else (nodes[0], nodes[-1])

    def _link(self, turns):
        self.leaving, self.arriving = defaultdict(list), defaultdict(list)
        for n, arc in enumerate(self.arcs):
            begin, end = self.ends(arc)
            self.leaving[begin].append(n)
            self.arriving[end].append(n)
        by_turn = defaultdict(list)
        for rule, _, before, via, after in turns:
            by_turn[before, via].append((rule, after))
        self.before = [[] for _ in self.arcs]
        for n, arc in enumerate(self.arcs):
            node = self.ends(arc)[1]
            allowed = self.leaving[node]
            for rule, after in by_turn[arc[0], node]:
                onto = {m for m in self.leaving[node] if self.arcs[m][0] == after}
                if onto:
                    allowed = [m for m in allowed if (m in onto) == (rule == "only")]
            for m in allowed:
                if not {arc[0], self.arcs[m][0]} & self.closed:
                    self.before[m].append(n)
        rows = [n for before in self.before for n in before]
        columns = [m for m, before in enumerate(self.before) for _ in before]
        weights = np.array(self.ms, float)[columns]
        self.graph = csr_array((weights, (rows, columns)), (len(self.arcs),) * 2)

    def to_ms(self, n, fraction):
        """From the tail of arc n to a place at a fraction of its segment."""
        ahead = 1.0 - fraction if self.arcs[n][1] else fraction
        return floor(self.ms[n] * ahead + 0.5)

    def arcs_of(self, segment):
        sides = () if segment in self.closed else (0, 1)
        return [self.number[segment, side] for side in sides if (segment, side) in self.number]

    def times(self, starts, targets):
        """ms from each start to each target, both (segment, fraction); inf where no way leads."""
        table = np.full((len(starts), len(targets)), np.inf)
        for row, (segment, fraction) in enumerate(starts):
            for n in self.arcs_of(segment):
                there = dijkstra(self.graph, indices=n)
                left = self.ms[n] - self.to_ms(n, fraction)
                for column, target in enumerate(targets):
                    best = left + self._arrive(there, target)
                    ahead = self.to_ms(n, target[1]) - self.to_ms(n, fraction)
                    if target[0] == segment and ahead >= 0:
                        best = min(best, ahead)
                    table[row, column] = min(table[row, column], best)
        return table

    def _arrive(self, there, target):
        """From the end of the first arc to the target, by whichever arc leads onto its street."""
        ways = [
            there[p] + self.to_ms(m, target[1])
            for m in self.arcs_of(target[0])
            for p in self.before[m]
        ]
        return min(ways, default=np.inf)

    def times_from_node(self, node):
        """A function that gives the ms from one junction to another; inf where there is no way."""
        out = self.leaving[node]
        there = [dijkstra(self.graph, indices=n) + self.ms[n] for n in out]

        def time_to(target):
            if target == node:
                return 0.0
            return min((float(t[n]) for t in there for n in self.arriving[target]), default=np.inf)

        return time_to


def _speed_kph(segment, mode, rules):
    road_class, _, _, _, modes, posted, *_ = segment.kind
    kph = rules.speeds_kph.get(road_class)
    if kph is None or mode not in modes:
        return None
    if posted and rules.honours_maxspeed:
        kph = posted if rules.maxspeed_replaces_default else min(kph, posted)
    return min(kph * rules.emergency_factor, rules.emergency_max_kph)
