"""Corners are answered where the roads of the network cross."""

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from blockdata.address.service import AddressService
from blockdata.crs import to_metric
from blockdata.errors import UnknownAddress
from blockdata.settings import Settings
from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestQuestion

_MEETINGS = """
    WITH ends AS (
        SELECT area_id, name_zh AS name, unnest(ARRAY[from_node, to_node]) AS node_index
        FROM roads.segment JOIN district.area USING (area_id)
        WHERE area.name = 'demo' AND name_zh IS NOT NULL
    )
    SELECT DISTINCT a.name AS one, b.name AS other, ST_X(point) AS lon, ST_Y(point) AS lat
    FROM ends a JOIN ends b USING (area_id, node_index) JOIN roads.node USING (area_id, node_index)
    WHERE a.name < b.name
"""


@pytest.fixture(scope="module")
def meetings(demo: Engine) -> pd.DataFrame:
    with demo.connect() as connection:
        return pd.read_sql(text(_MEETINGS), connection)


def test_a_corner_lies_where_its_roads_cross(
    demo: Engine, settings: Settings, meetings: pd.DataFrame
) -> None:
    addresses = AddressService(demo, settings)
    gazetteer = addresses.gazetteer("demo")
    known = {gazetteer.name(int(road)) for road in np.unique(gazetteer.road) if road >= 0}
    once = meetings[~meetings.duplicated(["one", "other"], keep=False)]
    once = once[once["one"].isin(known) & once["other"].isin(known)]
    assert len(once) > 10
    for row in once.itertuples():
        match = addresses.match("demo", f"{row.one}与{row.other}交叉口")
        assert (match.level, match.matched.address_id) == ("corner", None)
        x_m, y_m = to_metric([match.matched.lon, row.lon], [match.matched.lat, row.lat])
        assert np.hypot(np.diff(x_m), np.diff(y_m))[0] < 0.1
    addresses.close()


def test_roads_that_do_not_cross_have_no_corner(
    demo: Engine, settings: Settings, meetings: pd.DataFrame
) -> None:
    addresses = AddressService(demo, settings)
    roads = sorted({*meetings["one"], *meetings["other"]})
    meet = set(zip(meetings["one"], meetings["other"], strict=True))
    apart = [(a, b) for a in roads for b in roads if a < b and (a, b) not in meet]
    for one, other in apart[:20]:
        try:
            match = addresses.match("demo", f"{one}与{other}交叉口")
        except UnknownAddress:
            continue
        assert match.level == "road"
    addresses.close()


def test_responders_are_sent_to_a_corner(
    demo: Engine, settings: Settings, meetings: pd.DataFrame
) -> None:
    addresses = AddressService(demo, settings)
    desks = Desks(demo, settings, addresses)
    for row in meetings.itertuples():
        words = f"我在{row.one}和{row.other}的路口"
        if addresses.match("demo", words).level == "corner":
            break
    answer = ask_nearest(desks, NearestQuestion(address=words, area="demo"))
    assert answer.incident.level == "corner"
    assert (answer.incident.lon, answer.incident.lat) == pytest.approx((row.lon, row.lat), abs=1e-6)
    assert answer.incident.grid is not None
    addresses.close()
