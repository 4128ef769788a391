"""One engine at a time, each in a process of its own: point → grid by the engine's own means.

Run as ``python _grid_peers.py PEER THREADS FOLDER REPEATS``. The folder holds ``lon.npy``,
``lat.npy`` and ``layer.npy`` (WKB). Loading is done before the clock starts: arrays, geometries,
tables and, where the engine keeps one, its index stand ready. Writes ``PEER-THREADS.npy`` (position
per point, -1 outside) and prints the seconds of each run as JSON.
"""

import contextlib
import itertools
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main():
    peer, threads, folder, repeats = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    # as many cores as threads, for every engine alike
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    lon, lat = np.load(folder / "lon.npy"), np.load(folder / "lat.npy")
    shapes = shapely.from_wkb(np.load(folder / "layer.npy", allow_pickle=True))
    run, answer = PEERS[peer](lon, lat, shapes, threads)
    seconds = []
    for _ in range(int(repeats)):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    np.save(folder / f"{peer}-{threads}.npy", answer(result))
    print(json.dumps(seconds))


def lowest(points, positions, n):
    """One position per point from the rows of a join: the lowest, -1 where there is no row."""
    out = np.full(n, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(out, np.asarray(points), np.asarray(positions, np.int32))
    out[out == np.iinfo(np.int32).max] = -1
    return out


def ours(lon, lat, shapes, threads):
    from blockdata.grid.index import GridIndex

    index = GridIndex.build(shapes)
    index.locate(lon[:10], lat[:10])  # compile before the clock starts
    return lambda: index.locate(lon, lat, threads=threads), lambda out: out


def lookup_only(lon, lat, shapes, threads):
    """The floor: the bare look-up of the same table, cells with edges left unanswered."""
    from numba import njit

    from blockdata.grid.index import GridIndex

    @njit(nogil=True)
    def look_up(lon, lat, frame, columns, rows, table, out):
        west, south, per_lon, per_lat = frame[0], frame[1], frame[2], frame[3]
        for i in range(lon.size):
            x = (lon[i] - west) * per_lon
            y = (lat[i] - south) * per_lat
            known = (x >= 0.0) & (x < columns) & (y >= 0.0) & (y < rows)
            column = np.uint64(x if known else 0.0)
            row = np.uint64(y if known else 0.0)
            out[i] = table[row * np.uint64(columns) + column]

    index = GridIndex.build(shapes)
    parts = [slice(k, k + 65536) for k in range(0, lon.size, 65536)]

    def part(at, out):
        look_up(lon[at], lat[at], index.frame, index.columns, index.rows, index.table, out[at])

    def run():
        out = np.empty(lon.size, np.int32)
        if threads == 1:
            part(slice(None), out)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda at: part(at, out), parts))
        return out

    part(slice(0, 10), np.empty(10, np.int32))
    return run, lambda out: out


def geopandas(lon, lat, shapes, threads):
    import geopandas as gpd

    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
    grids = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    cuts = np.linspace(0, len(points), threads + 1).astype(int)
    parts = [points.iloc[a:b] for a, b in itertools.pairwise(cuts)]

    def join(part):
        return part.sjoin(grids, predicate="intersects", how="inner")

    def run():
        if threads == 1:
            return [join(points)]
        with ThreadPoolExecutor(threads) as pool:  # shapely releases the GIL
            return list(pool.map(join, parts))

    def answer(frames):
        rows = np.concatenate([f.index.to_numpy() for f in frames])
        return lowest(rows, np.concatenate([f["index_right"] for f in frames]), len(lon))

    return run, answer


def duckdb(lon, lat, shapes, threads):
    import duckdb
    import duckdb_extensions
    import pyarrow as pa

    duckdb_extensions.import_extension("spatial")
    db = duckdb.connect(config={"threads": threads})
    db.execute("LOAD spatial")
    raw = pa.table({"id": np.arange(len(lon), dtype="i4"), "x": lon, "y": lat})
    db.execute("CREATE TABLE points AS SELECT id, ST_Point(x, y) AS geom FROM raw")
    drawn = pa.table(
        {"pos": np.arange(len(shapes), dtype="i4"), "wkb": list(shapely.to_wkb(shapes))}
    )
    db.execute("CREATE TABLE grids AS SELECT pos, ST_GeomFromWKB(wkb) AS geom FROM drawn")
    del raw, drawn

    def run():
        db.execute(
            "CREATE OR REPLACE TABLE result AS SELECT p.id, g.pos FROM points p "
            "JOIN grids g ON ST_Intersects(g.geom, p.geom)"
        )

    def answer(_):
        found = db.execute("SELECT id, pos FROM result").fetchnumpy()
        return lowest(found["id"], found["pos"], len(lon))

    return run, answer


def sedonadb(lon, lat, shapes, threads):
    import pyarrow as pa
    import sedonadb as sedona

    sd = sedona.connect()
    sd.sql(f"SET datafusion.execution.target_partitions = {threads}").execute()
    raw = pa.table({"id": np.arange(len(lon), dtype="i4"), "x": lon, "y": lat})
    sd.create_data_frame(raw).to_view("raw")
    sd.sql("SELECT id, ST_Point(x, y) AS geom FROM raw").to_memtable().to_view("points")
    drawn = pa.table(
        {"pos": np.arange(len(shapes), dtype="i4"), "wkb": list(shapely.to_wkb(shapes))}
    )
    sd.create_data_frame(drawn).to_view("drawn")
    sd.sql("SELECT pos, ST_GeomFromWKB(wkb) AS geom FROM drawn").to_memtable().to_view("grids")
    join = "SELECT p.id, g.pos FROM points p JOIN grids g ON ST_Intersects(g.geom, p.geom)"

    def answer(frame):
        found = pa.table(frame)
        return lowest(found["id"].to_numpy(), found["pos"].to_numpy(), len(lon))

    return lambda: sd.sql(join).to_memtable(), answer


def postgis(lon, lat, shapes, threads):
    """Tables loaded and indexed once, in a schema of their own; the lateral form."""
    import psycopg

    db = psycopg.connect(os.environ["BENCH_POSTGIS"], autocommit=True)
    load_postgis(db, lon, lat, shapes)
    workers = threads - 1  # beside the leader, which works too
    if threads == 1:  # the server's process stands outside this one: bind it to the same core
        backend = db.execute("SELECT pg_backend_pid()").fetchone()[0]
        with contextlib.suppress(OSError):
            os.sched_setaffinity(backend, os.sched_getaffinity(0))
    db.execute("SET search_path TO bench_grid, public")
    db.execute(f"SET max_parallel_workers_per_gather = {workers}")
    db.execute("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0")
    db.execute("SET min_parallel_table_scan_size = 0; SET work_mem = '256MB'")

    def run():
        db.execute("DROP TABLE IF EXISTS result")
        db.execute(
            "CREATE UNLOGGED TABLE result AS SELECT p.id, g.pos FROM grids g CROSS JOIN LATERAL "
            "(SELECT id FROM points WHERE ST_Covers(g.geom, points.geom) OFFSET 0) p"
        )

    def answer(_):
        found = np.array(db.execute("SELECT id, pos FROM result").fetchall(), dtype=np.int64)
        return lowest(found[:, 0], found[:, 1], len(lon))

    return run, answer


def load_postgis(db, lon, lat, shapes):
    there = db.execute("SELECT to_regclass('bench_grid.ready')").fetchone()[0]
    if there and db.execute("SELECT n FROM bench_grid.ready").fetchone()[0] == len(lon):
        return
    db.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    db.execute("DROP SCHEMA IF EXISTS bench_grid CASCADE; CREATE SCHEMA bench_grid")
    db.execute("SET search_path TO bench_grid, public")
    db.execute("CREATE UNLOGGED TABLE points (id int, geom geometry(Point, 4326))")
    db.execute("CREATE UNLOGGED TABLE grids (pos int, geom geometry(Polygon, 4326))")
    with db.cursor() as cursor:
        with cursor.copy("COPY points FROM STDIN") as copy:
            for start in range(0, len(lon), 1 << 17):
                part = slice(start, start + (1 << 17))
                points = shapely.set_srid(shapely.points(lon[part], lat[part]), 4326)
                texts = shapely.to_wkb(points, hex=True, include_srid=True)
                copy.write("".join(f"{start + k}\t{t}\n" for k, t in enumerate(texts)))
        with cursor.copy("COPY grids FROM STDIN") as copy:
            texts = shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)
            for k, t in enumerate(texts):
                copy.write_row((k, t))
    db.execute("CREATE INDEX ON points USING gist (geom); CREATE INDEX ON grids USING gist (geom)")
    db.execute("VACUUM ANALYZE points")
    db.execute("VACUUM ANALYZE grids")
    db.execute(f"CREATE TABLE ready AS SELECT {len(lon)} AS n")


PEERS = {
    "ours": ours,
    "lookup-only": lookup_only,
    "geopandas": geopandas,
    "duckdb": duckdb,
    "sedonadb": sedonadb,
    "postgis": postgis,
}

if __name__ == "__main__":
    main()
