"""Corners are answered where the roads of the network cross."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from blockdata.address.service import AddressService
from blockdata.crs import to_metric
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


@pytest.fixture
def addresses(demo: Engine, settings: Settings) -> Iterator[AddressService]:
    service = AddressService(demo, settings)
    yield service
    service.close()


@pytest.fixture
def meetings(demo: Engine, addresses: AddressService) -> pd.DataFrame:
    """Where two roads meet that both have addresses; a row for each place."""
    with demo.connect() as connection:
        found = pd.read_sql(text(_MEETINGS), connection)
    gazetteer = addresses.gazetteer("demo")
    known = {gazetteer.name(int(road)) for road in np.unique(gazetteer.road) if road >= 0}
    return found[found["one"].isin(known) & found["other"].isin(known)]


def test_a_corner_lies_where_its_roads_cross(
    addresses: AddressService, meetings: pd.DataFrame
) -> None:
    once = meetings[~meetings.duplicated(["one", "other"], keep=False)]
    assert len(once) > 10
    for row in once.itertuples():
        match = addresses.match("demo", f"{row.one}与{row.other}交叉口")
        assert (match.level, match.matched.address_id) == ("corner", None)
        x_m, y_m = to_metric([match.matched.lon, row.lon], [match.matched.lat, row.lat])
        assert np.hypot(np.diff(x_m), np.diff(y_m))[0] < 0.1


def test_roads_that_do_not_cross_have_no_corner(
    addresses: AddressService, meetings: pd.DataFrame
) -> None:
    roads = sorted({*meetings["one"], *meetings["other"]})
    meet = set(zip(meetings["one"], meetings["other"], strict=True))
    apart = [(a, b) for a in roads for b in roads if a < b and (a, b) not in meet]
    for one, other in apart[:20]:
        assert addresses.match("demo", f"{one}与{other}交叉口").level == "road"


def test_responders_are_sent_to_a_corner(
    demo: Engine, settings: Settings, addresses: AddressService, meetings: pd.DataFrame
) -> None:
    once = meetings[~meetings.duplicated(["one", "other"], keep=False)].iloc[0]
    question = NearestQuestion(address=f"我在{once['one']}和{once['other']}的路口", area="demo")
    answer = ask_nearest(Desks(demo, settings, addresses), question)
    assert answer.incident.level == "corner"
    at = (answer.incident.lon, answer.incident.lat)
    assert at == pytest.approx((once["lon"], once["lat"]), abs=1e-6)
    assert answer.incident.grid is not None
