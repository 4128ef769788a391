"""The roads of the demo district at full scale, for benchmarks: made once, kept in build."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from blockdata.profile import Profile
from dispatch.network.rows import RoadRows
from tests.benchmarks._harness import PROJECT

CACHE = PROJECT / "build" / "bench-cache"
MAKERS = PROJECT / "ingest" / "synthetic" / "geography"
BOUND_MODES = 6  # e-bike and patrol


def plain_rows(
    lonlat: NDArray[np.float64],
    ends: NDArray[np.int64],
    length_m: NDArray[np.float64],
    oneway: NDArray[np.int64],
) -> RoadRows:
    """Straight residential streets, open to everybody."""
    m = len(ends)
    path = lonlat[ends.ravel()]
    return _rows(
        lonlat, ends, length_m, np.full(m, "residential"), oneway, np.full(m, 7), np.zeros(m),
        path, np.arange(m + 1) * 2, np.empty((0, 5)),
    )  # fmt: skip


def demo_roads(profile: Profile) -> RoadRows:
    """The roads that ``blockdata district build --scale 1 --seed 1`` makes."""
    kept = CACHE / f"demo-roads-{_version()}.npz"
    if not kept.exists():
        print("making the roads of the demo district, about a minute", file=sys.stderr)
        CACHE.mkdir(parents=True, exist_ok=True)
        np.savez(kept, *_make(profile))
    with np.load(kept) as saved:
        return _rows(*(saved[name] for name in saved.files))


def _version() -> str:
    """A name for the code that makes the roads, and for what it reads."""
    made_of = hashlib.sha256()
    data = PROJECT / "data"
    sources = [*MAKERS.glob("*.py"), *data.glob("outlines/**/*.*"), data / "profiles/baoan.toml"]
    for source in sorted(sources):
        made_of.update(Path(source).read_bytes())
    return made_of.hexdigest()[:12]


def _make(profile: Profile) -> tuple[NDArray, ...]:
    from ingest.synthetic.geography.build import build_geography

    ground = build_geography(profile, seed=1, scale=1.0)
    segments, turns = ground.segments, ground.turn_restrictions
    path, of = shapely.get_coordinates(segments["path"].to_numpy(), return_index=True)
    first = np.concatenate(([0], np.cumsum(np.bincount(of, minlength=len(segments)))))
    only = turns["kind"].str.startswith("only_").to_numpy(np.int64)
    return (
        np.column_stack((ground.node_lon, ground.node_lat)),
        segments[["from_node", "to_node"]].to_numpy(np.int64),
        segments["length_m"].to_numpy(np.float64),
        segments["road_class"].to_numpy(str),
        segments["oneway"].to_numpy(np.int64),
        segments["access_modes"].to_numpy(np.int64),
        segments["maxspeed_kph"].fillna(0).to_numpy(np.int64),
        path,
        first,
        np.column_stack(
            [
                *(turns[name].to_numpy(np.int64) for name in ("from_segment", "via_node")),
                turns["to_segment"].to_numpy(np.int64),
                only,
                np.full(len(turns), BOUND_MODES),
            ]
        ),
    )


def _rows(
    lonlat: NDArray,
    ends: NDArray,
    length_m: NDArray,
    road_class: NDArray,
    oneway: NDArray,
    access_modes: NDArray,
    maxspeed_kph: NDArray,
    path: NDArray,
    path_first: NDArray,
    restrictions: NDArray,
) -> RoadRows:
    m = len(ends)
    return RoadRows(
        lonlat=lonlat,
        osm_id=np.arange(len(lonlat)),
        from_node=ends[:, 0].astype(np.int64),
        to_node=ends[:, 1].astype(np.int64),
        length_m=length_m,
        road_class=road_class.astype(object),
        name_zh=np.full(m, None, object),
        name_en=np.full(m, None, object),
        oneway=oneway.astype(np.int64),
        access_modes=access_modes.astype(np.int64),
        maxspeed_kph=maxspeed_kph.astype(np.int64),
        bridge=np.zeros(m, np.bool_),
        tunnel=np.zeros(m, np.bool_),
        osm_way_id=np.arange(m),
        path=path,
        path_first=path_first.astype(np.int64),
        restrictions=restrictions.astype(np.int64).reshape(-1, 5),
    )
