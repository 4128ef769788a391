"""Asks the first question before anybody does, so that the first caller need not wait for it."""

import structlog

from blockdata.address.service import AddressService
from blockdata.errors import BlockdataError
from dispatch.asking import ask_nearest
from dispatch.desk import Desks
from dispatch.models import NearestQuestion

log = structlog.get_logger(__name__)


def warm_up(addresses: AddressService, desks: Desks, area: str) -> None:
    """Open an area's addresses, roads and responders.

    Loading compiled kernels, the gazetteer and the network takes seconds; the very first time the
    kernels are compiled too, which takes half a minute. An area that is not there yet, or has no
    roads, is left to the question that will say so.
    """
    try:
        for place in (found.place for found in addresses.suggest(area, "1", limit=1)):
            addresses.match(area, place.text)
            if place.lon is not None and place.lat is not None:
                ask_nearest(desks, NearestQuestion(area=area, at=(place.lon, place.lat)))
    except BlockdataError as error:
        log.info("not warm", area=area, reason=error.detail.en)
