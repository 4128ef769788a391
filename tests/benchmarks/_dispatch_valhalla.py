"""Dispatch benchmark: Valhalla on the same file from OpenStreetMap, as a dispatcher would use it.

Its matrix is asked from the responders nearest in a straight line. Its costs are its own, so times
to answer are compared, and how the travel times differ is listed and explained.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.nearest import snap_incident, straight_line_m
from dispatch.network.network import build_network
from dispatch.network.osm import read_osm
from tests.benchmarks._differences import write_differences
from tests.benchmarks._dispatch_fleet import K, ask
from tests.benchmarks._harness import Report, installed
from tests.benchmarks._moving_fleet import NOW, SIZES, MovingFleet, random_points
from tests.benchmarks._road_networks import PROFILE, RoadNetwork

FILES = {
    "monaco": "monaco_osrm.osm.pbf",
    "futian": "shenzhen_futian_nanshan_drive_2024-10.osm.pbf",
}
COSTING = {"foot": "pedestrian", "ebike": "bicycle", "patrol": "auto"}
SHORTLIST = 20
QUESTIONS = 20
BUILD_TIMEOUT_S = 180
EXPLAINED = (
    "speeds: Valhalla goes by class, surface and density, ours by the profile (on foot 5.1 km/h "
    "against 6.48, patrol cars by emergency rules); junctions: it adds seconds for turns and "
    "signals, ours none, since the profile states none; e-bikes: its bicycle may use footways "
    "that ours may not, and shuns main roads; the way to the road: ours counts it, Valhalla does "
    "not; reached by one only: ours puts a point on the nearest road of the mode, and says where "
    "no way leads on from there, Valhalla looks for a road that is part of a larger whole; roads "
    "above each other: each may take another; the shortlist holds the nearest in a straight line, "
    "who need not be so by road"
)


def beside_valhalla(report: Report) -> None:
    """Three-tier nearest beside Valhalla's matrix over its best straight-line shortlist."""
    folder = os.environ.get("BLOCKDATA_REAL_DATA")
    valhalla = installed("valhalla")
    for name, file in FILES.items():
        if not folder:
            report.value("skipped", f"valhalla, {name}", "networks", 0, "no BLOCKDATA_REAL_DATA")
            continue
        path = Path(folder) / "roads" / file
        roads = build_network(read_osm(path)[0], PROFILE.modes)
        network = RoadNetwork.of(name, roads)
        with tempfile.TemporaryDirectory(prefix="bench-valhalla-") as place:
            _compare(report, network, valhalla, path, Path(place))


def _compare(report: Report, network: RoadNetwork, valhalla: Any, path: Path, folder: Path) -> None:
    crew = MovingFleet(network, np.random.default_rng(11))
    points = random_points(network, "patrol", QUESTIONS + 1, crew.rng).tolist()
    ask(crew, *points[0])
    ours = []
    for lon, lat in points[1:]:
        crew.fleet.move(*crew.next_fixes(8))
        began = time.perf_counter()
        ask(crew, lon, lat)
        ours.append(time.perf_counter() - began)
    seconds = float(np.median(ours))
    if valhalla is None:
        report.absent("three-tier-nearest", network.name, 3 * K, seconds, "valhalla")
        return
    try:
        actor = _actor(valhalla, path, folder)
    except (OSError, subprocess.SubprocessError) as error:
        note = f"tiles not built: {error}"
        report.beside("three-tier-nearest", network.name, 3 * K, seconds, "valhalla", None, note)
        return
    theirs, pairs = [], []
    for point in points:
        began = time.perf_counter()
        asked = {tier: _matrix(actor, crew, tier, point) for tier in SIZES}
        theirs.append(time.perf_counter() - began)
        pairs += _side_by_side(crew, point, asked)
    report.beside(
        "three-tier-nearest", network.name, 3 * K, seconds, "valhalla", float(np.median(theirs)),
        f"its matrix over {SHORTLIST} nearest in a straight line of each tier; other costs: time "
        "to answer alone",
    )  # fmt: skip
    _list(network, pairs)


def _actor(valhalla: Any, path: Path, folder: Path) -> Any:
    """Valhalla on tiles made of the file; ``valhalla_build_tiles`` is called directly."""
    config = valhalla.get_config(tile_extract="", tile_dir=folder)
    config["mjolnir"]["concurrency"] = 1
    settings = folder / "valhalla.json"
    settings.write_text(json.dumps(config), encoding="utf-8")
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    print(f"· Valhalla's tiles of {path.name}", file=sys.stderr, flush=True)
    subprocess.run(  # it leaves a list of double ways in the folder where it runs
        [program, "-c", settings, path], check=True, capture_output=True, cwd=folder,
        timeout=BUILD_TIMEOUT_S,
    )  # fmt: skip
    return valhalla.Actor(str(settings))


def _matrix(actor: Any, crew: MovingFleet, tier: str, point: list[float]) -> list[tuple[int, Any]]:
    """Rows of the shortlist and Valhalla's cell of each."""
    book, fleet = crew.fleet.roster, crew.fleet
    oldest = NOW.timestamp() - PROFILE.dispatch.fix_max_age_s
    may = fleet.is_tier(tier) & ~book.busy & (book.fixed_at_s >= oldest)
    away = np.where(may, straight_line_m(fleet, (point[0], point[1])), np.inf)
    rows = np.argpartition(away, SHORTLIST)[:SHORTLIST].tolist()
    sources = [{"lon": float(book.lon[row]), "lat": float(book.lat[row])} for row in rows]
    answer = actor.matrix(
        {
            "sources": sources,
            "targets": [{"lon": point[0], "lat": point[1]}],
            "costing": COSTING[PROFILE.tiers[tier].mode],
            "verbose": True,
        }
    )
    return [(row, cells[0]) for row, cells in zip(rows, answer["sources_to_targets"], strict=True)]


def _side_by_side(crew: MovingFleet, point: list[float], asked: dict[str, Any]) -> list[dict]:
    places = snap_incident(crew.network.roads, crew.fleet.travel, PROFILE, [tuple(point)])
    pairs = []
    for tier, cells in asked.items():
        for row, cell in cells:
            way = crew.fleet.journey(row, places)
            journey = None if way is None else way[0]
            pairs.append(
                {
                    "tier": tier,
                    "from": [float(crew.fleet.roster.lon[row]), float(crew.fleet.roster.lat[row])],
                    "to": point,
                    "seconds": None if journey is None else journey.travel_time_ms / 1_000,
                    "off_road_seconds": None
                    if journey is None
                    else (journey.to_road_ms + journey.from_road_ms) / 1_000,
                    "peer_seconds": cell["time"],
                    "peer_km": cell["distance"],
                }
            )
    return pairs


def _list(network: RoadNetwork, pairs: list[dict]) -> None:
    tiers = {}
    for tier in SIZES:
        mine = [p for p in pairs if p["tier"] == tier]
        both = [p for p in mine if p["seconds"] is not None and p["peer_seconds"] is not None]
        ratio = [p["peer_seconds"] / p["seconds"] for p in both if p["seconds"]]
        tiers[tier] = {
            "pairs": len(mine),
            "reached_by_one_only": len(mine)
            - len(both)
            - sum(p["seconds"] is None and p["peer_seconds"] is None for p in mine),
            "peer_over_ours_quartiles": np.round(
                np.quantile(ratio or [np.nan], [0.25, 0.5, 0.75]), 3
            ).tolist(),
        }
    apart = sorted(pairs, key=lambda p: -abs((p["seconds"] or 0) - (p["peer_seconds"] or 0)))
    write_differences(
        "valhalla",
        network.name,
        {"by_tier": tiers, "farthest_apart": apart[:40], "explained": EXPLAINED},
    )
