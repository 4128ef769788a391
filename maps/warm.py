"""Asks the first questions before anybody does, so that the first caller need not wait for them."""

from collections.abc import Callable

import structlog

from blockdata.address.service import AddressService
from blockdata.errors import BlockdataError
from dispatch.asking import ask_nearest
from dispatch.assign_models import AssignQuestion
from dispatch.assigning import ask_assign
from dispatch.desk import Desks
from dispatch.models import NearestQuestion
from dispatch.recommend_models import RecommendQuestion
from dispatch.recommending import ask_recommend
from dispatch.road_asking import ask_isochrone, ask_table
from dispatch.road_models import IsochroneQuestion, TableQuestion

log = structlog.get_logger(__name__)


def warm_up(addresses: AddressService, desks: Desks, area: str) -> None:
    """Open an area's addresses, roads and responders, and compile what answers about them.

    Loading compiled kernels, the gazetteer and the network takes seconds; the very first time the
    kernels are compiled too, which takes half a minute and more: longer than a question may take.
    An area that is not there yet, or has no roads, is left to the question that will say so.
    """
    try:
        for place in (found.place for found in addresses.suggest(area, "1", limit=1)):
            addresses.match(area, place.text)
            if place.lon is not None and place.lat is not None:
                _ask_about(desks, area, (place.lon, place.lat))
    except BlockdataError as error:
        log.info("not warm", area=area, reason=error.detail.en)


def _ask_about(desks: Desks, area: str, at: tuple[float, float]) -> None:
    incident = {"id": "1", "at": at, "priority": 1, "needs": [{"tier": "auxiliary"}]}
    assign = AssignQuestion.model_validate({"area": area, "incidents": [incident]})
    questions: tuple[Callable[[], object], ...] = (
        lambda: ask_nearest(desks, NearestQuestion(area=area, at=at)),
        lambda: ask_recommend(desks, RecommendQuestion(area=area, at=at)),
        lambda: ask_assign(desks, assign),
        lambda: ask_table(desks, TableQuestion(area=area, coordinates=[at])),
        lambda: ask_isochrone(desks, IsochroneQuestion(area=area, at=at)),
    )
    for ask in questions:
        try:
            ask()
        except BlockdataError as error:  # one has no answer there: the others may
            log.info("not warm", area=area, reason=error.detail.en)
