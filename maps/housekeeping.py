"""What the server does from time to time, unasked: forget texts that nobody decided."""

import asyncio

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from blockdata.address.register.retention import forget_undecided
from blockdata.clock import Clock
from blockdata.errors import BlockdataError
from blockdata.storage.areas import Area, list_areas

EVERY_S = 3600.0
log = structlog.get_logger(__name__)


async def keep_house(engine: Engine, clock: Clock, *, every_s: float = EVERY_S) -> None:
    """Look now, and again every so many seconds, until cancelled."""
    while True:
        await run_in_threadpool(_look, engine, clock)
        await asyncio.sleep(every_s)


def _look(engine: Engine, clock: Clock) -> None:
    try:
        with engine.connect() as connection:
            areas = list_areas(connection)
    except SQLAlchemyError as error:  # the next look tries again
        log.warning("no areas to look at", error=str(error))
        return
    for area in areas:
        _forget(engine, area, clock)


def _forget(engine: Engine, area: Area, clock: Clock) -> None:
    try:
        with engine.begin() as connection:
            gone = forget_undecided(connection, area, clock.now())
    except (SQLAlchemyError, BlockdataError) as error:  # one area's trouble is not another's
        log.warning("undecided texts were not looked at", area=area.name, error=str(error))
        return
    if gone:
        log.info("undecided texts forgotten", area=area.name, texts=gone)
