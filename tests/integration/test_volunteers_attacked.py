"""Somebody who knows roads, speeds, shifts and this code asks from 500 places to find volunteers.

The same attack on what was answered before (``old_answer``) finds them to some metres.
"""

import json
from collections import defaultdict

import numpy as np
import pytest
import shapely

from dispatch.cells import cells_near
from dispatch.chance import Arrivals, CellStreets
from dispatch.nearest import snap_incident
from tests.volunteer_questions import ask, broad_questions, old_answer
from tests.volunteer_town import (
    NAME,
    NOW,
    PER_DEGREE,
    PROFILE,
    RESOLUTION,
    build_town,
    cells,
    random_places,
)

ASKED = 500
BROAD = 12  # places from which everything else is asked too
NEAR = 60  # so many observations of one person are enough


class Attacker:
    """What is public: the streets in pieces, and the time from each of them to each place asked."""

    def __init__(self, network, travel, places):
        path = network.geometry.path
        box = shapely.box(*path.min(axis=0), *path.max(axis=0))
        streets = CellStreets(network)
        pieces = {cell: streets.of("foot", cell) for cell in cells_near(box, 0, RESOLUTION)}
        pieces = {cell: found for cell, found in pieces.items() if len(found.segment)}
        self.spots = {cell: _spots(network.geometry, found) for cell, found in pieces.items()}
        arrivals = [
            Arrivals(travel["foot"], snap_incident(network, travel, PROFILE, [at])["foot"])
            for at in places
        ]
        self.time_s = {
            cell: np.array([a.times_ms(found) for a in arrivals]) / 1000
            for cell, found in pieces.items()
        }
        self.guess = {cell: _best_point(spots) for cell, spots in self.spots.items()}

    def locate(self, cell, seen):
        """Where somebody is, of whom ``seen`` has times (s) by number of the place asked from."""
        asked = sorted(seen, key=seen.get)[:NEAR]
        off_s = np.array([seen[n] for n in asked])[:, None] - self.time_s[cell][asked]
        # the way to the road takes the same from everywhere: what is left over is how far one errs
        errs = np.abs(off_s - np.median(off_s, axis=0)).clip(max=60).sum(axis=0)
        return self.spots[cell][int(errs.argmin())]


def _spots(geometry, pieces):
    first = geometry.path_first[pieces.segment]
    begin, end = geometry.path[first], geometry.path[first + 1]
    return begin + pieces.fraction[:, None].astype(float) * (end - begin)


def _away_m(spots, point):
    return np.hypot(*((spots - point) * PER_DEGREE).T)


def _best_point(spots):
    """The street that is nearest, by median, to anywhere on the streets of a cell: the best guess.

    Pieces of street are of about one length.
    """
    some = spots[:: max(len(spots) // 400, 1)]
    return min(some, key=lambda point: float(np.median(_away_m(spots, point))))


def persons(told):
    """Times by person and place of asking: cell, first leg and width are as good as a name."""
    seen = defaultdict(dict)
    for n, people in enumerate(told):
        for one in people:
            seen[one["cell"], one["to_road_s"], one["slack_s"]][n] = one["travel_time_s"]
    return seen


def told_of_people(answers):
    """All that answers say of single people of masked tiers, of whatever kind the answers are."""
    people = []
    for answer in map(json.loads, answers):
        parts = answer.get("tiers", []) + [one["tier"] for one in answer.get("masked", [])]
        for part in parts:
            if part["masked"]:
                people += [*part["candidates"], *part["left_out"]]
        people += [
            slot
            for slot in answer.get("slots", [])
            if slot["masked"] and (slot["position"] or slot["travel_time_s"] is not None)
        ]
    return people


def by_chance(attacker, places, answers):
    """A guess for each cell: the place asked from in it with the best chance told."""
    best = {}
    for at, answer in zip(places, answers, strict=True):
        here = cells(np.array([at]))[0]
        for part in json.loads(answer)["tiers"]:
            if part["masked"] and here in attacker.spots:
                chance = part["chance"]["near"], part["chance"]["in_time"]
                best[here] = max(best.get(here, (-1.0, -1.0, at)), (*chance, at))
    return {cell: np.array(found[2]) for cell, found in best.items()}


def errors_m(volunteers, guesses, otherwise):
    """How far each volunteer is from the nearest of the guesses in its cell."""
    found = []
    for point, cell in zip(volunteers, cells(volunteers), strict=True):
        at = guesses.get(cell) or [otherwise[cell]]
        found.append(min(float(_away_m(one[None], point)[0]) for one in at))
    return np.array(found)


@pytest.fixture(scope="module")
def town(database, settings):
    return build_town(database, settings)


def test_500_questions_find_nobody(town):
    places = [tuple(at) for at in random_places(np.random.default_rng(7), ASKED).tolist()]
    desks = town.desks()
    with town.engine.connect() as connection:
        desk = desks.desk(connection, NAME)
        travel = desk.travel(connection, NOW)
    attacker = Attacker(desk.network, travel, places)
    volunteers = town.volunteers[town.on_duty]
    guess_m = errors_m(volunteers, {}, attacker.guess)

    located = defaultdict(list)
    for (cell, *_), seen in persons([old_answer(desks, at) for at in places]).items():
        if len(seen) >= 4 and cell in attacker.spots:
            located[cell].append(attacker.locate(cell, seen))
    before_m = errors_m(volunteers, located, attacker.guess)

    now = {"at_time": NOW.isoformat(), "k": 50}
    answers = [ask(desks, "nearest", now | {"at": at}) for at in places]
    broad = broad_questions(np.random.default_rng(8), BROAD)
    assert told_of_people(answers + [ask(desks, *question) for question in broad]) == []
    after_m = errors_m(volunteers, {}, attacker.guess)
    hinted = by_chance(attacker, places, answers)
    hinted_m = errors_m(volunteers, {cell: [at] for cell, at in hinted.items()}, attacker.guess)

    assert np.median(before_m) < 0.1 * np.median(guess_m)
    assert np.median(after_m) >= np.median(guess_m) > 100
    assert np.median(hinted_m) >= 0.95 * np.median(guess_m)
