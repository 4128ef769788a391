"""Address benchmark: batch matching beside its peers, and suggestions over HTTP.

Uses the synthetic area ``BLOCKDATA_AREA`` (the demo by default, built where it is missing). Peers
look among the buildings of the community that is truly meant, which makes it easier for them: a
trigram index of PostgreSQL, rapidfuzz over all of them, and a bare hash join of normalised texts in
DuckDB.
"""

import asyncio
import multiprocessing
import time
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from sqlalchemy import Engine, text

from blockdata.address._kernels import resolving as k
from blockdata.address.gazetteer import Gazetteer
from blockdata.address.match import match_many
from blockdata.address.normalise import normalise_many
from blockdata.address.service import AddressService
from blockdata.settings import Settings
from blockdata.storage.areas import find_area
from blockdata.storage.database import open_database
from ingest.synthetic.address_noise import Library, degrade, read_library
from ingest.synthetic.cli import ensure
from tests.benchmarks._address_before import beside_before
from tests.benchmarks._address_growth import growth
from tests.benchmarks._harness import Report, installed, median_seconds

ROWS = 1_000_000
DISTINCT = 100_000
TRIGRAM_SAMPLE = 200
CDIST_SAMPLE = 5_000
REPEATS = 3
SUGGEST_RATE = 200
SUGGEST_SECONDS = 10
SUGGEST_PORT = 8199
CONNECTIONS = 32
SEED = 11

_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def main() -> None:
    """Batch matching, suggestions, growth."""
    settings = Settings()
    ensure(area=settings.area)
    engine = open_database(settings)
    service = AddressService(engine, settings)
    gazetteer = service.gazetteer(settings.area)
    with engine.connect() as connection:
        area = find_area(connection, settings.area)
        library = read_library(connection, area.area_id)
    report = Report("address")
    notes = f"scale {area.scale}: {len(library.parts)} buildings, {len(gazetteer.room_id)} rooms"
    report.value("memory", "gazetteer", "megabytes", gazetteer.bytes / 1e6, notes)
    queries = degrade(library, DISTINCT, SEED)
    batch_match(report, engine, gazetteer, library, queries, notes)
    beside_before(report, engine, area.area_id, gazetteer, queries["text"].tolist(), notes)
    suggest(report, service, settings, library, notes)
    growth(report, engine, area.area_id, notes)
    engine.dispose()
    report.write()


def batch_match(
    report: Report,
    engine: Engine,
    gazetteer: Gazetteer,
    library: Library,
    queries: pd.DataFrame,
    notes: str,
) -> None:
    """A million mixed queries (each drawn text ten times), from raw words to answers."""
    texts = queries["text"].tolist() * (ROWS // DISTINCT)
    ours_s = median_seconds(lambda: match_many(gazetteer, texts), repeats=REPEATS)
    table = match_many(gazetteer, texts[:DISTINCT])
    head = table.node[:DISTINCT]
    ids = np.where(table.level[:DISTINCT] >= k.L_BUILDING, gazetteer.address_id[head], -2)
    told = queries["determinable"].to_numpy(bool)
    truth = queries["address_id"].to_numpy()
    recall = float((ids == truth)[told].mean())
    said = f"one thread each; {notes}; our recall {recall:.4f}"
    sample = queries[told].head(TRIGRAM_SAMPLE)
    seconds, right = _trigrams(engine, library, sample)
    report.beside(
        "batch-match", "1 M mixed", ROWS, ours_s, "pg_trgm", seconds / len(sample) * ROWS,
        f"{said}; theirs {right:.4f} on {len(sample)} rows, time scaled up",
    )  # fmt: skip
    sample = queries[told].head(CDIST_SAMPLE)
    seconds, right = _cdist(library, sample)
    report.beside(
        "batch-match", "1 M mixed", ROWS, ours_s, "rapidfuzz", seconds / len(sample) * ROWS,
        f"{said}; theirs {right:.4f} on {len(sample)} rows, time scaled up",
    )  # fmt: skip
    _hash_join(report, library, texts, ours_s, said)


def _trigrams(engine: Engine, library: Library, sample: pd.DataFrame) -> tuple[float, float]:
    """The nearest text by trigrams, through a GiST index, one query a row."""
    with engine.connect() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        connection.execute(text("CREATE TEMP TABLE bench_text (id bigint, t text)"))
        rows = [
            {"id": int(i), "t": t}
            for i, t in zip(library.parts["address_id"], library.parts["text"], strict=True)
        ]
        connection.execute(text("INSERT INTO bench_text VALUES (:id, :t)"), rows)
        connection.execute(text("CREATE INDEX ON bench_text USING gist (t gist_trgm_ops)"))
        connection.execute(text("ANALYZE bench_text"))
        find = text("SELECT id FROM bench_text ORDER BY t <-> :q LIMIT 1")
        start = time.perf_counter()
        got = [connection.execute(find, {"q": q}).scalar_one() for q in sample["text"]]
        seconds = time.perf_counter() - start
        connection.rollback()
    return seconds, float((np.array(got) == sample["address_id"].to_numpy()).mean())


def _cdist(library: Library, sample: pd.DataFrame) -> tuple[float, float]:
    """The most similar building of the true community."""
    from rapidfuzz import fuzz, process

    parts = library.parts
    by_community = dict(iter(parts.groupby("community")))
    community = parts.set_index("address_id")["community"].to_dict()
    queries = sample.assign(community=sample["source_id"].map(community))
    right = 0
    start = time.perf_counter()
    for name, group in queries.groupby("community"):
        there = by_community[name]
        scores = process.cdist(
            group["text"].tolist(), there["text"].tolist(), scorer=fuzz.ratio, workers=1
        )
        best = there["address_id"].to_numpy()[scores.argmax(axis=1)]
        right += int((best == group["address_id"].to_numpy()).sum())
    return time.perf_counter() - start, right / len(sample)


def _hash_join(
    report: Report, library: Library, texts: list[str], ours_s: float, notes: str
) -> None:
    """An equality join of the normalised texts: the least that any matcher must do."""
    duckdb: Any = installed("duckdb")
    if duckdb is None:
        report.absent("batch-match", "1 M mixed", len(texts), ours_s, "duckdb-hash-join")
        return
    left = pd.DataFrame({"q": normalise_many(texts)})
    right = pd.DataFrame(
        {"q": normalise_many(library.parts["text"].tolist()), "id": library.parts["address_id"]}
    )
    base = duckdb.connect(config={"threads": 1})
    base.register("asked", left)
    base.register("known", right)
    base.execute("CREATE TABLE a AS SELECT * FROM asked; CREATE TABLE b AS SELECT * FROM known")
    join = "CREATE OR REPLACE TABLE joined AS SELECT a.q, b.id FROM a LEFT JOIN b USING (q)"
    seconds = median_seconds(lambda: base.execute(join), repeats=REPEATS)
    report.beside(
        "batch-match", "1 M mixed", len(texts), ours_s, "duckdb-hash-join", seconds,
        f"ours also normalises, reads and weighs; {notes}",
    )  # fmt: skip


def suggest(
    report: Report, service: AddressService, settings: Settings, library: Library, notes: str
) -> None:
    """Half-typed addresses at a fixed rate over HTTP to a server process."""
    rng = np.random.default_rng(SEED)
    chosen = library.parts["text"].sample(2_000, random_state=SEED).tolist()
    typed = [t[9 : 9 + int(rng.integers(2, max(3, len(t) - 8)))] for t in chosen]
    in_process = []
    for words in typed[:500]:
        start = time.perf_counter()
        service.suggest(settings.area, words)
        in_process.append((time.perf_counter() - start) * 1e3)
    p99 = float(np.percentile(in_process, 99))
    report.value("suggest", "in process", "p99_ms", p99, notes)
    waits = _over_http(typed)
    said = f"{SUGGEST_RATE} requests a second for {SUGGEST_SECONDS} s, one server process; {notes}"
    for share in (50, 99):
        value = float(np.percentile(waits, share))
        report.value("suggest", "over HTTP", f"p{share}_ms", value, said)


def _serve() -> None:
    """A server of its own, as ``maps serve`` runs one, with the address routes only."""
    import uvicorn
    from fastapi import FastAPI

    from blockdata.api import router

    settings = Settings()
    service = AddressService(open_database(settings), settings)
    service.suggest(settings.area, "gs1")
    app = FastAPI()
    app.include_router(router(service, settings.area))
    uvicorn.run(app, port=SUGGEST_PORT, log_level="error", access_log=False)


def _over_http(typed: list[str]) -> list[float]:
    server = multiprocessing.get_context("spawn").Process(target=_serve, daemon=True)
    server.start()
    try:
        return asyncio.run(_ask_over_http(typed))
    finally:
        server.terminate()
        server.join()


async def _ask_over_http(typed: list[str]) -> list[float]:
    """Waits in milliseconds, each from the moment at which the request was due."""
    await _until_up()
    idle: asyncio.Queue[_Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", SUGGEST_PORT))
    waits: list[float] = []

    async def ask(words: str, due: float) -> None:
        line = await idle.get()
        await _get(line, f"/v1/addresses/suggest?q={quote(words)}")
        idle.put_nowait(line)
        waits.append((time.perf_counter() - due) * 1e3)

    asked = []
    began = time.perf_counter() + 0.1
    for i in range(SUGGEST_RATE * SUGGEST_SECONDS):
        due = began + i / SUGGEST_RATE
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        asked.append(asyncio.create_task(ask(typed[i % len(typed)], due)))
    await asyncio.gather(*asked)
    return waits


async def _get(line: _Line, path: str) -> bytes:
    """One request on a kept connection: a client library would cost more than the answer."""
    reader, writer = line
    writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if not head.startswith("http/1.1 200"):
        raise OSError(head)
    return await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))


async def _until_up() -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", SUGGEST_PORT)
        except ConnectionRefusedError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the suggestion server did not come up")


if __name__ == "__main__":
    main()
