"""Asks the first questions before anybody does, so that the first caller need not wait for them."""

from collections.abc import Callable

import numpy as np
import structlog

from blockdata.address.service import AddressService
from blockdata.errors import BlockdataError, OutsideArea, OutsideNetwork
from dispatch.asking import ask_nearest
from dispatch.assign_models import AssignQuestion
from dispatch.assigning import ask_assign
from dispatch.desk import Desks
from dispatch.models import NearestQuestion
from dispatch.network.closures import ALL_MODES, Closure
from dispatch.recommend_models import RecommendQuestion
from dispatch.recommending import ask_recommend
from dispatch.road_asking import ask_isochrone, ask_table
from dispatch.road_models import IsochroneQuestion, TableQuestion

log = structlog.get_logger(__name__)
_ANY_WORDS = "1"  # where no address is known
_TRIED = 50  # so many places along the roads, until one can be reached


def warm_up(addresses: AddressService, desks: Desks, area: str) -> None:
    """Open an area's addresses, roads and responders, and compile what answers about them.

    Loading compiled kernels, the gazetteer and the network takes seconds; the very first time the
    kernels are compiled too, which takes half a minute and more: longer than a question may take.
    An area that is not there yet, or has no roads, is left to the question that will say so.
    """
    _ask(area, lambda: _read_words(addresses, area))
    _ask(area, lambda: _go_somewhere(desks, area))


def _ask(area: str, question: Callable[[], object]) -> None:
    try:
        question()
    except BlockdataError as error:  # it has no answer there: others may
        log.info("not warm", area=area, reason=error.detail.en)


def _read_words(addresses: AddressService, area: str) -> None:
    known = addresses.gazetteer(area)
    words = known.text(len(known) // 2) if len(known) else _ANY_WORDS
    addresses.suggest(area, words, limit=1)
    addresses.match(area, words)


def _go_somewhere(desks: Desks, area: str) -> None:
    at = _on_a_road(desks, area)
    incidents = [{"id": "1", "at": at, "priority": 1, "needs": [{"tier": "auxiliary"}]}]
    assign = AssignQuestion.model_validate({"area": area, "incidents": incidents})
    table = TableQuestion(area=area, coordinates=[at], annotations=["duration", "distance"])
    whence = IsochroneQuestion(area=area, at=at, direction="to")
    questions: tuple[Callable[[], object], ...] = (
        lambda: ask_nearest(desks, NearestQuestion(area=area, at=at)),
        lambda: ask_recommend(desks, RecommendQuestion(area=area, at=at)),
        lambda: ask_assign(desks, assign),
        lambda: ask_table(desks, table),
        lambda: ask_isochrone(desks, IsochroneQuestion(area=area, at=at)),
        lambda: ask_isochrone(desks, whence),
        lambda: _as_if_closed(desks, area),
    )
    for question in questions:
        _ask(area, question)


def _as_if_closed(desks: Desks, area: str) -> None:
    """Work out the travel times under a closure; nothing is closed."""
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, area)
    desk.roads.at(desks.now(), (Closure(0, (0,), ALL_MODES, 0.0),))


def _on_a_road(desks: Desks, area: str) -> tuple[float, float]:
    """A place on the roads, within the area's outline.

    Raises:
        NotFound: no such area, or it has no roads.
        OutsideNetwork: none of those tried can be reached.
    """
    with desks.engine.connect() as connection:
        desk = desks.desk(connection, area)
        travel = desk.travel(connection, desks.now())
        path = desk.network.geometry.path
        for lon, lat in path[np.linspace(0, len(path) - 1, _TRIED, dtype=int)].tolist():
            try:
                desk.incident(connection, lon, lat, travel)
            except (OutsideArea, OutsideNetwork) as error:
                refusal = error
            else:
                return lon, lat
        raise refusal
