"""Made-up people of one community, every one with a citizen number of the area 999."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from blockdata.identifiers import synthetic_citizen_numbers
from blockdata.profile import Profile
from ingest.synthetic.addresses import Register, Site
from ingest.synthetic.arrays import Bools, Dates, Ints, text
from ingest.synthetic.words import FAMILY_NAMES, GIVEN_FEMALE, GIVEN_MALE

# Ages (ours): a district of migrants, most of them of working age; from, to below, share.
_AGES = (
    (0, 7, 0.07),
    (7, 18, 0.10),
    (18, 25, 0.15),
    (25, 35, 0.28),
    (35, 45, 0.20),
    (45, 60, 0.15),
    (60, 75, 0.04),
    (75, 95, 0.01),
)
_TODAY = np.datetime64("2026-01-01", "D")  # of the made-up register, so that it never changes
_MEN = 0.54
_OWN_HOME = 0.6
_RENTED_HOME = 0.1
_SHARED_FAMILY_NAME = 0.55
_SEQUENCES = 500


def people_rows(
    profile: Profile,
    site: Site,
    region: int,
    register: Register,
    building_kind: Ints,
    count: int,
    rng: np.random.Generator,
) -> pa.Table:
    """``count`` people in the rooms of the community's homes (in any room where it has none).

    Args:
        profile: the district.
        site: ids of the community.
        region: three digits behind the 999 of their citizen numbers, the community's own.
        register: the rooms.
        building_kind: (n,) row of the profile's building kinds, of each building.
        count: how many.
        rng: draws it all.
    """
    kinds = list(profile.building_kinds.values())
    crowding = np.array([kind.people_per_room for kind in kinds])
    weight = crowding[building_kind][register.room_building]
    if not weight.any():
        weight = np.ones(len(weight))
    room = np.sort(rng.choice(len(weight), size=count, p=weight / weight.sum()))
    male = rng.random(count) < _MEN
    born = _birth_dates(count, rng)
    sequence = _sequence(born, male)
    tall = np.array([k.homes and k.floors[1] > 10 for k in kinds])[building_kind]
    own = np.where(tall[register.room_building[room]], _OWN_HOME, _RENTED_HOME)
    # A household mostly shares tenure: it is drawn for the room, not for the person.
    registered = rng.random(len(weight))[room] < own
    return pa.table(
        {
            "person_id": site.ids.ids(count),
            "area_id": np.full(count, site.area_id, dtype=np.int32),
            "address_id": register.room_address[room],
            "citizen_number": text(synthetic_citizen_numbers(region, born, sequence)),
            "name_zh": _names(room, male, rng),
            "sex": pa.array(["f", "m"]).take(pa.array(male.astype(np.int8))),
            "birth_date": pa.array(born),
            "tenure": pa.array(["tenant", "registered"]).take(pa.array(registered.astype(np.int8))),
        }
    )


def _birth_dates(count: int, rng: np.random.Generator) -> Dates:
    shares = np.array([share for _, _, share in _AGES])
    band = rng.choice(len(_AGES), size=count, p=shares / shares.sum())
    low = np.array([a for a, _, _ in _AGES])[band]
    high = np.array([b for _, b, _ in _AGES])[band]
    days = ((low + (high - low) * rng.random(count)) * 365.2425).astype(np.int64)
    born: Dates = _TODAY - days.astype("timedelta64[D]")
    return born


def _sequence(born: Dates, male: Bools) -> Ints:
    """Three digits, odd for men, that make each number unique; later days where a day is full."""
    key = born.astype(np.int64) * 2 + male
    order = np.argsort(key, kind="stable")
    start = np.searchsorted(key[order], key[order])
    rank = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - start
    if rank.max(initial=0) >= _SEQUENCES:
        raise RuntimeError("more than 500 people of one sex share a birthday in a community")
    return rank * 2 + male


def _names(room: Ints, male: Bools, rng: np.random.Generator) -> pa.Array:
    """Family name, often the room's, and one or two given characters."""
    frequency = 1.0 / (np.arange(len(FAMILY_NAMES)) + 8.0)
    frequency /= frequency.sum()
    count = len(room)
    own = rng.choice(len(FAMILY_NAMES), size=count, p=frequency)
    first_of_room = np.searchsorted(room, room)
    family = np.where(rng.random(count) < _SHARED_FAMILY_NAME, own[first_of_room], own)
    given = [pa.array([*GIVEN_FEMALE, *GIVEN_MALE, ""])]
    men, women = len(GIVEN_MALE), len(GIVEN_FEMALE)

    def draw() -> Ints:
        return np.asarray(
            np.where(male, women + rng.integers(0, men, count), rng.integers(0, women, count))
        )

    second = np.where(rng.random(count) < 0.8, draw(), men + women)
    parts = [pa.array(list(FAMILY_NAMES)).take(pa.array(family))]
    parts += [given[0].take(pa.array(index)) for index in (draw(), second)]
    return pc.binary_join_element_wise(*parts, "")
