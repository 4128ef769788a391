"""What time it is: browsers take it from here, and people are told when the clock is shifted."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Engine

from blockdata.clock import Clock
from blockdata.profile import load_profile
from blockdata.storage.areas import find_area


def clock_router(engine: Engine, clock: Clock) -> APIRouter:
    """``GET /v1/clock``."""
    router = APIRouter(prefix="/v1", tags=["clock"])

    @router.get("/clock")
    def now(area: str | None = None) -> dict[str, Any]:
        """The moment (UTC), and by how many seconds an exercise has moved it; 0: not at all.

        With an area also the time zone its people live by, and the day that it is there.
        """
        told = {"now": clock.now().isoformat(timespec="seconds"), "shift_s": clock.shift_s}
        if area is None:
            return told
        with engine.connect() as connection:
            found = find_area(connection, area)
        timezone = load_profile(found.profile).district.timezone
        return told | {"timezone": timezone, "today": clock.today(timezone).isoformat()}

    return router
