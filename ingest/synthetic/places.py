"""Key sites (重点部位) and standing police points (屯警点) of one community."""

import numpy as np
import pyarrow as pa

from blockdata.text import Text
from ingest.synthetic.addresses import Register, Site
from ingest.synthetic.arrays import Floats, Ints, points, wkb
from ingest.synthetic.names import Names
from ingest.synthetic.settlement import Settlement


def place_rows(
    site: Site,
    community: Text,
    settlement: Settlement,
    names: Names,
    register: Register,
    grid_of: Ints,
    key_sites: int,
    posts: int,
    rng: np.random.Generator,
) -> tuple[pa.Table, Floats]:
    """Rows of ``district.place``, and (posts, 2) lon, lat of the posts.

    Both stand at the doors of buildings that have a road number of their own, each at another.
    """
    single = np.flatnonzero(settlement.hub < 0)
    pool = single if len(single) >= key_sites + posts else np.arange(len(settlement.kind))
    chosen = rng.choice(pool, size=min(key_sites + posts, len(pool)), replace=False)
    sites = min(key_sites, len(chosen))
    base = community.zh.removesuffix("社区")
    rows: list[tuple[str, str, str]] = []
    for n, building in enumerate(chosen.tolist(), 1):
        if n <= sites:
            name = Text(
                f"{base}重点部位{n}号({names.name[building]})", f"{community.en} key site {n}"
            )
            rows.append(("key_site", name.zh, name.en))
        else:
            number = n - sites
            rows.append(("post", f"{base}屯警点{number}号", f"{community.en} police post {number}"))
    lon, lat = register.lon[chosen], register.lat[chosen]
    table = pa.table(
        {
            "place_id": site.ids.ids(len(chosen)),
            "area_id": np.full(len(chosen), site.area_id, dtype=np.int32),
            "kind": pa.array([row[0] for row in rows], pa.string()),
            "name_zh": pa.array([row[1] for row in rows], pa.string()),
            "name_en": pa.array([row[2] for row in rows], pa.string()),
            "grid_id": site.grid_ids[grid_of[chosen]],
            "point": wkb(points(lon, lat)),
        }
    )
    return table, np.column_stack([lon[sites:], lat[sites:]])
