"""Datums: published vectors, round trips, and the size of the shift here."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from blockdata.crs import from_metric, from_wgs84, to_metric, to_wgs84
from blockdata.errors import BadDatum

DEGREE_M = 111_320.0


def far_m(a, b):
    """Rough distance in metres between two lon/lat pairs."""
    east = (a[0] - b[0]) * DEGREE_M * math.cos(math.radians(b[1]))
    return math.hypot(east, (a[1] - b[1]) * DEGREE_M)


def convert(lon, lat, source, target):
    return from_wgs84(*to_wgs84(lon, lat, source), target)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_round_trip_is_exact_to_a_micrometre(datum):
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(113.7, 114.1, 20_000), rng.uniform(22.5, 22.9, 20_000)
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert np.abs(back[0] - lon).max() < 1e-11
    assert np.abs(back[1] - lat).max() < 1e-11


def test_shift_here_is_about_600_m():
    lon, lat = 113.90, 22.67
    there = to_metric(*from_wgs84(lon, lat, "gcj02"))
    here = to_metric(lon, lat)
    assert there[0] - here[0] == pytest.approx(513, abs=25)
    assert there[1] - here[1] == pytest.approx(-324, abs=25)


def test_known_point_forward():
    # a published vector that stands in several open test suites
    out = from_wgs84(116.404, 39.915, "gcj02")
    assert out[0] == pytest.approx(116.41024449916938, abs=1e-12)
    assert out[1] == pytest.approx(39.91640428150164, abs=1e-12)


def test_outside_china_nothing_moves():
    assert from_wgs84(2.35, 48.85, "gcj02") == (2.35, 48.85)


def test_nan_stays_nan_and_the_rest_is_converted():
    lon, _lat = to_wgs84([np.nan, 113.9], [22.6, 22.6], "bd09")
    assert np.isnan(lon[0])
    assert lon[1] == to_wgs84(113.9, 22.6, "bd09")[0]


def test_input_is_not_changed():
    lon = np.array([113.9])
    to_wgs84(lon, [22.6], "gcj02")
    assert lon[0] == 113.9


def test_unknown_datum_names_the_choices():
    with pytest.raises(BadDatum) as caught:
        to_wgs84(113.9, 22.6, "nad27")
    assert caught.value.field == "datum"
    assert "gcj02" in caught.value.cure.en


def test_metric_is_east_then_north_and_comes_back():
    x, y = to_metric(114.0, 22.5)  # on the central meridian
    assert x == pytest.approx(500_000, abs=1e-3)
    assert 2_480_000 < y < 2_500_000
    lon, lat = from_metric(x, y)
    assert (float(lon), float(lat)) == pytest.approx((114.0, 22.5), abs=1e-10)


def test_published_vectors(real_data):
    path = Path(real_data) / "identifiers" / "coord_vectors_published.csv"
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 10
    for row in rows:
        source, target = row["from"].lower(), row["to"].lower()
        given = float(row["lon_in"]), float(row["lat_in"])
        expected = float(row["lon_out"]), float(row["lat_out"])
        if row["source"].startswith("eviltransform") and source == "bd09":
            got = _bd09_with_plain_pi(*given)  # that library's angle is π, not 3000π/180
            limit_m = 2.0
        else:
            got = convert(*given, source, target)
            # the libraries' inverses take one step: 1.3 m mean for GCJ-02, 0.1 m for BD-09
            forward = (source, target) in {("wgs84", "gcj02"), ("gcj02", "bd09")}
            limit_m = 1e-6 if forward else (0.1 if source == "bd09" else 2.0)
        assert far_m(got, expected) < limit_m, row


def _bd09_with_plain_pi(lon, lat):
    x, y = lon - 0.0065, lat - 0.006
    z = math.hypot(x, y) - 0.00002 * math.sin(y * math.pi)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * math.pi)
    return to_wgs84(z * math.cos(angle), z * math.sin(angle), "gcj02")
