"""Roads as they are now, against a real database: closures, tables, isochrones, over HTTP."""

import httpx
import numpy as np
import pytest

from blockdata.errors import InputError, NotFound
from blockdata.moments import read_moment
from blockdata.storage.areas import create_area
from blockdata.text import Text
from dispatch.desk import Desks
from dispatch.network.storage import write_roads
from dispatch.road_asking import add_closure, ask_closures, ask_isochrone, ask_table, end_closure
from dispatch.road_models import ClosureQuestion, IsochroneQuestion, TableQuestion
from tests.clocks import settings_at
from tests.roads_by_hand import make_roads
from tests.serving import serving

NAME = "ladder"
WEST, SOUTH = 113.85, 22.58
STEP = 0.001
NOON, PEAK = "2026-01-05T12:00", "2026-01-05T08:00"  # a Monday
NAMES = ["南路"] * 4 + ["北路"] * 4 + ["桥"] * 5


def at(east, north=0.0):
    return WEST + east * STEP, SOUTH + north * STEP


@pytest.fixture(scope="module")
def noon(settings):
    """Settings whose clock goes on from a Monday noon: no traffic band begins meanwhile."""
    return settings_at(settings, read_moment(NOON, "at_time", "Asia/Shanghai"))


@pytest.fixture(scope="module")
def desks(database, noon):
    """Two streets of five crossings, joined at each; the south one is the shorter.

    5 ── 6 ── 7 ── 8 ── 9
    │    │    │    │    │
    0 ── 1 ── 2 ── 3 ── 4
    """
    points = [at(i) for i in range(5)] + [at(i, 1) for i in range(5)]
    street = ("primary", 0, 7, 0)
    segments = [(i, i + 1, 102.8, *street) for i in range(4)]
    segments += [(i, i + 1, 150.0, *street) for i in range(5, 9)]
    segments += [(i, i + 5, 110.7, *street) for i in range(5)]
    roads = make_roads(points, segments)
    roads.name_zh[:] = NAMES
    with database.begin() as connection:
        area_id = create_area(
            connection, name=NAME, title=Text("梯子", "Ladder"), synthetic=False,
            profile="baoan", source="made by the tests", replace=True,
        )  # fmt: skip
        write_roads(connection, area_id, roads)
    return Desks(database, noon)


def seconds(desks, points, mode="patrol", when=NOON, **more):
    question = TableQuestion(coordinates=points, mode=mode, area=NAME, at_time=when, **more)
    return ask_table(desks, question)


def now(desks, points, mode="patrol"):
    return ask_table(desks, TableQuestion(coordinates=points, mode=mode, area=NAME)).durations


def test_a_table_has_every_pair(desks):
    table = seconds(desks, [at(0), at(2), at(4, 1), (114.5, 22.5)])
    hundred = 102.8 / (50 * 1.2 / 3.6)
    assert table.durations[0][0] == 0
    assert table.durations[0][1] == pytest.approx(2 * hundred, abs=0.002)
    assert table.durations[2][1] == pytest.approx(2 * hundred + 110.7 / (60 / 3.6), abs=0.01)
    assert table.durations[3] == [None] * 4
    assert [row[3] for row in table.durations] == [None] * 4
    assert seconds(desks, [at(1.5, 0.2)]).durations == [[0.0]]  # off the road, but already there
    assert table.sources[3].location is None
    assert table.sources[0].location == pytest.approx(at(0), abs=1e-6)


def test_a_table_may_have_chosen_rows_and_distances(desks):
    table = seconds(
        desks, [at(0), at(2), at(4)], sources=[0], destinations=[2, 1],
        annotations=["duration", "distance"],
    )  # fmt: skip
    assert len(table.durations) == 1
    assert table.distances[0] == pytest.approx([4 * 102.8, 2 * 102.8], abs=0.5)


def test_the_morning_peak_is_slower_and_the_night_faster(desks):
    pair = [at(0), at(4)]
    noon, peak, night = (
        seconds(desks, pair, when=when).durations[0][1] for when in (NOON, PEAK, "2026-01-05T02:00")
    )
    whole = 4 * 102.8 / (60 / 3.6)
    assert noon == pytest.approx(whole, abs=0.003)
    assert peak == pytest.approx(whole / 0.7, abs=0.003)
    assert night == pytest.approx(whole / 1.15, abs=0.003)
    assert seconds(desks, pair, when="2026-01-04T08:00").durations[0][1] == noon  # a Sunday
    assert seconds(desks, pair, "foot", PEAK).durations == seconds(desks, pair, "foot").durations


def test_a_closed_road_is_closed_with_the_next_answer(desks):
    pair = [at(0.5), at(3.5)]
    before = now(desks, pair)[0][1]
    made = add_closure(
        desks, ClosureQuestion(area=NAME, road="南路", at=at(1.5), within_m=10, reason="施工")
    )
    try:
        assert (made.roads, made.segments, made.speed_factor) == (["南路"], [1], 0.0)
        assert [one.id for one in ask_closures(desks, NAME).closures] == [made.id]
        assert now(desks, pair)[0][1] > before + 10
        with desks.engine.connect() as connection:
            desk = desks.desk(connection, NAME)
            travel = desk.travel(connection, desks.now())
        for times in travel.values():  # the same as customised anew
            full = times.metric.hierarchy.customise(times.graph.time_ms)
            assert np.array_equal(full.up_ms, times.metric.up_ms)
            assert np.array_equal(full.down_ms, times.metric.down_ms)
        # a point on the closed stretch is reached from the nearest open road
        on_it = now(desks, [at(0), at(1.5)])[0][1]
        assert on_it is not None
        assert on_it > before
    finally:
        end_closure(desks, NAME, int(made.id))
    assert now(desks, pair)[0][1] == before
    assert ask_closures(desks, NAME).closures == []
    with pytest.raises(NotFound):
        end_closure(desks, NAME, int(made.id))


def test_a_slow_stretch_binds_its_modes(desks):
    pair = [at(0), at(1)]
    before, on_foot = now(desks, pair)[0][1], now(desks, pair, "foot")[0][1]
    made = add_closure(
        desks, ClosureQuestion(area=NAME, segments=[0], modes=["patrol"], speed_factor=0.5)
    )
    try:
        assert now(desks, pair)[0][1] == pytest.approx(2 * before, abs=0.002)
        assert now(desks, pair, "foot")[0][1] == on_foot
    finally:
        end_closure(desks, NAME, int(made.id))


@pytest.mark.parametrize(
    ("question", "error", "field"),
    [
        ({"road": "无此路"}, NotFound, "road"),
        ({"segments": [99]}, NotFound, "segments"),
        ({"at": (113.0, 22.0)}, NotFound, "at"),
        ({"segments": [0], "until": "2020-01-01T00:00"}, InputError, "until"),
    ],
)
def test_what_cannot_be_closed_is_said(desks, question, error, field):
    with pytest.raises(error) as raised:
        add_closure(desks, ClosureQuestion.model_validate({"area": NAME} | question))
    assert raised.value.field == field


@pytest.mark.parametrize("direction", ["from", "to"])
def test_an_isochrone_reaches_as_far_as_its_minutes(desks, direction):
    question = IsochroneQuestion(
        at=at(0), mode="foot", minutes=[1, 5], direction=direction, area=NAME, at_time=NOON
    )
    answer = ask_isochrone(desks, question)
    five, one = answer.features
    assert [five["properties"]["minutes"], one["properties"]["minutes"]] == [5, 1]
    # 60 s at 1.8 m/s: 108 m along both streets that leave the corner (102.8 m, then two ways on)
    assert one["properties"]["road_km"] == pytest.approx((102.8 + 5.2 * 2 + 108) / 1000, abs=0.001)
    assert five["properties"]["road_km"] > one["properties"]["road_km"]
    hull = ask_isochrone(desks, question.model_copy(update={"shape": "hull"}))
    assert hull.features[0]["geometry"]["type"] == "Polygon"


def test_over_http(noon, desks):
    with serving(noon) as address, httpx.Client(base_url=address, timeout=60) as client:
        closed = client.post("/v1/closures", json={"area": NAME, "road": "南路"})
        assert closed.status_code == 201
        assert closed.json()["segments"] == [0, 1, 2, 3]
        listed = client.get("/v1/closures", params={"area": NAME}).json()["closures"]
        assert [one["id"] for one in listed] == [closed.json()["id"]]
        url = f"/v1/closures/{closed.json()['id']}"
        assert client.delete(url, params={"area": NAME}).status_code == 200
        assert client.delete(url, params={"area": NAME}).status_code == 404
        pairs = ";".join(f"{lon},{lat}" for lon, lat in (at(0), at(2)))
        asked = {"area": NAME, "annotations": "duration,distance"}
        table = client.get(f"/v1/table/ebike/{pairs}", params=asked).json()
        assert table["code"] == "Ok"
        posted = client.post(
            "/v1/table", json={"area": NAME, "mode": "ebike", "coordinates": [at(0), at(2)]}
        ).json()
        assert posted["durations"] == table["durations"]
        assert table["distances"][0][1] == pytest.approx(205.6, abs=0.5)
        lon, lat = at(1)
        ask = {"area": NAME, "at": f"{lon},{lat}", "mode": "foot", "minutes": "1,2"}
        shown = client.get("/v1/isochrone", params=ask).json()
        assert [one["properties"]["minutes"] for one in shown["features"]] == [2, 1]
        for wrong in (
            client.get("/v1/isochrone", params=ask | {"minutes": "soon"}),
            client.get(f"/v1/table/ebike/{pairs}", params={"area": NAME, "sources": "7"}),
            client.post("/v1/closures", json={"area": NAME}),
        ):
            assert wrong.status_code == 422
            assert wrong.headers["content-type"] == "application/problem+json"
