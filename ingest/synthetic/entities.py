"""Made-up legal entities of one community, with credit codes of a district that does not exist."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from blockdata.identifiers import synthetic_credit_codes
from blockdata.profile import Profile
from ingest.synthetic.addresses import Register, Site
from ingest.synthetic.arrays import Ints, text
from ingest.synthetic.quotas import apportion
from ingest.synthetic.words import INSTITUTIONS, SHOPS, SOCIETIES, TRADES, all_stems

_GROUND_FLOOR_SHOP = 0.25  # weight of a home's ground-floor room against a room in a work building


def entity_rows(
    profile: Profile,
    site: Site,
    slot: int,
    register: Register,
    building_kind: Ints,
    count: int,
    rng: np.random.Generator,
) -> pa.Table:
    """``count`` entities in works, offices and shops, and on the ground floors of homes."""
    homes = np.array([kind.homes for kind in profile.building_kinds.values()])
    at_home = homes[building_kind][register.room_building]
    weight = np.where(at_home, np.where(register.room_floor == 1, _GROUND_FLOOR_SHOP, 0.0), 1.0)
    if not weight.any():
        weight = np.ones(len(weight))
    room = rng.choice(len(weight), size=count, p=weight / weight.sum())
    kinds = list(profile.entity_kinds)
    shares = np.array([profile.entity_kinds[kind].share for kind in kinds])
    kind = rng.permutation(np.repeat(np.arange(len(kinds)), apportion(count, shares)))
    prefixes = np.array([profile.entity_kinds[k].credit_prefix for k in kinds])
    codes = synthetic_credit_codes(prefixes[kind], slot * 100_000 + np.arange(count))
    return pa.table(
        {
            "entity_id": site.ids.ids(count),
            "area_id": np.full(count, site.area_id, dtype=np.int32),
            "address_id": register.room_address[room],
            "credit_code": text(codes),
            "name_zh": _names(profile, prefixes[kind], rng),
            "kind": pa.array(kinds).take(pa.array(kind)),
        }
    )


def _names(profile: Profile, prefix: NDArray[np.str_], rng: np.random.Generator) -> pa.Array:
    """City, a stem, what it does, and the form its kind has; codes starting 91 are companies."""
    count = len(prefix)
    city, district = profile.district.city_zh, profile.district.district_zh
    words = {
        "91": (city, TRADES, "有限公司"),
        "92": (city + district, SHOPS, ""),
        "12": (city + district, INSTITUTIONS, ""),
    }
    other = (city + district, SOCIETIES, "")
    head, middle, tail = (np.empty(count, dtype=object) for _ in range(3))
    for code in np.unique(prefix).tolist():
        rows = np.flatnonzero(prefix == code)
        place, what, form = words.get(code, other)
        head[rows], tail[rows] = place, form
        middle[rows] = np.array(what, dtype=object)[rng.integers(0, len(what), len(rows))]
    stems = all_stems()
    drawn = [stems[rng.integers(0, len(stems), count)] for _ in range(2)]
    short = rng.random(count) < 0.6
    drawn[1][short] = ""
    parts = [pa.array(part, pa.string()) for part in (head, drawn[0], drawn[1], middle, tail)]
    return pc.binary_join_element_wise(*parts, "")
