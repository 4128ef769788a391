"""Clocks for tests, so that none depends on the hour, the day or the zone in which it runs."""

from datetime import datetime

from blockdata.settings import Settings


def settings_at(settings: Settings, moment: datetime) -> Settings:
    """The same settings under a clock that goes on from a moment."""
    return settings.model_copy(update={"clock_shift_s": settings.clock.set_to(moment).shift_s})
