"""What somebody may ask to find volunteers, and what the product answered before it hid them."""

import json
from datetime import timedelta

import numpy as np

from blockdata.errors import BlockdataError
from blockdata.grid.planner.read import read_standing
from blockdata.storage.areas import find_area
from blockdata.units import MS_PER_S
from dispatch.asking import ask_nearest
from dispatch.assign_models import AssignQuestion
from dispatch.assigning import ask_assign
from dispatch.desk import Desks
from dispatch.models import NearestQuestion
from dispatch.nearest import snap_incident
from dispatch.network.closures import ClosureOrder, close, reopen
from dispatch.recommend_models import RecommendQuestion
from dispatch.recommending import ask_recommend
from dispatch.responders import list_responders
from dispatch.road_asking import ask_isochrone, ask_table
from dispatch.road_models import IsochroneQuestion, TableQuestion
from maps.reports.grid_data import read_grid_report
from tests.volunteer_town import NAME, NOW, PROFILE, RARE, cells, random_places

KINDS = {
    "nearest": (NearestQuestion, ask_nearest),
    "recommend": (RecommendQuestion, ask_recommend),
    "assign": (AssignQuestion, ask_assign),
    "table": (TableQuestion, ask_table),
    "isochrone": (IsochroneQuestion, ask_isochrone),
}
# asked about now, soon, earlier, in the other shift, tomorrow
TIMES = [NOW + timedelta(minutes=m) for m in (0, 0, 0, 4, -3, 90, 13 * 60, 24 * 60)]
NAMES = ["V001", "V003", "V010", "V042", "A100", "A101", "O120", "O121", "X", "1", str(2**40)]


def ask(desks: Desks, kind: str, asked: dict) -> str:
    """The answer to a question as the bytes that would be sent, or the problem."""
    model, answer = KINDS[kind]
    try:
        question = model.model_validate({"area": NAME} | asked)
        return answer(desks, question).model_dump_json()
    except BlockdataError as error:
        return json.dumps(error.problem(), ensure_ascii=False)


def broad_questions(rng: np.random.Generator, number: int) -> list[tuple[str, dict]]:
    """Questions of every kind with every parameter there is, at places anywhere in the town."""
    questions = []
    points = random_places(rng, number).round(6).tolist()
    for n, at in enumerate(points):
        when = {"at_time": TIMES[rng.integers(len(TIMES))].isoformat()}
        skills = {"volunteer": [RARE]} if n % 2 else {"auxiliary": ["first_aid"]}
        needs = [
            {"tier": "volunteer", "count": int(rng.integers(1, 9)), "target_s": 60 * (n % 4 + 1)},
            {"tier": "volunteer", "skills": [RARE]}, {"tier": "officer", "count": 2},
        ]  # fmt: skip
        way = [{"unit": NAMES[(n + i) % len(NAMES)], "incident": "A"} for i in range(4)]
        questions += [
            ("nearest", when | {"at": at, "k": int(rng.choice([1, 5, 50]))}),
            ("recommend", when | {
                "at": at, "k": 50, "skills": skills, "why_not": NAMES,
                "alert_chance": float(rng.choice([0.02, 0.3, 0.95])),
            }),
            ("assign", when | {
                "incidents": [{"id": "A", "at": at, "priority": n % 9 + 1, "needs": needs}],
                "under_way": way,
            }),
            ("table", when | {"coordinates": [at, points[0]], "mode": "foot"}),
            ("isochrone", when | {"at": at, "mode": "foot", "direction": "to"}),
        ]  # fmt: skip
    wrong = {"at": points[0], "at_time": NOW.isoformat()}
    return [
        *questions,
        ("nearest", wrong | {"at": [112.0, 22.0]}),
        ("recommend", wrong | {"skills": {"volunteer": ["unheard-of"]}}),
        ("recommend", wrong | {"skills": {"officer": [RARE]}}),
    ]


def all_answers(desks: Desks, questions: list[tuple[str, dict]]) -> list[str]:
    """Every answer to some questions, some of them with roads closed, and other outputs."""
    said = [ask(desks, *question) for question in questions]
    with desks.engine.connect() as connection:
        area = find_area(connection, NAME)
        said.append(repr(read_standing(connection, NAME)))
        said += [json.dumps(list_responders(connection, area, PROFILE, when)) for when in TIMES]
        for n in (1, 13, 25):
            report = read_grid_report(connection, NAME, f"440306001001{n:02}")
            said.append(json.dumps(report.layers, ensure_ascii=False))
    order = ClosureOrder(segments=tuple(range(0, 900, 2)))  # cut the town in pieces
    with desks.engine.begin() as connection:
        closed = close(connection, area.area_id, order, NOW - timedelta(minutes=10))
    said += [ask(desks, *question) for question in questions[::3]]
    with desks.engine.begin() as connection:
        reopen(connection, area.area_id, int(closed["id"]), NOW - timedelta(minutes=9))
    return said


def old_answer(desks: Desks, at: tuple[float, float], k: int = 50) -> list[dict]:
    """What was once told of volunteers near a place: it looked coarse, and located them.

    Of each its cell, whole seconds, whole seconds of the first leg, and the width of the interval.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, NAME)
        with desk.standing(connection, NOW, NOW) as fleet:
            places = snap_incident(desk.network, fleet.travel, PROFILE, [at])
            hits = fleet.nearest("volunteer", places, k, 1_800_000, NOW)
            rows = np.array([hit.row for hit in hits], int)
            lonlat = np.column_stack([fleet.roster.lon[rows], fleet.roster.lat[rows]])
            return [
                {
                    "cell": cell,
                    "travel_time_s": -(-hit.travel_time_ms // MS_PER_S),
                    "to_road_s": -(-int(fleet.places.access_ms[hit.row]) // MS_PER_S),
                    "slack_s": fleet.slack_ms(hit.row, NOW) // MS_PER_S,
                }
                for hit, cell in zip(hits, cells(lonlat), strict=True)
            ]
