"""Desks whose clock stands still, so that who is on duty does not hang on the hour of the test."""

from datetime import datetime

from sqlalchemy import Engine

from blockdata.settings import Settings
from dispatch.desk import Desks


class DesksAt(Desks):
    """Desks at a set moment; ``moment`` may be set anew."""

    def __init__(self, engine: Engine, settings: Settings, moment: datetime) -> None:
        super().__init__(engine, settings)
        self.moment = moment

    def now(self) -> datetime:
        return self.moment
