"""Everything of one community of the synthetic district, from its ground to its responders."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from sqlalchemy import Table

from blockdata.crs import from_metric
from blockdata.identifiers import numbered_codes
from blockdata.profile import Profile
from blockdata.storage.tables import district, register, responders
from blockdata.storage.tables.base import first_id
from blockdata.text import Text
from ingest.synthetic.addresses import Site, register_rows
from ingest.synthetic.arrays import text, wkb
from ingest.synthetic.entities import entity_rows
from ingest.synthetic.geography.model import Geography
from ingest.synthetic.grids import Grids, draw_grids
from ingest.synthetic.ids import community_slot, id_block
from ingest.synthetic.landmarks import landmark_rows
from ingest.synthetic.names import name_everything
from ingest.synthetic.people import people_rows
from ingest.synthetic.places import place_rows
from ingest.synthetic.plots import ground_of
from ingest.synthetic.quotas import Quota, room_skew
from ingest.synthetic.responders import Beats, responder_rows
from ingest.synthetic.settlement import settle

_STAGE = 440  # keeps the streams of communities apart from those of the geography
_SETTLE, _NAMES, _DOORS, _PEOPLE, _ENTITIES, _PLACES, _RESPONDERS, _LANDMARKS = range(8)

Rows = tuple[Table, pa.Table]


@dataclass(frozen=True)
class Build:
    """What the build of one area has in common for all its communities."""

    profile: Profile
    seed: int
    area_id: int
    geography: Geography
    quotas: dict[str, Quota]

    def stream(self, slot: int, stage: int) -> np.random.Generator:
        """The random stream of one stage of one community; no other stage disturbs it."""
        key = (_STAGE, slot, stage)
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        )


def community_rows(build: Build, row: int) -> Iterator[Rows]:
    """The tables of one community in the order in which they can be loaded.

    Args:
        build: the build it is part of.
        row: row of ``build.geography.communities``.
    """
    profile, geography = build.profile, build.geography
    facts = geography.communities.iloc[row]
    quota, slot = build.quotas[facts["code"]], community_slot(profile, facts["code"])
    ground = ground_of(geography, row)
    settlement = settle(
        profile,
        ground,
        quota.buildings,
        skew=room_skew(profile),
        has_landmark=row == geography.landmark_community,
        rng=build.stream(slot, _SETTLE),
    )
    names = name_everything(
        profile, ground, settlement, facts["name_zh"], build.stream(slot, _NAMES)
    )
    lon, lat = from_metric(settlement.plots.x, settlement.plots.y)
    load = (settlement.floors * settlement.rooms_per_floor).astype(np.float64)
    grids = draw_grids(facts["outline"], ground.lines, lon, lat, load, quota.grids)
    site = _site(build, facts["code"], facts["street_code"], facts["name_zh"], slot, grids)
    yield district.grid, _grid_rows(build, site, slot, grids)
    doors = build.stream(slot, _DOORS)
    rows = register_rows(profile, site, ground, settlement, names, grids.of_point, doors)
    yield register.building, rows.buildings
    yield register.entrance, rows.entrances
    yield register.address, rows.addresses
    yield register.address, rows.rooms
    yield (
        register.address,
        landmark_rows(
            profile,
            site,
            facts["name_zh"].removesuffix("社区"),
            ground,
            settlement,
            names,
            rows,
            grids.outlines,
            quota.landmarks,
            build.stream(slot, _LANDMARKS),
        ),
    )
    kind = settlement.kind
    rng = build.stream(slot, _PEOPLE)
    yield register.person, people_rows(profile, site, slot, rows, kind, quota.people, rng)
    rng = build.stream(slot, _ENTITIES)
    yield (
        register.legal_entity,
        entity_rows(profile, site, slot, rows, kind, quota.legal_entities, rng),
    )
    places, posts = place_rows(
        site,
        Text(facts["name_zh"], facts["name_en"]),
        settlement,
        names,
        rows,
        grids.of_point,
        quota.key_sites,
        quota.posts,
        build.stream(slot, _PLACES),
    )
    yield district.place, places
    yield (
        responders.responder,
        responder_rows(
            profile,
            site,
            facts["name_zh"].removesuffix("社区"),
            _beats(geography, row),
            rows,
            kind,
            posts,
            quota.responders,
            build.stream(slot, _RESPONDERS),
        ),
    )


def _site(build: Build, code: str, street_code: str, name_zh: str, slot: int, grids: Grids) -> Site:
    place = build.profile.district
    streets = build.geography.streets
    street_zh = streets["name_zh"][streets["code"] == street_code].iloc[0]
    ids = id_block(build.area_id, slot)
    count = len(grids.outlines)
    return Site(
        area_id=build.area_id,
        ids=ids,
        prefix_zh=place.province_zh + place.city_zh + place.district_zh + street_zh + name_zh,
        grid_ids=ids.ids(count),
        grid_codes=numbered_codes([code] * count, np.arange(1, count + 1), 2),
    )


def _grid_rows(build: Build, site: Site, slot: int, grids: Grids) -> pa.Table:
    count = len(grids.outlines)
    return pa.table(
        {
            "grid_id": site.grid_ids,
            "area_id": np.full(count, build.area_id, dtype=np.int32),
            "community_id": np.full(count, first_id(build.area_id) + slot, dtype=np.int64),
            "code": text(site.grid_codes),
            "outline": wkb(grids.outlines),
        }
    )


def _beats(geography: Geography, row: int) -> Beats:
    segments = geography.segments[geography.segments["community"].to_numpy() == row]
    return Beats(
        segments["path"].to_numpy(),
        segments["length_m"].to_numpy(),
        segments["road_class"].to_numpy(dtype=object),
        segments["access_modes"].to_numpy().astype(np.int64),
    )
