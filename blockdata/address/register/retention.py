"""Undecided texts do not wait for ever: what nobody decided is forgotten after some days.

A text in the queue is what a caller said. What it may hold beyond an address nobody can foresee, so
it is kept for as long as the profile says, and no longer, whether it is open or laid aside.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from blockdata.profile import load_profile
from blockdata.storage.areas import Area

_FORGET = text("""
    DELETE FROM register.address_review
    WHERE area_id = :area_id AND status IN ('open', 'skipped') AND asked_at < :before
""")


def forget_undecided(
    connection: Connection, area: Area, now: datetime, *, days: int | None = None
) -> int:
    """Delete an area's undecided texts that were asked more than ``days`` ago; returns how many.

    Args:
        connection: in a transaction, which the caller commits.
        area: the area.
        now: the moment from which the days are counted back.
        days: as the area's profile says where not given.
    """
    keep = load_profile(area.profile).review.keep_undecided_days if days is None else days
    before = now - timedelta(days=keep)
    return connection.execute(_FORGET, {"area_id": area.area_id, "before": before}).rowcount
