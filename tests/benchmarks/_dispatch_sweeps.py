"""Dispatch benchmark: customisation, one-to-many, and the nearest for every node."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from dispatch.hierarchy.arrays import UNREACHABLE
from tests.benchmarks._harness import Report, installed, median_seconds, same_answer
from tests.benchmarks._road_networks import RoadNetwork, TierRoads

FLEET = {"volunteer": 52_000, "auxiliary": 7_000, "officer": 1_000}
TARGETS = 1_000


def whole(distance: NDArray[np.float64]) -> NDArray[np.int64]:
    """SciPy's distances as ours: int64 ms, ``UNREACHABLE`` for infinite."""
    return np.where(np.isfinite(distance), distance, UNREACHABLE).astype(np.int64)


class Reference:
    """The C++ reference of the customizable contraction hierarchy, with our order."""

    def __init__(self, routingkit: Any, roads: TierRoads) -> None:
        self.routingkit = routingkit
        self.weights = roads.ms.tolist()
        order = np.argsort(roads.hierarchy.rank).tolist()
        self.cch = routingkit.CCH(order, roads.tails.tolist(), roads.heads.tolist(), False)
        self.metric = routingkit.CCHMetric(self.cch, self.weights)

    def customise(self) -> None:
        self.metric.reset(self.weights)

    def conversion_seconds(self) -> float:
        """What the binding takes to read the list of times: customising two nodes with as many."""
        n_arcs = len(self.weights)
        cch = self.routingkit.CCH([0, 1], [0] * n_arcs, [1] * n_arcs, False)
        metric = self.routingkit.CCHMetric(cch, self.weights)
        return median_seconds(lambda: metric.reset(self.weights))


def customise(report: Report, network: RoadNetwork) -> None:
    """All times of one tier anew, beside the C++ reference on the same order."""
    roads = network.tiers["officer"]
    hierarchy, ms = roads.hierarchy, roads.ms
    seconds = median_seconds(lambda: hierarchy.customise(ms), least=0.3)
    for metric, value in hierarchy.describe().items():
        report.value("customise", network.name, metric, value)
    routingkit = installed("routingkit_cch")
    if routingkit is None:
        report.absent("customise", network.name, network.n_nodes, seconds, "routingkit-cch")
        return
    reference = Reference(routingkit, roads)
    theirs = median_seconds(reference.customise, least=0.3)
    conversion = reference.conversion_seconds()
    notes = f"same order; the binding's reading of the list, about {conversion * 1e3:.2f} ms, is in"
    report.beside(
        "customise", network.name, network.n_nodes, seconds, "routingkit-cch", theirs, notes
    )
    report.beside(
        "customise",
        f"{network.name}, without the list",
        network.n_nodes,
        seconds,
        "routingkit-cch",
        max(theirs - conversion, 0.0),
        "the reference's time less the measured reading of its list",
    )


def one_to_many(report: Report, network: RoadNetwork) -> None:
    """One source, a thousand pinned targets."""
    rng = np.random.default_rng(1)
    roads = network.tiers["officer"]
    metric = roads.metric
    targets = rng.integers(0, roads.n_nodes, TARGETS)
    sources = rng.integers(0, roads.n_nodes, 64)
    pinned = metric.pin(targets)
    seconds = median_seconds(lambda: [pinned.from_sources([s]) for s in sources]) / sources.size
    pin_seconds = median_seconds(lambda: metric.pin(targets))
    table_seconds = median_seconds(lambda: pinned.table(sources)) / sources.size
    case = network.name
    report.value("one-to-many", case, "pin_seconds", pin_seconds, f"{TARGETS} targets")
    report.value("one-to-many", case, "table_seconds_per_source", table_seconds, "64 sources")

    graph = roads.scipy
    truth = whole(dijkstra(graph, indices=sources[:4]))[:, targets]
    same_answer(pinned.table(sources[:4]), truth, "one-to-many")
    theirs = median_seconds(lambda: dijkstra(graph, indices=sources[0]), repeats=3)
    report.beside("one-to-many", case, TARGETS, seconds, "scipy", theirs)

    routingkit = installed("routingkit_cch")
    if routingkit is None:
        report.absent("one-to-many", case, TARGETS, seconds, "routingkit-cch")
        return
    reference = Reference(routingkit, roads)
    query = routingkit.CCHOneToMany(reference.metric, targets.tolist())
    listed = sources.tolist()
    theirs = median_seconds(lambda: [query.distances_from(s) for s in listed]) / len(listed)
    answer = [UNREACHABLE if ms is None else ms for ms in query.distances_from(listed[0])]
    same_answer(pinned.from_sources(sources[:1]), answer, "one-to-many beside the reference")
    report.beside(
        "one-to-many", case, TARGETS, seconds, "routingkit-cch", theirs, "same order; gives a list"
    )


def nearest_for_every_node(report: Report, network: RoadNetwork) -> None:
    """The nearest responder of each of three tiers for every node, and all three together."""
    rng = np.random.default_rng(2)
    ours = theirs = 0.0
    for tier, size in FLEET.items():
        roads = network.tiers[tier]
        sources = rng.integers(0, roads.n_nodes, size)
        metric, graph = roads.metric, roads.scipy
        seconds = median_seconds(lambda: metric.nearest_source(sources), least=0.3)  # noqa: B023
        peer_seconds = median_seconds(
            lambda: dijkstra(graph, indices=sources, min_only=True),  # noqa: B023
            repeats=3,
        )
        truth = whole(dijkstra(graph, indices=sources, min_only=True))
        same_answer(metric.nearest_source(sources).travel_time_ms, truth, tier)
        case = f"{network.name}, {size} of {tier}"
        report.beside(
            "nearest-for-every-node", case, network.n_nodes, seconds, "scipy", peer_seconds,
            "ours also says who",
        )  # fmt: skip
        ours += seconds
        theirs += peer_seconds
    case = f"{network.name}, three tiers"
    report.beside("nearest-for-every-node", case, network.n_nodes, ours, "scipy", theirs)


def nearest_beside_pandana(report: Report, network: RoadNetwork) -> None:
    """The nearest of a thousand officers for every node, beside pandana's nearest POI."""
    tier, size = "officer", FLEET["officer"]
    roads = network.tiers[tier]
    metric = roads.metric
    sources = np.random.default_rng(3).integers(0, roads.n_nodes, size)
    seconds = median_seconds(lambda: metric.nearest_source(sources), least=0.3)
    case = f"{network.name}, {size} of {tier}"
    pandana = installed("pandana")
    if pandana is None:
        report.absent("nearest-for-every-node", case, network.n_nodes, seconds, "pandana")
        return
    import pandas as pd

    # It searches from each node to the points; ours travel to the node, so its graph is reversed.
    # It keeps times as thousandths in an int32: given seconds it counts ms, given ms it overflows.
    seconds_of = roads.ms / 1_000
    lonlat = network.roads.geometry.lonlat[roads.graph.junction]
    columns = (*lonlat.T, roads.heads, roads.tails)
    x, y, tails, heads = (pd.Series(column) for column in columns)
    began = time.perf_counter()
    peer = pandana.Network(x, y, tails, heads, pd.DataFrame({"s": seconds_of}), twoway=False)
    built = time.perf_counter() - began
    farthest = 100_000.0

    def ask() -> Any:
        peer.set_pois("officer", farthest, 1, x[sources], y[sources])
        return peer.nearest_pois(farthest, "officer", num_pois=1)

    theirs = median_seconds(ask, repeats=3)
    answer = 1_000 * ask()[1].to_numpy(np.float64)
    truth = metric.nearest_source(sources).travel_time_ms
    near = truth < UNREACHABLE
    same = float((np.abs(answer - truth)[near] <= 100).mean())
    notes = (
        f"set-up after positions move is in, its network ({built:.1f} s) is not; "
        f"{same:.2%} of nodes reached are within 0.1 s of ours: "
        "it cuts every arc to whole ms from a float"
    )
    report.beside(
        "nearest-for-every-node", case, network.n_nodes, seconds, "pandana", theirs, notes
    )
