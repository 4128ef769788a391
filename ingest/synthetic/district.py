"""The rows of a whole synthetic district that are not of one community: outlines, water, roads."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pyarrow as pa

from blockdata.profile import Profile
from blockdata.storage.tables import district, responders, roads
from blockdata.storage.tables.base import first_id
from ingest.synthetic.arrays import Ints, points, wkb
from ingest.synthetic.community import Build, Rows
from ingest.synthetic.geography.model import Geography
from ingest.synthetic.ids import community_slot
from ingest.synthetic.quotas import Quota, quotas
from ingest.synthetic.responders import shift_rows


def quotas_by_community(profile: Profile, geography: Geography) -> dict[str, Quota]:
    """What each community of the whole district gets, by its code."""
    whole = geography.district_communities
    shares = whole["people_share"].to_numpy(dtype=np.float64)
    found = quotas(profile, shares / shares.sum(), whole["character"].tolist())
    return dict(zip(whole["code"].tolist(), found, strict=True))


def district_rows(build: Build) -> Iterator[Rows]:
    """Tables of the district as a whole, in the order in which they can be loaded."""
    geography, area_id = build.geography, build.area_id
    yield district.street, _streets(build)
    yield district.community, _communities(build)
    yield district.water, _water(geography.water, area_id)
    yield roads.node, _nodes(geography, area_id)
    yield roads.segment, _segments(geography.segments, area_id)
    yield roads.turn_restriction, _turns(geography, area_id)
    yield responders.shift, shift_rows(build.profile, area_id)


def _streets(build: Build) -> pa.Table:
    frame = build.geography.streets
    return _table(
        build.area_id,
        street_id=_street_ids(build, frame["code"].tolist()),
        code=frame["code"],
        name_zh=frame["name_zh"],
        name_en=frame["name_en"],
        outline=wkb(frame["outline"].to_numpy()),
    )


def _street_ids(build: Build, codes: list[str]) -> Ints:
    known = [build.profile.district.code + street.code for street in build.profile.streets]
    rows = np.array([known.index(code) for code in codes], dtype=np.int64)
    return first_id(build.area_id) + rows


def _communities(build: Build) -> pa.Table:
    frame = build.geography.communities
    slots = [community_slot(build.profile, code) for code in frame["code"]]
    return _table(
        build.area_id,
        community_id=first_id(build.area_id) + np.array(slots, dtype=np.int64),
        street_id=_street_ids(build, frame["street_code"].tolist()),
        code=frame["code"],
        name_zh=frame["name_zh"],
        name_en=frame["name_en"],
        outline=wkb(frame["outline"].to_numpy()),
    )


def _water(frame: gpd.GeoDataFrame, area_id: int) -> pa.Table:
    return _table(
        area_id,
        water_id=first_id(area_id) + np.arange(len(frame), dtype=np.int64),
        name_zh=frame["name_zh"],
        name_en=frame["name_en"],
        outline=wkb(frame["outline"].to_numpy()),
    )


def _nodes(geography: Geography, area_id: int) -> pa.Table:
    nodes = points(geography.node_lon, geography.node_lat)
    return _table(area_id, node_index=np.arange(len(nodes), dtype=np.int32), point=wkb(nodes))


def _segments(frame: gpd.GeoDataFrame, area_id: int) -> pa.Table:
    plain = [
        *("from_node", "to_node", "length_m", "road_class", "name_zh", "name_en"),
        *("oneway", "access_modes", "maxspeed_kph", "bridge", "tunnel"),
    ]
    return _table(
        area_id,
        segment_index=np.arange(len(frame), dtype=np.int32),
        **{name: pa.Array.from_pandas(frame[name]) for name in plain},
        path=wkb(frame["path"].to_numpy()),
    )


def _turns(geography: Geography, area_id: int) -> pa.Table:
    frame = geography.turn_restrictions
    names = ("from_segment", "via_node", "to_segment")
    return _table(
        area_id,
        restriction_index=np.arange(len(frame), dtype=np.int32),
        kind=pa.array(frame["kind"].tolist(), pa.string()),
        **{name: frame[name].to_numpy().astype(np.int32) for name in names},
    )


def _table(area_id: int, **columns: object) -> pa.Table:
    arrays = {name: pa.array(column) for name, column in columns.items()}
    count = len(next(iter(arrays.values())))
    return pa.table({"area_id": np.full(count, area_id, dtype=np.int32)} | arrays)
