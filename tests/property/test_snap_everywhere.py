"""A point anywhere is put on the network or refused, with work that the network alone bounds."""

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blockdata.profile import load_profile
from dispatch._kernels.snap import metres_per_degree
from dispatch.network.network import build_network
from dispatch.network.snapping import snap
from tests.roads_by_hand import make_roads
from tests.watchdog import soon

PROFILE = load_profile("baoan")
RULES = PROFILE.modes["foot"]
# where networks lie: at home, by both poles, where the date changes, and all around a pole
PLACES = [(113.85, 22.58), (0.0, 89.9995), (10.0, -89.999), (179.9995, 60.0)]


def town(lon, lat, step=0.0005):
    """A few crossing streets of some hundred metres from north to south."""
    points = [
        (lon + east * step, lat + north * step) for north in range(-1, 1) for east in range(3)
    ]
    ends = [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)]
    streets = [(a, b, 50.0, "residential", 0, 7, 0) for a, b in ends]
    return build_network(make_roads(points, streets), PROFILE.modes)


def around_the_pole():
    """A ring of streets at 89.999°, whose box is all there is from west to east."""
    points = [(-180.0 + 30.0 * k, 89.999) for k in range(13)]
    streets = [(k, k + 1, 60.0, "residential", 0, 7, 0) for k in range(12)]
    return build_network(make_roads(points, streets), PROFILE.modes)


NETWORKS = [town(*place) for place in PLACES] + [around_the_pole()]
ANYWHERE = st.one_of(
    st.floats(-1e-2, 1e-2),
    st.floats(-400, 400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 90.0, -90.0, 180.0, -180.0, math.nextafter(90, 0), 1e308, -1e308]),
)


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    """No test waits for the compiler."""
    for network in NETWORKS:
        snap(network.geometry, network.graphs["foot"], RULES, np.array([0.0]), np.array([0.0]))


def nearest_m(network, lon, lat):
    """Metres to the nearest street, by looking at every piece of all."""
    per_lon, per_lat = metres_per_degree(lat)
    here = network.geometry.path.reshape(-1, 2, 2)
    a, b = ((here[:, end] - (lon, lat)) * (per_lon, per_lat) for end in (0, 1))
    along = b - a
    square = (along**2).sum(axis=1)
    share = np.divide(-(a * along).sum(axis=1), square, np.zeros(len(a)), where=square > 0)
    return float(np.hypot(*(a + share.clip(0, 1)[:, None] * along).T).min())


@given(st.sampled_from(NETWORKS), st.booleans(), ANYWHERE, ANYWHERE)
@settings(deadline=None, max_examples=400, phases=[Phase.explicit, Phase.generate])
def test_the_nearest_street_is_found_or_refused(network, near, lon, lat):
    if near:  # from a corner of the network, not from where meridians meet the equator
        lon, lat = lon + network.geometry.path[0, 0], lat + network.geometry.path[0, 1]
    graph = network.graphs["foot"]
    with np.errstate(all="ignore"):
        true_m = nearest_m(network, lon, lat)
    found = soon(lambda: snap(network.geometry, graph, RULES, np.array([lon]), np.array([lat])))
    if true_m <= RULES.max_snap_m:
        assert found.distance_m[0] == pytest.approx(true_m, rel=1e-9, abs=1e-6)
    else:
        assert not found.on_network[0]


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("lat", [90.0, -90.0, math.nan, math.inf])
def test_the_poles_and_what_is_no_place_are_done_with_at_once(network, lat):
    lon = np.linspace(-180, 180, 1000)
    found = soon(
        lambda: snap(network.geometry, network.graphs["foot"], RULES, lon, np.full(len(lon), lat))
    )
    assert len(found) == len(lon)
