"""Clocks for tests, so that none depends on the hour, the day or the zone in which it runs."""

from datetime import datetime
from math import ceil

from blockdata.clock import Clock
from blockdata.settings import Settings

_TOLD = ("演练时钟:", "exercise clock:")


def clock_at(moment: datetime) -> Clock:
    """A clock that tells a moment (aware) within the next second, and goes on from there."""
    return Clock(ceil((moment - Clock().now()).total_seconds()))


def without_warning(said: str) -> str:
    """What a command said on stderr, without the line that tells of a shifted clock.

    The suite runs under such clocks too, to be proven at every hour.
    """
    first, _, rest = said.partition("\n")
    return rest if first.startswith(_TOLD) else said


def settings_at(settings: Settings, moment: datetime) -> Settings:
    """The same settings under a clock that goes on from a moment."""
    return settings.model_copy(update={"clock_shift_s": clock_at(moment).shift_s})
