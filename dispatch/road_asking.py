"""Questions about the roads of an area, answered: closures, tables, isochrones."""

from datetime import datetime
from typing import Any

import numpy as np

from blockdata.errors import OutsideNetwork
from blockdata.text import Text
from blockdata.units import MS_PER_S
from dispatch.desk import Desk, Desks
from dispatch.isochrone import features
from dispatch.network.closures import ALL_MODES, ClosureOrder, close, list_closures, reopen
from dispatch.network.snapping import Places, snap
from dispatch.network.tags import MODE_BITS
from dispatch.road_models import (
    ClosurePart,
    ClosureQuestion,
    ClosuresAnswer,
    IsochroneAnswer,
    IsochroneQuestion,
    TableAnswer,
    TableQuestion,
    Waypoint,
)
from dispatch.tables import NO_WAY, distance_table_m, travel_table_ms
from dispatch.travel_time import TravelTimes

CLOCKS = {
    "from": Text(
        "从该点出发、立即上路,含离路段步行", "leaving the place at once, off-road leg included"
    ),
    "to": Text(
        "立即上路、到达该点路边,含离路段步行",
        "setting out at once, to the place, off-road leg included",
    ),
}


def ask_closures(desks: Desks, area: str | None) -> ClosuresAnswer:
    """The closures of an area that are in force."""
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, area)
        moment = desk.moment(None, desks.now())
        rows = list_closures(connection, desk.area.area_id, moment)
    return ClosuresAnswer(
        area=desk.area.name,
        asked_at=moment.isoformat(timespec="seconds"),
        closures=[ClosurePart.model_validate(row) for row in rows],
    )


def add_closure(desks: Desks, question: ClosureQuestion) -> ClosurePart:
    """Close or slow down a stretch from now on; the next answer knows.

    Raises:
        NotFound: no such area, segment or road.
        InputError: the end lies in the past, or the stretch is too long.
        Conflict: too many closures are in force.
    """
    with desks.engine.begin() as connection:
        desk = desks.desk(connection, question.area)
        now = desks.now()
        until = None if question.until is None else desk.moment(question.until, now, "until")
        bits = sum(MODE_BITS[mode] for mode in set(question.modes or ())) or ALL_MODES
        order = ClosureOrder(
            segments=tuple(question.segments or ()),
            road=question.road,
            at=question.at,
            within_m=question.within_m,
            bound_modes=bits,
            speed_factor=question.speed_factor,
            reason=question.reason,
            until=until,
        )
        made = close(connection, desk.area.area_id, order, desk.moment(None, now))
    return ClosurePart.model_validate(made)


def end_closure(desks: Desks, area: str | None, closure_id: int) -> dict[str, Any]:
    """Reopen what a closure closed.

    Raises:
        NotFound: no such area, or no such closure in force.
    """
    with desks.engine.begin() as connection:
        desk = desks.desk(connection, area)
        moment = desk.moment(None, desks.now())
        reopen(connection, desk.area.area_id, closure_id, moment)
    return {"id": str(closure_id), "until": moment.isoformat()}


def ask_table(desks: Desks, question: TableQuestion) -> TableAnswer:
    """Times (and lengths) of the quickest ways between coordinates."""
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, question.area)
        moment = desk.moment(question.at_time, desks.now())
        times = desk.travel(connection, moment)[question.mode]
    points = np.array(question.coordinates, float)
    rules = desk.profile.modes[question.mode]
    geometry = desk.network.geometry
    everything = list(range(len(points)))
    rows = points[question.sources or everything]
    columns = points[question.destinations or everything]
    sources, targets = (
        snap(geometry, times.graph, rules, at[:, 0], at[:, 1]) for at in (rows, columns)
    )
    same = (rows[:, None, :] == columns[None, :, :]).all(axis=2)
    durations = distances = None
    if "duration" in question.annotations:
        table_ms = travel_table_ms(times, sources, targets, same)
        durations = [
            [None if ms == NO_WAY else ms / MS_PER_S for ms in row] for row in table_ms.tolist()
        ]
    if "distance" in question.annotations:
        distances = distance_table_m(times, geometry, sources, targets, same)
    return TableAnswer(
        mode=question.mode,
        asked_at=moment.isoformat(timespec="seconds"),
        durations=durations,
        distances=distances,
        sources=_waypoints(sources),
        destinations=_waypoints(targets),
    )


def ask_isochrone(desks: Desks, question: IsochroneQuestion) -> IsochroneAnswer:
    """What of the roads lies within some minutes of a place.

    Raises:
        OutsideNetwork: no road of the mode is within reach.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, question.area)
        moment = desk.moment(question.at_time, desks.now())
        times = desk.travel(connection, moment)[question.mode]
    place = _place(desk, times, question)
    clock = CLOCKS[question.direction]
    return IsochroneAnswer(
        features=features(
            times,
            desk.network.geometry,
            place,
            question.direction,
            question.minutes,
            question.shape,
        ),
        clock={"zh": clock.zh, "en": clock.en},
        asked_at=_words(moment),
    )


def _place(desk: Desk, times: TravelTimes, question: IsochroneQuestion) -> Places:
    lon, lat = (np.array([value]) for value in question.at)
    rules = desk.profile.modes[question.mode]
    place = snap(desk.network.geometry, times.graph, rules, lon, lat)
    if not place.on_network[0]:
        raise OutsideNetwork(
            Text(
                f"周围 {rules.max_snap_m:.0f} 米内没有可走的道路",
                f"no road open to this mode within {rules.max_snap_m:.0f} m",
            ),
            field="at",
            cure=Text(
                "核对经纬度次序(经度在前)与所选区域", "check the order (lon, lat) and the area"
            ),
        )
    return place


def _waypoints(places: Places) -> list[Waypoint]:
    return [
        Waypoint(
            location=(round(lon, 7), round(lat, 7)) if on else None,
            distance=round(distance_m, 1) if on else None,
            access_s=access_ms / MS_PER_S if on else None,
        )
        for on, lon, lat, distance_m, access_ms in zip(
            places.on_network.tolist(),
            places.road_lon.tolist(),
            places.road_lat.tolist(),
            places.distance_m.tolist(),
            places.access_ms.tolist(),
            strict=True,
        )
    ]


def _words(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
