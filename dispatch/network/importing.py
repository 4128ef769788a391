"""Roads into a named area: from a file, or from OpenStreetMap's servers through OSMnx."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select, update

from blockdata.errors import Conflict, NotFound, Unavailable
from blockdata.personal import strip_personal
from blockdata.settings import Settings
from blockdata.storage.areas import create_area, find_area
from blockdata.storage.locks import lock_area
from blockdata.storage.tables import district
from blockdata.storage.tables import roads as tables
from blockdata.text import Text
from dispatch.network.osm import bounds, read_osm
from dispatch.network.rows import RoadRows
from dispatch.network.storage import read_roads, write_roads
from dispatch.network.tags import MODE_BITS


def import_roads(
    connection: Connection,
    path: Path,
    *,
    area: str,
    profile: str,
    replace: bool,
    tell: Callable[[Text], None] = lambda _words: None,
) -> dict[str, Any]:
    """Read an OpenStreetMap file and load its roads into an area; makes the area where needed.

    Two imports into an area take turns; ``tell`` is told when this one has to wait. Returns what
    was read, kept and refused, and what the network is.

    Raises:
        BadFile: the file cannot be read or has no roads.
        Conflict: the area is synthetic, or has roads already and ``replace`` is not given.
    """
    lock_area(connection, area, tell)
    _check_free(connection, area, replace=replace)
    roads, report = read_osm(path)
    area_id = _ready_area(connection, area, profile, source=f"OpenStreetMap: {path.name}")
    write_roads(connection, area_id, roads)
    return {"area": area, "file": str(path), "read": report.as_dict()} | describe(roads)


def download_roads(
    connection: Connection, settings: Settings, place: str, *, area: str, replace: bool
) -> dict[str, Any]:
    """Fetch the roads of a place with OSMnx and load them; needs the internet.

    Raises:
        Unavailable: OpenStreetMap's servers cannot be reached.
        NotFound: they know no such place.
        Conflict: as in ``import_roads``.
    """
    _check_free(connection, area, replace=replace)
    with TemporaryDirectory(prefix="blockdata-osm-") as folder:
        path = _fetch(place, Path(folder))
        return import_roads(
            connection, path, area=area, profile=settings.profile, replace=replace
        ) | {"file": None, "place": place}


def describe(roads: RoadRows) -> dict[str, Any]:
    """Counts, lengths, shares by mode and class, and bounds (west, south, east, north)."""
    total_m = float(roads.length_m.sum())
    by_class = {
        str(name): round(float(roads.length_m[roads.road_class == name].sum()) / 1000, 3)
        for name in sorted(set(roads.road_class.tolist()))
    }
    return {
        "nodes": roads.n_nodes,
        "segments": roads.n_segments,
        "turn_restrictions": len(roads.restrictions),
        "length_km": round(total_m / 1000, 3),
        "oneway_segments": int(np.count_nonzero(roads.oneway)),
        "length_share_by_mode": {
            mode: round(float(roads.length_m[roads.access_modes & bit > 0].sum()) / total_m, 4)
            for mode, bit in MODE_BITS.items()
        },
        "length_km_by_class": by_class,
        "bounds": bounds(roads),
    }


def show_roads(connection: Connection, area: str) -> dict[str, Any]:
    """What the roads of an area are, as ``describe`` says it; zero counts where it has none."""
    found = find_area(connection, area)
    about = {
        "area": found.name,
        "title_zh": found.title.zh,
        "title_en": found.title.en,
        "synthetic": found.synthetic,
        "source": found.source,
    }
    if not _has_roads(connection, found.area_id):
        return about | {"nodes": 0, "segments": 0}
    return about | describe(read_roads(connection, found.area_id))


def _has_roads(connection: Connection, area_id: int) -> bool:
    segment = tables.segment
    found = select(func.count()).select_from(segment).where(segment.c.area_id == area_id)
    return bool(connection.execute(found).scalar_one())


def _check_free(connection: Connection, name: str, *, replace: bool) -> None:
    """Say no before the long work starts."""
    try:
        area = find_area(connection, name)
    except NotFound:
        return
    if area.synthetic:
        raise Conflict(
            Text(f"“{name}”是合成演示区域", f"{name!r} is a synthetic area"),
            field="area",
            cure=Text("真实道路请导入另一个区域(--area)", "import real roads into another --area"),
        )
    if _has_roads(connection, area.area_id) and not replace:
        raise Conflict(
            Text(f"区域“{name}”已有道路", f"the area {name!r} has roads already"),
            field="area",
            cure=Text("换一个区域名,或加 --replace", "name another --area, or add --replace"),
        )


def _ready_area(connection: Connection, name: str, profile: str, source: str) -> int:
    """The id of the area, made if it is new; its source and date are those of the new roads."""
    try:
        area = find_area(connection, name)
    except NotFound:
        return create_area(
            connection,
            name=name,
            title=Text(name, name),
            synthetic=False,
            profile=profile,
            source=source,
        )
    connection.execute(
        update(district.area)
        .where(district.area.c.area_id == area.area_id)
        .values(source=strip_personal(source).text, created_at=func.district.transaction_now())
    )
    return area.area_id


def _fetch(place: str, folder: Path) -> Path:
    """The ways of a place as an .osm file, through OSMnx."""
    import osmnx
    import requests
    from osmnx._errors import ResponseStatusCodeError

    osmnx.settings.use_cache = False
    osmnx.settings.all_oneway = True  # what ``save_graph_xml`` needs
    osmnx.settings.requests_timeout = 60
    known = (*osmnx.settings.useful_tags_way, "foot", "bicycle", "motor_vehicle", "motorcar")
    osmnx.settings.useful_tags_way = [*known, "vehicle", "emergency", "name:zh", "name:en"]
    path = folder / "place.osm"
    try:
        graph = osmnx.graph_from_place(place, network_type="all", simplify=False)
    except (requests.exceptions.RequestException, ResponseStatusCodeError) as error:
        raise Unavailable(
            Text(f"连不上 OpenStreetMap 服务器:{error}", f"OpenStreetMap does not answer: {error}"),
            field="place",
            cure=Text(
                "没有互联网时,先在别处下载 .osm.pbf,再运行 blockdata roads import",
                "without internet, download an .osm.pbf elsewhere and run blockdata roads import",
            ),
        ) from None
    except (ValueError, TypeError) as error:
        raise NotFound(
            Text(f"OpenStreetMap 不认识“{place}”", f"OpenStreetMap knows no {place!r}: {error}"),
            field="place",
            cure=Text("写全地名,如 Monaco", "write the whole name, such as Monaco"),
        ) from None
    osmnx.save_graph_xml(graph, filepath=path)
    return path
