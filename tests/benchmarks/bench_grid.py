"""Point → grid: 5.38 million points among 4,866 polygons, against every engine at hand.

``make bench NAME=grid`` writes ``build/bench/grid.json``. Each engine runs in its own process, on
as many cores as it has threads; every answer is compared with shapely's ``covers`` on all points
that lie on no edge, and ours with the rule on those that do.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import shapely

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT)]

from _grid_layer import make_layer, make_points  # noqa: E402
from _harness import Report, median_seconds  # noqa: E402

NAME = "point-to-grid"
ON_CORNERS = 5000  # points put exactly on corners, to try the rule
RUNS = {"ours": 7, "lookup-only": 7, "geopandas": 3, "duckdb": 3, "sedonadb": 3, "postgis": 3}
GOALS = {"geopandas": 30, "duckdb": 20, "sedonadb": 10, "postgis": 50}


def main():
    asked = arguments()
    os.environ["BENCH_RUNS"] = asked.runs
    layer = make_layer()
    lon, lat = make_points(asked.points)
    corners = shapely.get_coordinates(layer)
    chosen = np.random.default_rng(9).choice(len(corners), ON_CORNERS, replace=False)
    lon[:ON_CORNERS], lat[:ON_CORNERS] = corners[chosen].T
    truth, on_edge = shapely_answer(layer, lon, lat)
    case = f"{len(lon)} points x {len(layer)} polygons of {vertices(layer)} vertices"
    print(f"{case}; {int(on_edge.sum())} points on an edge", flush=True)
    report = Report("grid")
    report.value(NAME, case, "points_on_an_edge", int(on_edge.sum()), "ours held to the rule there")
    with tempfile.TemporaryDirectory(prefix="bench-grid-") as name:
        folder = Path(name)
        os.environ["TMPDIR"] = name
        np.save(folder / "lon.npy", lon)
        np.save(folder / "lat.npy", lat)
        np.save(folder / "layer.npy", shapely.to_wkb(layer), allow_pickle=True)
        for threads in asked.threads:
            compare(report, asked.peers, threads, folder, truth, on_edge, case)
            report.write()
    if "postgis" in asked.peers and postgis_url() is not None:
        drop_tables()
    build_facts(report, layer, case)
    if not asked.quick:
        growth(report, layer, lon, lat)
    report.write()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=5_380_000)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peers", nargs="+", default=[p for p in RUNS if p != "ours"])
    parser.add_argument("--runs", default="99", help="at most so many runs of each peer")
    parser.add_argument("--quick", action="store_true", help="leave out the growth curves")
    return parser.parse_args()


def shapely_answer(layer, lon, lat):
    """Lowest polygon that covers each point, and which points lie on an edge; all of them."""
    tree, rims = shapely.STRtree(layer), shapely.STRtree(shapely.boundary(layer))
    truth = np.full(len(lon), len(layer), np.int32)
    on_edge = np.zeros(len(lon), bool)
    for start in range(0, len(lon), 1 << 19):
        points = shapely.points(lon[start : start + (1 << 19)], lat[start : start + (1 << 19)])
        near, position = tree.query(points)
        shapely.prepare(layer)
        held = shapely.covers(layer[position], points[near])
        np.minimum.at(truth, near[held] + start, position[held].astype(np.int32))
        on_edge[rims.query(points, predicate="intersects")[0] + start] = True
    truth[truth == len(layer)] = -1
    return truth, on_edge


def compare(report, peers, threads, folder, truth, on_edge, case):
    """One row per engine at this number of threads; ours must be right on every point."""
    case = f"{case}, threads={threads}"
    ours = run("ours", threads, folder)
    if ours is None:
        raise SystemExit("the index itself did not run")
    # the points on edges too: the rule is the lowest position that touches them
    wrong = int((np.load(folder / f"ours-{threads}.npy") != truth).sum())
    if wrong:
        raise SystemExit(f"{wrong} answers differ from shapely's covers")
    report.value(NAME, case, "ns_per_point", round(1e9 * ours / len(truth), 2), "0 answers differ")
    for peer in peers:
        seconds = run(peer, threads, folder)
        ours = run("ours", threads, folder)  # again, beside this peer: other work comes and goes
        if seconds is None:
            report.beside(NAME, case, len(truth), ours, peer, None, "did not run here")
            continue
        note = "the bare look-up of the table: the floor, gives no exact answer"
        if peer != "lookup-only":
            differ = int(((np.load(folder / f"{peer}-{threads}.npy") != truth) & ~on_edge).sum())
            note = f"{differ} of its answers differ from shapely's covers; goal ×{GOALS[peer]}"
        report.beside(NAME, case, len(truth), ours, peer, seconds, note)


def run(peer, threads, folder):
    """Median seconds of an engine in its own process; None where it cannot be had."""
    environment = os.environ | {
        "NUMBA_NUM_THREADS": "1",
        "OMP_NUM_THREADS": str(threads),
        "TOKIO_WORKER_THREADS": str(threads),
    }  # fmt: skip
    if peer == "postgis":
        url = postgis_url()
        if url is None:
            return None
        environment["BENCH_POSTGIS"] = url
    runs = min(RUNS[peer], int(environment["BENCH_RUNS"])) if peer in GOALS else RUNS[peer]
    words = [sys.executable, HERE / "_grid_peers.py", peer, threads, folder, runs]
    done = subprocess.run(
        list(map(str, words)), capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        print(f"  {peer} failed: {done.stderr.strip()[-400:]}", flush=True)
        return None
    return statistics.median(json.loads(done.stdout.splitlines()[-1]))


def postgis_url():
    """The server to measure, as libpq reads it: the given one, or the private cluster."""
    from blockdata.errors import BlockdataError
    from blockdata.settings import Settings
    from blockdata.storage.database import database_url, open_database

    try:
        open_database(Settings()).dispose()  # a fresh cluster has no database yet
        return database_url(Settings()).replace("postgresql+psycopg://", "postgresql://")
    except BlockdataError as error:
        print(f"  postgis: {error}", flush=True)
        return None


def drop_tables():
    """Leave no millions of points behind in the server."""
    import psycopg

    with psycopg.connect(postgis_url(), autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS bench_grid CASCADE")


def build_facts(report, layer, case):
    """What the index costs: time to build, memory, and one call for one point."""
    from blockdata.grid.index import GridIndex

    index = GridIndex.build(layer)
    seconds = median_seconds(lambda: GridIndex.build(layer), repeats=5)
    one = median_seconds(lambda: index.locate(113.9, 22.65), repeats=2000)
    for metric, value, notes in (
        ("build_seconds", round(seconds, 3), "from shapely polygons, compiled, one thread"),
        ("index_megabytes", round(index.nbytes / 1e6, 1), "table, clipped edges, whole polygons"),
        ("edge_cell_share", round(index.edge_cell_share, 4), "cells that need a test"),
        ("single_point_us", round(1e6 * one, 2), "one locate call from Python"),
    ):
        report.value(NAME, case, metric, value, notes)


def growth(report, layer, lon, lat):
    """How time per point, build time and size grow with points, polygons and vertices; 1 thread."""
    for n in (10_000, 100_000, 1_000_000, len(lon)):
        grown(report, f"points={n}", layer, lon[:n], lat[:n])
    some = slice(0, 1_000_000)
    for polygons in (300, 1_200, 4_866, 20_000):
        grown(report, f"polygons={polygons}", make_layer(polygons), lon[some], lat[some])
    for corners in (40, 160, 640):
        grown(report, f"vertices={corners}", make_layer(vertices=corners), lon[some], lat[some])


def grown(report, case, layer, lon, lat):
    """Three figures for one size."""
    from blockdata.grid.index import GridIndex

    build = median_seconds(lambda: GridIndex.build(layer), repeats=1)
    index = GridIndex.build(layer)
    per_point = 1e9 * median_seconds(lambda: index.locate(lon, lat), repeats=5) / len(lon)
    notes = f"{len(layer)} polygons of {vertices(layer)} vertices, {len(lon)} points, one thread"
    report.value(NAME, case, "growth_ns_per_point", round(per_point, 2), notes)
    report.value(NAME, case, "growth_build_seconds", round(build, 3), notes)
    report.value(NAME, case, "growth_megabytes", round(index.nbytes / 1e6, 1), notes)


def vertices(layer):
    counts = shapely.get_num_coordinates(layer) - 1
    return f"{counts.min()}-{counts.max()} (mean {counts.mean():.0f})"


if __name__ == "__main__":
    main()
