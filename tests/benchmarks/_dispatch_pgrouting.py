"""Dispatch benchmark: pgRouting on the same edge table, in a private cluster of its own."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from blockdata.debian import bring_packages
from blockdata.errors import SetupError
from blockdata.storage.cluster import Cluster
from dispatch.hierarchy.arrays import UNREACHABLE
from dispatch.nearest import snap_incident
from dispatch.network.snapping import Places
from tests.benchmarks._differences import write_differences
from tests.benchmarks._dispatch_fleet import LIMIT_MS, MOVES_PER_QUERY, K, ask
from tests.benchmarks._harness import PROJECT, Report, same_answer
from tests.benchmarks._moving_fleet import NOW, SIZES, MovingFleet, ScipyPeer, random_points
from tests.benchmarks._road_networks import PROFILE, RoadNetwork, TierRoads

PACKAGE = "postgresql-15-pgrouting"
CONTROL = Path("/usr/share/postgresql/15/extension/pgrouting.control")
QUESTIONS = 3
TIMEOUT_S = 90
# One way from a place to the fleet, over reversed streets; the place is a node more.
REACH = """
WITH reach AS (
  SELECT node, agg_cost FROM pgr_drivingDistance(
    'SELECT id, source, target, cost FROM {tier}_edges UNION ALL {own}', {place}, {limit})
)
SELECT min(ms)::bigint AS ms, member FROM (
  SELECT agg_cost + left_ms AS ms, member FROM reach JOIN {tier}_fleet USING (node)
   WHERE NOT busy AND fixed_at_s >= {oldest}
  UNION ALL
  SELECT access_ms + (ARRAY[{ahead}])[side + 1] - to_ms, member FROM {tier}_fleet
   WHERE segment = {segment} AND (ARRAY[{ahead}])[side + 1] >= to_ms
     AND NOT busy AND fixed_at_s >= {oldest}
) AS ways WHERE ms <= {limit} GROUP BY member ORDER BY 1, 2 LIMIT {k}
"""
PAIRS = """
SELECT start_vid, end_vid, agg_cost::bigint FROM pgr_dijkstraCost(
  'SELECT id, target AS source, source AS target, cost FROM officer_edges',
  CAST(:sources AS bigint[]), CAST(:targets AS bigint[]))
"""


def beside_pgrouting(report: Report, network: RoadNetwork) -> None:
    """Three-tier nearest by ``pgr_drivingDistance``, and every difference of times."""
    crew = MovingFleet(network, np.random.default_rng(9))
    points = random_points(network, "patrol", QUESTIONS, crew.rng)
    ours = [_seconds(crew, *p) for p in random_points(network, "patrol", 100, crew.rng).tolist()]
    theirs = []
    try:
        with pgrouting() as connection:
            peers = {tier: ScipyPeer(network, tier) for tier in SIZES}
            for tier, peer in peers.items():
                peer.look(crew.fleet)
                _load(connection, tier, peer)
            for lon, lat in points.tolist():
                answers = ask(crew, lon, lat)
                places = snap_incident(network.roads, crew.fleet.travel, PROFILE, [(lon, lat)])
                began = time.perf_counter()
                found = {
                    t: _nearest(connection, peers[t], places[peers[t].roads.mode]) for t in SIZES
                }
                theirs.append(time.perf_counter() - began)
                for tier, hits in answers.items():
                    same_answer([hit[:2] for hit in hits], found[tier], f"pgRouting, {tier}")
            _differences(connection, network)
    except (SetupError, SQLAlchemyError, PermissionError) as error:
        reason = f"not measured: {str(error).splitlines()[0]}"
        seconds = float(np.median(ours))
        report.beside("three-tier-nearest", network.name, 3 * K, seconds, "pgrouting", None, reason)
        return
    report.beside(
        "three-tier-nearest", f"{network.name}, limit 600 s", 3 * K, float(np.median(ours)),
        "pgrouting", float(np.median(theirs)),
        "its edges and fleet are tables at rest, ours' snap is given; on cores of its own",
    )  # fmt: skip


def _seconds(crew: MovingFleet, lon: float, lat: float) -> float:
    crew.fleet.move(*crew.next_fixes(MOVES_PER_QUERY))
    began = time.perf_counter()
    ask(crew, lon, lat)
    return time.perf_counter() - began


@contextmanager
def pgrouting() -> Iterator[Connection]:
    """A connection to a new private cluster with pgRouting; gone afterwards.

    Raises:
        SetupError: pgRouting can be had only by root, by apt.
    """
    if not CONTROL.exists():
        if os.geteuid() != 0:
            raise PermissionError("pgRouting is installed by apt, which needs root")
        told = lambda said: print(said.en, file=sys.stderr)  # noqa: E731
        bring_packages((PACKAGE,), PROJECT / "build" / "unpacked", told)
    var = PROJECT / "build" / "bench-var"
    cluster = Cluster(var)
    cluster.destroy()
    try:
        engine = create_engine(cluster.ensure_running().url("postgres"))
        with engine.connect() as connection:
            connection.execute(text("CREATE EXTENSION pgrouting CASCADE"))
            connection.execute(text(f"SET statement_timeout = '{TIMEOUT_S}s'"))
            yield connection
        engine.dispose()
    finally:
        cluster.destroy()
        shutil.rmtree(var, ignore_errors=True)


def _load(connection: Connection, tier: str, peer: ScipyPeer) -> None:
    """Reversed edges, and the fleet by the nodes at which it comes into the network."""
    roads = peer.roads
    edges = zip(
        range(roads.ms.size), roads.heads.tolist(), roads.tails.tolist(), roads.ms.tolist(),
        strict=True,
    )  # fmt: skip
    _copy(connection, f"{tier}_edges (id bigint, source bigint, target bigint, cost float8)", edges)
    member, side = np.nonzero(np.isfinite(peer.left_ms))
    columns = (
        peer.rows[member], peer.node[member, side], peer.left_ms[member, side],
        peer.access_ms[member], peer.segment[member], side, peer.to_ms[member, side],
        peer.busy[member], peer.fixed_at_s[member],
    )  # fmt: skip
    _copy(
        connection,
        f"{tier}_fleet (member int, node bigint, left_ms float8, access_ms float8, segment int,"
        " side int, to_ms int, busy bool, fixed_at_s float8)",
        zip(*(column.tolist() for column in columns), strict=True),
    )
    connection.execute(text(f"CREATE INDEX ON {tier}_fleet (node)"))
    connection.execute(text(f"CREATE INDEX ON {tier}_fleet (segment)"))
    connection.execute(text(f"ANALYZE {tier}_edges, {tier}_fleet"))


def _copy(connection: Connection, table: str, rows: Any) -> None:
    connection.execute(text(f"CREATE TEMP TABLE {table}"))
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.partition(' ')[0]} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _nearest(connection: Connection, peer: ScipyPeer, place: Places) -> list[tuple[int, int]]:
    nodes, offsets, _ = peer.roads.times.ways_in(place)
    own = " UNION ALL ".join(
        f"SELECT {-1 - i}, {peer.roads.n_nodes}, {node}, {ms}"
        for i, (node, ms) in enumerate(zip(nodes.tolist(), offsets.tolist(), strict=True))
    )
    ahead = ",".join(str(ms) for ms in place.to_ms[0].tolist())  # -1 where closed
    access_ms = int(place.access_ms[0])
    asked = REACH.format(
        tier=peer.tier, own=own, place=peer.roads.n_nodes, limit=LIMIT_MS - access_ms, k=K,
        oldest=NOW.timestamp() - PROFILE.dispatch.fix_max_age_s,
        ahead=ahead, segment=int(place.segment[0]),
    )  # fmt: skip
    raw: Any = connection.connection.driver_connection
    return [(ms + access_ms, member) for ms, member in raw.execute(asked).fetchall()]


def _differences(connection: Connection, network: RoadNetwork) -> None:
    """Times between junctions on the officers' edge table; every pair that differs is listed."""
    roads: TierRoads = network.tiers["officer"]
    rng = np.random.default_rng(10)
    sources, targets = (np.unique(rng.integers(0, roads.n_nodes, n)) for n in (4, 300))
    rows = connection.execute(
        text(PAIRS), {"sources": sources.tolist(), "targets": targets.tolist()}
    )
    theirs = {(a, b): ms for a, b, ms in rows}
    differ = []
    ours = roads.metric.table(sources, targets)
    for i, j in np.ndindex(ours.shape):
        pair = (int(sources[i]), int(targets[j]))
        ms = int(ours[i, j])
        peer_ms = theirs.get(pair, 0 if pair[0] == pair[1] else None)
        if (ms if ms < UNREACHABLE else None) != peer_ms:
            differ.append({"source": pair[0], "target": pair[1], "ms": ms, "peer_ms": peer_ms})
    write_differences(
        "pgrouting",
        network.name,
        {
            "pairs": int(sources.size * targets.size),
            "different": len(differ),
            "listed": differ,
            "explained": "the same table of directed arcs, copies of junctions for turns in it; "
            "whole milliseconds add up exactly in float8, so there is nothing to differ",
        },
    )
