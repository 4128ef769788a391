"""Asks the first question before anybody does, so that the first caller need not wait for it."""

import threading

import structlog

from blockdata.address.service import AddressService
from blockdata.errors import BlockdataError
from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestQuestion

log = structlog.get_logger(__name__)


def warm_up(addresses: AddressService, desks: Desks, area: str) -> threading.Thread:
    """Open an area's addresses, roads and responders in the background.

    Loading compiled kernels, the gazetteer and the network takes seconds, once. An area that is
    not there yet, or has no roads, is left to the question that will say so.
    """

    def ask() -> None:
        try:
            for place in (found.place for found in addresses.suggest(area, "1", limit=1)):
                addresses.match(area, place.text)
                if place.lon is not None and place.lat is not None:
                    ask_nearest(desks, NearestQuestion(area=area, at=(place.lon, place.lat)))
            log.info("warm", area=area)
        except BlockdataError as error:
            log.info("not warm", area=area, reason=error.detail.en)

    thread = threading.Thread(target=ask, name="warm-up", daemon=True)
    thread.start()
    return thread
