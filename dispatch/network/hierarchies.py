"""The hierarchy of every mode's graph, saved beside the network it belongs to."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from blockdata.errors import BadFile
from blockdata.folders import keep
from blockdata.profile import Mode
from dispatch.hierarchy.hierarchy import Hierarchy
from dispatch.network.network import ModeGraph, RoadNetwork


def build_hierarchy(graph: ModeGraph) -> Hierarchy:
    """The hierarchy over a mode's graph, made anew."""
    return Hierarchy.build(graph.n_nodes, graph.tail, graph.head)


def open_hierarchies(network: RoadNetwork, folder: Path) -> Mapping[Mode, Hierarchy]:
    """The hierarchies of a network, mapped from ``folder``/version, or made and saved there.

    They hold for any travel times, so only other roads or rules make new ones.
    """
    saved = folder / network.version
    return {
        mode: _open(graph, saved / f"hierarchy-{mode}") for mode, graph in network.graphs.items()
    }


def _open(graph: ModeGraph, folder: Path) -> Hierarchy:
    with contextlib.suppress(BadFile):
        saved = Hierarchy.load(folder)
        if saved.fits(graph.n_nodes, graph.tail, graph.head):
            return saved
    hierarchy = build_hierarchy(graph)
    keep(lambda: hierarchy.save(folder))
    return hierarchy
