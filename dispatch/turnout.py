"""How likely a responder arrives in time: acceptance and turnout delay of a tier, hour and street.

The clock starts at `alerted` and stops at `at_kerb`. A responder makes the target if they accept
and depart within what the travel time leaves of it; the delay to departure is lognormal. The
parameters belong to a tier, hour and street and stand in the district profile, never to a person.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blockdata.profile import Profile, Tier, TurnoutRules


@dataclass(frozen=True)
class Turnout:
    """The parameters in force at one hour in one street."""

    acceptance: float
    median_s: float
    sigma: float

    def chance_in_time(self, travel_time_s: float, target_s: float) -> float:
        """The chance that one alerted responder is at the kerb within the target."""
        left_s = target_s - travel_time_s
        if left_s <= 0:
            return 0.0
        standard = (math.log(left_s) - math.log(self.median_s)) / self.sigma
        return self.acceptance * 0.5 * (1 + math.erf(standard / math.sqrt(2)))


@dataclass(frozen=True)
class AlertSet:
    """The volunteers to alert: the first ``size`` by chance, and what alerting them gives."""

    size: int
    chance: float
    reached: bool


def tier_turnout(profile: Profile, tier: Tier, moment: datetime, grid: str | None) -> Turnout:
    """The parameters of a tier at a moment, in the street of a grid (14-digit code, or None)."""
    hour = moment.astimezone(ZoneInfo(profile.district.timezone)).hour
    return turnout_at(profile.turnout[tier], hour, grid[:9] if grid else None)


def turnout_at(rules: TurnoutRules, hour: int, street_code: str | None) -> Turnout:
    """The parameters of a tier at a local hour (0–23) in a street (9-digit code, or None)."""
    factor = rules.streets.get(street_code, 1.0) if street_code else 1.0
    for band in rules.hours:
        wraps = band.from_hour >= band.to_hour
        after, before = hour >= band.from_hour, hour < band.to_hour
        if (after or before) if wraps else (after and before):
            factor *= band.factor
    return Turnout(min(1.0, rules.acceptance * factor), rules.median_s, rules.sigma)


def smallest_alert_set(chances: Sequence[float], wanted: float) -> AlertSet:
    """The fewest to alert so that the chance that one arrives in time reaches ``wanted``.

    ``chances`` are those of single responders, who answer independently of each other (a
    simplification: stated beside the result). With independence the largest chances first are the
    smallest set. Where even all do not reach it, the set is all with any chance, ``reached`` False.
    """
    missed = 1.0
    size = 0
    for chance in sorted(chances, reverse=True):
        if 1 - missed >= wanted or chance <= 0:
            break
        missed *= 1 - chance
        size += 1
    return AlertSet(size, 1 - missed, 1 - missed >= wanted)
